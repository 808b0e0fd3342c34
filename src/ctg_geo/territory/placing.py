"""Where the places are: each gets its commune and its point, or is set aside aloud."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from ctg_geo.config.study_file import EquipementsSource
from ctg_geo.errors import DataError, Defect
from ctg_geo.provenance import Ledger
from ctg_geo.quality import Finding
from ctg_geo.sources import TableRead
from ctg_geo.territory.admission import RESIDENTS, residents_now
from ctg_geo.territory.mergers import ends, moved_codes
from ctg_geo.territory.presence import hours_status
from ctg_geo.territory.vintages import Moves

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["ASTRAY_M", "Ground", "placed"]

ASTRAY_M = 2000.0  # a point further than this from its commune is reported
FAR_KM = 100.0  # a place further than this from the territory is a mistake


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """What places are put on: the area, the point of each commune, and the codes known."""

    area: "gpd.GeoDataFrame"  # by code_insee: inside, geometry
    points: "gpd.GeoSeries"  # by code_insee
    moves: Moves
    known: pd.Index  # codes of the whole communes layer
    epci: pd.Series = field(default_factory=lambda: pd.Series(dtype=object))  # of all of them


def placed(
    equipements: Sequence[tuple[TableRead, EquipementsSource]], ground: Ground
) -> tuple["gpd.GeoDataFrame", list[Ledger], list[Finding]]:
    """Put the places of all files on the ground.

    Returns
    -------
    GeoDataFrame by equipement_id: contract `equipements`, inside, point geometry; ledgers;
    findings

    Raises
    ------
    DataError
        If an identifier stands in two files, a code is unknown or a place absurdly far
        (unless its file covers a wider area).
    """
    import geopandas as gpd  # noqa: PLC0415  (heavy)

    area = ground.area
    parts, ledgers, findings = [], [], list[Finding]()
    for each, source in equipements:
        located, ledger, said = _located(each, source, ground)
        parts.append(located)
        ledgers.append(ledger)
        findings += said
    every = pd.concat(parts)
    twice = every.index[every.index.duplicated()]
    if len(twice):
        raise DataError([Defect("equipements", "id_in_two_files", value=str(i)) for i in twice])
    every = every.sort_index()
    if RESIDENTS in every:  # files that say nothing of residents admit everybody
        every[RESIDENTS] = every[RESIDENTS].fillna("").astype(object)
    shapes = gpd.points_from_xy(every["x"], every["y"])
    every["inside"] = every["code_insee"].map(area["inside"]).astype(bool)
    places = gpd.GeoDataFrame(every.drop(columns=["x", "y"]), geometry=shapes, crs=area.crs)
    return places, ledgers, findings


def _located(
    each: TableRead,
    source: EquipementsSource,
    ground: Ground,
) -> tuple[pd.DataFrame, Ledger, list[Finding]]:
    """Give each place of a file its commune and its point; set aside those beyond the buffer."""
    given, cog = each.table["code_insee"], source.cog
    codes, findings = moved_codes(given, ground.moves, table=each.name, cog=cog)
    bare = given[each.table["x"].isna()]  # only their code says where they are
    moved_codes(bare, ground.moves, table=each.name, cog=cog, wanted=ground.area.index)
    table = each.table.assign(
        code_insee=codes,
        from_file=each.name,
        from_row=each.row_of,
        from_column=source.capacity_column,
        from_hours=source.columns.get("hours_per_week", "hours_per_week"),
        hours_status=hours_status(each.table),
    )
    if RESIDENTS in table:
        table[RESIDENTS], said = residents_now(
            table, each, source, moves=ground.moves, epci=ground.epci, known=ground.known
        )
        findings += [one for one in said if one not in findings]
    has_point = table["x"].notna().to_numpy()
    shapes = shapely.points(table["x"].to_numpy(np.float64), table["y"].to_numpy(np.float64))
    within, distance = _commune_of(shapes, has_point, ground.area)
    _refuse_far(each, source, distance)
    findings += _disagreements(each.name, table, within, ground.area, shapes)
    code = np.where(has_point, within, table["code_insee"].to_numpy())
    known = pd.Series(code, index=table.index).isin(ground.area.index).to_numpy()
    _refuse_unknown(each, source, code, known | has_point, ground.known)
    table = table.assign(code_insee=code)[known]
    findings += _put_at_chef_lieu(table, ground, each.name)
    out = len(known) - int(known.sum())
    if out:
        findings.append(Finding("info", "places_elsewhere", each.name, facts={"count": out}))
    if each.row_codes is None or each.row_aside is None:
        return table, _ledger(each, each.row_of[~known].nunique()), findings
    ledger = _count_ledger(each, source, each.row_codes, each.row_aside, ground)
    return _named(table, ground), ledger, findings


def _put_at_chef_lieu(table: pd.DataFrame, ground: Ground, name: str) -> list[Finding]:
    """Put the places without a point at that of their commune, and say how many."""
    unplaced = table["x"].isna()
    home = ground.points.reindex(table["code_insee"][unplaced])
    table.loc[unplaced, "x"], table.loc[unplaced, "y"] = home.x.to_numpy(), home.y.to_numpy()
    if not unplaced.any():
        return []
    facts: dict[str, object] = {"count": int(unplaced.sum())}
    return [Finding("warning", "location_estimated", name, facts=facts)]


def _ledger(each: TableRead, out: int) -> Ledger:
    """Account for the rows of a file: those of `out` gave places outside the area."""
    aside = {reason: count for reason, count in each.aside.items() if count}
    aside["elsewhere"] = aside.get("elsewhere", 0) + out
    return Ledger(each.name, each.rows, each.rows - sum(aside.values()), aside)


def _count_ledger(
    each: TableRead,
    source: EquipementsSource,
    row_codes: pd.Series,
    row_aside: pd.Series,
    ground: Ground,
) -> Ledger:
    """Account for the rows of a table of counts, zeros included; refuse unknown codes."""
    became = ends(pd.Index(row_codes.unique()), ground.moves, cog=source.cog)
    codes = row_codes.map(lambda code: became[code][0] if code in became else code)
    unknown = row_codes[~codes.isin(ground.known)]
    if len(unknown) and not source.wider_area:
        column = source.columns["code_insee"]
        raise DataError([
            Defect(each.name, "unknown_code", int(str(row)), column, str(code))
            for row, code in unknown.items()
        ])  # fmt: skip
    reason = row_aside.where(codes.isin(ground.area.index), "elsewhere")
    aside = reason[reason != ""].value_counts().sort_index()
    set_aside = {str(key): int(count) for key, count in aside.items()}
    return Ledger(each.name, each.rows, each.rows - sum(set_aside.values()), set_aside)


def _named(table: pd.DataFrame, ground: Ground) -> pd.DataFrame:
    """Name places that are mere counts after their commune and a number."""
    number = table.groupby("code_insee").cumcount() + 1
    communes = table["code_insee"].map(ground.area["nom"])
    names = [f"{nom} ({n})" for nom, n in zip(communes, number, strict=True)]
    return table.assign(nom=pd.Series(names, index=table.index, dtype=object))


def _commune_of(
    shapes: np.typing.NDArray[np.object_],
    has_point: np.typing.NDArray[np.bool_],
    area: "gpd.GeoDataFrame",
) -> tuple[np.typing.NDArray[np.object_], np.typing.NDArray[np.float64]]:
    """Return the commune each point is in ("" outside), and its distance to the area (m)."""
    within = np.full(len(shapes), "", dtype=object)
    distance = np.zeros(len(shapes))
    located = np.flatnonzero(has_point)
    point, commune = shapely.STRtree(area.geometry.to_numpy()).query(
        shapes[located], predicate="intersects"
    )
    for at, number in zip(point[::-1], commune[::-1], strict=True):
        within[located[at]] = area.index[int(number)]
    outside = located[within[located] == ""]
    core = shapely.union_all(area.geometry.to_numpy())
    distance[outside] = shapely.distance(shapes[outside], core)
    return within, distance


def _refuse_far(
    each: TableRead, source: EquipementsSource, distance: np.typing.NDArray[np.float64]
) -> None:
    if source.wider_area:
        return
    far = np.flatnonzero(distance > FAR_KM * 1000)
    if len(far):
        raise DataError([
            Defect(each.name, "far_away", int(each.row_of.iloc[at]),
                   source.columns.get("lon", source.columns.get("x", "geometry")),
                   str(each.table["nom"].iloc[at]), {"km": float(distance[at]) / 1000})
            for at in far
        ])  # fmt: skip


def _refuse_unknown(
    each: TableRead,
    source: EquipementsSource,
    code: np.typing.NDArray[np.object_],
    fine: np.typing.NDArray[np.bool_],
    codes: pd.Index,
) -> None:
    """Name each row whose commune is nowhere once, though a count makes many places of it."""
    if source.wider_area:
        return
    unknown = np.flatnonzero(~fine & ~np.isin(code, codes) & ~each.row_of.duplicated().to_numpy())
    if len(unknown):
        raise DataError([
            Defect(each.name, "unknown_code", int(each.row_of.iloc[at]),
                   source.columns.get("code_insee", "code_insee"), str(code[at]))
            for at in unknown
        ])  # fmt: skip


def _disagreements(
    name: str,
    table: pd.DataFrame,
    within: np.typing.NDArray[np.object_],
    area: "gpd.GeoDataFrame",
    shapes: np.typing.NDArray[np.object_],
) -> list[Finding]:
    """Report places whose point is far from the commune of their row, or whose code is none."""
    said = table["code_insee"].to_numpy()
    located = ~np.isnan(table["x"].to_numpy(np.float64))
    differ = np.flatnonzero(located & (within != said) & np.isin(said, area.index))
    findings = []
    for at in differ:
        metres = float(shapely.distance(area.geometry[said[at]], shapes[at]))
        facts = {"nom": table["nom"].iloc[at], "said": said[at], "within": within[at],
                 "metres": metres}  # fmt: skip
        identifier = str(table.index[int(at)])
        if within[at] == "":
            findings.append(Finding("warning", "place_outside", name, identifier, facts))
        elif metres > ASTRAY_M:
            findings.append(Finding("warning", "place_astray", name, identifier, facts))
    strange = located & (within != "") & (said != "") & ~np.isin(said, area.index)
    for at in np.flatnonzero(strange):
        facts = {"nom": table["nom"].iloc[at], "said": said[at], "within": within[at],
                 "row": int(table["from_row"].iloc[at])}  # fmt: skip
        identifier = str(table.index[int(at)])
        findings.append(Finding("warning", "place_strange_code", name, identifier, facts))
    return findings
