"""Hours of a week: what is sure is read, what has two meanings is told, place by place."""

import datetime as dt
import io
import math

import openpyxl
import pytest

from ctg_geo.export.imported import write_import_folder
from ctg_geo.importing import Context, ImportMapping, import_places
from ctg_geo.sources.hours import weekly_hours
from sheets import KNOWN, as_csv

RULES = ImportMapping.model_validate({"rules": {"service": "creche"}})


def brought(tmp_path, title, cells, write=as_csv, name="l.csv"):
    rows = [["Nom", "Ville", title], *([f"P{n}", "Valence", cell] for n, cell in enumerate(cells))]
    (tmp_path / name).write_bytes(write(rows))
    return import_places(tmp_path / name, mapping=RULES, context=Context(KNOWN))


@pytest.mark.parametrize(
    ("cell", "hours"),
    [("35", 35), ("35,5", 35.5), ("35 h", 35), ("35h00", 35), ("35h30", 35.5), ("35:30", 35.5),
     ("35:00:00", 35), ("7 h 30 min", 7.5), ("35 heures", 35), ("35h/semaine", 35),
     ("env. 20", 20)],
)  # fmt: skip
def test_a_length_under_a_title_of_weekly_hours_is_sure(tmp_path, cell, hours):
    made = brought(tmp_path, "Heures par semaine", [cell])
    assert made.table["hours_per_week"].tolist() == [hours]
    assert made.unclear == ()


@pytest.mark.parametrize(
    "cell", ["7h par jour", "200", "169h00", "-3", "1900-01-01 11:00:00", "beaucoup"]
)
def test_what_is_no_length_of_a_week_is_told(tmp_path, cell):
    made = brought(tmp_path, "Heures par semaine", [cell, "35h00"])
    assert math.isnan(made.table["hours_per_week"].iloc[0])
    assert made.table["hours_status"].tolist() == ["not_available", "observed"]
    (one,) = made.unclear
    assert (one.row, one.value) == (2, cell)
    assert "168" in one.why or "35h30" in one.why


@pytest.mark.parametrize(
    ("cell", "words"),
    [("9h-12h", "les jours ne sont pas dits"), ("35h00", "de quelle période"),
     ("9h", "une heure du jour"), ("200 h par semaine", "plus de 168")],
)  # fmt: skip
def test_hours_with_two_meanings_say_which(tmp_path, cell, words):
    made = brought(tmp_path, "Horaires", [cell, "35h par semaine", "mardi 9h-12h"])
    assert made.table["hours_per_week"].tolist()[1:] == [35, 3]
    (one,) = made.unclear
    assert (one.place, one.value) == (made.table.index[0], cell)
    assert words in one.why
    (told,) = [each for each in made.findings if each.key == "import_hours_lost"]
    assert told.facts == {"count": 1, "rows": ["2"]}


def durations(rows):
    """Write numbers of days shown as [h]:mm, as Excel stores the hours of a week."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for cell in book.active["C"][1:]:
        cell.number_format = "[h]:mm"
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def test_durations_of_excel_are_hours(tmp_path):
    given = [dt.timedelta(hours=35, minutes=30), dt.timedelta(hours=9)]
    made = brought(tmp_path, "Heures hebdomadaires", given, durations, "l.xlsx")
    assert made.table["hours_per_week"].tolist() == [35.5, 9]


def test_the_workbook_to_mend_has_a_sheet_of_hours(tmp_path):
    made = brought(tmp_path, "Horaires", ["9h-12h", "mardi 9h-12h"])
    write_import_folder(tmp_path / "o", made, inputs=[], parameters={}, crs="EPSG:2154")
    book = openpyxl.load_workbook(tmp_path / "o" / "a_corriger.xlsx")
    rows = list(book["Horaires à préciser"].iter_rows(values_only=True))
    assert rows[1][1:3] == (2, "9h-12h")
    assert rows[1][0].startswith("P0 [")
    assert len(rows) == 2


def test_other_readers_of_hours_take_lengths_of_a_week_too():
    assert weekly_hours("35h30 hebdo").hours_per_week == 35.5
    assert weekly_hours("du lundi au vendredi 9h-12h").hours_per_week == 15
