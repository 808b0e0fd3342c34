"""Figures made from published columns, and added up; a sum with an unknown part is unknown."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ctg_geo import contracts
from ctg_geo.config.study_file import ValueColumn
from ctg_geo.contracts import Band, bridge
from ctg_geo.errors import MissingColumnError
from ctg_geo.sources.door import RawTable

__all__ = ["WORST", "Figures", "added", "made", "parts_of"]

Figures = Mapping[str, Mapping[str, float]]  # figure -> column -> share of it

# Worst first: what is known of a sum is what is known of its least known part.
WORST: Final = (
    contracts.SECRET, contracts.NOT_AVAILABLE, contracts.NOT_APPLICABLE, contracts.ESTIMATED,
    contracts.OBSERVED,
)  # fmt: skip


def parts_of(
    values: Mapping[str, ValueColumn],
    *,
    bands: Mapping[Band, Sequence[str]],
    named: Mapping[str, str],
    file: str,
) -> Figures:
    """Return the columns, with shares, that each figure is made of.

    Parameters
    ----------
    values : figures of the study; their column is an age band or a published column
    bands : columns of the file that sum to each published band
    named : headings of the file by the names a column may be called by
    file : its name, for the error

    Raises
    ------
    MissingColumnError
        If a column is not in the file, or a band is not covered by the published ones.
    """
    found: dict[str, dict[str, float]] = {}
    for figure, value in values.items():
        wanted = contracts.band(value.column)
        if wanted is None:
            if value.column in named:
                found[figure] = {named[value.column]: 1.0}
        elif (shares := bridge(wanted, bands)) is not None:
            found[figure] = {
                column: share for one, share in shares.items() for column in bands[one]
            }
    missing = [values[figure].column for figure in values if figure not in found]
    if missing:
        known = [*named, *(str(one) for one in bands)]
        raise MissingColumnError("columns", file=file, missing=missing, found=known)
    return found


def made(
    raw: RawTable, figures: Figures, values: Mapping[str, ValueColumn], *, blank: str
) -> pd.DataFrame:
    """Return each figure for each row of a table: value × factor, and its status.

    Parameters
    ----------
    raw : the table; wrong cells gather there
    figures : columns and shares of each
    values : factors, and what a figure is worth; one made of part of a band is an estimate
    blank : status of an empty cell

    Returns
    -------
    DataFrame on the rows, two columns a figure: `x`, `x_status`
    """
    columns = {name for parts in figures.values() for name in parts}
    read = {name: raw.numbers(name) for name in sorted(columns)}
    table = pd.DataFrame(index=pd.RangeIndex(len(raw)))
    for figure, parts in figures.items():
        total = np.zeros(len(raw))
        status = np.full(len(raw), len(WORST) - 1)
        for name, share in parts.items():
            total += share * read[name].value
            given = np.where(read[name].status == contracts.NOT_AVAILABLE, blank, read[name].status)
            status = np.minimum(status, _ranks(given))
        exact = all(share == 1.0 for share in parts.values())
        best = contracts.OBSERVED if exact else contracts.ESTIMATED
        status = np.minimum(status, _ranks(np.array([best, values[figure].status])).min())
        table[figure] = total * values[figure].factor
        table[f"{figure}_status"] = np.array(WORST, dtype=object)[status]
    return table


def added(table: pd.DataFrame) -> pd.DataFrame:
    """Add up the rows of a table of figures that bear the same index."""
    columns: dict[str, pd.Series] = {}
    for name in [each for each in table.columns if f"{each}_status" in table.columns]:
        rank = pd.Series(_ranks(table[f"{name}_status"].to_numpy()), index=table.index)
        worst = rank.groupby(level=0).min().map(dict(enumerate(WORST))).astype(object)
        total = table[name].groupby(level=0).sum(min_count=1)
        columns[name] = total.where(worst.isin((contracts.OBSERVED, contracts.ESTIMATED)))
        columns[f"{name}_status"] = worst
    sums = pd.DataFrame(columns).sort_index()
    sums.index.name = table.index.name
    return sums


def _ranks(status: npt.NDArray[np.object_]) -> npt.NDArray[np.int64]:
    rank = {word: at for at, word in enumerate(WORST)}
    return np.array([rank[str(each)] for each in status], dtype=np.int64)
