"""Names on the pages of the pilot: none overlaps another, none hides a place, all stand apart."""

import json
from pathlib import Path

import pytest

from ctg_geo.cli import main

pytestmark = pytest.mark.qgis

DEFAULT = Path(__file__).parents[2] / "config" / "valence_romans.toml"
MOST = 40  # of 54 communes, those that have room on an A4 page
TOWNS = {"Valence", "Romans-sur-Isère", "Bourg-lès-Valence", "Bourg-de-Péage",
         "Portes-lès-Valence"}  # the largest, all beside Valence or Romans  # fmt: skip


@pytest.fixture(scope="module")
def maps(tmp_path_factory, judge):
    """Return what is written on the large map of each page, by name of the page."""
    out = tmp_path_factory.mktemp("names")
    asked = ["compare", str(DEFAULT), "creche_nord_20", "-s", "creche", "-o", str(out), "-q"]
    assert main(asked) == 0
    told = judge(out / "projet.qgz")
    return {
        each["name"]: max(each["sheets"][0]["written"].values(), key=lambda one: len(one["names"]))
        for each in told["layouts"]
    }


def test_no_name_overlaps_another_or_hides_a_place(maps):
    assert len(maps) >= 3
    for page, found in maps.items():
        assert found["overlap"] == [], page
        assert found["hiding"] == [], page


def test_most_communes_are_named_and_none_cut(maps):
    for page, found in maps.items():
        assert len(found["names"]) >= MOST, (page, json.dumps(found["names"]))


def test_the_towns_are_named_before_villages(maps):
    for page, found in maps.items():
        names = {each.replace("\u00a0", "").replace("\n", "") for each in found["names"]}
        assert names >= TOWNS, page


def test_names_stand_apart(maps):
    for found in maps.values():
        names = [each for each in found["names"] if not each.startswith("Crèche")]
        assert all(line[0] == line[-1] == "\u00a0" for each in names for line in each.split("\n"))
