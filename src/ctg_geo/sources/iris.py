"""Polygons of IRIS, the blocks of the census."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import shapely

from ctg_geo import contracts
from ctg_geo.config.people_source import IrisSource
from ctg_geo.quality import Finding
from ctg_geo.sources.communes import repaired
from ctg_geo.sources.files import read_layer
from ctg_geo.sources.layers import metric

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["read_iris"]

_IRIS: Final = re.compile(contracts.COMMUNE_CODE + "[0-9]{4}")


def read_iris(
    path: Path, source: IrisSource, *, crs: str
) -> tuple["gpd.GeoDataFrame", list[Finding]]:
    """Read polygons of IRIS (GeoJSON, GeoPackage, Shapefile, GeoParquet).

    Returns
    -------
    GeoDataFrame by code_iris: code_insee, geometry in `crs`; findings
        A commune without IRIS is one, of its code and `0000`.

    Raises
    ------
    MissingColumnError, MissingCrsError, UnreadableFileError, DataError
        If a column or the CRS is missing, the file is damaged, a code is wrong or there
        twice, or a shape is no polygon.
    """
    import geopandas as gpd  # noqa: PLC0415  (heavy)

    shapes, raw = read_layer(path, source)
    raw.require(source.columns.values())
    code, commune = raw.text(source.columns["code_iris"]), raw.codes(source.columns["code_insee"])
    first: dict[str, str] = {}
    for at, each in enumerate(code):
        if _IRIS.fullmatch(each) is None:
            raw.add("iris_code", at, source.columns["code_iris"], str(each), commune=commune[at])
        elif each in first:
            raw.add("id_twice", at, source.columns["code_iris"], str(each), first=first[each])
        first.setdefault(each, str(raw.row[at]))
    kinds = shapes.geometry.geom_type.to_numpy()
    for wrong in np.flatnonzero(~np.isin(kinds, ("Polygon", "MultiPolygon"))):
        raw.add("not_polygon", int(wrong), "geometry", str(kinds[wrong]))
    flat = shapely.force_2d(metric(shapes, raw, crs=crs).to_numpy())
    mended, findings = repaired(flat, code, raw)
    index = pd.Index(code, name="code_iris", dtype=object)
    iris = gpd.GeoDataFrame({"code_insee": commune}, index=index, geometry=mended, crs=crs)
    return iris.sort_index(), [*raw.findings, *findings]
