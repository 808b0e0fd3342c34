"""The shape of a hierarchy: which nodes can pass a time to which, whatever the times are."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ctg_geo.travel.hierarchy.compiled import kernel, sort
from ctg_geo.travel.hierarchy.order import adjacency, dissected

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
    ranks = dissected(start, neighbour) if rank is None else np.asarray(rank, dtype=np.int32)
    position = _positions(start, neighbour, ranks)
    first, above, parent = _filled(start, neighbour, position)
    return Shape(position, first, above, parent, _slots(tails, heads, position, first, above))


@kernel
def _positions(start: Ints, neighbour: Ints, rank: Ints) -> Ints:
    """Give numbers to the nodes along the elimination tree, each before all below it (preorder)."""
    n = len(rank)
    node_at = np.empty(n, np.int32)
    for node in range(n):
        node_at[rank[node]] = node
    parent = np.full(n, -1, np.int32)  # by rank
    root = np.full(n, -1, np.int32)
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
    child = np.full(n, -1, np.int32)
    sibling = np.full(n, -1, np.int32)
    stack = np.empty(n, np.int32)
    depth = 0
    for r in range(n):
        if parent[r] >= 0:
            sibling[r] = child[parent[r]]
            child[parent[r]] = r
        else:
            stack[depth] = r
            depth += 1
    position = np.empty(n, np.int32)
    number = 0
    while depth:
        depth -= 1
        r = stack[depth]
        position[node_at[r]] = number
        number += 1
        below = child[r]
        while below != -1:
            stack[depth] = below
            depth += 1
            below = sibling[below]
    return position


@kernel
def _filled(start: Ints, neighbour: Ints, position: Ints) -> tuple[Longs, Ints, Ints]:
    """Put nodes aside from the last position up: those above it all become linked."""
    n = len(position)
    node_at = np.empty(n, np.int32)
    for node in range(n):
        node_at[position[node]] = node
    begin = np.zeros(n + 1, np.int64)
    end = np.zeros(n + 1, np.int64)
    room = np.int64(4 * len(neighbour) + 16)
    links = np.empty(room, np.int32)
    parent = np.full(n, -1, np.int32)
    child = np.full(n, -1, np.int32)
    sibling = np.full(n, -1, np.int32)
    mark = np.full(n, -1, np.int32)
    used = np.int64(0)
    for p in range(n - 1, -1, -1):
        if used + n > room and used + p > room:
            room = 2 * room + n
            larger = np.empty(room, np.int32)
            for i in range(used):
                larger[i] = links[i]
            links = larger
        lo = used
        node = node_at[p]
        for i in range(start[node], start[node + 1]):
            q = position[neighbour[i]]
            if q < p:
                mark[q] = p
                links[used] = q
                used += 1
        below = child[p]
        while below != -1:
            for i in range(begin[below], end[below]):
                q = links[i]
                if q < p and mark[q] != p:
                    mark[q] = p
                    links[used] = q
                    used += 1
            below = sibling[below]
        sort(links, lo, used)
        begin[p] = lo
        end[p] = used
        if used > lo:
            up = links[used - 1]
            parent[p] = up
            sibling[p] = child[up]
            child[up] = p
    first = np.zeros(n + 1, np.int64)
    above = np.empty(used, np.int32)
    for p in range(n):
        first[p + 1] = first[p] + end[p] - begin[p]
        for i in range(end[p] - begin[p]):
            above[first[p] + i] = links[begin[p] + i]
    return first, above, parent


@kernel
def _slots(tail: Ints, head: Ints, position: Ints, first: Longs, above: Ints) -> Ints:
    slot = np.full(len(tail), -1, np.int32)
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
    return slot
