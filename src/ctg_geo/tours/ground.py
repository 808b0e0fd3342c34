"""What tours are judged on: roads, places to stop at, people and what they can reach."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ctg_geo.errors import TourError
from ctg_geo.network import RoadNetwork
from ctg_geo.parameters import Snapping
from ctg_geo.travel import TravelTimes, travel_times

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["Ground", "Roads", "check_near", "driving_minutes"]


@dataclass(frozen=True, slots=True, eq=False)
class Roads:
    """The roads of a vehicle, timed, and how places join them."""

    network: RoadNetwork
    snapping: Snapping


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """Where tours may stop, and the people around.

    Parameters
    ----------
    roads : by profile of vehicle
    sites : by place: nom, code_insee, geometry; depots, stops and candidates
    times : by profile, from homes to sites, minutes
    people : by demand_id, those concerned; estimates where they are secret or unknown
    shown : by demand_id, whether their number may be told
    to_serve : by demand_id, whether the service is meant for them (see `Itinerant`)
    code : by demand_id, the commune
    group : by demand_id, the group that a floor is about; one group where there is no grouping
    """

    roads: Mapping[str, Roads]
    sites: "gpd.GeoDataFrame"
    times: Mapping[str, TravelTimes]
    people: pd.Series
    shown: pd.Series
    to_serve: pd.Series
    code: pd.Series
    group: pd.Series

    def __post_init__(self) -> None:
        index = self.people.index
        for each in (self.shown, self.to_serve, self.code, self.group):
            assert each.index.equals(index), "people are not on one index"
        for times in self.times.values():
            assert times.origins.equals(index), "times do not start at the homes"
            assert times.destinations.equals(self.sites.index), "times do not end at the sites"


def driving_minutes(ground: Ground, profile: str, places: list[str]) -> pd.DataFrame:
    """Minutes of a vehicle from each place to each other.

    Raises
    ------
    TourError
        If a place is too far from any road of the vehicle, or has no way to another.
    """
    roads = ground.roads[profile]
    points = ground.sites.geometry.loc[list(dict.fromkeys(places))]
    times = travel_times(roads.network, points, points, limit_min=None, snapping=roads.snapping)
    status = times.origin_snaps["status"]
    check_near(ground, status.index[status == "far"], roads)
    minutes = times.to_matrix()
    if not np.isfinite(minutes.to_numpy()).all():
        lost = minutes.index[~np.isfinite(minutes.to_numpy()).all(axis=1)]
        raise TourError("no_way", places=_named(ground, lost))
    return minutes


def check_near(ground: Ground, far: pd.Index, roads: Roads) -> None:
    """Refuse places that are too far from any road.

    Raises
    ------
    TourError
        Naming them.
    """
    if len(far):
        limit = roads.snapping.limit_m / 1000
        raise TourError("off_network", places=_named(ground, far), limit=limit)


def _named(ground: Ground, places: pd.Index) -> list[str]:
    return [f"{ground.sites.at[each, 'nom']} ({each})" for each in places]
