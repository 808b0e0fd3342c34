"""One service on one territory: times, access, gaps, for whom, and how sure."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Protocol

import pandas as pd

from ctg_geo.access import Catchment, Sharing, admissible, sharing_of
from ctg_geo.diagnosis.certainty import furthest_min
from ctg_geo.diagnosis.estimates import estimates
from ctg_geo.diagnosis.few import SOLVABLE_UP_TO, equations, untold_parts
from ctg_geo.diagnosis.measured import measured, ranked, with_modes
from ctg_geo.diagnosis.remarks import remarks
from ctg_geo.network import RoadNetwork
from ctg_geo.parameters import Robustness, Service, Snapping
from ctg_geo.quality import Finding
from ctg_geo.territory import Homes, Territory, demand, demand_at_homes, known_in_part, supply
from ctg_geo.travel import TravelTimes, travel_times

if TYPE_CHECKING:
    import geopandas as gpd


__all__ = ["Diagnosis", "diagnose"]


class _Sure(Protocol):
    """How sure a diagnosis is: `HowSure`, which is made of one."""

    def certainty(self, communes: pd.DataFrame) -> pd.Series: ...


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

    def worst(self, count: int, sure: _Sure | None = None) -> pd.DataFrame:
        """Return the communes where most is missing, the worst first.

        Where the study has a section ``[uncertainty]``, its files tell the certainty of the
        draws: `certainty_draws`, with `sure`. Without it, `certainty_variants` is told.
        """
        of = "variants" if sure is None else "draws"
        certainty = self.communes["certainty"] if sure is None else sure.certainty(self.communes)
        told = self.communes[["nom", "missing", "concerned", "score"]]
        told = pd.DataFrame(told).assign(**{f"certainty_{of}": certainty})
        order = self.communes[self.communes["below"]].sort_values("rank").index
        return pd.DataFrame(told.loc[order]).head(count)


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
    travelled = partial(travel_times, network, homes.places.geometry, places.geometry,
                        snapping=snapping)  # fmt: skip
    times = travelled(limit_min=service.max_min) if times is None else times
    times = admissible(times, homes.code, places)
    further = _as_far_as_needed(times, service, robustness, places, homes, travelled)
    told = equations(services_told) + len(service.care)
    found = measured(
        territory, service, people, people_status, local_people, places, times,
        robustness=robustness, fewest=fewest, told=told, further=further,
        in_part=known_in_part(territory.partial, set(service.care) or {key}),
    )  # fmt: skip
    every_mode = pd.DataFrame(index=homes.places.index) if modes is None else modes
    results = with_modes(found.communes, every_mode, homes, service.demand, found.split)
    results = ranked(results, service)
    for name in groups.columns:
        results[name] = groups[name]
    said += more
    if fewest and service.judged:
        said += untold_parts(results, service)
    untold = results.index[results["unreached_share"].isna() & bool(fewest)]
    said += remarks(territory, network, service, places, times, found.homes, found.catchment,
                    found.sharing, untold=untold)  # fmt: skip
    estimated = estimates(
        territory, network, people_status, places, service, times.origin_snaps["status"]
    )
    return Diagnosis(
        key, service, territory, network, people, people_status, places, times, found.nearest,
        found.homes, found.sharing, found.catchment, results, groups, tuple(said), estimated,
        every_mode, fewest, told,
    )  # fmt: skip


def _as_far_as_needed(
    times: TravelTimes,
    service: Service,
    robustness: Robustness,
    places: "gpd.GeoDataFrame",
    homes: Homes,
    travelled: Callable[..., TravelTimes],
) -> TravelTimes:
    """Return times as far as the variants of the verdict look: those known, where they reach."""
    needed = furthest_min(service, robustness, sharing_of(service, places))
    if times.limit_min is None or times.limit_min >= needed:
        return times
    return admissible(travelled(limit_min=needed), homes.code, places)
