"""Documents of a folder of results, written whole or not at all, each set with its manifest."""

import csv
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Final, Literal, get_args

import pandas as pd

from ctg_geo.documents.annex import annex
from ctg_geo.documents.comparisons import ComparisonResults, is_comparison, read_comparisons
from ctg_geo.documents.flat import long_csv, write_parquet
from ctg_geo.documents.former import identity_of
from ctg_geo.documents.parts import Document
from ctg_geo.documents.published import Published
from ctg_geo.documents.report import Beside, report
from ctg_geo.documents.results import Results, read_results
from ctg_geo.documents.same_inputs import check_same_inputs
from ctg_geo.documents.scenarios import comparison_report
from ctg_geo.documents.sheets import commune_sheets
from ctg_geo.documents.to_docx import docx_text
from ctg_geo.documents.to_html import html_page
from ctg_geo.documents.to_pdf import pdf_pages
from ctg_geo.documents.tours import TourResults, is_tours, read_tours, tour_report
from ctg_geo.documents.workbook import results_workbook
from ctg_geo.errors import CtgGeoError, UnreadableFileError
from ctg_geo.export.folder import write_whole
from ctg_geo.provenance import InputFile, input_file
from ctg_geo.sources.cells import detail
from ctg_geo.sources.layers import said_in_words
from ctg_geo.staging import mended

__all__ = ["KINDS", "Kind", "Written", "write_documents"]

Kind = Literal["rapport", "annexe", "fiches", "tableur", "parquet", "csv"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)

_BOUND: Final[Mapping[str, Callable[[Results], Document]]] = MappingProxyType(
    {"annexe": annex, "fiches": commune_sheets}
)
_REPORT: Final = "rapport"
_MADE: Final = MappingProxyType({".html": html_page, ".pdf": pdf_pages, ".docx": docx_text})
_FLAT: Final = MappingProxyType(
    {"tableur": "resultats.xlsx", "parquet": "resultats.parquet", "csv": "resultats_longs.csv"}
)


@dataclass(frozen=True, slots=True)
class Written:
    """What was written, and where."""

    study: str
    folder: Path
    files: tuple[str, ...]


def write_documents(
    results: str | Path,
    kinds: Sequence[Kind] = (),
    out: str | Path | None = None,
    comparisons: Sequence[str | Path] = (),
    tours: Sequence[str | Path] = (),
) -> Written:
    """Make documents of a folder of `diagnose`, `compare` or `tours`; nothing is computed anew.

    Parameters
    ----------
    results : folder of a service, of several, of all themes, of a comparison of scenarios, or of
        tours
    kinds : which documents; all that the folder allows if none: of the last two, the report.
        Each set is written whole or not at all
    out : folder to write into; `documents` inside that of the results if None
    comparisons : folders that `compare` wrote, told as a chapter of the report of a diagnosis
    tours : folders that `tours` wrote, told so too; those inside that of the results always are

    Raises
    ------
    UnreadableFileError
        If a folder holds no results, those of several studies, or of a study before and after
        one of its files changed; or a document is asked for
        that is not made of comparisons.
    OutputError
        If a file cannot be written; former documents stay as they were.
    """
    folder = Path(results)
    for place in (folder, *map(Path, (*comparisons, *tours))):
        for each in (place, *sorted(place.glob("*/"))):
            mended(each)  # what a run that was killed had begun to put in place
    with _legible_results(folder):
        bound = (_of_comparison(folder, kinds) or _of_tours(folder, kinds)
                 or _of_diagnosis(folder, comparisons, tours))  # fmt: skip
    where = folder / "documents" if out is None else Path(out)
    files: list[str] = []
    told = {"study": bound.study, "identity": bound.identity}
    for kind in dict.fromkeys(kinds or bound.kinds):
        with _legible_results(folder):
            files += write_whole(
                where, _names(kind), partial(bound.make, kind=kind), inputs=bound.inputs,
                ledgers=(), parameters={"document": kind, **told},
            )  # fmt: skip
    return Written(bound.study, where, tuple(files))


@contextmanager
def _legible_results(folder: Path) -> Iterator[None]:
    """Tell results that were damaged since they were written; their manifest may be too.

    Raises
    ------
    UnreadableFileError
        Naming the folder, with what a library says.
    """
    try:
        with said_in_words(str(folder)):
            yield
    except (
        sqlite3.Error, pd.errors.DatabaseError, csv.Error, KeyError, TypeError, AttributeError,
        ValueError,
    ) as error:  # fmt: skip
        if isinstance(error, CtgGeoError):
            raise
        facts = {"detail": detail(error)}
        raise UnreadableFileError("results_damaged", file=str(folder), **facts) from error


@dataclass(frozen=True, slots=True)
class _Bound:
    """What documents are made of, and how."""

    study: str
    identity: str
    kinds: tuple[Kind, ...]
    inputs: Sequence[InputFile]
    make: Callable[..., None]  # (staging: Path, *, kind: Kind)


def _of_comparison(folder: Path, kinds: Sequence[Kind]) -> _Bound | None:
    """Bind a folder that holds a comparison; None where it holds none of its own."""
    if not is_comparison(folder):
        return None
    _check_report(folder, kinds)
    read = read_comparisons(folder)
    check_same_inputs(each.published for each in read)

    def make(staging: Path, *, kind: Kind) -> None:
        _bind(staging, kind, comparison_report(read))

    inputs = _inputs([each.published for each in read], folder)
    identity = identity_of(read[0].published.manifest)
    return _Bound(read[0].study, identity, (_REPORT,), inputs, make)


def _of_tours(folder: Path, kinds: Sequence[Kind]) -> _Bound | None:
    """Bind a folder of tours; None where it is none."""
    if not is_tours(folder):
        return None
    _check_report(folder, kinds)
    read = read_tours(folder)
    check_same_inputs(each.published for each in read)

    def make(staging: Path, *, kind: Kind) -> None:
        _bind(staging, kind, tour_report(read))

    inputs, identity = _inputs([each.published for each in read], folder), read[0].published
    return _Bound(read[0].study, identity_of(identity.manifest), (_REPORT,), inputs, make)


def _check_report(folder: Path, kinds: Sequence[Kind]) -> None:
    """Refuse documents that are made of a diagnosis alone."""
    other = [each for each in kinds if each != _REPORT]
    if other:
        raise UnreadableFileError("only_report", file=str(folder), kinds=other)


def _of_diagnosis(
    folder: Path, comparisons: Sequence[str | Path], tours: Sequence[str | Path]
) -> _Bound:
    read = read_results(folder)
    told = [each for place in comparisons for each in _compared(Path(place))]
    inside = {each.published.folder: each for each in read_tours(folder)}
    given = {each.published.folder: each for place in tours for each in _toured(Path(place))}
    driven = tuple({**inside, **given}.values())
    studies = [each.study for each in told] + [each.study for each in driven]
    names = sorted({read.study, *studies})
    if len(names) > 1:
        raise UnreadableFileError("several_studies", file=str(folder), names=names)
    check_same_inputs(
        [*read.folders, *(each.published for each in told), *(each.published for each in driven)]
    )

    def make(staging: Path, *, kind: Kind) -> None:
        _make(staging, kind, read, Beside(told, driven))

    inputs = _inputs(read.folders, folder)
    for place in map(Path, comparisons):
        inputs += _inputs([each.published for each in _compared(place)], folder, "comparison")
    inputs += _inputs([each.published for each in driven], folder, "tours")
    return _Bound(read.study, identity_of(read.folders[0].manifest), KINDS, inputs, make)


def _toured(folder: Path) -> tuple[TourResults, ...]:
    found = read_tours(folder)
    if not found:
        raise UnreadableFileError("no_tours", file=str(folder))
    return found


def _compared(folder: Path) -> tuple[ComparisonResults, ...]:
    found = read_comparisons(folder)
    if not found:
        raise UnreadableFileError("no_comparison", file=str(folder))
    return found


def _names(kind: Kind) -> tuple[str, ...]:
    """Name the files of a kind, its manifest last."""
    files = [_FLAT[kind]] if kind in _FLAT else [f"{kind}{ending}" for ending in _MADE]
    return (*files, f"manifest_{kind}.json")


def _make(staging: Path, kind: Kind, results: Results, beside: Beside) -> None:
    if kind == _REPORT:
        _bind(staging, kind, report(results, beside))
    elif kind in _BOUND:
        _bind(staging, kind, _BOUND[kind](results))
    elif kind == "tableur":
        (staging / _FLAT[kind]).write_bytes(results_workbook(results))
    elif kind == "parquet":
        write_parquet(results, staging / _FLAT[kind])
    else:
        (staging / _FLAT[kind]).write_bytes(long_csv(results))


def _bind(staging: Path, kind: Kind, document: Document) -> None:
    document = document.legible()
    for ending, make in _MADE.items():
        (staging / f"{kind}{ending}").write_bytes(make(document))


def _inputs(folders: Sequence[Published], root: Path, role: str = "results") -> list[InputFile]:
    """Name the manifests read: each holds the hashes of its own files and inputs."""
    return [
        input_file(
            role, each.folder / "manifest.json", root=root, provider="ctg-geo", licence="",
            vintage="",
        )
        for each in folders
    ]  # fmt: skip
