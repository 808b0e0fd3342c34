"""The dice: numbers that depend on the seed, the source and the draw, on nothing else."""

from typing import Final

import numpy as np
import numpy.typing as npt

__all__ = ["SOURCES", "log_normal", "normals", "relative_error", "uniform"]

Floats = npt.NDArray[np.float64]

# The number of a source is part of its dice: new ones go last.
SOURCES: Final = (
    "population", "inside", "capacity", "times", "local_times", "norm", "reach", "decay",
    "weights",
)  # fmt: skip
_BITS, _UNIT = 11, 2.0**-53  # the 53 upper bits of a word, as numpy's own uniform numbers


def _uniforms(seed: int, source: str, draw: int, count: int) -> Floats:
    """Return numbers strictly between 0 and 1.

    Philox counts: the seed is its key, and each source and draw has a counter of its own. The
    raw words are those of the published algorithm on every machine and version of numpy.
    """
    counter = [0, 0, SOURCES.index(source), draw]
    words = np.random.Philox(key=seed, counter=counter).random_raw(count)
    return np.asarray((words >> np.uint64(_BITS)) * _UNIT + _UNIT / 2, dtype=np.float64)


def normals(seed: int, source: str, draw: int, count: int) -> Floats:
    """Return standard normal numbers.

    References
    ----------
    Salmon, Moraes, Dror & Shaw (2011), Parallel random numbers: as easy as 1, 2, 3, SC'11,
    doi:10.1145/2063384.2063405.

    Examples
    --------
    >>> bool((normals(1, "times", 7, 3)[:2] == normals(1, "times", 7, 2)).all())
    True
    """
    from scipy.special import ndtri  # noqa: PLC0415  (heavy)

    return np.asarray(ndtri(_uniforms(seed, source, draw, count)), dtype=np.float64)


def uniform(seed: int, source: str, draw: int, count: int = 1) -> Floats:
    """Return numbers between 0 and 1, all alike likely."""
    return _uniforms(seed, source, draw, count)


def relative_error(value: Floats, relative: float, counting: float) -> Floats:
    """Return standard deviation over mean; 0 where the value is 0.

    Parameters
    ----------
    value : any shape, a count or an amount, 0 or more
    relative : standard deviation over value
    counting : standard deviation over the square root of the value

    Examples
    --------
    A tenth of every figure, and what counting adds to the small one.

    >>> relative_error(np.array([0.0, 100.0, 10_000.0]), 0.1, 1.0).round(4)
    array([0.    , 0.1414, 0.1005])
    """
    counted = np.divide(counting, value, out=np.zeros_like(value), where=value > 0)
    return np.where(value > 0, np.sqrt(relative**2 + counted), 0.0)


def log_normal(error: Floats, normal: Floats) -> Floats:
    """Return factors of mean 1 whose standard deviation is `error`; exactly 1 where it is 0."""
    variance = np.log1p(error**2)
    return np.exp(np.sqrt(variance) * normal - variance / 2)
