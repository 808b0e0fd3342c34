"""One climb from the sources, one sweep down to the targets: sixteen sources at a time."""

import numpy as np
import numpy.typing as npt

from ctg_geo.travel.hierarchy.compiled import LANES, far16, kernel, pull16, push16, put16

__all__ = ["NO_ROUTE_MS", "sixteen"]

NO_ROUTE_MS = 2**31 - 1

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@kernel
def sixteen(
    lane0: int,
    climb: tuple[Longs, Ints, Ints],
    fall: tuple[Longs, Ints, Ints],
    seat: Ints,
    source: tuple[Longs, Ints, Ints],
    target: tuple[Ints, Ints, Ints, Ints, Ints],
    limit: int,
    found: Ints,
    work: tuple[Ints, Ints, Flags],
    out: Ints,
) -> None:
    """Write the times of sixteen sources, or the last few, to all targets.

    Parameters
    ----------
    lane0 : the first of the sources
    climb : first, above, time of the links upward, between positions
    fall : the same downward, between seats
    source : start by source + 1; position and time of each leg
    target : order to be written in; two seats and two times each
    found : the positions of these sources and all above them, increasing
    work : as many rows of sixteen times as there are positions, and one (those without a
        seat use the rows behind the seats); rows by position; flags, false before and after
    out : targets × sources, flat
    """
    up_first, up_above, up_time = climb
    first, above, times = fall
    leg_start, leg_position, leg_time = source
    order, seat1, time1, seat2, time2 = target
    rows, place, marked = work
    seats = len(first) - 1
    sources = len(leg_start) - 1
    stride = -(-sources // LANES) * LANES
    extra = seats
    for p in found:
        s = seat[p]
        if s < 0:
            s = extra
            extra += 1
        else:
            marked[s] = True
        place[p] = s
        far16(rows, np.int64(s))
    for lane in range(min(LANES, sources - lane0)):
        for leg in range(leg_start[lane0 + lane], leg_start[lane0 + lane + 1]):
            at = np.int64(place[leg_position[leg]]) * LANES + lane
            rows[at] = min(rows[at], leg_time[leg])
    for i in range(len(found) - 1, -1, -1):  # the deepest first
        p = found[i]
        for a in range(up_first[p], up_first[p + 1]):
            push16(rows, np.int64(place[up_above[a]]), np.int64(place[p]), up_time[a])
    for s in range(seats):
        pull16(rows, s, marked[s], above, times, first[s], first[s + 1])
    for p in found:
        if seat[p] >= 0:
            marked[seat[p]] = False
    for i in range(len(order)):
        one, two = np.int64(seat1[i]), np.int64(seat2[i])
        at = np.int64(order[i]) * stride + lane0
        put16(out, at, rows, one, time1[i], two, time2[i], np.int32(limit), np.int32(NO_ROUTE_MS))
