"""Times to the nearest places, and how many people live within reach of one."""

import itertools
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pandas as pd

from ctg_geo.access.aligned import aligned
from ctg_geo.errors import TravelError
from ctg_geo.travel import MS_PER_MIN, TravelTimes

__all__ = ["k_nearest", "nearest", "population_within"]

Ints = npt.NDArray[np.int64]

_NONE = np.iinfo(np.int64).max


def nearest(times: TravelTimes) -> pd.DataFrame:
    """Nearest destination of each origin.

    Returns
    -------
    DataFrame by origin: minutes (NaN where none is within the limit of `times`), destination
        On a tie the destination that comes first in `times.destinations`.

    Notes
    -----
    A longer limit or one more destination never lengthens a time.

    Examples
    --------
    >>> pairs = pd.DataFrame({"origin": ["a", "a"], "destination": ["x", "y"], "minutes": [9, 4]})
    >>> nearest(TravelTimes.from_frame(pairs, limit_min=30, origins=["a", "b"]))
            minutes destination
    origin
    a           4.0           y
    b           NaN         NaN
    """
    number, time_ms = next(_by_rank(times))
    there = number >= 0
    minutes = np.where(there, time_ms / MS_PER_MIN, np.nan)
    return pd.DataFrame(
        {"minutes": minutes, "destination": _names(times, number)}, index=times.origins
    )


def k_nearest(times: TravelTimes, *, k: int) -> pd.DataFrame:
    """Return the `k` nearest destinations of each origin, the nearest first.

    Returns
    -------
    DataFrame by origin and rank (1 to `k`): minutes, destination
        NaN where there are fewer within the limit of `times`. On a tie the destination that
        comes first in `times.destinations`.

    Raises
    ------
    TravelError
        If `k` is not a whole number of 1 or more.

    Notes
    -----
    Minutes do not fall with the rank; a longer limit or one more destination lengthens none.

    Examples
    --------
    >>> pairs = pd.DataFrame({"origin": ["a", "a"], "destination": ["x", "y"], "minutes": [9, 4]})
    >>> k_nearest(TravelTimes.from_frame(pairs, limit_min=30), k=2)
                 minutes destination
    origin rank
    a      1         4.0           y
           2         9.0           x
    """
    if k < 1 or k != int(k):
        raise TravelError("bad_k", value=k)
    found = list(itertools.islice(_by_rank(times), int(k)))
    number = np.stack([each for each, _ in found], axis=1).ravel()
    time_ms = np.stack([each for _, each in found], axis=1).ravel()
    index = pd.MultiIndex.from_product(
        [times.origins, range(1, int(k) + 1)], names=[times.origins.name, "rank"]
    )
    minutes = np.where(number >= 0, time_ms / MS_PER_MIN, np.nan)
    return pd.DataFrame({"minutes": minutes, "destination": _names(times, number)}, index=index)


def _by_rank(times: TravelTimes) -> Iterator[tuple[Ints, Ints]]:
    """Give the nearest destination of each origin and its time, then the second, and so on.

    Time and number make one word, so that one minimum finds both. Where there is none the number
    is -1, and the time means nothing.
    """
    wide = max(len(times.destinations), 1)
    key = times.time_ms.astype(np.int64) * wide + times.to
    filled = np.flatnonzero(np.diff(times.start) > 0)
    least = np.full(len(times.origins), _NONE)
    while True:
        least[filled] = np.minimum.reduceat(key, times.start[filled])
        there = least < _NONE
        yield np.where(there, least % wide, -1), least // wide
        key[key == np.repeat(least, np.diff(times.start))] = _NONE


def _names(times: TravelTimes, number: Ints) -> npt.NDArray[np.object_]:
    there = number >= 0
    names = np.full(len(number), np.nan, dtype=object)
    names[there] = times.destinations[number[there]].to_numpy()
    return names


def population_within(minutes: pd.Series, demand: pd.Series, *, within_min: float) -> float:
    """Share (0-1) of people whose nearest place is at most `within_min` away; NaN if nobody.

    Parameters
    ----------
    minutes : by origin, NaN where nothing is within reach
    demand : by origin, people
    within_min : minutes, the bound included

    Returns
    -------
    float, 0 to 1, or NaN

    Examples
    --------
    >>> population_within(pd.Series({"a": 4.0, "b": 40.0}), pd.Series({"a": 30, "b": 10}),
    ...                   within_min=30)
    0.75
    """
    people = aligned(demand, minutes.index, table="demand")
    total = people.sum()
    if total == 0:
        return float("nan")
    return float(people[(minutes <= within_min).to_numpy()].sum() / total)
