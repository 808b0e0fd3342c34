"""Excel workbooks (.xlsx, .xlsm): values as saved; macros and formulas are never run."""

import posixpath
import re
import warnings
from pathlib import Path
from typing import Any, Final

from ctg_geo.errors import UnreadableFileError
from ctg_geo.importing.grid import MOST_COLUMNS, MOST_ROWS, Grid, Span, grid
from ctg_geo.sources.cells import detail
from ctg_geo.sources.workbook import DAMAGED

__all__ = ["read_workbook_sheets"]

_MERGED: Final = re.compile(rb'<(?:\w+:)?mergeCell\s+ref="([A-Z]+)([0-9]+):([A-Z]+)([0-9]+)"')
_ROW: Final = re.compile(rb"<(?:\w+:)?row\s([^>]*)>")
_ROW_NUMBER: Final = re.compile(rb'(?:^|\s)r="([0-9]+)"')
_HIDDEN: Final = re.compile(rb'(?:^|\s)hidden="(?:1|true)"')
_FORMULA: Final = re.compile(rb"<(?:\w+:)?f[\s>/]")
_MOST_MERGED: Final = 20_000


def read_workbook_sheets(path: Path) -> list[Grid]:
    """Read every sheet of a workbook that `guards.check_archive` has let through.

    Raises
    ------
    UnreadableFileError
        If it is damaged, or has more rows or columns than a list of places.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # styles and extensions openpyxl does not know
            marked = _marks(path)
            values = _sheets(path, computed=True)
            formulas = _sheets(path, computed=False) if marked.formulas else {}
            return [
                _grid(title, rows, hidden, formulas.get(title, ([], False))[0], marked)
                for title, (rows, hidden) in values.items()
            ]
    except UnreadableFileError:
        raise
    except DAMAGED as error:
        raise UnreadableFileError("cut", file=path.name, detail=detail(error)) from error


class _Marks:
    """What openpyxl's fast way of reading leaves out: merged cells, hidden rows, any formula."""

    def __init__(self) -> None:
        self.spans: dict[str, tuple[Span, ...]] = {}
        self.unseen: dict[str, frozenset[int]] = {}
        self.formulas = False


def _marks(path: Path) -> _Marks:
    from openpyxl.reader.excel import ExcelReader  # noqa: PLC0415  (heavy)

    found = _Marks()
    stream = path.open("rb")  # openpyxl judges a path by its suffix
    try:
        reader = ExcelReader(stream, read_only=True)
        reader.read_manifest()
        reader.read_strings()
        reader.read_workbook()
        for sheet, relation in reader.parser.find_sheets():
            part = posixpath.normpath(relation.target)
            if part not in reader.valid_files:
                continue
            content = reader.archive.read(part)
            found.spans[sheet.name] = _spans(content)
            found.unseen[sheet.name] = _unseen(content)
            found.formulas |= _FORMULA.search(content) is not None
    finally:
        stream.close()
    return found


def _spans(content: bytes) -> tuple[Span, ...]:
    spans = []
    for match in list(_MERGED.finditer(content))[:_MOST_MERGED]:
        left, top, right, bottom = (part.decode() for part in match.groups())
        spans.append(Span(int(top) - 1, _column(left), int(bottom) - 1, _column(right)))
    return tuple(spans)


def _unseen(content: bytes) -> frozenset[int]:
    """Return the rows (from 0) that a filter or a person has hidden."""
    hidden = (each.group(1) for each in _ROW.finditer(content) if _HIDDEN.search(each.group(1)))
    numbers = (_ROW_NUMBER.search(each) for each in hidden)
    return frozenset(int(each.group(1)) - 1 for each in numbers if each is not None)


def _column(letters: str) -> int:
    at = 0
    for letter in letters:
        at = 26 * at + ord(letter) - 64
    return at - 1


def _sheets(path: Path, *, computed: bool) -> dict[str, tuple[list[tuple[Any, ...]], bool]]:
    """Return the rows of each sheet, and whether it is hidden."""
    from openpyxl import load_workbook  # noqa: PLC0415  (heavy)

    found = {}
    with path.open("rb") as stream:
        book = load_workbook(stream, read_only=True, data_only=computed, keep_links=False)
        for sheet in book.worksheets:
            if not hasattr(sheet, "reset_dimensions"):
                continue  # a sheet that is a chart
            sheet.reset_dimensions()  # some programs state them wrong
            found[sheet.title] = (_rows(sheet, path.name), sheet.sheet_state != "visible")
        book.close()
    return found


def _rows(sheet: Any, name: str) -> list[tuple[Any, ...]]:  # noqa: ANN401
    rows, filled = list[tuple[Any, ...]](), 0
    for row in sheet.iter_rows(values_only=True):
        there = any(value is not None for value in row)
        rows.append(row if there else ())
        if there:
            filled = len(rows)
        if there and (filled > MOST_ROWS or len(row) > MOST_COLUMNS):
            facts = {"rows": MOST_ROWS, "columns": MOST_COLUMNS}
            raise UnreadableFileError("import_wide", file=name, **facts)
    return rows[:filled]


def _grid(
    title: str,
    values: list[tuple[Any, ...]],
    hidden: bool,  # noqa: FBT001
    formulas: list[tuple[Any, ...]],
    marked: _Marks,
) -> Grid:
    written = {
        (at, column)
        for at, row in enumerate(formulas)
        for column, value in enumerate(row)
        if (isinstance(value, str) and value.startswith("=")) or "Formula" in type(value).__name__
    }
    void = {
        (at, column)
        for at, column in written
        if at >= len(values) or column >= len(values[at]) or values[at][column] in (None, "")
    }
    # a row that only holds formulas without result would else look blank
    rows = [list(row) for row in values]
    rows += [[] for _ in range(len(rows), max((at + 1 for at, _ in void), default=0))]
    for at, column in void:
        rows[at] += [None] * (column + 1 - len(rows[at]))
        rows[at][column] = str(getattr(formulas[at][column], "text", formulas[at][column]))
    return grid(
        title, rows, hidden=hidden, spans=marked.spans.get(title, ()), uncomputed=frozenset(void),
        formulas=len(written) - len(void), unseen=marked.unseen.get(title, frozenset()),
    )  # fmt: skip
