"""What each commune gets of a service: made of the times and people of those around it alone.

Nothing here looks at the whole territory: what a commune gets is the same whether it stands among
all others or among those only that matter to it (`docs/scaling.md`). What does look at the whole is
in `ranked` and in `ctg_geo.diagnosis.diagnose`.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ctg_geo import contracts
from ctg_geo.access import Catchment, Sharing, nearest, sharing_of, summed
from ctg_geo.diagnosis.at_homes import at_homes, care_columns, commune_minutes, per_commune
from ctg_geo.diagnosis.certainty import AS_IT_IS, certainty
from ctg_geo.diagnosis.classes import CAUSES, class_of
from ctg_geo.diagnosis.few import hide_few, hide_split, solvable
from ctg_geo.gap import MET, score, time_score
from ctg_geo.parameters import Robustness, Service
from ctg_geo.territory import Homes, Territory
from ctg_geo.travel import TravelTimes

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["Measured", "measured", "ranked", "with_modes"]

_SHOWN = (contracts.OBSERVED, contracts.ESTIMATED)
_SPREAD = ("time_mean", "time_p10", "time_p90", "beyond_share", "unreached_share")
_HALF = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """What the communes of a territory, or of a part of it, get of a service."""

    nearest: pd.DataFrame  # by demand_id
    sharing: Sharing | None  # with a norm on supply
    catchment: Catchment | None  # likewise
    homes: pd.DataFrame  # by demand_id: see `at_homes`
    communes: "gpd.GeoDataFrame"  # of the territory itself, not yet ranked
    split: pd.Index  # communes of which secrecy lets little be told (`solvable`)


def measured(
    territory: Territory,
    service: Service,
    people: pd.Series,
    people_status: pd.Series,
    local_people: pd.Series,
    places: "gpd.GeoDataFrame",
    times: TravelTimes,
    *,
    robustness: Robustness,
    fewest: float,
    told: int,
    in_part: Collection[str] = (),
    further: TravelTimes | None = None,
    among: pd.DataFrame | None = None,
) -> Measured:
    """Measure a service for the communes of a territory, its buffer counted.

    Parameters
    ----------
    territory : communes, people and homes
    service : as declared
    people, people_status : by code_insee, those concerned (see `ctg_geo.territory.demand`)
    local_people : by demand_id, the same where they live, estimates included
    places : those that count, with what they offer
    times : from homes to places, as far as people go
    robustness : variants that the verdict is tried on
    fewest : the least number of people inside a commune that is told, 0 itself apart
    told : equations that outputs tell of the people of a commune
    in_part : communes whose places are known in part: below the norm, they are sure of nothing
    further : the same times as far as the variants need them (`furthest_min`), where those do not
        reach so far
    among : the people that each place is shared among in each variant, where they are known
        (`among_by_variant`): the homes need then not be all that reach it
    """
    homes = territory.homes
    near = nearest(times)
    sharing = sharing_of(service, places)
    catchment = None
    if sharing is not None:
        known = None if among is None else among[AS_IT_IS]
        catchment = sharing.catchment(times, local_people, places["capacity"], known)
    local = at_homes(homes, service, local_people, near, catchment)
    met = per_commune(local, homes, service.demand)
    split = solvable(local["code_insee"], local["demand"], fewest, told=told)
    results = _results(territory, service, people, people_status, met, places, fewest, split)
    results["certainty"] = certainty(
        results["below"], times if further is None else further, local_people, places, service,
        robustness, homes, sharing,
        among,
    )  # fmt: skip
    far = (times.origin_snaps["status"] == "far").groupby(homes.code.to_numpy()).mean()
    if service.judged:
        results.loc[far.reindex(results.index) > _HALF, "certainty"] = 0.0  # no road near
    results["known_in_part"] = results.index.isin(list(in_part))
    results.loc[results["known_in_part"] & results["below"], "certainty"] = 0.0
    return Measured(near, sharing, catchment, local, results, split)


def ranked(results: "gpd.GeoDataFrame", service: Service) -> "gpd.GeoDataFrame":
    """Return the results of all communes of a territory with the rank of each, the worst first.

    Without a norm, the longest time first.
    """
    table = results.copy()
    table.insert(table.columns.get_loc("class") + 1, "rank", _rank(results, service))
    return table


def with_modes(
    results: "gpd.GeoDataFrame", modes: pd.DataFrame, homes: Homes, column: str, split: pd.Index
) -> "gpd.GeoDataFrame":
    """Add the minutes of the median person of each commune by each further profile.

    They are secret where the time by the first one is (`split`).
    """
    secret = results.index.isin(split)
    for mode in modes.columns:
        minutes = commune_minutes(modes[mode], homes, column).reindex(results.index)
        results[f"nearest_min_{mode}"] = minutes.mask(secret)
        worth = np.where(minutes.isna(), contracts.BEYOND_LIMIT, contracts.OBSERVED)
        results[f"nearest_status_{mode}"] = np.where(secret, contracts.SECRET, worth)
    return results


def _results(
    territory: Territory,
    service: Service,
    people: pd.Series,
    people_status: pd.Series,
    met: pd.DataFrame,
    places: "gpd.GeoDataFrame",
    fewest: float,
    split: pd.Index,
) -> "gpd.GeoDataFrame":
    inside = territory.inside
    met = met.loc[inside]
    table = territory.communes.loc[inside, ["nom", "geometry"]].copy()
    table["population"] = territory.population.get("population", pd.Series(dtype=float))
    table["demand"], table["demand_status"] = people[inside], people_status[inside]
    minutes = met["nearest_min"]
    table["nearest_min"] = minutes
    table["nearest_status"] = np.where(minutes.isna(), contracts.BEYOND_LIMIT, contracts.OBSERVED)
    table["nearest_place"] = met["destination"].map(places["nom"])
    table["places_here"] = places.groupby("code_insee").size().reindex(inside).fillna(0).astype(int)
    if service.per_100 is None:
        _judge_time(table, service)
    else:
        for name in care_columns(met):
            table[name] = met[name].mask(table.index.isin(split))
        table["supply_here"] = (
            summed(places["capacity"], places["code_insee"]).reindex(inside).fillna(0)
        )
        _judge_supply(table, met, norm=service.per_100 / 100)
    table["concerned"] = met["concerned"]
    for name in _SPREAD:
        table[name] = met[name]
    if not service.judged:
        table["beyond_share"] = np.nan
    table["cause"] = _cause(table, service)
    table["class"] = class_of(table, service)
    return hide_split(hide_few(_hidden(table), fewest), split)


def _judge_time(table: "gpd.GeoDataFrame", service: Service) -> None:
    """Write what a norm in minutes says of each commune, if there is one."""
    minutes = table["nearest_min"]
    table["below"] = ~(minutes <= service.within_min) & service.judged
    table["access_per_100"], table["missing"] = np.nan, np.nan
    table["score"] = (
        time_score(minutes, within_min=service.within_min) if service.judged else np.nan
    )
    table["supply_here"] = np.nan


def _judge_supply(table: "gpd.GeoDataFrame", met: pd.DataFrame, *, norm: float) -> None:
    """Write what a norm in places per person says of each commune."""
    table["access_per_100"] = 100 * met["access"]
    table["below"] = met["access"] < norm * MET
    table["missing"] = met["missing"]
    table["score"] = score(met["access"], norm=norm)


def _rank(table: pd.DataFrame, service: Service) -> pd.Series:
    score = table["score"].fillna(0.0)
    if service.judged_on_supply:
        weight = table["missing"].fillna(-1.0)
    elif service.judged:
        weight = table["concerned"].fillna(-1.0)
    else:
        weight = table["nearest_min"].fillna(np.inf)
    order = np.lexsort((table.index.to_numpy(), -score.to_numpy(), -weight.to_numpy()))
    return pd.Series(np.arange(1, len(table) + 1), index=table.index[order])


def _hidden(table: "gpd.GeoDataFrame") -> "gpd.GeoDataFrame":
    """Blank what rests on an unknown or secret number of people; places per child remain.

    `missing` and `concerned` are products with the number of people: with access shown
    beside them they would give it away. The share beyond the norm rests on that number too.
    """
    unknown = ~table["demand_status"].isin(_SHOWN)
    hidden = ["demand", "missing", "concerned", "beyond_share", "unreached_share"]
    table.loc[unknown, hidden] = np.nan
    return table


def _cause(table: pd.DataFrame, service: Service) -> pd.Series:
    """Tell why: nothing in reach, too few for those who share it, or the norm is met."""
    if not service.judged:
        none = np.where(table["nearest_min"].isna(), CAUSES.no_route, CAUSES.no_norm)
        return pd.Series(none, index=table.index, dtype=object)
    out = ~(table["nearest_min"] <= service.within_min)
    if service.judged_on_supply:
        nothing = table["access_per_100"] <= 0
        near = np.where(nothing, CAUSES.no_supply, CAUSES.too_shared)
        below = np.where(out, CAUSES.nothing_near, near)
    else:
        below = np.where(table["nearest_min"].isna(), CAUSES.no_route, CAUSES.too_far)
    cause = np.where(table["below"], below, CAUSES.met)
    return pd.Series(cause, index=table.index, dtype=object)
