"""Figures of a commune from those of its places, each person counting once."""

import numpy as np
import pandas as pd

from ctg_geo.access import weighted_mean, weighted_mode, weighted_quantile

OWNER = pd.Series(["b", "a", "a", "a", "c"])


def test_the_mode_is_the_value_of_most_people_not_of_most_places():
    nearest = pd.Series(["z", "x", "x", "y", None], dtype=object)
    assert weighted_mode(nearest, pd.Series([1.0, 2, 2, 5, 9]), OWNER).to_dict() == {
        "a": "y", "b": "z", "c": np.nan,
    }  # fmt: skip


def test_of_values_that_as_many_people_have_the_first_is_told():
    nearest = pd.Series(["z", "y", "x", "y", "z"], dtype=object)
    found = weighted_mode(nearest, pd.Series([1.0, 2, 5, 3, 1]), OWNER)  # a: 5 of x, 5 of y
    assert (found["a"], found.index.tolist(), found.name) == ("x", ["a", "b", "c"], None)


def test_a_share_that_is_just_reached_needs_no_further_value():
    minutes = pd.Series([7.0, 20, 4, 4, np.nan])
    people = pd.Series([3.0, 5, 2, 3, 1])  # of a: 5 people at 4 minutes, 5 at 20
    assert weighted_quantile(minutes, people, OWNER, share=0.5).tolist()[:2] == [4, 7]
    assert weighted_quantile(minutes, people, OWNER, share=0.51).tolist()[:2] == [20, 7]
    assert np.isnan(weighted_quantile(minutes, people, OWNER, share=0.5)["c"])


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
