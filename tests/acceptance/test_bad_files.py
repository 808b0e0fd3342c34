"""Files as people really have them: read right, or refused in French with place and mend."""

import gzip
import io
import json
import re
import zipfile

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pyogrio
import pytest
import shapely
from shapely.geometry import GeometryCollection, LineString, MultiPolygon, Point, Polygon, box

import petit_pays as pp
from ctg_geo import open_study
from ctg_geo.cli import main

PEOPLE = pd.read_csv(io.StringIO(pp.POPULATION), dtype={"code_insee": str})
PLACES = 'code_insee = "insee", capacity = "places" }'
COUNTS = 'columns = { equipement_id = "id", nom = "nom", ' + PLACES


def plain(text):
    """Return text with ordinary spaces and apostrophes, on one line, to compare words."""
    return " ".join(re.sub(r"[\u00a0\u202f]", " ", text).replace("’", "'").split())


def with_study(*changes):
    """Return the study's TOML with some words changed."""
    text = pp.STUDY
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def added(key, table="population.csv"):
    """Return the study with a key added to the source that reads a table."""
    return with_study((f'path = "{table}"', f'path = "{table}"\n{key}'))


def moved(old, new, extra=""):
    """Return the study that reads another file in the place of one."""
    return with_study((f'path = "{old}"', f'path = "{new}"\n{extra}'))


@pytest.fixture
def check(tmp_path, capsys):
    """Run `check --json` on a changed Petit Pays; return what it says, or its complaint."""

    def run(expected=0, *, put=None, **changes):
        config = pp.write(tmp_path / "pays", **changes)
        for name, content in (put or {}).items():
            target = config.parent / name
            content(target) if callable(content) else target.write_bytes(content)
        code = main(["check", str(config), "--json"])
        said = capsys.readouterr()
        assert code == expected, said.err
        assert "Traceback" not in said.err
        return json.loads(said.out) if code == 0 else plain(said.err)

    return run


def keys(result):
    return {finding["key"] for finding in result["findings"]}


def messages(result, key):
    return [plain(each["message"]) for each in result["findings"] if each["key"] == key]


def row_of(result, table):
    (found,) = [each for each in result["rows"] if each["table"] == table]
    return found


def inhabitants(folder):
    return open_study(folder / "study.toml").territory.population["population"].to_dict()


EXPECTED = {"01001": 1000.0, "01002": 500.0, "01003": 40.0, "2A004": 300.0, "26005": 200.0}


# --- text tables that are read right -------------------------------------------------------


@pytest.mark.parametrize("separator", [";", "\t", "|", ","])
def test_a_separator_is_recognised(check, tmp_path, separator):
    check(population=pp.POPULATION.replace(",", separator))
    assert inhabitants(tmp_path / "pays") == EXPECTED


def test_a_tab_can_be_named_as_separator(check, tmp_path):
    check(population=pp.POPULATION.replace(",", "\t"), study=added(r'separator = "\t"'))
    assert inhabitants(tmp_path / "pays") == EXPECTED


@pytest.mark.parametrize(
    "text",
    [
        "\ufeff" + pp.POPULATION,
        pp.POPULATION.replace("\n", "\r\n"),
        pp.POPULATION.replace("\n", "\r"),
        pp.POPULATION.replace("\n", ",\n"),
        "\n\n" + pp.POPULATION,
        ",,\n" + pp.POPULATION,
        pp.POPULATION.replace("01003", "\n\n01003"),
        pp.POPULATION.replace("01001", "\u00a001001 "),
        pp.POPULATION.replace("01001", '"01001"'),
    ],
    ids=["bom", "crlf", "cr", "trailing separators", "blank lines above", "empty cells above",
         "blank lines within", "blanks around", "quotes"],
)  # fmt: skip
def test_a_harmless_oddity_is_read_right(check, tmp_path, text):
    result = check(population=text)
    assert inhabitants(tmp_path / "pays") == EXPECTED
    assert row_of(result, "population.csv")["used"] == 5
    assert "encoding" not in keys(result)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le"])
def test_an_encoding_that_is_named_or_marked_is_read_silently(check, tmp_path, encoding):
    named = added(f'encoding = "{encoding}"') if encoding == "utf-16-le" else pp.STUDY
    result = check(population=pp.POPULATION.encode(encoding), study=named)
    assert inhabitants(tmp_path / "pays") == EXPECTED
    assert "encoding" not in keys(result)


def test_cp1252_is_read_and_said(check, tmp_path):
    result = check(creches=pp.CRECHES.replace("Abeilles", "Bébés œufs").encode("cp1252"))
    names = open_study(tmp_path / "pays" / "study.toml").territory.equipements["nom"]
    assert names["c1"] == "Les Bébés œufs"
    assert "cp1252" in messages(result, "encoding")[0]


def test_a_decimal_comma_is_read_where_the_source_says_so(check, tmp_path):
    text = pp.POPULATION.replace(",", ";").replace(";1000;", ";1000,5;")
    check(population=text, study=added('decimal = ","'))
    assert inhabitants(tmp_path / "pays")["01001"] == 1000.5


def test_a_gzipped_table_is_read(check, tmp_path):
    study = moved("population.csv", "population.csv.gz")
    check(study=study, put={"population.csv.gz": gzip.compress(pp.POPULATION.encode())})
    assert inhabitants(tmp_path / "pays") == EXPECTED


def test_quotes_may_hold_separators_quotes_and_line_breaks(check, tmp_path):
    text = pp.CRECHES.replace("Les Abeilles", '"Les\nAbeilles, dites ""A"""')
    result = check(creches=text)
    names = open_study(tmp_path / "pays" / "study.toml").territory.equipements["nom"]
    assert names["c1"] == 'Les\nAbeilles, dites "A"'
    assert row_of(result, "creches.csv")["read"] == 3


def test_a_row_that_stops_early_is_said_and_its_cells_are_unknown(check, tmp_path):
    result = check(population=pp.POPULATION.replace("01003,40,0", "01003,40"))
    assert "ligne : 4" in messages(result, "short_rows")[0]
    people = open_study(tmp_path / "pays" / "study.toml").territory.population
    assert np.isnan(people.at["01003", "children_0_2"])
    assert people.at["01003", "children_0_2_status"] == "not_available"


@pytest.mark.parametrize("mark", ["s", "<5", "NS"])
def test_a_masked_cell_is_secret_and_never_zero(check, tmp_path, mark):
    check(population=pp.POPULATION.replace(",100\n", f",{mark}\n"))
    people = open_study(tmp_path / "pays" / "study.toml").territory.population
    assert np.isnan(people.at["01001", "children_0_2"])
    assert people.at["01001", "children_0_2_status"] == "secret"
    assert people.at["01003", "children_0_2"] == 0
    assert people.at["01003", "children_0_2_status"] == "observed"


@pytest.mark.parametrize(("rule", "status"), [("", "not_available"), ("caf", "secret")])
def test_what_is_not_available_is_secret_only_under_a_rule(check, tmp_path, rule, status):
    study = added(f'secrecy = "{rule}"') if rule else pp.STUDY
    check(population=pp.POPULATION.replace(",100\n", ",ND\n"), study=study)
    people = open_study(tmp_path / "pays" / "study.toml").territory.population
    assert people.at["01001", "children_0_2_status"] == status


def test_a_layer_with_communes_that_people_lack_may_be_old_and_it_is_a_warning(check):
    told = check()["findings"]
    assert [each["severity"] for each in told if each["key"] == "vintage_no_events"] == ["info"]
    result = check(population=pp.POPULATION.replace("01003,40,0\n", ""))
    (said,) = [each for each in result["findings"] if each["key"] == "vintage_doubtful"]
    assert said["severity"] == "warning"
    assert "01003" in said["message"]
    assert not messages(result, "vintage_no_events")


def test_identical_repeats_count_once_and_are_reported(check, tmp_path):
    repeated = pp.POPULATION + "01001,1000,100\n01001,1000,100\n"
    result = check(population=repeated, study=added('duplicates = "keep_identical"'))
    assert inhabitants(tmp_path / "pays") == EXPECTED
    assert "01001" in messages(result, "repeats_collapsed")[0]
    assert row_of(result, "population.csv") == {
        "table": "population.csv", "read": 7, "used": 5,
        "set_aside": {"elsewhere": 0, "repeats": 2},
    }  # fmt: skip


def test_repeats_that_differ_are_refused_even_where_identical_ones_are_kept(check):
    said = check(1, population=pp.POPULATION + "01001,1000,90\n",
                 study=added('duplicates = "keep_identical"'))  # fmt: skip
    assert "population.csv, ligne 7, colonne code_insee : la commune « 01001 »" in said


def test_rows_outside_a_wider_file_are_counted_not_lost(check):
    result = check(population=pp.POPULATION + "75056,9,9\n13055,9,9\n",
                   study=added("wider_area = true"))  # fmt: skip
    assert row_of(result, "population.csv")["set_aside"] == {"elsewhere": 2, "repeats": 0}
    assert messages(result, "rows_elsewhere")[0].startswith("2 lignes")
    for each in result["rows"]:
        assert each["read"] == each["used"] + sum(each["set_aside"].values())


# --- text tables that are refused ------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("code_insee,inhabitants,under_3", ["aucune ligne", "Vérifier l'export"]),
        ("Effectifs\n" + pp.POPULATION, ["colonnes absentes : code_insee", ": Effectifs."]),
        (pp.POPULATION.replace("01003,40,0", "01003,40,0,"), ["ligne 4 : 4, au lieu de 3"]),
        (pp.POPULATION.replace("01003", '"01003'), ["ligne 4", "guillemet", "Corriger"]),
        (pp.POPULATION.replace("01001", "01 001"), ["ligne 2", "« 01 001 »", "Écrire 01001"]),
        (pp.POPULATION.replace("01001", "'01001"), ["ligne 2", "« '01001 »", "Écrire 01001"]),
        (pp.POPULATION + "Total,2040,200\n", ["ligne 7", "« Total »", "par exemple 26362"]),
        (pp.POPULATION + ",1,1\n,2,2\n", ["ligne 7", "ligne 8", "le code Insee manque"]),
        (pp.POPULATION.replace(",1000,", ",1e300,"), ["ligne 2", "inhabitants", "trop grand"]),
        (pp.POPULATION.replace(",1000,", ",?,"), ["« ? »", "laisser vide", "clé masked"]),
        (pp.POPULATION.replace(",1000,", ",1000 €,"), ["« 1000 € » n'est pas un nombre"]),
        (pp.POPULATION.replace(",1000,", ',"1,000",'), ["« 1,000 »", "séparer les milliers"]),
        (pp.POPULATION.encode("utf-16") + b"x", ["endommagé ou incomplet"]),
        (pp.POPULATION.encode("utf-16-le"), ["ce n'est pas un fichier texte", "CSV"]),
        (b"\x89PNG\r\n\x1a\n\x00\x00", ["ce n'est pas un fichier texte"]),
        ("\n \n", ["le fichier est vide"]),
    ],
)  # fmt: skip
def test_an_odd_table_is_refused_with_place_and_mend(check, text, words):
    said = check(1, population=text)
    for word in ["population.csv", *words]:
        assert word in said


def test_two_stray_quotes_do_not_swallow_the_rows_between_them(check):
    text = pp.CRECHES.replace("Les Abeilles", '"Les Abeilles').replace("nelles", 'nelles"')
    said = check(1, creches=text)
    assert "creches.csv, ligne 2 : un guillemet" in said
    assert "n'est pas fermé" in said


def test_a_point_that_may_part_thousands_is_refused(check):
    text = pp.POPULATION.replace(",", ";").replace(";1000;", ";1.000;")
    said = check(1, population=text, study=added('decimal = ","'))
    assert "population.csv, ligne 2, colonne inhabitants : « 1.000 »" in said
    assert "enlever le point" in said


@pytest.mark.parametrize("encoding", ["klingon", "ascii", r"a\u0000b", "idna"])
def test_an_encoding_that_does_not_fit_is_named(check, encoding):
    said = check(1, population=pp.POPULATION + "é", study=added(f'encoding = "{encoding}"'))
    assert "population.csv : le fichier ne se lit pas en" in said
    assert "Corriger la clé encoding" in said


@pytest.mark.parametrize("part", [5, 40, -3])
def test_a_gzip_cut_short_is_refused(check, part):
    whole = gzip.compress(pp.POPULATION.encode())
    said = check(1, study=moved("population.csv", "population.csv.gz"),
                 put={"population.csv.gz": whole[:part]})  # fmt: skip
    assert "population.csv.gz : le fichier est endommagé ou incomplet" in said


def test_a_folder_is_no_file(check):
    said = check(
        1, study=moved("population.csv", "dossier"), put={"dossier": lambda at: at.mkdir()}
    )
    assert "dossier est un dossier. Indiquer un fichier" in said


# --- workbooks -------------------------------------------------------------------------------

HEADER, *ROWS = ([*line.split(",")] for line in pp.POPULATION.split())


def workbook(*edits, sheets=("Feuil1",)):
    """Return a writer of the population as Excel, one sheet or several."""

    def write(path):
        book = openpyxl.Workbook()
        book.remove(book.active)
        for title in sheets:
            sheet = book.create_sheet(title)
            sheet.append(HEADER)
            for code, *figures in ROWS:
                sheet.append([code, *map(int, figures)])
            for at, value in edits:
                sheet[at] = value
        book.save(path)

    return write


def in_excel(check, writer, expected=1, extra=""):
    study = moved("population.csv", "population.xlsx", extra)
    return check(expected, study=study, put={"population.xlsx": writer})


@pytest.mark.parametrize("kind", ["xlsx", "parquet", "parquet with index", "gpkg"])
def test_every_kind_of_table_gives_the_same_population(check, tmp_path, kind):
    name = f"people.{kind.split(maxsplit=1)[0]}"
    write = {
        "xlsx": workbook(),
        "parquet": PEOPLE.to_parquet,
        "parquet with index": PEOPLE.set_index("code_insee").to_parquet,
        "gpkg": lambda path: pyogrio.write_dataframe(PEOPLE, path, layer="people"),
    }[kind]
    check(study=moved("population.csv", name), put={name: write})
    assert inhabitants(tmp_path / "pays") == EXPECTED


def test_the_only_sheet_with_content_is_taken(check, tmp_path):
    def write(path):
        workbook()(path)
        book = openpyxl.load_workbook(path)
        book.create_sheet("vide", 0)
        book.save(path)

    in_excel(check, write, 0)
    assert inhabitants(tmp_path / "pays") == EXPECTED


def test_of_several_sheets_one_must_be_named(check):
    said = in_excel(check, workbook(sheets=("2022", "2023")))
    assert "population.xlsx : plusieurs feuilles ont un contenu : 2022, 2023" in said
    assert "clé sheet" in said
    in_excel(check, workbook(sheets=("2022", "2023")), 0, 'sheet = "2023"')


def test_a_sheet_that_is_not_there_is_named_with_those_that_are(check):
    said = in_excel(check, workbook(sheets=("2022", "2023")), extra='sheet = "2024"')
    assert "la feuille « 2024 » n'existe pas. Feuilles du classeur : 2022, 2023" in said


def test_an_empty_workbook_is_refused(check):
    def write(path):
        openpyxl.Workbook().save(path)

    assert "population.xlsx : le fichier ne contient aucune ligne" in in_excel(check, write)


def test_a_formula_that_was_never_computed_is_not_an_empty_cell(check):
    said = in_excel(check, workbook(("B2", "=500+500")))
    assert "population.xlsx, ligne 2, colonne inhabitants : la formule « =500+500 »" in said
    assert "Ouvrir le classeur dans un tableur" in said


@pytest.mark.parametrize(
    ("at", "value", "words"),
    [
        ("B2", "#N/A", ["ligne 2", "inhabitants", "« #N/A »"]),
        ("B3", True, ["ligne 3", "inhabitants", "« True »"]),
        ("C4", pd.Timestamp("2024-05-03"), ["ligne 4", "under_3", "« 2024-05-03"]),
        ("C4", "12,5", ["ligne 4", "« 12,5 » a une virgule décimale", 'decimal = ","']),
        ("A2", 1001, ["ligne 2", "code_insee", "« 1001 »", "Écrire 01001"]),
        ("A1", None, ["colonnes absentes : code_insee", "Colonnes du fichier : inhabitants"]),
        ("C1", "inhabitants", ["titres de colonne sont répétés : inhabitants"]),
    ],
)
def test_an_odd_cell_of_a_workbook_is_refused(check, at, value, words):
    said = in_excel(check, workbook((at, value)))
    for word in ["population.xlsx", *words]:
        assert word in said


def test_merged_title_cells_are_refused_with_the_titles_found(check):
    def write(path):
        book = openpyxl.Workbook()
        book.active.append(["code_insee", "Chiffres", None])
        book.active.append([None, "inhabitants", "under_3"])
        for row in ROWS:
            book.active.append(row)
        book.active.merge_cells("B1:C1")
        book.save(path)

    said = in_excel(check, write)
    assert (
        "colonnes absentes : inhabitants, under_3. Colonnes du fichier : code_insee, Chiff" in said
    )


@pytest.mark.parametrize("kind", ["half", "zip", "text"])
def test_a_damaged_workbook_is_refused(check, tmp_path, kind):
    workbook()(tmp_path / "whole.xlsx")
    whole = (tmp_path / "whole.xlsx").read_bytes()
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as other:
        other.writestr("a.txt", "a")
    content = {"half": whole[: len(whole) // 2], "text": pp.POPULATION.encode(),
               "zip": (tmp_path / "other.zip").read_bytes()}[kind]  # fmt: skip
    said = in_excel(check, lambda path: path.write_bytes(content))
    assert "population.xlsx : le fichier est endommagé" in said


@pytest.mark.parametrize("kind", ["cut", "text", "no rows", "infinite", "whole numbers as codes"])
def test_a_bad_parquet_is_refused(check, tmp_path, kind):
    PEOPLE.to_parquet(tmp_path / "whole.parquet")
    writers = {
        "cut": lambda to: to.write_bytes((tmp_path / "whole.parquet").read_bytes()[:-20]),
        "text": lambda to: to.write_text(pp.POPULATION),
        "no rows": PEOPLE.iloc[:0].to_parquet,
        "infinite": PEOPLE.assign(under_3=[np.inf, 1, 2, 3, 4]).to_parquet,
        "whole numbers as codes": PEOPLE.assign(code_insee=[1001, 2, 3, 4, 5]).to_parquet,
    }
    words = {
        "cut": "endommagé", "text": "endommagé", "no rows": "aucune ligne",
        "infinite": "ligne 1, colonne under_3 : « inf »",
        "whole numbers as codes": "ligne 1, colonne code_insee : « 1001 »",
    }  # fmt: skip
    study = moved("population.csv", "people.parquet")
    said = check(1, study=study, put={"people.parquet": writers[kind]})
    assert "people.parquet" in said
    assert words[kind] in said


# --- layers ----------------------------------------------------------------------------------

LAYER = pp.communes()


def with_layer(check, name, write, expected=1, extra=""):
    study = moved("communes.geojson", name, extra)
    return check(expected, study=study, put={name: write})


@pytest.mark.parametrize(
    "name", ["c.shp", "c.gpkg", "c.fgb", "c.geojson.gz", "c.parquet", "other.parquet"]
)
def test_every_kind_of_layer_gives_the_same_territory(check, tmp_path, name):
    def write(path):
        if name == "other.parquet":
            LAYER.rename_geometry("contour").to_parquet(path)
        elif name == "c.parquet":
            LAYER.to_parquet(path)
        elif name == "c.geojson.gz":
            path.write_bytes(gzip.compress(LAYER.to_crs(4326).to_json().encode()))
        else:
            LAYER.to_file(path)

    with_layer(check, name, write, 0)
    found = open_study(tmp_path / "pays" / "study.toml").territory.communes.geometry
    expected = LAYER.set_index("code").geometry
    assert set(found.index) == set(pp.CODES)
    assert all(found[code].symmetric_difference(expected[code]).area < 1 for code in pp.CODES)


def test_heights_parts_and_holes_are_no_trouble(check, tmp_path):
    layer = LAYER.copy()
    first = layer.geometry[0]
    islet = box(780_000, pp.Y0, 781_000, pp.Y0 + 1000)
    layer.loc[0, "geometry"] = MultiPolygon([first.difference(first.buffer(-4000)), islet])
    layer["geometry"] = shapely.force_3d(layer.geometry.to_numpy(), 12.0)
    with_layer(check, "c.gpkg", layer.to_file, 0)
    found = open_study(tmp_path / "pays" / "study.toml").territory.communes.geometry
    assert not shapely.has_z(found.to_numpy()).any()
    assert found["01001"].area == pytest.approx(layer.geometry[0].area)


def test_of_several_layers_one_must_be_named(check):
    def write(path):
        LAYER.iloc[:2].to_file(path, layer="part")
        LAYER.to_file(path, layer="whole")

    said = with_layer(check, "c.gpkg", write)
    assert "c.gpkg : le fichier a plusieurs couches : part, whole" in said
    assert "clé layer" in said
    with_layer(check, "c.gpkg", write, 0, 'layer = "whole"')
    said = with_layer(check, "c.gpkg", write, 1, 'layer = "hole"')
    assert "la couche « hole » n'existe pas. Couches du fichier : part, whole" in said


def changed(geometry):
    """Return the layer whose second commune has another shape."""
    layer = LAYER.copy()
    layer.loc[1, "geometry"] = geometry
    return layer


@pytest.mark.parametrize(
    ("geometry", "words"),
    [
        (None, "la géométrie manque"),
        (Polygon(), "la géométrie manque"),
        (Point(pp.X0, pp.Y0), "la géométrie est « Point » : il faut un polygone"),
        (GeometryCollection([Point(0, 0), box(0, 0, 1, 1)]), "« GeometryCollection »"),
        (Polygon([(0, 0), (1, 1), (0, 0), (1, 1)]), "commune 01002 est invalide"),
    ],
    ids=["null", "empty", "point", "collection", "flat"],
)
def test_a_shape_that_is_no_commune_is_told_by_its_row(check, geometry, words):
    said = with_layer(check, "c.gpkg", changed(geometry).to_file)
    assert "c.gpkg, ligne 2, colonne geometry" in said
    assert words in said


def projected_json():
    """Return a GeoJSON in Lambert-93 that does not say so."""
    content = json.loads(LAYER.to_json())
    content.pop("crs", None)
    return json.dumps(content).encode()


def test_metres_that_pass_for_degrees_are_refused_with_the_key_to_set(check):
    said = with_layer(check, "c.geojson", lambda path: path.write_bytes(projected_json()))
    assert "c.geojson : la couche se dit en degrés, mais ses coordonnées n'en sont pas" in said
    assert 'crs = "EPSG:2154"' in said


def test_the_key_crs_wins_over_the_file_and_it_is_said(check, tmp_path):
    result = with_layer(check, "c.geojson", lambda path: path.write_bytes(projected_json()), 0,
                        'crs = "EPSG:2154"')  # fmt: skip
    assert "EPSG:2154" in messages(result, "crs_replaced")[0]
    found = open_study(tmp_path / "pays" / "study.toml").territory.communes.geometry
    assert found["01001"].area == pytest.approx(1e8)


def test_a_layer_with_longitude_and_latitude_swapped_is_refused(check):
    layer = LAYER.to_crs(4326)
    layer["geometry"] = shapely.transform(layer.geometry.to_numpy(), lambda xy: xy[:, ::-1])
    said = with_layer(check, "c.geojson", lambda path: path.write_text(layer.to_json()))
    assert "c.geojson, colonne geometry : longitude et latitude sont inversées" in said
    assert "L'exporter de nouveau" in said


@pytest.mark.filterwarnings("ignore:'crs' was not provided")
@pytest.mark.parametrize("name", ["c.gpkg", "c.shp", "c.parquet"])
def test_a_missing_crs_is_refused_with_the_key_to_set(check, name):
    bare = LAYER.set_crs(None, allow_override=True)
    write = bare.to_parquet if name.endswith("parquet") else bare.to_file
    said = with_layer(check, name, write)
    assert f"{name} : la couche ne dit pas son système de coordonnées" in said
    assert 'crs = "EPSG:2154"' in said


@pytest.mark.parametrize("name", ["c.gpkg", "c.fgb", "c.parquet", "c.geojson", "c.shp"])
@pytest.mark.parametrize("part", [0.999, 0.6, 0.01])
def test_a_truncated_layer_is_refused(check, name, part):
    def write(path):
        (LAYER.to_parquet if name.endswith("parquet") else LAYER.to_file)(path)
        whole = path.read_bytes()
        path.write_bytes(whole[: int(len(whole) * part)])

    said = with_layer(check, name, write)
    assert name in said
    assert any(w in said for w in ("endommagé ou incomplet", "géométrie manque", "aucune ligne"))


@pytest.mark.parametrize("missing", [".shx", ".dbf"])
def test_a_shapefile_without_its_companions_is_refused(check, missing):
    def write(path):
        LAYER.to_file(path)
        path.with_suffix(missing).unlink()

    said = with_layer(check, "c.shp", write)
    assert "c.shp" in said
    assert "endommagé" in said or "colonnes absentes : code" in said


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("c.gpkg", b"bonjour", "ne contient pas ce que son nom annonce"),
        ("c.geojson", b"bonjour", "ne contient pas ce que son nom annonce"),
        ("c.geojson", b"{}", "endommagé"),
        ("c.geojson", b'{"type":"FeatureCollection","features":[]}', "aucune ligne"),
        ("c.csv", b"code,nom,epci\n01001,Alpe,123456789\n", "aucune géométrie"),
        ("c.gpkg", b"", "le fichier est vide"),
        ("c.parquet", b"PAR1", "endommagé"),
    ],
)
def test_a_file_that_is_no_layer_is_refused(check, name, content, words):
    said = with_layer(check, name, content)
    assert name in said
    assert words in said


@pytest.mark.parametrize("name", ["c.gpkg", "c.parquet"])
def test_a_table_without_shapes_is_no_layer(check, name):
    table = pd.DataFrame(LAYER.drop(columns="geometry"))

    def write(path):
        if name.endswith("parquet"):
            table.to_parquet(path)
        else:
            pyogrio.write_dataframe(table, path, layer="c")

    assert f"{name} : la couche ne contient aucune géométrie" in with_layer(check, name, write)


def test_a_commune_in_two_rows_of_the_layer_is_refused(check):
    twice = pd.concat([LAYER, LAYER.iloc[:1]])
    said = with_layer(check, "c.gpkg", twice.to_file)
    assert "c.gpkg, ligne 6, colonne code : la commune « 01001 » figure déjà ligne 1" in said


# --- codes of another vintage, points of communes ----------------------------------------------

SOURCE = 'provider = "test"\nlicence = "test"\nvintage = "test"\n\n[sources.population]\n'
MERGERS = (
    '[sources.mergers]\npath = "mergers.csv"\n'
    'columns = { old_code = "old", code_insee = "new" }\n' + SOURCE
)
POINTS = (
    '[sources.places]\npath = "points.csv"\n'
    'columns = { code_insee = "code", lon = "lon", lat = "lat" }\n' + SOURCE
)


def merging(check, text, expected=0, west="01001", **changes):
    pole = ('ouest = "01001"', f'ouest = "{west}"')
    study = with_study(("[sources.population]\n", MERGERS), pole)
    return check(expected, study=study, put={"mergers.csv": text.encode()}, **changes)


def test_merged_codes_are_moved_summed_and_said(check, tmp_path):
    split = pp.POPULATION.replace("01001,1000,100", "01001,900,90\n01009,100,10")
    result = merging(check, "old,new\n01009,01001\n", population=split)
    people = open_study(tmp_path / "pays" / "study.toml").territory.population
    assert people.at["01001", "population"] == 1000
    assert people.at["01001", "children_0_2"] == 100
    assert messages(result, "code_moved") == [
        "L'ancien code 01009 a été ramené à la commune actuelle 01001."
    ]
    assert row_of(result, "population.csv")["used"] == 6


def test_a_sum_with_a_secret_part_is_secret(check, tmp_path):
    split = pp.POPULATION.replace("01001,1000,100", "01001,900,90\n01009,100,s")
    merging(check, "old,new\n01009,01001\n", population=split)
    people = open_study(tmp_path / "pays" / "study.toml").territory.population
    assert np.isnan(people.at["01001", "children_0_2"])
    assert people.at["01001", "children_0_2_status"] == "secret"
    assert people.at["01001", "population"] == 1000


def test_polygons_of_merged_communes_are_united(check, tmp_path):
    result = merging(check, "old,new\n01001,01002\n", west="01002")
    territory = open_study(tmp_path / "pays" / "study.toml").territory
    assert territory.communes.geometry["01002"].area == pytest.approx(2e8)
    assert territory.population.at["01002", "population"] == 1500
    assert row_of(result, "communes.geojson")["read"] == 5


def test_merged_communes_beyond_the_buffer_count_each_of_their_rows(check):
    far = gpd.GeoDataFrame(
        {"code": ["38001", "38002"], "nom": ["Loin", "Plus loin"], "epci": ["", ""]},
        geometry=[box(x, pp.Y0, x + 1000, pp.Y0 + 1000) for x in (950_000, 951_000)],
        crs=2154,
    )
    result = merging(
        check, "old,new\n38001,38003\n38002,38003\n",
        layer=pd.concat([LAYER, far], ignore_index=True), population=pp.POPULATION + "38003,7,1\n",
    )  # fmt: skip
    assert row_of(result, "communes.geojson")["set_aside"] == {"beyond_buffer": 2}
    assert row_of(result, "population.csv")["set_aside"] == {"elsewhere": 1, "repeats": 0}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("old,new\n01009,01999\n", ["population.csv, ligne 7", "« 01009 »", "« 01999 »"]),
        ("old,new\n01001,01002\n01002,01003\n", ["mergers.csv", "01002", "directement"]),
        ("old,new\n01009,01001\n01009,01002\n", ["mergers.csv, ligne 3", "« 01009 »"]),
        ("old,new\n1009,01001\n", ["mergers.csv, ligne 2, colonne old", "Écrire 01009"]),
        ("old;neuf\n01009;01001\n", ["mergers.csv : colonnes absentes : new"]),
    ],
)
def test_a_table_of_mergers_that_leads_nowhere_is_refused(check, text, words):
    said = merging(check, text, 1, population=pp.POPULATION + "01009,1,1\n")
    for word in words:
        assert word in said


def points(**changed):
    """Return the table of chefs-lieux, some of them elsewhere."""
    there = gpd.GeoSeries(
        [Point(pp.X0 + pp.STEP * k, pp.Y0) for k in range(5)], index=pp.CODES, crs=2154
    ).to_crs(4326)
    places = {code: (point.x, point.y) for code, point in there.items()} | changed
    rows = [f"{code},{lon},{lat}\n" for code, (lon, lat) in places.items()]
    return "code,lon,lat\n" + "".join(rows)


def test_chefs_lieux_are_used_and_those_elsewhere_counted(check):
    study = with_study(("[sources.population]\n", POINTS))
    text = points(**{"99999": (4.5, 44.5)})
    result = check(study=study, put={"points.csv": text.encode()})
    assert row_of(result, "points.csv (points)")["set_aside"]["elsewhere"] == 1
    assert "point_estimated" not in keys(result)


def test_a_chef_lieu_far_from_its_commune_is_refused(check):
    study = with_study(("[sources.population]\n", POINTS))
    text = points(**{"01003": (2.35, 48.85)})
    said = check(1, study=study, put={"points.csv": text.encode()})
    assert "points.csv, ligne 4" in said
    assert "« 01003 » est à" in said
    assert "Corriger ses coordonnées" in said


# --- places ------------------------------------------------------------------------------------

XY = with_study((COUNTS, 'columns = { equipement_id = "id", nom = "nom", x = "x", y = "y", '
                         + PLACES + '\ncrs = "EPSG:2154"'))  # fmt: skip


@pytest.mark.parametrize(
    ("x", "y", "words"),
    [
        ("800000", "", ["colonne y", "une seule des deux coordonnées"]),
        ("nd", "6400000", ["colonne x", "une seule des deux coordonnées"]),
        ("a", "b", ["colonne x : « a » n'est pas un nombre", "colonne y : « b »"]),
        ("6400000", "800000", ["« Les Abeilles » est à", "km du territoire"]),
        ("9e8", "9e8", ["colonne x", "« "]),
    ],
)
def test_impossible_coordinates_are_never_taken_for_none(check, x, y, words):
    text = f"id,nom,x,y,insee,places\nc1,Les Abeilles,{x},{y},01001,20\n"
    said = check(1, study=XY, creches=text)
    for word in ["creches.csv, ligne 2", *words]:
        assert word in said


def counting(extra=""):
    columns = 'columns = { count = "places", code_insee = "insee" }\n'
    each = 'capacity_each = { value = 3, source = "test" }\n'
    return with_study((COUNTS, columns + each + extra))


def test_a_count_per_commune_gives_as_many_estimated_places(check, tmp_path):
    result = check(study=counting(), creches="insee,places\n01001,2\n01003,0\n26005,1\n")
    places = open_study(tmp_path / "pays" / "study.toml").territory.equipements
    creches = places[places["service"] == "creche"]
    assert creches.groupby("code_insee").size().to_dict() == {"01001": 2, "26005": 1}
    assert set(creches["capacity_status"]) == {"estimated"}
    assert row_of(result, "creches.csv")["used"] == 3, "a zero counts too"


def test_counts_of_a_commune_that_stands_twice_are_never_summed(check, tmp_path):
    text = "insee,places\n01001,2\n01001,2\n"
    said = check(1, study=counting(), creches=text)
    assert "creches.csv, ligne 3, colonne insee : la commune « 01001 » figure déjà ligne 2" in said
    result = check(study=counting('duplicates = "keep_identical"'), creches=text)
    places = open_study(tmp_path / "pays" / "study.toml").territory.equipements
    assert (places["service"] == "creche").sum() == 2
    assert "repeats_collapsed" in keys(result)


@pytest.mark.parametrize(
    ("value", "words"),
    [("1e7", "plus que 10 000"), ("2.5", "pas un nombre entier"), ("-1", "négatif")],
)
def test_an_impossible_count_is_refused(check, value, words):
    said = check(1, study=counting(), creches=f"insee,places\n01001,{value}\n")
    assert f"creches.csv, ligne 2, colonne places : « {value} »" in said
    assert words in said


def test_a_status_that_is_none_is_refused(check):
    study = with_study((PLACES, PLACES.replace(" }", ', capacity_status = "st" }')))
    said = check(1, study=study, creches="id,nom,insee,places,st\nc1,A,01001,20,plausible\n")
    assert "creches.csv, ligne 2, colonne st : « plausible » n'est pas un statut" in said
    assert "observed, estimated" in said


POINT_LAYER = gpd.GeoDataFrame(
    {"id": ["c1", "c2"], "nom": ["A", "B"], "places": [10, 20]},
    geometry=[Point(pp.X0, pp.Y0), Point(pp.X0 + 2 * pp.STEP, pp.Y0)],
    crs=2154,
)
LOCATED = COUNTS.replace(' code_insee = "insee",', "")


@pytest.mark.parametrize("name", ["e.gpkg", "e.geojson", "e.shp", "e.parquet"])
def test_places_of_any_layer_fall_into_their_commune(check, tmp_path, name):
    study = with_study(('"creches.csv"', f'"{name}"'), (COUNTS, LOCATED))
    write = POINT_LAYER.to_parquet if name.endswith("parquet") else POINT_LAYER.to_file
    check(study=study, put={name: write})
    places = open_study(tmp_path / "pays" / "study.toml").territory.equipements
    assert places.loc[["c1", "c2"], "code_insee"].tolist() == ["01001", "01003"]
    assert set(places.loc[["c1", "c2"], "location_status"]) == {"observed"}


@pytest.mark.parametrize(
    ("shape", "words"),
    [(None, "la géométrie manque"), (Point(), "la géométrie manque"),
     (LineString([(0, 0), (1, 1)]), "« LineString » : il faut un point")],
)  # fmt: skip
def test_a_place_without_a_point_is_told_by_its_row(check, shape, words):
    layer = POINT_LAYER.copy()
    layer.loc[1, "geometry"] = shape
    study = with_study(('"creches.csv"', '"e.gpkg"'), (COUNTS, LOCATED))
    said = check(1, study=study, put={"e.gpkg": layer.to_file})
    assert "e.gpkg, ligne 2, colonne geometry" in said
    assert words in said


# --- roads -------------------------------------------------------------------------------------

LINES = gpd.GeoDataFrame(
    {"class": ["local"] * 4, "speed": [60] * 4},
    geometry=[
        LineString([(pp.X0 + pp.STEP * k, pp.Y0), (pp.X0 + pp.STEP * (k + 1), pp.Y0)])
        for k in range(4)
    ],
    crs=2154,
)
LINE_ROADS = (
    with_study(('roads = "line"', 'roads = "layer"'))
    + """
[roads.layer]
kind = "lines"
path = "roads.gpkg"
columns = { road_class = "class", speed_kmh = "speed" }
provider = "test"
licence = "test"
vintage = "test"
"""
)


def on_lines(check, layer, expected=1):
    return check(expected, study=LINE_ROADS, put={"roads.gpkg": layer.to_file})


def test_a_layer_of_roads_without_any_near_the_territory_is_refused(check):
    said = on_lines(check, LINES.assign(geometry=LINES.geometry.translate(0, 500_000)))
    assert "aucune route à moins de 10 km du territoire" in said
    assert "500 km" in said
    assert "Vérifier que le fichier de routes couvre le territoire" in said


def test_roads_without_length_are_set_aside_and_said(check):
    layer = LINES.copy()
    layer.loc[3, "geometry"] = LineString()
    result = on_lines(check, layer, 0)
    assert row_of(result, "roads.gpkg") == {
        "table": "roads.gpkg", "read": 4, "used": 3, "set_aside": {"without_length": 1},
    }  # fmt: skip
    assert "ligne : 4" in messages(result, "road_without_length")[0]


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("geometry", None, "colonne geometry : la géométrie manque"),
        ("geometry", Point(0, 0), "colonne geometry : la géométrie est « Point » : il faut une"),
        ("speed", "vite", "colonne speed : « vite » n'est pas un nombre"),
        ("speed", "0", "colonne speed : une vitesse nulle"),
    ],
)
def test_a_bad_road_is_told_by_its_row(check, column, value, words):
    layer = LINES.copy()
    if column == "speed":
        layer["speed"] = layer["speed"].astype(str)
    layer.loc[1, column] = value
    said = on_lines(check, layer)
    assert f"roads.gpkg, ligne 2, {words}" in said


def test_a_junction_without_a_name_is_told_by_its_row(check):
    said = check(1, junctions=pp.JUNCTIONS.replace("j0,", ","))
    assert "junctions.csv, ligne 2, colonne junction : l'identifiant manque" in said
