"""People in the cells of a raster: GHSL (Mollweide), WorldPop (degrees), or another."""

from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ctg_geo.errors import UnreadableFileError
from ctg_geo.quality import Finding
from ctg_geo.sources.official.cells_read import CellsRead
from ctg_geo.sources.raster import opened_raster

__all__ = ["read_population_raster"]

Bounds = tuple[float, float, float, float]
Floats = npt.NDArray[np.float64]

_MOST_CELLS: Final = 25_000_000  # of the window of a study: 500 km at 100 m


def read_population_raster(path: Path, *, bounds: Bounds, crs: str) -> CellsRead:
    """Read the populated cells that touch bounds, and no more of the raster.

    Cells keep the shape of the raster in its own CRS (its cells are no squares in another),
    and are never resampled: no one is gained or lost.

    Parameters
    ----------
    path : a raster that GDAL reads, people per cell in its first band
    bounds : west, south, east, north of the study, metres in `crs`
    crs : metric CRS of the study

    Returns
    -------
    CellsRead
        With no age band; `rows` is the number of cells in the window, of which those without
        value or without people are set aside.

    Raises
    ------
    MissingFileError, UnreadableFileError, MissingCrsError
        If the file is not there, is no raster, is cut, does not say its CRS, or lies elsewhere.
    """
    with opened_raster(path) as raster:
        window = _window(raster, bounds, crs)
        if window is None:
            raise UnreadableFileError("raster_elsewhere", file=path.name)
        cells = raster.read(1, window=window, masked=True, out_dtype=np.float64)
        transform = raster.window_transform(window)
        text = raster.crs.to_wkt()
    value = cells.filled(np.nan)
    value[~np.isfinite(value)] = np.nan
    negative = int((value < 0).sum())
    value[value < 0] = np.nan  # a nodata value that the file does not declare
    there = np.argwhere(value > 0)
    row, column = there[:, 0], there[:, 1]
    left, top = round(window.col_off), round(window.row_off)
    ids = [f"r{r + top}c{c + left}" for r, c in zip(row, column, strict=True)]
    table = pd.DataFrame(
        {"persons": value[row, column], "imputed": False, "listed": ""},
        index=pd.Index(ids, name="cell_id", dtype=object),
    )
    empty, void = int((value == 0).sum()), int(np.isnan(value).sum())
    findings = []
    if negative:
        facts = {"count": negative}
        findings.append(Finding("warning", "raster_negative", path.name, facts=facts))
    return CellsRead(
        path.name, table, _shapes(transform, row, column), text, (), value.size,
        {"nobody": empty, "no_value": void}, findings,
    )  # fmt: skip


def _window(raster: Any, bounds: Bounds, crs: str) -> Any:  # noqa: ANN401
    """Return the window of the raster that covers the bounds; None where they do not meet."""
    from pyproj import Transformer  # noqa: PLC0415  (heavy)
    from rasterio.windows import Window  # noqa: PLC0415

    mover = Transformer.from_crs(crs, raster.crs.to_wkt(), always_xy=True)
    west, south, east, north = mover.transform_bounds(*bounds, densify_pts=50)
    inverse = ~raster.transform
    corners = [inverse * at for at in ((west, south), (west, north), (east, south), (east, north))]
    columns, rows = zip(*corners, strict=True)
    left, right = max(int(np.floor(min(columns))), 0), min(int(np.ceil(max(columns))), raster.width)
    top, bottom = max(int(np.floor(min(rows))), 0), min(int(np.ceil(max(rows))), raster.height)
    if right <= left or bottom <= top:
        return None
    if (right - left) * (bottom - top) > _MOST_CELLS:
        facts = {"count": (right - left) * (bottom - top), "most": _MOST_CELLS}
        raise UnreadableFileError("raster_fine", file=Path(raster.name).name, **facts)
    return Window(left, top, right - left, bottom - top)


def _shapes(
    transform: Any,  # noqa: ANN401
    row: npt.NDArray[np.int64],
    column: npt.NDArray[np.int64],
) -> npt.NDArray[np.object_]:
    """Return the outline of each cell in the CRS of the raster."""
    import shapely  # noqa: PLC0415  (heavy)

    def corner(down: int, right: int) -> Floats:
        c, r = column + right, row + down
        x = transform.a * c + transform.b * r + transform.c
        y = transform.d * c + transform.e * r + transform.f
        return np.column_stack([x, y])

    ring = [corner(0, 0), corner(0, 1), corner(1, 1), corner(1, 0), corner(0, 0)]
    return np.asarray(shapely.polygons(np.stack(ring, axis=1)), dtype=object)
