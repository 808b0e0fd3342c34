"""Income of households by commune (Insee, Filosofi): masked where they are few."""

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from ctg_geo import contracts
from ctg_geo.config.people_source import IndicatorSource
from ctg_geo.errors import ConfigError, MissingColumnError
from ctg_geo.sources.door import RawTable, TableRead
from ctg_geo.sources.official.by_commune import (
    CODE_NAMES,
    Rows,
    Status,
    column_of,
    read_rows,
    taken,
    told,
)
from ctg_geo.sources.official.headings import by_heading, latest

__all__ = ["read_income"]

# The measure of the long file, the column of the wide one, and what a percent is divided by.
_FIGURES: Final[dict[str, tuple[str, str, float]]] = {
    "median_income": ("MED_SL", "MED", 1.0),
    "poverty_share": ("PR_MD60", "TP60", 100.0),
    "households": ("NUM_HH", "NBMENFISC", 1.0),
}
_LONG: Final = ("GEO", "GEO_OBJECT", "FILOSOFI_MEASURE", "TIME_PERIOD", "OBS_VALUE")
_FREE: Final = ("F", "")


def read_income(
    path: Path, source: IndicatorSource, *, within: Collection[str] | None
) -> TableRead:
    """Read median standard of living (€ a year), poverty (share 0-1) and fiscal households.

    Two layouts are known: one row a commune and a column a figure with its year (`MED21`;
    `s` secret, `nd` not available), and since 2021 one row a measure (`FILOSOFI_MEASURE`,
    `OBS_VALUE`, confidential where `CONF_STATUS` is not F).

    Raises
    ------
    MissingColumnError, UnreadableFileError, DataError
        If a column is missing, the file is damaged or a cell is wrong.
    ConfigError
        If a long file holds several years and `period` chooses none.
    """
    read = read_rows(path, source, within=within, codes=(*CODE_NAMES, "geo"))
    if "obs_value" in by_heading(read.raw.frame.columns):
        return _long(read, source)
    return _wide(read, source)


def _wide(read: Rows, source: IndicatorSource) -> TableRead:
    raw = read.raw
    columns: dict[str, Status] = {}
    used = []
    for name, (_, stem, unit) in _FIGURES.items():
        heading = source.columns.get(name) or latest(raw.frame.columns, rf"{stem}(\d\d)")
        if heading is None:
            continue
        raw.require([heading])
        used.append(heading)
        columns[name] = _measured(raw, heading, unit)
    if not columns:
        found = [str(each) for each in raw.frame.columns if str(each)]
        stems = [stem for _, stem, _ in _FIGURES.values()]
        raise MissingColumnError("columns", file=raw.name, missing=stems, found=found)
    return told(read, columns, used=used)


def _measured(raw: RawTable, column: str, unit: float) -> Status:
    numbers = raw.numbers(column)
    return numbers.value / unit, numbers.status


def _long(read: Rows, source: IndicatorSource) -> TableRead:
    whole = read.raw
    names = {each: column_of(whole, (each,)) for each in _LONG}
    measures = [measure for measure, _, _ in _FIGURES.values()]
    wanted = (whole.text(names["GEO_OBJECT"]) == "COM") & np.isin(
        whole.text(names["FILOSOFI_MEASURE"]), measures
    )
    raw = taken(whole, wanted)
    years = sorted(set(raw.text(names["TIME_PERIOD"])))
    if len(years) > 1 or (source.period is not None and years):
        if source.period not in years:
            facts = {"column": names["TIME_PERIOD"], "known": years}
            raise ConfigError("period_choice", file=raw.name, **facts)
        raw = taken(raw, raw.text(names["TIME_PERIOD"]) == source.period)
    return _pivoted(raw, names, rows=read.rows)


def _pivoted(raw: RawTable, names: dict[str, str], *, rows: int) -> TableRead:
    """Bring the measures of each commune onto one row; one that is absent is not available."""
    code, measure = raw.codes(names["GEO"]), raw.text(names["FILOSOFI_MEASURE"])
    numbers = raw.numbers(names["OBS_VALUE"])
    status = numbers.status.copy()
    there = by_heading(raw.frame.columns)
    if "conf_status" in there:
        status[~np.isin(raw.text(there["conf_status"]), _FREE)] = contracts.SECRET
    key = list(zip(code, measure, strict=True))
    first: dict[tuple[str, str], int] = {}
    for at, each in enumerate(key):
        if each in first:
            facts = {"first": str(raw.row[first[each]])}
            raw.add("code_twice", at, names["GEO"], str(each[0]), **facts)
        first.setdefault(each, at)
    raw.raise_defects()
    lead = np.array(sorted({each: at for at, each in reversed(list(enumerate(code)))}.values()))
    kept = taken(raw, np.isin(np.arange(len(raw)), lead))
    columns: dict[str, Status] = {}
    for name, (wanted, _, unit) in _FIGURES.items():
        place = np.array([first.get((each, wanted), -1) for each in kept.text(names["GEO"])], int)
        told_status = np.where(place >= 0, status[place], contracts.NOT_AVAILABLE).astype(object)
        given = told_status == contracts.OBSERVED
        value = np.where(given, numbers.value[place] / unit, np.nan)
        columns[name] = (value, told_status)
    read = told(Rows(kept, names["GEO"], rows), columns, used=[])
    return replace(read, row_codes=pd.Series(code, index=raw.row, dtype=object))
