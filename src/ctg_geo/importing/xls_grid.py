"""Old Excel workbooks (.xls): read in a process of its own, for a damaged one can kill its reader.

The binary format lets a file claim any size; the library that reads it (python-calamine) then
asks for that much memory and the whole process ends. The child may have no more than a bound.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

from ctg_geo.errors import UnreadableFileError
from ctg_geo.importing.grid import MOST_COLUMNS, MOST_ROWS, Grid, Span, grid

__all__ = ["read_xls_sheets"]

_PATIENCE_S: Final = 120


def read_xls_sheets(path: Path) -> list[Grid]:
    """Read every sheet of an old workbook; its formulas cannot be told from values.

    Raises
    ------
    UnreadableFileError
        If it is damaged or locked, or has more rows or columns than a list of places.
    """
    script, bounds = Path(__file__).with_name("xls_reader.py"), (MOST_ROWS, MOST_COLUMNS)
    command = [sys.executable, "-P", str(script), str(path.absolute()), *map(str, bounds)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=_PATIENCE_S, check=False)  # noqa: S603
        found: dict[str, Any] = (
            json.loads(done.stdout) if done.returncode == 0 else {"error": "cut"}
        )
    except (OSError, ValueError, subprocess.TimeoutExpired):
        found = {"error": "cut"}
    if "error" in found:
        facts = {"rows": MOST_ROWS, "columns": MOST_COLUMNS, "detail": ".xls"}
        raise UnreadableFileError(str(found["error"]), file=path.name, **facts)
    return [_grid(sheet) for sheet in found["sheets"]]


def _grid(sheet: dict[str, Any]) -> Grid:
    spans = tuple(Span(*corners) for corners in sheet["spans"])
    return grid(sheet["name"], sheet["rows"], hidden=sheet["hidden"], spans=spans)
