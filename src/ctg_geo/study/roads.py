"""What a study asks of its road file: which, how far around, for how many people."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from ctg_geo.config.road_source import GraphmlRoads, RoadsSection, SchematicRoads, TableRoads
from ctg_geo.config.study_file import PopulationSource
from ctg_geo.errors import NoRoadError

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["around", "check_mode", "first_figure", "road_file"]


def road_file(roads: RoadsSection) -> str:
    """Return the name of the file that the roads come from."""
    if isinstance(roads, SchematicRoads):
        return Path(roads.axes.path).name
    return Path(roads.junctions.path if isinstance(roads, TableRoads) else roads.path).name


def around(communes: "gpd.GeoDataFrame", margin_km: float) -> Any:  # noqa: ANN401  (shapely)
    """Return the convex hull of communes, widened, in longitude and latitude."""
    hull = communes.dissolve().convex_hull.buffer(1000 * margin_km)
    return hull.to_crs("EPSG:4326").iloc[0]


def first_figure(source: PopulationSource) -> str:
    """Name the figure that counts people: population, else the first declared."""
    return "population" if "population" in source.values else next(iter(source.values))


def check_mode(roads: GraphmlRoads, mode: str) -> None:
    """Check that a graph is the one of a mode.

    Raises
    ------
    NoRoadError
        If it is another mode's.
    """
    if roads.mode != mode:
        raise NoRoadError("mode", file=Path(roads.path).name, given=roads.mode, asked=mode)
