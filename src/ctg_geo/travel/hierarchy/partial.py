"""Other times on a few arcs: only the links that depend on them are timed again, exactly.

A change goes up, then down. Up: a row (a position and its links) passes what changed to the
links above it; a link gets shorter at once, and is made again from all that is below it where
the way that gave its time got longer. Down: a row is made again from its lower times where
these changed, or where a link between two nodes above it changed enough to matter.

References
----------
Dibbelt, Strasser, Wagner (2016), Customizable Contraction Hierarchies, JEA 21,
doi:10.1145/2886843, on partial updates; here a link's own arcs and all ties are kept too.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ctg_geo.travel.hierarchy.carried import arcs_changed, climbed, descended
from ctg_geo.travel.hierarchy.compiled import FAR, kernel
from ctg_geo.travel.hierarchy.metric import Half, Metric, State
from ctg_geo.travel.hierarchy.shape import Shape
from ctg_geo.travel.hierarchy.together import processors, together

__all__ = ["Lower", "compacted", "longest_again", "lower_links", "timed_again", "worth_it"]

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
Pair = tuple[Ints, Ints]  # up and down, or before and now
Triple = tuple[Ints, Ints, Ints]

_MUCH = 0.7  # of the triangles and arcs: beyond, all is as quick


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Lower:
    """A shape seen from above: the links that lead to each position, the arcs of each link."""

    first: Ints  # by position + 1, into the next two
    row: Ints  # increasing for each position: the positions that link to it
    link: Ints  # by which link
    first_arc: Ints  # by link + 1, into `arc`
    arc: Ints  # of the network

    @property
    def links(self) -> Triple:
        """What leads to each position, as the kernels take it."""
        return self.first, self.row, self.link

    @property
    def arcs(self) -> Pair:
        """The arcs of each link, as the kernels take them."""
        return self.first_arc, self.arc


def lower_links(shape: Shape) -> Lower:
    """Look at a shape from above: once for each, on its first change."""
    first, link = _by_key(shape.above, shape.nodes)
    row = np.repeat(np.arange(shape.nodes, dtype=np.int32), np.diff(shape.first))[link]
    return Lower(first, row, link, *_by_key(shape.slot >> 1, shape.links))


def _by_key(key: Ints, keys: int) -> Pair:
    """Return where each key starts, and the numbers of the items in order of their key (>= 0)."""
    first, number = np.zeros(keys + 2, np.int32), np.empty(np.count_nonzero(key >= 0), np.int32)
    _sorted(key, first, number)
    return first[:-1], number


def worth_it(shape: Shape, state: State, time_ms: Ints) -> bool:
    """Tell whether other times of the arcs ask for so little that a part is quicker than all.

    A change is paid for by the triangles of the rows above it, and by the links below these
    that feel it: a thousand arcs of one town cost less than a hundred all over the country.
    """
    changed = _changed(shape, state, time_ms)
    arcs = len(changed) / max(len(time_ms), 1)
    rows = _rows(shape, changed)
    return arcs < _MUCH and arcs + _share_above(shape.first, shape.parent, rows) < _MUCH


def timed_again(shape: Shape, lower: Lower, state: State, time_ms: Ints) -> tuple[State, int]:
    """Return the state for other times of the arcs, and how many rows were made again.

    Parameters
    ----------
    lower : of this shape
    state : for any times of the arcs; it is not modified
    time_ms : by arc, `FAR` where closed
    """
    low, best = (state.low_up, state.low_down), (state.best_up, state.best_down)
    new_low, new_best = _copies(low), _copies(best)
    stale, active = np.zeros(shape.links, np.bool_), np.zeros(shape.nodes, np.bool_)
    links, times = (shape.first, shape.above), (state.time_ms, time_ms)
    listed = np.empty(np.diff(shape.first).max(initial=0), np.int32)
    changed = _changed(shape, state, time_ms)
    arcs_changed(changed, shape.slot, times, low, new_low, stale)
    active[_rows(shape, changed)] = True
    arcs = (shape.slot, *lower.arcs)
    climbed(links, lower.links, arcs, time_ms, low, new_low, stale, active, listed)
    descended(links, lower.links, new_low, best, new_best, active, listed)
    return State(time_ms, *new_low, *new_best), int(np.count_nonzero(active))


def longest_again(shape: Shape, old: State, new: State, longest_ms: int) -> int:
    """Bound the longest of all fastest routes, from its bound with other times of the arcs.

    A fastest route takes an arc once. Where an arc takes longer, the fastest way between its
    ends is no longer a detour than this way less the time it took. `FAR` where that is no
    bound: an arc was opened, or its ends are cut off.
    """
    arcs = _changed(shape, old, new.time_ms)
    before, now = old.time_ms[arcs], new.time_ms[arcs]
    if ((before == FAR) & (now < FAR)).any():
        return FAR
    arcs, before = arcs[now > before], before[now > before].astype(np.int64)
    link, falls = shape.slot[arcs] >> 1, shape.slot[arcs] & 1
    way = np.where(falls, new.best_down[link], new.best_up[link])
    if (way == FAR).any():
        return FAR
    return min(longest_ms + int(np.maximum(way - before, 0).sum()), FAR)


def _changed(shape: Shape, state: State, time_ms: Ints) -> Longs:
    changed = np.flatnonzero(state.time_ms != time_ms)
    return changed[shape.slot[changed] >= 0]


def _rows(shape: Shape, arcs: Longs) -> Longs:
    """Return the positions the links of these arcs belong to."""
    return np.searchsorted(shape.first, shape.slot[arcs] >> 1, side="right") - 1


def compacted(shape: Shape, state: State) -> Metric:
    """Return the links that some fastest way needs (as `metric_of`, compiled)."""
    stages = (state.low_up, state.best_up), (state.low_down, state.best_down)
    halves: dict[int, Half] = {}

    def one(way: int, _: int) -> None:
        halves[way] = Half(*_needed(shape.first, shape.above, *stages[way]))

    together(one, 2, processors())
    return Metric(shape, halves[0], halves[1])


def _copies(pair: Pair) -> Pair:
    copies = [pair[0][:0]] * 2

    def one(way: int, _: int) -> None:
        copies[way] = np.array(pair[way])

    together(one, 2, processors())
    return copies[0], copies[1]


@kernel
def _sorted(key: Ints, first: Ints, number: Ints) -> None:
    """Sort the numbers of the keys by key (counting), negative keys left out.

    `first` starts at zero and has room for two more than there are keys.
    """
    for i in range(len(key)):
        if key[i] >= 0:
            first[key[i] + 2] += 1
    for k in range(2, len(first)):
        first[k] += first[k - 1]
    for i in range(len(key)):
        if key[i] >= 0:
            number[first[key[i] + 1]] = i
            first[key[i] + 1] += 1


@kernel
def _needed(first: Longs, above: Ints, low: Ints, best: Ints) -> tuple[Longs, Ints, Ints]:
    """Return where each row starts, and the links needed: all are written, for none can guess."""
    start, heads, times = np.zeros_like(first), np.empty_like(above), np.empty_like(above)
    size = 0
    for p in range(len(first) - 1):
        for t in range(first[p], first[p + 1]):
            heads[size], times[size] = above[t], best[t]
            size += (low[t] == best[t]) & (best[t] < FAR)
        start[p + 1] = size
    return start, heads[:size], times[:size]


@kernel
def _share_above(first: Longs, parent: Ints, rows: Longs) -> float:
    """Return which share of the triangles belongs to these rows and to all above them."""
    seen = np.zeros(len(parent), np.bool_)
    some = every = 0
    for row in rows:
        p = row
        while p >= 0 and not seen[p]:
            seen[p] = True
            p = parent[p]
    for p in range(len(parent)):
        size = first[p + 1] - first[p]
        every += size * (size - 1)
        some += size * (size - 1) * seen[p]
    return some / max(every, 1)
