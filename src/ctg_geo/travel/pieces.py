"""Pieces of lines between two positions, in the direction one goes."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

__all__ = ["Path", "cut"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Path:
    """Corners of pieces, one piece after the other: coordinates and the number of the piece."""

    xy: Floats  # by corner, × 2
    piece: Ints


def cut(lines: npt.NDArray[np.object_], share_from: Floats, share_to: Floats) -> Path:
    """Cut each line from one position to another, turned round where the second comes first.

    Parameters
    ----------
    lines : by piece, LineStrings
    share_from, share_to : by piece, 0 at the start of the line and 1 at its end

    Returns
    -------
    Path
        At least two corners a piece; two equal ones where the positions are the same.
    """
    xy, piece = shapely.get_coordinates(lines, return_index=True)
    at = _measured(xy, piece)
    length = at[np.flatnonzero(np.diff(piece, append=-1))]
    low, high = np.minimum(share_from, share_to), np.maximum(share_from, share_to)
    inside = (at > (low * length)[piece]) & (at < (high * length)[piece])
    number = np.arange(len(lines))
    ends = [shapely.line_interpolate_point(lines, share, normalized=True) for share in (low, high)]
    every_xy = np.concatenate([xy[inside], *(shapely.get_coordinates(end) for end in ends)])
    every_piece = np.concatenate([piece[inside], number, number])
    every_at = np.concatenate([at[inside], low * length, high * length])
    rank = np.repeat([1, 0, 2], [int(inside.sum()), len(lines), len(lines)])
    turned = np.where(share_to < share_from, -1, 1)[every_piece]
    order = np.lexsort((turned * rank, turned * every_at, every_piece))
    return Path(every_xy[order], every_piece[order])


def _measured(xy: Floats, piece: Ints) -> Floats:
    """Metres from the start of its line to each corner."""
    step = np.hypot(*np.diff(xy, axis=0, prepend=xy[:1]).T)
    fresh = np.diff(piece, prepend=-1) != 0
    step[fresh] = 0
    total = np.cumsum(step)
    return np.asarray(total - total[fresh][np.cumsum(fresh) - 1])
