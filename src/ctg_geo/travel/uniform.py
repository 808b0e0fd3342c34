"""Arrays that say the same of every point: made once for each length, shared, never written."""

from functools import lru_cache

import numpy as np
import numpy.typing as npt

__all__ = ["counted", "repeated"]

Ints = npt.NDArray[np.int64]


@lru_cache(maxsize=4)
def counted(points: int) -> Ints:
    """Return the numbers of so many points, from 0."""
    return _kept(np.arange(points))


@lru_cache(maxsize=8)
def repeated(value: int, points: int) -> Ints:
    """Return a whole number, once for each of so many points."""
    return _kept(np.full(points, value, dtype=np.int64))


def _kept(array: Ints) -> Ints:
    array.flags.writeable = False
    return array
