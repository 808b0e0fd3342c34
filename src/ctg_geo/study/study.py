"""One configuration file -> the right rooms, in order, remembered. Wiring only."""

from collections.abc import Collection
from dataclasses import replace
from functools import cached_property
from pathlib import Path

import pandas as pd

from ctg_geo import secrecy, sources, territory
from ctg_geo.config import StudyConfig, load_study
from ctg_geo.config.grouping import Grouping
from ctg_geo.config.table_source import FileSource
from ctg_geo.config.transit_source import TransitSource
from ctg_geo.diagnosis import Diagnosis, HowSure, diagnose, how_sure
from ctg_geo.errors import ConfigError, MissingFileError
from ctg_geo.network import RoadNetwork, unlisted_classes, with_profile
from ctg_geo.parameters import TravelProfile
from ctg_geo.provenance import InputFile, Ledger, input_file, sha256
from ctg_geo.quality import Finding
from ctg_geo.secrecy import Published as Publication
from ctg_geo.study.announced import located_in_part
from ctg_geo.study.groupings import Groups, by_indicator, by_quarter
from ctg_geo.study.indicators import Indicators, read_indicators, without_retold
from ctg_geo.study.known import known_totals
from ctg_geo.study.people import spread_people
from ctg_geo.study.published import Published, read_published
from ctg_geo.study.reading import Reading, read_study
from ctg_geo.study.roads import RoadArea, RoadReader, first_figure
from ctg_geo.study.shared_times import SharedTimes
from ctg_geo.study.timing import timed
from ctg_geo.study.transit import TransitReader
from ctg_geo.study.vintages import looks, unverified
from ctg_geo.territory import Moves, Quarters, Territory, nearer_pole
from ctg_geo.travel import travel_times

__all__ = ["Study", "open_study"]


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
    indicators : Indicators, of the tables that the study names
    quarters : Quarters, the QPV of the study, if it names them
    published : Published, coverage rates of others, as context
    topology : RoadNetwork of cars, untimed
    groups : DataFrame by code_insee, one column per grouping
    findings : what is known of the data so far
    """

    def __init__(self, config: StudyConfig) -> None:
        self.config = config
        self._inputs: dict[str, InputFile] = {}
        self._networks: dict[str, RoadNetwork] = {}
        self._in_clear: set[str] = set()
        self._read_config_files()

    def __repr__(self) -> str:
        return f"<Study {self.config.file.study.name}>"

    @cached_property
    def territory(self) -> Territory:
        """Communes, people and places, joined; people inside their communes if it is asked.

        The figures that secrecy hides are not in it.
        """
        read = self._read
        return timed(
            "people", spread_people, secrecy.withheld(read.territory, self.secrecy), read.people,
            read.moves, self.config, self._path, lambda: self.roads.network("car"),
        )  # fmt: skip

    @cached_property
    def indicators(self) -> Indicators:
        """Income, single parents, unemployment and the like, by commune.

        What its rules hide is not in it, nor what tells again a secret of another table.
        """
        found = without_retold(
            self._by_rule, secrecy.withheld(self._read.territory, self.secrecy).population,
            self.secrecy, self.config.file.sources.indicators,
        )  # fmt: skip
        self._in_clear |= {f"indicators {one.identifier}" for one in found.findings
                           if one.key == "secret_retold"}  # fmt: skip
        return found

    @cached_property
    def _by_rule(self) -> Indicators:
        """The indicators, each table by itself put under its rule."""
        moves, codes = self._read.moves, self._read.territory.communes.index
        area = frozenset(map(str, codes)) | moves.before(frozenset(map(str, codes)))
        read = read_indicators(self.config, self._path, codes, area, moves)
        given = self.config.file.sources.indicators
        table, said = secrecy.hide_indicators(
            read.table, given, self.config.file.secrecy.every_rule,
            lambda: secrecy.withheld(self._read.territory, self.secrecy).population,
            self._read.territory.inside, self._read.territory.communes.get("epci"),
        )  # fmt: skip
        self._in_clear |= {f"indicators {one.identifier}" for one in said}
        return replace(read, table=table, findings=(*read.findings, *said))

    @cached_property
    def quarters(self) -> Quarters | None:
        """The priority neighbourhoods (QPV), and who and what is in one."""
        source = self.config.file.sources.qpv
        if source is None:
            return None
        path = self._path("qpv", source)
        read = timed("qpv", sources.read_qpv, path, source, crs=self.config.file.study.crs)
        return territory.quarters_of(self.territory, read, name=path.name)

    @cached_property
    def published(self) -> Published:
        """Coverage rates that others publish, for the readers of some services."""
        return read_published(self.config.file.sources, self._path, self._read.territory)

    @cached_property
    def secrecy(self) -> "secrecy.Plan":
        """What may be published of the figures, decided on all of them together."""
        section = self.config.file.secrecy
        named = {each.grouping for each in section.known_totals if each.grouping is not None}
        groups = self._groups_named(named) if named else None
        return timed(
            "secrecy", secrecy.plan, self._read.territory, self._read.figures, section,
            groups=groups, past=self.past, merged=self._read.merged, moves=self._read.moves,
        )  # fmt: skip

    @cached_property
    def past(self) -> list[Publication]:
        """What the register held when this study was opened."""
        return [] if self.register is None else secrecy.read_register(self.register)

    @property
    def register(self) -> Path | None:
        """The file that remembers what was published, if the study names one."""
        named = self.config.file.secrecy.publications
        return None if named is None else self.config.resolve(named)

    @cached_property
    def _read(self) -> Reading:
        """The tables of the study, joined, with people at the point of each commune."""
        read = read_study(self.config, self._path)
        self._in_clear |= read.in_clear
        return read

    @property
    def topology(self) -> RoadNetwork:
        """The roads that the study names, open to cars, not yet timed."""
        return self.roads.network("car")

    @cached_property
    def roads(self) -> RoadReader:
        """The reader of the roads that the study names."""
        file, area = self.config.file, self._read.territory
        return RoadReader(
            file.roads[file.study.roads],
            RoadArea(area.communes, area.points, self._people_of_roads()),
            file.sources.relief, self._path,
        )  # fmt: skip

    def _people_of_roads(self) -> pd.Series:
        """Return the people that roads are read for, as they may be told.

        Unknown where some are secret and the plan itself asks for roads: its known totals are of
        groups by pole.
        """
        file, figure = self.config.file, first_figure(self.config.file.sources.population)
        people = self._read.territory.population[figure]
        secret = any(each.rule is not None or each.masked for each in self._read.figures)
        if not secret and self.register is None:
            return people
        asked = {each.grouping for each in file.secrecy.known_totals}
        if any(name in asked and each.kind == "poles" for name, each in file.groups.items()):
            return people * float("nan")
        return secrecy.withheld(self._read.territory, self.secrecy).population[figure]

    def network(self, profile: str) -> RoadNetwork:
        """Return the roads timed for a profile (``car``), or one of its periods (``car.peak``).

        Raises
        ------
        NoRoadError
            If no road is open to the mode of the profile, or none is near.
        ConfigError
            If no such profile is declared.
        """
        if profile not in self._networks:
            rules = self.config.profile(profile)
            roads = timed("roads", self.roads.network, rules.mode, slopes=rules.slope != "none")
            self._networks[profile] = timed(f"times {profile}", with_profile, roads, rules)
            self._default_speeds(roads, rules, profile)
        return self._networks[profile]

    def _default_speeds(self, roads: RoadNetwork, rules: TravelProfile, profile: str) -> None:
        """Tell of classes of road that run at the default speed, for want of one of their own."""
        classes = unlisted_classes(roads, rules)
        if rules.speed_kmh and len(classes):
            facts: dict[str, object] = {
                "profile": rules.label, "kmh": rules.default_kmh, "km": float(classes.sum()) / 1000,
                "classes": [str(name) for name in classes.index],
            }  # fmt: skip
            self.roads.findings.append(Finding("info", "default_speed", profile, facts=facts))

    @property
    def moves(self) -> Moves:
        """What became of communes, as far as the study names their events."""
        return self._read.moves

    @cached_property
    def groups(self) -> pd.DataFrame:
        """Group of each commune, one column per grouping of communes of the configuration."""
        columns = {name: each.of for name, each in self.groupings.items()}
        return pd.DataFrame(columns, index=self._read.territory.points.index)

    def _groups_named(self, names: Collection[str]) -> pd.DataFrame:
        """Return the groups of known totals: by indicators as they are before the plan."""
        inside, file = self._read.territory.inside, self.config.path.name
        columns = {}
        for name, each in self.config.file.groups.items():
            if name in names and each.kind == "poles":
                columns[name] = self._by_pole(name, each)
            elif name in names and each.kind == "indicator":
                columns[name] = by_indicator(name, each, self._by_rule, inside, file=file).of
        return pd.DataFrame(columns, index=self._read.territory.points.index)

    @cached_property
    def groupings(self) -> dict[str, Groups]:
        """The groupings of communes, with the names of their groups."""
        made = {}
        for name, grouping in self.config.file.groups.items():
            if grouping.kind == "poles":
                names = {key: grouping.names.get(key, key) for key in grouping.poles}
                made[name] = Groups(self._by_pole(name, grouping), names)
            elif grouping.kind == "indicator":
                made[name] = self.indicator_groupings[name]
        return made

    @cached_property
    def indicator_groupings(self) -> dict[str, Groups]:
        """The groupings of communes that need no travel time."""
        inside, file = self._read.territory.inside, self.config.path.name
        declared = self.config.file.groups.items()
        return {name: by_indicator(name, each, self.indicators, inside, file=file)
                for name, each in declared if each.kind == "indicator"}  # fmt: skip

    @cached_property
    def people_groupings(self) -> dict[str, Groups]:
        """The groupings of people by where they live, whatever their commune."""
        quarters = self.quarters
        if quarters is None:
            return {}
        declared = self.config.file.groups.items()
        return {name: by_quarter(each, quarters) for name, each in declared if each.kind == "qpv"}

    def _by_pole(self, name: str, grouping: Grouping) -> pd.Series:
        points = self._read.territory.points
        poles = pd.Index(dict.fromkeys(grouping.poles.values()))
        missing = [code for code in poles if code not in points.index]
        if missing:
            raise ConfigError("pole", name=name, codes=missing)
        snapping = self.config.profiles[grouping.profile].snapping
        roads = self.network(grouping.profile)
        times = travel_times(roads, points, points[poles], limit_min=None, snapping=snapping)
        return nearer_pole(times.to_matrix(), grouping.poles, override=grouping.override)

    def diagnose(self, service: str) -> Diagnosis:
        """Diagnose a service of the configuration by its key.

        Raises
        ------
        UnknownServiceError, DataError, ConfigError
            See `ctg_geo.diagnosis.diagnose`.
        """
        declared = self.config.service(service)
        places, _ = territory.supply(self.territory, service, declared)
        other_modes, untravelled = self.times.other_modes(declared, places.geometry)
        made = timed(
            f"diagnosis {service}",
            diagnose,
            self.territory,
            self.network(declared.profile),
            service,
            declared,
            groups=self.groups,
            snapping=self.config.profiles[declared.profile].snapping,
            robustness=self.config.file.robustness,
            fewest=self.secrecy.fewest(declared.demand) if self.territory.homes.spread else 0.0,
            services_told=self.told_of(declared.demand),
            times=self.times.to(declared.profile, places.geometry, limit_min=declared.max_min),
            modes=other_modes,
        )
        known = self.config.file.known_counts.get(service)
        short = located_in_part(made, known, self.config.file.sources.equipements)
        few = ("few_located",) if short else ()
        return replace(
            made, findings=(*made.findings, *untravelled, *short), estimated=made.estimated + few
        )

    def told_of(self, figure: str) -> int:
        """Count the services whose outputs tell of the people of a figure; 1 at least.

        One of several modes of care tells more than one service does, and counts as two.
        """
        every = [self.config.service(key) for key in self.services_present]
        same = sum(2 if each.care else 1 for each in every if each.demand == figure)
        return max(same, 1)

    @cached_property
    def times(self) -> SharedTimes:
        """The times from homes to places, by profile."""
        return SharedTimes(self.config, self.territory, self.network, self.transit)

    @cached_property
    def transit(self) -> TransitReader:
        """The reader of the timetables that the study names."""
        return TransitReader(self.config, self._read.territory.communes, self._path)

    @property
    def services_asked(self) -> tuple[str, ...]:
        """Services of a run that names none: the main ones, else all that have places."""
        return self.config.file.study.main_services or self.services_present

    def uncertainty(
        self, service: str, *, draws: int | None = None, seed: int | None = None
    ) -> HowSure:
        """Tell how sure the diagnosis of a service is: dice of the section ``[uncertainty]``.

        `draws` and `seed` are those of the section where they are not given.

        Raises
        ------
        ConfigError
            If the study has no such section, or a value is out of bounds.
        UnknownServiceError, DataError, TravelError
            See `ctg_geo.diagnosis.diagnose` and `ctg_geo.diagnosis.how_sure`.
        """
        return self.how_sure(self.diagnose(service), draws=draws, seed=seed)

    def how_sure(
        self, diagnosis: Diagnosis, *, draws: int | None = None, seed: int | None = None
    ) -> HowSure:
        """Tell how sure a diagnosis of this study is; see `uncertainty`."""
        settings = self.config.thrown(draws=draws, seed=seed)
        totals = known_totals(
            self.config.file, diagnosis.service.demand, self.territory.inside, diagnosis.groups
        )
        return timed(
            f"uncertainty {diagnosis.key}", how_sure, diagnosis, settings, known_totals=totals
        )

    @property
    def services_present(self) -> tuple[str, ...]:
        """Declared services that have a place in the territory or its buffer.

        One of several modes of care is there if all of them are.
        """
        there = set(self.territory.equipements["service"])
        return tuple(
            key for key, service in self.config.services.items()
            if (there.issuperset(service.care) if service.care else key in there)
        )  # fmt: skip

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is known of the territory and, once they are read, of the roads."""
        around = () if self.quarters is None else self.quarters.findings
        grouped: dict[str, Groups] = self.__dict__.get("groupings", {})  # once they are made
        said = [one for each in grouped.values() for one in each.findings]
        rest = (*around, *self.published.findings, *said, *self.roads.findings,
                *self.transit.findings)  # fmt: skip
        return (*self.territory.findings, *rest)

    def findings_of(self, service: str) -> tuple[Finding, ...]:
        """Return the findings, without those on files whose places are all of other services.

        `check` lists them all, and so does a run over all themes.
        """
        declared = self.config.service(service)
        own = self.territory.equipements["service"].isin(set(declared.care) or {service})
        files = self.territory.equipements["from_file"]
        others = set(files) - set(files[own])
        return tuple(each for each in self.findings if each.table not in others)

    @property
    def checks(self) -> list[Finding]:
        """What is told of the files alone: the year of their communes, addresses to verify."""
        read = self._read.ingredients
        return [*looks(read, self.config.file.sources, self.territory),
                *unverified(self.config.datasets)]  # fmt: skip

    @property
    def inputs(self) -> tuple[InputFile, ...]:
        """The files read so far, with their hashes.

        One that holds in clear what is hidden has none: whoever knows the rest of it would
        find a hidden count by hashing each count it may be.
        """
        roles = self._in_clear | self._in_clear_by_plan()
        clear = {self._inputs[role].path for role in roles if role in self._inputs}
        return tuple(
            replace(each, sha256="") if each.path in clear else each
            for each in self._inputs.values()
        )

    def _in_clear_by_plan(self) -> set[str]:
        """Return the roles of files that hold what protects a secret: counts, and their totals."""
        if "_read" not in self.__dict__:
            return set()  # no people were read
        file, hidden = self.config.file, self.secrecy.hidden
        totals = [each.column for each in file.sources.population.controls]
        totals += [each.column for each in file.secrecy.known_totals]
        found = {"population"} if self.secrecy.secondary.to_numpy().any() else set()
        if any(hidden[column].any() for column in totals):
            found.add(f"config {self.config.path.name}")
        return found

    @property
    def ledgers(self) -> tuple[Ledger, ...]:
        """Rows of each table: read, used, set aside."""
        joined, events = self.territory.ledgers, self._read.moves.events.ledger
        known = [events] if events.table else []
        around = [] if self.quarters is None else [self.quarters.ledger]
        rest = (*around, *self.published.ledgers, *self.roads.ledgers, *self.transit.ledgers)
        return (*joined, *known, *rest)

    def path_of(self, role: str, source: FileSource) -> Path:
        """Return the path of a source, and remember the file as an input of the study."""
        return self._path(role, source)

    def without_hash(self, roles: Collection[str]) -> None:
        """Leave out the hash of inputs that hold in clear what a rule hides."""
        self._in_clear |= set(roles)

    def sha256_of(self, source: FileSource) -> str:
        """Return the hash of the file of a source; "" where there is none."""
        path = self.config.resolve(source.path)
        return sha256(path) if path.is_file() else ""

    def _path(self, role: str, source: FileSource) -> Path:
        """Return the path of a source, and remember the file with its hash."""
        path = self.config.resolve(source.path)
        if source.dataset is not None:
            self.config.check_fetched(source.dataset, path)
        if path.is_file() or (path.is_dir() and isinstance(source, TransitSource)):
            kept = self.config.is_kept(path)
            shown = f"dataset:{source.dataset}/{path.name}" if kept else None
            try:
                self._inputs[role] = input_file(
                    role, path, root=self.config.path.parent, provider=source.provider,
                    licence=source.licence, vintage=source.vintage, note=source.note, shown=shown,
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
