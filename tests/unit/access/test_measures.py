"""Access on two communes and two places, worked out by hand."""

import numpy as np
import pandas as pd
import pytest

from ctg_geo import TravelTimes
from ctg_geo.access import (
    cumulative_supply,
    e2sfca,
    k_nearest,
    nearest,
    population_within,
    reach_by_mode,
    two_step,
)
from ctg_geo.access.decay import steps
from ctg_geo.errors import DataError, TravelError, UnknownCodeError

PAIRS = pd.DataFrame(
    [("a", "x", 5.0), ("b", "x", 15.0), ("b", "y", 5.0), ("c", "z", 30.0)],
    columns=["origin", "destination", "minutes"],
)
TIMES = TravelTimes.from_frame(PAIRS, limit_min=30, origins=["a", "b", "c"])
PEOPLE = pd.Series({"a": 40.0, "b": 20.0, "c": 10.0})
PLACES = pd.Series({"x": 30.0, "y": 8.0, "z": 5.0})


def test_2sfca_shares_each_place_among_those_who_reach_it():
    result = two_step(TIMES, PEOPLE, PLACES, reach_min=15)
    # x: 30 / (40 + 20) = 0.5; y: 8 / 20 = 0.4; z is 30 min away from c, the only one
    assert result.ratio[["x", "y"]].tolist() == [0.5, 0.4]
    assert np.isnan(result.ratio["z"])
    assert result.access.tolist() == [0.5, 0.9, 0.0]


def test_e2sfca_weighs_the_far_less_both_when_sharing_and_when_adding():
    result = e2sfca(TIMES, PEOPLE, PLACES, decay=steps([10, 30], [1, 0.5]))
    # x: 30 / (40 + 0.5 × 20) = 0.6; y: 8 / 20 = 0.4; z: 5 / (0.5 × 10) = 1
    assert result.ratio.tolist() == [0.6, 0.4, 1.0]
    assert result.access.tolist() == pytest.approx([0.6, 0.5 * 0.6 + 0.4, 0.5])


def test_a_place_that_only_empty_communes_reach_has_no_ratio():
    result = two_step(TIMES, pd.Series({"a": 40, "b": 0, "c": 10}), PLACES, reach_min=15)
    assert np.isnan(result.ratio["y"])
    assert result.access["b"] == 30 / 40  # an empty commune still has access


def test_results_keep_the_index_and_say_their_name():
    result = two_step(TIMES, PEOPLE, PLACES, reach_min=15)
    assert (result.access.name, result.ratio.name) == ("access", "ratio")
    assert result.access.index.equals(TIMES.origins)
    assert result.ratio.index.equals(TIMES.destinations)


def test_the_tables_given_are_left_as_they_were():
    people, places = PEOPLE.copy(), PLACES.copy()
    two_step(TIMES, people, places, reach_min=15)
    assert people.equals(PEOPLE)
    assert places.equals(PLACES)


def test_more_codes_than_needed_are_ignored_and_fewer_refused():
    more = pd.concat([PEOPLE, pd.Series({"elsewhere": 1e6})])
    assert two_step(TIMES, more, PLACES, reach_min=15).access.tolist() == [0.5, 0.9, 0.0]
    with pytest.raises(UnknownCodeError, match="supply") as caught:
        two_step(TIMES, PEOPLE, PLACES.drop("y"), reach_min=15)
    assert caught.value.codes == ("y",)


@pytest.mark.parametrize("value", [np.nan, np.inf, -1.0])
def test_a_value_that_is_no_amount_is_named_by_its_table(value):
    with pytest.raises(DataError, match="supply"):
        two_step(TIMES, PEOPLE, PLACES.replace(8.0, value), reach_min=15)


def test_the_nearest_is_told_with_its_name_and_none_is_not_a_number():
    found = nearest(TIMES.within(15))
    assert found["minutes"].tolist()[:2] == [5.0, 5.0]
    assert found["destination"].tolist()[:2] == ["x", "y"]
    assert found.loc["c"].isna().all()


def test_on_a_tie_the_nearest_is_the_first_of_the_destinations():
    tie = pd.DataFrame({"origin": "a", "destination": ["v", "u"], "minutes": 4.0})
    times = TravelTimes.from_frame(tie, limit_min=30, destinations=["u", "v"])
    assert nearest(times).loc["a", "destination"] == "u"


def test_supply_within_reach_is_not_shared_and_its_bound_is_included():
    assert cumulative_supply(TIMES, PLACES, within_min=15).tolist() == [30, 38, 0]
    assert cumulative_supply(TIMES, PLACES, within_min=30).tolist() == [30, 38, 5]
    with pytest.raises(TravelError):
        cumulative_supply(TIMES, PLACES, within_min=31)


def test_a_share_of_people_counts_the_bound_and_not_the_unreached():
    minutes = pd.Series({"a": 15.0, "b": 15.1, "c": np.nan})
    assert population_within(minutes, PEOPLE, within_min=15) == 40 / 70
    assert np.isnan(population_within(minutes, PEOPLE * 0, within_min=15))


@pytest.mark.parametrize("k", [0, -1, 1.5])
def test_how_many_are_nearest_is_a_whole_number_of_one_or_more(k):
    with pytest.raises(TravelError) as caught:
        k_nearest(TIMES, k=k)
    assert caught.value.reason == "bad_k"
    assert len(k_nearest(TIMES, k=1)) == 3


def test_without_a_mode_of_travel_nothing_is_reached_nor_told():
    with pytest.raises(TravelError) as caught:
        reach_by_mode({})
    assert caught.value.reason == "modes_none"
