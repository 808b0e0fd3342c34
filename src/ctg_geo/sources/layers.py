"""Layers of shapes: the layer asked for, its CRS known and its coordinates possible."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

from ctg_geo.config.table_source import TableSource
from ctg_geo.errors import ConfigError, DataError, Defect, MissingCrsError, UnreadableFileError
from ctg_geo.quality import Finding
from ctg_geo.sources.cells import damaged_parquet, detail
from ctg_geo.sources.door import RawTable
from ctg_geo.sources.guards import check_gzip, check_kind
from ctg_geo.sources.mappable import check_mappable

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = [
    "check_bounds",
    "chosen_layer",
    "layers_of",
    "located",
    "metric",
    "open_layer",
    "said_in_words",
]

_FRANCE = ((-5.5, 10.0), (41.0, 51.6))  # longitudes, latitudes; swapped, they lie elsewhere
_FARTHEST = 1e9  # no coordinate of the Earth, in degrees or in metres, is larger
_STYLES = "layer_styles"  # the table that QGIS adds to a GeoPackage


def open_layer(path: Path, source: TableSource, *, geometry: bool) -> Any:  # noqa: ANN401
    """Open a layer, or its attributes only.

    Raises
    ------
    UnreadableFileError, ConfigError
        If the file is damaged or empty, lacks the layer named, or has several and none is
        named.
    """
    import geopandas as gpd  # noqa: PLC0415  (heavy)
    import pyogrio  # noqa: PLC0415

    if path.suffix.lower() in (".geoparquet", ".parquet"):
        return _geoparquet(path)
    packed = path.suffix.lower() == ".gz"
    if packed:
        check_gzip(path)
    where = f"/vsigzip/{path}" if packed else str(path)
    with said_in_words(path.name):
        layer = chosen_layer(pyogrio.list_layers(where), source, path.name, geometry=geometry)
        found = gpd.read_file(where, layer=layer, ignore_geometry=not geometry)
    if len(found) == 0:
        raise UnreadableFileError("no_rows", file=path.name)
    if geometry and hasattr(found, "total_bounds"):
        check_bounds(found.total_bounds, path.name)
    return found


def check_bounds(bounds: Any, file: str) -> None:  # noqa: ANN401
    """Refuse a layer with coordinates that nothing on Earth has: the file is damaged.

    Parameters
    ----------
    bounds : smallest x and y, largest x and y, in the units of the layer

    Raises
    ------
    UnreadableFileError
        If one is beyond all that degrees or metres can say.
    """
    known = np.abs(np.asarray(bounds, dtype=np.float64))
    if (known[np.isfinite(known)] > _FARTHEST).any():
        far = float(known[np.isfinite(known)].max())
        raise UnreadableFileError("layer_cut", file=file, detail=f"{far:g}")


def layers_of(path: Path) -> list[str]:
    """Return the names of the layers of a file.

    Raises
    ------
    UnreadableFileError
        If the file is damaged.
    """
    import pyogrio  # noqa: PLC0415  (heavy)

    check_kind(path)
    with said_in_words(path.name):
        return [str(layer) for layer, _ in pyogrio.list_layers(path)]


@contextmanager
def said_in_words(file: str) -> Iterator[None]:
    """Turn what GDAL raises on a damaged file into our error; its warnings are checked after.

    Raises
    ------
    UnreadableFileError
        If the file cannot be read as what it should be.
    """
    import pyogrio  # noqa: PLC0415  (heavy)

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # GDAL says here what our checks say better
            yield
    except (
        pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, pyogrio.errors.FeatureError,
        shapely.errors.ShapelyError, IndexError, RuntimeError, UnicodeDecodeError,
    ) as error:  # fmt: skip
        raise UnreadableFileError("layer_cut", file=file, detail=detail(error)) from error


def chosen_layer(layers: Any, source: TableSource, name: str, *, geometry: bool) -> str:  # noqa: ANN401
    """Return the layer that a source names, or the only one of the file.

    Raises
    ------
    ConfigError
        If the file lacks the layer named, or has several and none is named.
    """
    kinds = {str(layer): kind for layer, kind in layers if layer != _STYLES}
    if source.layer is not None:
        if source.layer not in kinds:
            raise ConfigError("no_layer", file=name, layer=source.layer, known=list(kinds))
        return source.layer
    fitting = [layer for layer, kind in kinds.items() if kind is not None or not geometry]
    if len(fitting) > 1:
        raise ConfigError("several_layers", file=name, known=fitting)
    return (fitting or list(kinds))[0]


def _geoparquet(path: Path) -> Any:  # noqa: ANN401
    import geopandas as gpd  # noqa: PLC0415  (heavy)

    try:
        found = gpd.read_parquet(path)
    except (*damaged_parquet(), shapely.errors.ShapelyError) as error:
        if "geo metadata" in str(error):
            raise UnreadableFileError("no_geometry", file=path.name) from error
        raise UnreadableFileError("cut", file=path.name, detail=detail(error)) from error
    if len(found) == 0:
        raise UnreadableFileError("no_rows", file=path.name)
    if found.geometry.name != "geometry":
        found = found.rename_geometry("geometry")
    named = [name for name in found.index.names if name is not None]
    return found.reset_index() if named else found


def located(
    layer: "gpd.GeoDataFrame", source: TableSource, name: str, findings: list[Finding]
) -> "gpd.GeoDataFrame":
    """Return the layer in the CRS that the configuration gives, else in its own.

    Raises
    ------
    MissingCrsError
        If nothing says the CRS, it is that of no place on Earth, or the coordinates are no degrees
        where it says they are.
    DataError
        If longitude and latitude are swapped.
    """
    if source.crs is not None:
        if layer.crs is not None and layer.crs != CRS.from_user_input(source.crs):
            facts = {"said": layer.crs.name, "given": source.crs}
            findings.append(Finding("warning", "crs_replaced", name, facts=facts))
        layer = layer.set_crs(source.crs, allow_override=True)
    if layer.crs is None:
        raise MissingCrsError("layer", file=name)
    check_mappable(layer.crs, name)
    if layer.crs.is_geographic:
        _check_degrees(layer, name)
    return layer


def _check_degrees(layer: "gpd.GeoDataFrame", name: str) -> None:
    west, south, east, north = (float(bound) for bound in layer.total_bounds)
    if max(abs(west), abs(east)) > 180 or max(abs(south), abs(north)) > 90:  # noqa: PLR2004
        raise MissingCrsError("not_degrees", file=name, x=west, y=south)
    lon, lat = _FRANCE
    if lat[0] <= west and east <= lat[1] and lon[0] <= south and north <= lon[1]:
        facts = {"x": west, "y": south}
        raise DataError([Defect(name, "layer_swapped", None, "geometry", None, facts)])


def metric(
    layer: "gpd.GeoDataFrame", raw: RawTable, *, crs: str, empty: bool = False
) -> "gpd.GeoSeries":
    """Move shapes to a metric CRS; a missing or impossible one is told by its row.

    Parameters
    ----------
    layer : shapes
    raw : their attributes; defects gather here
    crs : metric CRS of the result
    empty : whether shapes without any point are accepted (and told) by the caller

    Raises
    ------
    DataError
        With every shape that is missing or cannot be moved.
    """
    given = layer.geometry
    shapes = given.to_numpy()
    missing = shapely.is_missing(shapes) | (shapely.is_empty(shapes) & (not empty))
    for at in np.flatnonzero(missing):
        raw.add("geometry_missing", int(at), "geometry", "")
    raw.raise_defects()
    moved = given.to_crs(crs)
    bounds = pd.DataFrame(moved.bounds)
    lost = ~np.isfinite(bounds.to_numpy()).all(axis=1) & ~shapely.is_empty(shapes)
    for at in np.flatnonzero(lost):
        raw.add("not_projected", int(at), "geometry", "", crs=str(layer.crs))
    raw.raise_defects()
    return moved
