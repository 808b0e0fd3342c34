"""The roads of a study: the file read once, a network for each mode, surroundings and slopes."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ctg_geo import sources
from ctg_geo.config.road_source import (
    BdTopoRoads,
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
    RoadNetwork,
    check_near,
    from_edges,
    from_lines,
    from_tables,
    schematic_roads,
    with_grades,
    with_urban,
)
from ctg_geo.parameters import Mode
from ctg_geo.provenance import Ledger
from ctg_geo.quality import Finding
from ctg_geo.territory import Territory

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["RoadReader", "around", "first_figure", "road_file"]

_IGN_SNAP_M = 0.1  # ends of roads that meet are given at one point, to the decimetre

Maker = Callable[[Mode], RoadNetwork]


@dataclass(slots=True, eq=False)
class RoadReader:
    """Reads the roads of a study once, and makes a network for each mode that asks.

    `path_of` returns the path of a source and remembers the file; `findings` and `ledgers`
    say what is known of the roads so far.
    """

    roads: RoadsSection
    territory: Territory
    people: PopulationSource
    relief: Relief | None
    path_of: Callable[[str, FileSource], Path]
    findings: list[Finding] = field(default_factory=list)
    ledgers: list[Ledger] = field(default_factory=list)
    _maker: Maker | None = None
    _networks: dict[tuple[Mode, bool], RoadNetwork] = field(default_factory=dict)

    @property
    def crs(self) -> str:
        """Metric CRS of the study."""
        return self.territory.crs

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

    def _made(self, mode: Mode) -> RoadNetwork:
        if self._maker is None:
            self._maker = self._read()
        network, file = self._maker(mode), road_file(self.roads)
        if not len(network.edges):
            raise NoRoadError("mode", file=file, mode=mode)
        check_near(network, self.territory.points, file=file)
        rule = getattr(self.roads, "urban", None)
        return network if rule is None else with_urban(network, self._urban_areas(rule))

    def _read(self) -> Maker:
        roads, crs = self.roads, self.crs
        if isinstance(roads, OsmRoads):
            return self._osm(roads)
        if isinstance(roads, SchematicRoads):
            return self._schematic(roads)
        if isinstance(roads, TableRoads):
            junctions_path = self.path_of("junctions", roads.junctions)
            segments_path = self.path_of("segments", roads.segments)
            junctions, segments, said = sources.read_road_tables(
                junctions_path, segments_path, roads, crs=crs
            )
            self.findings += said
            rows = len(segments)
            self.ledgers.append(Ledger(segments_path.name, rows, rows, {}))
            segments = segments.assign(speed_kind=roads.speeds)
            return lambda mode: from_tables(junctions, segments, crs=crs, mode=mode)
        if isinstance(roads, BdTopoRoads | Route500Roads):
            return self._ign(roads)
        path = self.path_of("roads", roads)
        lines, said, ledger = sources.read_road_lines(path, roads, crs=crs)
        self.findings += said
        self.ledgers.append(ledger)
        lines = lines.assign(speed_kind=roads.speeds)
        snap_m = roads.snap_m
        return lambda mode: from_lines(lines, snap_m=snap_m, mode=mode)

    def _osm(self, roads: OsmRoads) -> Maker:
        """Read the OpenStreetMap roads within the margin of the territory and its buffer."""
        crs = self.crs
        near = around(self.territory.communes, roads.margin_km)
        path = self.path_of("roads", roads)
        read = sources.read_osm(path, crs=crs, area=near, classes=roads.classes)
        self._account(path, read.ledger, read.findings, read.edges)
        return lambda mode: from_edges(read.nodes, read.edges, crs=crs, mode=mode)

    def _ign(self, roads: BdTopoRoads | Route500Roads) -> Maker:
        """Read the roads of IGN within the margin of the territory and its buffer."""
        near = around(self.territory.communes, roads.margin_km)
        path = self.path_of("roads", roads)
        if isinstance(roads, Route500Roads):
            read = sources.read_route500(path, roads, crs=self.crs, area=near)
        else:
            read = sources.read_bdtopo(path, roads, crs=self.crs, area=near)
        self._account(path, read.ledger, read.findings, read.lines)
        return lambda mode: from_lines(_open_to(read.lines, mode), snap_m=_IGN_SNAP_M)

    def _account(
        self, path: Path, ledger: Ledger, findings: list[Finding], lines: "gpd.GeoDataFrame"
    ) -> None:
        """Keep what is known of a road file, and say whom its roads for cars leave out."""
        area = self.territory
        people = area.population[first_figure(self.people)]
        cars = lines.geometry[lines["car"] != "no"]
        said = sources.uncovered(area.points, people, cars, file=path.name)
        self.ledgers.append(ledger)
        self.findings += [*findings, *said]

    def _schematic(self, roads: SchematicRoads) -> Maker:
        area, crs = self.territory, self.crs
        axes = sources.read_axes(self.path_of("axes", roads.axes), roads.axes, crs=crs)
        barriers, bridges = sources.NO_BARRIERS, sources.NO_BRIDGES
        if roads.barriers is not None:
            barriers = sources.read_barriers(
                self.path_of("barriers", roads.barriers), roads.barriers
            )
        if roads.bridges is not None:
            path = self.path_of("bridges", roads.bridges)
            bridges = sources.read_bridges(path, roads.bridges, crs=crs)
        communes = area.communes.assign(population=area.population["population"])
        junctions, segments = schematic_roads(
            communes, area.points, axes, barriers, bridges, rules=roads.rules
        )
        return lambda mode: from_tables(junctions, segments, crs=crs, mode=mode, schematic=True)

    def _urban_areas(self, rule: Urban) -> Any:  # noqa: ANN401  (shapely)
        """Return the polygons of built-up areas: dense communes, or those of a layer."""
        if rule.areas is not None:
            path = self.path_of("urban", rule.areas)
            return sources.read_areas(path, rule.areas, crs=self.crs)
        communes = self.territory.communes
        people = self.territory.population[first_figure(self.people)].reindex(communes.index)
        density = people / (communes.geometry.area / 1e6)
        dense = density >= (rule.density_km2 or 0)
        facts = {"count": int(dense.sum()), "unknown": int(people.isna().sum()),
                 "density": rule.density_km2}  # fmt: skip
        said = Finding("info", "urban_density", road_file(self.roads), facts=facts)
        if said not in self.findings:
            self.findings.append(said)
        return communes.geometry[dense].to_numpy()

    def _with_slopes(self, network: RoadNetwork) -> RoadNetwork:
        if self.relief is None:
            flat = Finding("info", "flat", road_file(self.roads))
            if flat not in self.findings:
                self.findings.append(flat)
            return network
        path = self.path_of("relief", self.relief)
        read = sources.read_heights(
            path, network.edge_lines, crs=network.crs, step_m=self.relief.step_m
        )
        self.findings += read.findings
        return with_grades(network, read.start, read.run_m, read.height_m)


def _open_to(lines: "gpd.GeoDataFrame", mode: Mode) -> "gpd.GeoDataFrame":
    """Return the lines open to a mode, with its directions."""
    some = lines[lines[mode] != "no"]
    return some.assign(direction=some[mode]).reset_index(drop=True)


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
