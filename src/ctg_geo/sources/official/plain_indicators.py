"""Indicators by commune in no official format: the study says what each column is."""

from collections.abc import Collection
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
    named = [(each.column, each.of, each.status_column) for each in values.values()]
    used = [name for each in named for name in each if name is not None]
    raw.require(used)
    columns = {name: _figure(raw, value) for name, value in values.items()}
    return told(read, columns, used=used)


def _figure(raw: RawTable, value: IndicatorValue) -> Status:
    number, status = figure_of(raw, value)
    number = np.where(np.isfinite(number), number, np.nan)
    if value.of is None:
        return number, status
    whole = raw.numbers(value.of)
    return ratio((number, status), (whole.value, whole.status))
