"""Files that could harm are refused before anything in them is understood.

One guard for all that is packed, with a bound for each kind of file: what one megabyte may
unpack to is bounded everywhere, and how much in all depends on whether it is held in memory.
"""

import gzip
import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

from ctg_geo.errors import UnreadableFileError
from ctg_geo.sources.cells import detail
from ctg_geo.sources.zips import BROKEN_ZIP, opened_zip

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

__all__ = [
    "PLACES", "STREAM", "TABLE", "WORKBOOK", "Bound", "check_archive", "check_gzip", "check_kind",
    "check_member", "check_size", "gunzipped",
]  # fmt: skip

_MOST_BYTES: Final = 60_000_000
_MOST_PARTS: Final = 5_000
_PIECE: Final = 1 << 20
_MARKUP: Final = (".xml", ".rels")
_UNREAD: Final = "META-INF/"  # where old programs did declare a document type


_HEAD: Final = 1024
_MARKS: Final = {  # how files start that GDAL opens; the others it is not asked to guess
    ".gpkg": (b"SQLite format 3\x00",), ".fgb": (b"fgb",), ".shp": (b"\x00\x00\x27\x0a",),
    ".geojson": (b"{",), ".json": (b"{", b"["),
    ".tif": (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+"),
    ".tiff": (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+"),
    ".asc": (b"n", b"N", b"x", b"X", b"c", b"C", b"d", b"D", b"y", b"Y"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Bound:
    """How much a packed file may unpack to.

    `most` bytes in all, and `ratio` bytes out of one; below `small` bytes no ratio harms.
    """

    most: int
    ratio: int
    small: int

    def exceeded(self, size: int, packed: int) -> bool:
        """Tell whether so many bytes, out of so many, are more than is allowed."""
        return size > self.most or (size > self.small and size > self.ratio * max(packed, 1))


# Sheets reach some tens out of one, tables of zeros some more; bombs, a thousand.
PLACES: Final = Bound(250_000_000, 200, 1_000_000)  # a colleague's list of places
WORKBOOK: Final = Bound(600_000_000, 200, 1_000_000)  # a table of a country, held in memory
TABLE: Final = Bound(1_000_000_000, 300, 10_000_000)  # text, or a layer, held in memory
STREAM: Final = Bound(8 * 1024**3, 300, 10_000_000)  # a national file, read block by block


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


def check_kind(path: Path) -> None:
    """Refuse a file that is not what its name says.

    GDAL guesses by content: a virtual layer under any name would have it open other files, or
    ask the network.

    Raises
    ------
    UnreadableFileError
        If its first bytes are of another kind.
    """
    marks = _MARKS.get(path.suffix.lower())
    if marks is None or not path.is_file():
        return
    with path.open("rb") as stream:
        head = stream.read(_HEAD).removeprefix(b"\xef\xbb\xbf").lstrip()
    if not head.startswith(marks):
        raise UnreadableFileError("other_kind", file=path.name, suffix=path.suffix)


def check_archive(path: Path, bound: Bound = PLACES) -> list[str]:
    """Check the parts of a zipped workbook, and return their names.

    Raises
    ------
    UnreadableFileError
        If it unpacks to too much (a zip bomb), is locked, damaged, or its XML declares a document
        type, through which entities come.
    """
    try:
        with opened_zip(path) as archive:
            parts = archive.infolist()
            _check_parts(path.name, parts, bound)
            for part in parts:
                if _is_read(part.filename):
                    with archive.open(part) as stream:
                        _check_markup(path.name, iter(lambda: stream.read(_PIECE), b""))
            return [part.filename for part in parts]
    except (OSError, *BROKEN_ZIP) as error:
        raise UnreadableFileError("cut", file=path.name, detail=detail(error)) from error


def check_member(part: zipfile.ZipInfo, file: str, bound: Bound = STREAM) -> None:
    """Refuse a file of a zip that would unpack to too much; zipfile reads no more than it says.

    Raises
    ------
    UnreadableFileError
        If it would, or is locked.
    """
    if part.flag_bits & 1:
        raise UnreadableFileError("zip_locked", file=file)
    if bound.exceeded(part.file_size, part.compress_size):
        raise _bomb(file, bound)


def check_gzip(path: Path, bound: Bound = TABLE) -> None:
    """Unpack a gzip to nowhere, for a reader that unpacks it itself.

    Raises
    ------
    UnreadableFileError
        If it unpacks to too much, or is damaged.
    """
    with gunzipped(path, bound) as stream:
        while stream.read(_PIECE):
            pass


@contextmanager
def gunzipped(path: Path, bound: Bound) -> Iterator[IO[bytes]]:
    """Open a gzip as a stream of bytes that stops where it becomes too much.

    Raises
    ------
    UnreadableFileError
        If it unpacks to too much, or is damaged.
    """
    try:
        with gzip.open(path) as stream:
            counted = _Counted(stream, path.name, path.stat().st_size, bound)
            yield io.BufferedReader(counted, _PIECE)
    except EOFError as error:
        raise UnreadableFileError("gz_short", file=path.name, detail=detail(error)) from error
    except (gzip.BadGzipFile, zlib.error) as error:
        raise UnreadableFileError("gz_broken", file=path.name, detail=detail(error)) from error


class _Counted(io.RawIOBase):
    """What a gzip unpacks to, counted."""

    def __init__(self, stream: gzip.GzipFile, file: str, packed: int, bound: Bound) -> None:
        self._stream, self._file, self._packed, self._bound = stream, file, packed, bound
        self._size = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        view = memoryview(buffer)
        piece = self._stream.read(len(view))
        self._size += len(piece)
        if self._bound.exceeded(self._size, self._packed):
            raise _bomb(self._file, self._bound)
        view[: len(piece)] = piece
        return len(piece)


def _bomb(file: str, bound: Bound) -> UnreadableFileError:
    return UnreadableFileError("bomb", file=file, most=bound.most / 1e6, ratio=bound.ratio)


def _is_read(part: str) -> bool:
    return part.lower().endswith(_MARKUP) and not part.startswith(_UNREAD)


def _check_parts(name: str, parts: list[zipfile.ZipInfo], bound: Bound) -> None:
    total = sum(part.file_size for part in parts)
    packed = any(bound.exceeded(part.file_size, part.compress_size) for part in parts)
    if packed or total > bound.most or len(parts) > _MOST_PARTS:
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
