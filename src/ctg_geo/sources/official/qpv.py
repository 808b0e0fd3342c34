"""ANCT, quartiers prioritaires de la politique de la ville (QPV): polygons of 2015 or of 2024."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import shapely

from ctg_geo.config.table_source import TableSource
from ctg_geo.sources.door import RawTable
from ctg_geo.sources.files import read_layer
from ctg_geo.sources.layers import metric
from ctg_geo.sources.official.headings import either

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["in_qpv", "read_qpv"]

_VINTAGES: Final = {"QP": "2015", "QN": "2024"}
_NAMES: Final = {"code_qp": ("code_qp",), "lib_qp": ("lib_qp", "nom_qp")}


def read_qpv(path: Path, source: TableSource, *, crs: str) -> "gpd.GeoDataFrame":
    """Read the polygons of QPV; those of 2015 (codes QP…) and of 2024 (QN…) never mix.

    Returns
    -------
    GeoDataFrame by code_qp: lib_qp, vintage ("2015" or "2024"), geometry in `crs`

    Raises
    ------
    MissingColumnError, MissingCrsError, UnreadableFileError, DataError
        If a column or the CRS is missing, the file is damaged, a code is none of the two
        vintages or stands twice, both vintages are there, or a shape is no polygon.

    References
    ----------
    https://www.data.gouv.fr/fr/datasets/quartiers-prioritaires-de-la-politique-de-la-ville-qpv/
    """
    import geopandas as gpd  # noqa: PLC0415  (heavy)

    shapes, raw = read_layer(path, source)
    column = either(raw, _NAMES)
    code = raw.text(column["code_qp"])
    vintage = [_VINTAGES.get(each[:2].upper(), "") for each in code]
    _refuse(raw, column["code_qp"], code, vintage)
    kinds = shapes.geometry.geom_type.to_numpy()
    there = ~shapely.is_missing(shapes.geometry.to_numpy())
    for at in np.flatnonzero(there & ~np.isin(kinds, ("Polygon", "MultiPolygon"))):
        raw.add("not_polygon", int(at), "geometry", str(kinds[at]))
    polygons = shapely.make_valid(shapely.force_2d(metric(shapes, raw, crs=crs).to_numpy()))
    return gpd.GeoDataFrame(
        {"lib_qp": raw.text(column["lib_qp"]), "vintage": vintage},
        index=pd.Index(code, name="code_qp", dtype=object),
        geometry=polygons,
        crs=crs,
    ).sort_index()


def in_qpv(points: "gpd.GeoSeries", qpv: "gpd.GeoDataFrame") -> pd.Series:
    """Return the QPV each point lies in, its edge included; "" outside and where no point is.

    Parameters
    ----------
    points : in the CRS of `qpv`
    qpv : from `read_qpv`

    Returns
    -------
    Series of codes on the index of `points`; of two QPV that touch, the first by code
    """
    assert points.crs == qpv.crs, "points and QPV are in one CRS"
    found = pd.Series("", index=points.index, name="code_qp", dtype=object)
    tree = shapely.STRtree(qpv.geometry.to_numpy())
    at, which = tree.query(points.to_numpy(), predicate="intersects")
    for point, polygon in sorted(zip(at, which, strict=True), reverse=True):
        found.iloc[int(point)] = str(qpv.index[int(polygon)])
    return found


def _refuse(raw: RawTable, column: str, code: np.ndarray, vintage: list[str]) -> None:
    """Note codes that are none, that stand twice, or that are of another vintage."""
    first: dict[str, int] = {}
    for at, each in enumerate(code):
        if not vintage[at]:
            raw.add("qpv_code", at, column, str(each))
        elif vintage[at] != vintage[0] and vintage[0]:
            raw.add("qpv_vintage", at, column, str(each), year=vintage[at], other=vintage[0])
        elif each in first:
            raw.add("id_twice", at, column, str(each), first=str(raw.row[first[each]]))
        first.setdefault(str(each), at)
    raw.raise_defects()
