"""Two-step floating catchments: supply shared among the people who can reach it."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ctg_geo.access.aligned import aligned
from ctg_geo.access.decay import Decay, flat
from ctg_geo.travel import TravelTimes

__all__ = ["Catchment", "e2sfca", "two_step"]


@dataclass(frozen=True, slots=True, eq=False)
class Catchment:
    """What each origin can use, and the ratio of each site it comes from."""

    access: pd.Series  # by origin, supply per person
    ratio: pd.Series  # by destination, supply per person; NaN where no demand reaches the site


def e2sfca(times: TravelTimes, demand: pd.Series, supply: pd.Series, *, decay: Decay) -> Catchment:
    """Share the supply of each site among the people who can reach it.

    Step 1 divides the supply of every site by the demand within its reach;
    step 2 sums, for every origin, the ratios it can reach. Both steps weigh
    people by `decay`, so supply is neither created nor lost.

    Parameters
    ----------
    times : origins × destinations
        Known at least up to `decay.reach_min`; pairs beyond do not count.
    demand : by origin, people
        Zero is allowed, missing is not.
    supply : by destination, in its own unit (places, weekly hours)
        Scaled beforehand by the share of time the service is present.
    decay : minutes -> weight in [0, 1]
        How willingness to travel falls with time.

    Returns
    -------
    Catchment
        `access` is 0 where nothing is within reach.

    Raises
    ------
    UnknownCodeError
        If `demand` or `supply` lacks an origin or a destination of `times`.
    DataError
        If one of them is missing or negative.
    TravelError
        If `times` are known to a shorter limit than the decay reaches.

    Notes
    -----
    Conservation: ``(access * demand).sum() + supply[ratio.isna()].sum() == supply.sum()``.
    Access is linear in `supply`; splitting an origin in two changes nothing; adding demand
    never raises any access.

    References
    ----------
    Luo & Qi (2009), Health & Place 15(4), doi:10.1016/j.healthplace.2009.06.002.

    Examples
    --------
    Two communes, one crèche of 10 places: a child next door weighs twice one 20 min away.

    >>> from ctg_geo.access import decay
    >>> pairs = pd.DataFrame(
    ...     {"origin": ["26281", "26362"], "destination": ["c1", "c1"], "minutes": [0.0, 20.0]}
    ... )
    >>> times = TravelTimes.from_frame(pairs, limit_min=30)
    >>> children = pd.Series({"26281": 20.0, "26362": 40.0})
    >>> half = decay.steps([10, 30], [1, 0.5])
    >>> e2sfca(times, children, pd.Series({"c1": 10.0}), decay=half).access
    origin
    26281    0.250
    26362    0.125
    Name: access, dtype: float64
    """
    near = times.within(decay.reach_min)
    people = aligned(demand, times.origins, table="demand")
    offer = aligned(supply, times.destinations, table="supply")
    rows, weight = near.rows, decay(near.minutes)
    reached = np.bincount(near.to, people[rows] * weight, len(offer))
    ratio = np.divide(offer, reached, out=np.full_like(offer, np.nan), where=reached > 0)
    access = np.bincount(rows, np.nan_to_num(ratio)[near.to] * weight, len(people))
    return Catchment(
        pd.Series(access, index=times.origins, name="access"),
        pd.Series(ratio, index=times.destinations, name="ratio"),
    )


def two_step(
    times: TravelTimes, demand: pd.Series, supply: pd.Series, *, reach_min: float
) -> Catchment:
    """Share supply among all who are within `reach_min`, near or far alike (2SFCA).

    See `e2sfca`, of which this is the case of a flat decay.

    References
    ----------
    Luo & Wang (2003), Environment and Planning B 30(6), doi:10.1068/b29120.
    """
    return e2sfca(times, demand, supply, decay=flat(reach_min))
