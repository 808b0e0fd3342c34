"""Heights of the ground on a grid of a map, from a raster (BD ALTI, RGE ALTI, EU-DEM ...)."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from pyproj import Transformer

from ctg_geo.sources.height_cells import HeightCells, cells_around
from ctg_geo.sources.raster import opened_raster

__all__ = ["GROUND_CRS", "GroundHeights", "read_ground"]

Floats = npt.NDArray[np.float64]
Bounds = tuple[float, float, float, float]

GROUND_CRS: Final = "EPSG:3857"  # of maps on the web: a rectangle there is one on the page
_FEW: Final = 33  # points along a side that tell where a grid lies in a raster


@dataclass(frozen=True, slots=True, eq=False)
class GroundHeights:
    """Heights on a grid of square cells, north up, in `GROUND_CRS`."""

    west: float  # metres of the CRS, of the first corner
    north: float
    cell: float  # metres of the CRS: of the ground, times the cosine of the latitude
    height_m: Floats  # rows × columns; NaN where not known

    @property
    def bounds(self) -> Bounds:
        """West, south, east, north, in metres of the CRS."""
        high, wide = self.height_m.shape
        return (self.west, self.north - high * self.cell, self.west + wide * self.cell, self.north)


def read_ground(path: Path, bounds: Bounds, *, longest: int) -> GroundHeights:
    """Read the heights of a rectangle, averaged or interpolated to a grid.

    Parameters
    ----------
    path : a raster that GDAL reads, heights in metres in its first band
    bounds : west, south, east, north, metres in `GROUND_CRS`
    longest : cells along the longer side; the grid has one more all around

    Returns
    -------
    GroundHeights
        Each the mean of the cells under it, where those of the raster are finer, else between
        them by bilinear interpolation; unknown outside the raster, where it is empty, and where
        the value is no height on Earth.

    Raises
    ------
    MissingFileError, UnreadableFileError, MissingCrsError
        If the file is not there, is no raster, is cut, or does not say its CRS.
    """
    west, south, east, north = bounds
    cell = max(east - west, north - south) / longest
    wide, high = (int(np.ceil(side / cell - 1e-9)) + 2 for side in (east - west, north - south))
    ground = GroundHeights(west - cell, north + cell, cell, np.full((high, wide), np.nan))
    with opened_raster(path) as raster:
        cells = cells_around(raster, *_corners(raster, ground))
        if cells is not None:
            _project(raster, cells, ground)
    return ground


def _corners(raster: Any, ground: GroundHeights) -> tuple[Floats, Floats]:  # noqa: ANN401
    """Return where a grid lies in a raster, in columns and rows: points all over it."""
    west, south, east, north = ground.bounds
    x, y = np.meshgrid(np.linspace(west, east, _FEW), np.linspace(south, north, _FEW))
    to_raster = Transformer.from_crs(GROUND_CRS, raster.crs.to_wkt(), always_xy=True)
    x, y = to_raster.transform(x.ravel(), y.ravel())
    inverse = ~raster.transform
    column = inverse.a * x + inverse.b * y + inverse.c
    row = inverse.d * x + inverse.e * y + inverse.f
    finite = np.isfinite(column) & np.isfinite(row)
    return column[finite], row[finite]


def _project(raster: Any, cells: HeightCells, ground: GroundHeights) -> None:  # noqa: ANN401
    """Put heights on a grid, in place."""
    from rasterio.transform import Affine, from_origin  # noqa: PLC0415  (heavy)
    from rasterio.warp import Resampling, reproject  # noqa: PLC0415

    here = raster.transform * Affine.translation(cells.left, cells.top)
    high, wide = ground.height_m.shape
    finer = cells.height_m.size > high * wide
    reproject(
        cells.height_m, ground.height_m, src_crs=raster.crs, dst_crs=GROUND_CRS,
        src_transform=here * Affine.scale(cells.across, cells.down),
        dst_transform=from_origin(ground.west, ground.north, ground.cell, ground.cell),
        src_nodata=np.nan, dst_nodata=np.nan,
        resampling=Resampling.average if finer else Resampling.bilinear,
    )  # fmt: skip
