"""One configuration file -> the right rooms, in order, remembered. Wiring only."""

import logging
import time
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TypeVar

import pandas as pd

from ctg_geo import sources, territory
from ctg_geo.config import StudyConfig, load_study
from ctg_geo.config.road_source import (
    DrawnRoads,
    RoadsSection,
    SchematicRoads,
    TableRoads,
)
from ctg_geo.config.table_source import FileSource
from ctg_geo.diagnosis import Diagnosis, diagnose
from ctg_geo.errors import ConfigError, MissingFileError
from ctg_geo.network import (
    RoadNetwork,
    check_near,
    from_edges,
    from_lines,
    from_tables,
    schematic_roads,
    with_profile,
)
from ctg_geo.provenance import InputFile, Ledger, input_file
from ctg_geo.quality import Finding
from ctg_geo.study.roads import around, first_figure, read_drawn, road_file
from ctg_geo.territory import Ingredients, Territory, nearer_pole
from ctg_geo.travel import travel_times

__all__ = ["Study", "open_study", "timed"]

logger = logging.getLogger(__name__)

Result = TypeVar("Result")


def open_study(path: str | Path) -> "Study":
    """Open a study by its TOML file.

    Raises
    ------
    MissingFileError, ConfigError
        If the file is not there or cannot be used; the message names key, value and mend.
    """
    return Study(load_study(path))


class Study:
    """A configured territory: reads, joins and times on first use, then remembers.

    Attributes
    ----------
    config : StudyConfig
    territory : Territory
    topology : RoadNetwork of cars, untimed
    groups : DataFrame by code_insee, one column per grouping
    findings : what is known of the data so far
    """

    def __init__(self, config: StudyConfig) -> None:
        self.config = config
        self._inputs: dict[str, InputFile] = {}
        self._road_findings: list[Finding] = []
        self._road_ledgers: list[Ledger] = []
        self._networks: dict[str, RoadNetwork] = {}
        self._read_config_files()

    def __repr__(self) -> str:
        return f"<Study {self.config.file.study.name}>"

    @cached_property
    def territory(self) -> Territory:
        """Communes, people and places, joined."""
        file, crs = self.config.file, self.config.file.study.crs
        given = file.sources
        findings: list[Finding] = []
        communes, said = timed(
            "communes", sources.read_communes, self._path("communes", given.communes),
            given.communes, crs=crs,
        )  # fmt: skip
        findings += said
        moves = pd.Series(dtype=object)
        if given.mergers is not None:
            moves = sources.read_mergers(self._path("mergers", given.mergers), given.mergers)
        places = None
        if given.places is not None:
            path = self._path("places", given.places)
            places = sources.read_places(path, given.places, crs=crs)
            findings += places.findings
        path = self._path("population", given.population)
        people = timed("population", sources.read_population, path, given.population)
        findings += people.findings
        tables = []
        for number, each in enumerate(given.equipements, start=1):
            path = self._path(f"equipements {number}", each)
            read = timed("equipements", sources.read_equipements, path, each, crs=crs)
            findings += read.findings
            tables.append((read, each))
        ingredients = Ingredients(
            Path(given.communes.path).name,
            communes,
            people,
            given.population,
            tables,
            places,
            moves,
        )
        joined = timed("join", territory.join, ingredients, file.study)
        return joined.with_findings([*findings, *self._undeclared(joined)])

    def _undeclared(self, joined: Territory) -> list[Finding]:
        """Tell of places whose service nothing declares."""
        counts = joined.equipements["service"].value_counts().sort_index()
        return [
            Finding("warning", "service_undeclared", "equipements", str(service),
                    {"service": service, "count": int(count)})
            for service, count in counts.items() if service not in self.config.services
        ]  # fmt: skip

    @cached_property
    def topology(self) -> RoadNetwork:
        """The roads that the study names, open to cars, not yet timed."""
        roads = self.config.file.roads[self.config.file.study.roads]
        network = timed("roads", self._roads, roads, self.config.file.study.crs)
        check_near(network, self.territory.points, file=road_file(roads))
        return network

    def _roads(self, roads: RoadsSection, crs: str) -> RoadNetwork:
        if isinstance(roads, DrawnRoads):
            return self._drawn(roads, crs)
        if isinstance(roads, SchematicRoads):
            return self._schematic(roads, crs)
        if isinstance(roads, TableRoads):
            junctions_path = self._path("junctions", roads.junctions)
            segments_path = self._path("segments", roads.segments)
            junctions, segments, said = sources.read_road_tables(
                junctions_path, segments_path, roads, crs=crs
            )
            self._road_findings += said
            rows = len(segments)
            self._road_ledgers.append(Ledger(segments_path.name, rows, rows, {}))
            return from_tables(junctions, segments, crs=crs)
        path = self._path("roads", roads)
        lines, said, ledger = sources.read_road_lines(path, roads, crs=crs)
        self._road_findings += said
        self._road_ledgers.append(ledger)
        return from_lines(lines, snap_m=roads.snap_m)

    def _drawn(self, roads: DrawnRoads, crs: str) -> RoadNetwork:
        """Read the roads within the margin of the territory and its buffer."""
        area = self.territory
        near = around(area.communes, roads.margin_km)
        path = self._path("roads", roads)
        read = read_drawn(path, roads, crs=crs, area=near)
        people = area.population[first_figure(self.config.file.sources.population)]
        lines = read.edges.geometry[read.edges["car"] != "no"]
        said = sources.uncovered(area.points, people, lines, file=path.name)
        self._road_ledgers.append(read.ledger)
        self._road_findings += [*read.findings, *said]
        return from_edges(read.nodes, read.edges, crs=crs, mode="car")

    def _schematic(self, roads: SchematicRoads, crs: str) -> RoadNetwork:
        area = self.territory
        axes = sources.read_axes(self._path("axes", roads.axes), roads.axes, crs=crs)
        barriers, bridges = sources.NO_BARRIERS, sources.NO_BRIDGES
        if roads.barriers is not None:
            path = self._path("barriers", roads.barriers)
            barriers = sources.read_barriers(path, roads.barriers)
        if roads.bridges is not None:
            path = self._path("bridges", roads.bridges)
            bridges = sources.read_bridges(path, roads.bridges, crs=crs)
        communes = area.communes.assign(population=area.population["population"])
        junctions, segments = schematic_roads(
            communes, area.points, axes, barriers, bridges, rules=roads.rules
        )
        return from_tables(junctions, segments, crs=crs, schematic=True)

    def network(self, profile: str) -> RoadNetwork:
        """Return the roads timed for a profile."""
        if profile not in self._networks:
            timed = with_profile(self.topology, self.config.profiles[profile])
            self._networks[profile] = timed
        return self._networks[profile]

    @cached_property
    def groups(self) -> pd.DataFrame:
        """Group of each commune, one column per grouping of the configuration."""
        points = self.territory.points
        columns = {}
        for name, grouping in self.config.file.groups.items():
            poles = pd.Index(dict.fromkeys(grouping.poles.values()))
            missing = [code for code in poles if code not in points.index]
            if missing:
                raise ConfigError("pole", name=name, codes=missing)
            snapping = self.config.profiles[grouping.profile].snapping
            roads = self.network(grouping.profile)
            times = travel_times(roads, points, points[poles], limit_min=None, snapping=snapping)
            columns[name] = nearer_pole(
                times.to_matrix(), grouping.poles, override=grouping.override
            )
        return pd.DataFrame(columns, index=points.index)

    def diagnose(self, service: str) -> Diagnosis:
        """Diagnose a service of the configuration by its key.

        Raises
        ------
        UnknownServiceError, DataError, ConfigError
            See `ctg_geo.diagnosis.diagnose`.
        """
        declared = self.config.service(service)
        return timed(
            f"diagnosis {service}",
            diagnose,
            self.territory,
            self.network(declared.profile),
            service,
            declared,
            groups=self.groups,
            snapping=self.config.profiles[declared.profile].snapping,
            robustness=self.config.file.robustness,
        )

    @property
    def services_present(self) -> tuple[str, ...]:
        """Declared services that have a place in the territory or its buffer."""
        there = set(self.territory.equipements["service"])
        return tuple(key for key in self.config.services if key in there)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is known of the territory and, once they are read, of the roads."""
        return (*self.territory.findings, *self._road_findings)

    @property
    def inputs(self) -> tuple[InputFile, ...]:
        """The files read so far, with their hashes."""
        return tuple(self._inputs.values())

    @property
    def ledgers(self) -> tuple[Ledger, ...]:
        """Rows of each table: read, used, set aside."""
        return (*self.territory.ledgers, *self._road_ledgers)

    def _path(self, role: str, source: FileSource) -> Path:
        """Return the path of a source, and remember the file with its hash."""
        path = self.config.resolve(source.path)
        if path.is_file():
            try:
                self._inputs[role] = input_file(
                    role, path, root=self.config.path.parent, provider=source.provider,
                    licence=source.licence, vintage=source.vintage, note=source.note,
                )  # fmt: skip
            except PermissionError as error:
                raise MissingFileError("denied", file=str(path)) from error
        return path

    def _read_config_files(self) -> None:
        root = self.config.path.parent
        for path in self.config.files:
            self._inputs[f"config {path.name}"] = input_file(
                "config", path, root=root, provider="ctg-geo", licence="", vintage=""
            )


def timed(step: str, work: Callable[..., Result], *given: object, **named: object) -> Result:
    """Do a step of work and log how long it took."""
    start = time.perf_counter()
    result = work(*given, **named)
    logger.info("%s: %.2f s", step, time.perf_counter() - start)
    return result
