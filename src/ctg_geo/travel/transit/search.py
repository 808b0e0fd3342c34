"""From homes to places by timetable, on walks that are known: numbers only."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from ctg_geo.network import Hops
from ctg_geo.travel.transit import loops
from ctg_geo.travel.transit.loops import FAR, NEVER

if TYPE_CHECKING:
    from ctg_geo.travel.transit.loops import Lists, Rides, Walks

__all__ = ["Feet", "Leaving", "fastest", "rank_of"]

Longs = npt.NDArray[np.int64]

_SMALL = 200_000  # hops times places below which a compiler is not worth loading
_THREADS = 2


class Feet(NamedTuple):
    """Walks of one direction of a trip, as milliseconds."""

    access: "Walks"  # by home: to stops; on the way back, from stops
    changes: "Walks"  # by stop: to stops; on the way back, from stops
    egress_ms: Longs  # places × stops; on the way back, from the place to the stop
    direct_ms: Longs  # places × homes; on the way back, from the place to the home


@dataclass(frozen=True, slots=True)
class Leaving:
    """When one leaves, and when one must be back; see `parameters.Outing`."""

    departures_ms: Longs
    rank: int  # of the departure that counts, from 0, fast to slow
    limit_ms: int
    home_by_ms: int | None = None
    stay_ms: int = 0


class _Loops(NamedTuple):
    scan: Callable[..., None]
    sum_up: Callable[..., None]
    way_back: Callable[..., None]


def rank_of(percentile: float, departures: int) -> int:
    """Return the number, from fast to slow, of the departure at a percentile (nearest rank)."""
    return max(int(np.ceil(percentile / 100 * departures - 1e-9)) - 1, 0)


def fastest(
    hops: Hops, out: Feet, back: Feet | None, leaving: Leaving, *, compiled: bool | None = None
) -> Longs:
    """Time every home to every place.

    Parameters
    ----------
    hops : what runs, in its order
    out, back : walks of the way there, and of the way back where one must be home by an hour
    leaving : departures, limit
    compiled : by default where the job is large and there is a compiler

    Returns
    -------
    places × homes, milliseconds; FAR where there is no way within the limit
    """
    places, homes = out.direct_ms.shape
    large = len(hops) * places > _SMALL and find_spec("numba") is not None
    run = _compiled() if (large if compiled is None else compiled) else _plain()
    there = _during(hops, int(leaving.departures_ms[0]), int(leaving.departures_ms[-1]),
                    leaving.limit_ms)  # fmt: skip
    until = np.full((places, homes), FAR, np.int64)
    found = np.full((places, homes), FAR, np.int64)
    again = None
    if leaving.home_by_ms is not None:
        assert back is not None, "a way back needs walks"
        first = int(leaving.departures_ms[0]) + leaving.stay_ms
        again = _during(hops, first, leaving.home_by_ms, 0).mirrored()

    def one(place: int) -> None:
        if again is not None and back is not None:
            _last_way_back(run, again, back, leaving, place, until[place])
        lists = _lists(run, there, out, leaving.limit_ms, place)
        run.sum_up(
            out.access, lists, out.direct_ms[place], leaving.departures_ms, leaving.limit_ms,
            leaving.rank, until[place], found[place],
        )  # fmt: skip

    with ThreadPoolExecutor(_THREADS) as pool:
        list(pool.map(one, range(places)))
    return found


def _last_way_back(
    run: _Loops, hops: Hops, feet: Feet, leaving: Leaving, place: int, until: Longs
) -> None:
    """Write when one must be ready to leave a place at the latest: once one has stayed."""
    assert leaving.home_by_ms is not None, "no hour to be home"
    lists = _lists(run, hops, feet, leaving.limit_ms, place)
    run.way_back(feet.access, lists, feet.direct_ms[place], leaving.home_by_ms,
                 leaving.limit_ms, until)  # fmt: skip
    until[until > NEVER] -= leaving.stay_ms


def _lists(run: _Loops, hops: Hops, feet: Feet, limit_ms: int, place: int) -> "Lists":
    stops = feet.egress_ms.shape[1]
    rides: Rides = (hops.tail, hops.head, hops.departure_ms, hops.arrival_ms, hops.vehicle,
                    hops.boards, hops.alights)  # fmt: skip
    room = np.bincount(hops.tail[hops.boards], minlength=stops)
    first = np.concatenate(([0], np.cumsum(room)[:-1])).astype(np.int64)
    many = int(room.sum())
    lists = first, np.zeros(stops, np.int64), np.empty(many, np.int64), np.empty(many, np.int64)
    on_board = np.full(int(hops.vehicle.max(initial=-1)) + 1, FAR, np.int64)
    run.scan(rides, feet.changes, feet.egress_ms[place], limit_ms, on_board, lists)
    return lists


def _during(hops: Hops, first_ms: int, last_ms: int, more_ms: int) -> Hops:
    """Return the hops that may serve between two times, with their vehicles renumbered."""
    kept = hops.only((hops.departure_ms >= first_ms) & (hops.arrival_ms <= last_ms + more_ms))
    _, vehicle = np.unique(kept.vehicle, return_inverse=True)
    return Hops(
        kept.tail, kept.head, kept.departure_ms, kept.arrival_ms, vehicle.astype(np.int64),
        kept.boards, kept.alights, kept.position,
    )  # fmt: skip


def _plain() -> _Loops:
    return _Loops(loops.scan, loops.sum_up, loops.way_back)


@lru_cache(maxsize=1)
def _compiled() -> _Loops:
    from ctg_geo.travel.hierarchy.compiled import kernel  # noqa: PLC0415  (heavy)

    return _Loops(kernel(loops.scan), kernel(loops.sum_up), kernel(loops.way_back))
