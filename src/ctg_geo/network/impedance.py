"""From a travel profile to the time each arc takes: running, slope, congestion, junctions."""

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ctg_geo.network.arcs import CLOSED_MS, NO_ARC, milliseconds
from ctg_geo.network.grades import slowed
from ctg_geo.network.junctions import lost_ms
from ctg_geo.network.road_network import RoadNetwork
from ctg_geo.network.surroundings import inside_towns
from ctg_geo.parameters import Surroundings, TravelProfile

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["arc_times", "edge_speeds", "unlisted_classes", "with_profile"]

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


def with_profile(network: RoadNetwork, profile: TravelProfile) -> RoadNetwork:
    """Return the same roads, timed for a mode of travel at its period.

    Notes
    -----
    The time of an arc is its length over the speed of its edge (`edge_speeds`), times the
    factor of the slope and that of the period, plus what is lost at its head
    (`RoadNetwork.arrival_ms`, see `parameters.Penalties`). An arc that has a length takes at
    least 1 ms. Edges of a closed class are closed.
    """
    running = _running_ms(network, profile)
    lost = lost_ms(network, profile)
    times = running + lost
    closed = network.edges["road_class"].isin(profile.closed_classes).to_numpy()
    for arcs in (network.forward, network.backward):
        shut = arcs[closed & (arcs != NO_ARC)]
        times[shut], lost[shut] = CLOSED_MS, 0
    return replace(network, time_ms=times, arrival_ms=lost if lost.any() else None)


def arc_times(network: RoadNetwork, profile: TravelProfile) -> Ints:
    """Time of every arc for a mode of travel, as `with_profile` sets it.

    Returns
    -------
    ndarray, by arc
        Integer milliseconds, junctions included; `CLOSED_MS` where the mode may not go.
    """
    return with_profile(network, profile).time_ms


def edge_speeds(network: RoadNetwork, profile: TravelProfile) -> Floats:
    """Return the running speed of edges on the flat, in free flow, km/h (`TravelProfile`)."""
    edges = network.edges
    urban = inside_towns(network)
    kind = edges["speed_kind"].to_numpy() if "speed_kind" in edges.columns else "mean"
    given = edges["speed_kmh"].to_numpy(np.float64)
    factor = np.where(kind == np.array("limit", dtype=object), _by(profile.limit_factor, urban), 1)
    usable = profile.use_stated | (edges["road_class"] == "ferry").to_numpy()
    stated = np.where(usable, given * factor, np.nan)
    rural = _of_class(edges["road_class"], profile.speed_kmh)
    town = np.where(urban, _of_class(edges["road_class"], profile.urban_kmh), np.nan)
    speed = _first_known(stated, town, rural)
    return np.asarray(np.nan_to_num(speed, nan=profile.default_kmh), dtype=np.float64)


def unlisted_classes(network: RoadNetwork, profile: TravelProfile) -> "pd.Series[float]":
    """Return the metres of road, by class, that run at the default speed of a profile."""
    edges = network.edges
    stated = edges["speed_kmh"].notna() & (profile.use_stated | (edges["road_class"] == "ferry"))
    listed = edges["road_class"].isin([*profile.speed_kmh, *profile.closed_classes])
    some = edges[~stated & ~listed]
    return some.groupby("road_class")["length_m"].sum().sort_values(ascending=False)


def _running_ms(network: RoadNetwork, profile: TravelProfile) -> Ints:
    length_m = network.edges["length_m"].to_numpy(np.float64)
    flat_s = length_m / edge_speeds(network, profile) * 3.6
    factor = _by(profile.now.time_factor, inside_towns(network))
    times = network.time_ms.copy()
    for arcs, ahead in ((network.forward, True), (network.backward, False)):
        open_ = arcs != NO_ARC
        seconds = flat_s * factor * slowed(network, profile.slope, ahead=ahead)
        edge_ms = np.maximum(milliseconds(seconds), length_m > 0)
        times[arcs[open_]] = edge_ms[open_]
    return times


def _by(values: Surroundings, urban: Bools) -> Floats:
    each: Floats = np.where(urban, values.urban, values.rural)
    return each


def _of_class(road_class: "pd.Series[str]", speeds: dict[str, float]) -> Floats:
    return np.asarray(road_class.map(speeds).to_numpy(np.float64), dtype=np.float64)


def _first_known(*choices: Floats) -> Floats:
    best = choices[-1]
    for choice in reversed(choices[:-1]):
        best = np.asarray(np.where(np.isnan(choice), best, choice), dtype=np.float64)
    return best
