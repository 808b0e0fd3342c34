"""Titles wherever they stand, columns whatever they are called, rows all accounted for."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ctg_geo import labels
from ctg_geo.errors import MissingColumnError, UnreadableFileError
from ctg_geo.importing import Context, ImportMapping, import_places
from ctg_geo.importing.grid import Span, grid
from ctg_geo.importing.guessing import guessed, obeyed
from ctg_geo.importing.header import body
from sheets import KNOWN, as_csv, as_xlsx


def table(*rows, spans=()):
    return body(grid("", rows, spans=spans), "liste.csv")


def fields(*rows, known=None):
    return {each.column: each.field for each in guessed(table(*rows), known) if each.field}


def test_titles_are_found_below_lines_of_presentation():
    found = table(["Caf"], [], ["", "Nom", "Ville"], ["", "A", "Valence"], ["", "B", "Romans"])
    assert (found.header, found.titles, found.rows) == (2, ("Nom", "Ville"), (3, 4))
    assert found.aside == {"above": (0,)}
    assert found.filled == 3


def test_two_rows_of_titles_are_joined():
    found = table(
        ["Nom", "Coordonnées", "", "Places"], ["", "Longitude", "Latitude", ""],
        ["A", "4,8", "44,9", "12"], spans=(Span(0, 1, 0, 2),),
    )  # fmt: skip
    assert found.titles == ("Nom", "Coordonnées Longitude", "Coordonnées Latitude", "Places")
    assert found.rows == (2,)


def test_titles_that_repeat_or_lack_are_named():
    found = table(["Nom", "Places", "Places", ""], ["A", "1", "2", "x"], ["B", "3", "4", "y"])
    assert found.titles == ("Nom", "Places", "Places (2)", "colonne D")
    assert found.renamed == ("Places (2)", "colonne D")


def test_totals_repeated_titles_and_notes_are_no_places():
    found = table(
        ["Nom", "Ville", "Places"], ["A", "Valence", "12"], ["nom", "VILLE", "places"],
        ["Total Nord", "", "12"], ["Total Énergie crèche", "Romans", "10"], ["TOTAL", "", "22"],
        ["Source : Caf 2025", "", ""],
    )  # fmt: skip
    assert found.rows == (1, 4)
    assert found.aside == {"header_again": (2,), "total": (3, 5), "note": (6,)}


def test_totals_of_a_commune_are_no_places_whatever_else_the_row_says():
    found = table(
        ["N°", "Nom", "Ville", "Places"], ["1", "A", "Valence", "12"],
        ["", "Total Valence", "Valence", "30"], ["", "Sous-total Romans", "Romans", "nd"],
        ["", "Ensemble du territoire", "Drôme", "42"], ["9", "Cumul 2024", "Valence", "42"],
        ["2", "Ensemble scolaire Nord", "Romans", "8"], ["3", "Totalement nous", "Romans", "8"],
    )  # fmt: skip
    assert found.rows == (1, 6, 7)
    assert found.aside == {"total": (2, 3, 4, 5)}


@pytest.mark.parametrize("rows", [[["26362", "12"], ["26281", "3"]], [["seul"]], [["4,8", "44,9"]]])
def test_a_list_without_titles_is_refused_rather_than_guessed(rows):
    with pytest.raises(UnreadableFileError):
        table(*rows)


@pytest.mark.parametrize(
    ("title", "field"),
    [
        ("Nom de la structure", "nom"), ("CAPACITÉ AGRÉÉE", "capacity"), ("Nb. places", "capacity"),
        ("C.P.", "postcode"), ("Code INSEE", "code_insee"), ("VILLE", "commune"),
        ("Horaires d'ouverture", "hours"), ("Lat.", "lat"), ("LONG", "lon"),
        ("Coordonnées X (Lambert 93)", "x"), ("x_l93", "x"), ("geo_point_2d", "position"),
        ("Opening hours", "hours"), ("Adresse postale", "address"), ("Street address", "address"),
        ("Longitutde", "lon"), ("Heures / semaine", "hours_per_week"), ("Itinérance", "delivery"),
    ],
)  # fmt: skip
def test_titles_of_colleagues_are_known(title, field):
    other = {"lat": "Longitude", "lon": "Latitude", "x": "Y"}.get(field, "Observations")
    cells = {"position": "44.9, 4.8", "postcode": "26000", "code_insee": "26362"}
    assert fields([title, other], [cells.get(field, "4,8"), "44,9"])[title] == field


def test_columns_of_persons_are_never_read():
    found = guessed(
        table(["Nom", "Nom du directeur", "Tél.", "E-mail"], ["A", "B", "04", "x@y.fr"]), None
    )
    assert [each.field for each in found] == ["nom", "", "", ""]
    assert [each.reason for each in found][1:] == ["person"] * 3


@pytest.mark.parametrize(
    "title",
    ["Nom de la responsable", "Nom du président", "Nom de la présidente", "Nom du directeur",
     "Nom de la directrice", "Contact", "Contacts", "Gérante", "Nom de la gérante", "Nom du maire",
     "Nom de l'interlocutrice", "Responsable de la structure", "Nom des responsables",
     "Directrice de l'établissement", "Nom de la coordinatrice", "Adresse du directeur",
     "Nom du référent famille", "Adresse e-mail", "Adresse mail", "Nom et prénom", "Nom (contact)",
     "Nom du responsable du service", "Nom de la chargée de mission", "Mél"],
)  # fmt: skip
def test_words_for_persons_win_over_the_name_of_a_place(title):
    found = guessed(table([title, "Commune", "Places"], ["Mme X", "Valence", "12"]), KNOWN)
    assert (found[0].field, found[0].reason, found[0].example) == ("", "person", "")


@pytest.mark.parametrize(
    ("title", "field"),
    [("Nom de la crèche", "nom"), ("Nom du multi-accueil", "nom"), ("Nb d'agents ETP", "capacity"),
     ("Nom du relais parents", "nom"), ("Type de structure", "service"),
     ("Nom du chef-lieu", "nom"), ("Nombre de places du directeur", "capacity")],
)  # fmt: skip
def test_titles_of_places_are_not_taken_for_persons(title, field):
    assert fields([title, "Observations"], ["12", "x"])[title] == field


def test_content_tells_what_a_title_does_not():
    found = fields(
        ["Nom", "A1", "A2", "A3", "A4"],
        ["Lutins", "26362", "Valence", "44.93341", "4.89211"],
        ["Galopins", "26281", "romans sur isere", "45.04567", "5.05123"], known=KNOWN,
    )  # fmt: skip
    assert found == {"Nom": "nom", "A1": "code_insee", "A2": "commune", "A3": "lat", "A4": "lon"}


def test_a_title_that_the_content_denies_is_not_believed_and_says_why():
    rows = [
        ["Nom", "Code commune", "Nb places"],
        ["A", "26000", "x" * 20],
        ["B", "26100", "y" * 20],
    ]
    _, code, places = guessed(table(*rows), KNOWN)
    assert (code.field, code.reason) == ("postcode", "content")
    assert (places.field, places.reason) == ("", "contradicted")
    assert "Capacité" in places.explain()


@pytest.mark.parametrize(
    ("titles", "row", "chosen", "rivals"),
    [
        (["Places 2023", "Places 2024"], ["10", "30"], "Places 2024", ("Places 2023",)),
        (["Places 2024", "Places 2023"], ["10", "30"], "Places 2024", ("Places 2023",)),
        (["Places 2023", "Places 2024"], ["10", ""], "Places 2023", ()),
        (["Places demandées en attente", "Capacité"], ["10", "30"], "Capacité", ()),
        (["Places demandées en attente", "Places (total)"], ["10", "3"], "Places (total)", ()),
        (["Nb places refusées", "Nb places inscrites"], ["10", "3"], "", ()),
        (["Agrément", "Capacité"], ["10", "30"], "Agrément", ("Capacité",)),
    ],
)  # fmt: skip
def test_columns_that_tie_are_told_and_the_most_recent_year_wins(titles, row, chosen, rivals):
    found = guessed(table(["Nom", "Ville", *titles], ["A", "Valence", *row]), KNOWN)
    capacity = [each for each in found if each.field == "capacity"]
    assert [each.column for each in capacity] == ([chosen] if chosen else [])
    assert [each.rivals for each in capacity] == ([rivals] if chosen else [])
    assert all(not each.rivals for each in found if each.field != "capacity")


def test_a_mapping_names_columns_that_exist():
    with pytest.raises(MissingColumnError, match="Lits"):
        obeyed(table(["Nom", "Places"], ["A", "1"]), {"capacity": "Lits"}, "liste.csv")


def test_one_column_a_day_makes_a_week(tmp_path):
    (tmp_path / "l.csv").write_bytes(as_csv([
        ["Nom", "Code INSEE", "h_lundi", "h_mardi", "Samedi"],
        ["A", "26362", "09:30 - 12:30 / 13:30 - 16:30", "", "9h-12h"],
        ["B", "26281", "", "", ""],
        ["C", "26281", "voir le site", "", ""],
    ]))  # fmt: skip
    mapping = ImportMapping.model_validate({"rules": {"service": "creche"}})
    made = import_places(tmp_path / "l.csv", mapping=mapping, context=Context(KNOWN))
    assert made.table["hours_per_week"].tolist()[0] == 9
    assert made.table["hours_status"].tolist() == ["observed", "not_available", "not_available"]
    lost = next(each for each in made.findings if each.key == "import_hours_lost")
    assert lost.facts["rows"] == ["4"]


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(
        st.tuples(
            st.sampled_from(["A", "B", "", "Total", "=1+1"]),
            st.sampled_from(["Valence", "ROMANS SUR ISERE", "Bourg de Péages", "", "Lyon"]),
            st.sampled_from(["12", "nd", "", "-1", "douze", "<5"]),
            st.sampled_from(["", "845000", "6430000", "4,89", "0"]),
            st.sampled_from(["", "6430000", "845000", "44,93", "0"]),
        ),
        min_size=1,
        max_size=12,
    )
)  # fmt: skip
def test_rows_in_are_places_plus_rows_told(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("import") / "liste.csv"
    path.write_bytes(as_csv([["Nom", "Commune", "Places", "X", "Y"], *rows]))
    mapping = ImportMapping.model_validate({"rules": {"service": "creche"}})
    try:
        made = import_places(path, mapping=mapping, context=Context(KNOWN))
    except UnreadableFileError as error:
        assert error.reason == "no_rows"  # noqa: PT017
        return
    filled = [row for row in rows if any(row)]
    assert made.ledger.read == len(filled)
    assert made.ledger.used == len(made.table)
    assert made.ledger.set_aside["refused"] == len(made.refused)
    used = {int(said.rsplit(", ", 1)[1]) for said in made.table["source"]}
    refused = {each.row for each in made.refused}
    assert not used & refused
    for at, (_, _, places, _, _) in enumerate(rows, start=2):
        if at in used:  # only numbers are numbers, and masks are no zeros
            value = made.table["capacity"][made.table["source"] == f"liste.csv, {at}"].iloc[0]
            assert value == 12 if places == "12" else value != value  # noqa: PLR0124
    assert all(each.why() and each.mend() for row in made.refused for each in row.problems)


def test_row_order_changes_no_place(tmp_path):
    head = ["Nom", "Commune", "Places"]
    rows = [["A", "Valence", "1"], ["B", "Romans-sur-Isère", "2"], ["C", "Bourg de Péage", "nd"]]
    found = []
    for name, order in (("a.csv", rows), ("b.csv", rows[::-1])):
        (tmp_path / name).write_bytes(as_csv([head, *order]))
        mapping = ImportMapping.model_validate({"rules": {"service": "creche"}})
        made = import_places(tmp_path / name, mapping=mapping, context=Context(KNOWN)).table
        found.append(made.sort_values("nom")[["nom", "code_insee", "capacity"]].values.tolist())
    assert str(found[0]) == str(found[1])


def test_an_amount_merged_over_rows_is_not_doubled(tmp_path):
    rows = [
        ["Nom", "Commune", "Places", "Horaires"], ["A", "Valence", 40, "lundi 9h-12h"],
        ["B", None, None, None], ["C", None, None, None], ["D", "Romans-sur-Isère", 5, None],
    ]  # fmt: skip
    content = as_xlsx({"F": rows}, merged=("B2:B4", "C2:C4", "D2:D3"))
    (tmp_path / "l.xlsx").write_bytes(content)
    mapping = ImportMapping.model_validate({"rules": {"service": "creche"}})
    made = import_places(tmp_path / "l.xlsx", mapping=mapping, context=Context(KNOWN))
    assert made.table["code_insee"].tolist() == ["26362"] * 3 + ["26281"]
    assert made.table["capacity"].sum() == 45
    assert made.table["capacity_status"].tolist()[1:3] == ["not_available"] * 2
    assert made.table["hours_per_week"].sum() == 3
    told = {each.facts["column"]: each for each in made.findings if each.key == "import_shared"}
    assert {title: each.facts["rows"] for title, each in told.items()} == {
        "Places": ["3", "4"], "Horaires": ["3"],
    }  # fmt: skip
    assert {each.severity for each in told.values()} == {"warning"}
    assert "2 lignes" in labels.text("findings.import_shared", **told["Places"].facts)


def test_a_point_far_from_the_commune_of_its_row_is_refused(tmp_path):
    # Valence is x 840 000 to 849 000, Romans 849 000 to 858 000; the rim is forgiven to 2 km.
    rows = [
        ["Nom", "Code Insee", "Commune", "X Lambert 93", "Y Lambert 93"],
        ["A", "26362", "", 845_000, 6_430_000], ["B", "26362", "", 850_900, 6_430_000],
        ["C", "26362", "", 852_000, 6_430_000], ["D", "", "Valence", 856_000, 6_430_000],
        ["E", "", "", 856_000, 6_430_000],
    ]  # fmt: skip
    (tmp_path / "l.csv").write_bytes(as_csv(rows))
    mapping = ImportMapping.model_validate({"rules": {"service": "creche"}})
    made = import_places(tmp_path / "l.csv", mapping=mapping, context=Context(KNOWN))
    assert made.table["nom"].tolist() == ["A", "B", "E"]
    assert [(each.row, each.problems[0].reason) for each in made.refused] == [
        (4, "point_commune"), (5, "point_commune"),
    ]  # fmt: skip
    first, second = (each.problems[0] for each in made.refused)
    assert first.facts["km"] == pytest.approx(3.0, abs=0.01)
    assert second.column == "Commune"
    assert "point et commune se contredisent" in first.why()
    told = next(each for each in made.findings if each.key == "import_point_commune")
    assert (told.severity, told.facts["rows"]) == ("warning", ["4", "5"])


def imported(tmp_path, rows, **rules):
    (tmp_path / "l.csv").write_bytes(as_csv(rows))
    mapping = ImportMapping.model_validate({"rules": {"service": "creche"}, **rules})
    return import_places(tmp_path / "l.csv", mapping=mapping, context=Context(KNOWN))


STACKED = [
    ["Nom", "Ville", "Places"], ["A", "Valence", "12"], ["B", "Valence", "13"], [],
    ["Relais petite enfance"], ["Nom", "Horaires", "Commune"], ["R", "lundi 9h-12h", "Valence"],
    ["S", "mardi 9h-12h", "Valence"],
]  # fmt: skip


def test_a_second_table_below_is_told_and_can_be_read(tmp_path):
    made = imported(tmp_path, STACKED)
    assert made.table["nom"].tolist() == ["A", "B"]
    told = next(each for each in made.findings if each.key == "import_other_table")
    assert (told.severity, told.facts) == ("warning", {"count": 3, "rows": ["6"]})
    assert made.ledger.set_aside["other_table"] == 3
    said = labels.text("findings.import_other_table", **told.facts)
    assert all(each in said for each in ("--sheet", "header_row"))
    made = imported(tmp_path, STACKED, table={"header_row": 6})
    assert made.table["nom"].tolist() == ["R", "S"]
    told = next(each for each in made.findings if each.key == "import_other_table")
    assert told.facts == {"count": 4, "rows": ["1"]}  # up to the titles read, the note with it


def test_titles_repeated_in_other_words_go_on_being_read(tmp_path):
    rows = [*STACKED[:3], ["Nom", "Commune", "Nb places"], ["C", "Valence", "14"]]
    made = imported(tmp_path, rows)
    assert made.table["nom"].tolist() == ["A", "B", "C"]
    assert made.ledger.set_aside["header_again"] == 1
    assert not [each for each in made.findings if each.key == "import_other_table"]


def test_two_tables_side_by_side_are_told(tmp_path):
    head = ["Nom", "Ville", "Places"]
    rows = [[*head, "", *head], ["A", "Valence", "12", "", "R", "Valence", "3"],
            ["B", "Valence", "13", "", "S", "Valence", ""]]  # fmt: skip
    made = imported(tmp_path, rows)
    assert made.table["nom"].tolist() == ["A", "B"]
    told = next(each for each in made.findings if each.key == "import_titles_twice")
    assert told.severity == "warning"
    assert told.facts == {"count": 5, "columns": ["Nom (2)", "Ville (2)", "Places (2)"]}
    columns = {"nom": "Nom (2)", "commune": "Ville (2)", "capacity": "Places (2)"}
    made = imported(tmp_path, rows, columns=columns)
    assert made.table["nom"].tolist() == ["R", "S"]
