"""What libraries say in their own way when the system refuses to write."""

import errno
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

__all__ = ["refused_by_system"]

_FULL: Final = 1 << 16  # bytes left, fewer than what a file takes to grow
_WORDS: Final = ("disk is full", "No space left")


@contextmanager
def refused_by_system(path: Path) -> Iterator[None]:
    """Turn what GDAL and SQLite raise while they write a file into an OSError.

    Raises
    ------
    OSError
        "No space left" if there is none, else "Input/output error"; it names no file, for this
        one is hidden.
    """
    import pyogrio  # noqa: PLC0415  (heavy)
    import rasterio  # noqa: PLC0415

    try:
        yield
    except (
        sqlite3.OperationalError, pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError,
        pyogrio.errors.FeatureError, rasterio.errors.RasterioError,
    ) as error:  # fmt: skip
        full = any(word in str(error) for word in _WORDS)
        full = full or shutil.disk_usage(path.parent).free < _FULL
        raise OSError(errno.ENOSPC if full else errno.EIO, str(error)) from error
