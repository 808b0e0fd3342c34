"""Heights of the ground along roads, from a raster (BD ALTI, RGE ALTI, EU-DEM ...)."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import Transformer

from ctg_geo.quality import Finding
from ctg_geo.sources.height_cells import cells_around
from ctg_geo.sources.raster import opened_raster

__all__ = ["Heights", "read_heights"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Heights:
    """Heights of points along lines, as `network.with_grades` takes them."""

    start: Ints  # by line + 1: first point
    run_m: Floats  # by point, metres from the start of its line
    height_m: Floats  # by point; NaN where not known
    findings: list[Finding]


def read_heights(
    path: Path, lines: npt.NDArray[np.object_], *, crs: str, step_m: float = 50.0
) -> Heights:
    """Read the height of the ground every `step_m` metres along lines, ends included.

    Parameters
    ----------
    path : a raster that GDAL reads (GeoTIFF, ASCII grid with its .prj ...), heights in metres
        in its first band
    lines : LineStrings in `crs`
    crs : metric CRS of the lines

    Returns
    -------
    Heights
        Between four cells, by bilinear interpolation; unknown outside the raster, where one
        of the four is empty, and where the value is no height on Earth. The finding says how
        many lines lie there.

    Raises
    ------
    MissingFileError, UnreadableFileError, MissingCrsError
        If the file is not there, is no raster, is cut, or does not say its CRS.
    """
    start, run_m, x, y = _points(lines, step_m)
    with opened_raster(path) as raster:
        to_raster = Transformer.from_crs(crs, raster.crs.to_wkt(), always_xy=True)
        height, factor = _sampled(raster, *to_raster.transform(x, y))
    return Heights(start, run_m, height, _findings(path.name, start, height, factor))


def _points(lines: npt.NDArray[np.object_], step_m: float) -> tuple[Ints, Floats, Floats, Floats]:
    """Place points along lines, evenly, at most `step_m` apart."""
    length = shapely.length(lines)
    count = np.maximum(np.ceil(length / step_m).astype(np.int64), 1) + 1
    start = np.concatenate(([0], np.cumsum(count))).astype(np.int64)
    line = np.repeat(np.arange(len(lines)), count)
    share = (np.arange(start[-1]) - start[line]) / (count[line] - 1)
    run_m = share * length[line]
    at = shapely.get_coordinates(shapely.line_interpolate_point(lines[line], run_m))
    return start, run_m, at[:, 0], at[:, 1]


def _sampled(raster: Any, x: Floats, y: Floats) -> tuple[Floats, float]:  # noqa: ANN401
    """Return heights, and how many cells of the raster one value stands for, along a side."""
    from scipy.ndimage import map_coordinates  # noqa: PLC0415  (heavy)

    inverse = ~raster.transform
    column = inverse.a * x + inverse.b * y + inverse.c
    row = inverse.d * x + inverse.e * y + inverse.f
    finite = np.isfinite(column) & np.isfinite(row)
    inside = finite & (column >= 0) & (row >= 0) & (column <= raster.width) & (row <= raster.height)
    height = np.full(len(x), np.nan)
    cells = cells_around(raster, column[inside], row[inside])
    if cells is None:
        return height, 1.0
    at = (
        (row[inside] - cells.top) / cells.down - 0.5,
        (column[inside] - cells.left) / cells.across - 0.5,
    )
    height[inside] = map_coordinates(cells.height_m, at, order=1, mode="nearest", prefilter=False)
    return height, cells.factor


def _findings(file: str, start: Ints, height: Floats, factor: float) -> list[Finding]:
    line = np.repeat(np.arange(len(start) - 1), np.diff(start))
    unknown = np.unique(line[np.isnan(height)])
    known = height[~np.isnan(height)]
    facts: dict[str, object] = {
        "lines": len(start) - 1, "unknown": len(unknown),
        "lowest": float(known.min()) if len(known) else 0.0,
        "highest": float(known.max()) if len(known) else 0.0,
    }  # fmt: skip
    if not len(known):
        return [Finding("warning", "relief_none", file, facts={"lines": len(start) - 1})]
    said = [Finding("warning" if len(unknown) else "info", "relief", file, facts=facts)]
    if factor > 1:
        said.append(Finding("info", "relief_averaged", file, facts={"factor": factor}))
    return said
