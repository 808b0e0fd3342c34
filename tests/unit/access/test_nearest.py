"""The nearest places of each home, in order, and how many people have one within reach."""

import numpy as np
import pandas as pd
import pytest

from ctg_geo import TravelTimes
from ctg_geo.access import k_nearest, nearest, population_within

PAIRS = pd.DataFrame(
    [("a", "x", 9.0), ("a", "y", 4.0), ("a", "z", 4.0), ("c", "z", 0.0), ("d", "x", 29.0)],
    columns=["origin", "destination", "minutes"],
)
TIMES = TravelTimes.from_frame(
    PAIRS, limit_min=30, origins=["a", "b", "c", "d"], destinations=["x", "z", "y"]
)


def told(table):
    """Return minutes and destinations, NaN as None."""
    return [
        tuple(None if pd.isna(each) else each for each in row)
        for row in table[["minutes", "destination"]].itertuples(index=False, name=None)
    ]


def test_the_nearest_of_each_home_and_none():
    found = nearest(TIMES)
    assert told(found) == [(4, "z"), (None, None), (0, "z"), (29, "x")]  # z comes before y
    assert found.index.equals(TIMES.origins)


def test_the_second_and_third_nearest_follow():
    found = k_nearest(TIMES, k=3)
    assert told(found.xs("a")) == [(4, "z"), (4, "y"), (9, "x")]
    assert told(found.xs("b")) == [(None, None)] * 3
    assert told(found.xs("d")) == [(29, "x"), (None, None), (None, None)]
    assert found.index.get_level_values("rank").tolist() == [1, 2, 3] * 4
    assert told(k_nearest(TIMES, k=4.0).xs("a"))[3] == (None, None)


@pytest.mark.parametrize("places", [[], ["x"]])
def test_without_pairs_nothing_is_near(places):
    none = TravelTimes.from_frame(
        PAIRS.iloc[:0], limit_min=30, origins=["a", "b"], destinations=places
    )
    assert told(nearest(none)) == [(None, None)] * 2
    assert told(k_nearest(none, k=2)) == [(None, None)] * 4


def test_the_times_given_are_left_as_they_were():
    before = TIMES.time_ms.copy()
    k_nearest(TIMES, k=3)
    assert np.array_equal(before, TIMES.time_ms)


def test_a_share_of_people_is_of_all_who_are_there():
    minutes = pd.Series({"a": 30.0, "b": np.nan, "c": 31.0})
    people = pd.Series({"c": 0.25, "b": 0.25, "a": 0.5})
    assert population_within(minutes, people, within_min=30) == 0.5
    assert population_within(minutes, people, within_min=31) == 0.75
    assert np.isnan(population_within(minutes, people * 0, within_min=31))
