"""Whether a file that is there can be the one its name says: not empty, no web page, not cut."""

import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

from ctg_geo.errors import UnreadableFileError
from ctg_geo.sources.guards import STREAM, check_gzip

__all__ = ["flaw_of"]

_HEAD: Final = 4096
_TAIL: Final = 1 << 16
_PIECE: Final = 1 << 20
_PAGES: Final = (b"<!doctype html", b"<html")
_PARQUET: Final = b"PAR1"
_GZIP: Final = b"\x1f\x8b"
_ZIP: Final = b"PK"
_SQLITE: Final = b"SQLite format 3\x00"
_WIDE: Final = (b"\xff\xfe", b"\xfe\xff")  # marks of UTF-16, whose text has zeros
_PACKED: Final = (_PARQUET, _GZIP, _ZIP, _SQLITE, b"%PDF", b"7z\xbc\xaf\x27\x1c")
_SMALL: Final = 0.5  # of the size that the catalogue says
_TIFF: Final = {b"II*\x00": "<I", b"MM\x00*": ">I"}
_BIG_TIFF: Final = {b"II+\x00": "<Q", b"MM\x00+": ">Q"}

Test = Callable[[Path, bytes, bytes], str]


def flaw_of(path: Path, *, size_mb: float | None = None) -> str:
    """Tell what is wrong with a file, by its size, its first and its last bytes.

    Only a gzip and a JSON are read whole: nothing else tells one that was cut. A text cut at the
    end of a row is not known.

    Parameters
    ----------
    path : an existing file
    size_mb : what it should weigh, where that is known

    Returns
    -------
    "" if nothing is, else empty, page (a web page), kind (not what its suffix says), cut, small
    """
    size = path.stat().st_size
    if size == 0:
        return "empty"
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
        stream.seek(max(size - _TAIL, 0))
        tail = stream.read()
    if head.removeprefix(b"\xef\xbb\xbf").lstrip().lower().startswith(_PAGES):
        return "page"
    found = _TESTS.get(path.suffix.lower(), _any)(path, head, tail)
    if not found and size_mb is not None and size < _SMALL * size_mb * 1e6:
        return "small"
    return found


def _any(_: Path, __: bytes, ___: bytes) -> str:
    return ""


def _parquet(_: Path, head: bytes, tail: bytes) -> str:
    if not head.startswith(_PARQUET):
        return "kind"
    return "" if tail.endswith(_PARQUET) else "cut"


def _zip(path: Path, head: bytes, _: bytes) -> str:
    if not head.startswith(_ZIP):
        return "kind"
    return "" if zipfile.is_zipfile(path) else "cut"


def _gzip(path: Path, head: bytes, _: bytes) -> str:
    if not head.startswith(_GZIP):
        return "kind"
    try:
        check_gzip(path, STREAM)
    except UnreadableFileError:
        return "cut"
    return ""


def _geopackage(path: Path, head: bytes, _: bytes) -> str:
    """Compare the size with the pages that the header of the database counts."""
    if not head.startswith(_SQLITE):
        return "kind"
    if len(head) < 100:  # noqa: PLR2004  (the header of SQLite)
        return "cut"
    (page,) = struct.unpack(">H", head[16:18])
    (pages,) = struct.unpack(">I", head[28:32])
    if head[24:28] != head[92:96]:  # written by a program that does not count pages
        return ""
    whole = (1 << 16 if page == 1 else page) * pages
    return "cut" if path.stat().st_size < whole else ""


def _tiff(path: Path, head: bytes, _: bytes) -> str:
    """Look whether the directory of the image, often at its end, is there."""
    size, mark = path.stat().st_size, head[:4]
    known = {**_TIFF, **_BIG_TIFF}
    if mark not in known:
        return "kind"
    start = 4 if mark in _TIFF else 8
    form = known[mark]
    told = head[start : start + struct.calcsize(form)]
    if len(told) < struct.calcsize(form):
        return "cut"
    return "cut" if struct.unpack(form, told)[0] >= size else ""


def _json(path: Path, head: bytes, tail: bytes) -> str:
    last = {b"{": b"}", b"[": b"]"}.get(head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1])
    if last is None:
        return "kind"
    if not tail.rstrip(b"\x00 \r\n\t").endswith(last):
        return "cut"
    return "cut" if all(count > 0 for count in _open_brackets(path)) else ""


def _open_brackets(path: Path) -> tuple[int, int]:
    """Count braces and brackets that nothing closes: a cut between two records leaves both."""
    braces = brackets = 0
    with path.open("rb") as stream:
        while piece := stream.read(_PIECE):
            braces += piece.count(b"{") - piece.count(b"}")
            brackets += piece.count(b"[") - piece.count(b"]")
    return braces, brackets


def _text(_: Path, head: bytes, tail: bytes) -> str:
    """Refuse what is no text; a last line that stops short of the columns was cut."""
    if head.startswith(_PACKED) or (b"\x00" in head and not head.startswith(_WIDE)):
        return "kind"
    first, last = head.split(b"\n")[0], tail.rsplit(b"\n", 1)[-1]
    if b"\n" not in tail or not last.strip() or b'"' in last or head.startswith(_WIDE):
        return ""
    separator = max((b";", b",", b"\t", b"|"), key=first.count)
    return "cut" if last.count(separator) < first.count(separator) else ""


_TESTS: Final[dict[str, Test]] = {
    ".parquet": _parquet, ".geoparquet": _parquet, ".zip": _zip, ".xlsx": _zip, ".xlsm": _zip,
    ".ods": _zip, ".gz": _gzip, ".gpkg": _geopackage, ".tif": _tiff, ".tiff": _tiff,
    ".json": _json, ".geojson": _json, ".csv": _text, ".txt": _text,
}  # fmt: skip
