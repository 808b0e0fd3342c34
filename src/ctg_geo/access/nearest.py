"""Time to the nearest place, and how many people live within reach of one."""

import numpy as np
import pandas as pd

from ctg_geo.access.aligned import aligned
from ctg_geo.travel import MS_PER_MIN, TravelTimes

__all__ = ["cumulative_supply", "nearest", "population_within"]


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
    order = np.lexsort((times.to, times.time_ms, times.rows))
    rows = times.rows[order]
    first = order[np.unique(rows, return_index=True)[1]]
    minutes = np.full(len(times.origins), np.nan)
    destination = np.full(len(times.origins), np.nan, dtype=object)
    minutes[times.rows[first]] = times.time_ms[first] / MS_PER_MIN
    destination[times.rows[first]] = times.destinations[times.to[first]].to_numpy()
    return pd.DataFrame({"minutes": minutes, "destination": destination}, index=times.origins)


def population_within(minutes: pd.Series, demand: pd.Series, *, within_min: float) -> float:
    """Share (0-1) of people whose nearest place is at most `within_min` away; NaN if nobody.

    Parameters
    ----------
    minutes : by origin, NaN where nothing is within reach
    demand : by origin, people

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


def cumulative_supply(times: TravelTimes, supply: pd.Series, *, within_min: float) -> pd.Series:
    """Supply within `within_min` of each origin, not shared with anybody.

    Returns
    -------
    Series by origin, in the unit of `supply`
    """
    near = times.within(within_min)
    offer = aligned(supply, times.destinations, table="supply")
    total = np.bincount(near.rows, offer[near.to], len(times.origins))
    return pd.Series(total, index=times.origins, name="cumulative_supply")
