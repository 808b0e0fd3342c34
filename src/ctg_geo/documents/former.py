"""Documents and pages that tell another run than the results beside them."""

import html
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ctg_geo.provenance import sha256

__all__ = ["FormerPage", "former_documents", "former_pages"]

_FOLDER: Final = "documents"
_TABLE: Final = "resultats.csv"
_MARK: Final = re.compile(r'<meta name="ctg-geo-results" content="(\S+) ([0-9a-f]{64})">')
_STUDY: Final = re.compile(r'<meta name="ctg-geo-study" content="([^"]*)">')
_HEAD: Final = 4000  # characters, in which the mark of a page stands
_RESULTS: Final = "results"  # role of the inputs of a document


@dataclass(frozen=True, slots=True)
class FormerPage:
    """A committee page of a former run, and the service it shows."""

    path: Path
    service: str


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
    the files, in the order of their names; those that are no longer there are left out, and
    those of another study
    """
    found = [path for root in (results, results.parent) for path in _of(root, results)]
    return tuple(sorted(set(found)))


def former_pages(results: Path) -> tuple[FormerPage, ...]:
    """Name the committee pages, in a folder of results or beside it, made of another run.

    A page is marked with its study, its service and the hash of the table of results that it
    shows. One of another study says nothing of these results.
    """
    tables = {service: digest for folder in (results, *sorted(results.glob("*/")))
              for service, digest in _tables(folder)}  # fmt: skip
    pages = [*sorted(results.glob("*.html")), *sorted(results.parent.glob("*.html"))]
    studies = _studies(results)
    found = ((path, _shows_another(path, tables, studies)) for path in pages)
    return tuple(FormerPage(path, service) for path, service in found if service is not None)


def _studies(results: Path) -> frozenset[str]:
    """Return the names of the studies that a folder of results tells of."""
    manifests = (_read(each / "manifest.json") for each in (results, *results.glob("*/")))
    studies = (each.get("parameters", {}).get("study") for each in manifests)
    return frozenset(str(each.get("study", {}).get("name")) for each in studies
                     if isinstance(each, dict))  # fmt: skip


def _tables(folder: Path) -> Iterator[tuple[str, str]]:
    """Return the service that a folder tells of, and the hash of its table of results."""
    manifest = _read(folder / "manifest.json")
    digest = manifest.get("outputs", {}).get(_TABLE)
    for service in manifest.get("parameters", {}).get("service") or ():
        if digest is not None:
            yield service, digest


def _shows_another(page: Path, tables: Mapping[str, str], studies: frozenset[str]) -> str | None:
    """Return the service of a page of one of the studies that shows other results of it."""
    with page.open(encoding="utf-8", errors="replace") as stream:
        head = stream.read(_HEAD)
    mark, study = _MARK.search(head), _STUDY.search(head)
    if mark is None or study is None or html.unescape(study[1]) not in studies:
        return None
    return mark[1] if tables.get(mark[1], mark[2]) != mark[2] else None


def _of(root: Path, results: Path) -> Iterator[Path]:
    studies = _studies(results)
    for path in sorted((root / _FOLDER).glob("manifest_*.json")):
        manifest = _read(path)
        made_of = [root / each["path"] for each in manifest.get("inputs", [])
                   if each.get("role") == _RESULTS]  # fmt: skip
        hashes = [each["sha256"] for each in manifest.get("inputs", [])
                  if each.get("role") == _RESULTS]  # fmt: skip
        concerned = any(results.resolve() in each.resolve().parents for each in made_of)
        same = manifest.get("parameters", {}).get("study") in studies
        if concerned and same and any(map(_differs, made_of, hashes)):
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
