"""Documents of a folder of results, written whole or not at all, each set with its manifest."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final, Literal, get_args

from ctg_geo.documents.annex import annex
from ctg_geo.documents.flat import long_csv, write_parquet
from ctg_geo.documents.parts import Document
from ctg_geo.documents.report import report
from ctg_geo.documents.results import Results, read_results
from ctg_geo.documents.sheets import commune_sheets
from ctg_geo.documents.to_docx import docx_text
from ctg_geo.documents.to_html import html_page
from ctg_geo.documents.to_pdf import pdf_pages
from ctg_geo.documents.workbook import results_workbook
from ctg_geo.export.folder import write_whole
from ctg_geo.provenance import InputFile, input_file

__all__ = ["KINDS", "Kind", "Written", "write_documents"]

Kind = Literal["rapport", "annexe", "fiches", "tableur", "parquet", "csv"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)

_BOUND: Final[Mapping[str, Callable[[Results], Document]]] = MappingProxyType(
    {"rapport": report, "annexe": annex, "fiches": commune_sheets}
)
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
    results: str | Path, kinds: Sequence[Kind] = KINDS, out: str | Path | None = None
) -> Written:
    """Make documents of a folder that `diagnose` wrote; nothing is computed anew.

    Parameters
    ----------
    results : folder of a service, of several, or of all themes
    kinds : which documents; each set is written whole or not at all
    out : folder to write into; `documents` inside that of the results if None

    Raises
    ------
    UnreadableFileError
        If the folder holds no results, or those of several studies.
    OutputError
        If a file cannot be written; former documents stay as they were.
    """
    read = read_results(Path(results))
    where = Path(results) / "documents" if out is None else Path(out)
    inputs = _inputs(read)
    files: list[str] = []
    for kind in dict.fromkeys(kinds):
        names = _names(kind)
        files += write_whole(
            where, names, lambda staging, kind=kind: _make(staging, kind, read),  # type: ignore[misc]
            inputs=inputs, ledgers=(), parameters={"document": kind, "study": read.study},
        )  # fmt: skip
    return Written(read.study, where, tuple(files))


def _names(kind: Kind) -> tuple[str, ...]:
    """Name the files of a kind, its manifest last."""
    files = [_FLAT[kind]] if kind in _FLAT else [f"{kind}{ending}" for ending in _MADE]
    return (*files, f"manifest_{kind}.json")


def _make(staging: Path, kind: Kind, results: Results) -> None:
    if kind in _BOUND:
        document = _BOUND[kind](results)
        for ending, make in _MADE.items():
            (staging / f"{kind}{ending}").write_bytes(make(document))
    elif kind == "tableur":
        (staging / _FLAT[kind]).write_bytes(results_workbook(results))
    elif kind == "parquet":
        write_parquet(results, staging / _FLAT[kind])
    else:
        (staging / _FLAT[kind]).write_bytes(long_csv(results))


def _inputs(results: Results) -> list[InputFile]:
    """Name the manifests read: each holds the hashes of its own files and inputs."""
    return [
        input_file(
            "results", each.folder / "manifest.json", root=results.folder,
            provider="ctg-geo", licence="", vintage="",
        )
        for each in results.folders
    ]  # fmt: skip
