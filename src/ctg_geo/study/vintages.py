"""The vintage of a study: what its files look like, and what brings them to one year."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path
from typing import Final

from ctg_geo import sources, territory
from ctg_geo.config.datasets import NamedDataset
from ctg_geo.config.study_file import Sources
from ctg_geo.config.table_source import FileSource
from ctg_geo.quality import Finding
from ctg_geo.sources import Events
from ctg_geo.territory import Ingredients, Moves, Territory, Vintage

__all__ = ["later_events", "looks", "seen", "study_moves", "unverified"]

_YEAR: Final = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])")

PathOf = Callable[[str, FileSource], Path]


def study_moves(given: Sources, cog: int | None, path_of: PathOf) -> Moves:
    """Read the events and the key of splits that a study names.

    Parameters
    ----------
    given : the sources of the study
    cog : the year whose communes are wanted; None, after the last event
    path_of : the path of a source, by its role
    """
    events, key = sources.NO_EVENTS, dict[str, dict[str, float]]()
    if given.mergers is not None:
        events = sources.read_events(path_of("mergers", given.mergers), given.mergers)
    if given.splits is not None:
        key = sources.read_splits(path_of("splits", given.splits), given.splits)
    return territory.Moves(events, cog, key)


def later_events(given: Sources, cog: int | None, events: Events) -> list[Finding]:
    """Tell of events dated after every year that the study names: they have hardly happened.

    No clock is asked: the same study finds the same on any day. Where a year is wanted (`cog`),
    later events are not used, and nothing is told.
    """
    named = (given.communes, given.places, given.population, given.mergers, *given.equipements)
    vintages = " ".join(each.vintage for each in named if each is not None)
    years = [int(year) for year in _YEAR.findall(vintages)]
    if given.mergers is None or cog is not None or not years:
        return []
    table, last = events.table, max(years)
    later = table[table["date"].str[:4] > str(last)]
    return [
        Finding("warning", "event_later", events.name, facts={
            "date": str(date), "year": str(last), "codes": sorted(set(rows["before"]))})
        for date, rows in later.groupby("date", sort=True)
    ]  # fmt: skip


def looks(given: Ingredients, file: Sources, joined: Territory) -> list[Finding]:
    """Tell the year of the COG that each file of a study looks like; see `seen`."""
    inside = joined.communes["inside"]
    read = [(given.communes_name, given.communes.index, file.communes.cog)]
    if given.places is not None and file.places is not None:
        read.append((f"{given.places.name} (points)", given.places.table.index, file.places.cog))
    read.append((given.population.name, given.population.table.index, file.population.cog))
    whole = [name for name, _, _ in read]  # places that serve are not in every commune
    for each, source in given.equipements:
        codes = each.table["code_insee"] if each.row_codes is None else each.row_codes
        read.append((each.name, [code for code in codes.unique() if code], source.cog))
    tables = {name: [str(code) for code in codes] for name, codes, _ in read}
    cogs = {name: cog for name, _, cog in read}
    absent = {one.identifier for one in joined.findings if one.key == "no_population"}
    lacking = [str(code) for code in inside.index[inside] if code in absent]
    return seen(tables, cogs, given.moves, complete=whole, lacking=lacking)


def seen(
    tables: Mapping[str, Iterable[str]],
    cogs: Mapping[str, int | None],
    moves: Moves,
    *,
    complete: Collection[str],
    lacking: Collection[str] = (),
) -> list[Finding]:
    """Tell the year of the COG that each table looks like, against the first, the communes layer.

    Parameters
    ----------
    tables : codes of each table by its name, the communes layer first
    cogs : the year that a table says it is of
    moves : the events known
    complete : names of tables that have every commune of their area
    lacking : communes of the study, as the layer has them, that the table of people has not
    """
    if not moves.events.dated:
        layer = next(iter(tables))
        if lacking:
            facts: dict[str, object] = {"count": len(lacking), "codes": sorted(lacking)}
            return [Finding("warning", "vintage_doubtful", layer, facts=facts)]
        return [Finding("info", "vintage_no_events", layer)]
    looks = {
        name: moves.vintage(codes, complete=name in complete) for name, codes in tables.items()
    }
    layer, reference = next(iter(looks.items()))
    findings = []
    for name, each in looks.items():
        findings.append(Finding("info", *_span(each, name)))
        said = cogs.get(name)
        if said is not None and not each.meets(Vintage(said, said)):
            facts = {"said": str(said), "looks": _years(each)}
            findings.append(Finding("warning", "vintage_said", name, facts=facts))
        if not each.meets(reference):
            facts = {"looks": _years(each), "layer": layer, "of": _years(reference)}
            findings.append(Finding("warning", "vintage_differs", name, facts=facts))
    return findings


def unverified(datasets: Iterable[NamedDataset]) -> list[Finding]:
    """Tell of datasets whose address, or the file it gives, is not confirmed."""
    return [
        Finding("info", "dataset_to_verify", each.where, each.key, {"page": each.dataset.page})
        for each in datasets if each.dataset.status == "to_verify"
    ]  # fmt: skip


def _span(looks: Vintage, table: str) -> tuple[str, str, str, dict[str, object]]:
    facts: dict[str, object] = {"low": str(looks.low), "high": str(looks.high)}
    if looks.mixed:
        facts |= {"count": len(looks.mixed), "codes": list(looks.mixed)}
        return "vintage_mixed", table, "", facts
    bounds = (looks.low is not None, looks.high is not None)
    keys = {(True, True): "between", (True, False): "from", (False, True): "upto"}
    if bounds[0] and looks.low == looks.high:
        return "vintage_of", table, "", facts
    return f"vintage_{keys.get(bounds, 'any')}", table, "", facts


def _years(looks: Vintage) -> str:
    """Write the years of a vintage shortly: 2019-2021, ≤ 2018, ≥ 2022."""
    if looks.low is None:
        return "–" if looks.high is None else f"≤ {looks.high}"
    if looks.high is None:
        return f"≥ {looks.low}"
    return str(looks.low) if looks.low == looks.high else f"{looks.low}–{looks.high}"
