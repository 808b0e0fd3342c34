"""A document as a text that a word processor edits: styles, tables, maps, the same bytes."""

import datetime as dt
import io
from typing import TYPE_CHECKING, Final

from ctg_geo.documents.parts import (
    Block,
    Document,
    Figure,
    Heading,
    Listing,
    PageBreak,
    Paragraph,
    Table,
)
from ctg_geo.export.same_bytes import same_archive

if TYPE_CHECKING:
    from docx.document import Document as Docx

__all__ = ["docx_text"]

_TABLE: Final = "Light Grid Accent 1"
_WIDTH_CM: Final = 16.5
_EDGE_CM, _CLOSE_CM = 2.0, 1.4  # above and below the text
_STAMP: Final = dt.datetime(2000, 1, 1, tzinfo=dt.UTC).replace(tzinfo=None)


def docx_text(document: Document) -> bytes:
    """Return the text; headings are styles, so that a table of contents can be made."""
    import docx  # noqa: PLC0415  (heavy)
    from docx.shared import Pt  # noqa: PLC0415

    made = docx.Document()
    _set_up(made, document)
    if document.compact:
        above = made.sections[0].header.paragraphs[0].add_run(document.title)
        above.font.size = Pt(8)
    else:
        made.add_heading(document.title, level=0)
        made.add_paragraph(document.subtitle)
    breaks = False
    for block in document.blocks:
        if isinstance(block, PageBreak):
            breaks = True
            continue
        held = len(made.paragraphs)
        _add(made, block, document)
        if breaks:  # not a paragraph of its own, which could stand alone on a page
            made.paragraphs[held].paragraph_format.page_break_before = True
        breaks = False
    written = io.BytesIO()
    made.save(written)
    return same_archive(written.getvalue())


def _set_up(made: "Docx", document: Document) -> None:
    from docx.oxml.ns import qn  # noqa: PLC0415  (heavy)
    from docx.shared import Cm, Pt  # noqa: PLC0415

    core = made.core_properties
    core.title, core.author, core.comments, core.language = document.title, "", "", "fr-FR"
    core.created = core.modified = _STAMP
    normal = made.styles["Normal"]
    normal.font.name, normal.font.size = "Arial", Pt(10.5)
    language = normal.element.get_or_add_rPr().makeelement(qn("w:lang"), {qn("w:val"): "fr-FR"})
    normal.element.get_or_add_rPr().append(language)
    edge = _CLOSE_CM if document.compact else _EDGE_CM
    for part in made.sections:
        part.page_width, part.page_height = Cm(21), Cm(29.7)
        part.left_margin = part.right_margin = Cm(2.2)
        part.top_margin = part.bottom_margin = Cm(edge)
    if document.compact:
        normal.font.size = Pt(9)
        for name in ("Normal", "Caption", "List Bullet", "Heading 1", "Intense Quote"):
            shape = made.styles[name].paragraph_format
            shape.space_before, shape.space_after = Pt(0), Pt(3)


def _add(made: "Docx", block: Block, document: Document) -> None:
    match block:
        case Heading(level, text):
            made.add_heading(text, level=level)
        case Paragraph(text, kind):
            run = made.add_paragraph(style="Intense Quote" if kind == "caution" else None).add_run(
                text
            )
            run.italic = True if kind == "note" else None
        case Listing(items, numbered):
            for number, item in enumerate(items, start=1):
                said = f"{number}. {item}" if numbered else item
                made.add_paragraph(said, style="List" if numbered else "List Bullet")
        case Table():
            _add_table(made, block, 7 if document.compact else 8)
        case Figure(file, alt, caption, width):
            _add_picture(made, document.pictures[file], alt, width)
            made.add_paragraph(caption, style="Caption")


def _add_table(made: "Docx", block: Table, size: float) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH  # noqa: PLC0415  (heavy)
    from docx.shared import Cm, Pt  # noqa: PLC0415

    made.add_paragraph(block.caption, style="Caption").paragraph_format.keep_with_next = True
    table = made.add_table(rows=1 + len(block.rows), cols=len(block.titles), style=_TABLE)
    table.autofit = not block.widths
    for column, width in zip(table.columns, block.widths, strict=False):
        column.width = Cm(_WIDTH_CM * width / sum(block.widths))
    for at, line in enumerate([block.titles, *block.rows]):
        cells = table.rows[at].cells
        for column, text in enumerate(line):
            paragraph = cells[column].paragraphs[0]
            paragraph.add_run(text).font.size = Pt(size)
            if block.widths:
                cells[column].width = Cm(_WIDTH_CM * block.widths[column] / sum(block.widths))
            if block.numeric[column]:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _add_picture(made: "Docx", content: bytes, alt: str, width: float) -> None:
    from docx.shared import Cm  # noqa: PLC0415  (heavy)

    shape = made.add_picture(io.BytesIO(content), width=Cm(_WIDTH_CM * width))
    made.paragraphs[-1].paragraph_format.keep_with_next = True  # its caption
    shape._inline.docPr.set("descr", alt)  # noqa: SLF001  (python-docx has no name for it)
