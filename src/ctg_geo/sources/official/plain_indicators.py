"""Indicators by commune in no official format: the study says what each column is."""

from collections.abc import Collection, Mapping
from pathlib import Path

import numpy as np

from ctg_geo.config.context_source import IndicatorValue
from ctg_geo.config.people_source import IndicatorSource
from ctg_geo.sources.door import RawTable, TableRead
from ctg_geo.sources.official.by_commune import Status, ratio, read_rows, told
from ctg_geo.sources.population import figure_of

__all__ = ["read_plain"]


def read_plain(path: Path, source: IndicatorSource, *, within: Collection[str] | None) -> TableRead:
    """Read the figures that `source.values` declares; a share on a secret count is secret.

    Raises
    ------
    MissingColumnError, UnreadableFileError, DataError
        If a column is missing, the file is damaged or a cell is wrong.
    """
    read = read_rows(path, source, within=within, codes=(source.code_insee,))
    raw = read.raw
    values = source.values
    wholes = {each.of: _whole(raw, each.of, source) for each in values.values() if each.of}
    named = [*values.values(), *wholes.values()]
    used = [name for each in named for name in (each.column, each.status_column) if name]
    raw.require(used)
    shares = {of: figure_of(raw, whole) for of, whole in wholes.items()}
    columns = {name: _figure(raw, value, shares) for name, value in values.items()}
    return told(read, columns, used=used)


def _whole(raw: RawTable, column: str, source: IndicatorSource) -> IndicatorValue:
    """Return what a share is of, with its statuses: those declared for it, or of `…_status`."""
    declared = [each.status_column for each in source.values.values() if each.column == column]
    beside = f"{column}_status"
    said = next(filter(None, declared), beside if beside in raw.frame.columns else None)
    return IndicatorValue(column=column, status_column=said)


def _figure(raw: RawTable, value: IndicatorValue, wholes: Mapping[str, Status]) -> Status:
    number, status = figure_of(raw, value)
    number = np.where(np.isfinite(number), number, np.nan)
    return (number, status) if value.of is None else ratio((number, status), wholes[value.of])
