"""One file out of a zip: only the one asked for, under our own name, of a bounded size."""

import errno
import stat
import zipfile
from pathlib import Path, PurePosixPath
from typing import IO, Final

from ctg_geo.errors import FetchError
from ctg_geo.sources.guards import STREAM
from ctg_geo.sources.zips import BROKEN_ZIP, opened_zip
from ctg_geo.staging import staged

__all__ = ["extract"]

_CHUNK: Final = 1 << 20
_ENCRYPTED: Final = 0x1


def extract(archive: Path, member: str, target: Path, *, largest: int = STREAM.most) -> None:
    """Extract a file of a zip under another name, whole or not at all.

    Names inside the archive are compared, never used as paths. A member is found by its
    path, else by its bare name in any case, if one only has it.

    Parameters
    ----------
    archive : the zip
    member : path of the file in it, with /
    target : name on disk
    largest : bytes that the file may have

    Raises
    ------
    FetchError
        If the archive is damaged or lacks the file, or the file is too large, swells too
        much, is encrypted, or is no regular file.
    OutputError
        If it cannot be written, or another run is writing in that folder.
    """
    with staged(target.parent) as stage:
        try:
            with opened_zip(archive) as box:
                info = _found(box, member, archive.name)
                _check(info, archive.name, largest)
                with box.open(info) as source, (stage.path / target.name).open("wb") as out:
                    _copy(source, out, info.file_size, archive.name)
        except BROKEN_ZIP as error:
            raise FetchError("zip_broken", file=archive.name, detail=str(error)) from error
        except OSError as error:
            if error.errno != errno.EINVAL:  # a place before the start of the file
                raise
            raise FetchError("zip_broken", file=archive.name, detail=str(error)) from error
        stage.publish([target.name])


def _found(box: zipfile.ZipFile, member: str, archive: str) -> zipfile.ZipInfo:
    files = [each for each in box.infolist() if not each.is_dir()]
    for info in files:
        if info.filename == member:
            return info
    bare = PurePosixPath(member).name.casefold()
    near = [each for each in files if PurePosixPath(each.filename).name.casefold() == bare]
    if len(near) != 1:
        known = [each.filename for each in files]
        raise FetchError("zip_member", file=archive, member=member, known=known)
    return near[0]


def _check(info: zipfile.ZipInfo, archive: str, largest: int) -> None:
    kind = info.external_attr >> 16
    if info.flag_bits & _ENCRYPTED or (stat.S_IFMT(kind) and not stat.S_ISREG(kind)):
        raise FetchError("zip_kind", file=archive, member=info.filename)
    if info.file_size > largest or STREAM.exceeded(info.file_size, info.compress_size):
        size = info.file_size / 1024**2
        raise FetchError("zip_size", file=archive, member=info.filename, size=size)


def _copy(source: IO[bytes], out: IO[bytes], size: int, archive: str) -> None:
    """Copy no more than the size announced, and no less."""
    done = 0
    while piece := source.read(_CHUNK):
        done += len(piece)
        if done > size:
            break
        out.write(piece)
    if done != size:
        raise FetchError("zip_broken", file=archive, detail=f"{done} / {size}")
