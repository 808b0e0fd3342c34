"""How far below the norm, for how many people, and how much would close it."""

import numpy as np
import pandas as pd

from ctg_geo.access.aligned import aligned
from ctg_geo.gap.grouped import Parts, poverty_by
from ctg_geo.gap.rounding import MET
from ctg_geo.gap.undefined import Measure, Undefined

__all__ = ["concerned", "missing_supply", "poverty", "score", "time_score"]


def missing_supply(access: pd.Series, demand: pd.Series, *, norm: float) -> pd.Series:
    """Supply that would bring each origin up to the norm: `max(0, norm - access) × demand`.

    Parameters
    ----------
    access : by origin, supply per person
    demand : by origin, people
    norm : supply per person (places per child, not per hundred)

    Returns
    -------
    Series by origin, in the unit of supply

    Examples
    --------
    >>> missing_supply(pd.Series({"a": 0.1, "b": 0.3}), pd.Series({"a": 100, "b": 10}), norm=0.2)
    a    10.0
    b     0.0
    Name: missing_supply, dtype: float64
    """
    people = aligned(demand, access.index, table="demand")
    each = access.to_numpy(np.float64)
    short = np.where(each >= norm * MET, 0.0, norm - each)
    return pd.Series(short * people, index=access.index, name="missing_supply")


def concerned(below: pd.Series, demand: pd.Series) -> pd.Series:
    """People of the origins that are below the norm, 0 elsewhere."""
    people = aligned(demand, below.index, table="demand")
    return pd.Series(np.where(below, people, 0.0), index=below.index, name="concerned")


def score(access: pd.Series, *, norm: float) -> pd.Series:
    """Depth of the gap from 0 (norm met) to 100 (nothing): `100 × max(0, 1 - access / norm)`."""
    each = access.to_numpy(np.float64)
    depth = np.where(each >= norm * MET, 0.0, 1.0 - each / norm)
    return pd.Series(100.0 * depth, index=access.index, name="score")


def time_score(minutes: pd.Series, *, within_min: float) -> pd.Series:
    """Depth of the gap from 0 (within the norm) to 100 (twice the norm or more, or no route).

    `100 × min(1, max(0, minutes / within_min - 1))`; NaN minutes count as unreachable.
    """
    ratio = minutes.to_numpy(np.float64) / within_min - 1.0
    depth = np.clip(np.nan_to_num(ratio, nan=1.0), 0.0, 1.0)
    return pd.Series(100.0 * depth, index=minutes.index, name="score")


def poverty(access: pd.Series, demand: pd.Series, *, norm: float, power: int) -> Measure:
    """Foster-Greer-Thorbecke index of access below the norm, or why there is none.

    `power` 0 is the share of people below, 1 adds how far, 2 weighs the worst off most.
    Strictly below counts.

    References
    ----------
    Foster, Greer & Thorbecke (1984), Econometrica 52(3), doi:10.2307/1913475.

    Examples
    --------
    >>> poverty(pd.Series({"a": 0.1, "b": 0.3}), pd.Series({"a": 1, "b": 3}), norm=0.2, power=1)
    0.125
    """
    people = aligned(demand, access.index, table="demand")
    if norm <= 0:
        return Undefined("no_norm")
    if not people.sum():
        return Undefined("nobody")
    one = np.zeros(len(people), dtype=np.intp)
    parts = Parts(access.to_numpy(np.float64), people, one, 1)
    return float(poverty_by(parts, norm=norm, power=power)[0])
