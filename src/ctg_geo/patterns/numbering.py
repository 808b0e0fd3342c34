"""Numbers of areas and classes that do not depend on how they were found."""

import numpy as np
import numpy.typing as npt

__all__ = ["renumbered"]


def renumbered(
    label: npt.NDArray[np.int64], weight: npt.NDArray[np.float64]
) -> npt.NDArray[np.int64]:
    """Renumber labels from 1: the heaviest first, then the one that appears first.

    Parameters
    ----------
    label : by row, from 0, every number in use
    weight : by row, not negative

    Examples
    --------
    >>> renumbered(np.array([1, 0, 2, 0]), np.array([1.0, 2, 4, 2]))
    array([3, 1, 2, 1])
    """
    first = np.unique(label, return_index=True)[1]
    rank = np.empty(len(first), dtype=np.int64)
    order = np.lexsort((first, -np.bincount(label, weight)))
    rank[order] = np.arange(1, len(order) + 1)
    return np.asarray(rank[label], dtype=np.int64)
