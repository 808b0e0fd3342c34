"""Areas below the norm, drawn where people live, and communes alike their neighbours."""

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import shapely

from ctg_geo import contracts
from ctg_geo.diagnosis.commune_gaps import HIDDEN
from ctg_geo.diagnosis.diagnosis import Diagnosis
from ctg_geo.diagnosis.few import untold_zones
from ctg_geo.gap import score, time_score
from ctg_geo.parameters import Patterns
from ctg_geo.patterns import Zones, cells_of, local_moran, neighbours, zones

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["clusters", "under_served"]

_ANY_M = 1e9  # communes that touch are linked, however far their chefs-lieux


def under_served(diagnosis: Diagnosis, told: pd.Index, patterns: Patterns) -> "gpd.GeoDataFrame":
    """Return the areas where the norm is not met: hollows of access, each of one piece.

    Parameters
    ----------
    diagnosis : of one service; without a norm there is no area
    told : communes whose people may be counted, see `told_communes`
    patterns : how places are linked, and how much deeper than its pass a hollow must be

    Returns
    -------
    GeoDataFrame by zone, from 1 (the most people)
        people, people_share (0-1 of the people counted), access_per_100 and missing (with a
        norm on supply), time_mean (of those who reach a place), communes (names, by code),
        codes (of communes), places (of demand), area_km2, undefined (why people are not
        told: hidden), name (its commune with most people below, among those told), piece (the
        chain of areas that touch, by number), prominence (share of the norm by which
        it is deeper than its pass; NaN under a rule of secrecy), joins (the zone it would
        be part of, 0 for none), geometry. Zones are numbered by all people, hidden ones estimated.

    Notes
    -----
    Where people are at one point of their commune, areas are whole communes. Otherwise each
    place of demand has the ground of the territory nearest to it. A count is not told where
    a commune of the zone is hidden, where few people of a commune are in it or few are in
    other zones, nor in a zone that shares a commune with such a zone: the difference would
    tell it.
    """
    local = _inside(diagnosis)
    homes = diagnosis.territory.homes
    points = homes.places.geometry.loc[local.index]
    communes = diagnosis.communes
    below = _below(diagnosis, local)
    if not below.any():
        cells = points.buffer(1.0)
    elif homes.spread:
        outline = shapely.union_all(communes.geometry.to_numpy())
        cells = cells_of(points, outline)
    else:
        shapes = communes.geometry.loc[local["code_insee"]]
        cells = shapes.set_axis(local.index)
    link_m = patterns.link_m if homes.spread else _ANY_M
    found = zones(
        cells, points, below, local["demand"], link_m=link_m, depth=_depth(diagnosis, local),
        prominence=patterns.prominence, least_share=patterns.least_share,
    )  # fmt: skip
    return _told(diagnosis, local, found, told)


def _told(
    diagnosis: Diagnosis, local: pd.DataFrame, found: Zones, told: pd.Index
) -> "gpd.GeoDataFrame":
    """Count the people of each zone, where they may be told, and name it."""
    table, names = found.table.copy(), diagnosis.communes["nom"]
    member = found.member.reindex(local.index)
    total = float(local["demand"][local["code_insee"].isin(told)].sum())
    rows = [_row(local[member == zone], names) for zone in table.index]
    numbers = pd.DataFrame(rows, index=table.index, columns=list(_ROW))
    hidden = _hidden(diagnosis, local, member, told)
    numbers.loc[hidden, ["people", "missing", "access_per_100", "time_mean"]] = np.nan
    if diagnosis.catchment is None:
        numbers[["missing", "access_per_100"]] = np.nan
    table[list(_ROW)] = numbers
    table["people_share"] = table["people"] / total if total else np.nan
    table["undefined"] = np.where(table.index.isin(hidden), HIDDEN, "")
    table["name"] = [_name(diagnosis, local[member == zone], told) for zone in table.index]
    if diagnosis.fewest:
        table["prominence"] = np.nan  # it is a difference of the access of two places
    columns = ["name", "people", "people_share", "access_per_100", "missing", "time_mean",
               "communes", "codes", "places", "area_km2", "piece", "prominence", "joins",
               "undefined", "geometry"]  # fmt: skip
    return table[columns]


_ROW: Final = ("people", "missing", "access_per_100", "time_mean", "communes", "codes")


def _row(local: pd.DataFrame, names: pd.Series) -> tuple[object, ...]:
    people, minutes = local["demand"], local["nearest_min"]
    near = people[minutes.notna()]
    codes = sorted(set(local["code_insee"]))
    access = 100 * _mean(local["access"], people)
    return (float(people.sum()), float(local["missing"].sum()), access,
            _mean(minutes[near.index], near), ", ".join(str(names[code]) for code in codes),
            ",".join(codes))  # fmt: skip


def _name(diagnosis: Diagnosis, local: pd.DataFrame, told: pd.Index) -> str:
    """Name a zone by the commune that has most of its people, of those that are told of."""
    communes = diagnosis.communes
    of_zone = local["demand"].groupby(local["code_insee"]).sum()
    if diagnosis.fewest:  # which commune has most in a zone is not told: most in all zones is
        of_zone = communes["concerned"].reindex(of_zone.index).fillna(0.0)
    known = of_zone[of_zone.index.isin(told)]
    ranked = (known if len(known) else 0.0 * of_zone).sort_index()
    return str(communes.at[ranked.index[int(ranked.to_numpy().argmax())], "nom"])


def _mean(values: pd.Series, weights: pd.Series) -> float:
    total = float(weights.sum())
    return float((values * weights).sum()) / total if total else float("nan")


def _hidden(
    diagnosis: Diagnosis, local: pd.DataFrame, member: pd.Series, told: pd.Index
) -> pd.Index:
    """Return the zones whose people are not told."""
    inside, communes = member > 0, diagnosis.communes
    owners = [member[inside].rename("zone"), local["code_insee"][inside]]
    parts = local["demand"][inside].groupby(owners).sum()
    whole = (communes["demand"], communes["concerned"])
    return untold_zones(parts, told, whole, diagnosis.fewest)


def _below(diagnosis: Diagnosis, local: pd.DataFrame) -> pd.Series:
    """Tell which places are below the norm: as their commune where what is inside is secret."""
    communes, code = diagnosis.communes, local["code_insee"]
    if not diagnosis.service.judged:
        return pd.Series(data=False, index=local.index)
    secret = code.map(communes["nearest_status"] == contracts.SECRET).to_numpy(bool)
    verdict = code.map(communes["below"]).to_numpy(bool)
    return pd.Series(np.where(secret, verdict, local["below"].to_numpy(bool)), index=local.index)


def _depth(diagnosis: Diagnosis, local: pd.DataFrame) -> pd.Series:
    """Return how far below the norm each place is, as a share of it (0 to 1).

    Where what is inside a commune is secret it is 0: such a place is the bottom of nothing.
    """
    service = diagnosis.service
    if diagnosis.catchment is None:
        depth = time_score(local["nearest_min"], within_min=service.within_min) / 100
    else:
        depth = score(local["access"], norm=(service.per_100 or 0.0) / 100) / 100
    status = diagnosis.communes["nearest_status"]
    secret = local["code_insee"].map(status == contracts.SECRET).to_numpy(bool)
    return depth.where(~secret, 0.0)


def _inside(diagnosis: Diagnosis) -> pd.DataFrame:
    local = diagnosis.homes
    return local[local["code_insee"].isin(diagnosis.communes.index)]


def clusters(diagnosis: Diagnosis, patterns: Patterns) -> pd.DataFrame:
    """Tell which communes have, like their neighbours, more or less than chance would give.

    Parameters
    ----------
    diagnosis : of one service
    patterns : draws, seed, and share of false discoveries

    Returns
    -------
    DataFrame by code_insee of the territory
        cluster (a kind of `ctg_geo.patterns.local_moran`, of supply for 100 people or, with
        no norm on supply, of minutes), cluster_p (adjusted for false discoveries),
        cluster_undefined (empty, no_neighbour, all_alike, no_route or hidden).
    """
    table = diagnosis.communes
    column = "nearest_min" if diagnosis.catchment is None else "access_per_100"
    known = table[table[column].notna()]
    secret = table["nearest_status"] == contracts.SECRET
    found = local_moran(
        known[column], neighbours(known.geometry), permutations=patterns.permutations,
        seed=patterns.seed, level=patterns.false_discoveries,
    ).reindex(table.index)  # fmt: skip
    reason = np.where(secret, HIDDEN, "no_route")
    return pd.DataFrame({
        "cluster": found["kind"].fillna("undefined"),
        "cluster_p": found["p_adjusted"],
        "cluster_undefined": found["undefined"].where(found["kind"].notna(), reason),
    })  # fmt: skip
