"""The indicators of a study: read for its communes, brought to their year, named."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pandas as pd

from ctg_geo import contracts, labels, secrecy, sources, territory
from ctg_geo.config import StudyConfig
from ctg_geo.config.context_source import WEIGHT, IndicatorKind
from ctg_geo.config.people_source import IndicatorSource
from ctg_geo.config.table_source import FileSource
from ctg_geo.errors import ConfigError
from ctg_geo.provenance import Ledger
from ctg_geo.quality import Finding
from ctg_geo.sources import TableRead
from ctg_geo.territory import Moves

__all__ = ["Indicators", "read_indicators", "without_retold"]

PathOf = Callable[[str, FileSource], Path]


@dataclass(frozen=True, slots=True, eq=False)
class Indicators:
    """Figures about the families of each commune of the study, with their status.

    `titles`, `kinds` and `origins` say, by name of the figure, what to call it, what it is,
    and who publishes it (provider and vintage).
    """

    table: pd.DataFrame  # by code_insee
    findings: tuple[Finding, ...]
    ledgers: tuple[Ledger, ...]
    titles: Mapping[str, str]
    kinds: Mapping[str, IndicatorKind]
    origins: Mapping[str, str] = field(default_factory=dict)


def read_indicators(
    config: StudyConfig, path_of: PathOf, communes: pd.Index, area: Collection[str], moves: Moves
) -> Indicators:
    """Read the indicators of a study for its communes and their buffer.

    Those of communes that have merged since are brought together: counts add up, rates are
    averaged by the people they are of. A commune that a file does not have is not available.

    Parameters
    ----------
    communes : codes of the study
    area : these, and all codes that became theirs
    moves : what became of communes

    Raises
    ------
    DataError
        If communes with a rate have merged and nothing weighs it, or one of the study was cut.
    ConfigError
        If two tables give a figure of the same name.
    """
    tables, findings, ledgers = [pd.DataFrame(index=communes)], list[Finding](), list[Ledger]()
    titles, kinds = dict[str, str](), dict[str, IndicatorKind]()
    origins = dict[str, str]()
    for name, source in config.file.sources.indicators.items():
        path = path_of(f"indicators {name}", source)
        read = sources.read_indicator(path, source, within=area)
        table, said, ledger = _of_study(read, name, source, communes, moves)
        for figure in _figures(table):
            if figure in titles:
                raise ConfigError("indicator_twice", file=config.path.name, name=figure, table=name)
            titles[figure], kinds[figure] = _title(figure, source), source.kind(figure)
            origins[figure] = f"{source.provider}, {source.vintage}"
        findings += [*read.findings, *said]
        ledgers.append(ledger)
        tables.append(table)
    table = pd.concat(tables, axis=1)
    return Indicators(table, tuple(findings), tuple(ledgers), titles, kinds, origins)


def without_retold(
    given: Indicators, people: pd.DataFrame, plan: secrecy.Plan,
    tables: Mapping[str, IndicatorSource],
) -> Indicators:  # fmt: skip
    """Hide the indicators that tell again what is secret elsewhere, where it is.

    Parameters
    ----------
    given : each table under its own rule
    people : the population as it may be told
    plan : what is secret of it
    tables : as configured; those under no rule hide first, and rates before counts
    """
    of = {figure: name for name, each in tables.items() for figure in each.figures}
    names = [name for name in given.titles if given.kinds[name] in ("rate", "count")]
    both = {f"count_{name}": (people[name], people[f"{name}_status"]) for name in plan.figures}
    both |= {name: (given.table[name], given.table[f"{name}_status"]) for name in names}
    index = given.table.index
    secret = pd.DataFrame({name: (status == contracts.SECRET).reindex(index, fill_value=False)
                           for name, (_, status) in both.items()}, index=index)  # fmt: skip
    if not names or not secret.to_numpy().any():
        return given
    values = pd.DataFrame({name: value.reindex(index) for name, (value, _) in both.items()})
    first = sorted(names, key=lambda name: (
        tables[of[name]].secrecy not in (None, "none") if name in of else False,
        given.kinds[name] == "count", name,
    ))  # fmt: skip
    table, said = given.table.copy(), list(given.findings)
    titles = {f"count_{name}": each.label for name, each in plan.figures.items()} | dict(
        given.titles
    )
    for each in secrecy.retold(values, secret, first):
        table.loc[list(each.codes), each.figure] = np.nan
        table.loc[list(each.codes), f"{each.figure}_status"] = contracts.SECRET
        parts = [titles[name] for name in (each.secret, each.beside) if name]
        facts: dict[str, object] = {"column": titles[each.figure], "parts": parts,
                                    "count": len(each.codes)}  # fmt: skip
        said.append(Finding("warning", "secret_retold", "indicators", of.get(each.figure, ""),
                            facts))  # fmt: skip
    return replace(given, table=table, findings=tuple(said))


def _of_study(
    read: TableRead, name: str, source: IndicatorSource, communes: pd.Index, moves: Moves
) -> tuple[pd.DataFrame, list[Finding], Ledger]:
    """Bring a table to the communes of the study; account for its rows."""
    figures = _figures(read.table)
    kinds = {each: source.kind(each) for each in figures}
    kinds |= {str(each): "count" for each in read.table if _is_weight(str(each))}
    weights = {each: of for each in figures if (of := _weight(read.table, source, each))}
    moved, now, findings = territory.moved_indicators(
        read.table, moves, kinds=kinds, weights=weights, table=read.name, cog=source.cog,
        wanted=communes,
    )  # fmt: skip
    absent = communes.difference(moved.index)
    if len(absent):
        facts: dict[str, object] = {"count": len(absent), "codes": list(absent)}
        findings.append(Finding("warning", "indicator_absent", read.name, name, facts))
    codes = read.table.index.to_series() if read.row_codes is None else read.row_codes
    here = {code for code, ends in now.items() if any(each in communes for each in ends)}
    used = int(codes.isin(here).sum())
    kept = [column for each in figures for column in (each, f"{each}_status")]
    table = moved[kept].reindex(communes)
    for each in figures:
        status = table[f"{each}_status"]
        table[f"{each}_status"] = status.fillna(contracts.NOT_AVAILABLE).astype(object)
    return table, findings, Ledger(read.name, read.rows, used, {"elsewhere": read.rows - used})


def _figures(table: pd.DataFrame) -> list[str]:
    names = [str(each) for each in table.columns]
    return [each for each in names if f"{each}_status" in names and not each.startswith(WEIGHT)]


def _is_weight(name: str) -> bool:
    return name.startswith(WEIGHT) and not name.endswith("_status")


def _weight(table: pd.DataFrame, source: IndicatorSource, figure: str) -> str | None:
    """Return the column of the table that weighs a rate, if there is one."""
    named = source.weighed_by(figure)
    return next((each for each in (f"{WEIGHT}{named}", named) if each in table.columns), None)


def _title(figure: str, source: IndicatorSource) -> str:
    value = source.values.get(figure)  # noqa: PD011  (a field of the settings)
    if value is not None and value.label:
        return value.label
    key = f"indicators.{figure}"
    return labels.text(key) if labels.has(key) else figure
