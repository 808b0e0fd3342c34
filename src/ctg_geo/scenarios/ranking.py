"""Scenarios ranked on several criteria, without any weighting: those that another beats are marked.

A weighting of criteria is a political choice; none is made here. A scenario is *dominated* where
another one is at least as good on every criterion and better on one: it can be set aside
whatever weights one gives. Among the others, the choice is the reader's.
"""

from collections.abc import Mapping
from typing import Final, Literal

import numpy as np
import pandas as pd

__all__ = ["Better", "dominators", "ranks"]

Better = Literal["less", "more"]

_SAME: Final = 1e-9  # of the size of what is compared


def ranks(criteria: pd.DataFrame, better: Mapping[str, Better]) -> pd.DataFrame:
    """Rank scenarios on each criterion, 1 the best; equals share the better rank.

    Parameters
    ----------
    criteria : by scenario, one column a criterion; NaN where it is not known
    better : by criterion, whether less or more of it is better

    Returns
    -------
    DataFrame as `criteria`, ranks from 1; NaN where not known

    Examples
    --------
    >>> table = pd.DataFrame({"missing": [9.0, 4, 4]}, index=["base", "a", "b"])
    >>> ranks(table, {"missing": "less"})["missing"].tolist()
    [3.0, 1.0, 1.0]
    """
    signed = _worse(criteria, better)
    return signed.apply(_rank).reindex(columns=criteria.columns)


def dominators(criteria: pd.DataFrame, better: Mapping[str, Better]) -> dict[str, tuple[str, ...]]:
    """Return, of each scenario, those that dominate it (Pareto).

    Parameters
    ----------
    criteria, better : see `ranks`

    Returns
    -------
    by scenario, the names of those at least as good on every criterion and better on one.
    Where a criterion of one of the two is not known, nothing is concluded.

    Examples
    --------
    >>> table = pd.DataFrame({"missing": [9.0, 4], "cost": [0.0, 100]}, index=["base", "a"])
    >>> dominators(table, {"missing": "less", "cost": "less"})
    {'base': (), 'a': ()}
    >>> dominators(table[["missing"]], {"missing": "less"})
    {'base': ('a',), 'a': ()}
    """
    value = _worse(criteria, better).to_numpy(np.float64)
    names = [str(name) for name in criteria.index]
    found: dict[str, tuple[str, ...]] = {}
    for at, name in enumerate(names):
        size = _SAME * np.maximum(1.0, np.abs(np.nan_to_num(value[at], posinf=0, neginf=0)))
        no_worse = (value <= value[at] + size).all(axis=1)
        one_better = (value < value[at] - size).any(axis=1)
        found[name] = tuple(
            other for other, is_it in zip(names, no_worse & one_better, strict=True) if is_it
        )
    return found


def _worse(criteria: pd.DataFrame, better: Mapping[str, Better]) -> pd.DataFrame:
    """Turn every criterion so that less is better."""
    sign = pd.Series({name: 1.0 if better[name] == "less" else -1.0 for name in criteria.columns})
    return criteria * sign


def _rank(column: pd.Series) -> pd.Series:
    size = _SAME * np.maximum(1.0, np.abs(np.nan_to_num(column, posinf=0, neginf=0)).max(initial=0))
    ranked: pd.Series = (column / size).round().rank(method="min")
    return ranked
