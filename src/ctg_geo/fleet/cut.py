"""A country cut into tiles of about as many homes, each of whole communes."""

import numpy as np
import numpy.typing as npt

__all__ = ["tiles_of"]

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


def tiles_of(x: Floats, y: Floats, homes: Ints, *, most: int) -> Ints:
    """Return the tile of each commune, from 0.

    A part of too many homes is cut in two across its longer side, at the median of its homes,
    until none is; where communes stand matters for speed alone, for results do not depend on tiles.

    Parameters
    ----------
    x, y : by commune, metres
    homes : by commune, how many places of demand it has
    most : homes of a tile; more only where one commune has more

    Examples
    --------
    Four communes in a row, the last one large:

    >>> x, y = np.array([0.0, 1, 2, 3]), np.zeros(4)
    >>> tiles_of(x, y, np.array([1, 1, 1, 3]), most=3).tolist()
    [0, 0, 0, 1]
    """
    tile = np.zeros(len(x), dtype=np.int64)
    parts, count = [np.arange(len(x))], 0
    while parts:
        part = parts.pop()
        if len(part) < 2 or homes[part].sum() <= most:  # noqa: PLR2004
            tile[part] = count
            count += 1
            continue
        along = x if np.ptp(x[part]) >= np.ptp(y[part]) else y
        part = part[np.lexsort((part, along[part]))]
        before = np.cumsum(homes[part])
        middle = int(np.searchsorted(before, before[-1] / 2)) + 1
        middle = min(max(middle, 1), len(part) - 1)
        parts += [part[middle:], part[:middle]]
    return tile
