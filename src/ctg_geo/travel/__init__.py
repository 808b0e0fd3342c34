"""The road atlas: snapping, shortest paths, TravelTimes."""

from ctg_geo.travel.query import travel_times
from ctg_geo.travel.times import MS_PER_MIN, TravelTimes

__all__ = ["MS_PER_MIN", "TravelTimes", "travel_times"]
