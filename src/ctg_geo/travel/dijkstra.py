"""Plain exact shortest paths: scipy's Dijkstra, one search per point of the shorter side."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from ctg_geo import progress
from ctg_geo.network import RoadNetwork, fastest
from ctg_geo.travel.legs import Legs, Pairs

__all__ = ["many_to_many", "searched", "with_sources"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_CHUNK_CELLS = 4_000_000  # cells of one search result kept at once: 32 MB


def many_to_many(network: RoadNetwork, first: Legs, last: Legs, limit_ms: float) -> Pairs:
    """Fastest times over the network between all points of two lists.

    Parameters
    ----------
    network : arcs in integer milliseconds
    first, last : legs from the origins, and to the destinations
    limit_ms : pairs beyond it are left out; `inf` for no limit

    Returns
    -------
    Pairs
        Every pair that has a route within the limit, legs included.
    """
    rows, columns, times = [], [], []
    for chunk, best in searched(network, first, last, limit_ms):
        row, column = np.nonzero(np.isfinite(best))
        rows.append(chunk[row])
        columns.append(column)
        times.append(best[row, column])
    found = [np.concatenate(part) if part else np.zeros(0) for part in (rows, columns, times)]
    row, column, time_ms = (part.astype(np.int64) for part in found)
    if last.points < first.points:
        return Pairs(column, row, time_ms)
    return Pairs(row, column, time_ms)


def searched(
    network: RoadNetwork, first: Legs, last: Legs, limit_ms: float
) -> Iterator[tuple[Ints, Floats]]:
    """Search from the points of the shorter side, some at a time.

    Yields
    ------
    numbers of some points of the shorter side; milliseconds, these points × the other side
        `inf` where no route is within the limit. The side of the destinations is the
        shorter one only where it has fewer points.
    """
    reverse = last.points < first.points
    near, far = (last, first) if reverse else (first, last)
    graph = with_sources(network, near, reverse=reverse)
    nodes = network.routing.nodes
    step = max(1, _CHUNK_CELLS // (nodes + near.points))
    chunks = [np.arange(at, min(at + step, near.points)) for at in range(0, near.points, step)]
    for chunk in progress.track(chunks, "travel_times"):
        reached = dijkstra(graph, indices=nodes + chunk, limit=limit_ms)
        best = _to_points(reached[:, :nodes], far)
        best[best > limit_ms] = np.inf
        yield chunk, best


def with_sources(network: RoadNetwork, legs: Legs, *, reverse: bool) -> csr_array:
    """Append one node per point to `network.routing`, with arcs along its legs.

    Arcs are turned round if `reverse`.
    """
    roads = network.routing
    tail, head = (roads.head, roads.tail) if reverse else (roads.tail, roads.head)
    return fastest(
        roads.nodes + legs.points,
        np.concatenate([tail, roads.nodes + legs.point]),
        np.concatenate([head, legs.node]),
        np.concatenate([roads.time_ms, legs.time_ms]),
    )


def _to_points(reached: Floats, legs: Legs) -> Floats:
    """Minimum over the legs of each point."""
    best = np.full((len(reached), legs.points), np.inf)
    order = np.argsort(legs.point, kind="stable")
    point = legs.point[order]
    first = np.ones(len(point), dtype=bool)
    first[1:] = point[1:] != point[:-1]
    for turn in (first, ~first):  # at most two legs a point
        some = order[turn]
        value = reached[:, legs.node[some]] + legs.time_ms[some]
        best[:, legs.point[some]] = np.minimum(best[:, legs.point[some]], value)
    return best
