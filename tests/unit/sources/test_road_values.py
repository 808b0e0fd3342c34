"""Attributes of graphs, which hold anything: one value, several, a text of several, or none."""

import math

import numpy as np
import pytest

from ctg_geo.sources.road_values import items, number, word


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, []), (math.nan, []), ("", []), ("primary", ["primary"]), (50, [50]),
        (["a", "b"], ["a", "b"]), (("a",), ["a"]), ("['a', 'b']", ["a", "b"]),
        ("[a, b]", ["[a, b]"]), ("[1, 2", ["[1, 2"]), ("[(]", ["[(]"]), ([], []),
    ],
)  # fmt: skip
def test_an_attribute_is_read_as_its_items(value, expected):
    assert items(value) == expected


def test_a_word_is_the_first_item():
    assert [word(each) for each in (["a", "b"], "['a', 'b']", None, 7)] == ["a", "a", "", "7"]


@pytest.mark.parametrize(
    ("value", "expected"), [(50, 50), ("50", 50), (2.5, 2.5), (np.int64(3), 3), ("-1e3", -1000)]
)
def test_a_number_is_read(value, expected):
    assert number(value) == expected


@pytest.mark.parametrize("value", [True, False, "50 mph", "", None, [50], {"a": 1}])
def test_what_is_no_number_is_none(value):
    assert math.isnan(number(value))
