"""The order in which nodes are put aside: nested dissection of the topology alone."""

import numpy as np
import numpy.typing as npt

from ctg_geo.travel.hierarchy.compiled import kernel

__all__ = ["adjacency", "dissected"]

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]


def adjacency(nodes: int, tail: Ints, head: Ints) -> tuple[Ints, Ints]:
    """Return the neighbours of each node, both ways, once each, without itself.

    Returns
    -------
    start : by node + 1; neighbour : node numbers, increasing for each node
    """
    start, neighbour = _both_ways(nodes, tail, head)
    return _once(start, neighbour)


def dissected(start: Ints, neighbour: Ints) -> Ints:
    """Return the rank of each node: low ranks are put aside first.

    METIS's nested dissection: small separators get the highest ranks, part within part.
    """
    if not len(neighbour):
        return np.arange(len(start) - 1, dtype=np.int32)
    import pymetis  # noqa: PLC0415  (heavy)

    _, rank = pymetis.nested_dissection(pymetis.CSRAdjacency(start, neighbour))
    return np.asarray(rank, dtype=np.int32)


@kernel
def _both_ways(nodes: int, tail: Ints, head: Ints) -> tuple[Ints, Ints]:
    start = np.zeros(nodes + 1, np.int32)
    for a in range(len(tail)):
        if tail[a] != head[a]:
            start[tail[a] + 1] += 1
            start[head[a] + 1] += 1
    for node in range(nodes):
        start[node + 1] += start[node]
    fill = start[:-1].copy()
    neighbour = np.empty(start[nodes], np.int32)
    for a in range(len(tail)):
        i, j = tail[a], head[a]
        if i != j:
            neighbour[fill[i]] = j
            neighbour[fill[j]] = i
            fill[i] += 1
            fill[j] += 1
    return start, neighbour


@kernel
def _once(start: Ints, neighbour: Ints) -> tuple[Ints, Ints]:
    """Sort the neighbours of each node and keep each once, in place."""
    kept = np.int32(0)
    first = np.int32(0)
    for node in range(len(start) - 1):
        lo, hi = first, start[node + 1]
        first = hi
        for i in range(lo + 1, hi):
            value = neighbour[i]
            j = i - 1
            while j >= lo and neighbour[j] > value:
                neighbour[j + 1] = neighbour[j]
                j -= 1
            neighbour[j + 1] = value
        start[node] = kept
        for i in range(lo, hi):
            if i == lo or neighbour[i] != neighbour[i - 1]:
                value = neighbour[i]
                neighbour[kept] = value
                kept += 1
    start[len(start) - 1] = kept
    return start, neighbour[:kept].copy()
