"""Documents and pages that tell another run than the results beside them."""

import html
import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ctg_geo.config.scenario_file import load_scenario
from ctg_geo.errors import CtgGeoError
from ctg_geo.provenance import sha256, study_identity

__all__ = ["FormerDocuments", "FormerPage", "former_documents", "former_pages", "identity_of"]

_FOLDER: Final = "documents"
_TABLE: Final = "resultats.csv"
_MARK: Final = re.compile(r'<meta name="ctg-geo-results" content="(\S+) ([0-9a-f]{64})">')
_STUDY: Final = re.compile(r'<meta name="ctg-geo-study" content="([^"]*)">')
_PLANS: Final = re.compile(r'<meta name="ctg-geo-plans" content="([^"]*)">')
_HEAD: Final = 4000  # characters, in which the mark of a page stands
_MADE_OF: Final = ("results", "comparison", "tours")  # roles of the inputs of a document


@dataclass(frozen=True, slots=True)
class FormerPage:
    """A committee page of a former run: the service it shows, and the plans, as they are typed."""

    path: Path
    service: str
    plans: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FormerDocuments:
    """Documents of a former run: of which results, and what they tell beside these."""

    results: Path
    files: tuple[Path, ...]
    comparisons: tuple[Path, ...] = ()
    tours: tuple[Path, ...] = ()


def former_documents(results: Path) -> tuple[FormerDocuments, ...]:
    """Name the documents that were made of another run of the folder of results just written.

    A set of documents keeps, in its manifest, the hash of the manifest of each folder it was
    made of: where one of these is no longer the same, what the set says was of a former run.
    Documents over several services stand one folder higher than the results of one of them;
    those that tell a comparison or tours stand in the results of a diagnosis, beside them.

    Parameters
    ----------
    results : folder that was just written

    Returns
    -------
    a set for each folder of results, its files in the order of their names; those that are no
    longer there are left out, and those of another study
    """
    beside = [each for each in sorted(results.parent.glob("*/")) if each != results]
    found = (_of(root, results) for root in (results, results.parent, *beside))
    return tuple(each for each in found if each is not None)


def former_pages(results: Path, config: Path) -> tuple[FormerPage, ...]:
    """Name the committee pages, in a folder of results or beside it, made of another run.

    A page is marked with its study, its service, the hash of the table of results that it
    shows, its plans and what their files held. One of another study says nothing of these
    results, whatever the name that study takes.

    Parameters
    ----------
    config : the study's file, beside which plans are looked for
    """
    tables = {service: digest for folder in (results, *sorted(results.glob("*/")))
              for service, digest in _tables(folder)}  # fmt: skip
    pages = [*sorted(results.glob("*.html")), *sorted(results.parent.glob("*.html"))]
    manifests = [_read(each / "manifest.json") for each in (results, *sorted(results.glob("*/")))]
    studies = frozenset(filter(None, map(identity_of, manifests)))
    folder = next(
        (config.parent / each for each in map(_scenarios_folder, manifests) if each), None
    )
    found = (_page(path) for path in pages)
    return tuple(
        FormerPage(page.path, page.service, tuple(_typed(key, config) for key, _ in page.plans))
        for page in found
        if page is not None and page.study in studies
        and (tables.get(page.service, page.table) != page.table
             or any(_digest(key, config, folder) != held for key, held in page.plans))
    )  # fmt: skip


def identity_of(manifest: Mapping[str, Any]) -> str:
    """Return what tells the study of a run from another of its name; "" where it is not told."""
    declared = manifest.get("parameters", {}).get("study")
    files = [each["path"] for each in manifest.get("inputs", ()) if each.get("role") == "config"]
    if not isinstance(declared, Mapping) or not files:
        return ""
    return study_identity(declared.get("study", {}), str(files[0]))


def _scenarios_folder(manifest: Mapping[str, Any]) -> str:
    declared = manifest.get("parameters", {}).get("study")
    held = declared.get("scenarios") if isinstance(declared, Mapping) else None
    return str(held.get("folder", "")) if isinstance(held, Mapping) else ""


def _typed(key: str, config: Path) -> str:
    """Write a plan as it is typed: by its name, or by its path where it stands elsewhere."""
    return (config.parent / key).as_posix() if key.endswith(".toml") else key


def _digest(key: str, config: Path, folder: Path | None) -> str:
    """Return what the file of a plan holds today; "" where it can no longer be read."""
    try:
        found = load_scenario(_typed(key, config), folder=folder)
    except CtgGeoError:
        return ""
    return found.digest


def _tables(folder: Path) -> Iterator[tuple[str, str]]:
    """Return the service that a folder tells of, and the hash of its table of results."""
    manifest = _read(folder / "manifest.json")
    digest = manifest.get("outputs", {}).get(_TABLE)
    for service in manifest.get("parameters", {}).get("service") or ():
        if digest is not None:
            yield service, digest


@dataclass(frozen=True, slots=True)
class _Page:
    """What a committee page says it was made of."""

    path: Path
    study: str
    service: str
    table: str
    plans: tuple[tuple[str, str], ...]


def _page(path: Path) -> _Page | None:
    """Read the marks of a page; None where it is no committee page, or tells no study."""
    with path.open(encoding="utf-8", errors="replace") as stream:
        head = stream.read(_HEAD)
    mark, study, plans = _MARK.search(head), _STUDY.search(head), _PLANS.search(head)
    if mark is None or study is None or plans is None or not study[1]:
        return None
    try:
        held = tuple((str(key), str(digest)) for key, digest in json.loads(html.unescape(plans[1])))
    except ValueError:
        return None
    return _Page(path, study[1], mark[1], mark[2], held)


def _of(root: Path, results: Path) -> FormerDocuments | None:
    """Name the documents of a folder that were made of these results, of another run; or None."""
    manifests = (_read(each / "manifest.json") for each in (results, *results.glob("*/")))
    studies = frozenset(filter(None, map(identity_of, manifests)))
    files: set[Path] = set()
    beside: dict[str, set[Path]] = {role: set() for role in _MADE_OF}
    for path in sorted((root / _FOLDER).glob("manifest_*.json")):
        manifest = _read(path)
        told = manifest.get("inputs", ())
        made_of = [(root / each["path"], each["role"], each["sha256"])
                   for each in told if each.get("role") in _MADE_OF]  # fmt: skip
        concerned = any(results.resolve() in each.resolve().parents for each, _, _ in made_of)
        same = manifest.get("parameters", {}).get("identity") in studies
        if not (concerned and same and any(_differs(each, held) for each, _, held in made_of)):
            continue
        files |= {path.parent / name for name in manifest.get("outputs", {})
                  if (path.parent / name).is_file()}  # fmt: skip
        for each, role, _ in made_of:
            beside[role].add(Path(os.path.normpath(each.parent)))
    if not files:
        return None
    _, comparisons, tours = (tuple(sorted(beside[role])) for role in _MADE_OF)
    return FormerDocuments(root, tuple(sorted(files)), comparisons, tours)


def _read(path: Path) -> Mapping[str, Any]:
    """Return a manifest; an empty one where it cannot be read, which tells of no run."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _differs(path: Path, digest: str) -> bool:
    return not path.is_file() or sha256(path) != digest
