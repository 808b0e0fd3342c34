"""What each cause brought to a change: every cause switched in turn, averaged over all orders."""

from collections.abc import Callable, Sequence
from itertools import combinations
from math import factorial

import numpy as np
import numpy.typing as npt

__all__ = ["attributed"]

Floats = npt.NDArray[np.float64]


def attributed(
    measured: Callable[[frozenset[str]], Floats], causes: Sequence[str]
) -> dict[str, Floats]:
    """Return the part of a change that is due to each cause (Shapley value).

    Parameters
    ----------
    measured : the causes that are switched to the later date -> what is then measured
        Called once for each set of causes; an array of any shape, the same each time.
    causes : their names

    Returns
    -------
    for each cause an array of that shape, NaN where one of the states is

    Notes
    -----
    The parts sum to `measured(all) - measured(none)`. A cause that changes nothing in any
    state has part 0, and two that change the same have the same part. The average over the
    orders is a weighted sum over the sets before which a cause is switched: a set of s causes
    among n comes just before it in s! (n - 1 - s)! orders of n!.

    References
    ----------
    Shapley (1953), A value for n-person games; Shorrocks (2013), Journal of Economic
    Inequality 11, doi:10.1007/s10888-011-9214-z (decomposition of a change).

    Examples
    --------
    Places per child go from 10 / 100 to 30 / 200: twice the children alone would have cost 5,
    three times the places alone brought 20, and what they do together is shared.

    >>> import numpy as np
    >>> def rate(later: frozenset[str]) -> np.ndarray:
    ...     places = 30 if "supply" in later else 10
    ...     return np.array([100 * places / (200 if "people" in later else 100)])
    >>> {cause: part.tolist() for cause, part in attributed(rate, ["people", "supply"]).items()}
    {'people': [-10.0], 'supply': [15.0]}
    """
    every = [
        frozenset(some) for size in range(len(causes) + 1) for some in combinations(causes, size)
    ]
    value = {some: measured(some) for some in every}
    orders = factorial(len(causes))
    parts = {}
    for cause in causes:
        part = np.zeros_like(value[frozenset()], dtype=np.float64)
        for some in every:
            if cause not in some:
                weight = factorial(len(some)) * factorial(len(causes) - 1 - len(some)) / orders
                part += weight * (value[some | {cause}] - value[some])
        parts[cause] = part
    return parts
