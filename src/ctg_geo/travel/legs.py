"""How snapped points hang on the nodes of the network, and on each other along one edge."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from ctg_geo.network import RoadNetwork
from ctg_geo.travel.snap import Snaps
from ctg_geo.travel.uniform import counted, repeated

__all__ = [
    "Legs",
    "Pairs",
    "across",
    "along",
    "leg_ways",
    "legs_in",
    "legs_out",
    "off_road",
    "running_ms",
    "same_edge",
]

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

_SAME_PLACE_M = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Legs:
    """First or last legs: point number, node, milliseconds between them (at most 2 a point).

    Nodes are those of `RoadNetwork.routing`.
    """

    points: int
    point: Ints
    node: Ints
    time_ms: Ints


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """Times of pairs: origin number, destination number, milliseconds."""

    origin: Ints
    destination: Ints
    time_ms: Ints


def legs_out(network: RoadNetwork, snaps: Snaps) -> Legs:
    """From each point to the nodes it can drive to first.

    What is lost at the node that a leg arrives at is part of it.
    """
    ways = (network.forward, 1.0 - snaps.share), (network.backward, snaps.share)
    return _legs(network, snaps, snaps.node, ways, network.routing.head, network.arrival_ms)


def legs_in(network: RoadNetwork, snaps: Snaps) -> Legs:
    """To each point from the nodes one can come from last.

    One does not come to the node at the end of the edge: what is lost there does not count.
    """
    ways = (network.forward, snaps.share), (network.backward, 1.0 - snaps.share)
    routing = network.routing
    return _legs(network, snaps, routing.arrive(snaps.node), ways, routing.tail, None)


def running_ms(network: RoadNetwork, arcs: Ints) -> Ints:
    """Time of arcs less what is lost at their heads."""
    time_ms = network.time_ms[arcs]
    return time_ms if network.arrival_ms is None else time_ms - network.arrival_ms[arcs]


def _legs(
    network: RoadNetwork,
    snaps: Snaps,
    at: Ints,
    ways: tuple[tuple[Ints, npt.NDArray[np.float64]], ...],
    ends: Ints,
    lost_ms: npt.NDArray[np.number] | None,
) -> Legs:
    """Make legs of points at nodes (`at`) and of those along edges, by arcs and their ends."""
    if not snaps.placed:
        return Legs(len(snaps), counted(len(snaps)), at, repeated(0, len(snaps)))
    ends_ms = snaps.access_ms + snaps.terminal_ms
    at_node = np.flatnonzero(snaps.edge < 0)
    point, node, time = [at_node], [at[at_node]], [ends_ms[at_node]]
    on_edge = np.flatnonzero(snaps.edge >= 0)
    for arcs, share in ways:
        edge = snaps.edge[on_edge]
        open_ = network.is_open(arcs[edge])
        some, arc = on_edge[open_], arcs[edge[open_]]
        lost = 0 if lost_ms is None else lost_ms[arc]
        part = np.rint(share[some] * running_ms(network, arc) + lost).astype(np.int64)
        point.append(some)
        node.append(ends[arc])
        time.append(part + ends_ms[some])
    return Legs(len(snaps), np.concatenate(point), np.concatenate(node), np.concatenate(time))


def leg_ways(network: RoadNetwork, snaps: Snaps) -> tuple[Ints, Bools]:
    """Edge of each leg (-1 at a node) and whether it runs forward, in the order of the legs."""
    on_edge = snaps.edge[snaps.edge >= 0]
    ahead = on_edge[network.is_open(network.forward[on_edge])]
    back = on_edge[network.is_open(network.backward[on_edge])]
    at_node = snaps.edge[snaps.edge < 0]
    edge = np.concatenate([at_node, ahead, back])
    return edge, np.arange(len(edge)) < len(at_node) + len(ahead)


def same_edge(network: RoadNetwork, origins: Snaps, destinations: Snaps) -> Pairs:
    """Pairs snapped to one edge that can go straight along it, in a permitted direction."""
    if not (origins.placed and destinations.placed):
        none = np.zeros(0, dtype=np.int64)
        return Pairs(none, none, none)
    left = pd.DataFrame({"edge": origins.edge, "o": np.arange(len(origins))})
    right = pd.DataFrame({"edge": destinations.edge, "d": np.arange(len(destinations))})
    both = left[left["edge"] >= 0].merge(right[right["edge"] >= 0], on="edge")
    origin, destination = both["o"].to_numpy(np.int64), both["d"].to_numpy(np.int64)
    pairs, number, _ = along(network, origins, destinations, origin, destination)
    return Pairs(origin[number], destination[number], pairs)


def along(
    network: RoadNetwork, origins: Snaps, destinations: Snaps, origin: Ints, destination: Ints
) -> tuple[Ints, Ints, Bools]:
    """Time pairs straight along the edge that both points are snapped to.

    Parameters
    ----------
    origin, destination : by pair, numbers of points snapped to one edge

    Returns
    -------
    milliseconds, number of the pair, forward or not
        Of the pairs that the direction of the edge permits.
    """
    edge = origins.edge[origin]
    ahead = destinations.share[destination] - origins.share[origin]
    forward = (ahead > 0) | ((ahead == 0) & network.is_open(network.forward[edge]))
    arc = np.where(forward, network.forward[edge], network.backward[edge])
    number = np.flatnonzero(network.is_open(arc))
    origin, destination, arc = origin[number], destination[number], arc[number]
    part = np.rint(np.abs(ahead[number]) * running_ms(network, arc)).astype(np.int64)
    here = (origins.access_ms + origins.terminal_ms)[origin]
    there = (destinations.access_ms + destinations.terminal_ms)[destination]
    return part + here + there, number, forward[number]


def off_road(origins: Snaps, destinations: Snaps, *, access_kmh: float) -> Pairs:
    """Pairs nearer to each other than to the road: straight across, at the access speed.

    Where the way from the origin to the road plus that from the road to the destination is
    at least the distance between them, the detour by the road makes no sense. Two points
    at one place are 0 ms apart. One walks: nothing is spent at either end.
    """
    if not (origins.placed and destinations.placed and len(origins) and len(destinations)):
        none = np.zeros(0, dtype=np.int64)
        return Pairs(none, none, none)
    snap_o = origins.table["snap_m"].to_numpy(np.float64)
    snap_d = destinations.table["snap_m"].to_numpy(np.float64)
    start = shapely.points(origins.x, origins.y)
    end = shapely.points(destinations.x, destinations.y)
    reach = snap_o + snap_d.max() + _SAME_PLACE_M
    at, to = shapely.STRtree(end).query(start, predicate="dwithin", distance=reach)
    time_ms, number = across(origins, destinations, at, to, access_kmh=access_kmh)
    return Pairs(at[number], to[number], time_ms)


def across(
    origins: Snaps, destinations: Snaps, origin: Ints, destination: Ints, *, access_kmh: float
) -> tuple[Ints, Ints]:
    """Time pairs straight across, where they are nearer to each other than to the road.

    Parameters
    ----------
    origin, destination : by pair, numbers of points

    Returns
    -------
    milliseconds, number of the pair
        Of those pairs.
    """
    metres = np.hypot(
        destinations.x[destination] - origins.x[origin],
        destinations.y[destination] - origins.y[origin],
    )
    snap_o = origins.table["snap_m"].to_numpy(np.float64)[origin]
    snap_d = destinations.table["snap_m"].to_numpy(np.float64)[destination]
    near = np.flatnonzero(metres <= np.maximum(snap_o + snap_d, _SAME_PLACE_M))
    apart_m = np.where(metres[near] < _SAME_PLACE_M, 0.0, metres[near])
    return np.rint(apart_m / access_kmh * 3600).astype(np.int64), near
