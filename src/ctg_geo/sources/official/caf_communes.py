"""Tables of the Caf by commune: masked below five, and never zero for that."""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from ctg_geo import contracts
from ctg_geo.config.study_file import PopulationSource
from ctg_geo.errors import ConfigError
from ctg_geo.quality import Finding
from ctg_geo.sources.door import RawTable, TableRead, without_repeats
from ctg_geo.sources.official.by_commune import column_of, read_rows, taken
from ctg_geo.sources.official.headings import by_heading
from ctg_geo.sources.official.sums import made

__all__ = ["read_caf_communes"]

_CODE: Final = (
    "numéro commune", "numero commune", "codes_insee", "code_insee", "code insee", "codgeo",
    "depcom", "numcom",
)  # fmt: skip
_DATE: Final = ("date référence", "date_reference", "date reference", "dtref", "annee", "année")
_MASKED: Final = ("*", "xxx", "//", "///")  # of the Caf alone
_NO_AREA: Final = "X"  # rows of the open data coded XX or XXXXX are no areas


def read_caf_communes(
    path: Path, source: PopulationSource, *, within: Collection[str] | None
) -> TableRead:
    """Read a table of the Caf by commune (open data, or handed over under the convention).

    Effectifs under five are masked: an empty cell, or a sign of something masked or missing, is
    secret; so is `//`, which may stand there beside a masked count.
    Open data are rounded to five: their sums differ from the totals published.

    Raises
    ------
    MissingColumnError, UnreadableFileError, DataError
        If a column is missing, the file is damaged, a cell is wrong, or a commune stands twice.
    ConfigError
        If the file holds several dates and `period` chooses none of them.
    """
    masked = tuple(dict.fromkeys((*source.masked, *source.missing, *_MASKED)))
    names = (source.code_insee.casefold(), *_CODE)
    given = source.model_copy(update={"masked": masked})
    read = read_rows(path, given, within=within, codes=names)
    column = read.code
    chosen, elsewhen = _at_period(read.raw, source)
    no_area = [str(each).upper().startswith(_NO_AREA) for each in chosen.text(column)]
    kept = taken(chosen, ~np.array(no_area, dtype=np.bool_))
    codes = kept.codes(column)
    figures = _figures(kept, source)
    used = [column, *sorted({name for parts in figures.values() for name in parts})]
    mask = without_repeats(kept, column, used)
    table = made(kept, figures, source.values, blank=contracts.SECRET)
    kept.raise_defects()
    table = table.set_axis(pd.Index(codes, name="code_insee", dtype=object), axis=0)[mask]
    checked = contracts.checked(table.sort_index(), contracts.POPULATION, table_name=path.name)
    row_of = pd.Series(kept.row[mask], index=pd.Index(codes[mask], dtype=object))
    findings = [*read.raw.findings, *kept.findings, *_told(table, elsewhen, path.name)]
    return TableRead(
        path.name, checked, row_of, read.rows, findings,
        row_codes=pd.Series(codes, index=kept.row, dtype=object),
    )  # fmt: skip


def _figures(raw: RawTable, source: PopulationSource) -> Mapping[str, Mapping[str, float]]:
    figures = source.values.items()
    return {name: {column_of(raw, (value.column,)): 1.0} for name, value in figures}


def _at_period(raw: RawTable, source: PopulationSource) -> tuple[RawTable, int]:
    """Keep the rows of the period asked for; several dates without a choice are refused."""
    there = by_heading(raw.frame.columns)
    column = next((there[name] for name in _DATE if name in there), None)
    if column is None:
        return raw, 0
    dates = raw.text(column)
    known = sorted(set(dates))
    if source.period is None and len(known) == 1:
        return raw, 0
    if source.period not in known:
        facts = {"file": raw.name, "column": column, "known": known}
        raise ConfigError("period_choice", **facts)
    return taken(raw, dates == source.period), int((dates != source.period).sum())


def _told(table: pd.DataFrame, elsewhen: int, name: str) -> list[Finding]:
    secret = sum(
        int((table[each] == contracts.SECRET).sum())
        for each in table.columns
        if str(each).endswith("_status")
    )
    found = [Finding("info", "caf_rounded", name)]
    if secret:
        found.append(Finding("warning", "caf_masked", name, facts={"count": secret}))
    if elsewhen:
        found.append(Finding("info", "rows_other_period", name, facts={"count": elsewhen}))
    return found
