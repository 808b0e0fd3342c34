"""The delivery door: foreign files become tables that keep their contract."""

from ctg_geo.sources.ahead import AheadRead, read_ahead
from ctg_geo.sources.archive import extract
from ctg_geo.sources.areas import read_areas
from ctg_geo.sources.axes import NO_BRIDGES, read_axes, read_bridges
from ctg_geo.sources.barriers import NO_BARRIERS, read_barriers
from ctg_geo.sources.candidates import CandidatesRead, read_candidates
from ctg_geo.sources.communes import read_communes, read_places
from ctg_geo.sources.door import TableRead
from ctg_geo.sources.download import download
from ctg_geo.sources.equipements import read_equipements
from ctg_geo.sources.events import NO_EVENTS, Events
from ctg_geo.sources.files import read_table
from ctg_geo.sources.ground_heights import GROUND_CRS, GroundHeights, read_ground
from ctg_geo.sources.gtfs import Feed, read_gtfs, usual_day
from ctg_geo.sources.ign import read_bdtopo, read_route500
from ctg_geo.sources.iris import read_iris
from ctg_geo.sources.mergers import read_events, read_splits
from ctg_geo.sources.observed import ObservedRead, read_observed
from ctg_geo.sources.official.bpe import vintages_apart
from ctg_geo.sources.official.cafdata import Coverage, read_coverage
from ctg_geo.sources.official.cells_read import CellsRead
from ctg_geo.sources.official.people import read_cells, read_indicator, read_people
from ctg_geo.sources.official.qpv import in_qpv, read_qpv
from ctg_geo.sources.osm import Fetched, OsmRead, fetch_osm, read_osm, uncovered
from ctg_geo.sources.places import read_places_of
from ctg_geo.sources.population import read_population
from ctg_geo.sources.relief import Heights, read_heights
from ctg_geo.sources.road_graph import GraphRead, read_graph
from ctg_geo.sources.roads import read_road_lines, read_road_tables
from ctg_geo.sources.roads_graphml import GraphmlRead, read_graphml
from ctg_geo.sources.roads_read import RoadsRead
from ctg_geo.sources.whole import flaw_of

__all__ = [
    "GROUND_CRS",
    "NO_BARRIERS",
    "NO_BRIDGES",
    "NO_EVENTS",
    "AheadRead",
    "CandidatesRead",
    "CellsRead",
    "Coverage",
    "Events",
    "Feed",
    "Fetched",
    "GraphRead",
    "GraphmlRead",
    "GroundHeights",
    "Heights",
    "ObservedRead",
    "OsmRead",
    "RoadsRead",
    "TableRead",
    "download",
    "extract",
    "fetch_osm",
    "flaw_of",
    "in_qpv",
    "read_ahead",
    "read_areas",
    "read_axes",
    "read_barriers",
    "read_bdtopo",
    "read_bridges",
    "read_candidates",
    "read_cells",
    "read_communes",
    "read_coverage",
    "read_equipements",
    "read_events",
    "read_graph",
    "read_graphml",
    "read_ground",
    "read_gtfs",
    "read_heights",
    "read_indicator",
    "read_iris",
    "read_observed",
    "read_osm",
    "read_people",
    "read_places",
    "read_places_of",
    "read_population",
    "read_qpv",
    "read_road_lines",
    "read_road_tables",
    "read_route500",
    "read_splits",
    "read_table",
    "uncovered",
    "usual_day",
    "vintages_apart",
]
