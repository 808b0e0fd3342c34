"""Communes that are both far from services and fragile, by their ranks among communes."""

from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np
import pandas as pd

from ctg_geo.gap import double_deprivation

__all__ = ["ranked_deprivation", "steady_deprivation"]

Sides = Mapping[str, Literal["high", "low"]]


def ranked_deprivation(
    minutes: pd.DataFrame, indicators: pd.DataFrame, *, fragile: Sides, worst_share: float
) -> pd.DataFrame:
    """Cross distance to services with fragility, by ranks among communes.

    Parameters
    ----------
    minutes : by code_insee, one column per service; NaN where no place is within reach
    indicators : by code_insee, one column per indicator; NaN where it is not known
    fragile : by indicator, whether high or low values are fragile
    worst_share : share (0-1) of communes that are called far, or fragile

    Returns
    -------
    DataFrame by code_insee
        far_rank and fragile_rank (0-1, 1 the worst: mean of the ranks; ties share a rank),
        type: one of `ctg_geo.gap.DEPRIVATIONS`, unknown where an indicator is not known.

    Notes
    -----
    Ranks are relative to the communes given: they tell who is worst off here, not whether it
    is bad. No place within reach ranks as the longest time.

    Examples
    --------
    >>> at = ["a", "b", "c", "d"]
    >>> ranked_deprivation(
    ...     pd.DataFrame({"desk": [5.0, 6, 7, 40]}, index=at),
    ...     pd.DataFrame({"income": [30.0, 28, 26, 20]}, index=at),
    ...     fragile={"income": "low"}, worst_share=0.25)["type"].tolist()
    ['neither', 'neither', 'neither', 'far_fragile']
    """
    far = _mean_rank({name: minutes[name].fillna(np.inf) for name in minutes.columns})
    signs = {"high": 1.0, "low": -1.0}
    weak = _mean_rank({name: signs[way] * indicators[name] for name, way in fragile.items()})
    table = pd.DataFrame({"far_rank": far, "fragile_rank": weak})
    is_weak = _worst(weak, worst_share).astype("boolean").mask(weak.isna())
    table["type"] = double_deprivation(_worst(far, worst_share), is_weak)
    return table


def steady_deprivation(
    minutes: pd.DataFrame, indicators: pd.DataFrame, *, fragile: Sides, shares: Sequence[float]
) -> pd.Series:
    """Count the thresholds at which each commune is far and fragile at once.

    Parameters
    ----------
    minutes, indicators, fragile : see `ranked_deprivation`
    shares : worst shares to try; one that is given twice counts once

    Returns
    -------
    Series by code_insee, from 0 to the number of shares

    Notes
    -----
    A larger share only adds communes, so that one which is in at some share is in at all
    larger ones.
    """
    each = [
        ranked_deprivation(minutes, indicators, fragile=fragile, worst_share=share)["type"]
        for share in dict.fromkeys(shares)
    ]
    both = pd.concat([kind == "far_fragile" for kind in each], axis=1)
    return both.sum(axis=1).rename("steady")


def _mean_rank(values: Mapping[str, pd.Series]) -> pd.Series:
    """Mean of the ranks (0-1); NaN where one value is missing."""
    ranks = pd.DataFrame({name: each.rank(pct=True) for name, each in values.items()})
    return ranks.mean(axis=1, skipna=False)


def _worst(rank: pd.Series, share: float) -> pd.Series:
    """Tell the communes of the worst share: no more of them, ties at the edge left out."""
    place = rank.rank(ascending=False, method="max")
    return place <= share * rank.count() + 1e-9
