"""Hierarchies kept on disk: keyed by content, whole or not at all, checked when read."""

import contextlib
import json
import logging
import struct
import tempfile
import time
from collections.abc import Callable, Mapping
from hashlib import blake2b
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
import numpy.typing as npt

from ctg_geo.cache import folder
from ctg_geo.travel.hierarchy.together import processors, together

__all__ = ["content_key", "folder", "just_saved", "kept", "load", "save"]

logger = logging.getLogger(__name__)

Bytes = npt.NDArray[np.uint8]
Arrays = Mapping[str, npt.NDArray[np.integer]]
Check = Callable[[Bytes, Mapping[str, Any]], None]

_MAGIC = b"ctg-geo\x02"
_LEAD = struct.Struct("<8sQQ")  # the above, length and CRC-32 of the head
_PART = ".part"
_PART_DEAD_S = 86_400  # a file that is being written is not a day old
_LINE = 64
_PIECE = 1 << 20  # bytes that one thread hashes at a time
_ROOM = 2 * 1024**3  # bytes kept in all; the longest unused go first


def content_key(*arrays: npt.NDArray[np.integer]) -> str:
    """Return a name that only these numbers have (BLAKE2b)."""
    said = blake2b(digest_size=16)
    for array in arrays:
        said.update(f"{array.dtype.str}{array.shape};".encode())
        said.update(
            _in_pieces(_bytes_of(array), lambda piece: blake2b(piece, digest_size=16).digest())
        )
    return said.hexdigest()


def save(name: str, arrays: Arrays) -> bool:
    """Write arrays under a name, beside the others; was it done? Where it cannot be is told."""
    where = folder()
    if where is None:
        return False
    try:
        where.mkdir(parents=True, exist_ok=True)
        _write(where, name, arrays)
        _make_room(where, kept=_file(where, name))
    except OSError as error:
        logger.warning("cache not written in %s: %s", where, error)
        return False
    return True


def kept(name: str) -> bool:
    """Tell whether there is a file of this name (`load` says whether it is whole)."""
    where = folder()
    return where is not None and _file(where, name).is_file()


def load(name: str, expected: tuple[str, ...]) -> dict[str, npt.NDArray[np.int32]] | None:
    """Read arrays, memory-mapped; None where absent, of another make, cut short or altered."""
    return _found(name, expected, _checked)


def just_saved(name: str, expected: tuple[str, ...]) -> dict[str, npt.NDArray[np.int32]] | None:
    """Map the arrays this process has just saved, unread: until used they take no memory."""
    return _found(name, expected, lambda _flat, _part: None)


def _found(
    name: str, expected: tuple[str, ...], check: Check
) -> dict[str, npt.NDArray[np.int32]] | None:
    where = folder()
    path = None if where is None else _file(where, name)
    if path is None or not path.is_file():
        return None
    try:
        arrays = _read(path, name, check)
    except (OSError, ValueError, KeyError, TypeError) as error:
        logger.warning("cache refused, computed again: %s (%s)", path, error)
        return None
    if tuple(arrays) != expected:
        logger.warning("cache refused, computed again: %s (other arrays)", path)
        return None
    with contextlib.suppress(OSError):
        path.touch()  # the longest unused go first
    return arrays


def _file(where: Path, name: str) -> Path:
    return where / f"{name}.hierarchy"


def _write(where: Path, name: str, arrays: Arrays) -> None:
    parts: list[dict[str, Any]] = []
    flats: list[Bytes] = []
    at = 0
    for key, array in arrays.items():
        flat = _bytes_of(array)
        dtype = array.dtype.str
        parts.append({"name": key, "dtype": dtype, "size": array.size, "at": at, "sum": _sum(flat)})
        flats.append(flat)
        at += -(-array.nbytes // _LINE) * _LINE
    told = {"name": name, "parts": parts, "bytes": at}
    head = json.dumps(told).encode()
    lead = _LEAD.pack(_MAGIC, len(head), crc32(head))
    pad = bytes(-(len(lead) + len(head)) % _LINE)
    with tempfile.NamedTemporaryFile(dir=where, prefix=".", suffix=_PART, delete=False) as file:
        try:
            file.write(lead + head + pad)
            for flat in flats:
                flat.tofile(file)
                file.write(bytes(-len(flat) % _LINE))
            file.close()  # not forced to the disk: what a power cut leaves is refused when read
            Path(file.name).replace(_file(where, name))
        except BaseException:
            file.close()
            Path(file.name).unlink(missing_ok=True)
            raise


def _read(path: Path, name: str, check: Check) -> dict[str, npt.NDArray[np.int32]]:
    whole = np.memmap(path, dtype=np.uint8, mode="c")
    if len(whole) < _LEAD.size:
        raise ValueError("cut short")
    magic, length, mark = _LEAD.unpack(whole[: _LEAD.size].tobytes())
    if magic != _MAGIC:
        raise ValueError("not a hierarchy of this version")
    head = whole[_LEAD.size : _LEAD.size + length].tobytes()
    if crc32(head) != mark:
        raise ValueError("altered")
    told = json.loads(head)
    at = -(-(_LEAD.size + length) // _LINE) * _LINE
    body = np.asarray(whole[at:])
    if told["name"] != name:
        raise ValueError("of another network")
    if len(body) != told["bytes"]:
        raise ValueError("cut short")
    found = {}
    for part in told["parts"]:
        dtype = np.dtype(part["dtype"])
        flat = body[part["at"] : part["at"] + part["size"] * dtype.itemsize]
        check(flat, part)
        found[part["name"]] = flat.view(dtype)
    return found


def _checked(flat: Bytes, part: Mapping[str, Any]) -> None:
    if _sum(flat) != part["sum"]:
        raise ValueError("altered")


def _bytes_of(array: npt.NDArray[np.integer]) -> Bytes:
    return np.ascontiguousarray(array).reshape(-1).view(np.uint8)


def _sum(body: Bytes) -> int:
    """Check all bytes (CRC-32, piece by piece)."""
    pieces = _in_pieces(body, lambda piece: crc32(piece).to_bytes(4, "little"))
    return crc32(pieces)


def _in_pieces(body: Bytes, told: Callable[[Any], bytes]) -> bytes:
    """Return what is told of each piece of some bytes, joined; several threads tell."""
    count = -(-len(body) // _PIECE)
    found = [b""] * count

    def one(piece: int, _: int) -> None:
        found[piece] = told(body[piece * _PIECE : (piece + 1) * _PIECE].data)

    together(one, count, processors())
    return b"".join(found)


def _make_room(where: Path, *, kept: Path) -> None:
    for path in where.glob(f".*{_PART}"):
        if time.time() - path.stat().st_mtime > _PART_DEAD_S:
            path.unlink(missing_ok=True)
    files = sorted(where.glob("*.hierarchy"), key=lambda path: path.stat().st_mtime, reverse=True)
    room = _ROOM
    for path in files:
        room -= path.stat().st_size
        if room < 0 and path != kept:
            path.unlink(missing_ok=True)
