"""The tables of a study read, put under its rules of secrecy, and joined."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pandas as pd

from ctg_geo import secrecy, sources, territory
from ctg_geo.config import StudyConfig
from ctg_geo.config.study_file import EquipementsSource, StudyFile
from ctg_geo.config.table_source import FileSource
from ctg_geo.quality import Finding
from ctg_geo.sources import TableRead
from ctg_geo.study.people import read_people
from ctg_geo.study.roads import first_figure
from ctg_geo.study.timing import timed
from ctg_geo.study.vintages import later_events, study_moves
from ctg_geo.territory import Ingredients, Moves, Territory

__all__ = ["Reading", "people_of_roads", "read_study"]

PathOf = Callable[[str, FileSource], Path]
Tables = list[tuple[TableRead, EquipementsSource]]


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """The territory with people at the point of each commune, and what it was made of.

    Counts and capacities that a rule hides are not in it any more. `figures` are those that
    secrecy plans, `merged` the communes that others merged into, `in_clear` the roles of the
    files that hold in clear what a rule hides.
    """

    territory: Territory
    people: TableRead
    moves: Moves
    ingredients: Ingredients
    figures: tuple[secrecy.Figure, ...]
    merged: frozenset[str]
    in_clear: frozenset[str]


def read_study(config: StudyConfig, path_of: PathOf) -> Reading:
    """Read the tables that a study names, and join them.

    Parameters
    ----------
    path_of : the path of a source, by its role

    Raises
    ------
    CtgGeoError
        If a file cannot be read or used; the message names file, row, column, value and mend.
    """
    file, crs = config.file, config.file.study.crs
    given = file.sources
    communes = timed(
        "communes", sources.read_communes, path_of("communes", given.communes), given.communes,
        crs=crs,
    )  # fmt: skip
    moves = study_moves(given, file.study.cog, path_of)
    findings = [*communes.findings, *moves.events.findings]
    places = None
    if given.places is not None:
        places = sources.read_places(path_of("places", given.places), given.places, crs=crs)
        findings += places.findings
    name = Path(given.communes.path).name
    area = partial(
        territory.area_codes, communes.table, moves, file.study, name=name, cog=given.communes.cog
    )
    read = timed("population", read_people, config, path_of, area)
    people, figures, said = _under_rules(config, read)
    findings += [*read.findings, *_no_register(config), *said]
    tables = _equipements(config, path_of, area)
    findings += [one for table, _ in tables for one in table.findings]
    findings += sources.vintages_apart(tables)
    ingredients = Ingredients(
        name, communes.table, people, given.population, tables, places, moves, given.communes.cog,
        None if given.places is None else given.places.cog, communes.aside,
    )  # fmt: skip
    joined, ruled = _capacities(
        config, timed("join", territory.join, ingredients, file.study), tables
    )
    findings += territory.capacities_wanting(joined, config.services)
    findings += later_events(given, file.study.cog, moves.events)
    if not any(each.rule is not None or each.masked for each in figures):  # a remark is a bound
        labelled = {each.name: each.label for each in figures}
        findings += territory.improbable(joined, labelled, people.name)
    now = moves.became()
    return Reading(
        joined.with_findings([*findings, *_undeclared(config, joined)]), people, moves,
        ingredients, figures, frozenset(now[code] for code in people.table.index if code in now),
        ruled | ({"population"} if said else frozenset()),
    )  # fmt: skip


def _equipements(
    config: StudyConfig, path_of: PathOf, area: Callable[[], frozenset[str]]
) -> Tables:
    """Read the places; of a provider's national file, those of the study area only."""
    file = config.file
    codes = area() if any(each.format for each in file.sources.equipements) else None
    tables = []
    for number, each in enumerate(file.sources.equipements, start=1):
        path, passage = path_of(f"equipements {number}", each), None
        if each.passage is not None:
            passage = path_of(f"passage {number}", each.passage)
        read = timed(
            "equipements", sources.read_places_of, path, each, crs=file.study.crs, codes=codes,
            passage=passage,
        )  # fmt: skip
        tables.append((read, each))
    return tables


def _capacities(
    config: StudyConfig, joined: Territory, tables: Tables
) -> tuple[Territory, frozenset[str]]:
    """Hide the capacities that a rule is about; tell which files hold them in clear."""
    every = config.file.secrecy.every_rule
    rules = {
        read.name: every[each.secrecy] for read, each in tables
        if each.secrecy not in (None, "none")
    }  # fmt: skip
    assumed = {
        read.name: each.capacity_each.value for read, each in tables
        if each.capacity_each is not None
    }  # fmt: skip
    clear = frozenset(
        f"equipements {number}" for number, (read, _) in enumerate(tables, start=1)
        if read.name in rules
    )  # fmt: skip
    return secrecy.hide_capacities(joined, rules, assumed) if rules else joined, clear


def _under_rules(
    config: StudyConfig, people: TableRead
) -> tuple[TableRead, tuple[secrecy.Figure, ...], list[Finding]]:
    """Hide the counts that the rules of secrecy hide, and say how many."""
    given, rules = config.file.sources.population, config.file.secrecy.every_rule
    figures = tuple(secrecy.figures_of(people, given, rules))
    kept, hidden = secrecy.hide_by_rule(people, given, rules)
    labelled = {each.name: each for each in figures}
    said = [
        Finding("warning", "secret_by_rule", "population", str(name),
                {"column": labelled[str(name)].label, "count": int(hidden[name].sum()),
                 "rule": rules[labelled[str(name)].rule_name].label})
        for name in hidden.columns if hidden[name].any()
    ]  # fmt: skip
    return kept, figures, said


def _no_register(config: StudyConfig) -> list[Finding]:
    """Advise a register where a rule of secrecy applies and none is named."""
    given = config.file.sources
    rules = [*(each.secrecy for each in given.indicators.values()),
             *(each.secrecy for each in given.equipements)]  # fmt: skip
    ruled = given.population.ruled or any(rule not in (None, "none") for rule in rules)
    if config.file.secrecy.publications is not None or not ruled:
        return []
    return [Finding("warning", "secret_no_register", "population")]


def _undeclared(config: StudyConfig, joined: Territory) -> list[Finding]:
    """Tell of places whose service nothing declares."""
    counts = joined.equipements["service"].value_counts().sort_index()
    return [
        Finding("warning", "service_undeclared", "equipements", str(service),
                {"service": service, "count": int(count)})
        for service, count in counts.items() if service not in config.services
    ]  # fmt: skip


def people_of_roads(
    file: StudyFile, read: Reading, plan: Callable[[], secrecy.Plan], *, shared: bool
) -> pd.Series:
    """Return the people that roads are read for, as they may be told, by code_insee.

    Unknown where some are secret and the plan itself asks for roads: its known totals are of
    groups by pole.

    Parameters
    ----------
    shared : whether a register says what was published before
    """
    figure = first_figure(file.sources.population)
    people = read.territory.population[figure]
    secret = any(each.rule is not None or each.masked for each in read.figures)
    if not secret and not shared:
        return people
    asked = {each.grouping for each in file.secrecy.known_totals}
    if any(name in asked and each.kind == "poles" for name, each in file.groups.items()):
        return people * float("nan")
    return secrecy.withheld(read.territory, plan()).population[figure]
