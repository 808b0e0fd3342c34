"""The roads of a study, read without its people and places."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from ctg_geo import sources, territory
from ctg_geo.config import StudyConfig
from ctg_geo.config.road_source import (
    GraphmlRoads,
    LineRoads,
    OsmRoads,
    RoadsSection,
    SchematicRoads,
    TableRoads,
)
from ctg_geo.network import (
    MODES,
    Mode,
    RoadAccount,
    RoadNetwork,
    check_near,
    from_edges,
    from_lines,
    from_tables,
    mode_account,
)
from ctg_geo.provenance import Ledger
from ctg_geo.quality import Finding
from ctg_geo.study.roads import around, check_mode, road_file
from ctg_geo.study.study import Study, timed

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["RoadsRead", "osm_account", "read_roads", "study_communes"]


@dataclass(frozen=True, slots=True, eq=False)
class RoadsRead:
    """The roads of a study for one mode, not yet timed, and their account."""

    network: RoadNetwork
    account: RoadAccount
    findings: tuple[Finding, ...]


def read_roads(config: StudyConfig, mode: Mode = "car") -> RoadsRead:
    """Read the roads that a study names, for one mode.

    Only the roads and the outlines of the communes are read; schematic roads, which are
    made from the whole territory, need all of it.

    Raises
    ------
    CtgGeoError
        If the communes or the roads cannot be read, or no road is near.
    """
    roads = config.file.roads[config.file.study.roads]
    if isinstance(roads, SchematicRoads):
        return _schematic(config)
    area = study_communes(config)
    read = timed("roads", _read, config, roads, area, mode)
    check_near(read.network, area.representative_point(), file=road_file(roads))
    return read


def _read(
    config: StudyConfig, roads: RoadsSection, area: "gpd.GeoDataFrame", mode: Mode
) -> RoadsRead:
    if isinstance(roads, OsmRoads):
        return _osm(config, roads, area, mode)
    if isinstance(roads, GraphmlRoads):
        return _graphml(config, roads, mode)
    if isinstance(roads, LineRoads):
        return _lines(config, roads, mode)
    assert isinstance(roads, TableRoads), "schematic roads are read with the whole study"
    return _tables(config, roads, mode)


def study_communes(config: StudyConfig) -> "gpd.GeoDataFrame":
    """Return the communes of a study and its buffer."""
    given, crs = config.file.sources, config.file.study.crs
    path = config.resolve(given.communes.path)
    communes, _ = timed("communes", sources.read_communes, path, given.communes, crs=crs)
    moves = pd.Series(dtype=object)
    if given.mergers is not None:
        moves = sources.read_mergers(config.resolve(given.mergers.path), given.mergers)
    return territory.study_area(communes, moves, config.file.study, name=path.name)


def osm_account(read: sources.OsmRead, *, crs: str) -> RoadAccount:
    """Account for a file of OpenStreetMap, mode by mode."""
    modes = {
        mode: mode_account(from_edges(read.nodes, read.edges, crs=crs, mode=mode))
        for mode in MODES
        if (read.edges[mode] != "no").any()
    }
    return RoadAccount(read.ledger, modes, sum(read.report.restrictions.values()))


def _osm(config: StudyConfig, roads: OsmRoads, area: "gpd.GeoDataFrame", mode: Mode) -> RoadsRead:
    crs = config.file.study.crs
    read = sources.read_osm(
        config.resolve(roads.path), crs=crs, area=around(area, roads.margin_km),
        classes=roads.classes,
    )  # fmt: skip
    network = from_edges(read.nodes, read.edges, crs=crs, mode=mode)
    return RoadsRead(network, osm_account(read, crs=crs), tuple(read.findings))


def _graphml(config: StudyConfig, roads: GraphmlRoads, mode: Mode) -> RoadsRead:
    crs = config.file.study.crs
    check_mode(roads, mode)
    read = sources.read_graphml(config.resolve(roads.path), crs=crs, mode=roads.mode)
    network = from_edges(read.nodes, read.edges, crs=crs, mode=mode)
    return _one_mode(network, mode, read.ledger, read.findings)


def _lines(config: StudyConfig, roads: LineRoads, mode: Mode) -> RoadsRead:
    path, crs = config.resolve(roads.path), config.file.study.crs
    lines, findings, ledger = sources.read_road_lines(path, roads, crs=crs)
    return _one_mode(from_lines(lines, snap_m=roads.snap_m), mode, ledger, findings)


def _tables(config: StudyConfig, roads: TableRoads, mode: Mode) -> RoadsRead:
    path, crs = config.resolve(roads.segments.path), config.file.study.crs
    junctions, segments, findings = sources.read_road_tables(
        config.resolve(roads.junctions.path), path, roads, crs=crs
    )
    ledger = Ledger(path.name, len(segments), len(segments), {})
    return _one_mode(from_tables(junctions, segments, crs=crs), mode, ledger, findings)


def _schematic(config: StudyConfig) -> RoadsRead:
    study = Study(config)
    network = study.topology
    return _one_mode(network, "car", None, [])


def _one_mode(
    network: RoadNetwork, mode: Mode, ledger: Ledger | None, findings: list[Finding]
) -> RoadsRead:
    account = RoadAccount(ledger, {mode: mode_account(network)})
    return RoadsRead(network, account, tuple(findings))
