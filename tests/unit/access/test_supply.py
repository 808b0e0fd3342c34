"""What a place really offers: its hours, its ages, whom it admits; and what is refused."""

import numpy as np
import pandas as pd
import pytest

from ctg_geo import TravelTimes
from ctg_geo.access import admitting, effective_supply, share_of_ages, share_of_time
from ctg_geo.errors import DataError, UnknownCodeError

HOURS = pd.Series({"x": 7.0, "y": 0.0, "z": 40.0})


def test_a_place_counts_for_the_time_it_is_there_and_never_more_than_whole():
    found = share_of_time(HOURS, reference_hours=35)
    assert found.to_dict() == {"x": 0.2, "y": 0, "z": 1}
    assert found.name == "share_of_time"


def test_weeks_count_beside_hours_and_in_any_order():
    weeks = pd.Series({"z": 26.0, "y": 52.0, "x": 60.0})
    found = share_of_time(HOURS, reference_hours=35, weeks_per_year=weeks)
    assert found.to_dict() == {"x": 0.2, "y": 0, "z": 0.5}
    of_40 = share_of_time(HOURS, reference_hours=35, weeks_per_year=weeks, reference_weeks=40)
    assert of_40.to_dict() == {"x": 0.2, "y": 0, "z": 0.65}


@pytest.mark.parametrize("wrong", [np.nan, -1.0])
def test_hours_and_weeks_are_not_guessed(wrong):
    bad = HOURS.replace(7.0, wrong)
    with pytest.raises(DataError, match="hours_per_week"):
        share_of_time(bad, reference_hours=35)
    with pytest.raises(DataError, match="weeks_per_year"):
        share_of_time(HOURS, reference_hours=35, weeks_per_year=bad)


def test_a_place_counts_for_the_ages_it_has_in_common():
    first, last = pd.Series({"x": 3, "y": 0, "z": 5}), pd.Series({"z": 5, "x": 12, "y": 2})
    found = share_of_ages(first, last, band=(3, 5))
    assert found.to_dict() == {"x": 0.3, "y": 0, "z": 1}  # x: 3 to 5 of its ten ages
    assert found.name == "share_of_ages"


def test_an_oldest_age_under_the_youngest_is_named():
    first, last = pd.Series({"x": 3, "y": 12, "z": 4}), pd.Series({"x": 3, "y": 2, "z": 3})
    with pytest.raises(DataError) as caught:
        share_of_ages(first, last, band=(0, 5))
    told = [(each.value, each.facts["index"], each.facts["first"]) for each in caught.value.defects]
    assert told == [("2", "y", "12"), ("3", "z", "4")]


def test_shares_multiply_and_may_be_whole():
    capacity = pd.Series({"x": 10.0, "y": 20.0})
    found = effective_supply(
        capacity, pd.Series({"y": 0.5, "x": 1.0}), pd.Series({"x": 0.5, "y": 0.5})
    )
    assert found.to_dict() == {"x": 5, "y": 5}
    assert found.name == "supply"
    assert effective_supply(capacity).to_dict() == capacity.to_dict()


@pytest.mark.parametrize(("name", "said"), [(None, "share"), ("share_of_time", "share_of_time")])
def test_a_share_over_one_is_named_by_its_table_and_place(name, said):
    share = pd.Series({"x": 0.5, "y": 1.25, "z": 1.5}, name=name)
    with pytest.raises(DataError) as caught:
        effective_supply(HOURS, share)
    told = [(each.column, each.value, each.facts["index"]) for each in caught.value.defects]
    assert told == [(said, "1.25", "y"), (said, "1.5", "z")]


PAIRS = pd.DataFrame(
    [("a", "x", 5.0), ("a", "y", 6.0), ("b", "x", 7.0), ("b", "y", 8.0), ("c", "x", 9.0)],
    columns=["origin", "destination", "minutes"],
)
TIMES = TravelTimes.from_frame(
    PAIRS, limit_min=30, origins=["a", "b", "c"], destinations=["x", "y"]
)
RESIDENCE = pd.Series({"c": None, "b": "26362", "a": "26281"}, dtype=object)


def test_a_place_admits_the_communes_it_names_and_one_that_names_none_everybody():
    found = admitting(TIMES, RESIDENCE, {"x": ["26281", "26999"]})
    pairs = found.to_frame()[["origin", "destination"]].to_numpy().tolist()
    assert pairs == [["a", "x"], ["a", "y"], ["b", "y"]]  # c is of no commune


def test_people_of_no_commune_go_where_everybody_may():
    found = admitting(TIMES, RESIDENCE, {"y": ["26362"]})
    pairs = found.to_frame()[["origin", "destination"]].to_numpy().tolist()
    assert pairs == [["a", "x"], ["b", "x"], ["b", "y"], ["c", "x"]]


def test_a_home_without_residence_and_a_place_that_is_none_are_named():
    with pytest.raises(UnknownCodeError, match="residence") as caught:
        admitting(TIMES, RESIDENCE.drop("b"), {})
    assert caught.value.codes == ("b",)
    with pytest.raises(UnknownCodeError, match="admitted") as caught:
        admitting(TIMES, RESIDENCE, {"v": [], "x": [], "w": []})
    assert caught.value.codes == ("v", "w")
