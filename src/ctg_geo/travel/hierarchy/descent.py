"""How a sweep goes down to points: the rows its times take, and where each point reads them."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ctg_geo.travel.hierarchy.compiled import kernel
from ctg_geo.travel.hierarchy.reach import Reach

__all__ = ["Descent", "descent"]

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Descent:
    """Rows of times on the way down to points.

    A seat takes the row of its depth in the tree: it is still there for all below it, and
    taken again beside them. The second seat of a point keeps its times in a row of its own.
    """

    row: Ints  # by seat
    asked: Flags  # by seat, whether it is the first seat of a point
    kept: Ints  # by seat: the row that keeps its times, or one that is no matter; may be empty
    links: tuple[Longs, Ints, Ints]  # first by seat + 1; row above and time by link
    target: tuple[Ints, Ints, Ints, Ints, Ints]  # see `sixteen`
    free: int  # the first row that is not taken

    @property
    def fall(self) -> tuple[Ints, Flags, Ints, tuple[Longs, Ints, Ints]]:
        """Rows and links, as the kernel takes them."""
        return self.row, self.asked, self.kept, self.links


def descent(reach: Reach, parent: Ints) -> Descent:
    """Lay out the rows of a sweep to the points of `reach`; `parent` is by position."""
    selection = reach.selection
    position = np.flatnonzero(selection.seat >= 0)
    above = parent[position]
    row = np.empty(len(above), np.int32)
    _depths(np.where(above >= 0, selection.seat[above], -1).astype(np.int32), row)
    free = int(row.max(initial=-1)) + 1
    links = selection.first, row[selection.above], selection.time_ms
    if not len(selection.above):
        links = selection.first, np.zeros(1, np.int32), np.zeros(1, np.int32)  # see `pull16`
    order, seat1, time1, seat2, time2 = reach.seats
    kept, row2 = np.empty(0, np.int32), np.full(len(order), -1, np.int32)
    if not reach.lone:
        swap = seat2 > seat1
        seat1, seat2 = np.where(swap, seat2, seat1), np.where(swap, seat1, seat2)
        time1, time2 = np.where(swap, time2, time1), np.where(swap, time1, time2)
        turn = np.argsort(seat1, kind="stable")
        order, seat1, time1, seat2, time2 = (
            each[turn] for each in (order, seat1, time1, seat2, time2)
        )
        second = seat2 != seat1
        some = np.unique(seat2[second])
        kept = np.full(len(row), free + len(some), np.int32)
        kept[some] = free + np.arange(len(some), dtype=np.int32)
        row2[second] = kept[seat2[second]]
        free += len(some) + 1
    asked = np.zeros(len(row), np.bool_)
    asked[seat1] = True
    at1 = (np.cumsum(asked) - 1).astype(np.int32)[seat1]
    return Descent(row, asked, kept, links, (order, at1, time1, row2, time2), free)


@kernel
def _depths(up: Ints, depth: Ints) -> None:
    """Write the depth of each seat in the tree; `up` is the one above it, -1 for none."""
    for s in range(len(up)):
        depth[s] = depth[up[s]] + 1 if up[s] >= 0 else 0
