"""Old Excel workbooks (.xls), read by python-calamine; what is in them is never run."""

from pathlib import Path

from ctg_geo.errors import UnreadableFileError
from ctg_geo.importing.grid import MOST_COLUMNS, MOST_ROWS, Grid, Span, grid
from ctg_geo.sources.cells import detail

__all__ = ["read_xls_sheets"]


def read_xls_sheets(path: Path) -> list[Grid]:
    """Read every sheet of an old workbook; its formulas cannot be told from values.

    Raises
    ------
    UnreadableFileError
        If it is damaged or locked, or has more rows or columns than a list of places.
    """
    try:
        return _sheets(path)
    except UnreadableFileError:
        raise
    except BaseException as error:
        if isinstance(error, Exception) or type(error).__name__ == "PanicException":
            locked = type(error).__name__ == "PasswordError"
            reason = "import_locked" if locked else "cut"
            raise UnreadableFileError(reason, file=path.name, detail=detail(error)) from error
        raise


def _sheets(path: Path) -> list[Grid]:
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum  # noqa: PLC0415

    book = CalamineWorkbook.from_path(str(path))
    found = []
    for sheet in book.sheets_metadata:
        if sheet.typ != SheetTypeEnum.WorkSheet:
            continue
        read = book.get_sheet_by_name(sheet.name)
        if read.total_height > MOST_ROWS or read.total_width > MOST_COLUMNS:
            facts = {"rows": MOST_ROWS, "columns": MOST_COLUMNS}
            raise UnreadableFileError("import_wide", file=path.name, **facts)
        spans = tuple(
            Span(top, left, bottom, right)
            for (top, left), (bottom, right) in read.merged_cell_ranges or ()
        )
        rows = read.to_python(skip_empty_area=False)
        hidden = sheet.visible != SheetVisibleEnum.Visible
        found.append(grid(sheet.name, rows, hidden=hidden, spans=spans))
    return found
