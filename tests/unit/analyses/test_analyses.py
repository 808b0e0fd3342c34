"""The analyses on Petit Pays and on small tables, worked out by hand."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import petit_pays as pp
from ctg_geo.access import decay, e2sfca
from ctg_geo.analyses import (
    beyond_reach,
    group_balance,
    ranked_deprivation,
    steady_deprivation,
    stop_scenarios,
)
from ctg_geo.study import open_study
from ctg_geo.travel import TravelTimes


@pytest.fixture(scope="module")
def creche(tmp_path_factory):
    return open_study(pp.write(tmp_path_factory.mktemp("pays"))).diagnose("creche")


def test_groups_are_level_once_the_places_are_added(creche):
    made = group_balance(creche, "bassin")
    table = made.table
    # mean access: ouest (100 × 2/15 + 50 × 5/24) / 150 = 0.15833, est (Dune alone) 31/200.
    # y places at c2, shared by 80, give Dune y/80 and the west 50/150 × y/80:
    # 0.15833 - 0.155 = y/80 - y/240, so y = 0.4
    assert made.best == "ouest"
    assert table.loc["ouest", ["to_present", "to_equal"]].tolist() == [0, 0]
    assert table.at["est", "to_equal"] == pytest.approx(0.4)
    # to the west's level of today: 0.15833 - 0.155 = y/80, so y = 0.26667
    assert table.at["est", "to_present"] == pytest.approx(0.8 / 3)
    assert made.levelling["est"].kept == pytest.approx(30 / 80)


def test_inequality_is_split_within_and_between_the_groups(creche):
    made = group_balance(creche, "bassin")
    # 100 people of 2/15, 50 of 5/24, 30 of 31/200 (the last alone in the east)
    have = np.repeat([2 / 15, 5 / 24, 31 / 200], [100, 50, 30])
    ratio = have / have.mean()
    assert made.inequality.total == pytest.approx(float((ratio * np.log(ratio)).mean()))
    assert made.inequality.groups.at["est", "theil"] == pytest.approx(0, abs=1e-12)
    split = made.inequality.within + made.inequality.between
    assert split == pytest.approx(made.inequality.total, abs=1e-12)
    west = made.table.loc["ouest", ["p10", "p50", "p90"]].tolist()
    assert west == pytest.approx([200 / 15, 200 / 15, 500 / 24])


def test_the_means_are_equal_once_the_places_are_added(creche):
    more = group_balance(creche, "bassin").table.at["est", "to_equal"]
    capacity = creche.equipements["capacity"].copy()
    capacity["c2"] += more
    shape = decay.from_rule(creche.service.decay)
    access = e2sfca(creche.times, creche.homes["demand"], capacity, decay=shape).access
    group = creche.communes["bassin"]
    people = creche.homes["demand"].reindex(group.index)
    mean = (access.reindex(group.index) * people).groupby(group).sum()
    mean /= people.groupby(group).sum()
    assert mean["est"] == pytest.approx(mean["ouest"])


TIMES = TravelTimes.from_frame(
    pd.DataFrame({"origin": ["a", "b"], "destination": ["x", "x"], "minutes": [5.0, 18.0]}),
    limit_min=30, origins=["a", "b", "c", "d"],
)  # fmt: skip
PEOPLE = pd.Series({"a": 10.0, "b": 20.0, "c": 30.0, "d": 40.0})
CODE = pd.Series({"a": "01001", "b": "01001", "c": "01002", "d": "01003"})
STOPS = pd.DataFrame({"code_insee": ["01002", "01001"], "hours_per_week": [2.5, None]})


def test_who_is_beyond_reach_and_where_a_stop_comes():
    found = beyond_reach({"foot": TIMES}, PEOPLE, CODE, STOPS, reach_min={"foot": 18})
    assert found["people"].tolist() == [30, 30, 40]
    assert found["beyond"].tolist() == [0, 30, 40]
    assert found["state"].tolist() == ["within", "stop_only", "beyond"]
    assert found["hours"].tolist()[1:] == [2.5, 0.0]
    assert np.isnan(found["hours"].iloc[0])  # its stop's hours are not known: not zero


def test_a_hamlet_beyond_reach_is_not_hidden_by_its_village():
    found = beyond_reach({"foot": TIMES}, PEOPLE, CODE, STOPS, reach_min={"foot": 17.9})
    assert found.at["01001", "beyond"] == 20
    assert found.at["01001", "state"] == "stop_only"


def test_a_stop_elsewhere_within_reach_leaves_nobody_out():
    """d has no stop in 01003 but is 12 min from one; c has one at home; b is 18 min from x."""
    to_stops = {"foot": TravelTimes.from_frame(
        pd.DataFrame({"origin": ["d"], "destination": ["s1"], "minutes": [12.0]}),
        limit_min=30, origins=["a", "b", "c", "d"],
    )}  # fmt: skip
    near = {"foot": TIMES}, PEOPLE, CODE, STOPS
    found = beyond_reach(*near, reach_min={"foot": 12}, to_stops=to_stops)
    assert found.at["01003", "state"] == "stop_only"
    assert found.at["01003", "stops"] == 0
    assert found.at["01003", "beyond"] == 40  # a stop is no place that is there to stay
    found = beyond_reach(*near, reach_min={"foot": 11.9}, to_stops=to_stops)
    assert found.at["01003", "state"] == "beyond"


@given(st.floats(1, 30), st.floats(1, 30))
def test_a_longer_reach_never_puts_anybody_beyond(one, other):
    low, high = sorted((one, other))
    near = beyond_reach({"foot": TIMES}, PEOPLE, CODE, STOPS, reach_min={"foot": low})
    far = beyond_reach({"foot": TIMES}, PEOPLE, CODE, STOPS, reach_min={"foot": high})
    assert (far["beyond"] <= near["beyond"]).all()


def frames(minutes, income):
    at = [f"0100{n}" for n in range(len(minutes))]
    return pd.DataFrame({"desk": minutes}, index=at), pd.DataFrame({"income": income}, index=at)


def test_far_and_fragile_are_told_apart():
    made = ranked_deprivation(
        *frames([50, 40, 1, 2, 3, 4], [10, 60, 20, 50, 40, 30]),
        fragile={"income": "low"}, worst_share=1 / 3,
    )  # fmt: skip
    assert made["type"].tolist() == [
        "far_fragile",
        "far",
        "fragile",
        "neither",
        "neither",
        "neither",
    ]


def test_no_place_within_reach_is_the_farthest_and_an_unknown_indicator_is_said():
    made = ranked_deprivation(
        *frames([np.nan, 40, 1], [10, 60, np.nan]), fragile={"income": "low"}, worst_share=0.5
    )
    assert made["type"].tolist() == ["far_fragile", "neither", "unknown"]
    assert made["far_rank"].idxmax() == "01000"


@given(st.lists(st.floats(0, 100), min_size=2, max_size=12), st.floats(0.05, 0.95))
def test_no_more_communes_are_called_worst_than_asked(minutes, share):
    made = ranked_deprivation(
        *frames(minutes, list(range(len(minutes)))), fragile={"income": "high"}, worst_share=share
    )
    for kind in ("far", "fragile"):
        assert made["type"].isin([kind, "far_fragile"]).sum() <= share * len(minutes) + 1e-6


def test_row_order_changes_nothing():
    minutes, income = frames([50, 40, 1, 2], [10, 60, 20, 50])
    one = ranked_deprivation(minutes, income, fragile={"income": "low"}, worst_share=0.5)
    other = ranked_deprivation(
        minutes[::-1], income[::-1], fragile={"income": "low"}, worst_share=0.5
    )
    pd.testing.assert_frame_equal(one, other.loc[one.index])


@given(st.lists(st.floats(0, 100), min_size=2, max_size=12), st.randoms())
def test_a_larger_share_only_adds_communes(minutes, chance):
    income = list(range(len(minutes)))
    chance.shuffle(income)
    given_ = frames(minutes, income)
    steady = steady_deprivation(*given_, fragile={"income": "low"}, shares=[0.2, 0.4, 0.6, 0.4])
    for at, share in enumerate([0.6, 0.4, 0.2], start=1):
        made = ranked_deprivation(*given_, fragile={"income": "low"}, worst_share=share)
        assert ((made["type"] == "far_fragile") == (steady >= at)).all()


def test_stops_of_unknown_hours_are_assumed_and_known_ones_kept():
    made = stop_scenarios(
        pd.Series([np.nan, np.nan, 20.0]), 200, assumed=[2.5, 8], reference_hours=15,
        least_share=0.5,
    )  # fmt: skip
    assert made["hours"].tolist() == [25, 36]
    # 2.5/15 twice and one whole place; 8/15 twice and one
    assert made["places"].tolist() == pytest.approx([4 / 3, 31 / 15])
    assert made["per_100"].tolist() == [12.5, 18]
    assert made["counted"].tolist() == [1, 3]


def test_nobody_served_has_no_hours_for_a_hundred():
    made = stop_scenarios(pd.Series([np.nan]), 0, assumed=[1], reference_hours=15, least_share=0.5)
    assert np.isnan(made["per_100"].iloc[0])
