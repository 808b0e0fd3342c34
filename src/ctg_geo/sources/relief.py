"""Heights of the ground along roads, from a raster (BD ALTI, RGE ALTI, EU-DEM ...)."""

import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import Transformer

from ctg_geo.errors import MissingCrsError, MissingFileError, UnreadableFileError
from ctg_geo.quality import Finding
from ctg_geo.sources.cells import detail
from ctg_geo.sources.guards import check_kind

__all__ = ["Heights", "read_heights"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_LOWEST_M, _HIGHEST_M = -430.0, 8850.0
_MOST_CELLS: Final = 60_000_000  # read at once: 480 MB; a finer raster is averaged


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
    import rasterio  # noqa: PLC0415  (heavy)

    if not path.is_file():
        raise MissingFileError("source", file=str(path))
    check_kind(path)
    start, run_m, x, y = _points(lines, step_m)
    try:
        with _opened(path) as raster:
            if raster.crs is None or raster.transform.is_identity:  # pixels, not places
                raise MissingCrsError("raster", file=path.name)
            if raster.transform.is_degenerate:
                raise UnreadableFileError("flat_cells", file=path.name)
            to_raster = Transformer.from_crs(crs, raster.crs.to_wkt(), always_xy=True)
            height, factor = _sampled(raster, *to_raster.transform(x, y))
    except rasterio.errors.RasterioError as error:
        raise UnreadableFileError("cut", file=path.name, detail=detail(error)) from error
    return Heights(start, run_m, height, _findings(path.name, start, height, factor))


def _opened(path: Path) -> Any:  # noqa: ANN401
    """Open a raster; that it does not say where it is, is checked after."""
    import rasterio  # noqa: PLC0415  (heavy)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", rasterio.errors.NotGeoreferencedWarning)
        return rasterio.open(path)


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
    from rasterio.enums import Resampling  # noqa: PLC0415  (heavy)
    from rasterio.windows import Window  # noqa: PLC0415
    from scipy.ndimage import map_coordinates  # noqa: PLC0415

    inverse = ~raster.transform
    column = inverse.a * x + inverse.b * y + inverse.c
    row = inverse.d * x + inverse.e * y + inverse.f
    finite = np.isfinite(column) & np.isfinite(row)
    inside = finite & (column >= 0) & (row >= 0) & (column <= raster.width) & (row <= raster.height)
    height = np.full(len(x), np.nan)
    if not inside.any():
        return height, 1.0
    left, top = (max(int(np.floor(v[inside].min())) - 1, 0) for v in (column, row))
    right = min(int(np.ceil(column[inside].max())) + 1, raster.width)
    bottom = min(int(np.ceil(row[inside].max())) + 1, raster.height)
    wide, high = right - left, bottom - top
    factor = max(1.0, float(np.sqrt(wide * high / _MOST_CELLS)))
    shape = (max(1, int(high / factor)), max(1, int(wide / factor)))
    cells = raster.read(
        1, window=Window(left, top, wide, high), out_shape=shape, masked=True,
        out_dtype=np.float64, resampling=Resampling.average if factor > 1 else Resampling.nearest,
    ).filled(np.nan)  # fmt: skip
    cells[(cells < _LOWEST_M) | (cells > _HIGHEST_M)] = np.nan
    at = (
        (row[inside] - top) * shape[0] / high - 0.5,
        (column[inside] - left) * shape[1] / wide - 0.5,
    )
    height[inside] = map_coordinates(cells, at, order=1, mode="nearest", prefilter=False)
    return height, factor


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
