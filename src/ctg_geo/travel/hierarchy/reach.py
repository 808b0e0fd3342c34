"""Where points hang in the hierarchy: their seats, and the part of it above them."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ctg_geo.travel.hierarchy.compiled import FAR
from ctg_geo.travel.hierarchy.metric import Half
from ctg_geo.travel.hierarchy.selection import Selection, restricted
from ctg_geo.travel.hierarchy.shape import Shape
from ctg_geo.travel.legs import Legs

__all__ = ["Reach", "alike", "by_point", "capped", "reached"]

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]

_LEGS = 2


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Reach:
    """Points that a sweep is to reach: the part of the hierarchy above them, and their seats.

    A point hangs on one or two seats, by a time each; a second leg that is not there repeats
    the first seat, and is far.
    """

    legs: Legs
    selection: Selection
    order: Ints  # the points, by their first seat; all below is in this order
    seat1: Ints
    time1: Ints
    seat2: Ints
    time2: Ints
    lone: bool  # no point has a second leg

    @property
    def seats(self) -> tuple[Ints, Ints, Ints, Ints, Ints]:
        """Points, seats and times of both legs, as the kernels take them."""
        return self.order, self.seat1, self.time1, self.seat2, self.time2


def reached(points: Legs, shape: Shape, fall: Half) -> Reach:
    """Seat points, and select the part above them."""
    start, turn = by_point(points)
    position, added = shape.position[points.node[turn]], capped(points.time_ms[turn])
    selection = restricted(shape.parent, fall, position)
    seat = selection.seat[position]
    count = np.diff(start)
    assert count.max(initial=0) <= _LEGS, "at most two legs a point"
    far = np.full(points.points, FAR, np.int32)
    if len(seat) == points.points and count.min(initial=1) == 1:
        order = _by_seat(seat)
        seat = seat[order]
        return Reach(points, selection, order, seat, added[order], seat, far, lone=True)
    seat1, time1 = np.zeros(points.points, np.int32), far.copy()
    has = np.flatnonzero(count > 0)
    seat1[has], time1[has] = seat[start[has]], added[start[has]]
    seat2, time2 = seat1.copy(), far
    has = np.flatnonzero(count > 1)
    seat2[has], time2[has] = seat[start[has] + 1], added[start[has] + 1]
    order = _by_seat(seat1)
    seat1, time1, seat2, time2 = (each[order] for each in (seat1, time1, seat2, time2))
    return Reach(points, selection, order, seat1, time1, seat2, time2, lone=False)


def _by_seat(seat: Ints) -> Ints:
    return np.argsort(seat, kind="stable").astype(np.int32)


def alike(one: Legs, other: Legs) -> bool:
    """Tell whether two lists of legs are the same."""
    return one is other or (one.points == other.points and all(
        mine is theirs or np.array_equal(mine, theirs)
        for mine, theirs in (
            (one.node, other.node), (one.point, other.point), (one.time_ms, other.time_ms)
        )
    ))  # fmt: skip


def by_point(legs: Legs) -> tuple[Longs, Longs]:
    """Return the start of the legs of each point, and their order."""
    ordered = bool((np.diff(legs.point) >= 0).all())
    order = np.arange(len(legs.point)) if ordered else np.argsort(legs.point, kind="stable")
    count = np.bincount(legs.point, minlength=legs.points)
    return np.concatenate(([0], np.cumsum(count))).astype(np.int64), order


def capped(time_ms: Longs) -> Ints:
    """Return times in 32 bits; none is beyond `FAR`."""
    return np.minimum(time_ms, FAR).astype(np.int32)
