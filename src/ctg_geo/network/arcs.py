"""Arcs as plain arrays: checked, timed, paired into edges, told as graphs.

Nothing here knows `RoadNetwork`, which is built on it.
"""

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import shapely
from scipy.sparse import csr_array

from ctg_geo.errors import TravelError

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "CLOSED_MS",
    "NO_ARC",
    "Floats",
    "Ints",
    "check_arcs",
    "digraph",
    "edge_table",
    "fastest",
    "milliseconds",
    "paired",
    "straight_lines",
    "whole",
]

NO_ARC = -1
CLOSED_MS = 2**62  # the time of an arc that nobody may take

_LONGEST_MS = 2**31 - 1

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


def milliseconds(seconds: Floats) -> Ints:
    """Round seconds to integer milliseconds.

    Raises
    ------
    TravelError
        If a time is negative, not finite, or beyond 24 days.
    """
    if not np.isfinite(seconds).all():
        raise TravelError("not_finite", arc=int(np.flatnonzero(~np.isfinite(seconds))[0]))
    rounded = np.rint(seconds * 1000)
    if (rounded < 0).any():
        raise TravelError("negative_time", arc=int(np.flatnonzero(rounded < 0)[0]))
    if (rounded > _LONGEST_MS).any():
        raise TravelError("too_long", arc=int(np.flatnonzero(rounded > _LONGEST_MS)[0]))
    return rounded.astype(np.int64)


def fastest(nodes: int, tail: Ints, head: Ints, time_ms: Ints) -> csr_array:
    """Return the square matrix of open arcs, the fastest kept where several join two nodes.

    Parameters
    ----------
    nodes : how many
    tail, head : by arc, positions of its nodes
    time_ms : by arc, milliseconds; `CLOSED_MS` or more where it is closed
    """
    order = np.lexsort((time_ms, head, tail))
    order = order[time_ms[order] < CLOSED_MS]
    tails, heads = tail[order], head[order]
    first = np.ones(len(order), dtype=bool)
    first[1:] = (tails[1:] != tails[:-1]) | (heads[1:] != heads[:-1])
    start = np.concatenate(([0], np.cumsum(np.bincount(tails[first], minlength=nodes))))
    data = time_ms[order][first].astype(np.float64)
    return csr_array((data, heads[first], start), shape=(nodes, nodes))


def whole(values: npt.ArrayLike, name: str) -> Ints:
    """Return whole numbers as int64; refuse others, naming the array."""
    array = np.asarray(values)
    if array.ndim != 1 or (array.size and array.dtype.kind not in "iu"):
        raise TravelError("not_whole", name=name)
    return array.astype(np.int64)


def check_arcs(tail: Ints, head: Ints, times: Ints, nodes: int) -> None:
    """Refuse arcs whose arrays differ in length, or which name a node that is not there."""
    if not len(tail) == len(head) == len(times):
        raise TravelError("arc_lengths", tail=len(tail), head=len(head), seconds=len(times))
    for name, ends in (("tail", tail), ("head", head)):
        wrong = np.flatnonzero((ends < 0) | (ends >= nodes))
        if len(wrong):
            raise TravelError(
                "node_range", name=name, arc=int(wrong[0]), node=int(ends[wrong[0]]), nodes=nodes
            )


def paired(tail: Ints, head: Ints, times: Ints) -> tuple[Ints, Ints]:
    """Pair opposite arcs: the n-th fastest one way with the n-th fastest the other way."""
    low, high = np.minimum(tail, head), np.maximum(tail, head)
    down = (tail > head).astype(np.int64)
    order = np.lexsort((np.arange(len(tail)), times, down, high, low))
    key = np.stack([low[order], high[order], down[order]])
    fresh = np.ones(len(order), dtype=bool)
    fresh[1:] = (key[:, 1:] != key[:, :-1]).any(axis=0)
    group_start = np.flatnonzero(fresh)[np.cumsum(fresh) - 1] if len(order) else order
    nth = np.arange(len(order)) - group_start
    seat = np.lexsort((down[order], nth, high[order], low[order]))
    arcs = order[seat]
    same = np.zeros(len(arcs), dtype=bool)
    same[1:] = (
        (low[arcs[1:]] == low[arcs[:-1]])
        & (high[arcs[1:]] == high[arcs[:-1]])
        & (nth[seat][1:] == nth[seat][:-1])
        & (down[arcs[1:]] != down[arcs[:-1]])
    )
    forward = arcs[~same]
    backward = np.full(len(forward), NO_ARC, dtype=np.int64)
    backward[np.cumsum(~same)[same] - 1] = arcs[same]
    return forward, backward


def straight_lines(x: Floats, y: Floats, start: Ints, end: Ints) -> npt.NDArray[np.object_]:
    """Draw a straight line from node to node for each edge."""
    ends = np.stack([x[[start, end]], y[[start, end]]], axis=-1).swapaxes(0, 1)
    lines: npt.NDArray[np.object_] = shapely.linestrings(ends)
    return lines


def edge_table(length_m: Floats, speed_kmh: Floats) -> "pd.DataFrame":
    """Describe edges of which only length and speed are known."""
    import pandas as pd  # noqa: PLC0415  (heavy)

    return pd.DataFrame(
        {
            "road_class": pd.Series(["unknown"] * len(length_m), dtype=object),
            "length_m": length_m,
            "speed_kmh": speed_kmh,
            "name": pd.Series([""] * len(length_m), dtype=object),
        }
    )


def digraph(x: Floats, y: Floats, tail: Ints, head: Ints, time_ms: Ints, crs: str) -> Any:  # noqa: ANN401
    """Return a `networkx.DiGraph` of the open arcs, the fastest of parallel ones."""
    import networkx as nx  # noqa: PLC0415  (heavy)

    graph = nx.DiGraph(crs=crs)
    graph.add_nodes_from(
        (node, {"x": float(east), "y": float(north)})
        for node, (east, north) in enumerate(zip(x, y, strict=True))
    )
    order = np.lexsort((-time_ms, head, tail))
    order = order[time_ms[order] < CLOSED_MS]
    graph.add_edges_from(
        (int(tail[arc]), int(head[arc]), {"time_ms": int(time_ms[arc])}) for arc in order
    )
    return graph
