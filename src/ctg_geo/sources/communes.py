"""Commune polygons, and the point that stands for each commune."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from ctg_geo import contracts
from ctg_geo.config.study_file import PlacesSource, PolygonSource
from ctg_geo.quality import Finding
from ctg_geo.sources.door import RawTable, TableRead, without_repeats
from ctg_geo.sources.files import read_layer, read_table
from ctg_geo.sources.layers import metric
from ctg_geo.sources.official.polygons import OfficialLayer, read_official
from ctg_geo.sources.points import lon_lat

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["CommunesRead", "read_communes", "read_places", "repaired", "unique_codes"]


@dataclass(frozen=True, slots=True, eq=False)
class CommunesRead:
    """Commune polygons by code_insee, and the rows of the layer that are none."""

    table: "gpd.GeoDataFrame"
    findings: list[Finding]
    aside: dict[str, int]


def read_communes(path: Path, source: PolygonSource, *, crs: str) -> CommunesRead:
    """Read commune polygons (GeoJSON, GeoPackage, Shapefile, GeoParquet).

    Returns
    -------
    CommunesRead, its table by code_insee (contract `communes`): nom, epci, geometry in `crs`
        An invalid polygon is repaired and reported with the change of its area.

    Raises
    ------
    MissingColumnError, MissingCrsError, UnreadableFileError, DataError
        If a column or the CRS is missing, the file is damaged, or a code is wrong or
        there twice, or a shape is not a polygon.
    """
    import geopandas as gpd  # noqa: PLC0415  (heavy)

    layer = _layer(path, source)
    shapes, raw, columns = layer.shapes, layer.raw, layer.columns
    code = raw.codes(columns["code_insee"])
    unique_codes(raw, code, columns["code_insee"])
    name = raw.text(columns["nom"]) if "nom" in columns else code
    kinds = shapes.geometry.geom_type.to_numpy()
    there = ~shapely.is_missing(shapes.geometry.to_numpy())
    wrong = there & ~np.isin(kinds, ("Polygon", "MultiPolygon"))
    for at in np.flatnonzero(wrong):
        raw.add("not_polygon", int(at), "geometry", str(kinds[at]))
    flat = shapely.force_2d(metric(shapes, raw, crs=crs).to_numpy())
    mended, findings = repaired(flat, code, raw)
    communes = gpd.GeoDataFrame(
        {"nom": name, "epci": layer.epci},
        index=pd.Index(code, name="code_insee", dtype=object),
        geometry=mended,
        crs=crs,
    )[layer.kept].sort_index()
    checked = contracts.checked(communes, contracts.COMMUNES, table_name=path.name)
    return CommunesRead(checked, raw.findings + findings, layer.aside)


def _layer(path: Path, source: PolygonSource) -> OfficialLayer:
    if source.format is not None:
        return read_official(path, source)
    shapes, raw = read_layer(path, source)
    columns = {str(wanted): column for wanted, column in source.columns.items()}
    raw.require(columns.values())
    epci = raw.text(columns["epci"]) if "epci" in columns else np.full(len(raw), "", dtype=object)
    return OfficialLayer(shapes, raw, columns, epci, np.full(len(raw), fill_value=True), {})


def unique_codes(raw: RawTable, code: "np.typing.NDArray[np.object_]", column: str) -> None:
    """Note a defect for each row whose code stands above already."""
    seen: dict[str, int] = {}
    for at, value in enumerate(code):
        if value in seen:
            raw.add("code_twice", at, column, value, first=str(raw.row[seen[value]]))
        else:
            seen[value] = at


def repaired(
    shapes: "np.typing.NDArray[np.object_]", code: "np.typing.NDArray[np.object_]", raw: RawTable
) -> tuple["np.typing.NDArray[np.object_]", list[Finding]]:
    """Mend invalid polygons, each told with the change of its area.

    Raises
    ------
    DataError
        With every polygon that cannot be mended.
    """
    findings = []
    fixed = shapes.copy()
    for at in np.flatnonzero(~shapely.is_valid(shapes)):
        why = shapely.is_valid_reason(shapes[at]).split("[")[0]
        whole = _whole(shapes[at])
        if whole is None or whole.is_empty or whole.geom_type not in ("Polygon", "MultiPolygon"):
            raw.add("polygon_broken", int(at), "geometry", why, code=code[at])
            continue
        fixed[at] = whole
        before = abs(float(shapely.area(shapes[at])))
        change = abs(float(shapely.area(whole)) - before) / before if before else 0.0
        facts = {"why": why, "change": change, "row": str(raw.row[at])}
        findings.append(Finding("warning", "polygon_repaired", raw.name, str(code[at]), facts))
    raw.raise_defects()
    return fixed, findings


def _whole(shape: shapely.Geometry) -> shapely.Geometry | None:
    """Return the valid shape nearest to a broken one, or nothing where there is none."""
    try:
        with np.errstate(all="ignore"):
            return shapely.make_valid(shape, method="structure", keep_collapsed=False)
    except shapely.errors.GEOSException:
        return None


def read_places(path: Path, source: PlacesSource, *, crs: str) -> TableRead:
    """Read the point that stands for each commune.

    Returns
    -------
    TableRead, its table by code_insee: x, y (metres in `crs`), status

    Raises
    ------
    DataError
        If a code or a coordinate is wrong, or a commune stands twice.
    """
    raw = read_table(path, source)
    columns = source.columns
    raw.require(columns.values())
    code = raw.codes(columns["code_insee"])
    kept = without_repeats(raw, columns["code_insee"], list(columns.values()))
    x, y = lon_lat(raw, columns["lon"], columns["lat"], crs=crs)
    for at in np.flatnonzero(np.isnan(x)):
        raw.add("coordinate_missing", int(at), columns["lon"], "")
    raw.raise_defects()
    places = pd.DataFrame(
        {"x": x, "y": y, "status": source.status},
        index=pd.Index(code, name="code_insee", dtype=object),
    )
    row_of = pd.Series(raw.row[kept], index=places.index[kept])
    return TableRead(path.name, places[kept].sort_index(), row_of, len(raw), raw.findings)
