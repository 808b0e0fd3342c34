"""Headings found whatever their case, by every reader alike."""

import pytest

from ctg_geo.errors import MissingColumnError
from ctg_geo.sources.official.headings import by_heading, first_of


def test_the_first_name_known_wins_and_then_the_first_heading():
    headings = ["Nom", " CodGeo ", "codgeo", "INSEE"]
    assert first_of("a.csv", headings, ("depcom", "codgeo", "insee")) == " CodGeo "
    assert by_heading(headings)["codgeo"] == " CodGeo "


def test_what_was_sought_and_what_is_there_are_told():
    with pytest.raises(MissingColumnError, match=r"depcom / codgeo.*Nom"):
        first_of("a.csv", ["Nom", ""], ("depcom", "codgeo"))
