"""Where a change is on the ground, what it writes, and a service under another norm."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from ctg_geo.parameters import MovePlace, Norm, OpenPlace, Service
from ctg_geo.territory import Territory

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["commune_of", "point_of", "with_norm", "with_rows"]

_DEGREES = "EPSG:4326"


def point_of(territory: Territory, change: OpenPlace | MovePlace) -> tuple[shapely.Point, str]:
    """Return where a place is put, in the metric CRS of the territory, and in which commune.

    Without a longitude and a latitude it is at the point of its commune.
    """
    if change.lon is None or change.lat is None:
        code = str(change.commune)
        return territory.points[code], code
    point = _point(territory, change.lon, change.lat)
    return point, change.commune or str(commune_of(territory, change.lon, change.lat))


def commune_of(territory: Territory, lon: float, lat: float) -> str | None:
    """Return the commune, of the territory or its buffer, that a point (degrees) lies in."""
    point = _point(territory, lon, lat)
    inside = shapely.intersects(territory.communes.geometry.to_numpy(), point)
    return str(territory.communes.index[int(inside.argmax())]) if inside.any() else None


def _point(territory: Territory, lon: float, lat: float) -> shapely.Point:
    import geopandas as gpd  # noqa: PLC0415  (heavy)

    placed = gpd.GeoSeries([shapely.Point(lon, lat)], crs=_DEGREES).to_crs(territory.crs)
    point: shapely.Point = placed.iloc[0]
    return point


def with_norm(service: Service, norm: Norm) -> Service:
    """Return a service judged by another norm.

    Raises
    ------
    pydantic.ValidationError
        If the decay of the service reaches further than the norm, or there is none and the
        norm is on supply.
    """
    return Service.model_validate({**service.model_dump(), "no_norm": "", "norm": norm})


def with_rows(
    places: "gpd.GeoDataFrame", rows: Mapping[str, Mapping[str, object]]
) -> "gpd.GeoDataFrame":
    """Return the places with more of them, columns and their kinds as they were.

    Parameters
    ----------
    rows : by identifier, the cells; those that are not told are missing
    """
    import geopandas as gpd  # noqa: PLC0415  (heavy)

    if not rows:
        return places
    new = pd.DataFrame(
        {name: [row.get(str(name), np.nan) for row in rows.values()] for name in places.columns},
        index=pd.Index(list(rows), name=places.index.name),
    )
    every = pd.concat([pd.DataFrame(places).astype(object), new.astype(object)])
    return gpd.GeoDataFrame(
        every.astype(dict(places.drop(columns="geometry").dtypes)),
        geometry="geometry",
        crs=places.crs,
    )
