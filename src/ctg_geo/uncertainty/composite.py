"""A composite score whose weights are ranges: which ranks do not depend on them."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from ctg_geo.access.aligned import aligned
from ctg_geo.errors import UnknownCodeError
from ctg_geo.uncertainty.laws import uniform

__all__ = ["weighed"]


def weighed(
    parts: pd.DataFrame, ranges: Mapping[str, tuple[float, float]], *, draws: int, seed: int
) -> pd.DataFrame:
    """Score communes with weights drawn from ranges.

    Parameters
    ----------
    parts : by code_insee, one column per criterion, each on the same scale (0-100)
    ranges : by criterion, least and greatest weight; each weight is drawn alike between them,
        and those of a draw are divided by their sum
    draws, seed : how many, and where the dice start

    Returns
    -------
    DataFrame by code_insee
        score_mean, score_low, score_high (P5 and P95); rank_low, rank_high (1 the highest score;
        equal scores share the better rank)

    Raises
    ------
    UnknownCodeError
        If `parts` lacks a criterion.
    DataError
        If a part is missing or negative.

    Examples
    --------
    The first is above the second on both criteria, whatever they weigh.

    >>> parts = pd.DataFrame({"time": [80.0, 10.0], "income": [60.0, 20.0]}, index=["a", "b"])
    >>> found = weighed(parts, {"time": (1, 3), "income": (1, 3)}, draws=100, seed=1)
    >>> found[["rank_low", "rank_high"]].to_numpy().tolist()
    [[1.0, 1.0], [2.0, 2.0]]
    """
    names = sorted(ranges)
    missing = [name for name in names if name not in parts.columns]
    if missing:
        raise UnknownCodeError(table="parts", count=len(missing), codes=missing)
    values = np.array([aligned(parts[name], parts.index, table="parts") for name in names])
    low, high = np.array([ranges[name] for name in names], dtype=np.float64).T
    thrown = np.array([uniform(seed, "weights", draw, len(names)) for draw in range(draws)])
    weights = low + (high - low) * thrown
    score = weights / weights.sum(axis=1, keepdims=True) @ values
    rank = 1 + (score[:, None, :] > score[:, :, None]).sum(axis=2)
    table = pd.DataFrame({"score_mean": score.mean(axis=0)}, index=parts.index)
    for name, each in (("score", score), ("rank", rank.astype(np.float64))):
        ends = np.quantile(each, [0.05, 0.95], axis=0, method="inverted_cdf")
        table[f"{name}_low"], table[f"{name}_high"] = ends
    return table
