"""What a file holds before anything is understood: sheets of text, row by row."""

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ctg_geo.sources.cells import cell
from ctg_geo.sources.inert import original

__all__ = ["MOST_COLUMNS", "MOST_ROWS", "Grid", "Span", "as_cell", "column_letter", "grid"]

MOST_ROWS = 100_000
MOST_COLUMNS = 1_000

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff\ufffe\uffff\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Span:
    """Merged cells, corners included, counted from 0."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """One sheet: every row as wide as the widest, every cell text; row 1 is ``rows[0]``."""

    sheet: str
    rows: list[list[str]]
    hidden: bool = False
    spans: tuple[Span, ...] = ()
    uncomputed: frozenset[tuple[int, int]] = frozenset()  # formulas without a result
    formulas: int = 0  # with a result, which is what is read
    cleaned: int = 0  # cells from which control signs were taken
    repeated: frozenset[tuple[int, int]] = frozenset()  # filled from the merged cell above
    unseen: frozenset[int] = frozenset()  # rows that a filter or a person has hidden

    @property
    def filled(self) -> list[int]:
        """Positions of the rows with something in them."""
        return [at for at, row in enumerate(self.rows) if any(row)]


def grid(
    sheet: str,
    rows: Iterable[Sequence[object]],
    *,
    hidden: bool = False,
    spans: tuple[Span, ...] = (),
    uncomputed: frozenset[tuple[int, int]] = frozenset(),
    formulas: int = 0,
    unseen: frozenset[int] = frozenset(),
) -> Grid:
    """Return a sheet as text: rows padded, control signs gone, a merged column filled down."""
    cleaned, texts = 0, list[list[str]]()
    for row in rows:
        line = []
        for value in row:
            said = as_cell(value)
            plain = _CONTROL.sub("", said)
            cleaned += plain != said
            line.append(original(plain.strip(" \u00a0")).strip())
        texts.append(line)
    width = max((_used(row) for row in texts), default=0)
    square = [row[:width] + [""] * (width - len(row)) for row in texts]
    while square and not any(square[-1]):
        square.pop()
    repeated = _fill_down(square, spans)
    return Grid(sheet, square, hidden, spans, uncomputed, formulas, cleaned, repeated, unseen)


def as_cell(value: object) -> str:
    """Write a value as a person would have typed it: dates, durations, yes and no in French.

    Examples
    --------
    >>> as_cell(dt.timedelta(days=1, hours=11, minutes=30)), as_cell(True)
    ('35:30', 'oui')
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date().isoformat()
    if isinstance(value, dt.timedelta):  # the format [h]:mm
        minutes = round(value.total_seconds() / 60)
        return f"{minutes // 60}:{minutes % 60:02d}"
    if isinstance(value, dt.time):
        return value.strftime("%H:%M")
    return cell(value)


def column_letter(at: int) -> str:
    """Name a column as spreadsheets do.

    Examples
    --------
    >>> column_letter(0), column_letter(27)
    ('A', 'AB')
    """
    letters = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _used(row: Sequence[str]) -> int:
    return max((at + 1 for at, value in enumerate(row) if value), default=0)


def _fill_down(rows: list[list[str]], spans: tuple[Span, ...]) -> frozenset[tuple[int, int]]:
    """Repeat what stands in cells merged downwards, and return the cells so filled."""
    filled = set[tuple[int, int]]()
    for span in spans:
        if span.left != span.right or span.top >= len(rows) or span.left >= len(rows[0]):
            continue
        said = rows[span.top][span.left]
        for at, row in enumerate(rows[span.top + 1 : span.bottom + 1], start=span.top + 1):
            if said and not row[span.left]:
                row[span.left] = said
                filled.add((at, span.left))
    return frozenset(filled)
