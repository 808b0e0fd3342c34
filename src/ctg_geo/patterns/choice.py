"""How many classes: silhouette and gap statistic of Ward's method."""

import warnings
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

if TYPE_CHECKING:
    from scipy.sparse import csr_array

__all__ = ["choose", "ward"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_DRAWS = 50  # tables of the gap statistic


def ward(level: Floats, count: int, links: "csr_array | None" = None) -> Ints:
    """Label rows by the `count` classes of Ward's method, of one piece where linked.

    Where `links` has several pieces they are joined by their most alike rows.
    """
    from sklearn.cluster import AgglomerativeClustering  # noqa: PLC0415  (heavy)

    model = AgglomerativeClustering(n_clusters=count, connectivity=links, linkage="ward")
    with warnings.catch_warnings():  # several pieces: told by `Typology.pieces`
        warnings.filterwarnings("ignore", message="the number of connected components")
        return np.asarray(model.fit(level).labels_, dtype=np.int64)


def choose(
    level: Floats, *, most: int, seed: int, links: "csr_array | None" = None
) -> tuple[pd.DataFrame, bool]:
    """Judge each number of classes.

    Parameters
    ----------
    level : communes × indicators, standardised
    most : the most classes tried; fewer where fewer communes differ
    seed : of the uniform tables of the gap statistic, drawn along the principal axes

    Returns
    -------
    DataFrame by number of classes from 1: silhouette (-1 to 1; NaN for one), gap, gap_error;
    and whether the gap statistic wants more than one class (the first k with
    `gap(k) ≥ gap(k + 1) - error(k + 1)` is not 1).
    """
    from sklearn.metrics import silhouette_score  # noqa: PLC0415  (heavy)

    highest = max(2, min(most, len(np.unique(level, axis=0)) - 1))
    cuts = {count: ward(level, count, links) for count in range(1, highest + 1)}
    table = pd.DataFrame(index=pd.RangeIndex(1, highest + 1, name="classes"))
    table["silhouette"] = [
        np.nan if count == 1 else float(silhouette_score(level, label))
        for count, label in cuts.items()
    ]
    inside = np.log([_dispersion(level, label) for label in cuts.values()])
    chance = _chance(level, highest, seed)
    table["gap"] = chance.mean(axis=0) - inside
    table["gap_error"] = chance.std(axis=0) * np.sqrt(1 + 1 / _DRAWS)
    gap, error = table["gap"].to_numpy(), table["gap_error"].to_numpy()
    return table, bool(gap[0] < gap[1] - error[1])


def _dispersion(level: Floats, label: Ints) -> float:
    """Squared distances to the mean of the class, summed; never 0, for its logarithm."""
    total = 0.0
    for each in np.unique(label):
        part = level[label == each]
        total += float(((part - part.mean(axis=0)) ** 2).sum())
    return max(total, float(np.finfo(np.float64).tiny))


def _chance(level: Floats, highest: int, seed: int) -> Floats:
    """Log dispersion of uniform tables: draws × numbers of classes."""
    generator = np.random.default_rng(seed)
    axes = np.linalg.svd(level, full_matrices=False)[2]
    turned = level @ axes.T
    low, high = turned.min(axis=0), turned.max(axis=0)
    found = np.empty((_DRAWS, highest))
    for draw in range(_DRAWS):
        table = generator.uniform(low, high, size=turned.shape)
        for count in range(1, highest + 1):
            found[draw, count - 1] = np.log(_dispersion(table, ward(table, count)))
    return found
