"""A table of pairs from any program becomes travel times, or is refused in words."""

import numpy as np
import pandas as pd
import pytest

from ctg_geo import TravelTimes
from ctg_geo.errors import TravelError


def pairs(*rows):
    return pd.DataFrame(rows, columns=["origin", "destination", "minutes"])


ONE = pairs(("26001", "c1", 5.0))


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        (ONE.drop(columns="minutes"), "pairs_column"),
        (ONE.rename(columns={"origin": "from"}), "pairs_column"),
        (pairs(("26001", "c1", np.nan)), "pairs_minutes"),
        (pairs(("26001", "c1", -1.0)), "pairs_minutes"),
        (pairs(("26001", "c1", "4,5")), "pairs_minutes"),
        (pairs(("26001", "c1", 5.0), ("26001", "c1", 6.0)), "pairs_twice"),
    ],
)
def test_a_table_that_is_no_table_of_times_is_refused(table, reason):
    with pytest.raises(TravelError) as caught:
        TravelTimes.from_frame(table, limit_min=30)
    assert caught.value.reason == reason
    assert str(caught.value)
    assert caught.value.explain("fr")


def test_a_refused_time_is_named_by_row_and_value():
    table = pairs(("26001", "c1", "5"), ("26002", "c1", "4,5"))
    with pytest.raises(TravelError, match=r"pair 1: '4,5'"):
        TravelTimes.from_frame(table, limit_min=30)


def test_minutes_written_as_text_are_read():
    times = TravelTimes.from_frame(pairs(("26001", "c1", "4.5")), limit_min=30)
    assert times.minutes.tolist() == [4.5]


@pytest.mark.parametrize("limit_min", [0, -1, np.nan])
def test_a_limit_that_is_not_positive_is_refused(limit_min):
    with pytest.raises(TravelError) as caught:
        TravelTimes.from_frame(ONE, limit_min=limit_min)
    assert caught.value.reason == "bad_limit"


@pytest.mark.parametrize("lists", [{"origins": ["26002"]}, {"destinations": ["c2"]}])
def test_a_pair_outside_the_lists_given_is_refused(lists):
    with pytest.raises(TravelError, match="26001 - c1") as caught:
        TravelTimes.from_frame(ONE, limit_min=30, **lists)
    assert caught.value.reason == "stranger"


@pytest.mark.parametrize("name", ["origins", "destinations"])
def test_a_list_that_names_one_code_twice_is_refused(name):
    lists = {"origins": ["26001"], "destinations": ["c1"]}
    lists[name] = lists[name] * 2
    with pytest.raises(TravelError) as caught:
        TravelTimes.from_frame(ONE, limit_min=30, **lists)
    assert (caught.value.reason, caught.value.facts["name"]) == ("index_twice", name[:-1])


def test_infinite_minutes_and_those_beyond_the_limit_are_absent():
    table = pairs(("a", "x", np.inf), ("a", "y", 30.0), ("a", "z", 30.001), ("b", "x", 0.0))
    times = TravelTimes.from_frame(table, limit_min=30)
    assert times.to_frame().to_numpy().tolist() == [["a", "y", 30.0], ["b", "x", 0.0]]
    assert times.destinations.tolist() == ["x", "y", "z"]


def test_lists_come_in_order_of_appearance_unless_given():
    table = pairs(("b", "y", 1.0), ("a", "x", 2.0))
    times = TravelTimes.from_frame(table, limit_min=None)
    assert (times.origins.tolist(), times.destinations.tolist()) == (["b", "a"], ["y", "x"])
    ordered = TravelTimes.from_frame(table, limit_min=None, origins=["a", "b", "c"])
    assert ordered.origins.tolist() == ["a", "b", "c"]
    assert np.diff(ordered.start).tolist() == [1, 1, 0]


def test_an_empty_table_has_no_pair():
    times = TravelTimes.from_frame(ONE[:0], limit_min=30, origins=["a"], destinations=["x"])
    assert times.to_matrix().to_numpy().tolist() == [[np.inf]]


def test_minutes_are_kept_to_the_millisecond():
    times = TravelTimes.from_frame(pairs(("a", "x", 1.00001)), limit_min=30)
    assert times.time_ms.tolist() == [60_001]


def test_its_name_says_its_size_and_limit():
    assert repr(TravelTimes.from_frame(ONE, limit_min=30)) == (
        "<TravelTimes 1 origins × 1 destinations, 1 pairs, limit 30 min>"
    )
    assert "no limit" in repr(TravelTimes.from_frame(ONE, limit_min=None))
