"""OpenDocument sheets (.ods), read piece by piece: repeated cells cannot grow without bound."""

from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final
from xml.etree.ElementTree import Element, ParseError, iterparse

from ctg_geo.errors import UnreadableFileError
from ctg_geo.importing.grid import MOST_COLUMNS, MOST_ROWS, Grid, Span, grid
from ctg_geo.sources.cells import detail
from ctg_geo.sources.zips import BROKEN_ZIP, opened_zip

__all__ = ["read_ods_sheets"]

_TABLE: Final = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE: Final = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT: Final = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_STYLE: Final = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_NOTES: Final = f"{_OFFICE}annotation"


def read_ods_sheets(path: Path) -> list[Grid]:
    """Read every sheet of a document that `guards.check_archive` has let through.

    Raises
    ------
    UnreadableFileError
        If it is damaged, or has more rows or columns than a list of places.
    """
    try:
        with opened_zip(path) as archive, archive.open("content.xml") as stream:
            return [each.grid() for each in _sheets(stream, path.name)]
    except UnreadableFileError:
        raise
    except (OSError, LookupError, ParseError, ValueError, *BROKEN_ZIP) as error:
        raise UnreadableFileError("cut", file=path.name, detail=detail(error)) from error


def _sheets(stream: IO[bytes], file: str) -> Iterator["_Sheet"]:
    """Read sheets row by row; a table within a cell is left."""
    hidden, depth, current = set[str](), 0, _Sheet("", file)
    # document types and entities were refused with the archive
    for event, element in iterparse(stream, ("start", "end")):  # noqa: S314
        tag, starts = element.tag, event == "start"
        if tag == f"{_TABLE}table":
            depth += 1 if starts else -1
            if starts and depth == 1:
                current = _Sheet(element.get(f"{_TABLE}name", ""), file)
                current.hidden = element.get(f"{_TABLE}style-name", "") in hidden
            elif depth == 0:
                yield current
                element.clear()
        elif starts:
            continue
        elif tag == f"{_STYLE}style":
            if any(each.get(f"{_TABLE}display") == "false" for each in element):
                hidden.add(element.get(f"{_STYLE}name", ""))
        elif tag == f"{_TABLE}table-row" and depth == 1:
            current.add(element)
            element.clear()


class _Sheet:
    """One sheet being read."""

    def __init__(self, title: str, file: str) -> None:
        self.title, self.file = title, file
        self.hidden = False
        self.rows: list[list[str]] = []
        self.spans: list[Span] = []
        self.uncomputed: set[tuple[int, int]] = set()
        self.formulas = 0
        self.unseen: set[int] = set()
        self._blank = 0  # rows without content, kept back until one with some follows

    def add(self, element: Element) -> None:
        """Take a row, as many times as it says it is repeated."""
        times = int(element.get(f"{_TABLE}number-rows-repeated", "1"))
        at = len(self.rows) + self._blank
        cells = self._cells(element, at)
        if not any(cells):
            self._blank += times
            return
        if len(self.rows) + self._blank + times > MOST_ROWS or len(cells) > MOST_COLUMNS:
            facts = {"rows": MOST_ROWS, "columns": MOST_COLUMNS}
            raise UnreadableFileError("import_wide", file=self.file, **facts)
        if element.get(f"{_TABLE}visibility") in ("collapse", "filter"):
            self.unseen.update(range(at, at + times))
        self.rows += [[] for _ in range(self._blank)] + [list(cells) for _ in range(times)]
        self._blank = 0

    def _cells(self, row: Element, at: int) -> list[str]:
        cells, void = list[str](), 0
        for element in row:
            if element.tag not in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
                continue
            times = int(element.get(f"{_TABLE}number-columns-repeated", "1"))
            said = self._said(element, at, len(cells) + void)
            if not said:
                void += times
                continue
            if len(cells) + void + times > MOST_COLUMNS:
                facts = {"rows": MOST_ROWS, "columns": MOST_COLUMNS}
                raise UnreadableFileError("import_wide", file=self.file, **facts)
            cells += [""] * void + [said] * times
            void = 0
        return cells

    def _said(self, element: Element, at: int, column: int) -> str:
        """Return what a cell shows or holds: numbers as stored, all else as shown."""
        down = int(element.get(f"{_TABLE}number-rows-spanned", "1"))
        across = int(element.get(f"{_TABLE}number-columns-spanned", "1"))
        if down * across > 1:
            self.spans.append(Span(at, column, at + down - 1, column + across - 1))
        kind = element.get(f"{_OFFICE}value-type", "")
        said = element.get(f"{_OFFICE}value", "") if kind in ("float", "currency") else ""
        if not said:
            lines = [_text(each) for each in element if each.tag == f"{_TEXT}p"]
            said = "\n".join(lines).strip()
        formula = element.get(f"{_TABLE}formula")
        if formula is not None and said:
            self.formulas += 1
        elif formula is not None:
            self.uncomputed.add((at, column))
            said = formula.partition(":")[2] or formula
        return said

    def grid(self) -> Grid:
        """Return the sheet as a table of text."""
        return grid(
            self.title, self.rows, hidden=self.hidden, spans=tuple(self.spans),
            uncomputed=frozenset(self.uncomputed), formulas=self.formulas,
            unseen=frozenset(self.unseen),
        )  # fmt: skip


def _text(element: Element) -> str:
    if element.tag == _NOTES:
        return ""
    parts = [element.text or ""]
    for child in element:
        if child.tag == f"{_TEXT}s":
            parts.append(" " * min(int(child.get(f"{_TEXT}c", "1")), 100))
        parts += [_text(child), child.tail or ""]
    return "".join(parts)
