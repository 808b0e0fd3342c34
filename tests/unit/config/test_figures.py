"""Figures of the census bear a name that planners read."""

from ctg_geo import labels
from ctg_geo.config.study_file import PopulationSource

FACTS = {"path": "a.csv", "provider": "a", "licence": "a", "vintage": "2024"}


def named(**values):
    return {name: each.label for name, each in PopulationSource(**FACTS, **values).values.items()}


def test_the_figures_of_the_convention_are_named_in_french():
    assert named(format="base_ic") == {
        "population": "Habitants", "children_0_2": "Habitants de 0 à 2 ans",
        "children_3_5": "Habitants de 3 à 5 ans", "children_6_11": "Habitants de 6 à 11 ans",
        "young_12_17": "Habitants de 12 à 17 ans", "young_12_25": "Habitants de 12 à 25 ans",
    }  # fmt: skip


def test_a_band_without_a_label_has_one_and_a_given_label_stays():
    values = {"old": {"column": "75+"}, "small": {"column": "0-2", "label": "Petits"},
              "men": {"column": "P20_POPH"}}  # fmt: skip
    assert named(format="commune_ages", values=values) == {
        "old": "Habitants de 75 ans ou plus", "small": "Petits", "men": "",
    }  # fmt: skip


def test_one_more_is_singular():
    said = [labels.text("cli.also", count=n) for n in (1, 2)]
    assert said == ["… et 1 autre constat du même type.", "… et 2 autres constats du même type."]
