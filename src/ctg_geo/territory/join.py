"""Communes × people × places: one territory, every row used or accounted for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

from ctg_geo import contracts
from ctg_geo.config.study_file import EquipementsSource, PopulationSource, StudySection
from ctg_geo.errors import DataError, Defect
from ctg_geo.provenance import Ledger
from ctg_geo.quality import Finding, Severity
from ctg_geo.sources import TableRead
from ctg_geo.territory.area import marked_area
from ctg_geo.territory.mergers import (
    ends,
    merged_communes,
    moved_codes,
    refuse_cut,
    summed_population,
)
from ctg_geo.territory.overlaps import overlapping
from ctg_geo.territory.partial import partial_counts
from ctg_geo.territory.placing import ASTRAY_M, Ground, placed
from ctg_geo.territory.territory import Territory
from ctg_geo.territory.vintages import Moves

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["Ingredients", "join"]

_FAR_POINT_M = 20_000.0  # no chef-lieu is so far from its commune


@dataclass(frozen=True, slots=True, eq=False)
class Ingredients:
    """All that a territory is joined from, as the sources return it."""

    communes_name: str
    communes: "gpd.GeoDataFrame"
    population: TableRead
    population_source: PopulationSource
    equipements: Sequence[tuple[TableRead, EquipementsSource]]
    places: TableRead | None = None
    moves: Moves = field(default_factory=Moves)
    communes_cog: int | None = None
    places_cog: int | None = None
    communes_aside: Mapping[str, int] = field(default_factory=dict)  # rows of the layer not kept


def join(given: Ingredients, study: StudySection) -> Territory:
    """Join what was read into a territory and its buffer.

    Raises
    ------
    ConfigError
        If the territory named is not in the communes layer.
    DataError
        If a code is unknown and its file is not declared to cover a wider area, or a
        place lies absurdly far.
    """
    name, cog = given.communes_name, given.communes_cog
    communes, findings = merged_communes(given.communes, given.moves, table=name, cog=cog)
    moved, _ = moved_codes(given.communes.index.to_series(), given.moves, table=name, cog=cog)
    known = given.communes.index.union(communes.index)
    area, kept_out = marked_area(communes, study, name)
    beyond = int(moved.isin(kept_out).sum())
    refuse_cut(pd.Index(moved.index[moved.isin(area.index)]), given.moves, table=name, cog=cog)
    findings += overlapping(area, name)
    aside = dict(given.communes_aside)
    rows, kept = len(given.communes) + sum(aside.values()), len(given.communes) - beyond
    ledgers = [Ledger(name, rows, kept, {"beyond_buffer": beyond, **aside})]
    if kept_out:
        facts = {"count": len(kept_out), "codes": kept_out, "km": study.buffer_km}
        findings.append(Finding("info", "beyond_buffer", name, facts=facts))
    points, point_status, said = _points(area, given)
    findings += said
    if given.places is not None:
        used = int(given.places.table.index.isin(area.index).sum())
        repeats = given.places.rows - len(given.places.table)
        aside = {"elsewhere": len(given.places.table) - used, "repeats": repeats}
        ledgers.append(Ledger(f"{given.places.name} (points)", given.places.rows, used, aside))
    population, ledger, said = _people(area, given, known)
    findings += said
    ledgers.append(ledger)
    ground = Ground(area, points, given.moves, known, communes["epci"])
    places, place_ledgers, said = placed(given.equipements, ground)
    findings += said
    partial, said = partial_counts(given.equipements, area, given.moves)
    findings += said
    return Territory(
        study.name, area, points, point_status, population, places,
        tuple(findings), (*ledgers, *place_ledgers), ages=_ages(given.population_source),
        partial=partial,
    )  # fmt: skip


def _ages(source: PopulationSource) -> dict[str, contracts.Band]:
    """Return the ages of the people of each figure that declares them."""
    figures = source.values  # noqa: PD011  (a field of the settings)
    bands = {name: contracts.band(each.ages or each.column) for name, each in figures.items()}
    return {name: each for name, each in bands.items() if each is not None}


def _points(
    area: "gpd.GeoDataFrame", given: Ingredients
) -> tuple["gpd.GeoSeries", pd.Series, list[Finding]]:
    """Where the people of each commune are taken to be: its chef-lieu, else a point inside."""
    import geopandas as gpd  # noqa: PLC0415  (heavy)

    shapes = area.geometry.representative_point()
    status = pd.Series(contracts.ESTIMATED, index=area.index, dtype=object)
    findings: list[Finding] = []
    known = pd.Index([])
    if given.places is not None:
        codes, findings = moved_codes(
            given.places.table.index.to_series(), given.moves, table="places", cog=given.places_cog
        )
        own = given.places.table[codes.index == codes.to_numpy()]
        known = area.index.intersection(own.index)
        shapes[known] = gpd.GeoSeries(
            gpd.points_from_xy(own.loc[known, "x"], own.loc[known, "y"]), index=known, crs=area.crs
        )
        status[known] = own.loc[known, "status"]
    missing = area.index.difference(known)
    if len(missing):
        facts = {"count": len(missing), "codes": list(missing)}
        findings.append(Finding("warning", "point_estimated", "communes", facts=facts))
    distance = area.geometry.distance(shapes)
    _refuse_far(distance, given)
    findings += [
        Finding("warning", "point_astray", "communes", code, {"metres": float(distance[code])})
        for code in area.index[distance > ASTRAY_M]
    ]
    return shapes.rename("geometry"), status, findings


def _refuse_far(distance: pd.Series, given: Ingredients) -> None:
    """Refuse a point that cannot be its commune's: swapped codes, or wrong coordinates."""
    far = distance.index[distance > _FAR_POINT_M]
    if len(far) and given.places is not None:
        raise DataError([
            Defect(given.places.name, "place_far", int(given.places.row_of[code]),
                   value=str(code), facts={"km": float(distance[code]) / 1000})
            for code in far
        ])  # fmt: skip


def _people(
    area: "gpd.GeoDataFrame", given: Ingredients, known: pd.Index
) -> tuple[pd.DataFrame, Ledger, list[Finding]]:
    people = given.population
    cog = given.population_source.cog
    table, findings = summed_population(
        people.table, given.moves, table=people.name, cog=cog, wanted=area.index
    )
    became = ends(people.table.index, given.moves, cog=cog)
    elsewhere = table.index.difference(area.index)
    if len(elsewhere) and not given.population_source.wider_area:
        # the communes layer may itself reach further than the buffer
        _refuse_unknown(elsewhere.difference(known), became, given)
    aligned = table.reindex(area.index)
    for column in [name for name in table.columns if str(name).endswith("_status")]:
        aligned[column] = aligned[column].fillna(contracts.NOT_AVAILABLE).astype(object)
    absent = area.index.difference(table.index)
    findings += [
        Finding("warning", "no_population", people.name, code, {"nom": area.at[code, "nom"]})
        for code in absent
    ]
    outside, repeats = _left(people, given, became, area.index)
    if outside:
        facts = {"count": outside}
        findings.append(Finding("info", "rows_elsewhere", people.name, facts=facts))
    used = people.rows - outside - repeats
    ledger = Ledger(people.name, people.rows, used, {"elsewhere": outside, "repeats": repeats})
    return aligned, ledger, findings + _controls(aligned[area["inside"]], given.population_source)


def _left(
    people: TableRead, given: Ingredients, became: Mapping[str, tuple[str, ...]], area: pd.Index
) -> tuple[int, int]:
    """Count the rows of other communes, and those that repeat one."""
    if people.row_codes is None:
        away = sum(not any(new in area for new in each) for each in became.values())
        return away, people.rows - len(people.table)
    codes = pd.Index(people.row_codes.unique())  # several rows a commune, the rest left unread
    now = ends(codes, given.moves, cog=given.population_source.cog)
    inside = [code for code in codes if any(new in area for new in now[code])]
    return people.rows - int(people.row_codes.isin(inside).sum()), 0


def _refuse_unknown(
    unknown: pd.Index, became: Mapping[str, tuple[str, ...]], given: Ingredients
) -> None:
    """Name the rows of the population whose commune, once moved, is nowhere."""
    rows = sorted((int(row), str(code)) for code, row in given.population.row_of.items())
    column = given.population_source.code_insee
    defects = []
    for row, code in rows:
        for new in (each for each in became[code] if each in unknown):
            reason = "unknown_code" if new == code else "unknown_moved"
            defects.append(Defect(given.population.name, reason, row, column, code, {"new": new}))
    if defects:
        raise DataError(defects)


def _label(source: PopulationSource, column: str) -> str:
    figures = source.values  # noqa: PD011  (a field of the settings)
    return figures[column].label or column


def _controls(inside: pd.DataFrame, source: PopulationSource) -> list[Finding]:
    """Hold sums over the territory against published totals, and say the difference."""
    findings = []
    for control in source.controls:
        unknown = int(inside[control.column].isna().sum())
        if unknown:
            facts = {"column": _label(source, control.column), "count": unknown}
            findings.append(
                Finding("warning", "control_partial", "population", control.column, facts)
            )
            continue
        total = float(inside[control.column].sum())
        gap = total / control.total - 1
        facts = {
            "column": _label(source, control.column), "sum": total, "total": control.total,
            "gap": gap, "base": control.base,
        }  # fmt: skip
        severity: Severity = "warning" if abs(gap) > control.tolerance else "info"
        findings.append(Finding(severity, "control", "population", control.column, facts))
    return findings
