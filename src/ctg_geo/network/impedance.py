"""From a travel profile to the time each arc takes."""

import numpy as np
import numpy.typing as npt

from ctg_geo.network.arcs import NO_ARC, milliseconds
from ctg_geo.network.road_network import RoadNetwork
from ctg_geo.parameters import TravelProfile

__all__ = ["arc_times", "with_profile"]


def arc_times(network: RoadNetwork, profile: TravelProfile) -> npt.NDArray[np.int64]:
    """Time of every arc for a mode of travel.

    The speed is the one the road states (`edges.speed_kmh`), else that of its class in the
    profile, else the profile's default.

    Parameters
    ----------
    network : edges with length_m (metres), road_class, speed_kmh (NaN where unknown)
    profile : speeds in km/h

    Returns
    -------
    ndarray, by arc
        Integer milliseconds, at least 1 for an edge that has a length.
    """
    stated = network.edges["speed_kmh"].to_numpy(np.float64)
    by_class = network.edges["road_class"].map(profile.speed_kmh).to_numpy(np.float64)
    speed = np.where(np.isnan(stated), by_class, stated)
    speed = np.where(np.isnan(speed), profile.default_kmh, speed)
    length_m = network.edges["length_m"].to_numpy(np.float64)
    edge_ms = np.maximum(milliseconds(length_m / speed * 3.6), length_m > 0)
    times = network.time_ms.copy()
    for arcs in (network.forward, network.backward):
        open_ = arcs != NO_ARC
        times[arcs[open_]] = edge_ms[open_]
    return times


def with_profile(network: RoadNetwork, profile: TravelProfile) -> RoadNetwork:
    """Return the same roads, timed for a mode of travel."""
    return network.with_times(arc_times(network, profile))
