"""One process at a time: a lock that the system takes back from a process that dies."""

import errno
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from ctg_geo import progress
from ctg_geo.errors import OutputError

__all__ = ["locked"]

_PATIENCE_S: Final = 60.0
_PAUSE_S: Final = 0.05
_TAKEN: Final = (errno.EACCES, errno.EAGAIN, errno.EDEADLK)
_HERE: Final = 0  # the byte that is locked, where a lock is on bytes


@contextmanager
def locked(path: Path, *, patience_s: float | None = None) -> Iterator[bool]:
    """Hold a lock, waiting for whoever holds it; a dead process holds none.

    Parameters
    ----------
    path : file that stands for the lock, made for it and removed after
    patience_s : how long to wait, in seconds; a minute if None

    Yields
    ------
    bool
        Whether the lock is held: some network disks know none, and work goes on without.

    Raises
    ------
    OutputError
        If another process still holds it after that time.
    """
    handle = _taken(path, _PATIENCE_S if patience_s is None else patience_s)
    try:
        yield handle is not None
    finally:
        if handle is not None:
            _release(path, handle)


def _taken(path: Path, patience_s: float) -> int | None:
    """Return a handle on the locked file; None where no lock can be had."""
    end, told = time.monotonic() + patience_s, False
    while True:
        handle = _opened(path)
        if handle is None:
            return None
        try:
            _take(handle)
        except OSError as error:
            os.close(handle)
            if error.errno not in _TAKEN:
                return None
        else:
            if _still(path, handle):
                return handle
            os.close(handle)  # who held it removed it meanwhile
            continue
        if time.monotonic() >= end:
            raise OutputError("busy", file=str(path.parent))
        if not told:
            progress.notice("waiting_folder")
            told = True
        time.sleep(_PAUSE_S)


def _opened(path: Path) -> int | None:
    """Open the file of a lock, which may be somebody else's; a folder that refuses has no lock."""
    for flags in (os.O_RDWR | os.O_CREAT, os.O_RDONLY):
        with suppress(OSError):
            return os.open(path, flags, 0o644)
    return None


def _still(path: Path, handle: int) -> bool:
    """Tell whether the file that is locked is the one that bears the name."""
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except OSError:
        return False


def _release(path: Path, handle: int) -> None:
    """Remove the file and give the lock back; Windows removes only what nobody has open."""
    with suppress(OSError):
        path.unlink()
    os.close(handle)
    if os.name == "nt":
        with suppress(OSError):
            path.unlink()


def _system() -> Callable[[int], None]:
    """Return what takes a lock at once or raises OSError, as this system does it."""
    try:
        import fcntl  # noqa: PLC0415  (absent on Windows)
    except ImportError:
        import msvcrt  # noqa: PLC0415  (absent elsewhere)

        def on_windows(handle: int) -> None:
            os.lseek(handle, _HERE, os.SEEK_SET)
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]

        return on_windows
    return lambda handle: fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


_take: Final = _system()
