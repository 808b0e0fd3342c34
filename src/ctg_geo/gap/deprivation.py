"""Double deprivation: far from a service, and fragile."""

from typing import Final, Literal

import numpy as np
import pandas as pd

from ctg_geo.access.aligned import known

__all__ = ["DEPRIVATIONS", "beyond", "double_deprivation"]

DEPRIVATIONS: Final = ("far_fragile", "far", "fragile", "neither", "unknown")


def beyond(values: pd.Series, *, bound: float, side: Literal["above", "below"]) -> pd.Series:
    """Tell which values are strictly beyond a bound; unknown values stay unknown.

    Parameters
    ----------
    values : by place, in any unit; NaN where unknown
    bound : in the unit of `values`

    Returns
    -------
    Series by place, of booleans or NA

    Examples
    --------
    >>> beyond(pd.Series([12.0, 20.0, None]), bound=12, side="above").tolist()
    [False, True, <NA>]
    """
    past = values > bound if side == "above" else values < bound
    return past.astype("boolean").mask(values.isna())


def double_deprivation(far: pd.Series, fragile: pd.Series) -> pd.Series:
    """Class each place by whether it is far from the service and whether it is fragile.

    Parameters
    ----------
    far : by place, booleans or NA; a place that reaches nothing is far
    fragile : by place, booleans or NA, see `beyond`

    Returns
    -------
    Series by place, of `DEPRIVATIONS`: far_fragile, far, fragile, neither; unknown where one
    of the two is: half an answer is not taken for a whole one.

    Raises
    ------
    UnknownCodeError
        If `fragile` lacks a place.

    Examples
    --------
    >>> double_deprivation(pd.Series([True, True, False]),
    ...                    pd.Series([True, None, False], dtype="boolean")).tolist()
    ['far_fragile', 'unknown', 'neither']
    """
    known(far.index, fragile.index, table="fragile")
    one = far.astype("boolean")
    two = fragile.astype("boolean").reindex(far.index)
    unsaid = (one.isna() | two.isna()).to_numpy(bool)
    out, weak = (each.fillna(value=False).to_numpy(bool) for each in (one, two))
    chosen = np.select([unsaid, out & weak, out, weak], [4, 0, 1, 2], default=3)
    classes = np.array(DEPRIVATIONS, dtype=object)[chosen]
    return pd.Series(classes, index=far.index, name="deprivation")
