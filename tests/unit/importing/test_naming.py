"""The commune of a row: by a code in the place of a name, by a name of the past, by its point."""

import geopandas as gpd
import pytest
from shapely.geometry import box

from ctg_geo.importing import Context, Gazetteer, ImportMapping, ValueRules, import_places
from sheets import as_csv

NAMES = {"26362": "Valence", "26281": "Romans-sur-Isère", "26210": "Valherbasse"}
FORMER = [
    ("26184", "Miribel"), ("26210", "Montrigaud"), ("26000", "Bourg"), ("26001", "Bourg"),
    ("26009", "Valence"),
]  # fmt: skip
MAPPING = ImportMapping(rules=ValueRules(service="creche"))
MOVES = {"26184": "26210", "26000": "26281", "26001": "26362", "26009": "26281"}


@pytest.fixture(scope="module")
def known():
    shapes = [box(840_000 + 9_000 * k, 6_420_000, 849_000 + 9_000 * k, 6_440_000) for k in range(3)]
    table = gpd.GeoDataFrame({"nom": list(NAMES.values())}, index=list(NAMES), geometry=shapes)
    area = ["26362", "26281"]
    return Gazetteer(table.set_crs("EPSG:2154"), MOVES, former=FORMER, area=area)


def brought(tmp_path, known, *rows, titles=("Nom", "Commune", "CP")):
    path = tmp_path / "liste.csv"
    path.write_bytes(as_csv([titles, *rows]))
    return import_places(path, context=Context(known, services=None), mapping=MAPPING)


def reasons(made):
    return {row.row: [each.reason for each in row.problems] for row in made.refused}


def finding(made, key):
    return next(each for each in made.findings if each.key == key)


def test_a_code_in_the_place_of_a_name_is_one_and_told(tmp_path, known):
    made = brought(
        tmp_path, known, ["A", "Romans", "26100"], ["B", "26281", ""], ["C", "Valence", ""]
    )
    assert made.table["code_insee"].tolist() == ["26281", "26362"]
    assert reasons(made) == {2: ["commune_near"]}
    assert "Romans-sur-Isère (26281)" in made.refused[0].problems[0].mend()
    assert finding(made, "import_commune_codes").facts["rows"] == ["3"]


def test_a_postcode_in_the_place_of_a_name_is_told_apart(tmp_path, known):
    rows = [["A", "26100", ""], ["B", "26281", "26281"], ["C", "Valence", ""]]
    made = brought(tmp_path, known, *rows)
    assert reasons(made) == {2: ["commune_code"], 3: ["commune_postcode"]}
    assert "code postal" in made.refused[0].problems[0].why()


def test_a_name_of_the_past_leads_to_the_commune_of_today(tmp_path, known):
    made = brought(tmp_path, known, ["A", "Miribel", ""], ["B", "montrigaud", ""])
    assert made.table["code_insee"].tolist() == ["26210", "26210"]
    names = finding(made, "import_former_names").facts["names"]
    assert names == ["Miribel → Valherbasse (26210)", "montrigaud → Valherbasse (26210)"]


def test_a_name_of_the_past_of_two_communes_is_ambiguous_and_one_of_today_wins(known):
    assert known.named("Bourg").reason == "commune_ambiguous"
    assert (known.named("Valence").code, known.named("Valence").former) == ("26362", False)
    assert known.named("Miribell").candidates == ("Valherbasse (26210)",)


def test_a_place_far_from_the_study_is_to_mend_and_one_near_it_is_kept_and_told(tmp_path, known):
    titles = ("Nom", "X", "Y")
    rows = [["A", "841000", "6430000"], ["B", "860000", "6430000"], ["C", "652000", "6862000"]]
    made = brought(tmp_path, known, *rows, titles=titles)
    assert reasons(made) == {4: ["outside_study"]}
    dx, dy = 840_000 - 652_000, 6_862_000 - 6_440_000  # to the north-west corner of the area
    km = made.refused[0].problems[0].facts["km"]
    assert km == pytest.approx((dx**2 + dy**2) ** 0.5 / 1000, abs=0.01)
    assert finding(made, "import_beyond_buffer").facts["rows"] == ["3"]


def test_a_postcode_in_the_place_of_a_code_is_ignored_where_the_name_is_known(tmp_path, known):
    titles = ("Nom", "Insee", "Commune", "X", "Y")
    rows = [
        ["A", "26500", "Valence", "841000", "6430000"],  # of a department, one commune of a name
        ["B", "82186", "Valence", "841000", "6430000"],  # a namesake elsewhere: its code stays
        ["C", "26501", "Inconnue", "841000", "6430000"],
        *(["D", "26362", "Valence", "841500", "6431000"] for _ in range(6)),
    ]
    made = brought(tmp_path, known, *rows, titles=titles)
    assert made.table["code_insee"].tolist() == ["26362", "82186", "26501", *["26362"] * 6]
    assert finding(made, "import_codes_ignored").facts["rows"] == ["2"]


@pytest.mark.parametrize("name", ["Romans s/Isère", "ROMANS S/ ISERE", "Romans sur/ Isère"])
def test_over_and_under_may_be_cut(known, name):
    assert known.named(name).code == "26281"


def test_the_commune_at_the_end_of_an_address_serves_where_nothing_else_tells_it(tmp_path, known):
    titles = ("Nom", "Adresse", "Commune")
    rows = [
        ["A", "12 rue des Alpes 26000 VALENCE", ""],
        ["B", "Mairie, 26100 Romans s/ Isère", "Valence"],
        ["C", "3 rue de Valence", ""],
        ["D", "1 rue Haute 26999 Ailleurs", ""],
    ]
    made = brought(tmp_path, known, *rows, titles=titles)
    assert made.table["code_insee"].tolist() == ["26362", "26362"]
    assert reasons(made) == {4: ["place_missing"], 5: ["place_missing"]}
    assert finding(made, "import_address_communes").facts["rows"] == ["2"]
