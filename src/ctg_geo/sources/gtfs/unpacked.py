"""The files of a feed, out of its zip or its folder: those of the specification, no others."""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Final

from ctg_geo.errors import FetchError, MissingFileError, UnreadableFileError
from ctg_geo.sources.archive import extract
from ctg_geo.sources.cells import detail
from ctg_geo.sources.guards import TABLE
from ctg_geo.sources.zips import BROKEN_ZIP, opened_zip

__all__ = ["FILES", "unpacked"]

FILES: Final = (
    "agency.txt", "stops.txt", "routes.txt", "trips.txt", "stop_times.txt", "calendar.txt",
    "calendar_dates.txt", "frequencies.txt", "transfers.txt", "feed_info.txt",
)  # fmt: skip
_MOST_PARTS: Final = 1_000


@contextmanager
def unpacked(path: Path) -> Iterator[Mapping[str, Path]]:
    """Give the files of a feed, by the name that the specification gives them.

    A zip may hold them in one folder of its own. Names inside it are compared, never used
    as paths.

    Raises
    ------
    MissingFileError, UnreadableFileError
        If there is no such zip or folder, or it is damaged, locked, or unpacks to too much.
    """
    if not path.exists():
        raise MissingFileError("source", file=str(path))
    if path.is_dir():
        yield _of_folder(path)
        return
    with tempfile.TemporaryDirectory(prefix="ctg-gtfs-") as folder:
        found = {}
        for name, member in _members(path).items():
            found[name] = Path(folder) / name
            try:
                extract(path, member, found[name], largest=TABLE.most)
            except FetchError as error:
                facts = {"member": name, "why": error.explain()}
                raise UnreadableFileError("gtfs_member", file=path.name, **facts) from error
        yield found


def _of_folder(path: Path) -> dict[str, Path]:
    """Return the files that lie in the folder itself, and not behind a link out of it."""
    home = path.resolve()
    found = {each.name.casefold(): each for each in sorted(path.iterdir())}
    return {
        name: found[name] for name in FILES
        if name in found and found[name].is_file() and found[name].resolve().parent == home
    }  # fmt: skip


def _members(path: Path) -> dict[str, str]:
    """Return the member of each file: that of the least deep folder, which must be one."""
    try:
        with opened_zip(path) as box:
            names = [each.filename for each in box.infolist() if not each.is_dir()]
    except (OSError, *BROKEN_ZIP) as error:
        raise UnreadableFileError("gtfs_zip", file=path.name, detail=detail(error)) from error
    if len(names) > _MOST_PARTS:
        raise UnreadableFileError("gtfs_parts", file=path.name, parts=len(names))
    paths = [PurePosixPath(name) for name in names]
    homes = [each.parent for each in paths if each.name.casefold() == "stop_times.txt"]
    if not homes:
        return {}
    home = min(homes, key=lambda each: (len(each.parts), str(each)))
    return {each.name.casefold(): str(name) for each, name in zip(paths, names, strict=True)
            if each.parent == home and each.name.casefold() in FILES}  # fmt: skip
