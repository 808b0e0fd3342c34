"""A score is a declared recipe: refused where it is not, told with its parts where it is."""

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

from ctg_geo.errors import UnknownCodeError
from ctg_geo.gap import beyond, composite, double_deprivation
from ctg_geo.parameters import Recipe

TABLE = pd.DataFrame(
    {"minutes": [5.0, 20.0, 40.0, np.nan], "access": [0.3, 0.1, 0.0, 0.2]}, index=list("abcd")
)
PARTS = {
    "minutes": {"weight": 0.6, "good": 10, "bad": 30},
    "access": {"weight": 0.4, "good": 0.2, "bad": 0.0},
}


def recipe(parts, normalisation="bounds"):
    return Recipe(parts=parts, normalisation=normalisation, source="comité du 1er juin")


def test_the_points_of_the_parts_sum_to_the_score():
    found = composite(TABLE, recipe(PARTS))
    assert found["score"].tolist()[:3] == pytest.approx([0, 30 + 20, 100])
    assert found["minutes_points"].tolist()[:3] == pytest.approx([0, 30, 60])
    assert found["access_points"].tolist() == pytest.approx([0, 20, 40, 0])
    assert found[["minutes", "access"]].equals(TABLE)


def test_an_unknown_quantity_makes_no_score():
    found = composite(TABLE, recipe(PARTS))
    assert np.isnan(found.at["d", "score"])
    assert found["undefined"].tolist() == ["", "", "", "missing_part"]


def test_other_normalisations_compare_the_rows():
    worst = {"minutes": {"weight": 1, "worse": "high"}}
    best = {"access": {"weight": 1, "worse": "low"}}
    assert composite(TABLE, recipe(worst, "min_max"))["score"].tolist()[:3] == pytest.approx(
        [0, 100 * 15 / 35, 100]
    )
    assert composite(TABLE, recipe(worst, "rank"))["score"].tolist()[:3] == [0, 50, 100]
    assert composite(TABLE, recipe(best, "rank"))["score"].tolist() == pytest.approx(
        [0, 200 / 3, 100, 100 / 3]
    )
    alike = composite(TABLE.assign(minutes=7.0), recipe(worst, "min_max"))
    assert set(alike["undefined"]) == {"all_alike"}


@pytest.mark.parametrize(
    ("parts", "normalisation", "said"),
    [
        ({"minutes": {"weight": 0.9, "good": 0, "bad": 1}}, "bounds", "sum to 1 .here 0.9"),
        ({"minutes": {"weight": 1, "good": 1, "bad": 1}}, "bounds", "minutes"),
        ({"minutes": {"weight": 1, "worse": "high"}}, "bounds", "good and bad"),
        ({"minutes": {"weight": 1, "good": 0, "bad": 1}}, "rank", "worse"),
        ({"minutes": {"weight": 1}}, "min_max", "worse"),
        ({}, "rank", "at least 1"),
    ],
)
def test_a_recipe_that_does_not_hold_is_refused(parts, normalisation, said):
    with pytest.raises(ValidationError, match=said):
        recipe(parts, normalisation)
    with pytest.raises(ValidationError, match="source"):
        Recipe(parts=PARTS, normalisation="bounds", source="")


def test_a_table_without_a_quantity_is_refused():
    with pytest.raises(UnknownCodeError, match=r"recipe.*access"):
        composite(TABLE[["minutes"]], recipe(PARTS))


def test_double_deprivation_crosses_two_answers_and_guesses_none():
    far = ~(TABLE["minutes"] <= 20)  # no route is far
    fragile = beyond(pd.Series([0.5, 0.9, 0.9, np.nan], list("abcd")), bound=0.8, side="above")
    found = double_deprivation(far, fragile[::-1])
    assert found.to_dict() == {"a": "neither", "b": "fragile", "c": "far_fragile", "d": "unknown"}
    assert double_deprivation(far, fragile.fillna(value=False))["d"] == "far"
    low = beyond(pd.Series([1000.0, 1071.0]), bound=1071, side="below")
    assert low.tolist() == [True, False]
