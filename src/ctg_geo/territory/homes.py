"""Where people are: the places of demand of a territory, each in one commune."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ctg_geo import contracts
from ctg_geo.contracts import Band, bridge
from ctg_geo.quality import Finding
from ctg_geo.territory.pieces import Pieces
from ctg_geo.territory.spread import exact_parts, filled, shares, whole_parts
from ctg_geo.territory.spread_account import (
    AGE,
    ALIKE,
    AREA,
    PERSONS,
    ROADS,
    STREETS,
    ZONE,
    accounted,
    figures_of,
    told,
)

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["Homes", "at_points", "spread_homes"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_KNOWN: Final = (contracts.OBSERVED, contracts.ESTIMATED)


@dataclass(frozen=True, slots=True, eq=False)
class Homes:
    """The places where the people of a territory are taken to be, by demand_id.

    `places` has code_insee, imputed (the weight comes from values that the producer imputed),
    point_status and a point; `share` the part of the commune's figure at each place (the
    places of a commune sum to 1); `people` each figure and its status: secret or unknown
    where the commune's is. `spread` is whether communes have more than their chef-lieu.
    `account` by commune: each figure before and after, and by what it was spread.
    """

    places: "gpd.GeoDataFrame"
    share: pd.DataFrame
    people: pd.DataFrame
    account: pd.DataFrame
    findings: tuple[Finding, ...]
    spread: bool

    @property
    def code(self) -> pd.Series:
        """The commune of each place."""
        code: pd.Series = self.places["code_insee"]
        return code


def at_points(points: "gpd.GeoSeries", status: pd.Series, population: pd.DataFrame) -> Homes:
    """Take the people of each commune to be at one point.

    Parameters
    ----------
    points, status : by code_insee, where, and what that is worth
    population : by code_insee, figures with their status
    """
    places = points.to_frame("geometry").rename_axis("demand_id")
    places["code_insee"], places["imputed"] = points.index.to_numpy(), False
    places["point_status"] = status
    figures = figures_of(population)
    share = pd.DataFrame(1.0, index=points.index, columns=figures)
    return Homes(places, share, population, pd.DataFrame(index=points.index), (), spread=False)


def spread_homes(
    population: pd.DataFrame,
    pieces: Pieces,
    zones: "gpd.GeoDataFrame",
    *,
    ages: Mapping[str, Band],
    zone_people: pd.DataFrame | None = None,
    whole: bool = False,
) -> Homes:
    """Share out the people of each commune among the places inside it.

    Each figure follows the cells' people of the same ages; where the cells of a zone have
    none, all their people; then ground; then all places alike. Each step down is told.

    Parameters
    ----------
    population : by code_insee, figures with their status
    pieces : places, at least one in each zone
    zones : by zone, with code_insee
    ages : figure -> its ages; others follow all persons
    zone_people : by zone, code_insee and figures, where known: an IRIS keeps its own
    whole : whether people are whole numbers; the total of a commune is then rounded first

    Returns
    -------
    Homes
        A secret total is secret at each of its places, an unknown one unknown.

    Notes
    -----
    The places of a commune sum to its total exactly, figure by figure.
    """
    table = pieces.table
    zone = zones.index.get_indexer(table["zone"])
    assert (zone >= 0).all(), "a piece lies in no zone"
    code = zones["code_insee"].to_numpy()[zone]
    communes = population.index
    commune = communes.get_indexer(pd.Index(zones["code_insee"]))
    share: dict[str, Floats] = {}
    people: dict[str, npt.NDArray[np.float64] | npt.NDArray[np.object_]] = {}
    account = pd.DataFrame(index=communes)
    for figure in figures_of(population):
        weights = _weights(pieces, ages.get(figure), zone, len(zones))
        inside, rank = shares([each for _, each in weights], zone, len(zones))
        names = [name for name, _ in weights] + [ALIKE]
        known = None if zone_people is None else _told_zones(figure, zone_people, population)
        of_zone = _zone_share(known, zones, commune, len(communes), table, zone)
        share[figure] = inside * of_zone[zone]
        people[figure], people[f"{figure}_status"] = _parts(
            population, figure, code, share[figure], whole=whole
        )
        account[f"{figure}_by"] = _worst(names, rank, commune, zone, len(communes))
    content = pd.DataFrame(people, index=table.index)
    places = table[["imputed", "point_status", "geometry"]].copy()
    places.insert(0, "code_insee", code)
    account = accounted(account, population, content, places, pieces)
    return Homes(
        places, pd.DataFrame(share, index=table.index), content, account,
        tuple(told(account, figures_of(population), pieces, ages)), spread=True,
    )  # fmt: skip


def _weights(pieces: Pieces, ages: Band | None, zone: Ints, zones: int) -> list[tuple[str, Floats]]:
    """Return the weights of a figure, the ones to prefer first; masked cells follow the next."""
    table = pieces.table
    area = table["area_m2"].to_numpy(np.float64)
    by_persons, by_area = (STREETS, ROADS) if pieces.kind == "streets" else (PERSONS, AREA)
    persons = table["persons"].to_numpy(np.float64)
    if np.isnan(persons).all():
        return [(by_area, area)]
    persons = filled(persons, area, zone, zones)
    parts = None if ages is None else bridge(ages, pieces.bands)
    if parts is None:
        return [(by_persons, persons), (by_area, area)]
    young = np.zeros(len(table))
    for band, part in parts.items():
        column = table[str(band)].to_numpy(np.float64)
        young = young + part * filled(column, persons, zone, zones)
    return [(AGE, young), (PERSONS, persons), (AREA, area)]


def _told_zones(
    figure: str, zone_people: pd.DataFrame, population: pd.DataFrame
) -> list[pd.Series]:
    """Return the people of zones, and everyone there, where those of their commune are told.

    Two zones of a commune with a secret count would tell it by how they share it: 1 and 2.
    """
    code, found = zone_people["code_insee"], []
    for name in dict.fromkeys([figure, "population"]):
        if name in zone_people.columns:
            told = code.map(population[f"{name}_status"].isin(_KNOWN)).fillna(value=False)
            found.append(zone_people[name].where(told.astype(bool)))
    return found


def _zone_share(
    zone_people: Sequence[pd.Series] | None,
    zones: "gpd.GeoDataFrame",
    commune: Ints,
    communes: int,
    table: pd.DataFrame,
    zone: Ints,
) -> Floats:
    """Return the share of each zone in its commune: its own people, else those of its cells."""
    own = [
        _whole_communes(each.reindex(zones.index).to_numpy(np.float64), commune, communes)
        for each in zone_people or ()
    ]
    persons = np.nan_to_num(table["persons"].to_numpy(np.float64))
    ground = table["area_m2"].to_numpy(np.float64)
    own += [np.bincount(zone, each, len(zones)).astype(np.float64) for each in (persons, ground)]
    return shares(own, commune, communes)[0]


def _whole_communes(known: Floats, commune: Ints, communes: int) -> Floats:
    """Leave out communes of which a zone is unknown: the others would take its people."""
    holes = np.bincount(commune, np.isnan(known), communes) > 0
    return np.where(holes[commune], 0.0, np.nan_to_num(known))


def _parts(
    population: pd.DataFrame,
    figure: str,
    code: npt.NDArray[np.object_],
    share: Floats,
    *,
    whole: bool,
) -> tuple[Floats, npt.NDArray[np.object_]]:
    """Return the people of each place and what that number is worth."""
    value, status = np.full(len(code), np.nan), np.full(len(code), "", dtype=object)
    totals = dict(zip(population.index, population[figure].astype(float), strict=True))
    worths = dict(zip(population.index, population[f"{figure}_status"], strict=True))
    order = np.argsort(code, kind="stable")
    names, start = np.unique(code[order].astype(str), return_index=True)
    for name, here in zip(names, np.split(order, start[1:]), strict=True):
        total, worth = totals[name], str(worths[name])
        status[here] = worth
        if worth not in _KNOWN:
            continue
        if whole:
            value[here] = whole_parts(round(total), share[here])
        else:
            value[here] = exact_parts(total, share[here])
        if len(here) > 1 and total > 0:
            status[here] = contracts.ESTIMATED
    return value, status


def _worst(
    names: Sequence[str], rank: Ints, commune: Ints, zone: Ints, communes: int
) -> npt.NDArray[np.object_]:
    """Return by what a commune was spread: the least precise of its zones of several places."""
    worst = np.full(communes, -1, dtype=np.int64)
    several = np.bincount(zone, minlength=len(commune)) > 1
    np.maximum.at(worst, commune[several], rank[several])
    return np.array([*names, ZONE], dtype=object)[worst]
