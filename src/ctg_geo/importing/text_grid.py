"""Text files of colleagues: encoding, separator and uneven rows, found out and told."""

import codecs
import csv
import io
import re
from collections import Counter
from pathlib import Path
from typing import Final

from ctg_geo.errors import UnreadableFileError
from ctg_geo.importing.grid import MOST_COLUMNS, MOST_ROWS, Grid, grid

__all__ = ["decoded", "read_text", "separator_of"]

_SEPARATORS: Final = (";", "\t", "|", ",")
_LINES_SEEN: Final = 200
_WIDE: Final = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_FRENCH: Final = frozenset("éèêëàâîïôöûüùçœÉÈÊËÀÂÎÏÔÛÙÇŒ°«»’–€²")
_OLD: Final = ("cp1252", "mac_roman", "cp850", "latin-1")
_SHARE_OF_ZEROS: Final = 0.2


def read_text(path: Path) -> tuple[Grid, str, str]:
    """Read a text file as a sheet.

    Returns
    -------
    the sheet; the encoding found; the separator found

    Raises
    ------
    UnreadableFileError
        If it is no text, is a web page, or a quote swallows whole rows.
    """
    text, encoding = decoded(path.read_bytes())
    if not text.strip():
        raise UnreadableFileError("empty", file=path.name)
    if re.match(r"\s*<(!doctype|html|\?xml|table)", text[:500], re.IGNORECASE):
        raise UnreadableFileError("import_web", file=path.name)
    said = re.match(r"sep=(.)(?:\r\n|\r|\n)", text)  # a line that Excel understands
    separator = separator_of(text) if said is None else said.group(1)
    rows = _parsed(text, separator, path.name)
    if said is not None:
        rows[0] = []
    return grid("", rows), encoding, separator


def decoded(content: bytes) -> tuple[str, str]:
    """Decode bytes as the encoding that makes them the most French.

    Returns
    -------
    text; encoding
    """
    for mark, encoding in _WIDE.items():
        if content.startswith(mark):
            return content.decode(encoding, errors="replace"), encoding
    zeros = content[:4000].count(0)
    if zeros > _SHARE_OF_ZEROS * len(content[:4000]):
        odd = content[1:4000:2].count(0) > content[:4000:2].count(0)
        encoding = "utf-16-le" if odd else "utf-16-be"
        return content.decode(encoding, errors="replace"), encoding
    try:
        return content.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError:
        pass
    sample = content[:200_000]
    found = {name: sample.decode(name, errors="replace") for name in _OLD}
    best = max(_OLD, key=lambda name: (_likeness(found[name]), -_OLD.index(name)))
    return content.decode(best, errors="replace"), best


def _likeness(text: str) -> int:
    """Count the letters French has, less the signs it does not."""
    counts = Counter(sign for sign in text if ord(sign) > 127)  # noqa: PLR2004
    return sum(n if sign in _FRENCH else -n for sign, n in counts.items())


def separator_of(text: str) -> str:
    """Return the separator that cuts the most lines into the same number of cells."""
    lines = [line for line in text[:500_000].splitlines()[:_LINES_SEEN] if line.strip()]

    def fitness(separator: str) -> tuple[float, int]:
        try:
            widths = Counter(len(row) for row in csv.reader(lines, delimiter=separator))
        except csv.Error:
            widths = Counter(line.count(separator) + 1 for line in lines)
        width, count = max(widths.items(), key=lambda each: (each[0] > 1, each[1], each[0]))
        return (count * (width > 1) / max(len(lines), 1), width)

    return max(_SEPARATORS, key=lambda separator: (*fitness(separator), -ord(separator)))


def _parsed(text: str, separator: str, name: str) -> list[list[str]]:
    before = csv.field_size_limit(len(text) + 1)
    try:
        stream = io.StringIO(text, newline="")
        rows = list[list[str]]()
        for row in csv.reader(stream, delimiter=separator):
            rows.append(row)
            if len(rows) > MOST_ROWS or len(row) > MOST_COLUMNS:
                facts = {"rows": MOST_ROWS, "columns": MOST_COLUMNS}
                raise UnreadableFileError("import_wide", file=name, **facts)
    except csv.Error as error:
        raise UnreadableFileError("not_text", file=name) from error
    finally:
        csv.field_size_limit(before)
    _refuse_swallowed(rows, separator, name)
    return rows


def _refuse_swallowed(rows: list[list[str]], separator: str, name: str) -> None:
    """Refuse a cell that holds whole rows: an unclosed quote hides all that follows it."""
    width = Counter(len(row) for row in rows if row).most_common(1)[0][0]
    for at, row in enumerate(rows):
        for cell in row:
            breaks = len(re.findall(r"\r\n|\r|\n", cell))
            if breaks and cell.count(separator) >= max(width - 1, 1) * breaks:
                raise UnreadableFileError("quotes", file=name, row=str(at + 1))
