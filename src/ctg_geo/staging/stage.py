"""A hidden folder whose files go to the folder it stands in together, all of them or none.

Three steps, each of which a dead process leaves in a state that the next one knows:

1. files are made in the hidden folder: nothing is decided, what is there is swept;
2. `.decided` says which files go to their places: what is left to move is moved;
3. a file could not be moved, `.undone` says so: former files are put back.

Former files are kept by a second name (hard link), so that each name bears a whole file, the
former or the new one, at any moment.
"""

import json
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ctg_geo.errors import CtgGeoError, OutputError
from ctg_geo.staging.lock import locked
from ctg_geo.staging.refusal import not_written, why

__all__ = ["Stage", "mended", "staged"]

_PREFIX: Final = ".ctg-"
_LOCK: Final = ".ctg-lock"
_OURS: Final = ".stage"  # in each hidden folder, so that no other one is ever touched
_DECIDED: Final = ".decided"
_UNDONE: Final = ".undone"
_FORMER: Final = ".former"
_BESIDE: Final = ("-wal", "-shm", "-journal")  # what SQLite keeps beside an open GeoPackage


@dataclass(frozen=True, slots=True)
class Stage:
    """Where files of a folder are made."""

    home: Path  # the folder
    path: Path  # the hidden one, on the same disk

    def publish(self, names: Sequence[str], gone: Sequence[str] = ()) -> None:
        """Move files to the folder in their order, and remove those `gone`, all or none.

        Names may lead into folders of their own.

        Raises
        ------
        OutputError
            If one cannot be moved, or a program has it open; former files are put back.
        """
        touched = list(dict.fromkeys((*names, *gone)))
        (self.path / _FORMER).mkdir()
        for name in touched:
            if (self.home / name).exists():
                _let_go(self.home / name)
                (self.path / _FORMER / name).parent.mkdir(parents=True, exist_ok=True)
                _keep(self.home / name, self.path / _FORMER / name)
        had = [name for name in touched if (self.path / _FORMER / name).exists()]
        plan = json.dumps({"names": list(names), "gone": list(gone), "had": had})
        aside = self.path / f"{_DECIDED}.new"
        aside.write_text(plan, encoding="utf-8")
        aside.replace(self.path / _DECIDED)
        try:
            _forward(self)
        except OSError as error:
            (self.path / _DECIDED).replace(self.path / _UNDONE)
            _back(self)
            file = str(error.filename2 or error.filename or self.home)
            raise not_written(error, file) from error


@contextmanager
def staged(home: Path) -> Iterator[Stage]:
    """Give a hidden folder to make files in, alone in the folder that they go to.

    What runs that died left in that folder is finished or swept first. A folder that did not
    exist is gone again if nothing was published.

    Raises
    ------
    OutputError
        If the folder or a file cannot be written, or another run is writing there; a failure
        leaves former files as they were.
    """
    fresh = False
    try:
        fresh = not home.exists()
        if not fresh and not home.is_dir():
            raise OutputError("folder", file=str(home))
        home.mkdir(parents=True, exist_ok=True)
        with locked(home / _LOCK) as alone:
            if alone:
                _sweep(home)
            stage = Stage(home, Path(tempfile.mkdtemp(prefix=_PREFIX, dir=home)))
            try:
                (stage.path / _OURS).touch()
                yield stage
            finally:
                _cleared(stage.path)
    except OSError as error:
        if isinstance(error, CtgGeoError):
            raise
        raise not_written(error, str(error.filename or home)) from error
    finally:
        if fresh:
            with suppress(OSError):
                home.rmdir()  # only an empty one goes


def mended(home: Path) -> None:
    """Finish what a run that died had decided to publish in a folder; for those who read it.

    Raises
    ------
    OutputError
        If it cannot be finished.
    """
    if any(_decided(each) for each in _hidden(home)):
        with locked(home / _LOCK) as alone:
            if alone:
                _sweep(home)


def _hidden(home: Path) -> list[Path]:
    """Return the hidden folders of a folder that are ours."""
    with suppress(OSError):
        found = [each for each in home.glob(f"{_PREFIX}*") if not each.is_symlink()]
        return sorted(each for each in found if (each / _OURS).is_file())
    return []


def _decided(hidden: Path) -> bool:
    return (hidden / _DECIDED).exists() or (hidden / _UNDONE).exists()


def _sweep(home: Path) -> None:
    """Finish or remove what dead runs left; the lock on the folder says that they are dead."""
    for hidden in _hidden(home):
        stage = Stage(home, hidden)
        try:
            if (hidden / _UNDONE).exists():
                _back(stage)
            elif (hidden / _DECIDED).exists():
                _forward(stage)
        except OSError as error:
            file = str(error.filename2 or error.filename or home)
            raise OutputError("unfinished", file=file, detail=why(error)) from error
        _cleared(hidden)
    for hidden in home.glob(f"{_PREFIX}????????"):
        with suppress(OSError):
            hidden.rmdir()  # killed before it was marked: empty


def _cleared(hidden: Path) -> None:
    """Remove a hidden folder: first what says that something is left to do, last the mark."""
    for name in (_DECIDED, _UNDONE):
        with suppress(OSError):
            (hidden / name).unlink()
    with suppress(OSError):
        for each in sorted(hidden.iterdir()):
            if each.name == _OURS:
                continue
            if each.is_dir() and not each.is_symlink():
                shutil.rmtree(each, ignore_errors=True)
            else:
                each.unlink()
    shutil.rmtree(hidden, ignore_errors=True)


def _plan(step: Path) -> dict[str, list[str]]:
    plan: dict[str, list[str]] = json.loads(step.read_text(encoding="utf-8"))
    return plan


def _forward(stage: Stage) -> None:
    """Move what is not moved yet."""
    plan = _plan(stage.path / _DECIDED)
    for name in plan["names"]:
        if (stage.path / name).exists():
            (stage.home / name).parent.mkdir(parents=True, exist_ok=True)
            (stage.path / name).replace(stage.home / name)
    for name in plan["gone"]:
        (stage.home / name).unlink(missing_ok=True)


def _back(stage: Stage) -> None:
    """Put former files back where new ones had been moved; remove those that were none."""
    plan = _plan(stage.path / _UNDONE)
    for name in (*plan["names"], *plan["gone"]):
        if name in plan["names"] and (stage.path / name).exists():
            continue  # never moved
        former = stage.path / _FORMER / name
        if name not in plan["had"]:
            (stage.home / name).unlink(missing_ok=True)
        elif former.exists():
            former.replace(stage.home / name)


def _keep(place: Path, former: Path) -> None:
    """Give a file a second name, or where the disk knows of none, copy it."""
    try:
        os.link(place, former)
    except OSError:
        shutil.copy2(place, former)


def _let_go(place: Path) -> None:
    """Refuse to replace a GeoPackage that a program has open with a journal beside it.

    SQLite would write a journal of the former file into the new one (How To Corrupt An SQLite
    Database File, 2.4, 2.5). What a dead program left is taken in by the former file.
    """
    if place.suffix.lower() != ".gpkg" or not _journals(place):
        return
    try:
        with closing(sqlite3.connect(place, timeout=1, isolation_level=None)) as base:
            base.execute("PRAGMA journal_mode = DELETE").fetchone()
            base.execute("BEGIN EXCLUSIVE")
            base.execute("COMMIT")
    except sqlite3.Error as error:
        raise OutputError("open", file=str(place)) from error
    if _journals(place):
        raise OutputError("open", file=str(place))


def _journals(place: Path) -> list[str]:
    return [end for end in _BESIDE if place.with_name(place.name + end).exists()]
