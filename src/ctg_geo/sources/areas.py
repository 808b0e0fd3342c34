"""Layers of plain polygons: built-up areas, urban units."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import shapely

from ctg_geo.config.table_source import TableSource
from ctg_geo.sources.files import read_layer
from ctg_geo.sources.layers import metric

__all__ = ["read_areas"]


def read_areas(path: Path, source: TableSource, *, crs: str) -> npt.NDArray[np.object_]:
    """Read the polygons of a layer, in `crs`.

    Raises
    ------
    MissingFileError, MissingCrsError, UnreadableFileError, DataError
        If the file cannot be read, does not say its CRS, or a shape is no polygon.
    """
    shapes, raw = read_layer(path, source)
    kinds = shapes.geometry.geom_type.to_numpy()
    there = ~shapely.is_missing(shapes.geometry.to_numpy())
    for at in np.flatnonzero(there & ~np.isin(kinds, ("Polygon", "MultiPolygon"))):
        raw.add("not_polygon", int(at), "geometry", str(kinds[at]))
    raw.raise_defects()
    found: npt.NDArray[np.object_] = metric(shapes, raw, crs=crs, empty=True).to_numpy()[there]
    return found
