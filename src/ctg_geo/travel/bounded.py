"""Bounded search: the nodes within a limit of a few points, when that is a small neighbourhood."""

from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt

from ctg_geo.network import RoadNetwork
from ctg_geo.travel.hierarchy.compiled import FAR, kernel
from ctg_geo.travel.legs import Legs

__all__ = ["bounded"]

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
Stars = tuple[Longs, Ints, Ints]  # by node + 1: first arc; by arc: other end, milliseconds

_NODE_BITS = 32

_stars: "WeakKeyDictionary[RoadNetwork, dict[bool, Stars]]" = WeakKeyDictionary()


def bounded(
    network: RoadNetwork, source: Legs, limit_ms: float, *, reverse: bool, most: int
) -> tuple[Longs, Longs] | None:
    """Find the nodes within a limit of a point, or of the nearest of several, and their times.

    Dijkstra's search, with a heap; its work space is as small as what it reaches.

    Parameters
    ----------
    network : roads with times
    source : legs of the points one starts at, or arrives at if `reverse`
    limit_ms : milliseconds
    most : how many nodes it may settle before giving up

    Returns
    -------
    nodes of `network.routing` and milliseconds, in order of time; None where there are more
    than `most`, or the limit does not fit in 30 bits (12 days).
    """
    if limit_ms >= FAR:
        return None
    first, other, time_ms = _star(network, reverse=reverse)
    limit = int(limit_ms)
    near = source.time_ms <= limit
    nodes, times = source.node[near], source.time_ms[near]
    found = _search(first, other, time_ms, nodes, times, limit, most)
    if len(found) > most:
        return None
    return found & ((1 << _NODE_BITS) - 1), found >> _NODE_BITS


def _star(network: RoadNetwork, *, reverse: bool) -> Stars:
    kept = _stars.setdefault(network, {})
    if reverse not in kept:
        graph = network.routing.graph.T.tocsr() if reverse else network.routing.graph
        time_ms = np.minimum(graph.data, FAR).astype(np.int32)
        kept[reverse] = graph.indptr.astype(np.int64), graph.indices.astype(np.int32), time_ms
    return kept[reverse]


@kernel
def _search(
    first: Longs, other: Ints, times: Ints, nodes: Longs, starts: Longs, limit: int, most: int
) -> Longs:
    """Return time * 2**32 + node of what is settled, at most `most` + 1 of them."""
    settled = np.empty(1024, np.int64)
    count = 0
    heap = np.empty(1024 + len(nodes), np.int64)
    size = 0
    done = set()
    done.add(np.int64(-1))
    for i in range(len(nodes)):
        _push(heap, size, (starts[i] << _NODE_BITS) + nodes[i])
        size += 1
    while size > 0 and count <= most:
        here = heap[0]
        size -= 1
        _sink(heap, size)
        node = here & ((1 << _NODE_BITS) - 1)
        if node in done:
            continue
        done.add(node)
        if count == len(settled):
            settled = _larger(settled, count)
        settled[count] = here
        count += 1
        for a in range(first[node], first[node + 1]):
            there = (here >> _NODE_BITS) + times[a]
            if there <= limit and np.int64(other[a]) not in done:
                if size == len(heap):
                    heap = _larger(heap, size)
                _push(heap, size, (there << _NODE_BITS) + other[a])
                size += 1
    return settled[:count]


@kernel
def _larger(values: Longs, count: int) -> Longs:
    larger = np.empty(2 * len(values), np.int64)
    for i in range(count):
        larger[i] = values[i]
    return larger


@kernel
def _push(heap: Longs, at: int, value: np.int64) -> None:
    while at > 0 and heap[(at - 1) >> 1] > value:
        heap[at] = heap[(at - 1) >> 1]
        at = (at - 1) >> 1
    heap[at] = value


@kernel
def _sink(heap: Longs, size: int) -> None:
    """Move the last value, heap[size], to the place of the first."""
    value = heap[size]
    at = 0
    while 2 * at + 1 < size:
        child = 2 * at + 1
        if child + 1 < size and heap[child + 1] < heap[child]:
            child += 1
        if heap[child] >= value:
            break
        heap[at] = heap[child]
        at = child
    heap[at] = value
