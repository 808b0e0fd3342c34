"""What a rule hides by itself, on counts one can check by hand."""

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

from ctg_geo.parameters import RULES, SecrecyRule
from ctg_geo.secrecy import count_cell, dominated, table_of_counts, too_few, value_cell


@pytest.mark.parametrize(("rule", "first_shown"), [("caf", 5), ("fiscal", 11), ("enterprises", 3)])
def test_the_usual_thresholds_hide_what_is_under_them_and_show_zero(rule, first_shown):
    counts = pd.Series([0, 1, first_shown - 1, first_shown, np.nan])
    assert too_few(counts, RULES[rule]).tolist() == [False, True, True, False, False]


def test_a_rule_may_hide_zero_too():
    rule = SecrecyRule(label="x", threshold=5, zero_secret=True, source="test")
    assert too_few(pd.Series([0, 5]), rule).tolist() == [True, False]
    cell = count_cell("a", 0.0, rule)
    assert (cell.secret, cell.low, cell.high) == (True, 0.0, 4.0)


def test_a_value_of_one_giant_is_secret_at_more_than_85_percent():
    contributions = pd.DataFrame({
        "cell": ["giant"] * 4 + ["even"] * 4 + ["bound"] * 4 + ["two"] * 2,
        "value": [86.0, 5, 5, 4, 25, 25, 25, 25, 85, 5, 5, 5, 50, 50],
    })  # fmt: skip
    found = dominated(contributions, RULES["enterprises"])
    assert found.to_dict() == {"bound": False, "even": False, "giant": True, "two": True}


def test_dominance_by_the_two_largest():
    rule = SecrecyRule(label="x", threshold=3, dominant_units=2, dominant_share=0.85, source="t")
    contributions = pd.DataFrame({"cell": ["a"] * 3 + ["b"] * 3, "value": [50, 40, 10, 40, 40, 20]})
    assert dominated(contributions, rule).to_dict() == {"a": True, "b": False}
    with pytest.raises(ValidationError, match="together"):
        SecrecyRule(label="x", threshold=3, dominant_units=2, source="t")


def test_an_outsider_knows_1_to_4_of_a_hidden_caf_count_and_at_least_5_of_the_others():
    caf = RULES["caf"]
    secret, other, none = (count_cell("a", value, caf) for value in (3.0, 7.0, 0.0))
    assert (secret.low, secret.high, secret.secret) == (1, 4, True)
    assert (other.low, other.high, other.secret) == (5, float("inf"), False)
    assert (none.low, none.high, none.secret) == (0, 0, False)


def test_the_threshold_is_about_the_count_before_its_factor():
    cell = count_cell("a", 9.0, RULES["caf"], factor=3.0)  # 3 births, times 3
    assert (cell.low, cell.high, cell.secret) == (3, 12, True)
    assert not count_cell("a", 15.0, RULES["caf"], factor=3.0).secret


def test_a_count_rounded_to_5_tells_an_interval():
    cell = count_cell("a", 25.0, RULES["caf_open"])
    assert cell.told == (22.5, 27.5)
    assert np.isnan(cell.value)


def test_a_dominated_value_stays_open_by_15_percent():
    cell = value_cell("a", 200.0, RULES["enterprises"], secret=True)
    assert cell.width == pytest.approx(30.0)


def test_totals_of_a_masked_part_are_unknown_unless_their_source_gives_them():
    counts = pd.Series({"a": np.nan, "b": 9.0, "c": 6.0})
    groups = pd.DataFrame({"g": ["x", "x", "y"]}, index=counts.index)
    cells, sums = table_of_counts(counts, groups, RULES["caf"], whole="all", given={"all": 17.0})
    by_name = {each.name: each.value for each in cells}
    assert np.isnan(by_name["g=x"])
    assert (by_name["g=y"], by_name["all"]) == (6.0, 17.0)
    assert {each.total: sorted(each.parts) for each in sums} == {
        "g=x": ["a", "b"], "g=y": ["c"], "all": ["a", "b", "c"],
    }  # fmt: skip


def test_a_count_that_the_source_hid_is_one_that_its_rule_hides():
    cell = count_cell("a", np.nan, RULES["caf"], factor=3.0, masked=True)
    assert (cell.low, cell.high, cell.secret) == (3, 12, True)
    assert cell.share == RULES["caf"].protection
    unruled = count_cell("a", 40.0, None, factor=2.0, masked=True)
    assert np.isnan(unruled.value)
    assert (unruled.secret, unruled.width) == (True, 8)  # 4 families, times 2
    shown = count_cell("a", 40.0, None)
    assert (shown.value, shown.secret, shown.width) == (40, False, 4)


def test_of_a_hidden_total_one_knows_neither_that_it_is_small_nor_that_it_is_not():
    caf = RULES["caf"]
    few, many = (count_cell("all", value, caf, factor=2.0, total=True) for value in (8.0, 10.0))
    assert (few.value, few.secret) == (8, True)
    assert (many.value, many.secret) == (10, False)
    for cell in (few, many):
        assert (cell.low, cell.high, cell.width) == (2, float("inf"), 8)


def test_a_count_that_is_no_whole_number_may_be_anything_under_the_threshold():
    cell = count_cell("a", 4.5, RULES["caf"])
    assert (cell.low, cell.high, cell.secret) == (1, 5, True)


def test_a_small_rounded_count_is_not_told_to_be_negative():
    rule = SecrecyRule(label="x", threshold=3, rounding=10, source="test")
    assert count_cell("a", 4.0, rule).told == (0, 9)
    assert count_cell("a", 40.0, rule, factor=2.0).told == (30, 50)


def test_too_few_contributors_are_a_secret_though_none_is_a_giant():
    contributions = pd.DataFrame({"cell": ["two"] * 2 + ["three"] * 3, "value": [1, 1, 1, 1, 1]})
    rule = SecrecyRule(label="x", threshold=3, source="test")
    assert dominated(contributions, rule).to_dict() == {"three": False, "two": True}
    both = SecrecyRule(label="x", threshold=3, dominant_units=1, dominant_share=0.9, source="t")
    found = dominated(contributions, both)
    assert found.to_dict() == {"three": False, "two": True}
    assert found.name == "secret"


def test_a_value_is_secret_where_one_says_so():
    rule = RULES["enterprises"]
    secret, other = (value_cell("a", 200.0, rule, secret=flag) for flag in (True, False))
    assert (secret.secret, other.secret) == (True, False)
    assert (secret.value, secret.name) == (200, "a")


def test_a_count_is_neither_masked_nor_known_outside_nor_a_total_unless_one_says_so():
    for rule in (RULES["caf"], None):
        cell = count_cell("a", 7.0, rule)
        assert (cell.fixed, cell.value, cell.secret) == (False, 7, False)
        assert count_cell("a", 7.0, rule, fixed=True).fixed
    assert count_cell("a", 7.0, RULES["caf"]).width == float("inf")


def test_a_count_of_0_is_0_and_protects_nothing():
    cell = count_cell("a", 0.0, RULES["caf"], factor=3.0)
    assert (cell.value, cell.low, cell.high, cell.secret, cell.fixed) == (0, 0, 0, False, False)
    assert count_cell("a", 0.0, RULES["caf"], fixed=True).fixed


def test_a_rounded_total_is_known_only_where_it_is_secret():
    rule = SecrecyRule(label="x", threshold=5, rounding=2, source="test")
    few, many = (count_cell("all", value, rule, total=True) for value in (4.0, 8.0))
    assert (few.value, few.told, few.secret) == (4, (3, 5), True)
    assert np.isnan(many.value)
    assert (many.told, many.secret) == ((7, 9), False)


def test_bounds_are_of_the_figure_and_not_of_the_count_before_its_factor():
    caf = RULES["caf"]
    assert count_cell("a", 9.0, caf, factor=2.0).high == 10  # 4,5 counted: under 5
    assert count_cell("a", 30.0, caf, factor=3.0).low == 15


def test_a_total_that_is_published_is_a_total_and_adds_up_once_what_is_in_it():
    counts = pd.Series({"a": 2.0, "b": 2.0, "c": 9.0})
    groups = pd.DataFrame({"g": ["x", "x", "y"]}, index=counts.index)
    cells, sums = table_of_counts(counts, groups, RULES["caf"], whole="all")
    by_name = {each.name: each for each in cells}
    assert list(by_name) == ["a", "b", "c", "g=x", "g=y", "all"]
    assert (by_name["g=x"].secret, by_name["g=x"].high, by_name["g=x"].width) == (
        True, float("inf"), 4,
    )  # fmt: skip
    assert {each.total: dict(each.parts) for each in sums} == {
        "g=x": {"a": 1, "b": 1}, "g=y": {"c": 1}, "all": {"a": 1, "b": 1, "c": 1},
    }  # fmt: skip
    cells, sums = table_of_counts(counts, groups, RULES["caf"], whole=None)
    assert [each.total for each in sums] == ["g=x", "g=y"]
