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
    from docx.table import Table as DocxTable

__all__ = ["docx_text"]

_TABLE: Final = "Light Grid Accent 1"
_WIDTH_CM: Final = 16.5
_BESIDE_CM: Final = 0.1  # between the edge of a cell and its text
_COLUMNS: Final = 7  # of a table set in the size of the others
_AFTER_TABLE: Final = 6  # points
_WHOLE: Final = 8  # rows of a table that no page cuts
_EDGE_CM, _CLOSE_CM = 2.0, 1.4  # above and below the text
_STAMP: Final = dt.datetime(2000, 1, 1, tzinfo=dt.UTC).replace(tzinfo=None)


def docx_text(document: Document) -> bytes:
    """Return the text; headings are styles, so that a table of contents can be made."""
    import docx  # noqa: PLC0415  (heavy)
    from docx.shared import Pt  # noqa: PLC0415

    made = docx.Document()
    _set_up(made, document)
    _number_pages(made, document)
    if document.compact:
        above = made.sections[0].header.paragraphs[0].add_run(document.title)
        above.font.size = Pt(8)
    else:
        made.add_heading(document.title, level=0)
        made.add_paragraph(document.subtitle)
    breaks, former = False, None
    for block in document.blocks:
        if isinstance(block, PageBreak):
            breaks = True
            continue
        held = len(made.paragraphs)
        _add(made, block, document)
        if breaks:  # not a paragraph of its own, which could stand alone on a page
            made.paragraphs[held].paragraph_format.page_break_before = True
        elif isinstance(former, Table) and not isinstance(block, Heading):
            made.paragraphs[held].paragraph_format.space_before = Pt(_AFTER_TABLE)
        breaks, former = False, block
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
    tabs = made.settings.element.find(qn("w:defaultTabStop"))
    tabs.addnext(tabs.makeelement(qn("w:autoHyphenation"), {}))  # of words of narrow columns
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
            wide = len(block.titles) > _COLUMNS
            _add_table(made, block, 6 if wide else 7 if document.compact else 8)
        case Figure(file, alt, caption, width):
            _add_picture(made, document.pictures[file], alt, width)
            made.add_paragraph(caption, style="Caption")


def _add_table(made: "Docx", block: Table, size: float) -> None:
    """Add a table: columns by what they hold, a header that each page repeats, whole rows."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH  # noqa: PLC0415  (heavy)
    from docx.shared import Cm, Pt  # noqa: PLC0415

    made.add_paragraph(block.caption, style="Caption").paragraph_format.keep_with_next = True
    table = made.add_table(rows=1 + len(block.rows), cols=len(block.titles), style=_TABLE)
    _set_layout(table)
    widths = [Cm(_WIDTH_CM * each / sum(block.shares)) for each in block.shares]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    kept = len(block.rows) if len(block.rows) <= _WHOLE else 1  # rows with the one after them
    for at, (row, line) in enumerate(zip(table.rows, [block.titles, *block.rows], strict=True)):
        for column, (cell, text) in enumerate(zip(row.cells, line, strict=True)):
            paragraph = cell.paragraphs[0]
            paragraph.add_run(text).font.size = Pt(size)
            paragraph.paragraph_format.keep_with_next = at < kept
            cell.width = widths[column]
            if block.numeric[column]:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _set_layout(table: "DocxTable") -> None:
    """Hold the widths of the columns, cut no row, repeat the header."""
    from docx.oxml import OxmlElement  # noqa: PLC0415  (heavy)
    from docx.oxml.ns import qn  # noqa: PLC0415
    from docx.shared import Cm  # noqa: PLC0415

    table.autofit = False
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), str(Cm(_BESIDE_CM).twips))
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    look = table._tbl.tblPr.find(qn("w:tblLook"))  # noqa: SLF001  (margins come before it)
    look.addprevious(margins)
    for at, row in enumerate(table.rows):
        settings = row._tr.get_or_add_trPr()  # noqa: SLF001  (python-docx has no name for it)
        settings.append(OxmlElement("w:cantSplit"))
        if at == 0:
            settings.append(OxmlElement("w:tblHeader"))


def _number_pages(made: "Docx", document: Document) -> None:
    """Put title, page and number of pages at the foot of each page."""
    from docx.enum.text import WD_TAB_ALIGNMENT  # noqa: PLC0415  (heavy)
    from docx.oxml import OxmlElement  # noqa: PLC0415  (heavy)
    from docx.oxml.ns import qn  # noqa: PLC0415
    from docx.shared import Cm, Pt  # noqa: PLC0415

    foot = made.sections[0].footer.paragraphs[0]
    style = made.styles["Footer"]
    style.font.size = Pt(8)
    style.paragraph_format.tab_stops.clear_all()
    foot.paragraph_format.tab_stops.add_tab_stop(Cm(_WIDTH_CM), WD_TAB_ALIGNMENT.RIGHT)
    for before, field in ((f"{document.title}\t", "PAGE"), (" / ", "NUMPAGES")):
        foot.add_run(before)
        run = foot.add_run()
        for kind in ("begin", "", "end"):
            element = OxmlElement("w:fldChar" if kind else "w:instrText")
            if kind:
                element.set(qn("w:fldCharType"), kind)
            else:
                element.text = field
            run._r.append(element)  # noqa: SLF001  (python-docx has no name for it)


def _add_picture(made: "Docx", content: bytes, alt: str, width: float) -> None:
    from docx.shared import Cm  # noqa: PLC0415  (heavy)

    shape = made.add_picture(io.BytesIO(content), width=Cm(_WIDTH_CM * width))
    made.paragraphs[-1].paragraph_format.keep_with_next = True  # its caption
    shape._inline.docPr.set("descr", alt)  # noqa: SLF001  (python-docx has no name for it)
