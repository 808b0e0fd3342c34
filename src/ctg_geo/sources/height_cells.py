"""Cells of a raster of heights, those that some points need, and no height that cannot be."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

__all__ = ["HeightCells", "cells_around"]

Floats = npt.NDArray[np.float64]

_LOWEST_M, _HIGHEST_M = -430.0, 8850.0
_MOST_CELLS: Final = 60_000_000  # read at once: 480 MB; a finer raster is averaged


@dataclass(frozen=True, slots=True, eq=False)
class HeightCells:
    """A window of a raster: heights in metres, NaN where not known.

    `left` and `top` are its first column and row in the raster; `across` and `down` how many
    columns and rows of the raster one cell stands for.
    """

    height_m: Floats  # rows × columns
    left: int
    top: int
    across: float
    down: float
    factor: float  # how many cells of the raster one value stands for, along a side


def cells_around(raster: Any, column: Floats, row: Floats) -> HeightCells | None:  # noqa: ANN401
    """Read the cells that hold some points, and one more on each side; None where none does.

    Parameters
    ----------
    column, row : by point, in cells of the raster, from its first corner
    """
    from rasterio.enums import Resampling  # noqa: PLC0415  (heavy)
    from rasterio.windows import Window  # noqa: PLC0415

    if not len(column):
        return None
    left, top = (max(int(np.floor(each.min())) - 1, 0) for each in (column, row))
    right = min(int(np.ceil(column.max())) + 1, raster.width)
    bottom = min(int(np.ceil(row.max())) + 1, raster.height)
    wide, high = right - left, bottom - top
    if wide <= 0 or high <= 0:
        return None
    factor = max(1.0, float(np.sqrt(wide * high / _MOST_CELLS)))
    shape = (max(1, int(high / factor)), max(1, int(wide / factor)))
    height_m = raster.read(
        1, window=Window(left, top, wide, high), out_shape=shape, masked=True,
        out_dtype=np.float64, resampling=Resampling.average if factor > 1 else Resampling.nearest,
    ).filled(np.nan)  # fmt: skip
    height_m[(height_m < _LOWEST_M) | (height_m > _HIGHEST_M)] = np.nan
    return HeightCells(height_m, left, top, wide / shape[1], high / shape[0], factor)
