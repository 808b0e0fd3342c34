"""What is within reach, the far counting less: shared with nobody, or shared in full."""

import numpy as np
import pandas as pd

from ctg_geo.access.aligned import aligned
from ctg_geo.access.catchment import divided, parted
from ctg_geo.access.decay import Decay, flat
from ctg_geo.access.weights import weights_of
from ctg_geo.travel import TravelTimes

__all__ = ["cumulative_supply", "gravity", "spatial_availability"]


def gravity(times: TravelTimes, supply: pd.Series, *, decay: Decay) -> pd.Series:
    """Sum the supply of all sites, weighted by time, not shared with anybody.

    Parameters
    ----------
    times : origins × destinations, known at least up to `decay.reach_min`
    supply : by destination, in its own unit
    decay : `power` or `exponential` (Hansen), `gaussian`, or any other

    Returns
    -------
    Series by origin, in the unit of `supply`; 0 where nothing is within reach

    Notes
    -----
    Linear in `supply`; one more site lowers no value; people play no part.

    References
    ----------
    Hansen (1959), Journal of the American Institute of Planners 25(2),
    doi:10.1080/01944365908978307.

    Examples
    --------
    >>> from ctg_geo.access import decay
    >>> pairs = pd.DataFrame({"origin": "a", "destination": ["x", "y"], "minutes": [0.0, 4.0]})
    >>> times = TravelTimes.from_frame(pairs, limit_min=30)
    >>> gravity(times, pd.Series({"x": 10, "y": 8}), decay=decay.power(30, exponent=1))
    origin
    a    12.0
    Name: gravity, dtype: float64
    """
    offer = aligned(supply, times.destinations, table="supply")
    total = weights_of(times, decay).to_homes(offer)
    return pd.Series(total, index=times.origins, name="gravity")


def cumulative_supply(times: TravelTimes, supply: pd.Series, *, within_min: float) -> pd.Series:
    """Supply within `within_min` of each origin, not shared with anybody.

    Returns
    -------
    Series by origin, in the unit of `supply`
    """
    return gravity(times, supply, decay=flat(within_min)).rename("cumulative_supply")


def spatial_availability(
    times: TravelTimes,
    demand: pd.Series,
    supply: pd.Series,
    *,
    decay: Decay,
    demand_power: float = 1.0,
) -> pd.DataFrame:
    """Divide every site's supply among origins, by their people and their nearness.

    A site's supply goes to origins in proportion to `P^α w`, and an origin adds up its parts.

    Parameters
    ----------
    times, demand, supply, decay : see `e2sfca`
    demand_power : α; under 1 small origins get more than their share, over 1 less

    Returns
    -------
    DataFrame by origin
        available (supply, in its own unit) and per_person; per_person is NaN where nobody is.

    Notes
    -----
    ``available.sum()`` is the supply of all sites that somebody reaches. With α = 1,
    `per_person` is the access of `e2sfca`, and shares its laws.

    References
    ----------
    Soukhov, Páez, Higgins & Mohamed (2023), PLoS ONE 18(1), doi:10.1371/journal.pone.0278468.
    """
    people = aligned(demand, times.origins, table="demand")
    offer = aligned(supply, times.destinations, table="supply")
    weights = weights_of(times, decay)
    mass = np.where(people > 0, people**demand_power, 0.0)
    ratio = parted(offer, weights.to_sites(mass))
    available = mass * weights.to_homes(ratio)
    return pd.DataFrame(
        {"available": available, "per_person": divided(available, people)}, index=times.origins
    )
