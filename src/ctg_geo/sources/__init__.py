"""The delivery door: foreign files become tables that keep their contract."""

from ctg_geo.sources.axes import NO_BARRIERS, NO_BRIDGES, read_axes, read_barriers, read_bridges
from ctg_geo.sources.communes import read_communes, read_mergers, read_places
from ctg_geo.sources.door import TableRead
from ctg_geo.sources.equipements import read_equipements
from ctg_geo.sources.files import read_table
from ctg_geo.sources.ign import read_bdtopo, read_route500
from ctg_geo.sources.osm import OsmRead, read_osm, uncovered
from ctg_geo.sources.population import read_population
from ctg_geo.sources.roads import read_road_lines, read_road_tables
from ctg_geo.sources.roads_read import RoadsRead

__all__ = [
    "NO_BARRIERS",
    "NO_BRIDGES",
    "OsmRead",
    "RoadsRead",
    "TableRead",
    "read_axes",
    "read_barriers",
    "read_bdtopo",
    "read_bridges",
    "read_communes",
    "read_equipements",
    "read_mergers",
    "read_osm",
    "read_places",
    "read_population",
    "read_road_lines",
    "read_road_tables",
    "read_route500",
    "read_table",
    "uncovered",
]
