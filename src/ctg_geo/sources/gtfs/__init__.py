"""Timetables of public transport (GTFS)."""

from ctg_geo.sources.gtfs.calendars import Calendar, Span, usual_day
from ctg_geo.sources.gtfs.read import Feed, read_gtfs

__all__ = ["Calendar", "Feed", "Span", "read_gtfs", "usual_day"]
