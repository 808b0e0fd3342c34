"""All measures of one service, side by side: how much a verdict owes to the choice of one."""

import pandas as pd

from ctg_geo.access.catchment import bfca, e2sfca, m2sfca, three_step, two_step
from ctg_geo.access.decay import Decay
from ctg_geo.access.gravity import cumulative_supply, gravity, spatial_availability
from ctg_geo.access.nearest import k_nearest, nearest
from ctg_geo.access.rational import raam
from ctg_geo.travel import TravelTimes

__all__ = ["side_by_side"]

_THIRD = 3  # what is left if the two nearest are full


def side_by_side(
    times: TravelTimes, demand: pd.Series, supply: pd.Series, *, decay: Decay
) -> pd.DataFrame:
    """Return every measure for one service.

    Parameters
    ----------
    times, demand, supply, decay : see `e2sfca`; measures without decay take its reach, and
        `nearest`, `k_nearest` and `raam` all times

    Returns
    -------
    DataFrame by origin
        nearest_min, third_nearest_min (minutes); cumulative, gravity (supply); two_step,
        e2sfca, m2sfca, three_step, bfca (supply per person); raam (cost, 1 is the mean
        congestion: **higher is worse**); spatial_availability (supply, of all people
        of the origin together). Where nothing is in reach nearest_min and raam are NaN, the
        others 0; third_nearest_min is NaN where fewer than three places are.

    Raises
    ------
    UnknownCodeError, DataError, TravelError
        See `e2sfca` and `raam`.
    """
    reach = decay.reach_min
    shared = {"e2sfca": e2sfca, "m2sfca": m2sfca, "three_step": three_step, "bfca": bfca}
    return pd.DataFrame({
        "nearest_min": nearest(times)["minutes"],
        "third_nearest_min": k_nearest(times, k=_THIRD)["minutes"].xs(_THIRD, level="rank"),
        "cumulative": cumulative_supply(times, supply, within_min=reach),
        "gravity": gravity(times, supply, decay=decay),
        "two_step": two_step(times, demand, supply, reach_min=reach).access,
        **{name: each(times, demand, supply, decay=decay).access for name, each in shared.items()},
        "raam": raam(times, demand, supply).cost,
        "spatial_availability": spatial_availability(times, demand, supply, decay=decay)[
            "available"
        ],
    })  # fmt: skip
