"""What would fix a gap, checked by measuring again with the places added."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ctg_geo import TravelTimes
from ctg_geo.access import alone, e2sfca, weighted_mean
from ctg_geo.access.decay import steps
from ctg_geo.errors import DataError, UnknownCodeError
from ctg_geo.gap import (
    Undefined,
    added_access,
    added_access_at,
    minutes_to_save,
    places_to_add,
    places_to_level,
)

DECAY = steps([10, 20], [1, 0.5])
OWNER = pd.Series({"a1": "a", "a2": "a", "b1": "b", "c1": "c", "e1": "e"})
DEMAND = pd.Series({"a1": 60.0, "a2": 40.0, "b1": 100.0, "c1": 50.0, "e1": 0.0})
SUPPLY = pd.Series({"x": 10.0, "y": 0.0, "far": 0.0})
TIMES = TravelTimes.from_frame(
    pd.DataFrame(
        [("a1", "x", 0.0), ("a2", "x", 20.0), ("b1", "x", 10.0), ("b1", "y", 15.0)],
        columns=["origin", "destination", "minutes"],
    ),
    limit_min=30, origins=DEMAND.index, destinations=SUPPLY.index,
)  # fmt: skip


def level_of(supply):
    access = e2sfca(TIMES, DEMAND, supply, decay=DECAY).access
    return weighted_mean(access, DEMAND, OWNER)


def test_the_slope_is_what_a_place_adds_worked_out_by_hand():
    # V_x = 60 + 20 + 100 = 180; a place at x gives 1/180 to a1, 1/360 to a2
    slope = added_access(TIMES, DEMAND, OWNER, sharing=alone(DECAY))
    assert slope.loc["a", "x"] == pytest.approx((60 / 180 + 40 / 360) / 100)
    assert slope.loc["b", ["x", "y"]].tolist() == pytest.approx([1 / 180, 1 / 100])
    assert slope.loc["c", ["x", "y"]].tolist() == [0, 0]
    assert slope["far"].isna().all()
    assert slope.loc["e"].isna().all()


def test_the_places_added_bring_each_commune_to_the_norm_exactly():
    slope = added_access(TIMES, DEMAND, OWNER, sharing=alone(DECAY))
    found = places_to_add(level_of(SUPPLY), slope, norm=0.2)
    assert found["site"].dropna().to_dict() == {"a": "x", "b": "y"}
    assert found["undefined"].tolist() == ["", "", "out_of_reach", "nobody"]
    for owner in ("a", "b"):
        more = SUPPLY.copy()
        more[found.at[owner, "site"]] += found.at[owner, "places"]
        assert level_of(more)[owner] == pytest.approx(0.2)


def test_the_site_may_be_given():
    slope = added_access(TIMES, DEMAND, OWNER, sharing=alone(DECAY))
    at = pd.Series({"a": "far", "b": "x", "c": "x", "e": "x"})
    found = places_to_add(level_of(SUPPLY), slope, norm=0.2, at=at)
    assert found["undefined"].tolist() == ["nobody_reaches", "", "out_of_reach", "nobody"]
    assert found.at["b", "places"] == pytest.approx((0.2 - 10 / 180) * 180)
    with pytest.raises(UnknownCodeError, match="slope"):
        places_to_add(level_of(SUPPLY), slope, norm=0.2, at=at.replace("x", "elsewhere"))


def test_where_the_norm_is_met_nothing_is_to_add():
    slope = added_access(TIMES, DEMAND, OWNER, sharing=alone(DECAY))
    found = places_to_add(level_of(SUPPLY), slope, norm=0.01)
    assert found.loc["a", ["gap", "places", "undefined"]].tolist() == [0, 0, ""]
    assert pd.isna(found.at["a", "site"])


def test_a_table_that_lacks_an_owner_or_a_site_is_named():
    slope = added_access(TIMES, DEMAND, OWNER, sharing=alone(DECAY))
    level, mix = level_of(SUPPLY), pd.Series({"x": 1.0})
    at = pd.Series({"a": "x", "b": "x", "c": "x", "e": "x"})
    with pytest.raises(UnknownCodeError, match="slope") as caught:
        places_to_add(level, slope.drop("b"), norm=0.2)
    assert caught.value.codes == ("b",)
    with pytest.raises(UnknownCodeError, match=r"^at: ") as caught:
        places_to_add(level, slope, norm=0.2, at=at.drop("c"))
    assert caught.value.codes == ("c",)
    pair = {"group": "a", "like": "b"}
    for table, code, given_ in (
        ("level", "b", (level.drop("b"), PEOPLE, slope, mix)),
        ("slope", "b", (level, PEOPLE, slope.drop("b"), mix)),
        ("people", "a", (level, PEOPLE.drop("a"), slope, mix)),
        ("slope", "x", (level, PEOPLE, slope.drop(columns="x"), mix)),
    ):
        with pytest.raises(UnknownCodeError, match=f"^{table}: ") as caught:
            places_to_level(*given_, **pair)
        assert caught.value.codes == (code,)
    with pytest.raises(DataError, match="mix"):
        places_to_level(level, PEOPLE, slope, -mix, **pair)


def test_two_groups_that_gain_alike_never_meet():
    slope = pd.DataFrame({"x": [0.01, 0.01]}, index=["a", "b"])
    level, mix = pd.Series({"a": 0.1, "b": 0.2}), pd.Series({"x": 1.0})
    found = places_to_level(level, PEOPLE, slope, mix, group="a", like="b")
    assert found.to_present == pytest.approx(10)
    assert found.to_equal == Undefined("no_catching_up")


def test_no_mix_raises_nobody():
    slope = added_access(TIMES, DEMAND, OWNER, sharing=alone(DECAY))
    found = places_to_level(
        level_of(SUPPLY), PEOPLE, slope, pd.Series({"x": 0.0}), group="a", like="b"
    )
    assert (found.to_present, found.to_equal) == (Undefined("out_of_reach"),) * 2
    assert found.kept == 0


def test_minutes_to_save_are_those_beyond_the_norm():
    found = minutes_to_save(pd.Series([10.0, 20.0, 27.5, np.nan]), within_min=20)
    assert found["minutes"].tolist()[:3] == [0, 0, 7.5]
    assert found["undefined"].tolist() == ["", "", "", "no_route"]


PEOPLE = pd.Series({"a": 100.0, "b": 100.0, "c": 50.0})


def test_places_that_bring_one_group_level_with_another():
    slope = added_access(TIMES, DEMAND, OWNER, sharing=alone(DECAY))
    level = level_of(SUPPLY)  # a: 10 × 80/180/100, b: 10/180
    mix = pd.Series({"y": 1.0})
    assert places_to_level(level, PEOPLE, slope, mix, group="b", like="a").to_present == 0
    found = places_to_level(level, PEOPLE, slope, mix, group="a", like="b")
    assert found.to_present == Undefined("out_of_reach")
    at_x = places_to_level(level, PEOPLE, slope, pd.Series({"x": 2.0}), group="a", like="b")
    assert at_x.to_equal == Undefined("no_catching_up")  # b gains more at x than a does
    assert at_x.kept == pytest.approx(80 / 180)
    more = SUPPLY + pd.Series({"x": at_x.to_present, "y": 0.0, "far": 0.0})
    assert level_of(more)["a"] == pytest.approx(level["b"])


@st.composite
def worlds(draw):
    origins, sites = [f"o{i}" for i in range(4)], ["x", "y", "z"]
    rows = [(o, d, float(m)) for o in origins for d in sites
            if (m := draw(st.none() | st.integers(0, 25))) is not None]  # fmt: skip
    amount = st.integers(1, 200).map(float)
    demand = pd.Series({o: draw(amount) for o in origins})
    supply = pd.Series({d: draw(st.integers(0, 50).map(float)) for d in sites})
    mix = pd.Series({d: draw(st.integers(0, 3).map(float)) for d in sites})
    pairs = pd.DataFrame(rows, columns=["origin", "destination", "minutes"])
    times = TravelTimes.from_frame(
        pairs.astype({"minutes": float}), limit_min=30, origins=origins, destinations=sites
    )
    return times, demand, supply, mix


SIDES = pd.Series({"o0": "north", "o1": "north", "o2": "south", "o3": "south"})


@settings(deadline=None, max_examples=80, derandomize=True)
@given(worlds())
def test_levelling_holds_when_access_is_measured_again(world):
    times, demand, supply, mix = world
    assume(mix.sum() > 0)

    def level(offer):
        return weighted_mean(e2sfca(times, demand, offer, decay=DECAY).access, demand, SIDES)

    people = demand.groupby(SIDES).sum()
    slope = added_access(times, demand, SIDES, sharing=alone(DECAY))
    found = places_to_level(level(supply), people, slope, mix, group="north", like="south")
    part = mix / mix.sum()
    if isinstance(found.to_present, float) and found.to_present:
        after = level(supply + found.to_present * part)
        assert after["north"] == pytest.approx(found.aim)
    if isinstance(found.to_equal, float) and 0 < found.to_equal < 1e9:
        after = level(supply + found.to_equal * part)
        assert after["north"] == pytest.approx(after["south"])


def test_the_slope_at_one_site_of_each_is_that_of_the_whole_table():
    slope = added_access(TIMES, DEMAND, OWNER, sharing=alone(DECAY))
    at = pd.Series({"a": "far", "b": "x", "c": "x", "e": "x", "nobody": "y"})
    mine = added_access_at(TIMES, DEMAND, OWNER, at, sharing=alone(DECAY))
    expected = pd.Series({each: slope.at[each, at[each]] for each in slope.index})
    pd.testing.assert_series_equal(mine, expected, check_names=False)
    one = places_to_add(level_of(SUPPLY), mine, norm=0.2, at=at)
    pd.testing.assert_frame_equal(one, places_to_add(level_of(SUPPLY), slope, norm=0.2, at=at))
    with pytest.raises(UnknownCodeError):
        added_access_at(TIMES, DEMAND, OWNER, at.replace("x", "elsewhere"), sharing=alone(DECAY))


def test_an_owner_without_a_site_has_no_slope():
    at = pd.Series({"a": None, "b": "y"}, dtype=object)
    mine = added_access_at(TIMES, DEMAND, OWNER, at, sharing=alone(DECAY))
    assert mine.isna().tolist() == [True, False, True, True]
    assert mine["b"] == pytest.approx(1 / 100)
