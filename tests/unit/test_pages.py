"""Pages of a document are full: a chapter opens no page of its own where it has room."""

import io
import re
import zlib
from contextlib import suppress

from PIL import Image

from ctg_geo.documents.parts import Document, Figure, Heading, PageBreak, Paragraph, Table
from ctg_geo.documents.to_html import html_page
from ctg_geo.documents.to_pdf import pdf_pages

LINE = "Une phrase de quelques mots, qui tient sur une ligne de la page et pas davantage."


def pages_of(pdf):
    """Count the pages of a PDF, whose objects may be compressed."""
    plain = [pdf]
    for each in re.findall(rb"stream\r?\n(.*?)endstream", pdf, re.DOTALL):
        with suppress(zlib.error):
            plain.append(zlib.decompressobj().decompress(each))
    return sum(len(re.findall(rb"/Type ?/Page\b", each)) for each in plain)


def bound(*blocks, high=100):
    """Bind blocks, with one picture 100 wide and so high."""
    written = io.BytesIO()
    Image.new("RGB", (100, high), "white").save(written, format="PNG")
    return Document("Titre", "Sous-titre", blocks, {"a.png": written.getvalue()})


def chapter(lines, figure=False):
    map_ = (Figure("a.png", "Carte", "Carte"),) if figure else ()
    return (Heading(1, "Chapitre"), Paragraph(LINE), *map_, *(Paragraph(LINE),) * lines)


def test_chapters_follow_one_another():
    assert pages_of(pdf_pages(bound(*chapter(5) * 4))) == 1
    assert pages_of(pdf_pages(bound(*chapter(5), PageBreak(), *chapter(5)))) == 2


def test_a_map_a_little_smaller_has_room_on_a_page_begun():
    # a page is 25.7 cm high, the text 16.8 cm wide: a square map is 16.8 cm high at full width
    begun = (PageBreak(), *chapter(9))  # about 9 cm with its title
    assert pages_of(pdf_pages(bound(*begun, *chapter(0, figure=True)))) == 2  # with the cover
    tall = bound(*begun, *chapter(0, figure=True), high=140)  # 16.5 cm at its smallest: too much
    assert pages_of(pdf_pages(tall)) == 3


def test_a_map_a_little_smaller_spares_a_page_of_a_few_lines():
    # title, sentence and map take about 19.8 cm; 5.9 cm are left, and a line takes 0.57 cm
    cover = (Paragraph(LINE), PageBreak())
    whole = [pages_of(pdf_pages(bound(*cover, *chapter(lines, figure=True))))
             for lines in (4, 13, 56)]  # fmt: skip
    assert whole == [2, 2, 3]


def test_a_map_after_a_long_table_is_on_a_page_that_holds_it():
    # the cover and the table take about 23 cm: the map and the lines, 22 cm, go to the next page
    table = Table("Table", ("a", "b"), (("x", "1"),) * 40, (False, True))
    said = (Heading(1, "Chapitre"), table, Figure("a.png", "Carte", "Carte"))
    assert pages_of(pdf_pages(bound(*said, *(Paragraph(LINE),) * 8))) == 2


def test_what_follows_a_map_fills_the_page_that_it_has_no_room_on():
    # after the cover 14 cm are taken; title, map and 70 lines take 60 cm, three pages in all where
    # lines fill the first of them and the map opens the second; a blank of 11 cm would open a fifth
    begun = (PageBreak(), *chapter(21))
    made = bound(Paragraph(LINE), *begun, *chapter(70, figure=True))
    assert pages_of(pdf_pages(made)) == 4


def test_a_map_higher_than_a_page_is_made_smaller():
    # at 0.7 of the width it is 34 cm high, and lines after it would open a third page
    begun = (Paragraph(LINE), PageBreak())
    made = bound(*begun, *chapter(3, figure=True), high=290)
    assert pages_of(pdf_pages(made)) == 2


def test_a_printed_page_opens_where_the_document_says_so():
    page = html_page(bound(*chapter(1), PageBreak(), *chapter(1))).decode()
    assert page.count('class="opens"') == 1
    assert re.search(r'<h2 id="chapitre" class="opens">', page)
