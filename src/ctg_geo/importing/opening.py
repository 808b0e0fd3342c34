"""Any file a colleague sends, opened as what it is and not as what its name says."""

import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ctg_geo import labels
from ctg_geo.errors import MissingFileError, UnreadableFileError
from ctg_geo.importing.grid import Grid
from ctg_geo.quality import Finding
from ctg_geo.sources.files import check_present
from ctg_geo.sources.guards import check_archive, check_size

__all__ = ["Opened", "opened"]

_OLD_OFFICE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SQLITE: Final = b"SQLite format 3\x00"


@dataclass(frozen=True, slots=True, eq=False)
class Opened:
    """The sheets of a file and what was found out to read them."""

    name: str
    kind: str  # text, xlsx, ods, xls, layer
    grids: list[Grid]
    findings: list[Finding]


def opened(path: Path, *, sheet: str | None = None) -> Opened:
    """Open a CSV, Excel, OpenDocument, GeoJSON or GeoPackage file.

    Parameters
    ----------
    sheet : for a GeoPackage, its layer

    Raises
    ------
    MissingFileError, UnreadableFileError, ConfigError, MissingCrsError, DataError
        If the file is not there, too large, damaged, locked or dangerous.
    """
    if not path.exists():
        raise MissingFileError("given", file=str(path))
    check_present(path)
    check_size(path)
    kind = _kind(path)
    findings = list[Finding]()
    if kind == "text":
        from ctg_geo.importing.text_grid import read_text  # noqa: PLC0415

        found, encoding, separator = read_text(path)
        facts = {"encoding": encoding, "separator": _shown(separator)}
        findings.append(Finding("info", "import_text", path.name, facts=facts))
        return Opened(path.name, kind, [found], findings)
    if kind == "layer":
        from ctg_geo.importing.layer_grid import read_layers  # noqa: PLC0415  (heavy)

        grids, findings = read_layers(path, sheet)
        return Opened(path.name, kind, grids, findings)
    return Opened(path.name, kind, _sheets(path, kind), findings)


def _sheets(path: Path, kind: str) -> list[Grid]:
    if kind == "xls":
        from ctg_geo.importing.xls_grid import read_xls_sheets  # noqa: PLC0415  (heavy)

        return read_xls_sheets(path)
    if kind == "ods":
        from ctg_geo.importing.ods_grid import read_ods_sheets  # noqa: PLC0415

        return read_ods_sheets(path)
    from ctg_geo.importing.workbook_grid import read_workbook_sheets  # noqa: PLC0415  (heavy)

    return read_workbook_sheets(path)


def _kind(path: Path) -> str:
    """Tell what a file is by its first bytes."""
    with path.open("rb") as stream:
        head = stream.read(512)
    if head.startswith(b"PK") and zipfile.is_zipfile(path):
        parts = check_archive(path)
        if "xl/workbook.xml" in parts:
            return "xlsx"
        if "content.xml" in parts:
            return "ods"
        raise UnreadableFileError("import_kind", file=path.name)
    if head.startswith(_OLD_OFFICE):
        return "xls"
    geo = (
        path.suffix.lower() in (".geojson", ".json")
        or head.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] == b"{"
    )
    if head.startswith(_SQLITE) or geo:
        return "layer"
    if head.startswith((b"PK\x03\x04", b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"\x1f\x8b", b"PAR1")):
        raise UnreadableFileError("import_kind", file=path.name)
    return "text"


def _shown(separator: str) -> str:
    return labels.text("import.tab") if separator == "\t" else separator
