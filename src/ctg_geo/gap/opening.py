"""Places that one new site must have where opening it changes how people divide (3SFCA)."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from ctg_geo.access import Rule
from ctg_geo.access.aligned import aligned, known
from ctg_geo.travel import TravelTimes

__all__ = ["places_to_open"]

Floats = npt.NDArray[np.float64]


def places_to_open(
    times: TravelTimes,
    to_sites: TravelTimes,
    demand: pd.Series,
    supply: pd.Series,
    owner: pd.Series,
    *,
    rule: Rule,
    norm: pd.Series,
) -> pd.DataFrame:
    """Places that a new site must have so that its owner reaches the norm by 3SFCA, alone.

    Parameters
    ----------
    times : origins × places of today
    to_sites : from the same origins to one site an owner, by owner
    demand, supply : by origin, by place of today
    owner : by origin, the commune its mean access is wanted for
    rule : of the measure `three_step`
    norm : by owner wanted, supply per person that its own mode of care must bring

    Returns
    -------
    DataFrame by owner, in the order of `norm`
        places (0 where opening alone is enough, NaN where undefined), undefined (empty, nobody,
        or out_of_reach: nobody of the owner goes to its site).

    Raises
    ------
    UnknownCodeError, DataError, TravelError
        As `ctg_geo.access.e2sfca`; if `to_sites` lacks an owner.

    Notes
    -----
    Exact. A site that opens takes part in how people divide, whatever it offers: the access that
    the places of today then leave is measured with it open and empty. Of that state access is
    linear in what the site offers, with slope `use_ij / V_j`.
    """
    assert rule.measure == "three_step", "elsewhere a new site changes nothing but what it adds"
    known(norm.index, to_sites.destinations, table="to_sites")
    people = aligned(demand, times.origins, table="demand")
    offer = aligned(supply, times.destinations, table="supply")
    of = owner.reindex(times.origins).to_numpy()
    near = times.within(rule.decay.reach_min)
    row, to, weight = near.rows, near.to, rule.decay.at_ms(near.time_ms)
    whole: Floats = np.bincount(row, weight, len(people)).astype(np.float64)
    rows = []
    for code, wanted in norm.items():
        own = to_sites.to_destinations(to_sites.destinations == code).within(rule.decay.reach_min)
        new = np.zeros(len(people))
        new[own.rows] = rule.decay.at_ms(own.time_ms)
        inside = of == code
        if not people[inside].sum():
            rows.append((np.nan, "nobody"))
            continue
        left = _left(row, to, weight, whole + new, people, offer)
        use = np.divide(new**2, whole + new, out=np.zeros_like(new), where=new > 0)
        each = use / max(float((use * people).sum()), np.finfo(np.float64).tiny)
        level, slope = (float(np.average(one[inside], weights=people[inside]))
                        for one in (left, each))  # fmt: skip
        rows.append((max(0.0, float(wanted) - level) / slope, "") if slope > 0
                    else (np.nan, "out_of_reach"))  # fmt: skip
    return pd.DataFrame(rows, index=norm.index, columns=["places", "undefined"])


def _left(
    row: npt.NDArray[np.integer],
    to: npt.NDArray[np.integer],
    weight: Floats,
    whole: Floats,
    people: Floats,
    offer: Floats,
) -> Floats:
    """Access to the places of today once people divide among them and the open one."""
    come = weight**2 / np.where(weight > 0, whole[row], 1.0)
    reached = np.bincount(to, people[row] * come, len(offer))
    ratio = np.divide(offer, reached, out=np.zeros_like(offer), where=reached > 0)
    return np.bincount(row, ratio[to] * come, len(people)).astype(np.float64)
