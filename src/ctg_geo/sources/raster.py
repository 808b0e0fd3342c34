"""A raster that says where on Earth its cells are."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ctg_geo.errors import MissingCrsError, UnreadableFileError
from ctg_geo.sources.cells import detail
from ctg_geo.sources.files import check_present
from ctg_geo.sources.mappable import check_mappable

__all__ = ["opened_raster"]


@contextmanager
def opened_raster(path: Path) -> Iterator[Any]:
    """Open a raster that GDAL reads (a rasterio dataset), and close it after.

    Raises
    ------
    MissingFileError, UnreadableFileError, MissingCrsError
        If the file is not there, is no raster, is cut, does not say its CRS or one of no place on
        Earth, or has cells without size.
    """
    import rasterio  # noqa: PLC0415  (heavy)

    check_present(path)
    try:
        with _dataset(path) as raster:
            if raster.crs is None or raster.transform.is_identity:  # pixels, not places
                raise MissingCrsError("raster", file=path.name)
            check_mappable(raster.crs.to_wkt(), path.name)
            if raster.transform.is_degenerate:
                raise UnreadableFileError("flat_cells", file=path.name)
            yield raster
    except rasterio.errors.RasterioError as error:
        raise UnreadableFileError("cut", file=path.name, detail=detail(error)) from error


def _dataset(path: Path) -> Any:  # noqa: ANN401
    """Open it; that it does not say where it is, is checked after."""
    import rasterio  # noqa: PLC0415  (heavy)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", rasterio.errors.NotGeoreferencedWarning)
        try:
            return rasterio.open(path)
        except ValueError as error:  # of a CRS, or of bytes that are no text
            if isinstance(error, rasterio.errors.RasterioError):
                raise
            raise UnreadableFileError("cut", file=path.name, detail=detail(error)) from error
