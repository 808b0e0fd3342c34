"""A folder of results read back: documents are made of what was published, and of nothing else.

So a document tells the same numbers as the tables and the maps, and no more than the room of
secrecy let through.
"""

import csv
import hashlib
import json
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from ctg_geo.errors import UnreadableFileError
from ctg_geo.sources.inert import original

__all__ = ["Layer", "Published", "Sheet", "read_layer", "read_published", "read_sheet"]

_MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """A layer of a GeoPackage without its geometry, and the French title of each column."""

    table: pd.DataFrame
    titles: Mapping[str, str]
    description: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table of results as it was published: titles, and cells as they read."""

    titles: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Published:
    """One folder of results: its manifest, and the files it names.

    `changed` are files that are no longer what the run wrote.
    """

    folder: Path
    manifest: Mapping[str, Any]
    changed: tuple[str, ...]

    def __repr__(self) -> str:
        return f"<Published {self.folder}: {len(self.manifest['outputs'])} files>"

    def has(self, name: str) -> bool:
        """Tell whether the run wrote a file, and it is still there."""
        return name in self.manifest["outputs"] and (self.folder / name).exists()

    def lines(self, name: str) -> tuple[str, ...]:
        """Return the lines of a text."""
        return tuple((self.folder / name).read_text(encoding="utf-8").splitlines())

    @property
    def study(self) -> Mapping[str, Any]:
        """Settings of the study, as the manifest holds them."""
        found: Mapping[str, Any] = self.manifest["parameters"]["study"]
        return found

    @property
    def service(self) -> tuple[str, Mapping[str, Any]] | None:
        """Key and declaration of the service these are the results of, if they are of one."""
        declared = self.manifest["parameters"].get("service")
        return next(iter(declared.items())) if declared else None

    @property
    def themes(self) -> Mapping[str, Mapping[str, Any]]:
        """Declarations of the themes, by key; none in the folder of one service."""
        found: Mapping[str, Mapping[str, Any]] = self.manifest["parameters"].get("themes", {})
        return found


def read_published(folder: Path) -> Published:
    """Read a folder of results by its manifest.

    Raises
    ------
    UnreadableFileError
        If it is no folder of results, or its manifest cannot be read.
    """
    try:
        manifest = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
        outputs = dict(manifest["outputs"])
        _ = manifest["parameters"]["study"]["study"]["name"], manifest["inputs"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise UnreadableFileError("no_results", file=str(folder)) from error
    changed = tuple(
        sorted(name for name, digest in outputs.items() if _changed(folder / name, digest))
    )
    return Published(folder, manifest, changed)


def _changed(path: Path, digest: str) -> bool:
    return not path.exists() or hashlib.sha256(path.read_bytes()).hexdigest() != digest


def read_layer(geopackage: Path, name: str) -> Layer | None:
    """Read a layer without its geometry, in the order of its rows; None if there is none."""
    with closing(sqlite3.connect(f"{geopackage.resolve().as_uri()}?mode=ro", uri=True)) as base:
        held = dict(base.execute("SELECT table_name, description FROM gpkg_contents"))
        if name not in held:
            return None
        quoted = name.replace('"', '""')
        table = pd.read_sql_query(f'SELECT * FROM "{quoted}"', base)  # noqa: S608  (a name of its own)
        titles = dict(
            base.execute(
                "SELECT column_name, title FROM gpkg_data_columns WHERE table_name = ?", (name,)
            )
        )
    shown = table.drop(columns=[each for each in ("fid", "geom") if each in table.columns])
    titles = {str(each): titles.get(each, str(each)) for each in shown.columns}
    return Layer(shown, titles, str(held[name] or ""))


def read_sheet(path: Path) -> Sheet:
    """Read a table as published: cells stay the text that people read."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        titles, *rows = csv.reader(stream, delimiter=";")
    return Sheet(tuple(titles), tuple(tuple(map(original, row)) for row in rows if row))
