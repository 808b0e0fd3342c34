"""Features of an IGN layer within an area: those there, those elsewhere, those without shape."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from pyproj import CRS, Transformer

from ctg_geo.config.table_source import TableSource
from ctg_geo.errors import ConfigError, MissingCrsError, NoRoadError, UnreadableFileError
from ctg_geo.quality import Finding
from ctg_geo.sources.door import RawTable
from ctg_geo.sources.files import check_present
from ctg_geo.sources.guards import check_kind
from ctg_geo.sources.ign.words import Column, chosen, texts
from ctg_geo.sources.layers import check_bounds, located, metric, said_in_words
from ctg_geo.sources.mappable import check_mappable

if TYPE_CHECKING:
    import geopandas as gpd
    from shapely import Geometry

__all__ = ["Features", "read_features"]

_INDEXED: Final = ("GPKG", "ESRI Shapefile")  # the file finds what lies in a rectangle itself
_STEP_DEGREES: Final = 0.01  # between points of the area, before it is moved to another CRS
_DEGREES: Final = "EPSG:4326"


@dataclass(frozen=True, slots=True, eq=False)
class Features:
    """Features read, and those of the file that are not, by reason."""

    shapes: npt.NDArray[np.object_]  # lines in the CRS asked for, with their heights
    raw: RawTable  # attributes as text, under their full names; rows as in the file
    read: int  # in the file
    aside: dict[str, int]
    findings: list[Finding]


def read_features(
    path: Path,
    source: TableSource,
    columns: tuple[Column, ...],
    *,
    layer: str,
    product: str,
    crs: str,
    area: "Geometry | None",
) -> Features:
    """Read the lines of a layer that touch an area (EPSG:4326), and the columns they have.

    Raises
    ------
    See `read_bdtopo`.
    """
    check_present(path)
    with said_in_words(path.name):
        name = _layer(path, source, layer)
        info = _info(path, source, name)
    if info["features"] == 0:
        raise UnreadableFileError("no_rows", file=path.name)
    if info["geometry_type"] is None:
        raise UnreadableFileError("no_geometry", file=path.name)
    names = chosen(info["fields"], columns, file=path.name, product=product)
    around = None if area is None else _moved(area, _crs(source, info, path.name))
    with said_in_words(path.name):
        void = _without_shape(path, source, name, info)
        found = _read(path, source, name, info, list(names.values()), around)
    if len(void) == info["features"]:
        raise UnreadableFileError("no_geometry", file=path.name)
    findings = _void(void, path.name)
    found = _touching(found, source, path.name, findings, around)
    if not len(found):
        raise _elsewhere(path.name, info, source, area)
    attributes = pd.DataFrame(found.drop(columns="geometry"))[list(names.values())]
    attributes.columns = pd.Index(list(names))
    raw = RawTable(path.name, texts(attributes), _rows(found.index, info), source, findings)
    kinds = shapely.get_type_id(found.geometry.to_numpy())
    for at in np.flatnonzero(~np.isin(kinds, _LINES)):
        raw.add("not_line", int(at), "geometry", str(found.geometry.iloc[at].geom_type))
    raw.raise_defects()
    shapes = metric(found.geometry.to_frame(), raw, crs=crs).to_numpy()
    aside = {"no_geometry": len(void), "outside": info["features"] - len(void) - len(found)}
    return Features(shapes, raw, info["features"], aside, findings)


def _touching(
    found: "gpd.GeoDataFrame",
    source: TableSource,
    file: str,
    findings: list[Finding],
    around: "Geometry | None",
) -> "gpd.GeoDataFrame":
    """Return the features with a shape that touch an area, where the source says they are."""
    found = found[~(shapely.is_missing(found.geometry.to_numpy())
                    | shapely.is_empty(found.geometry))]  # fmt: skip
    check_bounds(found.total_bounds, file)
    if not len(found):
        return found
    found = located(found, source, file, findings)
    if around is not None:
        found = found[shapely.intersects(found.geometry.to_numpy(), around)]
    return found


_LINES: Final = (shapely.GeometryType.LINESTRING, shapely.GeometryType.MULTILINESTRING)


def _layer(path: Path, source: TableSource, wanted: str) -> str:
    """Find the layer: the one that the source names, else the product's, else the only one."""
    import pyogrio  # noqa: PLC0415  (heavy)

    check_kind(path)
    kinds = [(str(name), kind) for name, kind in pyogrio.list_layers(path)]
    asked = (source.layer or wanted).casefold()
    for name, _ in kinds:
        if name.casefold() == asked:
            return name
    shaped = [name for name, kind in kinds if kind is not None]
    if source.layer is None and len(shaped) == 1:
        return shaped[0]
    known = [name for name, _ in kinds]
    raise ConfigError("no_layer", file=path.name, layer=source.layer or wanted, known=known)


def _info(path: Path, source: TableSource, layer: str) -> dict[str, Any]:
    import pyogrio  # noqa: PLC0415  (heavy)

    return dict(
        pyogrio.read_info(
            path, layer=layer, encoding=source.encoding, force_feature_count=True,
            force_total_bounds=True,
        )
    )  # fmt: skip


def _crs(source: TableSource, info: dict[str, Any], file: str) -> CRS:
    said = source.crs or info["crs"]
    if said is None:
        raise MissingCrsError("layer", file=file)
    crs = CRS.from_user_input(said)
    check_mappable(crs, file)
    return crs


def _moved(area: "Geometry", crs: CRS) -> "Geometry":
    """Move an area to the CRS of the layer, where its sides are no longer straight."""
    move = Transformer.from_crs(_DEGREES, crs, always_xy=True)
    steps = shapely.segmentize(area, _STEP_DEGREES)
    moved = shapely.transform(steps, lambda xy: np.stack(move.transform(*xy.T), axis=1))
    shapely.prepare(moved)
    return moved


def _read(
    path: Path,
    source: TableSource,
    layer: str,
    info: dict[str, Any],
    columns: list[str],
    area: "Geometry | None",
) -> "gpd.GeoDataFrame":
    """Read the features whose rectangle touches that of the area; all where none is given."""
    import pyogrio  # noqa: PLC0415  (heavy)

    bbox = None
    if area is not None and info["driver"] in _INDEXED:
        bbox = tuple(shapely.bounds(area))
    try:
        found = pyogrio.read_dataframe(
            path, layer=layer, encoding=source.encoding, columns=columns, bbox=bbox,
            fid_as_index=True,
        )  # fmt: skip
    except UnicodeDecodeError as error:
        raise UnreadableFileError("encoding", file=path.name, encoding=error.encoding) from error
    if bbox is None and len(found) != info["features"]:
        facts = f"{len(found)} / {info['features']}"
        raise UnreadableFileError("cut", file=path.name, detail=facts)
    return found


def _without_shape(
    path: Path, source: TableSource, layer: str, info: dict[str, Any]
) -> npt.NDArray[np.int64]:
    """List the rows without a shape, which no rectangle finds."""
    import pyogrio  # noqa: PLC0415  (heavy)

    if info["driver"] in _INDEXED:
        column = str(info["geometry_name"]).replace('"', '""')
        where = "OGR_GEOMETRY IS NULL"  # what a Shapefile calls it, where it has no SQL
        if info["driver"] == "GPKG":
            where = f'"{column}" IS NULL OR ST_IsEmpty("{column}")'
        _, rows, _, _ = pyogrio.raw.read(
            path, layer=layer, encoding=source.encoding, columns=[], return_fids=True, where=where
        )
        return _rows(pd.Index(rows), info)
    shapes = pyogrio.read_dataframe(path, layer=layer, columns=[], fid_as_index=True).geometry
    void = shapely.is_missing(shapes.to_numpy()) | shapely.is_empty(shapes.to_numpy())
    return _rows(shapes.index[void], info)


def _rows(identifiers: "pd.Index[Any]", info: dict[str, Any]) -> npt.NDArray[np.int64]:
    """Count rows from 1, as a table of attributes shows them."""
    first = 0 if info["driver"] == "GPKG" else 1
    return identifiers.to_numpy(np.int64) + first


def _void(rows: npt.NDArray[np.int64], file: str) -> list[Finding]:
    if not len(rows):
        return []
    facts: dict[str, object] = {"count": len(rows), "rows": [str(row) for row in rows]}
    return [Finding("warning", "road_without_geometry", file, facts=facts)]


def _elsewhere(
    file: str, info: dict[str, Any], source: TableSource, area: "Geometry | None"
) -> NoRoadError | UnreadableFileError:
    """Say where the roads of the file are, and where the area is (degrees)."""
    bounds = info["total_bounds"]
    if area is None or bounds is None or not np.isfinite(bounds).all():
        return UnreadableFileError("no_geometry", file=file)
    back = Transformer.from_crs(_crs(source, info, file), _DEGREES, always_xy=True)
    extent = back.transform_bounds(*bounds)
    shown = {"extent": _shown(extent), "area": _shown(shapely.bounds(area))}
    return NoRoadError("extent", file=file, **shown)


def _shown(bounds: Any) -> list[str]:  # noqa: ANN401  (four numbers, of pyproj or shapely)
    return [f"{each:.2f}" for each in bounds]
