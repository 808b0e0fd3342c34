"""Figures of a commune from those of its places, each person counting once."""

import numpy as np
import pandas as pd
import pytest

from ctg_geo.access import summed, weighted_mean, weighted_mode, weighted_quantile

OWNER = pd.Series(["b", "a", "a", "a", "c"])


def test_the_mode_is_the_value_of_most_people_not_of_most_places():
    nearest = pd.Series(["z", "x", "x", "y", None], dtype=object)
    assert weighted_mode(nearest, pd.Series([1.0, 2, 2, 5, 9]), OWNER).to_dict() == {
        "a": "y", "b": "z", "c": np.nan,
    }  # fmt: skip


def test_of_values_that_as_many_people_have_the_first_is_told():
    nearest = pd.Series(["z", "y", "x", "y", "z"], dtype=object)
    found = weighted_mode(nearest, pd.Series([1.0, 2, 5, 3, 1]), OWNER)  # a: 5 of x, 5 of y
    assert (found["a"], found.index.tolist()) == ("x", ["a", "b", "c"])
    assert (found.name, found.index.name) == (None, None)


def test_a_share_that_is_just_reached_needs_no_further_value():
    minutes = pd.Series([7.0, 20, 4, 4, np.nan])
    people = pd.Series([3.0, 5, 2, 3, 1])  # of a: 5 people at 4 minutes, 5 at 20
    assert weighted_quantile(minutes, people, OWNER, share=0.5).tolist()[:2] == [4, 7]
    assert weighted_quantile(minutes, people, OWNER, share=0.51).tolist()[:2] == [20, 7]
    found = weighted_quantile(minutes, people, OWNER, share=0.5)
    assert np.isnan(found["c"])
    assert (found.name, found.index.name) == (None, None)


@pytest.mark.parametrize("many", [0.005, 1.0, 1e8])
def test_a_share_that_floats_miss_by_a_hair_is_reached(many):
    minutes = pd.Series([4.0, 20, 4, 20, 1])
    people = many * pd.Series([7.0, 7, 7, 93, 1])  # of a: 100, and 0.07 × 100 is over 7
    owner = pd.Series(["b", "b", "a", "a", "c"])
    assert weighted_quantile(minutes, people, owner, share=0.07)["a"] == 4
    assert weighted_quantile(minutes, people, owner, share=0.070001)["a"] == 20


def test_nobody_at_a_place_counts_for_nothing():
    minutes = pd.Series([7.0, 1, 4, 30, 2])
    people = pd.Series([0.0, 0, 2, 1, 1])
    found = weighted_quantile(minutes, people, OWNER, share=0.01)
    assert found["a"] == 4  # not 1, where nobody is
    assert np.isnan(found["b"])


def test_the_mean_leaves_out_what_is_unknown_with_its_people():
    minutes = pd.Series([7.0, 10, np.nan, 40, np.nan])
    people = pd.Series([2.0, 3, 90, 1, 4])
    found = weighted_mean(minutes, people, OWNER)
    assert found[["a", "b"]].tolist() == [(10 * 3 + 40) / 4, 7]
    assert np.isnan(found["c"])
    nobody = weighted_mean(pd.Series([7.0, 10]), pd.Series([0.0, 2]), pd.Series(["x", "y"]))
    assert np.isnan(nobody["x"])


def test_a_sum_of_nothing_known_is_unknown_and_one_of_zeros_is_zero():
    found = summed(pd.Series([7.0, 0, np.nan, 0, np.nan]), OWNER)
    assert found[["a", "b"]].to_dict() == {"a": 0, "b": 7}
    assert np.isnan(found["c"])
