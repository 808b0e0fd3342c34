"""The road atlas: snapping, shortest paths, TravelTimes, routes."""

from ctg_geo.travel.query import travel_times
from ctg_geo.travel.routes import routes
from ctg_geo.travel.times import MS_PER_MIN, TravelTimes
from ctg_geo.travel.ways import Routes

__all__ = ["MS_PER_MIN", "Routes", "TravelTimes", "routes", "travel_times"]
