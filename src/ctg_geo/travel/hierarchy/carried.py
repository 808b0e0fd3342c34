"""Changes of times carried through a hierarchy: up to the links above, then down to the rows below.

A row is a position and its links. `stale` links must be made again; `active` rows have changed.
"""

import numpy as np
import numpy.typing as npt

from ctg_geo.travel.hierarchy.compiled import FAR, kernel
from ctg_geo.travel.hierarchy.metric import upper_triangles

__all__ = ["arcs_changed", "climbed", "descended"]

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Pair = tuple[Ints, Ints]  # up and down, or before and now
Triple = tuple[Ints, Ints, Ints]


@kernel
def arcs_changed(
    changed: Longs, slot: Ints, times: Pair, old: Pair, new: Pair, stale: Flags
) -> None:
    """Tell the links of the arcs that changed: shorter now, or to be made again."""
    for a in changed:
        t, way = slot[a] >> 1, slot[a] & 1
        before, now = times[0][a], times[1][a]
        new[way][t] = min(new[way][t], now)
        stale[t] |= now > before and before == old[way][t]


@kernel
def climbed(
    links: tuple[Longs, Ints],
    lower: Triple,
    arcs: Triple,
    times: Ints,
    old: Pair,
    new: Pair,
    stale: Flags,
    active: Flags,
    listed: Ints,
) -> None:
    """Carry changes of lower times up; the rows where one changed are left active."""
    (first, above), (old_up, old_down), (up, down) = links, old, new
    for q in range(len(first) - 2, -1, -1):
        if not active[q]:
            continue
        for t in range(first[q], first[q + 1]):
            if stale[t]:
                _made_again(t, q, above[t], lower, arcs, times, up, down)
                stale[t] = False
        count = 0
        for t in range(first[q], first[q + 1]):
            if up[t] != old_up[t] or down[t] != old_down[t]:
                listed[count] = t
                count += 1
        active[q] = count > 0
        if count:
            _passed_up(q, links, old_up, old_down, up, down, stale, active, listed[:count])


@kernel
def _made_again(
    t: int,
    q: int,
    top: int,
    lower: Triple,
    arcs: Triple,
    times: Ints,
    up: Ints,
    down: Ints,
) -> None:
    """Make link `t`, from `q` to `top`, of its own arcs and of the nodes below both."""
    (first, row, link), (slot, first_arc, arc) = lower, arcs
    best_up = best_down = FAR
    for k in range(first_arc[t], first_arc[t + 1]):
        if slot[arc[k]] & 1:
            best_down = min(best_down, times[arc[k]])
        else:
            best_up = min(best_up, times[arc[k]])
    k, m = first[q], _after(row, first[top], first[top + 1], q)
    while k < first[q + 1] and m < first[top + 1]:
        one, two = row[k], row[m]
        if one == two:
            j, i = link[k], link[m]
            best_up = min(best_up, down[j] + up[i])
            best_down = min(best_down, down[i] + up[j])
        k += one <= two
        m += two <= one
    up[t], down[t] = best_up, best_down


@kernel
def _after(row: Ints, lo: int, hi: int, q: int) -> int:
    """Return the first place from `lo` to `hi` of a row beyond `q`."""
    while lo < hi:
        middle = (lo + hi) // 2
        if row[middle] <= q:
            lo = middle + 1
        else:
            hi = middle
    return lo


@kernel
def _passed_up(
    q: int,
    links: tuple[Longs, Ints],
    old_up: Ints,
    old_down: Ints,
    up: Ints,
    down: Ints,
    stale: Flags,
    active: Flags,
    moved: Ints,
) -> None:
    """Tell the links above a row which of its own changed: `moved`, by number."""
    first, above = links
    lo, begun = first[q], 0
    for j in range(lo, first[q + 1]):
        mine = begun < len(moved) and moved[begun] == j
        at, hit = first[above[j]], False
        for k in range(j - lo if mine else begun):
            i = lo + k if mine else moved[k]
            while above[at] < above[i]:
                at += 1
            before, now = old_down[j] + old_up[i], down[j] + up[i]
            if now < up[at]:
                up[at] = now
                hit = True
            elif now > before and before == old_up[at]:
                stale[at] = True
                hit = True
            before, now = old_down[i] + old_up[j], down[i] + up[j]
            if now < down[at]:
                down[at] = now
                hit = True
            elif now > before and before == old_down[at]:
                stale[at] = True
                hit = True
        active[above[j]] |= hit
        begun += mine


@kernel
def descended(
    links: tuple[Longs, Ints],
    lower: Triple,
    low: Pair,
    old: Pair,
    new: Pair,
    active: Flags,
    listed: Ints,
) -> None:
    """Carry changes down from all active rows; those made again are left active."""
    first, above = links
    (old_up, old_down), (up, down) = old, new
    for p in range(len(first) - 1):
        if not active[p]:
            continue
        for t in range(first[p], first[p + 1]):
            up[t], down[t] = low[0][t], low[1][t]
        upper_triangles(p, p + 1, first, above, up, down)
        count = 0
        for t in range(first[p], first[p + 1]):
            if up[t] != old_up[t] or down[t] != old_down[t]:
                listed[count] = t
                count += 1
        if count:
            _passed_down(p, links, lower, low, old, new, active, listed[:count])


@kernel
def _passed_down(
    q: int,
    links: tuple[Longs, Ints],
    lower: Triple,
    low: Pair,
    old: Pair,
    new: Pair,
    active: Flags,
    moved: Ints,
) -> None:
    """Note the rows that the links of this one that `moved` may shorten, or shortened before.

    While a row is made, its times lie between its lower times and its best ones: where not
    even the best would be short enough, the link makes no difference.
    """
    (first, above), (first_low, row, link) = links, lower
    (low_up, low_down), (old_up, old_down), (up, down) = low, old, new
    for k in range(first_low[q], first_low[q + 1]):
        p, j, m = row[k], link[k], 0
        i = j if active[p] else first[p]
        while i < j and m < len(moved):
            at = moved[m]
            if above[i] == above[at]:
                climb, fall = min(up[at], old_up[at]), min(down[at], old_down[at])
                if (
                    old_up[j] + climb < low_up[i]
                    or old_up[i] + fall < low_up[j]
                    or old_down[j] + fall < low_down[i]
                    or old_down[i] + climb < low_down[j]
                ):
                    active[p] = True
                    break
            ahead = above[i] - above[at]
            i += ahead <= 0
            m += ahead >= 0
