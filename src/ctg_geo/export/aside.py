"""A single file, written beside its place and moved there once it is whole."""

import tempfile
from collections.abc import Callable
from pathlib import Path

from ctg_geo import labels
from ctg_geo.errors import OutputError

__all__ = ["write_aside"]


def write_aside(path: Path, write: Callable[[Path], None]) -> None:
    """Let `write` make a file in a hidden folder, then move it to its place.

    Raises
    ------
    OutputError
        If it cannot be written; a former file stays as it was.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".ctg-", dir=path.parent) as folder:
            made = Path(folder) / path.name
            write(made)
            made.replace(path)
    except OSError as error:
        key = f"os.{error.errno}"
        detail = labels.text(key) if labels.has(key) else error.strerror or str(error)
        raise OutputError("write", file=str(path), detail=detail) from error
