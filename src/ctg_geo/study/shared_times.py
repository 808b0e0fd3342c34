"""Travel times from homes to places, computed once for the services that share a profile."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

from ctg_geo.access import admissible, nearest
from ctg_geo.config import StudyConfig
from ctg_geo.errors import NoRoadError
from ctg_geo.network import RoadNetwork
from ctg_geo.parameters import Service
from ctg_geo.quality import Finding
from ctg_geo.territory import Territory
from ctg_geo.travel import TravelTimes, travel_times

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["SharedTimes"]


@dataclass(frozen=True, slots=True, eq=False)
class SharedTimes:
    """Times by profile; those of several services at once once `share` was asked for them."""

    config: StudyConfig
    territory: Territory
    network: Callable[[str], RoadNetwork]
    _known: dict[str, TravelTimes] = field(default_factory=dict)

    def to(self, profile: str, places: "gpd.GeoSeries", *, limit_min: float) -> TravelTimes:
        """Return the times from homes to places by a profile, up to a limit.

        A place that does not admit the people of a home is not reached from it.

        Raises
        ------
        NoRoadError
            If no road is open to the mode of the profile.
        """
        known = self._known.get(profile)
        if (
            known is not None
            and known.limit_min is not None
            and known.limit_min >= limit_min
            and places.index.isin(known.destinations).all()
        ):
            return known.to_destinations(known.destinations.isin(places.index)).within(limit_min)
        homes = self.territory.homes
        times = travel_times(
            self.network(profile), homes.places.geometry, places, limit_min=limit_min,
            snapping=self.config.profiles[profile].snapping,
        )  # fmt: skip
        return admissible(times, homes.code, self.territory.equipements)

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
