"""Documents and pages that tell another run than the results beside them."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from ctg_geo.provenance import sha256

__all__ = ["former_documents", "former_pages"]

_FOLDER: Final = "documents"
_TABLE: Final = "resultats.csv"
_MARK: Final = re.compile(r'<meta name="ctg-geo-results" content="(\S+) ([0-9a-f]{64})">')
_HEAD: Final = 4000  # characters, in which the mark of a page stands
_RESULTS: Final = "results"  # role of the inputs of a document


def former_documents(results: Path) -> tuple[Path, ...]:
    """Name the documents of a folder of results that were made of another run.

    A set of documents keeps, in its manifest, the hash of the manifest of each folder it was
    made of: where one of these is no longer the same, what the set says was of a former run.
    Documents over several services stand one folder higher than the results of one of them.

    Parameters
    ----------
    results : folder that was just written

    Returns
    -------
    the files, in the order of their names; those that are no longer there are left out
    """
    found = [path for root in (results, results.parent) for path in _of(root, results)]
    return tuple(sorted(set(found)))


def former_pages(results: Path) -> tuple[Path, ...]:
    """Name the committee pages, in a folder of results or beside it, made of another run.

    A page is marked with its service and the hash of the table of results that it shows.
    """
    tables = {service: digest for folder in (results, *sorted(results.glob("*/")))
              for service, digest in _tables(folder)}  # fmt: skip
    pages = [*sorted(results.glob("*.html")), *sorted(results.parent.glob("*.html"))]
    return tuple(path for path in pages if _shows_another(path, tables))


def _tables(folder: Path) -> Iterator[tuple[str, str]]:
    """Return the service that a folder tells of, and the hash of its table of results."""
    manifest = _read(folder / "manifest.json")
    digest = manifest.get("outputs", {}).get(_TABLE)
    for service in manifest.get("parameters", {}).get("service") or ():
        if digest is not None:
            yield service, digest


def _shows_another(page: Path, tables: Mapping[str, str]) -> bool:
    with page.open(encoding="utf-8", errors="replace") as stream:
        mark = _MARK.search(stream.read(_HEAD))
    return mark is not None and tables.get(mark[1], mark[2]) != mark[2]


def _of(root: Path, results: Path) -> Iterator[Path]:
    for path in sorted((root / _FOLDER).glob("manifest_*.json")):
        manifest = _read(path)
        made_of = [root / each["path"] for each in manifest.get("inputs", [])
                   if each.get("role") == _RESULTS]  # fmt: skip
        hashes = [each["sha256"] for each in manifest.get("inputs", [])
                  if each.get("role") == _RESULTS]  # fmt: skip
        concerned = any(results.resolve() in each.resolve().parents for each in made_of)
        if concerned and any(map(_differs, made_of, hashes)):
            yield from (path.parent / name for name in sorted(manifest.get("outputs", {}))
                        if (path.parent / name).is_file())  # fmt: skip


def _read(path: Path) -> Mapping[str, Any]:
    """Return a manifest; an empty one where it cannot be read, which tells of no run."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _differs(path: Path, digest: str) -> bool:
    return not path.is_file() or sha256(path) != digest
