"""The child process that reads an old Excel workbook and writes its cells as JSON.

Run as a script, it loads nothing of this package: it must start fast, and small enough for its
bound of memory to mean something.
"""

import datetime as dt
import json
import sys
from typing import Any, Final

_MOST_MEMORY: Final = 2 * 1024**3  # bytes


def _bounded() -> None:
    """Bound the memory of this process, where the system can."""
    try:
        import resource  # noqa: PLC0415  (not on Windows)
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))


def _plain(value: object) -> object:
    """Return what JSON can hold: times as text, a date without its midnight."""
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else str(value)
    if isinstance(value, dt.timedelta):  # the format [h]:mm
        minutes = round(value.total_seconds() / 60)
        return f"{minutes // 60}:{minutes % 60:02d}"
    if isinstance(value, dt.time):
        return value.strftime("%H:%M")
    return value if isinstance(value, str | int | float) or value is None else str(value)


def _sheets(path: str, most_rows: int, most_columns: int) -> dict[str, Any]:
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum  # noqa: PLC0415
    from python_calamine import PasswordError as Locked  # noqa: PLC0415

    try:
        book = CalamineWorkbook.from_path(path)
    except Locked:
        return {"error": "import_locked"}
    found = []
    for sheet in book.sheets_metadata:
        if sheet.typ != SheetTypeEnum.WorkSheet:
            continue
        read = book.get_sheet_by_name(sheet.name)
        if read.total_height > most_rows or read.total_width > most_columns:
            return {"error": "import_wide"}
        found.append({
            "name": sheet.name,
            "hidden": sheet.visible != SheetVisibleEnum.Visible,
            "spans": [[*start, *end] for start, end in read.merged_cell_ranges or ()],
            "rows": [
                [_plain(value) for value in row] for row in read.to_python(skip_empty_area=False)
            ],
        })  # fmt: skip
    return {"sheets": found}


if __name__ == "__main__":
    _bounded()
    json.dump(_sheets(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])), sys.stdout)
