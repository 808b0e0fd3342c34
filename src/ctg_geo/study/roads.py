"""The roads of a study: the file read once, a network for each mode, surroundings and slopes."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ctg_geo import sources
from ctg_geo.config.road_source import (
    BdTopoRoads,
    GraphmlRoads,
    OsmRoads,
    RoadsSection,
    Route500Roads,
    SchematicRoads,
    TableRoads,
    Urban,
)
from ctg_geo.config.study_file import PopulationSource, Relief
from ctg_geo.config.table_source import FileSource
from ctg_geo.errors import NoRoadError
from ctg_geo.network import (
    HandDrawn,
    RoadAccount,
    RoadNetwork,
    check_near,
    doubtful,
    from_edges,
    from_lines,
    from_tables,
    mode_account,
    schematic_roads,
    with_grades,
    with_urban,
)
from ctg_geo.parameters import MODES, Mode
from ctg_geo.provenance import Ledger
from ctg_geo.quality import Finding

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

__all__ = ["RoadArea", "RoadReader", "around", "first_figure", "road_file"]

Maker = Callable[[Mode], RoadNetwork]


@dataclass(frozen=True, slots=True, eq=False)
class RoadArea:
    """What roads are read for: the communes, where people are, and how many, if it is known."""

    communes: "gpd.GeoDataFrame"  # by code_insee, in the metric CRS of the study
    points: "gpd.GeoSeries"  # by code_insee
    people: "pd.Series | None"  # by code_insee


@dataclass(slots=True, eq=False)
class RoadReader:
    """Reads the roads of a study once, and makes a network for each mode that asks.

    `path_of` returns the path of a source and remembers the file; `findings` and `ledgers`
    say what is known of the roads so far.
    """

    roads: RoadsSection
    area: RoadArea
    relief: Relief | None
    path_of: Callable[[str, FileSource], Path]
    findings: list[Finding] = field(default_factory=list)
    ledgers: list[Ledger] = field(default_factory=list)
    restrictions: Ledger | None = None  # of turns, told by the file
    _maker: Maker | None = None
    _networks: dict[tuple[Mode, bool], RoadNetwork] = field(default_factory=dict)

    @property
    def crs(self) -> str:
        """Metric CRS of the study."""
        return str(self.area.communes.crs)

    def network(self, mode: Mode, *, slopes: bool = False) -> RoadNetwork:
        """Return the roads open to a mode, untimed; with `slopes` where heights are given.

        Raises
        ------
        NoRoadError
            If no road is open to the mode, or none is near the territory.
        """
        if (mode, slopes) not in self._networks:
            made = self._with_slopes(self.network(mode)) if slopes else self._made(mode)
            self._networks[mode, slopes] = made
        return self._networks[mode, slopes]

    def account(self, mode: Mode) -> RoadAccount:
        """Account for the file, for a mode and, where the file tells them apart, for the others."""
        by_mode = isinstance(self.roads, OsmRoads | BdTopoRoads | Route500Roads)
        found = {mode: mode_account(self.network(mode))}
        for each in MODES if by_mode else ():
            network = self._made_for(each)
            if len(network.edges):
                found[each] = mode_account(network)
        ledger = self.ledgers[0] if self.ledgers else None
        return RoadAccount(ledger, found, self.restrictions)

    def _made_for(self, mode: Mode) -> RoadNetwork:
        if self._maker is None:
            self._maker = self._read()
        return self._maker(mode)

    def _made(self, mode: Mode) -> RoadNetwork:
        if isinstance(self.roads, GraphmlRoads) and self.roads.mode != mode:
            facts = {"file": road_file(self.roads), "given": self.roads.mode, "asked": mode}
            raise NoRoadError("graph_mode", **facts)
        network, file = self._made_for(mode), road_file(self.roads)
        if not len(network.edges):
            raise NoRoadError("mode", file=file, mode=mode)
        check_near(network, self.area.points, file=file)
        rule = getattr(self.roads, "urban", None)
        return network if rule is None else with_urban(network, self._urban_areas(rule))

    def _read(self) -> Maker:
        roads = self.roads
        if isinstance(roads, OsmRoads):
            return self._osm(roads)
        if isinstance(roads, BdTopoRoads | Route500Roads):
            return self._ign(roads)
        if isinstance(roads, GraphmlRoads):
            return self._graphml(roads)
        if isinstance(roads, SchematicRoads):
            return self._schematic(roads)
        if isinstance(roads, TableRoads):
            return self._tables(roads)
        lines, said, ledger = sources.read_road_lines(
            self.path_of("roads", roads), roads, crs=self.crs
        )
        self._keep(ledger, said)
        lines, snap_m = lines.assign(speed_kind=roads.speeds), roads.snap_m
        return lambda mode: from_lines(lines, snap_m=snap_m, mode=mode)

    def _tables(self, roads: TableRoads) -> Maker:
        crs, path = self.crs, self.path_of("segments", roads.segments)
        junctions, segments, said = sources.read_road_tables(
            self.path_of("junctions", roads.junctions), path, roads, crs=crs
        )
        self._keep(Ledger(path.name, len(segments), len(segments), {}), said)
        segments = segments.assign(speed_kind=roads.speeds)
        return lambda mode: from_tables(junctions, segments, crs=crs, mode=mode)

    def _osm(self, roads: OsmRoads) -> Maker:
        """Read the OpenStreetMap roads within the margin of the territory and its buffer."""
        crs, path = self.crs, self.path_of("roads", roads)
        near = around(self.area.communes, roads.margin_km)
        read = sources.read_osm(path, crs=crs, area=near, classes=roads.classes)
        self._keep(read.ledger, [*read.findings, *self._uncovered(path, read.edges, "car")])
        self.restrictions = read.turn_ledger
        if read.turn_ledger.read:
            self.ledgers.append(read.turn_ledger)
        return lambda mode: from_edges(read.nodes, read.edges, crs=crs, mode=mode, turns=read.turns)

    def _ign(self, roads: BdTopoRoads | Route500Roads) -> Maker:
        """Read the roads of IGN within the margin of the territory and its buffer."""
        crs, path = self.crs, self.path_of("roads", roads)
        near = around(self.area.communes, roads.margin_km)
        if isinstance(roads, Route500Roads):
            read = sources.read_route500(path, roads, crs=crs, area=near)
        else:
            read = sources.read_bdtopo(path, roads, crs=crs, area=near)
        self._keep(read.ledger, [*read.findings, *self._uncovered(path, read.edges, "car")])
        return lambda mode: from_edges(read.nodes, read.edges, crs=crs, mode=mode)

    def _graphml(self, roads: GraphmlRoads) -> Maker:
        crs, path = self.crs, self.path_of("roads", roads)
        read = sources.read_graphml(path, crs=crs, mode=roads.mode)
        said = self._uncovered(path, read.edges, roads.mode)
        self._keep(read.ledger, [*read.findings, *said])
        edges = read.edges.assign(speed_kind="limit")
        return lambda mode: from_edges(read.nodes, edges, crs=crs, mode=mode)

    def _schematic(self, roads: SchematicRoads) -> Maker:
        area, crs = self.area, self.crs
        drawn = self._drawn(roads)
        self.findings += doubtful(drawn, area.communes, rules=roads.rules)
        communes = area.communes.assign(population=area.people)
        junctions, segments = schematic_roads(
            communes, area.points, drawn.axes, drawn.barriers, drawn.bridges, rules=roads.rules
        )
        return lambda mode: from_tables(junctions, segments, crs=crs, mode=mode, schematic=True)

    def _drawn(self, roads: SchematicRoads) -> HandDrawn:
        """Read the tables written by hand; each is checked against those before it."""
        path, crs = self.path_of("axes", roads.axes), self.crs
        axes = sources.read_axes(path, roads.axes, crs=crs)
        drawn = HandDrawn(axes, sources.NO_BARRIERS, sources.NO_BRIDGES, path.name)
        if roads.barriers is not None:
            path = self.path_of("barriers", roads.barriers)
            barriers = sources.read_barriers(path, roads.barriers)
            drawn = replace(drawn, barriers=barriers, barriers_file=path.name)
        if roads.bridges is None:
            return drawn
        path = self.path_of("bridges", roads.bridges)
        bridges = sources.read_bridges(
            path, roads.bridges, crs=crs, axes=axes, barriers=drawn.barriers
        )
        return replace(drawn, bridges=bridges, bridges_file=path.name)

    def _uncovered(self, path: Path, lines: "gpd.GeoDataFrame", mode: Mode) -> list[Finding]:
        """Say whom the roads for a mode leave out, where it is known where people are."""
        if self.area.people is None:
            return []
        open_ = lines.geometry[lines[mode] != "no"]
        return sources.uncovered(self.area.points, self.area.people, open_, file=path.name)

    def _keep(self, ledger: Ledger, findings: list[Finding]) -> None:
        self.ledgers.append(ledger)
        self.findings += findings

    def _say_once(self, finding: Finding) -> None:
        if finding not in self.findings:
            self.findings.append(finding)

    def _urban_areas(self, rule: Urban) -> Any:  # noqa: ANN401  (shapely)
        """Return the polygons of built-up areas: dense communes, or those of a layer."""
        if rule.areas is not None:
            path = self.path_of("urban", rule.areas)
            return sources.read_areas(path, rule.areas, crs=self.crs)
        communes = self.area.communes
        assert self.area.people is not None, "a density needs people"
        people = self.area.people.reindex(communes.index)
        dense = people / (communes.geometry.area / 1e6) >= (rule.density_km2 or 0)
        facts = {"count": int(dense.sum()), "unknown": int(people.isna().sum()),
                 "density": rule.density_km2}  # fmt: skip
        self._say_once(Finding("info", "urban_density", road_file(self.roads), facts=facts))
        return communes.geometry[dense].to_numpy()

    def _with_slopes(self, network: RoadNetwork) -> RoadNetwork:
        if self.relief is None:
            self._say_once(Finding("info", "flat", road_file(self.roads)))
            return network
        path = self.path_of("relief", self.relief)
        read = sources.read_heights(
            path, network.edge_lines, crs=network.crs, step_m=self.relief.step_m
        )
        self.findings += read.findings
        return with_grades(network, read.start, read.run_m, read.height_m)


def road_file(roads: RoadsSection) -> str:
    """Return the name of the file that the roads come from."""
    if isinstance(roads, SchematicRoads):
        return Path(roads.axes.path).name
    return Path(roads.junctions.path if isinstance(roads, TableRoads) else roads.path).name


def around(communes: "gpd.GeoDataFrame", margin_km: float) -> Any:  # noqa: ANN401  (shapely)
    """Return the convex hull of communes, widened, in longitude and latitude."""
    hull = communes.dissolve().convex_hull.buffer(1000 * margin_km)
    return hull.to_crs("EPSG:4326").iloc[0]


def first_figure(source: PopulationSource) -> str:
    """Name the figure that counts people: population, else the first declared."""
    return "population" if "population" in source.values else next(iter(source.values))
