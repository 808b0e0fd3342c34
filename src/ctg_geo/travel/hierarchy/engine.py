"""What a metric answers: matrices, the k nearest, single columns. Exact, in milliseconds."""

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Lock

import numpy as np
import numpy.typing as npt

from ctg_geo.errors import TravelError
from ctg_geo.travel.hierarchy.compiled import FAR, LANES
from ctg_geo.travel.hierarchy.metric import Half, Metric
from ctg_geo.travel.hierarchy.shape import Shape
from ctg_geo.travel.hierarchy.sweep import (
    ID_BITS,
    NO_ROUTE_MS,
    Selection,
    arrived,
    joined,
    least,
    nearest,
    restricted,
    sixteen,
)
from ctg_geo.travel.legs import Legs

__all__ = ["Engine", "longest_route_ms"]

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]

_REMEMBERED = 2
_MS_PER_DAY = 86_400_000
_LEGS = 2
_HUBS = 4  # tried: one of them is no trap


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Reach:
    """Points that a sweep is to reach: the part of the hierarchy above them, and their seats.

    A point hangs on one or two seats, by a time each; a second leg that is not there repeats
    the first seat, and is far.
    """

    legs: Legs
    selection: Selection
    seat1: Ints  # by point
    time1: Ints
    seat2: Ints
    time2: Ints
    lone: bool  # no point has a second leg

    @property
    def seats(self) -> tuple[Ints, Ints, Ints, Ints]:
        """Seats and times of both legs, as the kernels take them."""
        return self.seat1, self.time1, self.seat2, self.time2


@dataclass(slots=True, eq=False, repr=False)
class Engine:
    """Answers about one metric. Its work space stays between calls: fresh memory is slow.

    `longest_ms` bounds the time between any two nodes: that and the legs must fit in 30 bits.
    """

    metric: Metric
    longest_ms: int
    _work: list[tuple[Ints, Ints, Ints]] = field(default_factory=list)
    _reached: list[tuple[Half, Reach]] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)

    def fits(self, first: Legs, last: Legs) -> bool:
        """Tell whether no route between these points may be too long for 32 bits."""
        legs = [int(each.time_ms.max(initial=0)) for each in (first, last)]
        return self.longest_ms + sum(legs) < FAR

    def matrix(self, first: Legs, last: Legs, limit_ms: float) -> Ints:
        """Return the times from all points of `first` to all of `last`, dense.

        Returns
        -------
        ndarray of int32, first × last
            Milliseconds, legs included; `NO_ROUTE_MS` where no route is within the limit.

        Raises
        ------
        TravelError
            If a route may be too long (`fits`).
        """
        self._check(first, last)
        if first.points < last.points:
            return self._swept(first, last, self.metric.up, self.metric.down, limit_ms).T
        return self._swept(last, first, self.metric.down, self.metric.up, limit_ms)

    def nearest(self, origins: Legs, places: Legs, k: int) -> tuple[Ints, Ints]:
        """Return the k nearest places of every origin: place numbers and milliseconds.

        Returns
        -------
        two ndarrays of int32, origins × k
            -1 and `NO_ROUTE_MS` where there are fewer. Of equal times, the lower number first.

        Raises
        ------
        TravelError
            If there are more than 16 777 215 places, or a route may be too long.
        """
        self._check(origins, places)
        if places.points >= 1 << ID_BITS:
            raise TravelError("too_many_places", count=places.points, most=(1 << ID_BITS) - 1)
        reach = self._reach(origins, self.metric.up)
        selection = reach.selection
        source = (places.point.astype(np.int32), self._at(places.node), _capped(places.time_ms))
        best = nearest(
            self.metric.shape.parent, self.metric.down.parts, selection.links, selection.seat,
            source, k,
        )  # fmt: skip
        found = joined(best, reach.seats, k).reshape(-1, k)
        there = found >> ID_BITS < FAR
        number = np.where(there, found & ((1 << ID_BITS) - 1), -1).astype(np.int32)
        return number, np.where(there, found >> ID_BITS, NO_ROUTE_MS).astype(np.int32)

    def column(self, origins: Legs, place: Legs) -> Ints:
        """Return the time of every origin to a place, or to the nearest of several."""
        self._check(origins, place)
        return self._least(origins, place, self.metric.down, self.metric.up)

    def row(self, place: Legs, destinations: Legs) -> Ints:
        """Return the time from a place, or from the nearest of several, to all destinations."""
        self._check(place, destinations)
        return self._least(destinations, place, self.metric.up, self.metric.down)

    def _least(self, points: Legs, sources: Legs, climb: Half, fall: Half) -> Ints:
        reach = self._reach(points, fall)
        selection = reach.selection
        best = least(
            self.metric.shape.parent, climb.parts, selection.links, selection.seat,
            self._at(sources.node), _capped(sources.time_ms),
        )  # fmt: skip
        return arrived(best, reach.seats, reach.lone)

    def _check(self, first: Legs, last: Legs) -> None:
        if not self.fits(first, last):
            raise TravelError("route_too_long", days=FAR / _MS_PER_DAY)

    def _swept(self, sources: Legs, points: Legs, climb: Half, fall: Half, limit_ms: float) -> Ints:
        stride = -(-sources.points // LANES) * LANES
        out = _aligned(points.points * stride)
        if sources.points and points.points:
            with self._lock:
                self._all_batches(sources, points, (climb, fall), min(limit_ms, FAR - 1), out)
        return out.reshape(points.points, stride)[:, : sources.points]

    def _all_batches(
        self, sources: Legs, points: Legs, halves: tuple[Half, Half], limit: float, out: Ints
    ) -> None:
        climb, fall = halves
        reach = self._reach(points, fall)
        selection = reach.selection
        order = np.argsort(reach.seat1, kind="stable").astype(np.int32)
        seat1, time1, seat2, time2 = (each[order] for each in reach.seats)
        told = (order, seat1, time1, seat2, time2)
        source = self._sources(sources)
        batches = -(-sources.points // LANES)
        threads = max(1, min(os.cpu_count() or 1, batches))
        cuts = [batches * part // threads for part in range(threads + 1)]
        work = self._space(threads)

        def one(part: int) -> None:
            sixteen(
                (cuts[part], cuts[part + 1]), self.metric.shape.parent, climb.parts,
                selection.links, selection.seat, source, told, int(limit), work[part], out,
            )  # fmt: skip

        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(one, range(threads)))

    def _space(self, threads: int) -> list[tuple[Ints, Ints, Ints]]:
        nodes = self.metric.shape.nodes
        while len(self._work) < threads:
            room = _aligned((nodes + 1) * LANES)
            self._work.append((room, np.empty(nodes, np.int32), np.empty(nodes, np.int32)))
        return self._work

    def _at(self, nodes: Longs) -> Ints:
        return self.metric.shape.position[nodes]

    def _sources(self, legs: Legs) -> tuple[Longs, Ints, Ints]:
        start, order = _by_point(legs)
        return start, self._at(legs.node[order]), _capped(legs.time_ms[order])

    def _reach(self, points: Legs, fall: Half) -> Reach:
        """Return the seats of points: remembered where they were asked for just before."""
        for half, reach in self._reached:
            if half is fall and _alike(reach.legs, points):
                return reach
        found = _reached(points, self.metric.shape, fall)
        self._reached = [(fall, found), *self._reached[: _REMEMBERED - 1]]
        return found


def _reached(points: Legs, shape: Shape, fall: Half) -> Reach:
    start, order = _by_point(points)
    position, added = shape.position[points.node[order]], _capped(points.time_ms[order])
    selection = restricted(shape.parent, fall, position)
    seat = selection.seat[position]
    count = np.diff(start)
    assert count.max(initial=0) <= _LEGS, "at most two legs a point"
    far = np.full(points.points, FAR, np.int32)
    if len(seat) == points.points and count.min(initial=1) == 1:
        return Reach(points, selection, seat, added, seat, far, lone=True)
    seat1, time1 = np.zeros(points.points, np.int32), far.copy()
    has = np.flatnonzero(count > 0)
    seat1[has], time1[has] = seat[start[has]], added[start[has]]
    seat2, time2 = seat1.copy(), far
    has = np.flatnonzero(count > 1)
    seat2[has], time2[has] = seat[start[has] + 1], added[start[has] + 1]
    return Reach(points, selection, seat1, time1, seat2, time2, lone=False)


def _alike(one: Legs, other: Legs) -> bool:
    return one.points == other.points and all(
        np.array_equal(mine, theirs)
        for mine, theirs in (
            (one.node, other.node), (one.point, other.point), (one.time_ms, other.time_ms)
        )
    )  # fmt: skip


def longest_route_ms(metric: Metric, head: Ints, time_ms: Ints) -> int:
    """Bound the time of the longest of all fastest routes between two nodes.

    A route visits a node once. Its part between the first and the last node that can reach
    a hub and be reached from it is no longer than the way over the hub; every other node
    costs at most its slowest arc inward.

    Parameters
    ----------
    metric : times on a shape
    head, time_ms : by arc
    """
    inward = np.zeros(metric.shape.nodes, dtype=np.int64)
    open_ = time_ms < FAR
    np.maximum.at(inward, head[open_], time_ms[open_])
    longest = int(inward.sum())
    tops = np.flatnonzero(metric.shape.parent == -1)
    size = np.diff(np.append(tops, metric.shape.nodes))
    for below in range(int(size.max(initial=0)))[:_HUBS]:
        if longest < FAR:
            break
        position = tops[np.argmax(size)] + below
        hub = int(np.flatnonzero(metric.shape.position == position)[0])
        longest = min(longest, _over_hub(Engine(metric, 0), hub, inward))
    return longest


def _over_hub(engine: Engine, hub: int, inward: Longs) -> int:
    nodes = np.arange(len(inward))
    here = Legs(1, np.zeros(1, np.int64), np.array([hub]), np.zeros(1, np.int64))
    every = Legs(len(nodes), nodes, nodes, np.zeros(len(nodes), np.int64))
    back, there = engine.matrix(every, here, FAR)[:, 0], engine.matrix(here, every, FAR)[0]
    main = (back != NO_ROUTE_MS) & (there != NO_ROUTE_MS)
    across = int(back[main].max()) + int(there[main].max()) + int(inward[main].max())
    return across + int(inward[~main].sum())


def _by_point(legs: Legs) -> tuple[Longs, Longs]:
    ordered = bool((np.diff(legs.point) >= 0).all())
    order = np.arange(len(legs.point)) if ordered else np.argsort(legs.point, kind="stable")
    count = np.bincount(legs.point, minlength=legs.points)
    return np.concatenate(([0], np.cumsum(count))).astype(np.int64), order


def _aligned(size: int) -> Ints:
    """Return room for 32-bit numbers that starts on a line of the cache."""
    raw = np.empty(size + LANES, dtype=np.int32)
    skip = (-raw.ctypes.data // 4) % LANES
    return raw[skip : skip + size]


def _capped(time_ms: Longs) -> Ints:
    return np.minimum(time_ms, FAR).astype(np.int32)
