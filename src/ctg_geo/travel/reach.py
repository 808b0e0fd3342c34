"""Which parts of which roads are within a time of a place, cut where the time runs out."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from ctg_geo.network import RoadNetwork
from ctg_geo.progress import track
from ctg_geo.travel.between import between, no_pairs
from ctg_geo.travel.legs import Legs, legs_in, legs_out, running_ms
from ctg_geo.travel.query import End
from ctg_geo.travel.snap import Snaps
from ctg_geo.travel.uniform import counted, repeated

__all__ = [
    "Direction",
    "Parts",
    "at_nodes",
    "both",
    "by_place",
    "node_times",
    "nothing",
    "reached",
    "rest",
    "to_nearest",
]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_BLOCK_CELLS = 8_000_000  # of the times of all nodes kept at once: 64 MB
_LEAST_M = 0.001  # a shorter part is none


class Direction(StrEnum):
    """Which way one travels: from home to the place, or from the place home."""

    TO = "to"
    FROM = "from"

    @property
    def of_places(self) -> End:
        """Which end of the trips the places are."""
        return "destination" if self is Direction.TO else "origin"

    @property
    def of_ground(self) -> End:
        """Which end of the trips everywhere else is."""
        return "origin" if self is Direction.TO else "destination"


@dataclass(frozen=True, slots=True, eq=False)
class Parts:
    """Parts of edges, none overlapping: edge, and positions along it from 0 to 1."""

    edge: Ints  # increasing
    low: Floats
    high: Floats


def node_times(
    network: RoadNetwork, places: Snaps, limit_ms: float, direction: Direction
) -> Floats:
    """Milliseconds between every node of `network.routing` and every place; inf beyond the limit.

    Returns
    -------
    ndarray, places × nodes
    """
    count = network.routing.nodes
    every = counted(count)
    nodes = Legs(count, every, every, repeated(0, count))
    times = np.full((len(places), count), np.inf)
    if direction is Direction.TO:
        last = legs_in(network, places)
        (start, to, time_ms), _ = between(network, nodes, last, limit_ms, no_pairs())
        times[to, np.repeat(every, np.diff(start))] = time_ms
    else:
        first = legs_out(network, places)
        (start, to, time_ms), _ = between(network, first, nodes, limit_ms, no_pairs())
        times[np.repeat(np.arange(len(places)), np.diff(start)), to] = time_ms
    return times


def by_place(
    network: RoadNetwork, places: Snaps, limit_ms: float, direction: Direction
) -> Iterator[tuple[int, Floats]]:
    """Yield the number of each place and the milliseconds of all nodes, some places at a time."""
    step = max(1, _BLOCK_CELLS // max(1, network.routing.nodes))
    blocks = [np.arange(at, min(at + step, len(places))) for at in range(0, len(places), step)]
    for block in track(blocks, "node_times"):
        times = node_times(network, places.at(block), limit_ms, direction)
        yield from zip(block.tolist(), times, strict=True)


def to_nearest(
    network: RoadNetwork, places: Snaps, limit_ms: float, direction: Direction
) -> Floats:
    """Milliseconds between nodes of `network.routing` and the nearest place, as `node_times`."""
    nearest = np.full(network.routing.nodes, np.inf)
    for _, node_ms in by_place(network, places, limit_ms, direction):
        np.minimum(nearest, node_ms, out=nearest)
    return nearest


def at_nodes(network: RoadNetwork, node_ms: Floats, direction: Direction) -> Floats:
    """Return, of the times of the nodes of `network.routing`, those of trips from or to nodes."""
    if direction is Direction.TO:
        return node_ms[: network.nodes]
    return node_ms[network.routing.arrive(np.arange(network.nodes))]


def reached(
    network: RoadNetwork,
    edges: Ints,
    node_ms: Floats,
    places: Snaps,
    limit_ms: float,
    direction: Direction,
) -> Parts:
    """Cut edges at the points where the time runs out, from both ends and from the places.

    Parameters
    ----------
    network : roads with times
    edges : numbers of those to look at, increasing
    node_ms : by node of `network.routing`, time to (or from) the nearest of the places
    places : the places; on their own edge one need pass no node
    limit_ms : milliseconds
    direction : the way one travels

    Returns
    -------
    Parts
        A position is in it exactly if its time is within the limit.
    """
    towards_end, towards_start = network.forward[edges], network.backward[edges]
    if direction is Direction.FROM:
        towards_end, towards_start = towards_start, towards_end
    # going `towards_end` one passes the end of the edge, coming from it if the way is turned
    end_ms, start_ms = _arc_ms(network, towards_end), _arc_ms(network, towards_start)
    lost_end = _lost_ms(network, towards_end, direction)
    lost_start = _lost_ms(network, towards_start, direction)
    from_start = _span(
        limit_ms - _next_ms(network, towards_start, node_ms, direction) - lost_start, start_ms
    )
    from_end = _span(
        limit_ms - _next_ms(network, towards_end, node_ms, direction) - lost_end, end_ms
    )
    on_edge = np.flatnonzero(np.isin(places.edge, edges))
    seat = np.searchsorted(edges, places.edge[on_edge])
    ends_ms = (places.access_ms + places.terminal_ms)[on_edge]
    left_ms = limit_ms - ends_ms.astype(np.float64)
    share = places.share[on_edge]
    before, after = _span(left_ms, end_ms[seat]), _span(left_ms, start_ms[seat])
    number = np.arange(len(edges))
    return _merged(
        edges[np.concatenate([number, number, seat, seat])],
        np.concatenate([np.zeros(len(edges)), 1 - from_end, share - before, share]),
        np.concatenate([from_start, np.ones(len(edges)), share, share + after]),
        np.concatenate([from_start >= 0, from_end >= 0, before >= 0, after >= 0]),
    )


def rest(edges: Ints, parts: Parts, length_m: Floats) -> Parts:
    """Return what of some edges (increasing) is in no part; `length_m` by edge of them."""
    mine = np.isin(parts.edge, edges)
    edge, low, high = parts.edge[mine], parts.low[mine], parts.high[mine]
    first = np.diff(edge, prepend=-1) != 0
    last = np.diff(edge, append=-1) != 0
    before = np.where(first, 0.0, np.roll(high, 1))
    untouched = edges[~np.isin(edges, edge)]
    every = np.concatenate([edge, edge[last], untouched])
    starts = np.concatenate([before, high[last], np.zeros(len(untouched))])
    ends = np.concatenate([low, np.ones(int(last.sum())), np.ones(len(untouched))])
    kept = (ends - starts) * length_m[np.searchsorted(edges, every)] > _LEAST_M
    order = np.flatnonzero(kept)[np.lexsort((starts[kept], every[kept]))]
    return Parts(every[order], starts[order], ends[order])


def both(one: Parts, other: Parts) -> Parts:
    """Return two sets of parts that do not overlap as one."""
    edge = np.concatenate([one.edge, other.edge])
    low, high = np.concatenate([one.low, other.low]), np.concatenate([one.high, other.high])
    order = np.lexsort((low, edge))
    return Parts(edge[order], low[order], high[order])


def nothing() -> Parts:
    """Return no parts."""
    none = np.zeros(0)
    return Parts(none.astype(np.int64), none, none)


def _arc_ms(network: RoadNetwork, arcs: Ints) -> Floats:
    time_ms = np.full(len(arcs), np.nan)
    open_ = network.is_open(arcs)
    time_ms[open_] = running_ms(network, arcs[open_])
    return time_ms


def _next_ms(network: RoadNetwork, arcs: Ints, node_ms: Floats, direction: Direction) -> Floats:
    """Return the times of the nodes between these arcs and the place; inf where there is no arc."""
    ends = network.routing.head if direction is Direction.TO else network.routing.tail
    time_ms = np.full(len(arcs), np.inf)
    open_ = network.is_open(arcs)
    time_ms[open_] = node_ms[ends[arcs[open_]]]
    return time_ms


def _lost_ms(network: RoadNetwork, arcs: Ints, direction: Direction) -> Floats:
    """Return what is lost at the node between these edges and the place, if one arrives at it."""
    lost = np.zeros(len(arcs))
    if direction is Direction.TO and network.arrival_ms is not None:
        open_ = network.is_open(arcs)
        lost[open_] = network.arrival_ms[arcs[open_]]
    return lost


def _span(left_ms: Floats, whole_ms: Floats) -> Floats:
    """Share of an edge one may drive in the time left, up to 1; -1 where none is left."""
    span = np.full(len(left_ms), -1.0)
    able = (left_ms >= 0) & ~np.isnan(whole_ms)
    whole = np.maximum(whole_ms[able], 1e-9)
    span[able] = np.minimum(left_ms[able] / whole, 1.0)
    return span


def _merged(edge: Ints, low: Floats, high: Floats, there: npt.NDArray[np.bool_]) -> Parts:
    edge, low, high = edge[there], low[there].clip(0, 1), high[there].clip(0, 1)
    order = np.lexsort((high, low, edge))
    edge, low, high = edge[order], low[order], high[order]
    # edges stand 2 apart on one line, so that the furthest point so far is never another edge's
    furthest = np.maximum.accumulate(2.0 * edge + high) if len(edge) else high
    fresh = np.ones(len(edge), dtype=bool)
    fresh[1:] = 2.0 * edge[1:] + low[1:] > furthest[:-1]
    start = np.flatnonzero(fresh)
    last = np.append(start[1:], len(edge)) - 1 if len(edge) else start
    return Parts(edge[start], low[start], furthest[last] - 2.0 * edge[last])
