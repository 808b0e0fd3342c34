"""The order in which nodes are put aside: nested dissection of the topology alone.

Dead ends and the nodes along a road between two crossings go first: that costs no link more
than they had, and leaves half of a road network to dissect.
"""

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from ctg_geo.errors import TravelError
from ctg_geo.travel.hierarchy.compiled import kernel

__all__ = ["adjacency", "dissected", "ordered"]

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]

_DEEPEST = 255  # steps of a dead end that are put aside one after the other
_BEND, _CROSSING = 2, 3  # streets at a node


def adjacency(nodes: int, tail: Ints, head: Ints) -> tuple[Ints, Ints]:
    """Return the neighbours of each node, both ways, once each, without itself.

    Returns
    -------
    start : by node + 1; neighbour : node numbers, increasing for each node
    """
    apart = tail != head
    ends = np.concatenate((tail[apart], head[apart])), np.concatenate((head[apart], tail[apart]))
    there = np.ones(len(ends[0]), dtype=np.int8)
    links = csr_array((there, ends), shape=(nodes, nodes))
    links.sum_duplicates()
    return links.indptr.astype(np.int32), links.indices.astype(np.int32)


def ordered(start: Ints, neighbour: Ints) -> Ints:
    """Return the rank of each node: low ranks are put aside first."""
    nodes = len(start) - 1
    turn = np.full(nodes, -1, np.int32)
    ends = np.empty((2, nodes), np.int32)
    streets = np.diff(start).astype(np.int32)
    work = np.empty(nodes, np.int32), np.zeros(nodes, np.int32)
    chains = _thinned(start, neighbour, streets, turn, ends[0], ends[1], *work)
    early, core = np.flatnonzero(turn >= 0), np.flatnonzero(turn < 0)
    number = np.full(nodes, -1, np.int32)
    number[core] = np.arange(len(core), dtype=np.int32)
    tail = np.repeat(number, np.diff(start))
    head = number[neighbour]
    both = (tail >= 0) & (head >= 0)
    one, other = (number[end[:chains]] for end in ends)
    rest = adjacency(
        len(core), np.concatenate((tail[both], one)), np.concatenate((head[both], other))
    )
    rank = np.empty(nodes, np.int32)
    rank[early[np.argsort(turn[early], kind="stable")]] = np.arange(len(early), dtype=np.int32)
    rank[core] = len(early) + dissected(*rest)
    return rank


def dissected(start: Ints, neighbour: Ints) -> Ints:
    """Return the rank of each node by METIS's nested dissection.

    Small separators get the highest ranks, part within part.

    Raises
    ------
    TravelError
        If METIS is not there, as on Windows.
    """
    if not len(neighbour):
        return np.arange(len(start) - 1, dtype=np.int32)
    try:
        import pymetis  # noqa: PLC0415  (heavy)
    except ImportError:
        raise TravelError("no_metis", nodes=len(start) - 1) from None
    _, rank = pymetis.nested_dissection(pymetis.CSRAdjacency(start, neighbour))
    return np.asarray(rank, dtype=np.int32)


@kernel
def _thinned(
    start: Ints,
    neighbour: Ints,
    streets: Ints,
    turn: Ints,
    one: Ints,
    other: Ints,
    queue: Ints,
    height: Ints,
) -> np.int64:
    """Give a turn to the nodes of dead ends, then to those along chains between crossings.

    Along a chain every second node goes first, then every second of the rest, and so on.
    `streets` is left as it is without the dead ends. Returns the number of chains; their
    ends are in `one` and `other`.
    """
    n = len(turn)
    size = np.int64(0)
    for v in range(n):
        if streets[v] <= 1:
            queue[size] = v
            size += 1
    i = np.int64(0)
    while i < size:
        leaf = queue[i]
        turn[leaf] = i
        i += 1
        for a in range(start[leaf], start[leaf + 1]):
            w = neighbour[a]
            if turn[w] < 0:
                streets[w] -= 1
                height[w] = max(height[w], height[leaf] + 1)
                if streets[w] == 1 and height[w] <= _DEEPEST:
                    queue[size] = w
                    size += 1
    chains = np.int64(0)
    for v in range(n):
        if turn[v] >= 0 or streets[v] < _CROSSING:
            continue
        for a in range(start[v], start[v + 1]):
            before, here = np.int64(v), np.int64(neighbour[a])
            length = np.int64(0)
            while here >= 0 and turn[here] < 0 and streets[here] == _BEND:
                length += 1
                level = np.int64(0)
                while (length >> level) & 1 == 0:
                    level += 1
                turn[here] = n + level
                ahead = np.int64(-1)
                for b in range(start[here], start[here + 1]):
                    w = np.int64(neighbour[b])
                    if w != before and turn[w] < 0:
                        ahead = w
                before, here = here, ahead
            if length and here >= 0:
                one[chains] = v
                other[chains] = here
                chains += 1
    return chains
