"""One climb from the sources, one sweep down to the targets: sixteen sources at a time.

The links down to a node come from nodes above it in the elimination tree, and positions number
that tree in preorder. So the sweep keeps the times of the nodes above the present one, and no
others: as many rows as the tree is high. What is asked for is set down in a short list as it is
passed, and written when that is full. All of it stays in the processor's cache, and the steps
from seat to seat hold no branch to guess.
"""

import numpy as np
import numpy.typing as npt

from ctg_geo.travel.hierarchy.compiled import (
    LANES,
    copy16,
    far16,
    kernel,
    pull16,
    push16,
    put16,
)

__all__ = ["LISTED", "NO_ROUTE_MS", "sixteen"]

NO_ROUTE_MS = 2**31 - 1

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


LISTED = 256  # rows set down before they are written: 16 kB


@kernel
def sixteen(
    lane0: int,
    climb: tuple[Longs, Ints, Ints],
    fall: tuple[Ints, Flags, Ints, tuple[Longs, Ints, Ints]],
    seat: Ints,
    source: tuple[Longs, Ints, Ints],
    target: tuple[Ints, Ints, Ints, Ints, Ints],
    free: int,
    limit: int,
    found: Ints,
    work: tuple[Ints, Ints, Ints],
    out: Ints,
) -> None:
    """Write the times of sixteen sources, or the last few, to all targets.

    Parameters
    ----------
    lane0 : the first of the sources
    climb : first, above, time of the links upward, between positions
    fall : by seat: its row on the way down; whether its times are asked for; the row that
        keeps them to the end (empty: none does); the links downward, from rows to seats
    seat : by position; -1 for none
    source : start by source + 1; position and time of each leg
    target : order to be written in; one leg: its seat, counted among those asked for, and its
        time; another: the row that keeps its seat (-1: as the first), and its time. They are
        sorted by the first, and the seat of the second is passed before
    free : the first row that no seat uses
    found : the positions of these sources and all above them, increasing
    work : rows of sixteen times; rows by position; rows by seat + 1, zero before and after
    out : targets × sources, flat
    """
    up_first, up_above, up_time = climb
    row, asked, kept, (first, above, times) = fall
    order, at1, time1, row2, time2 = target
    leg_start, leg_position, leg_time = source
    rows, place, known = work
    sources = len(leg_start) - 1
    stride = -(-sources // LANES) * LANES
    beyond, none = np.int32(limit), np.int32(NO_ROUTE_MS)
    climbed = free + LISTED + 1
    for i in range(len(found)):
        p = found[i]
        place[p] = climbed + i
        if seat[p] >= 0:
            known[seat[p]] = climbed + i + 1
        far16(rows, np.int64(climbed + i))
    for lane in range(min(LANES, sources - lane0)):
        for leg in range(leg_start[lane0 + lane], leg_start[lane0 + lane + 1]):
            at = np.int64(place[leg_position[leg]]) * LANES + lane
            rows[at] = min(rows[at], leg_time[leg])
    for i in range(len(found) - 1, -1, -1):  # the deepest first
        p = found[i]
        for a in range(up_first[p], up_first[p + 1]):
            push16(rows, np.int64(place[up_above[a]]), np.int64(climbed + i), up_time[a])
    far16(rows, np.int64(above[0]))  # read before it is reached: see `pull16`
    listed, before, done = np.int64(0), np.int64(0), np.int64(0)
    for s in range(len(row)):
        here, spot = np.int64(row[s]), free + listed
        pull16(rows, here, spot, np.int64(known[s]) - 1, above, times, first[s], first[s + 1])
        if len(kept):
            copy16(rows, np.int64(kept[s]), here)
        listed += asked[s]
        if listed == LISTED or s + 1 == len(row):
            while done < len(order) and at1[done] < before + listed:
                one = free + at1[done] - before
                two = np.int64(row2[done]) if row2[done] >= 0 else one
                at = np.int64(order[done]) * stride + lane0
                put16(out, at, rows, one, time1[done], two, time2[done], beyond, none)
                done += 1
            before += listed
            listed = np.int64(0)
    for p in found:
        if seat[p] >= 0:
            known[seat[p]] = 0
