"""Files that could harm are refused before anything in them is understood."""

import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from ctg_geo.errors import UnreadableFileError
from ctg_geo.sources.cells import detail

__all__ = ["check_archive", "check_size"]

_MOST_BYTES: Final = 60_000_000
_MOST_INSIDE: Final = 250_000_000  # of an archive, once unpacked
_MOST_PARTS: Final = 5_000
_MOST_RATIO: Final = 200.0
_SMALL: Final = 1_000_000  # a part of this size harms nobody, however packed
_PIECE: Final = 1 << 20
_MARKUP: Final = (".xml", ".rels")
_UNREAD: Final = "META-INF/"  # where old programs did declare a document type


def check_size(path: Path) -> None:
    """Refuse a file that no spreadsheet of places can be.

    Raises
    ------
    UnreadableFileError
        If it is larger than 60 MB.
    """
    size = path.stat().st_size
    if size > _MOST_BYTES:
        facts = {"size": size / 1e6, "most": _MOST_BYTES / 1e6}
        raise UnreadableFileError("import_big", file=path.name, **facts)


def check_archive(path: Path) -> list[str]:
    """Check the parts of a zipped workbook, and return their names.

    Raises
    ------
    UnreadableFileError
        If it unpacks to too much (a zip bomb), is locked, damaged, or its XML declares a document
        type, through which entities come.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            _check_parts(path.name, parts)
            for part in parts:
                if _is_read(part.filename):
                    with archive.open(part) as stream:
                        _check_markup(path.name, iter(lambda: stream.read(_PIECE), b""))
            return [part.filename for part in parts]
    except (OSError, zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise UnreadableFileError("cut", file=path.name, detail=detail(error)) from error


def _is_read(part: str) -> bool:
    return part.lower().endswith(_MARKUP) and not part.startswith(_UNREAD)


def _check_parts(name: str, parts: list[zipfile.ZipInfo]) -> None:
    total = sum(part.file_size for part in parts)
    packed = any(
        part.file_size > _SMALL and part.file_size > _MOST_RATIO * max(part.compress_size, 1)
        for part in parts
    )
    if packed or total > _MOST_INSIDE or len(parts) > _MOST_PARTS:
        raise UnreadableFileError("import_bomb", file=name, size=total / 1e6, parts=len(parts))
    if any(part.flag_bits & 1 for part in parts):
        raise UnreadableFileError("import_locked", file=name)


def _check_markup(name: str, pieces: Iterator[bytes]) -> None:
    """Refuse XML with a document type, or so encoded that one could hide."""
    before, first = b"", True
    for piece in pieces:
        seen = before + piece
        if first and not seen.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<"):
            raise UnreadableFileError("import_xml", file=name)
        if b"<!DOCTYPE" in seen or b"<!ENTITY" in seen or (first and b"\x00" in seen[:64]):
            raise UnreadableFileError("import_xml", file=name)
        before, first = piece[-16:], False
