"""Polygons of IRIS, the blocks of the census: Contours… IRIS of IGN and Insee, or others."""

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
from ctg_geo.sources.official.headings import either

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["read_iris"]

_IRIS: Final = re.compile(contracts.COMMUNE_CODE + "[0-9]{4}")
_NAMES: Final = {  # in the editions of Contours… IRIS, the newest first
    "code_iris": ("code_iris", "dcomiris"),
    "code_insee": ("code_insee", "insee_com", "depcom"),
}


def read_iris(
    path: Path, source: IrisSource, *, crs: str
) -> tuple["gpd.GeoDataFrame", list[Finding]]:
    """Read polygons of IRIS (GeoJSON, GeoPackage, Shapefile, GeoParquet).

    Columns are those that the source names, else those of any edition of Contours… IRIS
    (CODE_IRIS, INSEE_COM; DCOMIRIS, DEPCOM), whatever their case.

    Returns
    -------
    GeoDataFrame by code_iris: code_insee, geometry in `crs`; findings
        A commune without IRIS is one, of its code and `0000`.

    Raises
    ------
    MissingColumnError, MissingCrsError, UnreadableFileError, DataError
        If a column or the CRS is missing, the file is damaged, a code is wrong or there
        twice, or a shape is no polygon.

    References
    ----------
    IGN and Insee, Contours… IRIS, https://geoservices.ign.fr/contoursiris
    """
    import geopandas as gpd  # noqa: PLC0415  (heavy)

    shapes, raw = read_layer(path, source)
    raw.require(source.columns.values())
    named = {str(key): (name,) for key, name in source.columns.items()}
    column = either(raw, {**_NAMES, **named})
    code, commune = raw.text(column["code_iris"]), raw.codes(column["code_insee"])
    first: dict[str, str] = {}
    for at, each in enumerate(code):
        if _IRIS.fullmatch(each) is None:
            raw.add("iris_code", at, column["code_iris"], str(each), commune=commune[at])
        elif each in first:
            raw.add("id_twice", at, column["code_iris"], str(each), first=first[each])
        first.setdefault(each, str(raw.row[at]))
    kinds = shapes.geometry.geom_type.to_numpy()
    for wrong in np.flatnonzero(~np.isin(kinds, ("Polygon", "MultiPolygon"))):
        raw.add("not_polygon", int(wrong), "geometry", str(kinds[wrong]))
    flat = shapely.force_2d(metric(shapes, raw, crs=crs).to_numpy())
    mended, findings = repaired(flat, code, raw)
    index = pd.Index(code, name="code_iris", dtype=object)
    iris = gpd.GeoDataFrame({"code_insee": commune}, index=index, geometry=mended, crs=crs)
    return iris.sort_index(), [*raw.findings, *findings]
