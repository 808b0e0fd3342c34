"""Communes found by name as people write it."""

import geopandas as gpd
import pytest
from shapely.geometry import box

from ctg_geo.importing import Gazetteer

NAMES = {
    "26362": "Valence", "26281": "Romans-sur-Isère", "26058": "Bourg-lès-Valence",
    "26313": "Saint-Marcel-lès-Valence", "26068": "Le Chalon", "07324": "Saint-Sauveur",
    "26330": "Saint-Sauveur", "38100": "L'Œuvre-d'Eau", "26165": "Montélimar",
    "26166": "Montelimar",
}  # fmt: skip


@pytest.fixture(scope="module")
def gazetteer():
    shapes = [box(i * 1000, 0, i * 1000 + 1000, 1000) for i in range(len(NAMES))]
    table = gpd.GeoDataFrame({"nom": list(NAMES.values())}, index=list(NAMES), geometry=shapes)
    return Gazetteer(table.set_crs("EPSG:2154"))


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("VALENCE", "26362"), ("Valence Cedex 9", "26362"), ("romans sur isere", "26281"),
        ("Bourg les Valence", "26058"), ("St-Marcel-lès-Valence", "26313"),
        ("ST MARCEL LES VALENCE", "26313"), ("Chalon (Le)", "26068"), ("chalon", "26068"),
        ("L’oeuvre d’eau", "38100"),
    ],
)  # fmt: skip
def test_accents_case_articles_and_saints_make_no_difference(gazetteer, name, code):
    assert gazetteer.named(name).code == code


def test_namesakes_are_told_apart_by_the_postcode_or_not_at_all(gazetteer):
    both = gazetteer.named("St Sauveur")
    assert both.code == ""
    assert both.reason == "commune_ambiguous"
    assert both.candidates == ("Saint-Sauveur (07324)", "Saint-Sauveur (26330)")
    assert gazetteer.named("St Sauveur", "07190").code == "07324"
    assert gazetteer.named("St Sauveur", "99999").code == ""
    assert gazetteer.named("Montélimar", "26200").code == ""


def test_a_name_that_is_near_is_proposed_and_never_taken(gazetteer):
    found = gazetteer.named("Romans-sur-Isèr")
    assert (found.code, found.reason) == ("", "commune_near")
    assert found.candidates == ("Romans-sur-Isère (26281)",)
    assert gazetteer.named("Marseille").reason == "commune_unknown"
