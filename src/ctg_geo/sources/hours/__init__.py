"""Opening hours as people write them, turned into hours per week."""

from ctg_geo.sources.hours.columns import hours_of_days
from ctg_geo.sources.hours.durations import duration_h, weekly_duration
from ctg_geo.sources.hours.french import french_hours
from ctg_geo.sources.hours.osm import looks_osm, osm_hours
from ctg_geo.sources.hours.reading import Hours, observed, unknown
from ctg_geo.sources.hours.text import weekly_hours

__all__ = [
    "Hours",
    "duration_h",
    "french_hours",
    "hours_of_days",
    "looks_osm",
    "observed",
    "osm_hours",
    "unknown",
    "weekly_duration",
    "weekly_hours",
]
