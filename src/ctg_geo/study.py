"""One configuration file -> the right rooms, in order, remembered. Wiring only."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TypeVar

import pandas as pd

from ctg_geo import sources, territory
from ctg_geo.config import StudyConfig, load_study
from ctg_geo.config.study_file import FileSource, LineRoads, SchematicRoads, TableRoads
from ctg_geo.diagnosis import Diagnosis, diagnose
from ctg_geo.errors import ConfigError
from ctg_geo.export import Publication, publish, summary, write_folder
from ctg_geo.network import (
    RoadNetwork,
    check_near,
    from_lines,
    from_tables,
    schematic_roads,
    with_profile,
)
from ctg_geo.parameters import Snapping
from ctg_geo.provenance import InputFile, Ledger, input_file
from ctg_geo.quality import Finding
from ctg_geo.territory import Ingredients, Territory, nearer_pole
from ctg_geo.travel import travel_times

__all__ = ["Report", "Study", "open_study"]

logger = logging.getLogger(__name__)

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True, eq=False)
class Report:
    """What a diagnosis says in words, and the files that hold it."""

    key: str
    label: str
    study: str
    folder: Path
    files: tuple[str, ...]
    summary: tuple[str, ...]
    groups: dict[str, dict[str, dict[str, float | None]]]
    estimated: tuple[str, ...]
    findings: tuple[Finding, ...]


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
    topology : RoadNetwork, untimed
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
        communes, said = _timed(
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
        people = _timed("population", sources.read_population, path, given.population)
        findings += people.findings
        tables = []
        for number, each in enumerate(given.equipements, start=1):
            path = self._path(f"equipements {number}", each)
            read = _timed("equipements", sources.read_equipements, path, each, crs=crs)
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
        joined = _timed("join", territory.join, ingredients, file.study)
        return joined.with_findings(findings)

    @cached_property
    def topology(self) -> RoadNetwork:
        """The roads that the study names, not yet timed."""
        roads = self.config.file.roads[self.config.file.study.roads]
        crs = self.config.file.study.crs
        network = _timed("roads", self._roads, roads, crs)
        check_near(network, self.territory.points)
        return network

    def _roads(self, roads: SchematicRoads | TableRoads | LineRoads, crs: str) -> RoadNetwork:
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
            times = travel_times(
                self.network("car"), points, points[poles], limit_min=None, snapping=self._snapping
            )
            columns[name] = nearer_pole(
                times.to_matrix(), grouping.poles, override=grouping.override
            )
        return pd.DataFrame(columns, index=points.index)

    @property
    def _snapping(self) -> Snapping:
        return self.config.profiles["car"].snapping

    def diagnose(self, service: str) -> Diagnosis:
        """Diagnose a service of the configuration by its key.

        Raises
        ------
        UnknownServiceError, DataError, ConfigError
            See `ctg_geo.diagnosis.diagnose`.
        """
        declared = self.config.service(service)
        return _timed(
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

    def publication(self, diagnosis: Diagnosis) -> Publication:
        """Put a diagnosis of this study into words."""
        groups = self.config.file.groups
        used = [each for role, each in self._inputs.items() if not role.startswith("config")]
        return publish(
            diagnosis,
            study=self.config.file.study.name,
            group_names={name: {key: each.names.get(key, key) for key in each.poles}
                         for name, each in groups.items()},
            group_labels={name: each.label for name, each in groups.items()},
            robustness=self.config.file.robustness,
            sources=tuple(dict.fromkeys(f"{each.provider}, {each.vintage}" for each in used)),
        )  # fmt: skip

    def report(self, service: str, out: str | Path) -> Report:
        """Diagnose a service and write its folder: GeoPackage, tables, map, manifest.

        Raises
        ------
        OutputError
            If the folder cannot be written; former results stay as they were.
        """
        diagnosis = self.diagnose(service)
        publication = self.publication(diagnosis)
        findings = (*self.findings, *diagnosis.findings)
        files = _timed(
            f"outputs {service}", write_folder, Path(out), publication, findings=findings,
            inputs=self.inputs, ledgers=self.ledgers, parameters=self._parameters(service),
        )  # fmt: skip
        groups = {
            name or "territory": {
                str(key): {str(column): None if pd.isna(value) else float(value)
                           for column, value in row.items()}
                for key, row in table.iterrows()
            }
            for name, table in publication.groups.items()
        }  # fmt: skip
        said = tuple(summary(publication))
        return Report(
            service, diagnosis.service.label, publication.study, Path(out), files, said, groups,
            diagnosis.estimated, findings,
        )  # fmt: skip

    def _parameters(self, service: str) -> dict[str, object]:
        declared = self.config.service(service)
        return {
            "service": {service: declared.model_dump(mode="json")},
            "profile": {
                declared.profile: self.config.profiles[declared.profile].model_dump(mode="json")
            },
            "study": self.config.file.model_dump(mode="json"),
        }

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
            self._inputs[role] = input_file(
                role, path, root=self.config.path.parent, provider=source.provider,
                licence=source.licence, vintage=source.vintage, note=source.note,
            )  # fmt: skip
        return path

    def _read_config_files(self) -> None:
        root = self.config.path.parent
        for path in self.config.files:
            self._inputs[f"config {path.name}"] = input_file(
                "config", path, root=root, provider="ctg-geo", licence="", vintage=""
            )


def _timed(step: str, work: Callable[..., Result], *given: object, **named: object) -> Result:
    start = time.perf_counter()
    result = work(*given, **named)
    logger.info("%s: %.2f s", step, time.perf_counter() - start)
    return result
