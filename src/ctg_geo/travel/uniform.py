"""Arrays that say the same of every point: made once for each length, shared, never written."""

from functools import lru_cache

import numpy as np
import numpy.typing as npt

__all__ = ["counted", "repeated", "repeated_share"]

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

_KEPT = 8  # lengths and values


@lru_cache(maxsize=_KEPT)
def counted(points: int) -> Ints:
    """Return the numbers of so many points, from 0."""
    numbers = np.arange(points)
    numbers.flags.writeable = False
    return numbers


@lru_cache(maxsize=_KEPT)
def repeated(value: int, points: int) -> Ints:
    """Return a whole number, once for each of so many points."""
    numbers = np.zeros(points, dtype=np.int64)  # zeros that nobody reads take no memory
    if value:
        numbers += value
    numbers.flags.writeable = False
    return numbers


@lru_cache(maxsize=_KEPT)
def repeated_share(value: float, points: int) -> Floats:
    """Return a number, once for each of so many points; NaN where there is none to tell."""
    numbers = np.zeros(points)
    if value != 0.0:
        numbers += value
    numbers.flags.writeable = False
    return numbers
