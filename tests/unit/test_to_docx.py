"""A text to edit has tables that pages do not break: widths, headers, whole rows, page numbers."""

import io

import docx
from docx.oxml.ns import qn
from PIL import Image

from ctg_geo.documents.parts import Document, Paragraph, Table
from ctg_geo.documents.pictures import picture
from ctg_geo.documents.to_docx import docx_text


def test_tables_have_widths_a_header_that_repeats_and_rows_that_are_not_cut():
    table = Table("Table", ("Commune", "Min"), (("Châteaudouble", "1,0"),) * 3, (False, True))
    made = Document("Titre", "Sous-titre", (table, Paragraph("Après.")), {})
    text = docx.Document(io.BytesIO(docx_text(made)))
    (found,) = text.tables
    rows = [row._tr.trPr for row in found.rows]
    assert all(each.find(qn("w:cantSplit")) is not None for each in rows)
    assert [each.find(qn("w:tblHeader")) is not None for each in rows] == [True] + [False] * 3
    # 13 signs against 3, in bold: no less than twice as wide, and the page is 16.5 cm wide
    wide, narrow = (each.width for each in found.rows[1].cells)
    assert wide > 2 * narrow
    assert abs((wide + narrow) / 360_000 - 16.5) < 0.01
    foot = text.sections[0].footer.paragraphs[0]
    assert foot.text == "Titre\t / "
    assert [each.text for each in foot._p.iter(qn("w:instrText"))] == ["PAGE", "NUMPAGES"]


def test_a_picture_is_bound_without_its_blank_margins(tmp_path):
    image = Image.new("RGB", (100, 80), "#fbfbfb")
    image.paste("#123456", (10, 20, 90, 60))
    image.save(tmp_path / "map.png")
    assert Image.open(io.BytesIO(picture(tmp_path / "map.png"))).size == (80, 40)
