"""Tables about the years ahead: one row a commune or a place, and most often a year."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ctg_geo.config.table_source import TableSource
from ctg_geo.provenance import Ledger
from ctg_geo.quality import Finding
from ctg_geo.sources.door import RawTable
from ctg_geo.sources.files import read_table

__all__ = ["AheadRead", "read_ahead"]

_YEARS: Final = (1950, 2150)


@dataclass(frozen=True, slots=True, eq=False)
class AheadRead:
    """A table about the years ahead, row by row.

    `table` has the columns asked for, row (in the file) and given (the commune code there).
    """

    table: pd.DataFrame
    ledger: Ledger
    findings: tuple[Finding, ...]


def read_ahead(  # each option is a rule of one table
    path: Path,
    source: TableSource,
    columns: Mapping[str, str],
    *,
    key: str,
    known: Collection[str],
    became: Mapping[str, str],
    bounds: Mapping[str, tuple[float, float]],
    once: bool,
) -> AheadRead:
    """Read a table of the years ahead; rows about elsewhere are counted, or refused.

    Parameters
    ----------
    columns : our name -> heading
    key : code_insee or equipement_id, what a row is about
    known : the codes or identifiers of the study
    became : code -> the commune that it is a part of now
    bounds : the columns of numbers, and what they may be; a year is a whole number
    once : whether a key may stand once only (in a year, if there is one)

    Returns
    -------
    AheadRead
        Numbers are NaN where the cell is masked or empty, and have their status.

    Raises
    ------
    MissingColumnError, UnreadableFileError, DataError
        With every wrong cell: file, row, column, value, mend.
    """
    raw = read_table(path, source)
    raw.require(columns.values())
    table = pd.DataFrame(index=np.arange(len(raw)))
    table["row"] = raw.row
    codes = raw.codes(columns["code_insee"]) if "code_insee" in columns else None
    if codes is not None:
        table["given"] = codes
        table["code_insee"] = [became.get(code, code) for code in codes]
    for name in columns:
        if name in bounds:
            table[name], table[f"{name}_status"] = _numbers(raw, columns[name], bounds[name])
        elif name == "year":
            table[name] = _years(raw, columns[name])
        elif name != "code_insee":
            table[name] = raw.text(columns[name])
    raw.raise_defects()
    here = table[key].isin(list(known)).to_numpy()
    if not source.wider_area:
        for at in np.flatnonzero(~here):
            raw.add("ahead_unknown", int(at), columns[key], str(table[key].iloc[at]))
    if once:
        _refuse_twice(raw, columns[key], table[key] if codes is None else pd.Series(codes), table)
    raw.raise_defects()
    used = int(here.sum())
    ledger = Ledger(raw.name, len(raw), used, {"elsewhere": len(raw) - used})
    return AheadRead(table[here].reset_index(drop=True), ledger, tuple(raw.findings))


def _numbers(
    raw: RawTable, column: str, bounds: tuple[float, float]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.object_]]:
    low, high = bounds
    numbers = raw.numbers(column, minimum=None)
    value, status = numbers.value, numbers.status
    for at in np.flatnonzero((value < low) | (value > high)):
        said = str(raw.frame[column].iloc[at])
        raw.add("ahead_bounds", int(at), column, said, low=low, high=high)
    return value, status


def _years(raw: RawTable, column: str) -> npt.NDArray[np.int64]:
    value = raw.numbers(column, minimum=None).value
    right = (value >= _YEARS[0]) & (value <= _YEARS[1]) & (value == np.floor(value))
    for at in np.flatnonzero(~right):
        raw.add("ahead_year", int(at), column, str(raw.frame[column].iloc[at]))
    return np.where(right, value, 0).astype(np.int64)


def _refuse_twice(raw: RawTable, column: str, keys: pd.Series, table: pd.DataFrame) -> None:
    """Refuse a key that stands twice (in a year): which row holds cannot be told."""
    year = table["year"] if "year" in table else pd.Series(0, index=table.index)
    pairs = pd.DataFrame({"key": keys.to_numpy(), "year": year.to_numpy()})
    first = pairs.groupby(["key", "year"])["key"].transform(lambda each: each.index[0])
    for at in np.flatnonzero(pairs.duplicated().to_numpy()):
        above = str(raw.row[int(first.iloc[at])])
        raw.add("ahead_twice", int(at), column, str(keys.iloc[at]), first=above)
