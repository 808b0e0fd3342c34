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
_STAMP: Final = dt.datetime(2000, 1, 1, tzinfo=dt.UTC).replace(tzinfo=None)


def docx_text(document: Document) -> bytes:
    """Return the text; headings are styles, so that a table of contents can be made."""
    import docx  # noqa: PLC0415  (heavy)

    made = docx.Document()
    _set_up(made, document)
    made.add_heading(document.title, level=0)
    made.add_paragraph(document.subtitle)
    for block in document.blocks:
        _add(made, block, document)
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
    for part in made.sections:
        part.page_width, part.page_height = Cm(21), Cm(29.7)
        part.left_margin = part.right_margin = Cm(2.2)
        part.top_margin = part.bottom_margin = Cm(2)


def _add(made: "Docx", block: Block, document: Document) -> None:
    from docx.enum.text import WD_BREAK  # noqa: PLC0415  (heavy)

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
            _add_table(made, block)
        case Figure(file, alt, caption, width):
            _add_picture(made, document.pictures[file], alt, width)
            made.add_paragraph(caption, style="Caption")
        case PageBreak():
            made.add_paragraph().add_run().add_break(WD_BREAK.PAGE)


def _add_table(made: "Docx", block: Table) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH  # noqa: PLC0415  (heavy)
    from docx.shared import Pt  # noqa: PLC0415

    made.add_paragraph(block.caption, style="Caption")
    table = made.add_table(rows=1 + len(block.rows), cols=len(block.titles), style=_TABLE)
    for at, line in enumerate([block.titles, *block.rows]):
        cells = table.rows[at].cells
        for column, text in enumerate(line):
            paragraph = cells[column].paragraphs[0]
            paragraph.add_run(text).font.size = Pt(8)
            if block.numeric[column]:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _add_picture(made: "Docx", content: bytes, alt: str, width: float) -> None:
    from docx.shared import Cm  # noqa: PLC0415  (heavy)

    shape = made.add_picture(io.BytesIO(content), width=Cm(_WIDTH_CM * width))
    shape._inline.docPr.set("descr", alt)  # noqa: SLF001  (python-docx has no name for it)
