"""One configuration file -> the right rooms, in order, remembered. Wiring only."""

import logging
import time
from collections.abc import Callable, Collection
from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path
from typing import TypeVar

import pandas as pd

from ctg_geo import secrecy, sources, territory
from ctg_geo.config import StudyConfig, load_study
from ctg_geo.config.grouping import Grouping
from ctg_geo.config.study_file import EquipementsSource
from ctg_geo.config.table_source import FileSource
from ctg_geo.diagnosis import Diagnosis, HowSure, diagnose, how_sure
from ctg_geo.errors import ConfigError, MissingFileError
from ctg_geo.network import RoadNetwork, unlisted_classes, with_profile
from ctg_geo.parameters import TravelProfile
from ctg_geo.provenance import InputFile, Ledger, input_file, sha256
from ctg_geo.quality import Finding
from ctg_geo.sources import TableRead
from ctg_geo.study.announced import announced_short
from ctg_geo.study.groupings import Groups, by_indicator, by_quarter
from ctg_geo.study.indicators import Indicators, read_indicators
from ctg_geo.study.known import known_totals
from ctg_geo.study.people import read_people, spread_people
from ctg_geo.study.published import Published, read_published
from ctg_geo.study.roads import RoadArea, RoadReader, first_figure
from ctg_geo.study.shared_times import SharedTimes
from ctg_geo.study.vintages import seen, study_moves, unverified
from ctg_geo.territory import Ingredients, Moves, Quarters, Territory, nearer_pole
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
        self._ingredients: Ingredients | None = None
        self._figures: list[secrecy.Figure] = []
        self._merged: frozenset[str] = frozenset()
        self._in_clear: set[str] = set()
        self._read_config_files()

    def __repr__(self) -> str:
        return f"<Study {self.config.file.study.name}>"

    @cached_property
    def territory(self) -> Territory:
        """Communes, people and places, joined; people inside their communes if it is asked.

        The figures that secrecy hides are not in it.
        """
        joined, people, moves = self._joined
        return timed(
            "people", spread_people, secrecy.withheld(joined, self.secrecy), people, moves,
            self.config, self._path, lambda: self.roads.network("car"),
        )  # fmt: skip

    @cached_property
    def indicators(self) -> Indicators:
        """Income, single parents, unemployment and the like, by commune."""
        joined, _, moves = self._joined
        codes = joined.communes.index
        area = frozenset(map(str, codes)) | moves.before(frozenset(map(str, codes)))
        read = read_indicators(self.config, self._path, codes, area, moves)
        given = self.config.file.sources.indicators
        table, said = secrecy.hide_indicators(
            read.table, given, self.config.file.secrecy.every_rule,
            lambda: secrecy.withheld(self._joined[0], self.secrecy).population,
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
        return read_published(self.config.file.sources, self._path, self._joined[0])

    @cached_property
    def secrecy(self) -> "secrecy.Plan":
        """What may be published of the figures, decided on all of them together."""
        section = self.config.file.secrecy
        grouped = any(total.grouping is not None for total in section.known_totals)
        past = [] if self.register is None else secrecy.read_register(self.register)
        return timed(
            "secrecy", secrecy.plan, self._joined[0], self._figures, section,
            groups=self.groups if grouped else None, past=past, merged=self._merged,
            moves=self._joined[2],
        )  # fmt: skip

    @property
    def register(self) -> Path | None:
        """The file that remembers what was published, if the study names one."""
        named = self.config.file.secrecy.publications
        return None if named is None else self.config.resolve(named)

    @cached_property
    def _joined(self) -> tuple[Territory, TableRead, Moves]:
        """The territory with people at the point of each commune, and what it was made of.

        Counts that a rule hides are not in it any more.
        """
        file, crs = self.config.file, self.config.file.study.crs
        given = file.sources
        findings: list[Finding] = []
        communes = timed(
            "communes", sources.read_communes, self._path("communes", given.communes),
            given.communes, crs=crs,
        )  # fmt: skip
        findings += communes.findings
        moves = study_moves(given, file.study.cog, self._path)
        findings += moves.events.findings
        places = None
        if given.places is not None:
            path = self._path("places", given.places)
            places = sources.read_places(path, given.places, crs=crs)
            findings += places.findings
        area = partial(
            territory.area_codes, communes.table, moves, file.study,
            name=Path(given.communes.path).name, cog=given.communes.cog,
        )  # fmt: skip
        people = timed("population", read_people, self.config, self._path, area)
        findings += people.findings
        findings += self._no_register()
        people, said = self._under_rules(people)
        findings += said
        now = moves.became()
        self._merged = frozenset(now[code] for code in people.table.index if code in now)
        tables = self._equipements(area)
        findings += [one for read, _ in tables for one in read.findings]
        findings += sources.vintages_apart(tables)
        ingredients = Ingredients(
            Path(given.communes.path).name,
            communes.table,
            people,
            given.population,
            tables,
            places,
            moves,
            given.communes.cog,
            None if given.places is None else given.places.cog,
            communes.aside,
        )
        self._ingredients = ingredients
        joined = self._capacities(timed("join", territory.join, ingredients, file.study), tables)
        findings += territory.capacities_wanting(joined, self.config.services)
        return joined.with_findings([*findings, *self._undeclared(joined)]), people, moves

    def _equipements(
        self, area: Callable[[], frozenset[str]]
    ) -> list[tuple[sources.TableRead, EquipementsSource]]:
        """Read the places; of a provider's national file, those of the study area only."""
        file = self.config.file
        codes = area() if any(each.format for each in file.sources.equipements) else None
        tables = []
        for number, each in enumerate(file.sources.equipements, start=1):
            path, passage = self._path(f"equipements {number}", each), None
            if each.passage is not None:
                passage = self._path(f"passage {number}", each.passage)
            read = timed(
                "equipements", sources.read_places_of, path, each, crs=file.study.crs,
                codes=codes, passage=passage,
            )  # fmt: skip
            tables.append((read, each))
        return tables

    def _capacities(
        self, joined: Territory, tables: list[tuple[sources.TableRead, EquipementsSource]]
    ) -> Territory:
        """Hide the capacities that a rule is about."""
        every = self.config.file.secrecy.every_rule
        rules = {
            read.name: every[each.secrecy] for read, each in tables
            if each.secrecy not in (None, "none")
        }  # fmt: skip
        assumed = {
            read.name: each.capacity_each.value for read, each in tables
            if each.capacity_each is not None
        }  # fmt: skip
        for number, (read, _) in enumerate(tables, start=1):
            self._in_clear |= {f"equipements {number}"} if read.name in rules else set()
        return secrecy.hide_capacities(joined, rules, assumed) if rules else joined

    def _under_rules(self, people: sources.TableRead) -> tuple[sources.TableRead, list[Finding]]:
        """Hide the counts that the rules of secrecy hide, and say how many."""
        given = self.config.file.sources.population
        rules = self.config.file.secrecy.every_rule
        self._figures = secrecy.figures_of(people, given, rules)
        kept, hidden = secrecy.hide_by_rule(people, given, rules)
        if hidden.to_numpy().any():
            self._in_clear.add("population")
        labelled = {each.name: each for each in self._figures}
        said = [
            Finding("warning", "secret_by_rule", "population", str(name),
                    {"column": labelled[str(name)].label, "count": int(hidden[name].sum()),
                     "rule": rules[labelled[str(name)].rule_name].label})
            for name in hidden.columns if hidden[name].any()
        ]  # fmt: skip
        return kept, said

    def _no_register(self) -> list[Finding]:
        """Advise a register where a rule of secrecy applies and none is named."""
        given = self.config.file.sources
        rules = [*(each.secrecy for each in given.indicators.values()),
                 *(each.secrecy for each in given.equipements)]  # fmt: skip
        ruled = given.population.ruled or any(rule not in (None, "none") for rule in rules)
        if self.register is not None or not ruled:
            return []
        return [Finding("warning", "secret_no_register", "population")]

    def _undeclared(self, joined: Territory) -> list[Finding]:
        """Tell of places whose service nothing declares."""
        counts = joined.equipements["service"].value_counts().sort_index()
        return [
            Finding("warning", "service_undeclared", "equipements", str(service),
                    {"service": service, "count": int(count)})
            for service, count in counts.items() if service not in self.config.services
        ]  # fmt: skip

    @property
    def topology(self) -> RoadNetwork:
        """The roads that the study names, open to cars, not yet timed."""
        return self.roads.network("car")

    @cached_property
    def roads(self) -> RoadReader:
        """The reader of the roads that the study names."""
        file, area = self.config.file, self._joined[0]
        people = area.population[first_figure(file.sources.population)]
        return RoadReader(
            file.roads[file.study.roads], RoadArea(area.communes, area.points, people),
            file.sources.relief, self._path,
        )  # fmt: skip

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
                "profile": profile, "kmh": rules.default_kmh, "km": float(classes.sum()) / 1000,
                "classes": [str(name) for name in classes.index],
            }  # fmt: skip
            self.roads.findings.append(Finding("info", "default_speed", profile, facts=facts))

    @property
    def moves(self) -> Moves:
        """What became of communes, as far as the study names their events."""
        return self._joined[2]

    @cached_property
    def groups(self) -> pd.DataFrame:
        """Group of each commune, one column per grouping of communes of the configuration."""
        columns = {name: each.of for name, each in self.groupings.items()}
        return pd.DataFrame(columns, index=self._joined[0].points.index)

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
        inside, file = self._joined[0].inside, self.config.path.name
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
        points = self._joined[0].points
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
            services_told=self._told_of(declared.demand),
            times=self.times.to(declared.profile, places.geometry, limit_min=declared.max_min),
            modes=other_modes,
        )
        short = announced_short(made, self.config.file.known_counts.get(service))
        few = ("few_located",) if short else ()
        return replace(
            made, findings=(*made.findings, *untravelled, *short), estimated=made.estimated + few
        )

    def _told_of(self, figure: str) -> int:
        """Count the services whose outputs tell of the people of a figure; 1 at least."""
        same = [self.config.service(key).demand == figure for key in self.services_present]
        return max(sum(same), 1)

    @cached_property
    def times(self) -> SharedTimes:
        """The times from homes to places, by profile."""
        return SharedTimes(self.config, self.territory, self.network)

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
        """Declared services that have a place in the territory or its buffer."""
        there = set(self.territory.equipements["service"])
        return tuple(key for key in self.config.services if key in there)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is known of the territory and, once they are read, of the roads."""
        around = () if self.quarters is None else self.quarters.findings
        grouped: dict[str, Groups] = self.__dict__.get("groupings", {})  # once they are made
        said = [one for each in grouped.values() for one in each.findings]
        rest = (*around, *self.published.findings, *said, *self.roads.findings)
        return (*self.territory.findings, *rest)

    @property
    def checks(self) -> list[Finding]:
        """What is told of the files alone: the year of their communes, addresses to verify."""
        return [*self._vintages(), *unverified(self.config.datasets)]

    def _vintages(self) -> list[Finding]:
        """Tell the year of the COG that each file with commune codes looks like."""
        inside = self.territory.communes["inside"]
        given, file = self._ingredients, self.config.file.sources
        assert given is not None, "a territory is joined from its ingredients"
        read = [(given.communes_name, given.communes.index, file.communes.cog)]
        if given.places is not None and file.places is not None:
            read.append(
                (f"{given.places.name} (points)", given.places.table.index, file.places.cog)
            )
        read.append((given.population.name, given.population.table.index, file.population.cog))
        whole = [name for name, _, _ in read]  # places that serve are not in every commune
        for each, source in given.equipements:
            codes = each.table["code_insee"] if each.row_codes is None else each.row_codes
            read.append((each.name, [code for code in codes.unique() if code], source.cog))
        tables = {name: [str(code) for code in codes] for name, codes, _ in read}
        cogs = {name: cog for name, _, cog in read}
        absent = {one.identifier for one in self.territory.findings if one.key == "no_population"}
        lacking = [str(code) for code in inside.index[inside] if code in absent]
        return seen(tables, cogs, given.moves, complete=whole, lacking=lacking)

    @property
    def inputs(self) -> tuple[InputFile, ...]:
        """The files read so far, with their hashes.

        One that holds in clear what a rule hides has none: whoever knows the rest of it would
        find a hidden count by hashing each count it may be.
        """
        clear = {self._inputs[role].path for role in self._in_clear if role in self._inputs}
        return tuple(
            replace(each, sha256="") if each.path in clear else each
            for each in self._inputs.values()
        )

    @property
    def ledgers(self) -> tuple[Ledger, ...]:
        """Rows of each table: read, used, set aside."""
        joined, given = self.territory.ledgers, self._ingredients
        events = given.moves.events.ledger if given is not None else None
        known = [] if events is None or not events.table else [events]
        around = [] if self.quarters is None else [self.quarters.ledger]
        rest = (*around, *self.published.ledgers, *self.roads.ledgers)
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
        if path.is_file():
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


def timed(step: str, work: Callable[..., Result], *given: object, **named: object) -> Result:
    """Do a step of work and log how long it took."""
    start = time.perf_counter()
    result = work(*given, **named)
    logger.info("%s: %.2f s", step, time.perf_counter() - start)
    return result
