"""Sheets as people lay them out: titles over several columns, tables side by side, hidden rows."""

import pytest

from ctg_geo import labels
from ctg_geo.importing import Context, ImportMapping, import_places
from ctg_geo.importing.grid import Span, grid
from ctg_geo.importing.header import body
from sheets import KNOWN, as_csv, as_ods, as_xlsx

CRECHE = {"service": "creche"}


def brought(tmp_path, content, name="l.csv", **rules):
    (tmp_path / name).write_bytes(content)
    mapping = ImportMapping.model_validate({"rules": CRECHE, **rules})
    return import_places(tmp_path / name, mapping=mapping, context=Context(KNOWN))


def told(made, key):
    return [each for each in made.findings if each.key == key]


OVER_YEARS = [
    ["Nom", "Commune", "Capacité", ""], ["", "", "2023", "2024"],
    ["A", "Valence", "10", "12"], ["B", "Romans-sur-Isère", "7", "8"],
]  # fmt: skip


def test_a_title_over_years_is_said_of_each(tmp_path):
    for content, name in (
        (as_csv(OVER_YEARS), "l.csv"),
        (as_xlsx({"F": OVER_YEARS}, merged=("A1:A2", "B1:B2", "C1:D1")), "l.xlsx"),
    ):
        made = brought(tmp_path, content, name)
        assert made.titles == ("Nom", "Commune", "Capacité 2023", "Capacité 2024")
        assert made.table["capacity"].tolist() == [12, 8]
        assert made.ledger.read == 2
        assert made.refused == ()


def test_a_title_over_words_is_said_of_each(tmp_path):
    rows = [
        ["Nom", "Ville", "Places", "", "Horaires", ""], ["", "", "0-3 ans", "3-6 ans", "", ""],
        ["A", "Valence", "10", "4", "", ""], ["B", "Valence", "3", "5", "", ""],
    ]  # fmt: skip
    made = brought(tmp_path, as_csv(rows))
    assert made.titles[2:4] == ("Places 0-3 ans", "Places 3-6 ans")
    assert made.ledger.read == 2


@pytest.mark.parametrize(
    "second",
    [["", "", "10", "12"], ["B", "Romans-sur-Isère", "7", ""], ["", "Romans-sur-Isère", "x", "y"]],
)
def test_a_row_of_data_under_a_wide_title_is_no_title(second):
    found = body(grid("", [OVER_YEARS[0], second, OVER_YEARS[2]]), "l.csv")
    assert (found.header, found.rows) == (0, (1, 2))


def test_a_title_of_the_whole_sheet_stands_above():
    rows = [["Crèches du territoire", "", ""], ["Nom", "Ville", "Places"], ["A", "Valence", "3"]]
    found = body(grid("", rows, spans=(Span(0, 0, 0, 2),)), "l.xlsx")
    assert found.titles == ("Nom", "Ville", "Places")


def test_groups_of_titles_above_known_ones_are_left():
    rows = [["Structure", "", "Accueil", ""], ["Nom", "Ville", "Places", "Horaires"],
            ["A", "Valence", "3", "lundi 9h-12h"]]  # fmt: skip
    found = body(grid("", rows, spans=(Span(0, 0, 0, 1), Span(0, 2, 0, 3))), "l.xlsx")
    assert found.titles == ("Nom", "Ville", "Places", "Horaires")


BESIDE = [
    ["Nom", "Ville", "Places", "", "N°", "Structure", "Commune", "Horaires"],
    ["A", "Valence", "12", "", "1", "R", "Romans-sur-Isère", "lundi 9h-12h"],
    ["B", "Valence", "13", "", "2", "S", "Romans-sur-Isère", ""],
]


def test_a_table_beside_under_other_titles_is_told_with_its_count(tmp_path):
    made = brought(tmp_path, as_csv(BESIDE))
    assert made.table["nom"].tolist() == ["A", "B"]
    assert made.table["hours"].tolist() == ["", ""], "hours of the other table are not of these"
    (one,) = told(made, "import_titles_twice")
    assert (one.severity, one.facts["count"]) == ("warning", 7)
    assert one.facts["columns"] == ["N°", "Structure", "Commune", "Horaires"]
    reasons = {each.column: each.explain() for each in made.guesses}
    assert "à côté" in reasons["Structure"]


def test_a_table_beside_without_a_blank_column_is_told_too(tmp_path):
    rows = [[row[at] for at in (0, 1, 2, 5, 6, 7)] for row in BESIDE]
    made = brought(tmp_path, as_csv(rows))
    assert made.table["nom"].tolist() == ["A", "B"]
    assert told(made, "import_titles_twice")[0].facts["count"] == 5


def test_the_table_beside_is_read_where_a_mapping_names_it(tmp_path):
    columns = {"nom": "Structure", "commune": "Commune", "hours": "Horaires"}
    made = brought(tmp_path, as_csv(BESIDE), columns=columns)
    assert made.table["nom"].tolist() == ["R", "S"]
    assert made.table["hours_per_week"].tolist()[0] == 3
    assert told(made, "import_titles_twice")[0].facts["columns"] == ["Nom", "Ville", "Places"]


def test_a_blank_column_inside_one_table_is_no_second_table(tmp_path):
    rows = [["Nom", "Ville", "", "Places", "Nom du gestionnaire"], ["A", "Valence", "", "12", "X"]]
    made = brought(tmp_path, as_csv(rows))
    assert made.table["capacity"].tolist() == [12]
    assert told(made, "import_titles_twice") == []


HIDDEN = [["Nom", "Ville", "Places"], ["A", "Valence", "3"], ["B", "Valence", "4"],
          ["C", "Lyon", "5"], ["D", "Valence", "6"]]  # fmt: skip


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_hidden_rows_are_read_and_counted(tmp_path, kind):
    write = as_xlsx if kind == "xlsx" else as_ods
    made = brought(tmp_path, write({"F": HIDDEN}, unseen=(3, 4)), f"l.{kind}")
    assert made.table["nom"].tolist() == ["A", "B", "D"]
    (one,) = told(made, "import_rows_unseen")
    assert one.facts == {"count": 2, "rows": ["3", "4"]}
    assert "filtrées" in labels.text("findings.import_rows_unseen", **one.facts)
    made = brought(tmp_path, write({"F": HIDDEN}), f"l.{kind}")
    assert told(made, "import_rows_unseen") == []


UNDER_WORDS = [
    ["Structure", "Localisation", "", "", "Capacité", "", "Ouverture"],
    ["Nom", "Adresse", "CP", "Commune", "2023", "2024", ""],
    ["A", "Le Village", "26000", "Valence", "10", "12", "lundi 9h-12h"],
    ["A", "Le village", "26000", "VALENCE", "10", "12", ""],
]


def test_titles_under_titles_are_read_even_where_one_stands_under_a_single_title(tmp_path):
    for content, name in (
        (as_csv(UNDER_WORDS), "l.csv"),
        (as_xlsx({"F": UNDER_WORDS}, merged=("B1:D1", "E1:F1")), "l.xlsx"),
    ):
        made = brought(tmp_path, content, name)
        assert made.ledger.read == 2
        assert made.refused == ()
        assert made.table["nom"].tolist() == ["A", "A"]
        assert made.table["capacity"].tolist() == [12, 12]
        assert len(made.twins) == 1
