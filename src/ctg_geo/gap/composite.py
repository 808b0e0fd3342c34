"""A score from 0 to 100 as a declared recipe, never without the quantities it is made of."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from ctg_geo.access.aligned import known
from ctg_geo.parameters import Ingredient, Recipe

__all__ = ["composite"]

Floats = npt.NDArray[np.float64]


def composite(table: pd.DataFrame, recipe: Recipe) -> pd.DataFrame:
    """Score each row by a recipe, beside the quantities and what each adds.

    Parameters
    ----------
    table : by commune or place, the quantities of the recipe; NaN where unknown
    recipe : weights, normalisation and their source

    Returns
    -------
    DataFrame by row of the table
        score (0 good to 100 bad; NaN where undefined), undefined (empty, missing_part where a
        quantity is unknown, all_alike where `min_max` or `rank` has nothing to compare), then
        for each part its quantity and `<part>_points`, which sum to the score.

    Raises
    ------
    UnknownCodeError
        If the table lacks a quantity.

    Notes
    -----
    An unknown quantity is never taken for 0 nor for the mean. A weighted mean lets one part
    make up for another: that is why the parts stand beside it.

    References
    ----------
    OECD & JRC (2008), Handbook on Constructing Composite Indicators,
    doi:10.1787/9789264043466-en.

    Examples
    --------
    >>> recipe = Recipe(parts={"minutes": {"weight": 1, "good": 10, "bad": 30}},
    ...                 normalisation="bounds", source="test")
    >>> composite(pd.DataFrame({"minutes": [5.0, 20, 40]}), recipe)["score"].tolist()
    [0.0, 50.0, 100.0]
    """
    known(pd.Index(list(recipe.parts)), table.columns, table="recipe")
    points: dict[str, Floats] = {}
    why = np.full(len(table), "", dtype=object)
    for name, part in recipe.parts.items():
        value = table[name].to_numpy(np.float64, na_value=np.nan)
        level = _level(value, part, recipe.normalisation)
        points[name] = 100.0 * part.weight * level
        why[np.isnan(level) & (why == "")] = "all_alike"
        why[np.isnan(value)] = "missing_part"
    found = pd.DataFrame({"score": np.sum(list(points.values()), axis=0)}, index=table.index)
    found["undefined"] = why
    for name, each in points.items():
        found[name], found[f"{name}_points"] = table[name], each
    return found


def _level(value: Floats, part: Ingredient, normalisation: str) -> Floats:
    """Bring values to 0 (good) – 1 (bad); NaN where unknown or not comparable."""
    if normalisation == "bounds":
        assert part.good is not None
        assert part.bad is not None
        return np.clip((value - part.good) / (part.bad - part.good), 0.0, 1.0)
    from scipy.stats import rankdata  # noqa: PLC0415  (heavy)

    told = value[~np.isnan(value)]
    if not len(told) or told.min() == told.max():
        return np.full(len(value), np.nan)
    ranked = rankdata(value, nan_policy="omit") if normalisation == "rank" else value
    low, high = (1.0, len(told)) if normalisation == "rank" else (told.min(), told.max())
    level = np.asarray((ranked - low) / (high - low), dtype=np.float64)
    return level if part.worse == "high" else 1.0 - level
