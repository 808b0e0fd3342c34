"""Travel times from homes to places, computed once for the services that share a profile."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

from ctg_geo.access import admissible, nearest
from ctg_geo.config import StudyConfig
from ctg_geo.errors import NoRoadError
from ctg_geo.network import RoadNetwork
from ctg_geo.parameters import Outing, Service
from ctg_geo.quality import Finding
from ctg_geo.study.timing import timed
from ctg_geo.study.transit import TransitReader
from ctg_geo.territory import Territory
from ctg_geo.travel import TravelTimes, transit_times, travel_times

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["SharedTimes"]


@dataclass(frozen=True, slots=True, eq=False)
class SharedTimes:
    """Times by profile; those of several services at once once `share` was asked for them."""

    config: StudyConfig
    territory: Territory
    network: Callable[[str], RoadNetwork]
    transit: TransitReader
    _known: dict[str, TravelTimes] = field(default_factory=dict)

    def to(self, profile: str, places: "gpd.GeoSeries", *, limit_min: float) -> TravelTimes:
        """Return the times from homes to places by a profile, up to a limit.

        A place that does not admit the people of a home is not reached from it.

        Raises
        ------
        NoRoadError
            If no road is open to the mode of the profile, or no timetable is there.
        """
        known = self._known.get(profile)
        if (
            known is not None
            and known.limit_min is not None
            and self._serves(profile, known.limit_min, limit_min)
            and places.index.isin(known.destinations).all()
        ):
            return known.to_destinations(known.destinations.isin(places.index)).within(limit_min)
        homes = self.territory.homes
        times = self._travelled(profile, homes.places.geometry, places, limit_min)
        return admissible(times, homes.code, self.territory.equipements)

    def outing(self, profile: str) -> tuple[str, Outing]:
        """Return the outing that a profile of public transport is on.

        Raises
        ------
        NoRoadError
            If the study declares none, or no timetable.
        """
        asked = self.config.outing(profile)
        if asked is None:
            raise NoRoadError("no_outing" if self.config.file.sources.transit else "no_timetable")
        return asked

    def _serves(self, profile: str, known_min: float, limit_min: float) -> bool:
        """Tell whether times up to one limit give those up to another.

        By public transport they do not: the limit is that of the way back as well.
        """
        if self.config.profiles[profile].transit is not None:
            return known_min == limit_min
        return known_min >= limit_min

    def _travelled(
        self, profile: str, homes: "gpd.GeoSeries", places: "gpd.GeoSeries", limit_min: float
    ) -> TravelTimes:
        rules = self.config.profiles[profile]
        snapping = rules.snapping
        if rules.transit is None:
            return travel_times(
                self.network(profile), homes, places, limit_min=limit_min, snapping=snapping
            )
        key, outing = self.outing(profile)
        timetable = self.transit.timetable(key, outing, rules.transit)
        return timed(
            f"transit {profile}", transit_times, self.network(profile), timetable, homes, places,
            limit_min=limit_min, outing=outing, rules=rules.transit, snapping=snapping,
        )  # fmt: skip

    def share(self, services: Iterable[str]) -> None:
        """Compute, once for each profile, the times to all places of these services."""
        every = self.territory.equipements
        wanted: dict[str, tuple[set[str], float]] = {}
        for key in services:
            service = self.config.service(key)
            for profile in (service.profile, *service.other_modes):
                keys, limit = wanted.get(profile, (set(), 0.0))
                wanted[profile] = keys | (set(service.care) or {key}), max(limit, service.max_min)
        for profile, (keys, limit) in wanted.items():
            places = every.geometry[every["service"].isin(keys)]
            try:
                if len(places):
                    self._known[profile] = self.to(profile, places, limit_min=limit)
            except NoRoadError:
                continue  # each service that asks for this profile tells it

    def other_modes(
        self, service: Service, places: "gpd.GeoSeries"
    ) -> tuple[pd.DataFrame, list[Finding]]:
        """Return minutes to the nearest place by each further mode of a service.

        A mode without roads has no column, and a finding says why.
        """
        found, said = {}, []
        for mode in service.other_modes:
            try:
                times = self.to(mode, places, limit_min=service.max_min)
            except NoRoadError as error:
                facts: dict[str, object] = {"mode": mode, "why": error.explain()}
                said.append(Finding("warning", "mode_without_roads", mode, facts=facts))
            else:
                found[mode] = nearest(times)["minutes"]
        return pd.DataFrame(found, index=self.territory.homes.places.index), said
