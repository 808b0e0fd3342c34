"""The shape of a hierarchy: which nodes can pass a time to which, whatever the times are."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from ctg_geo.travel.hierarchy.compiled import kernel
from ctg_geo.travel.hierarchy.order import adjacency, ordered

__all__ = ["Shape", "shaped"]

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Shape:
    """Nodes renumbered top first, with links from each to nodes above it.

    A node's number in the hierarchy is its *position*: 0 is the top of a part, and every
    link leads to a lower position. `parent` is the nearest node above (-1 at a top); all
    links of a node lead to its forebears.
    """

    position: Ints  # by node
    first: Longs  # by position + 1, links
    above: Ints  # by link, position; increasing for each node
    parent: Ints  # by position
    slot: Ints  # by arc of the network: 2 * link, + 1 where it goes down; -1 for loops

    @property
    def nodes(self) -> int:
        """Number of nodes."""
        return len(self.position)

    @property
    def links(self) -> int:
        """Number of links, shortcuts included."""
        return len(self.above)


def shaped(nodes: int, tail: npt.ArrayLike, head: npt.ArrayLike, rank: Ints | None = None) -> Shape:
    """Order a topology and find the links that any times on its arcs may need.

    Parameters
    ----------
    nodes, tail, head : directed arcs between numbered nodes; loops and parallels allowed
    rank : by node, low ranks are put aside first; nested dissection by default. Any
        order gives exact times: a poor one is only slow.
    """
    tails, heads = np.asarray(tail, dtype=np.int32), np.asarray(head, dtype=np.int32)
    start, neighbour = adjacency(nodes, tails, heads)
    ranks = ordered(start, neighbour) if rank is None else np.asarray(rank, dtype=np.int32)
    position = _numbered(start, neighbour, ranks)
    first, above, parent = _filled(start, neighbour, position)
    slot = np.full(len(tails), -1, np.int32)
    _slots(tails, heads, position, first, above, slot)
    return Shape(position, first, above, parent, slot)


def _inverse(order: Ints) -> Ints:
    inverse = np.empty_like(order)
    inverse[order] = np.arange(len(order), dtype=np.int32)
    return inverse


def _none(count: int) -> Ints:
    return np.full(count, -1, np.int32)


def _numbered(start: Ints, neighbour: Ints, rank: Ints) -> Ints:
    """Give numbers to the nodes along the elimination tree, each before all below it (preorder)."""
    n = len(rank)
    position = np.empty(n, np.int32)
    _walked(
        start, neighbour, rank, _inverse(rank), _none(n), _none(n), _none(n), _none(n), position
    )
    return position


def _filled(start: Ints, neighbour: Ints, position: Ints) -> tuple[Longs, Ints, Ints]:
    """Return the links of each node and the parent, nodes put aside from the last position up."""
    n = len(position)
    parent, begin, end = _none(n), np.zeros(n, np.int64), np.zeros(n, np.int64)
    work = _inverse(position), parent, _none(n), _none(n), _none(n)
    links = np.empty(4 * len(neighbour) + n, np.int32)
    left, used = n, 0
    while left > 0:
        left, used = _aside(start, neighbour, position, *work, begin, end, links, left, used)
        links = links if left <= 0 else np.concatenate((links, np.empty_like(links)))
    count = end - begin
    first = np.concatenate(([0], np.cumsum(count))).astype(np.int64)
    above = links[np.arange(used) + np.repeat(begin - first[:-1], count)]
    table = csr_array((np.ones(used, np.int8), above, first), shape=(n, n))
    table.sort_indices()
    return first, table.indices.astype(np.int32, copy=False), parent


@kernel
def _walked(
    start: Ints,
    neighbour: Ints,
    rank: Ints,
    node_at: Ints,
    parent: Ints,
    root: Ints,
    child: Ints,
    sibling: Ints,
    position: Ints,
) -> None:
    """Write the number of each node; the rest is work space, by rank, and starts at -1."""
    n = len(rank)
    for r in range(n):
        node = node_at[r]
        for i in range(start[node], start[node + 1]):
            low = rank[neighbour[i]]
            while low < r and low != -1:
                above = root[low]
                root[low] = r
                if above == -1:
                    parent[low] = r
                    break
                if above == r:
                    break
                low = above
    depth = 0
    for r in range(n):
        if parent[r] >= 0:
            sibling[r] = child[parent[r]]
            child[parent[r]] = r
        else:
            root[depth] = r  # of no more use: the stack
            depth += 1
    number = 0
    while depth:
        depth -= 1
        r = root[depth]
        position[node_at[r]] = number
        number += 1
        below = child[r]
        while below != -1:
            root[depth] = below
            depth += 1
            below = sibling[below]


@kernel
def _aside(
    start: Ints,
    neighbour: Ints,
    position: Ints,
    node_at: Ints,
    parent: Ints,
    child: Ints,
    sibling: Ints,
    mark: Ints,
    begin: Longs,
    end: Longs,
    links: Ints,
    left: int,
    used: int,
) -> tuple[int, int]:
    """Put nodes aside from position `left` - 1 up: those above each all become linked.

    Returns how many are left, where there may be no more room, and the links used.
    """
    for p in range(left - 1, -1, -1):
        if used + p > len(links):
            return p + 1, used
        begin[p] = used
        up = -1
        node = node_at[p]
        for i in range(start[node], start[node + 1]):
            q = position[neighbour[i]]
            if q < p:
                mark[q] = p
                links[used] = q
                used += 1
                up = max(up, q)
        below = child[p]
        while below != -1:
            for i in range(begin[below], end[below]):
                q = links[i]
                if q < p and mark[q] != p:
                    mark[q] = p
                    links[used] = q
                    used += 1
                    up = max(up, q)
            below = sibling[below]
        end[p] = used
        parent[p] = up
        if up >= 0:
            sibling[p] = child[up]
            child[up] = p
    return 0, used


@kernel
def _slots(tail: Ints, head: Ints, position: Ints, first: Longs, above: Ints, slot: Ints) -> None:
    for a in range(len(tail)):
        p, q = position[tail[a]], position[head[a]]
        if p == q:
            continue
        low, high = max(p, q), min(p, q)
        lo, hi = first[low], first[low + 1]
        while lo < hi:
            middle = (lo + hi) // 2
            if above[middle] < high:
                lo = middle + 1
            else:
                hi = middle
        slot[a] = 2 * lo + (1 if q == low else 0)
