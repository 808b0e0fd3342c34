"""Headings found whatever their case, by every reader alike."""

import pytest

from ctg_geo.errors import MissingColumnError
from ctg_geo.sources.official.headings import by_heading, chosen, first_of, latest


def test_the_first_name_known_wins_and_then_the_first_heading():
    headings = ["Nom", " CodGeo ", "codgeo", "INSEE"]
    assert first_of("a.csv", headings, ("depcom", "codgeo", "insee")) == " CodGeo "
    assert by_heading(headings)["codgeo"] == " CodGeo "


def test_what_was_sought_and_what_is_there_are_told():
    with pytest.raises(MissingColumnError, match=r"depcom / codgeo.*Nom"):
        first_of("a.csv", ["Nom", ""], ("depcom", "codgeo"))


def test_the_latest_year_wins_and_of_a_year_the_complementary_questionnaire():
    headings = ["P10_FAM", "C21_FAM", "p21_fam", "C15_FAM", "C99_MEN"]
    assert latest(headings, r"[PC](\d\d)_FAM") == "C21_FAM"
    assert latest(["MED19", "med21"], r"MED(\d\d)") == "med21"
    assert latest(headings, r"MED(\d\d)") is None


def test_headings_of_a_file_not_read_yet_are_chosen_and_the_missing_told_together():
    found = chosen("a.csv", ["iris", "Com"], {"iris": ("IRIS",), "code": ("COM", "DEPCOM")})
    assert found == {"iris": "iris", "code": "Com"}
    with pytest.raises(MissingColumnError, match=r"IRIS, COM / DEPCOM"):
        chosen("a.csv", ["x"], {"iris": ("IRIS",), "code": ("COM", "DEPCOM")})
