"""Bounded robust regression: pulled to the defaults where the trips say little.

The loss is that of `scipy.optimize.least_squares(loss="soft_l1")`: an error r counts
2 (√(1 + r²) − 1), squared while small and in proportion when large. It is convex, so that
reweighted bounded least squares go to its only minimum; the defaults enter as a ridge.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.linalg import cholesky, solve_triangular
from scipy.optimize import lsq_linear

__all__ = ["Problem", "fitted", "loss", "spread"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_STEPS: Final = 60
_SAME: Final = 1e-8


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """Trips as errors in units of what is usual: `design @ change − target`.

    `change` is that of each unknown from its default, as a share of its scale; `ridge` the
    weight of its square, by unknown. Rows and columns as given; bounds on `change`.
    """

    design: Floats  # trips × unknowns
    target: Floats  # by trip
    ridge: Floats
    low: Floats
    high: Floats


def loss(error: Floats) -> Floats:
    """Return what each error counts.

    >>> loss(np.array([0.0, 0.1, 100.0])).round(3).tolist()
    [0.0, 0.01, 198.01]
    """
    counted: Floats = 2 * (np.sqrt(1 + error**2) - 1)
    return counted


def fitted(problem: Problem) -> Floats:
    """Return the changes within their bounds that make errors and the ridge least.

    >>> ridge, low, high = np.array([[0.0], [-1.0], [1.0]])
    >>> pull = Problem(np.ones((3, 1)), np.array([0.1, 0.1, 50.0]), ridge, low, high)
    >>> bool(fitted(pull)[0] < 1)  # the outlier does not win
    True
    """
    return _reweighted(problem, np.ones(len(problem.target)))


def spread(problem: Problem, group: Ints, *, draws: int, seed: int) -> tuple[Floats, Floats]:
    """Return the range that holds nine of ten changes when whole origins are drawn again.

    Parameters
    ----------
    problem : as fitted
    group : by trip, number of its origin from 0
    draws : how many times origins are drawn, with replacement
    seed : of the draws

    Returns
    -------
    fifth and ninety-fifth percentile, by unknown
    """
    generator = np.random.default_rng(seed)
    groups = int(group.max(initial=-1)) + 1
    found = np.zeros((draws, problem.design.shape[1]))
    for draw in range(draws):
        drawn = np.bincount(generator.integers(0, groups, groups), minlength=groups)
        found[draw] = _reweighted(problem, drawn[group].astype(np.float64))
    low, high = np.percentile(found, [5, 95], axis=0)
    return low, high


def _reweighted(problem: Problem, count: Floats) -> Floats:
    change = np.zeros(problem.design.shape[1])
    if not len(change):
        return change
    for _ in range(_STEPS):
        error = problem.design @ change - problem.target
        weight = count / np.sqrt(1 + error**2)
        after = _bounded(problem, weight)
        still = np.abs(after - change).max() < _SAME
        change = after
        if still:
            break
    return change


def _bounded(problem: Problem, weight: Floats) -> Floats:
    """Solve the weighted problem by its small square root: trips do not count in the search."""
    weighted = problem.design * weight[:, None]
    square = weighted.T @ problem.design
    square[np.diag_indices_from(square)] += problem.ridge + 1e-12
    root = cholesky(square)
    right = solve_triangular(root, weighted.T @ problem.target, trans="T")
    free = solve_triangular(root, right)
    if ((free >= problem.low) & (free <= problem.high)).all():
        return np.asarray(free, dtype=np.float64)
    found = lsq_linear(root, right, bounds=(problem.low, problem.high), method="bvls")
    return np.asarray(found.x, dtype=np.float64)
