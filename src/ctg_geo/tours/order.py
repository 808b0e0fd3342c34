"""The shortest round of a few stops, exactly; every round a day can hold."""

import itertools
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from ctg_geo.errors import TourError

__all__ = ["MOST_RUNS", "Runs", "best_order", "day_runs", "detour", "shortest_rounds"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

Runs = list[tuple[Ints, Floats]]
"""By number of stops: the stops of each run (runs × stops, increasing) and its minutes."""

MOST_RUNS = 1_500_000
_DEPOT = 0


def shortest_rounds(minutes: Floats, stops: Ints) -> Floats:
    """Minutes of the shortest round from the depot through the stops of each row and back.

    Parameters
    ----------
    minutes : places × places, directed; the depot is number 0
    stops : rows × stops (1 to 6), numbers of places

    Returns
    -------
    array by row

    References
    ----------
    Held M., Karp R. (1962), A dynamic programming approach to sequencing problems.

    Examples
    --------
    >>> line = np.abs(np.subtract.outer([0, 1, 2, -1], [0, 1, 2, -1])).astype(float)
    >>> shortest_rounds(line, np.array([[1, 2, 3]])).tolist()
    [6.0]
    """
    rows, count = stops.shape
    between = minutes[stops[:, :, None], stops[:, None, :]]
    out, back = minutes[_DEPOT, stops], minutes[stops, _DEPOT]
    best = {(1 << last, last): out[:, last] for last in range(count)}
    for mask in range(1, 1 << count):
        inside = [at for at in range(count) if mask >> at & 1]
        if len(inside) > 1:
            for last in inside:
                before = mask & ~(1 << last)
                ways = [best[before, other] + between[:, other, last]
                        for other in inside if other != last]  # fmt: skip
                best[mask, last] = np.minimum.reduce(ways)
    every = (1 << count) - 1
    if not rows:
        return np.zeros(0)
    return np.asarray(
        np.minimum.reduce([best[every, last] + back[:, last] for last in range(count)])
    )


def best_order(minutes: Floats, stops: Sequence[int]) -> tuple[int, ...]:
    """Return the order of the shortest round; of equal ones, the first by numbers."""

    def round_of(order: tuple[int, ...]) -> float:
        path = [_DEPOT, *order, _DEPOT]
        return round(float(sum(minutes[a, b] for a, b in itertools.pairwise(path))), 6)

    return min(itertools.permutations(sorted(stops)), key=lambda order: (round_of(order), order))


def day_runs(minutes: Floats, *, per_stop_min: float, longest_min: float, most_stops: int) -> Runs:
    """Every set of stops that one day can hold, with the minutes it takes at least.

    Parameters
    ----------
    minutes : places × places, the depot first
    per_stop_min : of a stop at least: setting up, shortest presence, packing up
    longest_min : of a day, from leaving the depot to coming back
    most_stops : of a day

    Returns
    -------
    Runs
        Minutes are those of the road alone.

    Raises
    ------
    TourError
        If there are too many to look at.

    Notes
    -----
    A set that does not fit is in none that does, as a way through one more stop is no shorter.
    Where times break that rule (by rounding, by ends of trips), sets are kept up to the
    largest break seen.
    """
    count = len(minutes)
    broken = most_stops * detour(minutes)
    found: Runs = []
    stops = np.arange(1, count, dtype=np.int64)[:, None]
    for size in range(1, most_stops + 1):
        road = shortest_rounds(minutes, stops)
        total = road + size * per_stop_min
        fits = total <= longest_min
        found.append((stops[fits], road[fits]))
        grown = stops[total <= longest_min + broken]
        if size == most_stops or not len(grown):
            break
        more = count - 1 - grown[:, -1]
        if sum(len(each) for each, _ in found) + int(more.sum()) > MOST_RUNS:
            raise TourError("too_many_runs", count=MOST_RUNS, stops=size + 1, places=count - 1)
        first = np.repeat(grown, more, axis=0)
        last = np.concatenate([np.arange(each + 1, count) for each in grown[:, -1]])
        stops = np.column_stack([first, last]).astype(np.int64)
    return found


def detour(minutes: Floats) -> float:
    """Return by how much a way through one more place is shorter than the way without, at most."""
    most = 0.0
    for via in range(len(minutes)):
        through = minutes[:, via, None] + minutes[None, via, :]
        most = max(most, float((minutes - through).max(initial=0.0)))
    return most
