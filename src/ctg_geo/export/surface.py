"""A travel-time surface as a GeoTIFF that QGIS opens."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from ctg_geo import labels
from ctg_geo.export._refused import refused_by_system
from ctg_geo.export.aside import write_aside
from ctg_geo.export.made_of import MadeOf
from ctg_geo.export.surface_style import surface_bounds, surface_style
from ctg_geo.travel import Surface

__all__ = ["write_surface"]

_BLOCK = 256  # cells, the side of a tile


def write_surface(
    path: str | Path,
    surface: Surface,
    *,
    title: str,
    made_of: MadeOf,
    classes: Sequence[float] = (),
) -> None:
    """Write minutes as one band of 32-bit numbers, NaN where there is no time.

    Beside it goes a style of the same name (.qml), with which QGIS opens it.

    Parameters
    ----------
    path : .tif to write; written aside, then moved
    surface : minutes on a grid
    title : what the times lead to, for the description of the band
    made_of : mode, nature and sources of the times
    classes : upper bounds in minutes of the classes drawn; plain ones if there are none

    Raises
    ------
    OutputError
        If the file cannot be written; a former one stays as it was.
    """
    limit = surface.limit_min
    tags = {
        "TIFFTAG_IMAGEDESCRIPTION": made_of.describe(title),
        "unit": "min",
        "cell_m": f"{surface.cell_m:g}",
        "limit_min": "" if limit is None else f"{limit:g}",
        "profile": made_of.profile,
        "times": made_of.times,
        "sources": "; ".join(made_of.sources),
        "roads": labels.text(f"cli.roads_{'schematic' if surface.schematic else 'real'}"),
    }
    bounds = surface_bounds(classes, limit)
    style = surface_style(bounds).encode()
    write_aside(
        Path(path), lambda made: _write(made, surface, tags),
        {Path(path).with_suffix(".qml").name: lambda made: _text(made, style)},
    )  # fmt: skip


def _text(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def _write(path: Path, surface: Surface, tags: dict[str, str]) -> None:
    import rasterio  # noqa: PLC0415  (heavy)

    rows, columns = surface.minutes.shape
    cell_m = surface.cell_m
    place = rasterio.Affine(cell_m, 0, surface.west, 0, -cell_m, surface.north)
    with refused_by_system(path):
        with rasterio.open(
            path, "w", driver="GTiff", width=columns, height=rows, count=1, dtype="float32",
            crs=surface.crs, transform=place, nodata=np.nan, compress="deflate", predictor=3,
            tiled=True, blockxsize=_BLOCK, blockysize=_BLOCK,
        ) as file:  # fmt: skip
            file.write(surface.minutes, 1)
            file.set_band_description(1, tags["TIFFTAG_IMAGEDESCRIPTION"])
            file.set_band_unit(1, tags["unit"])
            file.update_tags(**tags)
        with rasterio.open(path) as file:
            file.read(1)  # GDAL says at most in a log that a disk was full
