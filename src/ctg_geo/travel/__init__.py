"""The road atlas: snapping, shortest paths, TravelTimes, routes, nearest places, areas."""

from ctg_geo.travel.isochrones import isochrones
from ctg_geo.travel.matrix import Matrix, matrix
from ctg_geo.travel.nearest import Nearest, nearest
from ctg_geo.travel.query import travel_times
from ctg_geo.travel.routes import routes
from ctg_geo.travel.surface import Surface, surface
from ctg_geo.travel.times import MS_PER_MIN, NO_ROUTE_MS, TravelTimes
from ctg_geo.travel.transit import transit_times
from ctg_geo.travel.ways import Routes

__all__ = [
    "MS_PER_MIN",
    "NO_ROUTE_MS",
    "Matrix",
    "Nearest",
    "Routes",
    "Surface",
    "TravelTimes",
    "isochrones",
    "matrix",
    "nearest",
    "routes",
    "surface",
    "transit_times",
    "travel_times",
]
