"""Excel workbooks: the sheet asked for, each cell as text."""

import struct
import warnings
from pathlib import Path
from typing import Any

import pandas as pd

from ctg_geo.config.table_source import TableSource
from ctg_geo.errors import DataError, Defect, UnreadableFileError
from ctg_geo.sources.cells import cell, detail
from ctg_geo.sources.guards import WORKBOOK, check_archive
from ctg_geo.sources.zips import BROKEN_ZIP, opened_zip

__all__ = ["DAMAGED", "read_workbook"]

DAMAGED = (  # what openpyxl, zipfile, expat and lxml raise on a damaged file
    OSError, ValueError, LookupError, TypeError, AttributeError,
    struct.error, SyntaxError, AssertionError, RecursionError, OverflowError, *BROKEN_ZIP,
)  # fmt: skip

Rows = list[tuple[Any, ...]]


def read_workbook(path: Path, source: TableSource) -> pd.DataFrame:
    """Read a sheet as rows of text, its header first.

    Raises
    ------
    UnreadableFileError
        If the file is damaged, dangerous or empty, the sheet is not there, or several sheets
        have content and none is named.
    DataError
        If the workbook has formulas that were never computed.
    """
    check_archive(path, WORKBOOK)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # styles and extensions openpyxl does not know
            has_formulas, has_charts = _inside(path)
            sheets = _sheets(path, computed=True, whole=has_charts)
            formulas = _sheets(path, computed=False, whole=has_charts) if has_formulas else {}
    except DAMAGED as error:
        raise UnreadableFileError("cut", file=path.name, detail=detail(error)) from error
    sheet = _chosen(sheets, source, path.name)
    if formulas:
        _refuse_uncomputed(sheets[sheet], formulas[sheet], path.name)
    rows = sheets[sheet]
    width = max(len(row) for row in rows)
    padded = [[cell(value) for value in row] + [""] * (width - len(row)) for row in rows]
    return pd.DataFrame(padded, dtype=object)


def _inside(path: Path) -> tuple[bool, bool]:
    """Tell whether a workbook has formulas, and whether it has sheets that are charts."""
    with opened_zip(path) as parts:
        names = parts.namelist()
        sheets = [name for name in names if name.startswith("xl/worksheets/sheet")]
        formulas = any(b"<f>" in part or b"<f " in part for part in map(parts.read, sheets))
    return formulas, any(name.startswith("xl/chartsheets/") for name in names)


def _sheets(path: Path, *, computed: bool, whole: bool) -> dict[str, Rows]:
    """Return the rows of each sheet; a workbook with charts must be loaded whole."""
    from openpyxl import load_workbook  # noqa: PLC0415  (heavy)

    book = load_workbook(path, read_only=not whole, data_only=computed)
    try:
        found = {}
        for sheet in book.worksheets:
            if not whole:
                sheet.reset_dimensions()  # some programs state them wrong
            found[sheet.title] = list(sheet.iter_rows(values_only=True))
    finally:
        book.close()
    return found


def _chosen(sheets: dict[str, Rows], source: TableSource, name: str) -> str:
    known = list(sheets)
    if source.sheet is not None and source.sheet not in sheets:
        raise UnreadableFileError("no_sheet", file=name, sheet=source.sheet, sheets=known)
    filled = [title for title, rows in sheets.items() if _filled(rows)]
    if source.sheet is not None:
        filled = [title for title in filled if title == source.sheet]
    if not filled:
        raise UnreadableFileError("no_rows", file=name)
    if len(filled) > 1:
        raise UnreadableFileError("several_sheets", file=name, sheets=filled)
    return filled[0]


def _filled(rows: Rows) -> bool:
    return any(value is not None for row in rows for value in row)


def _refuse_uncomputed(values: Rows, formulas: Rows, name: str) -> None:
    """Refuse formulas without a result: a workbook that no spreadsheet has computed."""
    found = [
        (row, at, formula)
        for row, line in enumerate(formulas)
        for at, formula in enumerate(line)
        if str(formula).startswith("=") or "Formula" in type(formula).__name__
    ]
    if any(values[row][at] is not None for row, at, _ in found):
        return
    titles = [cell(value) for value in values[0]]
    defects = []
    for row, at, formula in found:
        said = str(getattr(formula, "text", formula))
        title = titles[at] if at < len(titles) else None
        defects.append(Defect(name, "formula", row + 1, title, said))
    if defects:
        raise DataError(defects)
