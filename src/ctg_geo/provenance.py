"""Where every figure comes from: files with their hash, vintage and licence; the manifest."""

import hashlib
import json
import os
import platform
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

__all__ = ["InputFile", "Ledger", "input_file", "manifest", "sha256", "study_identity", "versions"]

_PACKAGES = ("ctg-geo", "geopandas", "numpy", "pandas", "pyogrio", "pyproj", "scipy", "shapely")


@dataclass(frozen=True, slots=True)
class InputFile:
    """One file read by a run."""

    role: str
    path: str  # relative to the study's file, with /; or dataset:<key>/<file> where it is cached
    provider: str
    licence: str
    vintage: str
    note: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Ledger:
    """Rows of one table: none vanishes, `read == used + sum(set_aside)`."""

    table: str
    read: int
    used: int
    set_aside: Mapping[str, int]

    def __post_init__(self) -> None:
        assert self.read == self.used + sum(self.set_aside.values()), f"rows vanish in {self}"


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file, of a shapefile with its companions, or of a folder's files.

    Several files count in the order of their names.
    """
    digest = hashlib.sha256()
    companions = sorted(path.parent.glob(f"{path.stem}.*")) if path.suffix == ".shp" else [path]
    if path.is_dir():
        companions = sorted(each for each in path.iterdir() if each.is_file())
    for part in companions:
        with part.open("rb") as stream:
            while block := stream.read(1 << 20):
                digest.update(block)
    return digest.hexdigest()


def input_file(  # one argument per field of a source
    role: str,
    path: Path,
    *,
    root: Path,
    provider: str,
    licence: str,
    vintage: str,
    note: str = "",
    shown: str | None = None,
) -> InputFile:
    """Describe a file that is about to be read; `shown` in place of its path, if given."""
    where = Path(os.path.relpath(path, root)).as_posix() if shown is None else shown
    return InputFile(role, where, provider, licence, vintage, note, sha256(path))


def study_identity(study: Mapping[str, object], config: str) -> str:
    """Return what tells a study from another that has taken its name: its territory, its file.

    It stays the same while data, norms and services change.

    Parameters
    ----------
    study : the section of its file that names it and says what it covers
    config : the path of its file, of which the name counts
    """
    parts = [study.get("name"), study.get("inside"), study.get("crs"), Path(config).name]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def versions() -> dict[str, str]:
    """Return the versions that shape the result: Python, this package and its libraries."""
    found = {"python": platform.python_version()}
    for name in _PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found


def manifest(
    *,
    inputs: Iterable[InputFile],
    ledgers: Iterable[Ledger],
    parameters: Mapping[str, object],
    outputs: Mapping[str, str],
) -> str:
    """Write what a run read, how it was set and what it made, as JSON.

    There is no date: the same inputs and settings give the same bytes.
    """
    content = {
        "inputs": [asdict(each) for each in inputs],
        "rows": [
            {"table": each.table, "read": each.read, "used": each.used,
             "set_aside": dict(each.set_aside)}
            for each in ledgers
        ],
        "parameters": parameters,
        "outputs": outputs,
        "versions": versions(),
    }  # fmt: skip
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"
