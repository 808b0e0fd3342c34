"""Opening hours as people write them, turned into hours per week."""

from ctg_geo.sources.hours.columns import hours_of_days
from ctg_geo.sources.hours.french import french_hours
from ctg_geo.sources.hours.osm import looks_osm, osm_hours
from ctg_geo.sources.hours.reading import Hours
from ctg_geo.sources.hours.text import weekly_hours

__all__ = ["Hours", "french_hours", "hours_of_days", "looks_osm", "osm_hours", "weekly_hours"]
