"""Roads of OpenStreetMap: a file of it -> nodes and edges open to cars, bicycles and walkers.

The rules are in ``docs/roads.md``. One pass reads the ways, the tagged nodes and the turn
restrictions; the rest is arrays.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from pyproj import CRS

from ctg_geo.errors import NoRoadError, UnreadableFileError
from ctg_geo.provenance import Ledger
from ctg_geo.quality import Finding
from ctg_geo.sources.osm.coverage import uncovered
from ctg_geo.sources.osm.edges import tables
from ctg_geo.sources.osm.fetch import Fetched, fetch_osm
from ctg_geo.sources.osm.passes import Bounds, leave_outside, read_roads
from ctg_geo.sources.osm.report import OsmReport, findings, ledger, report, turn_ledger
from ctg_geo.sources.osm.segments import Segments, segments
from ctg_geo.sources.osm.tags import WayRule, way_rule
from ctg_geo.sources.osm.turns import turns

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    from shapely import Geometry

__all__ = [
    "Fetched",
    "OsmRead",
    "OsmReport",
    "WayRule",
    "fetch_osm",
    "read_osm",
    "uncovered",
    "way_rule",
]

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class OsmRead:
    """Roads read: nodes and edges as `network.from_edges` takes them, and their account."""

    nodes: "pd.DataFrame"  # x, y (metres), kind, node_id (0: added beside a barrier)
    edges: "gpd.GeoDataFrame"  # see `network.from_edges`; and way_id
    turns: "pd.DataFrame"  # that are forbidden, see `network.from_edges`
    report: OsmReport
    findings: list[Finding]
    ledger: Ledger  # of the ways
    turn_ledger: Ledger  # of the turn restrictions, those honoured being used


def read_osm(
    path: Path,
    *,
    crs: str,
    area: "Geometry | None" = None,
    classes: Mapping[str, str] | None = None,
) -> OsmRead:
    """Read the roads of a file of OpenStreetMap.

    Parameters
    ----------
    path : .osm.pbf, .osm, .osm.gz or .osm.bz2
    crs : metric CRS of the result, where lengths are measured
    area : shape in longitude and latitude (EPSG:4326); ways whose bounds do not touch it are
        counted and left. None: the whole file
    classes : words of ``highway`` that the file uses on its own -> a class of OpenStreetMap

    Returns
    -------
    OsmRead
        `ledger` counts ways: those read = used + set aside, by reason; `turn_ledger` turn
        restrictions likewise.

    Raises
    ------
    MissingFileError, UnreadableFileError
        If the file is not there, is cut, is not what its name says, holds no road, or its
        positions cannot be in `crs`.
    NoRoadError
        If no road of the file is in the area.
    """
    raw = read_roads(path, area=area, classes=classes)
    if area is not None:
        leave_outside(raw, area)
    used = np.array([not rule.aside for rule in raw.rule], dtype=bool)
    parts = segments(raw, used, crs=crs)
    if not len(parts.way):
        raise NoRoadError("unusable", file=path.name, ways=raw.ways_read)
    _check_projected(parts, raw.extent, path.name, crs)
    nodes, edges, barriers = tables(raw, parts, crs=crs)
    shut, turned = turns(raw, nodes, edges)
    found = report(path.name, raw, parts, nodes, edges, barriers, turned)
    logger.info("%s: %d ways, %d edges", path.name, found.ways, found.edges)
    ways = ledger(path.name, raw, parts)
    return OsmRead(nodes, edges, shut, found, findings(found), ways, turn_ledger(found))


def _check_projected(parts: Segments, extent: Bounds, file: str, crs: str) -> None:
    """Check that the roads lie where the CRS measures right."""
    west, south, east, north = extent
    valid = CRS.from_user_input(crs).area_of_use
    finite = np.isfinite(parts.x).all() and np.isfinite(parts.y).all()
    apart = valid is not None and (
        west > valid.east or east < valid.west or south > valid.north or north < valid.south
    )
    if apart or not finite:
        raise UnreadableFileError("osm_projected", file=file, crs=crs)
