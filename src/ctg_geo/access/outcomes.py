"""Why a measure is what it is, where it is zero or undefined: an outcome by name, never a guess."""

from typing import Final

import numpy as np
import pandas as pd

from ctg_geo.access.aligned import aligned
from ctg_geo.access.decay import Decay
from ctg_geo.access.weights import weights_of
from ctg_geo.travel import TravelTimes

__all__ = ["ORIGIN_OUTCOMES", "SITE_OUTCOMES", "origin_outcomes", "site_outcomes"]

ORIGIN_OUTCOMES: Final = ("served", "no_place", "none_in_reach", "no_supply")
SITE_OUTCOMES: Final = ("shared", "unreached", "nobody", "no_supply")


def origin_outcomes(times: TravelTimes, supply: pd.Series, *, decay: Decay) -> pd.Series:
    """Say of each origin why it has access or none.

    Parameters
    ----------
    times : origins × destinations
    supply : by destination, in its own unit; zero is allowed
    decay : minutes -> weight in [0, 1]; a pair of weight 0 is out of reach

    Returns
    -------
    Series by origin: one of

        served
            Some supply is within reach: whatever is shared with nobody is over 0.
        no_place
            The theme has no place at all.
        none_in_reach
            There are places, none within reach.
        no_supply
            The places within reach offer nothing.
    """
    offer = aligned(supply, times.destinations, table="supply")
    weights = weights_of(times, decay)
    reached = weights.to_homes(np.ones(len(offer))) > 0
    served = weights.to_homes(offer) > 0
    none = "none_in_reach" if len(offer) else "no_place"
    found = np.select([served, reached], ["served", "no_supply"], none)
    return pd.Series(found, index=times.origins, name="outcome", dtype="str")


def site_outcomes(
    times: TravelTimes, demand: pd.Series, supply: pd.Series, *, decay: Decay
) -> pd.Series:
    """Say of each site whether its supply is shared, or why its ratio is undefined.

    Parameters
    ----------
    times : origins × destinations
    demand : by origin, people
    supply : by destination, in its own unit; zero is allowed
    decay : minutes -> weight in [0, 1]; a pair of weight 0 is out of reach

    Returns
    -------
    Series by destination: one of

        shared
            Somebody reaches it.
        unreached
            No origin is within reach of it: its supply serves nobody, and its ratio is NaN.
        nobody
            Origins reach it, but no people are there: as before.
        no_supply
            Somebody reaches it, and it offers nothing: its ratio is 0.
    """
    people = aligned(demand, times.origins, table="demand")
    offer = aligned(supply, times.destinations, table="supply")
    weights = weights_of(times, decay)
    reached = weights.to_sites(np.ones(len(people))) > 0
    peopled = weights.to_sites(people) > 0
    found = np.select(
        [~reached, ~peopled, offer > 0], ["unreached", "nobody", "shared"], "no_supply"
    )
    return pd.Series(found, index=times.destinations, name="outcome", dtype="str")
