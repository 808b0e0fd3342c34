"""What a study asks of its road file: which, how far around, for how many people."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from ctg_geo import sources
from ctg_geo.config.road_source import (
    BdTopoRoads,
    DrawnRoads,
    OsmRoads,
    RoadsSection,
    SchematicRoads,
    TableRoads,
)
from ctg_geo.config.study_file import PopulationSource

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["around", "first_figure", "read_drawn", "road_file"]


def road_file(roads: RoadsSection) -> str:
    """Return the name of the file that the roads come from."""
    if isinstance(roads, SchematicRoads):
        return Path(roads.axes.path).name
    return Path(roads.junctions.path if isinstance(roads, TableRoads) else roads.path).name


def read_drawn(
    path: Path,
    roads: DrawnRoads,
    *,
    crs: str,
    area: Any,  # noqa: ANN401  (shapely)
) -> sources.OsmRead | sources.RoadsRead:
    """Read the roads of OpenStreetMap or of IGN that touch an area (longitude, latitude)."""
    if isinstance(roads, OsmRoads):
        return sources.read_osm(path, crs=crs, area=area, classes=roads.classes)
    if isinstance(roads, BdTopoRoads):
        return sources.read_bdtopo(path, roads, crs=crs, area=area)
    return sources.read_route500(path, roads, crs=crs, area=area)


def around(communes: "gpd.GeoDataFrame", margin_km: float) -> Any:  # noqa: ANN401  (shapely)
    """Return the convex hull of communes, widened, in longitude and latitude."""
    hull = communes.dissolve().convex_hull.buffer(1000 * margin_km)
    return hull.to_crs("EPSG:4326").iloc[0]


def first_figure(source: PopulationSource) -> str:
    """Name the figure that counts people: population, else the first declared."""
    return "population" if "population" in source.values else next(iter(source.values))
