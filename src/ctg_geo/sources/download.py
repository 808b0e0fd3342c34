"""Download a file whole or not at all: resumed where it was cut, checked by its hash."""

import json
import logging
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from ctg_geo import progress
from ctg_geo.errors import FetchError
from ctg_geo.staging import staged

__all__ = ["download"]

_CHUNK: Final = 1 << 16
_PATIENCE_S: Final = (15, 60)  # to connect, between two pieces
_ATTEMPTS: Final = 3  # as long as each brings something
_OK, _PARTIAL, _BEYOND_END = 200, 206, 416


def download(url: str, target: Path, *, sha256: str | None = None) -> None:
    """Download a file under its final name, which it bears only once whole and checked.

    What came before a cut waits beside it, hidden, and the next call goes on from there
    where the server can (ranges) and its file has not changed since.

    Parameters
    ----------
    url : address of the file
    target : its name on disk, not there yet
    sha256 : its hash, where it is known

    Raises
    ------
    FetchError
        If the server cannot be reached or refuses, sends a web page in place of the file,
        cuts, or the file is not the one expected, or the disk refuses.
    OutputError
        If the folder cannot be written, or another run is writing there.
    """
    import pooch  # noqa: PLC0415  (heavy)

    pooch.get_logger().setLevel(logging.WARNING)
    part = target.with_name(f".{target.name}.part")
    wanted = None if sha256 is None else f"sha256:{sha256}"

    def into(address: str, path: str, _: object) -> None:
        _attempts(address, part)
        part.replace(path)
        _note(part).unlink(missing_ok=True)

    with staged(target.parent) as stage:
        try:
            pooch.retrieve(
                url, known_hash=wanted, fname=target.name, path=stage.path, downloader=into
            )
        except ValueError as error:  # how pooch says that the hash differs
            raise FetchError("hash", url=url, sha256=str(sha256)) from error
        except OSError as error:
            if isinstance(error, FetchError):
                raise
            detail = error.strerror or str(error)
            raise FetchError("disk", file=str(target), detail=detail) from error
        stage.publish([target.name])


def _note(part: Path) -> Path:
    """Return the file that says of what a part is one."""
    return part.with_suffix(".json")


def _attempts(url: str, part: Path) -> None:
    """Ask again after a cut, as long as something comes."""
    for attempt in range(_ATTEMPTS):
        before = _size(part)
        try:
            _stream(url, part)
        except FetchError as error:
            stuck = _size(part) <= before or attempt == _ATTEMPTS - 1
            if error.reason != "interrupted" or stuck:
                raise
        else:
            return


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _stream(url: str, part: Path) -> None:
    """Ask for what is missing and write it to the part."""
    import requests  # noqa: PLC0415  (heavy)
    from urllib3.exceptions import HTTPError  # noqa: PLC0415

    start, asked = _resumable(url, part)
    headers = {"User-Agent": "ctg-geo", "Accept-Encoding": "identity", **asked}
    host = urlsplit(url).netloc
    try:
        answer = requests.get(url, headers=headers, stream=True, timeout=_PATIENCE_S)
    except requests.RequestException as error:
        facts = {"host": host, "detail": _why(error)}
        raise FetchError("no_answer", **facts) from error
    with answer:
        if answer.status_code == _BEYOND_END:
            _drop(part)
            raise FetchError("interrupted", got=0, url=url)
        if answer.status_code not in (_OK, _PARTIAL):
            raise FetchError("status", url=url, status=str(answer.status_code))
        if "text/html" in answer.headers.get("Content-Type", ""):
            raise FetchError("page", url=url)
        onward = answer.status_code == _PARTIAL and _begins(answer.headers) == start
        total = _total(answer.headers, start if onward else 0)
        _keep_note(url, part, answer.headers)
        try:
            _write(_pieces(answer, part), part, total, onward=onward)
        except (requests.RequestException, HTTPError) as error:
            raise FetchError("interrupted", got=_size(part), url=url) from error
    if total is not None and _size(part) != total:
        raise FetchError("interrupted", got=_size(part), url=url)


def _resumable(url: str, part: Path) -> tuple[int, dict[str, str]]:
    """Return where to go on from and the headers that ask for it; drop a part of unknown origin."""
    try:
        note = json.loads(_note(part).read_text(encoding="utf-8"))
        same = note["url"] == url and bool(note["validator"])
    except (OSError, ValueError, KeyError, TypeError):
        same = False
    if not same or not _size(part):
        _drop(part)
        return 0, {}
    size = _size(part)
    return size, {"Range": f"bytes={size}-", "If-Range": note["validator"]}


def _drop(part: Path) -> None:
    part.unlink(missing_ok=True)
    _note(part).unlink(missing_ok=True)


def _keep_note(url: str, part: Path, headers: Mapping[str, str]) -> None:
    """Write down the version of the file that the server sends; weak tags cannot be resumed."""
    tag = headers.get("ETag", "")
    validator = tag if tag and not tag.startswith("W/") else headers.get("Last-Modified", "")
    note = json.dumps({"url": url, "validator": "" if _encoded(headers) else validator})
    _note(part).write_text(note, encoding="utf-8")


def _begins(headers: Mapping[str, str]) -> int | None:
    said = headers.get("Content-Range", "")
    first = said.removeprefix("bytes ").split("-")[0]
    return int(first) if first.isdigit() else None


def _total(headers: Mapping[str, str], start: int) -> int | None:
    length = "" if _encoded(headers) else headers.get("Content-Length", "")
    return start + int(length) if length.isdigit() else None


def _encoded(headers: Mapping[str, str]) -> bool:
    """Tell whether the bytes under way are not those of the file, though none were asked for so."""
    return headers.get("Content-Encoding", "identity") != "identity"


def _pieces(answer: Any, part: Path) -> Iterator[bytes]:  # noqa: ANN401
    """Return the bytes of the file; a server that calls a .gz an encoding sends it as it is."""
    if _encoded(answer.headers) and part.name.endswith(".gz.part"):
        return iter(answer.raw.stream(_CHUNK, decode_content=False))
    return iter(answer.iter_content(_CHUNK))


def _write(pieces: Iterator[bytes], part: Path, total: int | None, *, onward: bool) -> None:
    count = None if total is None else -(-total // _CHUNK)
    with part.open("ab" if onward else "wb") as stream:
        tracked = pieces if count is None else progress.track(pieces, "fetch_data", count)
        for piece in tracked:
            stream.write(piece)
        stream.flush()
        os.fsync(stream.fileno())


def _why(error: BaseException) -> str:
    """Say shortly why a server did not answer: the innermost cause."""
    seen = error
    while (inner := seen.__cause__ or seen.__context__) is not None:
        seen = inner
    said = " ".join(str(getattr(seen, "strerror", None) or seen).split())
    return said[:120] or type(seen).__name__
