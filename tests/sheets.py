"""Files of colleagues, written as their programs write them."""

import csv
import io
import zipfile
from xml.sax.saxutils import escape, quoteattr

import geopandas as gpd
from openpyxl import Workbook
from shapely.geometry import box

from ctg_geo.importing import Gazetteer

__all__ = ["KNOWN", "as_csv", "as_ods", "as_xlsx"]

NAMES = {"26362": "Valence", "26281": "Romans-sur-Isère", "26057": "Bourg-de-Péage"}
KNOWN = Gazetteer(
    gpd.GeoDataFrame(
        {"nom": list(NAMES.values())}, index=list(NAMES),
        geometry=[box(840_000 + 9_000 * k, 6_420_000, 849_000 + 9_000 * k, 6_440_000)
                  for k in range(3)], crs="EPSG:2154",
    )
)  # fmt: skip

_ODS = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content'
    ' xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">'
    "<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>"
    "</office:document-content>"
)


def as_csv(rows, *, encoding="utf-8", separator=";", errors="replace"):
    """Return a text file."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode(encoding, errors)


def as_xlsx(sheets, *, merged=(), hidden=(), formulas=False, unseen=()):
    """Return a workbook of sheets {title: rows}; text that looks like a formula stays text."""
    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for at, row in enumerate(rows, start=1):
            for column, value in enumerate(row, start=1):
                cell = sheet.cell(at, column, value)
                if isinstance(value, str) and not formulas:
                    cell.data_type = "s"
        for row in unseen:
            sheet.row_dimensions[row].hidden = True
        for span in merged:
            sheet.merge_cells(span)
        if title in hidden:
            sheet.sheet_state = "hidden"
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def as_ods(sheets, extra="", *, unseen=()):
    """Return an OpenDocument sheet of {title: rows}; a cell may be ready XML (bytes)."""
    tables = "".join(
        f"<table:table table:name={quoteattr(title)}>"
        + "".join(
            ('<table:table-row table:visibility="filter">' if at in unseen else "<table:table-row>")
            + "".join(_cell(value) for value in row)
            + "</table:table-row>"
            for at, row in enumerate(rows, start=1)
        )
        + extra
        + "</table:table>"
        for title, rows in sheets.items()
    )
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", _ODS.format(tables=tables))
    return made.getvalue()


def _cell(value):
    if isinstance(value, bytes):
        return value.decode()
    if value in (None, ""):
        return "<table:table-cell/>"
    if isinstance(value, int | float):
        return (
            f'<table:table-cell office:value-type="float" office:value="{value}">'
            f"<text:p>{value}</text:p></table:table-cell>"
        )
    return (
        '<table:table-cell office:value-type="string">'
        f"<text:p>{escape(str(value))}</text:p></table:table-cell>"
    )
