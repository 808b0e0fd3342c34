"""Tables with one row a commune: the heading under its titles, codes checked, rows told."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ctg_geo import contracts
from ctg_geo.config.context_source import WEIGHT
from ctg_geo.config.people_source import IndicatorSource
from ctg_geo.config.table_source import TableSource
from ctg_geo.errors import MissingColumnError, UnreadableFileError
from ctg_geo.sources.door import RawTable, TableRead, without_repeats
from ctg_geo.sources.files import check_present, read_table
from ctg_geo.sources.official.bulk import among, read_bulk
from ctg_geo.sources.official.headings import first_of
from ctg_geo.sources.official.sums import WORST
from ctg_geo.sources.workbook import read_workbook

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["CODE_NAMES", "Rows", "column_of", "ratio", "read_rows", "taken", "told"]

CODE_NAMES: Final = (
    "codgeo", "code_insee", "code insee", "insee", "code_commune", "codecommune", "depcom",
    "insee_com", "codeinsee", "com", "code géographique", "code_geo",
)  # fmt: skip
_TITLES: Final = 30  # rows of titles that Insee puts above the heading of a workbook

Status = tuple[npt.NDArray[np.float64], npt.NDArray[np.object_]]


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """The rows kept of a table, the heading of their commune codes, and how many it has."""

    raw: RawTable
    code: str
    rows: int


def read_rows(
    path: Path,
    source: TableSource,
    *,
    within: Collection[str] | None,
    codes: Sequence[str] = CODE_NAMES,
) -> Rows:
    """Read the rows of some communes; workbooks may have titles above their heading.

    Parameters
    ----------
    within : communes to keep; None for all
    codes : headings that commune codes may have, in lower case

    Raises
    ------
    MissingColumnError
        If no heading is one of `codes`.
    MissingFileError, UnreadableFileError, ConfigError
        If the file is not there or is damaged.
    """
    if path.name.lower().endswith((".csv", ".txt", ".zip", ".csv.gz", ".parquet")):
        return _bulk(path, source, within, codes)
    excel = path.name.lower().endswith((".xlsx", ".xlsm"))
    raw = _workbook(path, source, codes) if excel else read_table(path, source)
    code = column_of(raw, codes)
    if within is None:
        return Rows(raw, code, len(raw))
    return Rows(taken(raw, np.isin(raw.text(code), list(within))), code, len(raw))


def _bulk(
    path: Path, source: TableSource, within: Collection[str] | None, codes: Sequence[str]
) -> Rows:
    def choose(headings: list[str]) -> dict[str, str]:
        code = first_of(path.name, headings, codes)
        return {each: each for each in headings if each} | {code: code}

    def keep(block: "pa.Table") -> "npt.NDArray[np.bool_]":
        code = first_of(path.name, block.column_names, codes)
        assert within is not None, "all rows are kept without a filter"
        return among(code, within)(block)

    bulk = read_bulk(path, source, choose=choose, keep=None if within is None else keep)
    return Rows(bulk.raw, column_of(bulk.raw, codes), bulk.rows)


def _workbook(path: Path, source: TableSource, codes: Sequence[str]) -> RawTable:
    check_present(path)
    rows = read_workbook(path, source)
    for at in range(min(len(rows), _TITLES)):
        titles = [str(each).strip() for each in rows.iloc[at]]
        if {each.casefold() for each in titles} & set(codes):
            frame = rows.iloc[at + 1 :].reset_index(drop=True)
            frame.columns = pd.Index([each or f"#{n}" for n, each in enumerate(titles)])
            blank = (frame == "").all(axis=1).to_numpy()
            row = np.arange(len(frame), dtype=np.int64) + at + 2
            if blank.all():
                raise UnreadableFileError("no_rows", file=path.name)
            frame = frame[~blank].reset_index(drop=True)
            return RawTable(path.name, frame, row[~blank], source, [], [], (".", source.decimal))
    first = [str(each) for each in rows.iloc[0] if str(each)] if len(rows) else []
    raise MissingColumnError("columns", file=path.name, missing=[" / ".join(codes)], found=first)


def column_of(raw: RawTable, names: Sequence[str]) -> str:
    """Return the heading that is the first of some names, whatever its case.

    Raises
    ------
    MissingColumnError
        If the table has none of them.
    """
    return first_of(raw.name, [str(each) for each in raw.frame.columns], names)


def taken(raw: RawTable, mask: npt.NDArray[np.bool_]) -> RawTable:
    """Return some rows of a table, with their numbers in the file."""
    frame = raw.frame[mask].reset_index(drop=True)
    return RawTable(raw.name, frame, raw.row[mask], raw.source, [], [], raw.decimals)


def told(read: Rows, columns: Mapping[str, Status], *, used: Collection[str]) -> TableRead:
    """Return figures by commune as a checked table.

    Parameters
    ----------
    read : the rows kept, one a commune
    columns : value and status of each figure, on those rows
    used : headings that identical repeats must share

    Raises
    ------
    DataError
        With every wrong cell, or a commune that stands twice.
    """
    raw = read.raw
    weights = _weights(raw, columns)
    columns = {**columns, **{f"{WEIGHT}{name}": each for name, each in weights.items()}}
    code = raw.codes(read.code)
    mask = without_repeats(raw, read.code, [read.code, *used, *weights])
    raw.raise_defects()
    content: dict[str, npt.NDArray[np.float64] | npt.NDArray[np.object_]] = {}
    for name, (value, status) in columns.items():
        content[name], content[f"{name}_status"] = value, status
    index = pd.Index(code, name="code_insee", dtype=object)
    table = pd.DataFrame(content, index=index)[mask].sort_index()
    checked = contracts.checked(table, contracts.INDICATORS, table_name=raw.name)
    row_of = pd.Series(raw.row[mask], index=index[mask])
    return TableRead(
        raw.name, checked, row_of, read.rows, raw.findings,
        row_codes=pd.Series(code, index=raw.row, dtype=object),
    )  # fmt: skip


def _weights(raw: RawTable, figures: Collection[str]) -> dict[str, Status]:
    """Read the columns of the file that weigh rates; a figure of the table weighs by itself."""
    source = raw.source
    if not isinstance(source, IndicatorSource):
        return {}
    plain = [each.weighed_by for each in source.values.values()]  # noqa: PD011  (a field of the settings)
    named = [each for each in source.weights.values() if each not in figures]
    wanted = list(dict.fromkeys([*named, *(each for each in plain if each is not None)]))
    raw.require(wanted)
    read = {name: raw.numbers(name) for name in wanted}
    return {name: (each.value, each.status) for name, each in read.items()}


def ratio(part: Status, whole: Status) -> Status:
    """Return the share (0-1) of a part; a rate on an unknown or secret count is so itself."""
    rank = {word: at for at, word in enumerate(WORST)}
    at = np.minimum([rank[each] for each in part[1]], [rank[each] for each in whole[1]])
    status = np.array(WORST, dtype=object)[at]
    share = np.full(len(status), np.nan)
    some = whole[0] > 0
    np.divide(part[0], whole[0], out=share, where=some)
    given = np.isin(status, (contracts.OBSERVED, contracts.ESTIMATED))
    status[given & ~some] = contracts.NOT_APPLICABLE  # of nobody
    share[~np.isin(status, (contracts.OBSERVED, contracts.ESTIMATED))] = np.nan
    return share, status
