"""The delivery door: foreign files become tables that keep their contract."""

from ctg_geo.sources.areas import read_areas
from ctg_geo.sources.axes import NO_BARRIERS, NO_BRIDGES, read_axes, read_barriers, read_bridges
from ctg_geo.sources.communes import read_communes, read_mergers, read_places
from ctg_geo.sources.door import TableRead
from ctg_geo.sources.equipements import read_equipements
from ctg_geo.sources.files import read_table
from ctg_geo.sources.observed import ObservedRead, read_observed
from ctg_geo.sources.osm import OsmRead, read_osm, uncovered
from ctg_geo.sources.population import read_population
from ctg_geo.sources.relief import Heights, read_heights
from ctg_geo.sources.roads import read_road_lines, read_road_tables

__all__ = [
    "NO_BARRIERS",
    "NO_BRIDGES",
    "Heights",
    "ObservedRead",
    "OsmRead",
    "TableRead",
    "read_areas",
    "read_axes",
    "read_barriers",
    "read_bridges",
    "read_communes",
    "read_equipements",
    "read_heights",
    "read_mergers",
    "read_observed",
    "read_osm",
    "read_places",
    "read_population",
    "read_road_lines",
    "read_road_tables",
    "read_table",
    "uncovered",
]
