"""Whether the verdict stands when the inputs are a little wrong."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from ctg_geo.access.aligned import known

__all__ = ["agreement"]


def agreement(verdict: pd.Series, variants: Sequence[pd.Series]) -> pd.Series:
    """Share (0-1) of the variants that give each origin the same verdict.

    Parameters
    ----------
    verdict : by origin, whether it is below the norm
    variants : the same under other assumptions; at least one

    Returns
    -------
    Series by origin, 0 to 1

    Raises
    ------
    UnknownCodeError
        If a variant lacks an origin.

    Examples
    --------
    >>> base = pd.Series({"a": True, "b": False})
    >>> agreement(base, [base, pd.Series({"a": False, "b": False})])
    a    0.5
    b    1.0
    Name: agreement, dtype: float64
    """
    same = np.zeros(len(verdict))
    for variant in variants:
        known(verdict.index, variant.index, table="variant")
        same += variant.reindex(verdict.index).to_numpy() == verdict.to_numpy()
    return pd.Series(same / len(variants), index=verdict.index, name="agreement")
