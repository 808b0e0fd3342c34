"""Public transport: a timetable scanned, on walks over the roads."""

from ctg_geo.travel.transit.query import transit_times

__all__ = ["transit_times"]
