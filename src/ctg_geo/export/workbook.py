"""Excel workbooks for people: text that stays text, the same bytes each time."""

import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from ctg_geo.sources.inert import inert

__all__ = ["Sheet", "workbook"]

_STAMP: Final = (2000, 1, 1, 0, 0, 0)  # a fixed time keeps the same inputs to the same bytes
_WRITTEN: Final = b"2000-01-01T00:00:00Z"
_TIMES: Final = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(</dcterms:)")
_MOST_SIGNS: Final = 32_000  # Excel holds 32 767 in a cell
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: its name, its titles, its rows, and how wide each column is shown (signs)."""

    name: str
    titles: Sequence[str]
    rows: Sequence[Sequence[str | float]]
    widths: Sequence[int] = ()


def workbook(sheets: Sequence[Sheet]) -> bytes:
    """Return a workbook whose cells are numbers or inert text: none can be a formula."""
    from openpyxl import Workbook  # noqa: PLC0415  (heavy)

    book = Workbook()
    book.remove(book.active)
    for each in sheets:
        _fill(book.create_sheet(each.name), each)
    written = io.BytesIO()
    book.save(written)
    return _same_bytes(written.getvalue())


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
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for column, width in enumerate(content.widths, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = "A2"


def _text(value: str) -> str:
    plain = _CONTROL.sub("", value)
    return inert(plain if len(plain) <= _MOST_SIGNS else plain[: _MOST_SIGNS - 1] + "…")


def _same_bytes(content: bytes) -> bytes:
    """Rewrite an archive without the time it was made."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as given,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as fixed,
    ):
        for name in sorted(
            given.namelist(), key=lambda each: (each != "[Content_Types].xml", each)
        ):
            part = given.read(name)
            if name == "docProps/core.xml":
                part = _TIMES.sub(rb"\g<1>" + _WRITTEN + rb"\g<2>", part)
            entry = zipfile.ZipInfo(name, _STAMP)
            entry.compress_type = zipfile.ZIP_DEFLATED
            fixed.writestr(entry, part)
    return made.getvalue()
