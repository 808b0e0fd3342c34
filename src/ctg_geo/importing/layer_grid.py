"""Layers of points (GeoJSON, GeoPackage): attributes, and two columns for the place."""

from pathlib import Path

import numpy as np
import shapely

from ctg_geo import labels
from ctg_geo.config.table_source import TableSource
from ctg_geo.errors import UnreadableFileError
from ctg_geo.importing.grid import MOST_COLUMNS, MOST_ROWS, Grid, grid
from ctg_geo.quality import Finding
from ctg_geo.sources.cells import as_text
from ctg_geo.sources.layers import located, open_layer

__all__ = ["read_layers"]


def read_layers(path: Path, layer: str | None) -> tuple[list[Grid], list[Finding]]:
    """Read a layer as a sheet; a shape that is no point stands at a point inside it, and is told.

    Parameters
    ----------
    layer : its name; needed where the file has several

    Raises
    ------
    UnreadableFileError, ConfigError, MissingCrsError, DataError
        If the file is damaged, empty or too large, lacks the layer named, or says no CRS.
    """
    import pandas as pd  # noqa: PLC0415  (heavy)

    source = TableSource(path=path.name, provider="-", licence="-", vintage="-", layer=layer)
    found = open_layer(path, source, geometry=True)
    if len(found) > MOST_ROWS or len(found.columns) > MOST_COLUMNS:
        facts = {"rows": MOST_ROWS, "columns": MOST_COLUMNS}
        raise UnreadableFileError("import_wide", file=path.name, **facts)
    findings = list[Finding]()
    attributes = as_text(pd.DataFrame(found.drop(columns="geometry", errors="ignore")))
    titles, rows = list(attributes.columns), attributes.to_numpy(dtype=object).tolist()
    if "geometry" in found and not shapely.is_missing(found.geometry.to_numpy()).all():
        shapes = located(found, source, path.name, findings).geometry.to_crs("EPSG:4326")
        titles += [labels.text("import.geometry_lon"), labels.text("import.geometry_lat")]
        points = _points(shapes.to_numpy(), path.name, findings)
        rows = [[*row, *point] for row, point in zip(rows, points, strict=True)]
    return [grid(layer or "", [titles, *rows])], findings


def _points(
    shapes: "np.typing.NDArray[np.object_]", name: str, findings: list[Finding]
) -> list[tuple[str, str]]:
    there = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    kinds = shapely.get_type_id(shapes)
    wide = np.flatnonzero(there & (kinds != 0))
    if len(wide):
        facts = {"count": len(wide), "rows": [str(at + 2) for at in wide]}
        findings.append(Finding("warning", "import_not_points", name, facts=facts))
    points = np.full(len(shapes), None, dtype=object)
    points[there] = shapely.point_on_surface(shapes[there])
    x, y = shapely.get_x(points), shapely.get_y(points)
    return [
        (f"{lon:.7f}", f"{lat:.7f}") if np.isfinite(lon) and np.isfinite(lat) else ("", "")
        for lon, lat in zip(x, y, strict=True)
    ]
