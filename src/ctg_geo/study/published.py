"""Coverage rates that others publish: context beside our measure, never mixed with it."""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from ctg_geo import labels, sources
from ctg_geo.config.context_source import CoverageSource, PublishedRate
from ctg_geo.config.study_file import Sources
from ctg_geo.config.table_source import FileSource
from ctg_geo.provenance import Ledger
from ctg_geo.quality import Finding
from ctg_geo.sources import Coverage
from ctg_geo.territory import Territory

__all__ = ["Published", "Rate", "read_published"]

PathOf = Callable[[str, FileSource], Path]


@dataclass(frozen=True, slots=True)
class Rate:
    """A published rate: places of formal childcare per 100 children under 3 of an area."""

    services: tuple[str, ...]
    area: str
    year: str
    per_100: float  # all modes of care
    eaje: float  # of it, collective care; NaN where it is not told
    source: str

    def said(self) -> str:
        """Say it in one sentence, in words that no measure of ours uses."""
        key = "published.rate" if math.isnan(self.eaje) else "published.rate_eaje"
        return labels.text(
            key, area=self.area, year=self.year, rate=self.per_100, eaje=self.eaje,
            source=self.source,
        )  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Published:
    """The published rates of a study, and what was found in their files."""

    rates: tuple[Rate, ...]
    findings: tuple[Finding, ...]
    ledgers: tuple[Ledger, ...]

    def context(self, service: str) -> tuple[str, ...]:
        """Return the sentences for the readers of a service; none where nothing is published."""
        said = [each.said() for each in self.rates if service in each.services]
        if not said:
            return ()
        return (labels.text("published.head"), *(f"  – {each}" for each in said),
                labels.text("published.apart"))  # fmt: skip


def read_published(given: Sources, path_of: PathOf, territory: Territory) -> Published:
    """Read the published rates of the areas that a study is about.

    Raises
    ------
    CtgGeoError
        If a file cannot be used (see `ctg_geo.sources.read_coverage`).
    """
    rates, findings, ledgers = list[Rate](), list[Finding](), list[Ledger]()
    for name, source in given.coverage.items():
        path = path_of(f"coverage {name}", source)
        read = sources.read_coverage(path, source)
        wanted = source.areas or _areas(read.level, territory)
        chosen = _chosen(read, source, wanted)
        rates += _rates(chosen, source, _names(read.level, source, territory))
        lost = [code for code in wanted if code not in chosen.index]
        if read.level == "com" and not source.areas:
            lost = []  # communes under 10 000 inhabitants are never published
        if lost or chosen.empty:
            facts: dict[str, object] = {"codes": lost or list(wanted), "year": source.year or "–"}
            findings.append(Finding("warning", "coverage_absent", path.name, name, facts))
        findings += read.findings
        ledgers.append(_ledger(read, chosen))
    rates += [_stated(each) for each in given.published_rates]
    findings += [Finding("info", "coverage_published", "coverage", each.area, {"said": each.said()})
                 for each in rates]  # fmt: skip
    return Published(tuple(rates), tuple(findings), tuple(ledgers))


def _areas(level: str, territory: Territory) -> tuple[str, ...]:
    """Return the areas of a level that a territory is in; a region is not told by its communes."""
    inside = territory.communes.loc[territory.inside]
    if level == "com":
        return tuple(map(str, inside.index))
    if level == "epci":
        return tuple(sorted({str(each) for each in inside["epci"] if each}))
    return tuple(
        sorted({_department(str(code)) for code in inside.index} if level == "dep" else ())
    )


def _department(code: str) -> str:
    """Return the department of a commune: overseas ones have three figures."""
    return code[:3] if code.startswith(("97", "98")) else code[:2]


def _chosen(read: Coverage, source: CoverageSource, wanted: Iterable[str]) -> pd.DataFrame:
    """Return the rows of the areas, by code: of the year asked for, else of their last."""
    table = read.table.reset_index("year")
    table = table[table.index.isin(list(wanted)) & table["all_modes"].notna()]
    if source.year is not None:
        table = table[table["year"] == source.year]
    table = table.sort_values("year", kind="stable")
    return table[~table.index.duplicated(keep="last")].sort_index()


def _names(level: str, source: CoverageSource, territory: Territory) -> Mapping[str, str]:
    if level == "com":
        return {**territory.names, **source.names}
    return source.names


def _rates(table: pd.DataFrame, source: CoverageSource, names: Mapping[str, str]) -> list[Rate]:
    return [
        Rate(source.services, names.get(str(code), str(code)), str(row["year"]),
             float(row["all_modes"]), float(row["eaje"]), source.provider)
        for code, row in table.iterrows()
    ]  # fmt: skip


def _stated(given: PublishedRate) -> Rate:
    return Rate(given.services, given.area, given.year, given.per_100, float("nan"), given.source)


def _ledger(read: Coverage, chosen: pd.DataFrame) -> Ledger:
    """Account for the rows: those shown, those of other areas or years, those of no area."""
    other = read.ledger.used - len(chosen)
    aside = {**read.ledger.set_aside, "elsewhere": other}
    return Ledger(read.ledger.table, read.ledger.read, len(chosen), aside)
