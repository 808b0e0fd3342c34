"""Digital fragility by commune (Mednum): the scores that the study names."""

from collections.abc import Collection
from pathlib import Path

from ctg_geo.config.people_source import IndicatorSource
from ctg_geo.sources.door import TableRead
from ctg_geo.sources.official.by_commune import column_of, read_rows, told

__all__ = ["read_fragility"]


def read_fragility(
    path: Path, source: IndicatorSource, *, within: Collection[str] | None
) -> TableRead:
    """Read scores of digital fragility; the export has no fixed headings, the study names them.

    Raises
    ------
    MissingColumnError, UnreadableFileError, DataError
        If a column is missing, the file is damaged or a cell is wrong.
    """
    read = read_rows(path, source, within=within)
    headings = {name: column_of(read.raw, (column,)) for name, column in source.columns.items()}
    columns = {}
    for name, heading in headings.items():
        numbers = read.raw.numbers(heading)
        columns[name] = (numbers.value, numbers.status)
    return told(read, columns, used=list(headings.values()))
