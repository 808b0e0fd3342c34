"""Excel workbooks for people: text that stays text, the same bytes each time."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from ctg_geo.export.same_bytes import same_archive
from ctg_geo.sources.inert import inert
from ctg_geo.words import legible

__all__ = ["Sheet", "workbook"]

_MOST_SIGNS: Final = 32_000  # Excel holds 32 767 in a cell


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: its name, its titles, its rows, and how each column is shown.

    `widths` are in signs, `formats` those of numbers ("" as they come); the first row stays in
    sight, and the `pinned` first columns; `filtered` rows can be chosen by their values.
    """

    name: str
    titles: Sequence[str]
    rows: Sequence[Sequence[str | float]]
    widths: Sequence[int] = ()
    formats: Sequence[str] = ()
    pinned: int = 0
    filtered: bool = False


def workbook(sheets: Sequence[Sheet]) -> bytes:
    """Return a workbook whose cells are numbers or inert text: none can be a formula."""
    from openpyxl import Workbook  # noqa: PLC0415  (heavy)

    book = Workbook()
    book.remove(book.active)
    for each in sheets:
        _fill(book.create_sheet(each.name), each)
    written = io.BytesIO()
    book.save(written)
    return same_archive(written.getvalue())


def _fill(sheet: Any, content: Sheet) -> None:  # noqa: ANN401
    from openpyxl.styles import Alignment, Font  # noqa: PLC0415  (heavy)
    from openpyxl.utils import get_column_letter  # noqa: PLC0415

    for row, line in enumerate([content.titles, *content.rows], start=1):
        for column, value in enumerate(line, start=1):
            if value == "":
                continue
            cell = sheet.cell(row, column)
            if isinstance(value, str):
                cell.value = _text(value)
                cell.data_type = "s"  # never a formula, an error or a date
                cell.alignment = Alignment(wrap_text=True, vertical="top")
            else:
                cell.value = value
                if content.formats and content.formats[column - 1]:
                    cell.number_format = content.formats[column - 1]
    for cell in sheet[1]:
        cell.font = Font(bold=True)
        cell.alignment = Alignment(wrap_text=True, vertical="bottom")
    for column, width in enumerate(content.widths, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = sheet.cell(2, content.pinned + 1)
    if content.filtered and content.rows:
        sheet.auto_filter.ref = sheet.dimensions


def _text(value: str) -> str:
    plain = legible(value)
    return inert(plain if len(plain) <= _MOST_SIGNS else plain[: _MOST_SIGNS - 1] + "…")
