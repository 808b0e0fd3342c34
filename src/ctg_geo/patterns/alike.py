"""Figures that say the same thing: counted each, they would weigh several times."""

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["alike"]


def alike(figures: "pd.DataFrame", *, above: float) -> dict[str, tuple[str, ...]]:
    """Name the figures that are nearly the same as one before them.

    Parameters
    ----------
    figures : by commune, one column per figure; NaN where unknown
    above : Pearson's correlation, of either sign, beyond which two figures are nearly the same

    Returns
    -------
    For each figure to keep that has such ones, their names, all in the order of `figures`.

    Notes
    -----
    A figure is held against those kept, the first that it is like counts: figures are not
    chained, so that two which are named together are each nearly the one kept. Only communes
    where both are known count, three at least. A constant figure is like none.

    Examples
    --------
    >>> import pandas as pd
    >>> figures = pd.DataFrame({"a": [1, 2, 4], "b": [2, 4, 8], "c": [1, 5, 2]})
    >>> alike(figures, above=0.99)
    {'a': ('b',)}
    """
    same = figures.astype(np.float64).corr(min_periods=3).abs() > above
    found: dict[str, tuple[str, ...]] = {}
    kept: list[str] = []
    for name in map(str, figures.columns):
        first = next((each for each in kept if same.at[each, name]), None)
        if first is None:
            kept.append(name)
        else:
            found[first] = (*found.get(first, ()), name)
    return found
