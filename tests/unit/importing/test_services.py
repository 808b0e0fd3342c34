"""The service of a row is what it says; the service of the file is for rows that say none."""

import math

import openpyxl

from ctg_geo.importing import Context, ImportMapping, ValueRules, import_places
from sheets import KNOWN, as_csv

DECLARED = {"creche": "Crèches (accueil collectif)", "mam": "Maisons d'assistants maternels"}
WORDS = {"Crèche": "creche", "multi_accueil": "creche", "MAM": "mam"}


def brought(tmp_path, *rows, titles=("Nom", "Type", "Commune", "Places"), study=True):
    path = tmp_path / "liste.csv"
    path.write_bytes(as_csv([titles, *rows]))
    context = Context(KNOWN, services=DECLARED, words=WORDS) if study else Context(KNOWN)
    mapping = ImportMapping(rules=ValueRules(service="creche"))
    return import_places(path, context=context, mapping=mapping)


def facts(made, key):
    return next((each.facts for each in made.findings if each.key == key), None)


def test_a_row_keeps_the_service_it_says_and_an_unknown_one_is_to_mend(tmp_path):
    made = brought(
        tmp_path, ["A", "MAM", "Valence", 12], ["B", "RPE itinérant", "Valence", ""],
        ["C", "Multi-accueil", "Valence", 20], ["D", "", "Valence", 9],
    )  # fmt: skip
    assert made.table["service"].tolist() == ["mam", "creche", "creche"]
    assert [(row.row, row.problems[0].reason) for row in made.refused] == [(3, "service_unknown")]
    told = facts(made, "import_service_own")
    assert (told["count"], told["rows"], told["kinds"]) == (1, ["2"], ["mam (1)"])
    assert made.mapping.services == {"MAM": "mam", "Multi-accueil": "creche"}


def test_a_column_without_any_service_is_of_something_else_and_told(tmp_path):
    rows = (["A", "Associatif", "Valence", 12], ["B", "Public", "Valence", 10])
    for study in (True, False):
        made = brought(tmp_path, *rows, study=study)
        assert made.table["service"].tolist() == ["creche", "creche"]
        told = facts(made, "import_service_given")
        assert (told["count"], told["kinds"]) == (2, ["Associatif (1)", "Public (1)"])


def test_a_capacity_that_is_not_sure_is_unknown_and_its_place_is_kept(tmp_path):
    rows = [
        ["A", "Crèche", "Valence", "12 places (dont 2 AVIP)"],
        ["B", "Crèche", "Valence", "agrément 30"],
        ["C", "Crèche", "Valence", "20-25"], ["D", "Crèche", "Valence", "douze"],
        ["Total", "", "", 62], ["* sous réserve de validation PMI", "", "", ""],
    ]  # fmt: skip
    made = brought(tmp_path, *rows)
    assert made.refused == ()
    assert made.table["capacity"].tolist()[:2] == [12, 30]
    assert all(map(math.isnan, made.table["capacity"].tolist()[2:]))
    assert made.table["capacity_mask"].tolist()[2:] == ["20-25", "douze"]
    assert [(each.row, each.what) for each in made.unclear] == [(4, "capacity"), (5, "capacity")]
    assert facts(made, "import_capacity_lost")["rows"] == ["4", "5"]
    assert made.ledger.set_aside == {"refused": 0, "note": 1, "total": 1}


def test_the_workbook_to_mend_has_a_sheet_of_capacities(tmp_path):
    from ctg_geo.export import write_import_folder

    made = brought(tmp_path, ["C", "Crèche", "Valence", "20-25"])
    write_import_folder(tmp_path / "out", made, inputs=[], parameters={}, crs="EPSG:2154")
    sheet = openpyxl.load_workbook(tmp_path / "out" / "a_corriger.xlsx")["Capacités à préciser"]
    (_, where, value, why) = [cell.value for cell in sheet[2]]
    assert (where, value) == (2, "20-25")
    assert "deux nombres" in why
