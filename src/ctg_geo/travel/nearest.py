"""The k nearest places of every origin, by name, without the times to all the others."""

import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ctg_geo.errors import TravelError
from ctg_geo.network import RoadNetwork
from ctg_geo.parameters import Snapping
from ctg_geo.travel.between import between, check_choice, check_limit, no_pairs
from ctg_geo.travel.legs import Legs, Pairs, legs_in, legs_out
from ctg_geo.travel.method import METHODS, Method, chosen
from ctg_geo.travel.query import beside, snapped
from ctg_geo.travel.times import MS_PER_MIN, NO_ROUTE_MS, TravelTimes, bound_ms

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["Nearest", "nearest"]

logger = logging.getLogger(__name__)

Ints = npt.NDArray[np.int64]
Table = npt.NDArray[np.signedinteger]

_NOBODY: Final = -1
_BLOCK_CELLS = 8_000_000  # of the times to all places kept at once: 200 MB


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Nearest:
    """The places nearest to each origin, the first column the nearest one of all.

    Of equal times, the place that comes first. `number` is -1 where there are fewer than k
    places within `limit_min`.
    """

    origins: pd.Index
    places: pd.Index
    number: Table  # origins × k, number of the place
    time_ms: Table  # origins × k; -1 where there is none
    limit_min: float | None
    method: str
    origin_snaps: pd.DataFrame = field(repr=False)  # by origin: snap_m, road_class, status
    place_snaps: pd.DataFrame = field(repr=False)

    def __repr__(self) -> str:
        count, k = self.number.shape
        return f"<Nearest {k} of {len(self.places)} places, {count} origins>"

    @property
    def place(self) -> pd.DataFrame:
        """Codes of the places, origins × rank from 1; missing where there is none."""
        code = np.append(self.places.to_numpy(dtype=object), [None])
        return pd.DataFrame(code[self.number], index=self.origins, columns=self._ranks)

    @property
    def minutes(self) -> pd.DataFrame:
        """Minutes to them, origins × rank from 1; NaN where there is none."""
        minutes = np.where(self.number == _NOBODY, np.nan, self.time_ms / MS_PER_MIN)
        return pd.DataFrame(minutes, index=self.origins, columns=self._ranks)

    @property
    def _ranks(self) -> pd.RangeIndex:
        return pd.RangeIndex(1, self.number.shape[1] + 1, name="rank")

    def to_times(self) -> TravelTimes:
        """Return these pairs as the measures of access take them.

        A pair that is absent is not among the k nearest, or has no route within the limit: a
        sum over all places within reach is not to be had from it.
        """
        row, rank = np.nonzero(self.number != _NOBODY)
        to, time_ms = self.number[row, rank], self.time_ms[row, rank]
        order = np.lexsort((to, row))
        count = np.bincount(row, minlength=len(self.origins))
        return TravelTimes(
            origins=self.origins,
            destinations=self.places,
            start=np.concatenate(([0], np.cumsum(count))).astype(np.int64),
            to=to[order],
            time_ms=time_ms[order],
            limit_min=self.limit_min,
            origin_snaps=self.origin_snaps,
            destination_snaps=self.place_snaps,
            method=self.method,
        )


def nearest(
    network: RoadNetwork,
    origins: "gpd.GeoSeries | pd.Series | npt.NDArray[np.integer] | list[int]",
    places: "gpd.GeoSeries | pd.Series | npt.NDArray[np.integer] | list[int]",
    *,
    k: int,
    limit_min: float | None,
    snapping: Snapping | None = None,
    method: Method | None = None,
) -> Nearest:
    """Find the k places that each origin reaches first.

    Parameters
    ----------
    network : roads with a time per arc
    origins, places : points (any CRS, snapped to the nearest edge), or node numbers
    k : how many, at least 1
    limit_min : minutes; places beyond are left out. None for no limit.
    snapping : how points join the road; `Snapping()` by default.
    method : see `travel_times`

    Returns
    -------
    Nearest
        Times are those of `travel_times`, to the millisecond.

    Raises
    ------
    TravelError
        As `travel_times`; and if k is not a whole number of at least 1.

    Examples
    --------
    >>> roads = RoadNetwork.from_arcs([0, 1], [1, 2], [60, 90], [4.9, 4.91, 4.92], [45, 45, 45])
    >>> nearest(roads, [0, 1], [1, 2], k=1, limit_min=None).place
    rank    1
    origin
    0       1
    1       1
    """
    check_limit(limit_min)
    check_choice("method", method, (*METHODS, None))
    if not (k >= 1 and k == int(k)):
        raise TravelError("bad_k", value=k)
    rules = snapping or Snapping()
    start = snapped(network, origins, rules, name="origin")
    end = snapped(network, places, rules, name="place")
    first, last = legs_out(network, start), legs_in(network, end)
    number, time_ms, way = _found(network, first, last, bound_ms(limit_min), int(k), method)
    _put(beside(network, start, end, rules), number, time_ms, bound_ms(limit_min))
    logger.info("nearest %d of %d places, %d origins: %s", k, len(end), len(start), way)
    return Nearest(
        origins=start.table.index,
        places=end.table.index,
        number=number,
        time_ms=time_ms,
        limit_min=limit_min,
        method=way,
        origin_snaps=start.table,
        place_snaps=end.table,
    )


def _found(
    network: RoadNetwork, first: Legs, last: Legs, limit_ms: float, k: int, method: Method | None
) -> tuple[Table, Table, Method]:
    """Find the k nearest over the nodes of the network: place and time by origin and rank."""
    way = method or chosen(network, first, last, limit_ms)
    if not (first.points and last.points):
        return *_table(no_pairs(), first.points, k), way
    if way == "hierarchy":
        from ctg_geo.travel.hierarchy import engine_of  # noqa: PLC0415  (heavy)

        engine = engine_of(network)
        if engine.fits(first, last):
            return *_widened(*engine.nearest(first, last, min(k, last.points)), limit_ms, k), way
        way = "plain"
    pairs = no_pairs()
    for here, there, (origin_at, place_at) in _blocks(first, last):
        (start, to, time_ms), way = between(network, here, there, limit_ms, no_pairs(), way)
        origin = np.repeat(np.arange(here.points), np.diff(start)) + origin_at
        more = Pairs(origin, to.astype(np.int64) + place_at, time_ms.astype(np.int64))
        pairs = _best((pairs, more), limit_ms, k)
    return *_table(pairs, first.points, k), way


def _widened(number: Table, time_ms: Table, limit_ms: float, k: int) -> tuple[Table, Table]:
    """Return what the hierarchy found (written over), within the limit, as k columns."""
    beyond = time_ms > min(limit_ms, NO_ROUTE_MS - 1)
    if beyond.any():
        number[beyond] = time_ms[beyond] = _NOBODY
    found = number.shape[1]
    if found == k:
        return number, time_ms
    wide = np.full((2, len(number), k), _NOBODY, dtype=np.int32)
    wide[0, :, :found], wide[1, :, :found] = number, time_ms
    return wide[0], wide[1]


def _blocks(first: Legs, last: Legs) -> list[tuple[Legs, Legs, tuple[int, int]]]:
    """Cut the side that is searched from, the shorter one, so that no search is done twice.

    Returns
    -------
    legs of both sides; the numbers from which their points count
    """
    reverse = last.points < first.points
    near, far = (last, first) if reverse else (first, last)
    step = max(1, _BLOCK_CELLS // max(1, far.points))
    starts = range(0, near.points, step)
    parts = [(_part(near, at, min(at + step, near.points)), at) for at in starts]
    if reverse:
        return [(first, part, (0, at)) for part, at in parts]
    return [(part, last, (at, 0)) for part, at in parts]


def _part(legs: Legs, low: int, high: int) -> Legs:
    mine = (legs.point >= low) & (legs.point < high)
    return Legs(high - low, legs.point[mine] - low, legs.node[mine], legs.time_ms[mine])


def _best(parts: tuple[Pairs, Pairs], limit_ms: float, k: int) -> Pairs:
    """Keep the k fastest pairs of each origin, each place once; of equal times the first place."""
    origin, place, time_ms = (
        np.concatenate([getattr(part, name) for part in parts])
        for name in ("origin", "destination", "time_ms")
    )
    order = np.lexsort((time_ms, place, origin))
    order = order[time_ms[order] <= limit_ms]
    fresh = np.ones(len(order), dtype=bool)
    fresh[1:] = (np.diff(origin[order]) != 0) | (np.diff(place[order]) != 0)
    order = order[fresh]
    order = order[np.lexsort((place[order], time_ms[order], origin[order]))]
    order = order[_rank(origin[order]) < k]
    return Pairs(origin[order], place[order], time_ms[order])


def _rank(origin: Ints) -> Ints:
    """Place of each row among those of its origin, from 0; origins stand together."""
    fresh = np.flatnonzero(np.diff(origin, prepend=-1))
    size = np.diff(np.append(fresh, len(origin)))
    return np.asarray(np.arange(len(origin)) - np.repeat(fresh, size))


def _table(best: Pairs, origins: int, k: int) -> tuple[Table, Table]:
    """Return place and time by origin and rank of pairs by origin, the nearest first."""
    number, time_ms = (np.full((origins, k), _NOBODY, dtype=np.int64) for _ in range(2))
    rank = _rank(best.origin)
    number[best.origin, rank] = best.destination
    time_ms[best.origin, rank] = best.time_ms
    return number, time_ms


def _put(extra: Pairs, number: Table, time_ms: Table, limit_ms: float) -> None:
    """Sort `extra` into the rows of its origins, in place."""
    some = np.unique(extra.origin)
    row, rank = np.nonzero(number[some] != _NOBODY)
    known = Pairs(row, number[some][row, rank], time_ms[some][row, rank])
    more = Pairs(np.searchsorted(some, extra.origin), extra.destination, extra.time_ms)
    best = _best((known, more), limit_ms, number.shape[1])
    number[some], time_ms[some] = _table(best, len(some), number.shape[1])
