"""One service on one territory: times, access, gaps, for whom, and how sure."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ctg_geo import contracts
from ctg_geo.access import Catchment, Sharing, admissible, nearest, sharing_of
from ctg_geo.diagnosis.at_homes import (
    at_homes,
    care_columns,
    commune_minutes,
    per_commune,
)
from ctg_geo.diagnosis.certainty import certainty, furthest_min
from ctg_geo.diagnosis.classes import CAUSES, class_of
from ctg_geo.diagnosis.estimates import estimates
from ctg_geo.diagnosis.few import (
    SOLVABLE_UP_TO,
    equations,
    hide_few,
    hide_split,
    solvable,
    untold_parts,
)
from ctg_geo.diagnosis.remarks import remarks
from ctg_geo.gap import MET, score, time_score
from ctg_geo.network import RoadNetwork
from ctg_geo.parameters import Robustness, Service, Snapping
from ctg_geo.quality import Finding
from ctg_geo.territory import (
    Homes,
    Territory,
    demand,
    demand_at_homes,
    known_in_part,
    supply,
)
from ctg_geo.travel import TravelTimes, travel_times

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["Diagnosis", "diagnose"]

_SHOWN = (contracts.OBSERVED, contracts.ESTIMATED)
_SPREAD = ("time_mean", "time_p10", "time_p90", "beyond_share", "unreached_share")
_HALF = 0.5


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Diagnosis:
    """What a steering committee is told about one service.

    `communes` holds the results of the territory (its buffer only counts): see
    `docs/results.md` for each column. `estimated` lists why its figures are estimates
    (keys of the labels); empty when all inputs are observed. `homes` and `demand` are what it
    is made of, estimates of hidden people included, and no output: publish `communes`.
    """

    key: str
    service: Service
    territory: Territory
    network: RoadNetwork
    demand: pd.Series  # by code_insee, buffer included; people
    demand_status: pd.Series
    equipements: "gpd.GeoDataFrame"  # those that count
    times: TravelTimes
    nearest: pd.DataFrame  # by demand_id, buffer included
    homes: pd.DataFrame  # by demand_id, buffer included: see `at_homes`
    sharing: Sharing | None  # with a norm on supply
    catchment: Catchment | None  # likewise
    communes: "gpd.GeoDataFrame"
    groups: pd.DataFrame  # by code_insee, buffer included: one column per grouping
    findings: tuple[Finding, ...]
    estimated: tuple[str, ...]
    modes: pd.DataFrame = field(default_factory=pd.DataFrame)  # by demand_id: minutes by profile
    fewest: float = 0.0  # counts of people inside a commune under it, and not 0, are not told
    equations: int = SOLVABLE_UP_TO  # that outputs tell of the people of a commune

    def __repr__(self) -> str:
        if not self.service.judged:
            return f"<Diagnosis {self.key}: {len(self.communes)} communes, no norm>"
        below = int(self.communes["below"].sum())
        return f"<Diagnosis {self.key}: {below} of {len(self.communes)} communes below the norm>"

    def worst(self, count: int) -> pd.DataFrame:
        """Return the communes where most is missing, the worst first."""
        columns = ["nom", "missing", "concerned", "score", "certainty"]
        ranked = self.communes[self.communes["below"]].sort_values("rank")
        return pd.DataFrame(ranked[columns]).head(count)


def diagnose(
    territory: Territory,
    network: RoadNetwork,
    key: str,
    service: Service,
    *,
    groups: pd.DataFrame,
    snapping: Snapping,
    robustness: Robustness,
    fewest: float = 0.0,
    services_told: int = 1,
    times: TravelTimes | None = None,
    modes: pd.DataFrame | None = None,
) -> Diagnosis:
    """Diagnose one service.

    Parameters
    ----------
    territory : communes, people and places, buffer included
    network : roads with the times of the service's profile
    key, service : the service as declared
    groups : by code_insee, one column per grouping
    snapping : how points join the road
    robustness : variants that the verdict is tried on
    fewest : with people inside their communes and a rule of secrecy, the least number of
        them that is told, 0 itself apart
    services_told : services of the study that are told of the same people, this one included
    times : from homes to the places that count, where they are known already; pairs of a home
        and a place that does not admit its people are left out of them here
    modes : by demand_id, one column per further profile: minutes to the nearest place, NaN
        beyond the limit of the service

    Raises
    ------
    UnknownServiceError, DataError, ConfigError
        If no place of the service is there, a capacity is unknown where it matters, or
        the people concerned are unknown.
    """
    places, said = supply(territory, key, service)
    people, people_status, more = demand(territory, service.demand)
    homes = territory.homes
    local_people = demand_at_homes(territory, people, service.demand)
    assert times is None or times.destinations.equals(places.index), "to the places that count"

    def travelled(limit_min: float) -> TravelTimes:
        return travel_times(network, homes.places.geometry, places.geometry,
                            limit_min=limit_min, snapping=snapping)  # fmt: skip

    times = travelled(service.max_min) if times is None else times
    times = admissible(times, homes.code, places)
    near = nearest(times)
    sharing = sharing_of(service, places)
    catchment = None
    if sharing is not None:
        catchment = sharing.catchment(times, local_people, places["capacity"])
    local = at_homes(homes, service, local_people, near, catchment)
    met = per_commune(local, homes, service.demand)
    told = equations(services_told) + len(service.care)
    split = solvable(local["code_insee"], local["demand"], fewest, told=told)
    results = _results(territory, service, people, people_status, met, places, fewest, split)
    needed, further = furthest_min(service, robustness, sharing), times
    if times.limit_min is not None and times.limit_min < needed:
        further = admissible(travelled(needed), homes.code, places)
    results["certainty"] = certainty(
        results["below"], further, local_people, places, service, robustness, homes, sharing
    )
    far = (times.origin_snaps["status"] == "far").groupby(homes.code.to_numpy()).mean()
    if service.judged:
        results.loc[far.reindex(results.index) > _HALF, "certainty"] = 0.0  # no road near
    results["known_in_part"] = results.index.isin(
        known_in_part(territory.partial, set(service.care) or {key})
    )
    results.loc[results["known_in_part"] & results["below"], "certainty"] = 0.0
    every_mode = pd.DataFrame(index=homes.places.index) if modes is None else modes
    results = _with_modes(results, every_mode, homes, service.demand, split)
    for name in groups.columns:
        results[name] = groups[name]
    said += more
    if fewest and service.judged:
        said += untold_parts(results, service)
    untold = results.index[results["unreached_share"].isna() & bool(fewest)]
    said += remarks(territory, network, service, places, times, local, catchment, sharing,
                    untold=untold)  # fmt: skip
    estimated = estimates(
        territory, network, people_status, places, service, times.origin_snaps["status"]
    )
    return Diagnosis(
        key, service, territory, network, people, people_status, places, times, near, local,
        sharing, catchment, results, groups, tuple(said), estimated, every_mode, fewest, told,
    )  # fmt: skip


def _with_modes(
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
        table["below"] = ~(minutes <= service.within_min) & service.judged
        table["access_per_100"], table["missing"] = np.nan, np.nan
        table["score"] = (
            time_score(minutes, within_min=service.within_min) if service.judged else np.nan
        )
        table["supply_here"] = np.nan
    else:
        norm = service.per_100 / 100
        for name in care_columns(met):
            table[name] = met[name].mask(table.index.isin(split))
        table["supply_here"] = (
            places.groupby("code_insee")["capacity"].sum().reindex(inside).fillna(0)
        )
        table["access_per_100"] = 100 * met["access"]
        table["below"] = met["access"] < norm * MET
        table["missing"] = met["missing"]
        table["score"] = score(met["access"], norm=norm)
    table["concerned"] = met["concerned"]
    for name in _SPREAD:
        table[name] = met[name]
    if not service.judged:
        table["beyond_share"] = np.nan
    table["cause"] = _cause(table, service)
    table["class"] = class_of(table, service)
    table = hide_split(hide_few(_hidden(table), fewest), split)
    table["rank"] = _rank(table, service)
    return table


def _rank(table: pd.DataFrame, service: Service) -> pd.Series:
    """Rank the communes, the worst first; without a norm, the longest time first."""
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
