"""What a metric answers: matrices, the k nearest, single columns. Exact, in milliseconds."""

from dataclasses import dataclass, field
from threading import Lock

import numpy as np
import numpy.typing as npt

from ctg_geo.errors import TravelError
from ctg_geo.travel.hierarchy.compiled import FAR, LANES
from ctg_geo.travel.hierarchy.descent import Descent, descent
from ctg_geo.travel.hierarchy.metric import Half, Metric
from ctg_geo.travel.hierarchy.reach import Reach, alike, by_point, capped, reached
from ctg_geo.travel.hierarchy.room import Room, on_a_line
from ctg_geo.travel.hierarchy.selection import (
    Selection,
    Shares,
    forebears,
    shared,
)
from ctg_geo.travel.hierarchy.single import ID_BITS, NONE, arrived, climbed, fallen, joined, nearest
from ctg_geo.travel.hierarchy.sweep import LISTED, NO_ROUTE_MS, sixteen
from ctg_geo.travel.hierarchy.together import processors, together
from ctg_geo.travel.legs import Legs

__all__ = ["Engine", "longest_route_ms"]

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Work = tuple[Ints, Ints, Ints, Flags, Ints]

_REMEMBERED = 2
_MS_PER_DAY = 86_400_000
_HUBS = 4  # tried: one of them is no trap


@dataclass(slots=True, eq=False, repr=False)
class Engine:
    """Answers about one metric. Its work space stays between calls: fresh memory is slow.

    `longest_ms` bounds the time between any two nodes: that and the legs must fit in 30 bits.
    """

    metric: Metric
    longest_ms: int
    _work: list[Work] = field(default_factory=list)
    _results: Room = field(default_factory=Room)
    _reached: list[tuple[Half, Reach]] = field(default_factory=list)
    _shares: list[tuple[Selection, Shares]] = field(default_factory=list)
    _descents: list[tuple[Reach, Descent]] = field(default_factory=list)
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
        if k == 1:
            found, time_ms = self._single(
                origins, places, places.point, self.metric.down, self.metric.up
            )
            return found[:, None], time_ms[:, None]
        best = self._several(origins, places, k).reshape(-1, k)
        there = best < NONE
        number = np.where(there, best & ((1 << ID_BITS) - 1), -1).astype(np.int32)
        return number, np.where(there, best >> ID_BITS, NO_ROUTE_MS).astype(np.int32)

    def column(self, origins: Legs, place: Legs) -> Ints:
        """Return the time of every origin to a place, or to the nearest of several."""
        self._check(origins, place)
        return self._least(origins, place, self.metric.down, self.metric.up)

    def row(self, place: Legs, destinations: Legs) -> Ints:
        """Return the time from a place, or from the nearest of several, to all destinations."""
        self._check(place, destinations)
        return self._least(destinations, place, self.metric.up, self.metric.down)

    def _least(self, points: Legs, sources: Legs, climb: Half, fall: Half) -> Ints:
        return self._single(points, sources, np.zeros_like(sources.point), climb, fall)[1]

    def _single(
        self, points: Legs, sources: Legs, numbers: Longs, climb: Half, fall: Half
    ) -> tuple[Ints, Ints]:
        """Return the nearest source of every point, and its time, in one sweep."""
        number, time_ms = np.empty((2, points.points), np.int32)
        source = numbers.astype(np.int32), self._at(sources.node), capped(sources.time_ms)
        with self._lock:
            reach = self._reach(points, fall)
            links, (top, shares) = reach.selection.links, self._shared(reach.selection)
            rows = self._space(1)[0][0].view(np.int64)  # more than enough for two words a node
            high, best = rows[: len(reach.selection.seat)], rows[-reach.selection.seats :]
            seat = reach.selection.seat
            climbed(climb.parts, seat, source, self._forebears(source[1]), high, best)
            fallen(top, top + 1, links, best)
            together(lambda part, _: fallen(*shares[part], links, best), len(shares), processors())
            arrived(best, reach.seats, reach.lone, number, time_ms)
        return number, time_ms

    def _shared(self, selection: Selection) -> Shares:
        for known, shares in self._shares:
            if known is selection:
                return shares
        parent = self.metric.shape.parent
        found = shared(parent, selection.seat, selection.seats)
        self._shares = [(selection, found), *self._shares[: _REMEMBERED - 1]]
        return found

    def _descent(self, reach: Reach) -> Descent:
        for known, found in self._descents:
            if known is reach:
                return found
        found = descent(reach, self.metric.shape.parent)
        self._descents = [(reach, found), *self._descents[: _REMEMBERED - 1]]
        return found

    def _several(self, points: Legs, sources: Legs, k: int) -> Longs:
        source = sources.point.astype(np.int32), self._at(sources.node), capped(sources.time_ms)
        with self._lock:
            reach = self._reach(points, self.metric.up)
            selection = reach.selection
            place = self._space(1)[0][2]
            found = self._forebears(source[1])
            high, best, told = (
                np.full(count * k, NONE, np.int64)
                for count in (len(found), selection.seats, points.points)
            )
            nearest(
                self.metric.down.parts, selection.links, selection.seat, source, found,
                place, high, best, k,
            )  # fmt: skip
            joined(best, reach.seats, k, told)
        return told

    def _forebears(self, positions: Ints, worker: int = 0) -> Ints:
        """Return the positions and all above them, increasing."""
        _, room, _, seen, _ = self._work[worker]
        found = room[: forebears(self.metric.shape.parent, positions, seen, room)]
        seen[found] = False
        found.sort()
        return found

    def _check(self, first: Legs, last: Legs) -> None:
        if not self.fits(first, last):
            raise TravelError("route_too_long", days=FAR / _MS_PER_DAY)

    def _swept(self, sources: Legs, points: Legs, climb: Half, fall: Half, limit_ms: float) -> Ints:
        stride = -(-sources.points // LANES) * LANES
        with self._lock:
            out = self._results.take(points.points * stride)
            if not len(sources.node) or not len(points.node):
                out.fill(NO_ROUTE_MS)
            else:
                self._all_batches(sources, points, (climb, fall), min(limit_ms, FAR - 1), out)
        return out.reshape(points.points, stride)[:, : sources.points]

    def _all_batches(
        self, sources: Legs, points: Legs, halves: tuple[Half, Half], limit: float, out: Ints
    ) -> None:
        climb, fall = halves
        reach = self._reach(points, fall)
        way = self._descent(reach)
        source = self._sources(sources)
        batches = -(-sources.points // LANES)
        workers = min(processors(), batches)
        work = self._space(workers)

        def one(batch: int, worker: int) -> None:
            lane0 = batch * LANES
            lo, hi = source[0][[lane0, min(lane0 + LANES, sources.points)]]
            rows, _, place, _, known = work[worker]
            sixteen(
                lane0, climb.parts, way.fall, reach.selection.seat, source, way.target,
                way.free, int(limit), self._forebears(source[1][lo:hi], worker),
                (rows, place, known), out,
            )  # fmt: skip

        together(one, batches, workers)

    def _space(self, threads: int) -> list[Work]:
        nodes = self.metric.shape.nodes
        while len(self._work) < threads:
            room = np.empty(
                (3 * nodes + LISTED + 4) * LANES, np.int32
            )  # most of it is never touched
            lists = np.empty((2, nodes), np.int32)
            seen, known = np.zeros(nodes, np.bool_), np.zeros(nodes, np.int32)
            self._work.append(
                (on_a_line(room, (3 * nodes + LISTED + 3) * LANES), *lists, seen, known)
            )
        return self._work

    def _at(self, nodes: Longs) -> Ints:
        return self.metric.shape.position[nodes]

    def _sources(self, legs: Legs) -> tuple[Longs, Ints, Ints]:
        start, order = by_point(legs)
        return start, self._at(legs.node[order]), capped(legs.time_ms[order])

    def _reach(self, points: Legs, fall: Half) -> Reach:
        """Return the seats of points: remembered where they were asked for just before."""
        for half, reach in self._reached:
            if half is fall and alike(reach.legs, points):
                return reach
        found = reached(points, self.metric.shape, fall)
        self._reached = [(fall, found), *self._reached[: _REMEMBERED - 1]]
        return found


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
    shape = metric.shape
    open_ = time_ms < FAR
    heads, times = shape.position[head[open_]], time_ms[open_]
    slowest = int(times.max(initial=0))
    longest = slowest * shape.nodes
    tops = np.flatnonzero(shape.parent == -1)
    size = np.diff(np.append(tops, shape.nodes))
    top = int(tops[np.argmax(size)]) if len(tops) else 0
    for hub in range(top, top + min(_HUBS, int(size.max(initial=0)))):
        if longest < FAR:
            return longest
        back = _from_hub(hub, top, metric.down, metric.up)
        there = _from_hub(hub, top, metric.up, metric.down)
        main = (back < FAR) & (there < FAR)
        across = int(back[main].max()) + int(there[main].max()) + slowest
        apart = ~main[heads]
        longest = min(longest, across + _inward(heads[apart], times[apart], shape.nodes))
    return longest if longest < FAR else min(longest, _inward(heads, times, shape.nodes))


def _inward(heads: Ints, times: Ints, nodes: int) -> int:
    """Return the sum over nodes of their slowest arc inward."""
    inward = np.zeros(nodes, dtype=np.int64)
    np.maximum.at(inward, heads, times)
    return int(inward.sum())


def _from_hub(hub: int, top: int, climb: Half, fall: Half) -> Longs:
    """Return the times from one of the first positions of a part to all, by position."""
    best = np.full(len(fall.first) - 1, NONE, np.int64)
    best[hub] = 0
    for high in range(hub, top, -1):
        for link in range(climb.first[high], climb.first[high + 1]):
            word = best[high] + (np.int64(climb.time_ms[link]) << ID_BITS)
            best[climb.above[link]] = min(best[climb.above[link]], word)
    whole = np.array([0], np.int32), np.array([len(best)], np.int32)
    fallen(*whole, fall.parts, best)
    return best >> ID_BITS
