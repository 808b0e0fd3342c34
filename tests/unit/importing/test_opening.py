"""Files opened as what they are, and refused in words where they could harm."""

import io
import json
import re
import zipfile
from pathlib import Path

import pytest

from ctg_geo.errors import CtgGeoError, MissingFileError, UnreadableFileError
from ctg_geo.importing.opening import opened
from ctg_geo.importing.text_grid import decoded, separator_of
from ctg_geo.sources.guards import check_archive
from sheets import as_csv, as_ods, as_xlsx

ROWS = [
    ["Nom", "Commune", "Places"], ["Les Lucioles d'été", "Crépol", "12"],
    ["L'Œuvre", "Génissieux", ""],
]  # fmt: skip
FILES = Path(__file__).parents[2] / "files"


@pytest.fixture
def save(tmp_path):
    """Return a function that writes a file."""

    def written(name, content):
        (tmp_path / name).write_bytes(content)
        return tmp_path / name

    return written


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "cp1252", "mac_roman", "utf-16", "utf-16-le", "utf-16-be"]
)
@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_text_is_read_whatever_its_encoding_and_separator(save, encoding, separator):
    file = opened(save("liste.csv", as_csv(ROWS, encoding=encoding, separator=separator)))
    assert file.grids[0].rows == ROWS


def test_dos_accents_are_read_too():
    text = "Crèche de l'été à Génissieux, près de la forêt, où çà"
    assert decoded(text.encode("cp850")) == (text, "cp850")


def test_a_decimal_comma_is_no_separator():
    assert separator_of("nom;lat;lon\na;44,9;4,8\nb;44,8;4,9\n") == ";"


def test_a_line_for_excel_is_no_row(save):
    file = opened(save("liste.csv", b"sep=;\r\nNom;Places\r\nA;1\r\n"))
    assert [row for row in file.grids[0].rows if any(row)] == [["Nom", "Places"], ["A", "1"]]


@pytest.mark.parametrize("name", ["liste.xlsx", "liste.csv", "liste"])
def test_a_workbook_is_known_by_its_content(save, name):
    file = opened(save(name, as_xlsx({"Feuil1": ROWS})))
    assert (file.kind, file.grids[0].rows) == ("xlsx", ROWS)


def test_an_opendocument_sheet_is_read(save):
    file = opened(save("liste.ods", as_ods({"Feuille 1": ROWS, "=2": [["x"]]})))
    assert [each.sheet for each in file.grids] == ["Feuille 1", "=2"]
    assert file.grids[0].rows == ROWS


def test_an_old_workbook_is_read():
    file = opened(FILES / "creches.xls")
    shown = [(each.sheet, each.hidden) for each in file.grids]
    assert shown == [("Crèches", False), ("Notes", True)]
    assert file.grids[0].rows[3] == ["Les Lucioles", "26362", "40", "lundi 9h-12h"]
    assert file.grids[0].rows[4][2] == "24.5"


def test_what_our_own_files_escape_is_read_back(save):
    file = opened(save("liste.csv", b"Nom;Places\r\n'=1+1;3\r\n'-x;4\r\n"))
    assert file.grids[0].rows[1:] == [["=1+1", "3"], ["-x", "4"]]


def test_a_column_merged_downwards_means_each_of_its_rows(save):
    rows = [["Nom", "Commune"], ["A", "Valence"], ["B", None], ["C", "Romans"]]
    file = opened(save("liste.xlsx", as_xlsx({"F": rows}, merged=("B2:B3",))))
    assert [row[1] for row in file.grids[0].rows[1:]] == ["Valence", "Valence", "Romans"]


def test_formulas_are_never_computed_and_their_cells_are_known(save):
    content = as_xlsx({"F": [["Nom", "Places"], ["A", "=10+20"], ["B", 3]]}, formulas=True)
    grid = opened(save("liste.xlsx", content)).grids[0]
    assert grid.uncomputed == {(1, 1)}
    assert grid.rows[1] == ["A", "=10+20"]


def test_a_formula_that_was_computed_is_its_value(save):
    content = as_xlsx({"F": [["Nom", "Places"], ["A", "=10+20"]]}, formulas=True)
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as given, zipfile.ZipFile(made, "w") as changed:
        for name in given.namelist():
            part = re.sub(rb"<v ?/>|<v></v>", b"<v>30</v>", given.read(name))
            changed.writestr(name, part)
    grid = opened(save("liste.xlsx", made.getvalue())).grids[0]
    assert (grid.rows[1], grid.formulas, grid.uncomputed) == (["A", "30"], 1, frozenset())


def bomb(entries, method=zipfile.ZIP_DEFLATED):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return made.getvalue()


@pytest.mark.parametrize(
    ("entries", "reason"),
    [
        ({"xl/workbook.xml": b"<a/>", "xl/big.xml": b" " * 50_000_000}, "import_bomb"),
        ({f"{n}.xml": b"<a/>" for n in range(6_000)}, "import_bomb"),
        ({"content.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}, "import_xml"),
        ({"content.xml": "<!DOCTYPE a><a/>".encode("utf-16")}, "import_xml"),
        ({"readme.txt": b"hello"}, "import_kind"),
        ({"content.xml": b"<a"}, "cut"),
        ({"xl/workbook.xml": b"<a/>"}, "cut"),
    ],
)
def test_archives_that_could_harm_are_refused(save, entries, reason):
    with pytest.raises(UnreadableFileError) as caught:
        opened(save("liste.xlsx", bomb(entries)))
    assert caught.value.reason == reason
    assert caught.value.explain()


def test_an_entity_is_found_across_two_pieces(save):
    content = b"<!--" + b"x" * ((1 << 20) - 9) + b"--><!DOCTYPE a><a/>"
    with pytest.raises(UnreadableFileError, match="XML"):
        check_archive(save("a.ods", bomb({"content.xml": content}, zipfile.ZIP_STORED)))


def test_repeated_cells_of_opendocument_cannot_grow_without_bound(save):
    wide = (
        b'<table:table-cell table:number-columns-repeated="999999999"><text:p>x</text:p>'
        b"</table:table-cell>"
    )
    with pytest.raises(UnreadableFileError, match="rows"):
        opened(save("liste.ods", as_ods({"F": [["Nom"], [wide]]})))
    tail = (
        '<table:table-row table:number-rows-repeated="1048000"><table:table-cell'
        ' table:number-columns-repeated="16384"/></table:table-row>'
    )
    assert opened(save("liste.ods", as_ods({"F": ROWS}, extra=tail))).grids[0].rows == ROWS


def test_one_stray_cell_far_away_is_refused_and_costs_little(save):
    content = as_xlsx({"F": [["Nom"], ["A"]]})
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as given, zipfile.ZipFile(made, "w") as changed:
        for name in given.namelist():
            stray = b'<row r="1048576"><c r="XFD1048576" t="n"><v>1</v></c></row></sheetData>'
            changed.writestr(name, given.read(name).replace(b"</sheetData>", stray))
    with pytest.raises(UnreadableFileError, match="more than"):
        opened(save("liste.xlsx", made.getvalue()))


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.xls", b"<html><table><tr><td>Nom</td></tr></table></html>", "import_web"),
        ("a.pdf", b"%PDF-1.7\n", "import_kind"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "cut"),
        ("a.csv", b'Nom;Places\n"A;1\nB;2\nC;3\nD;4\n', "quotes"),
        ("a.csv", b"", "empty"),
        ("a.csv", b"\xff\xfe", "empty"),
    ],
)
def test_what_is_no_list_is_refused_in_words(save, name, content, reason):
    with pytest.raises(CtgGeoError) as caught:
        opened(save(name, content))
    assert caught.value.reason == reason
    assert caught.value.explain()


def test_points_of_a_layer_become_two_columns(save):
    layer = {"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {"nom": "A", "places": 12},
         "geometry": {"type": "Point", "coordinates": [4.8921, 44.9334]}},
        {"type": "Feature", "properties": {"nom": "B", "places": None}, "geometry": None},
        {"type": "Feature", "properties": {"nom": "C", "places": 3}, "geometry":
         {"type": "Polygon", "coordinates": [[[4, 44], [5, 44], [5, 45], [4, 44]]]}},
    ]}  # fmt: skip
    file = opened(save("lieux.geojson", json.dumps(layer).encode()))
    titles, *rows = file.grids[0].rows
    assert titles == ["nom", "places", "longitude (géométrie)", "latitude (géométrie)"]
    assert rows[0] == ["A", "12", "4.8921000", "44.9334000"]
    assert rows[1] == ["B", "", "", ""]
    assert [each.key for each in file.findings] == ["import_not_points"]


def test_a_file_that_is_not_there_is_looked_for_where_one_is(tmp_path):
    with pytest.raises(MissingFileError) as told:
        opened(tmp_path / "nope.csv")
    assert "configuration" not in told.value.explain("fr")
