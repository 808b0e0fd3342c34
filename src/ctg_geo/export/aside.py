"""Single files, made beside their place and moved there once they are whole."""

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from ctg_geo.errors import CtgGeoError, OutputError
from ctg_geo.staging import not_written, staged

__all__ = ["write_aside"]

Write = Callable[[Path], None]


def write_aside(
    path: Path, write: Write, beside: Mapping[str, Write] = MappingProxyType({})
) -> None:
    """Let `write` make a file in a hidden folder, then move it to its place.

    `beside` makes others that go with it, by name.

    Raises
    ------
    OutputError
        If it cannot be written, or is a folder; a former file stays as it was.
    """
    if path.is_dir():
        raise OutputError("is_folder", file=str(path))
    makers = {path.name: write, **beside}
    with staged(path.parent) as stage:
        for name, make in makers.items():
            try:
                make(stage.path / name)
            except OSError as error:
                if isinstance(error, CtgGeoError):
                    raise
                raise not_written(error, str(path)) from error
        stage.publish(list(makers))
