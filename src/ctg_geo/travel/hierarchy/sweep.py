"""One climb from the sources, one sweep down to the targets: sixteen sources at a time."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ctg_geo.travel.hierarchy.compiled import FAR, LANES, kernel, pull16, push16, put16, sort
from ctg_geo.travel.hierarchy.metric import Half

__all__ = [
    "ID_BITS",
    "NO_ROUTE_MS",
    "Selection",
    "arrived",
    "joined",
    "least",
    "nearest",
    "restricted",
    "sixteen",
]

NO_ROUTE_MS = 2**31 - 1

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Selection:
    """The part of a hierarchy above some targets: all that a sweep to them passes.

    `seat` numbers its positions 0, 1, ... from the top (-1: not a part), and the links
    below are between seats.
    """

    seat: Ints  # by position
    first: Longs  # by seat + 1
    above: Ints  # by link, seat
    time_ms: Ints

    @property
    def links(self) -> tuple[Longs, Ints, Ints]:
        """The three arrays of links, as the kernels take them."""
        return self.first, self.above, self.time_ms

    @property
    def seats(self) -> int:
        """Number of positions in the part."""
        return len(self.first) - 1


def restricted(parent: Ints, fall: Half, targets: Ints) -> Selection:
    """Select the part above target positions, with the links that lead down to them."""
    seat, taken = _above(parent, targets)
    if taken == len(parent):
        return Selection(seat, fall.first, fall.above, fall.time_ms)
    return Selection(seat, *_linked(seat, taken, fall.first, fall.above, fall.time_ms))


@kernel
def _above(parent: Ints, targets: Ints) -> tuple[Ints, int]:
    n = len(parent)
    seat = np.full(n, -1, np.int32)
    for p in targets:
        q = p
        while q >= 0 and seat[q] < 0:
            seat[q] = 0
            q = parent[q]
    taken = 0
    for p in range(n):
        if seat[p] == 0:
            seat[p] = taken
            taken += 1
    return seat, taken


@kernel
def _linked(
    seat: Ints, taken: int, first: Longs, above: Ints, times: Ints
) -> tuple[Longs, Ints, Ints]:
    start = np.zeros(taken + 1, np.int64)
    for p in range(len(seat)):
        if seat[p] >= 0:
            start[seat[p] + 1] = first[p + 1] - first[p]
    for s in range(taken):
        start[s + 1] += start[s]
    heads = np.empty(start[taken], np.int32)
    kept = np.empty(start[taken], np.int32)
    for p in range(len(seat)):
        if seat[p] >= 0:
            at = start[seat[p]]
            for a in range(first[p], first[p + 1]):
                heads[at] = seat[above[a]]
                kept[at] = times[a]
                at += 1
    return start, heads, kept


@kernel
def _forebears(parent: Ints, positions: Ints, seen: Flags, found: Ints) -> np.int64:
    """List the positions and all above them once, deepest first; `seen` is left set."""
    count = np.int64(0)
    for p in positions:
        q = p
        while q >= 0 and not seen[q]:
            seen[q] = True
            found[count] = q
            count += 1
            q = parent[q]
    sort(found, np.int64(0), count)
    for i in range(count // 2):
        found[i], found[count - 1 - i] = found[count - 1 - i], found[i]
    return count


@kernel
def sixteen(
    batches: tuple[int, int],
    parent: Ints,
    climb: tuple[Longs, Ints, Ints],
    fall: tuple[Longs, Ints, Ints],
    seat: Ints,
    source: tuple[Longs, Ints, Ints],
    target: tuple[Ints, Ints, Ints, Ints, Ints],
    limit: int,
    work: tuple[Ints, Ints, Ints],
    out: Ints,
) -> None:
    """Write the times of some batches of sixteen sources to all targets.

    Parameters
    ----------
    batches : first and last + 1
    climb : first, above, time of the links upward, between positions
    fall : the same downward, between seats
    source : start by source + 1; position and time of each leg
    target : order to be written in; two seats and two times each
    work : as many rows of sixteen times as there are positions, and one (those without a
        seat use the rows behind the seats); a list of positions; their rows
    out : targets × sources, flat
    """
    up_first, up_above, up_time = climb
    first, above, times = fall
    leg_start, leg_position, leg_time = source
    order, seat1, time1, seat2, time2 = target
    rows, found, place = work
    seats = len(first) - 1
    sources = len(leg_start) - 1
    stride = -(-sources // LANES) * LANES
    seen = np.zeros(len(parent), np.bool_)
    marked = np.zeros(seats + 1, np.bool_)
    for batch in range(batches[0], batches[1]):
        lane0 = batch * LANES
        lanes = min(LANES, sources - lane0)
        lo, hi = leg_start[lane0], leg_start[lane0 + lanes]
        count = _forebears(parent, leg_position[lo:hi], seen, found)
        extra = seats
        for i in range(count):
            p = found[i]
            seen[p] = False
            s = seat[p]
            if s < 0:
                s = extra
                extra += 1
            else:
                marked[s] = True
            place[p] = s
            for lane in range(LANES):
                rows[s * LANES + lane] = FAR
        for lane in range(lanes):
            for leg in range(leg_start[lane0 + lane], leg_start[lane0 + lane + 1]):
                at = np.int64(place[leg_position[leg]]) * LANES + lane
                rows[at] = min(rows[at], leg_time[leg])
        for i in range(count):
            p = found[i]
            for a in range(up_first[p], up_first[p + 1]):
                push16(rows, np.int64(place[up_above[a]]), np.int64(place[p]), up_time[a])
        for s in range(seats):
            pull16(rows, s, marked[s], above, times, first[s], first[s + 1])
        for i in range(count):
            if seat[found[i]] >= 0:
                marked[seat[found[i]]] = False
        for i in range(len(order)):
            one, two = np.int64(seat1[i]), np.int64(seat2[i])
            at = np.int64(order[i]) * stride + lane0
            put16(
                out, at, rows, one, time1[i], two, time2[i], np.int32(limit), np.int32(NO_ROUTE_MS)
            )


@kernel
def least(
    parent: Ints,
    climb: tuple[Longs, Ints, Ints],
    fall: tuple[Longs, Ints, Ints],
    seat: Ints,
    position: Ints,
    time: Ints,
) -> Ints:
    """Return the least time from a set of legs to every seat, by seat."""
    up_first, up_above, up_time = climb
    first, above, times = fall
    n, seats = len(parent), len(first) - 1
    high = np.full(n, FAR, np.int32)
    seen = np.zeros(n, np.bool_)
    found = np.empty(n, np.int32)
    count = _forebears(parent, position, seen, found)
    for leg in range(len(position)):
        high[position[leg]] = min(high[position[leg]], time[leg])
    best = np.full(seats, FAR, np.int32)
    for i in range(count):
        p = found[i]
        here = high[p]
        if seat[p] >= 0:
            best[seat[p]] = here
        for a in range(up_first[p], up_first[p + 1]):
            q = up_above[a]
            high[q] = min(high[q], here + up_time[a])
    for s in range(seats):
        here = best[s]
        for a in range(first[s], first[s + 1]):
            here = min(here, best[above[a]] + times[a])
        best[s] = here
    return best


@kernel
def arrived(best: Ints, target: tuple[Ints, Ints, Ints, Ints], lone: bool) -> Ints:  # noqa: FBT001
    """Return the least time to points that hang on one or two seats."""
    seat1, added1, seat2, added2 = target
    found = np.empty(len(seat1), np.int32)
    for i in range(len(seat1)):
        here = best[seat1[i]] + added1[i]
        if not lone:
            here = min(here, best[seat2[i]] + added2[i])
        found[i] = here if here < FAR else NO_ROUTE_MS
    return found


ID_BITS = 24


@kernel
def nearest(
    parent: Ints,
    climb: tuple[Longs, Ints, Ints],
    fall: tuple[Longs, Ints, Ints],
    seat: Ints,
    source: tuple[Ints, Ints, Ints],
    k: int,
) -> Longs:
    """Return the k nearest sources of every seat: time * 2**24 + source, seats × k, flat.

    Sorted; of equal times the lower source first; `FAR` in the times where there is none.
    """
    point, position, time = source
    up_first, up_above, up_time = climb
    first, above, times = fall
    n, seats = len(parent), len(first) - 1
    none = np.int64(FAR) << ID_BITS
    seen = np.zeros(n, np.bool_)
    found = np.empty(n, np.int32)
    count = _forebears(parent, position, seen, found)
    place = np.empty(n, np.int32)
    for i in range(count):
        place[found[i]] = i
    high = np.full(count * k, none, np.int64)
    for leg in range(len(position)):
        value = (np.int64(time[leg]) << ID_BITS) + point[leg]
        _put_in(high, place[position[leg]] * k, k, value)
    best = np.full(seats * k, none, np.int64)
    for i in range(count):
        p = found[i]
        for a in range(up_first[p], up_first[p + 1]):
            there = place[up_above[a]] * k
            _pass_on(high, i * k, np.int64(up_time[a]) << ID_BITS, high, there, k)
        if seat[p] >= 0:
            _pass_on(high, i * k, np.int64(0), best, seat[p] * k, k)
    if k == 1:
        _fall_one(best, first, above, times)
        return best
    for s in range(seats):
        for a in range(first[s], first[s + 1]):
            _pass_on(best, above[a] * k, np.int64(times[a]) << ID_BITS, best, s * k, k)
    return best


@kernel
def _fall_one(best: Longs, first: Longs, above: Ints, times: Ints) -> None:
    for s in range(len(best)):
        here = best[s]
        for a in range(first[s], first[s + 1]):
            here = min(here, best[above[a]] + (np.int64(times[a]) << ID_BITS))
        best[s] = here


@kernel
def joined(best: Longs, target: tuple[Ints, Ints, Ints, Ints], k: int) -> Longs:
    """Return the k nearest sources of points that hang on one or two seats, points × k, flat."""
    seat1, added1, seat2, added2 = target
    none = np.int64(FAR) << ID_BITS
    found = np.full(len(seat1) * k, none, np.int64)
    for i in range(len(seat1)):
        _pass_on(best, seat1[i] * k, np.int64(added1[i]) << ID_BITS, found, i * k, k)
        if added2[i] < FAR:
            _pass_on(best, seat2[i] * k, np.int64(added2[i]) << ID_BITS, found, i * k, k)
    return found


@kernel
def _pass_on(given: Longs, there: int, added: np.int64, kept: Longs, here: int, k: int) -> None:
    """Put the list given[there:there + k], later by `added`, into kept[here:here + k]."""
    for i in range(k):
        value = given[there + i] + added
        if value >= kept[here + k - 1]:
            return
        _put_in(kept, here, k, value)


@kernel
def _put_in(kept: Longs, here: int, k: int, value: np.int64) -> None:
    """Put a value into a sorted list: each source once, with its least time."""
    source = value & ((1 << ID_BITS) - 1)
    at = k - 1
    for i in range(k):
        if kept[here + i] >> ID_BITS == FAR:
            at = i
            break
        if kept[here + i] & ((1 << ID_BITS) - 1) == source:
            at = i
            break
    if value >= kept[here + at]:
        return
    while at > 0 and kept[here + at - 1] > value:
        kept[here + at] = kept[here + at - 1]
        at -= 1
    kept[here + at] = value
