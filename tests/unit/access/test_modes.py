"""Modes of care are added, modes of travel compete or are chosen: two homes, by hand."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from ctg_geo import TravelTimes
from ctg_geo.access import (
    Care,
    added_access,
    e2sfca_by_mode,
    least_times,
    mixture,
    reach_by_mode,
)
from ctg_geo.access.decay import flat, steps
from ctg_geo.errors import DataError, TravelError, UnknownCodeError


def times_of(*pairs, limit_min=30, origins=("a", "b", "c"), destinations=("x", "y", "z")):
    frame = pd.DataFrame(pairs, columns=["origin", "destination", "minutes"])
    return TravelTimes.from_frame(
        frame.astype({"minutes": float}), limit_min=limit_min,
        origins=list(origins), destinations=list(destinations),
    )  # fmt: skip


CAR = times_of(("a", "x", 5), ("a", "z", 9), ("b", "y", 5), ("b", "x", 7))
FOOT = times_of(("a", "x", 4), ("a", "y", 30), ("b", "y", 5), ("b", "x", 8))
BOTH = {"car": CAR, "foot": FOOT}
PEOPLE = pd.Series({"c": 9.0, "b": 20.0, "a": 10.0})
HALF = steps([6, 20], [1, 0.5])


def test_modes_of_care_add_up_each_with_its_own_places():
    one = Care(CAR, pd.Series({"x": 10.0, "y": 8.0, "z": 5.0}), HALF)
    other = Care(times_of(("b", "v", 3), destinations=("v",)), pd.Series({"v": 4.0}), flat(3))
    found = added_access(PEOPLE, {"creche": one, "other": other})
    # x: 10 / (10 + 0.5 × 20); y: 8 / 20; z: 5 / (0.5 × 10); v: 4 / 20
    assert found["creche"].tolist() == pytest.approx([0.5 + 0.5, 0.5 * 0.5 + 0.4, 0])
    assert found["other"].tolist() == pytest.approx([0, 0.2, 0])
    assert found["access"].tolist() == pytest.approx([1, 0.85, 0])
    assert found.columns.tolist() == ["creche", "other", "access"]


def test_the_least_time_of_each_pair_is_that_of_the_mode_that_is_faster():
    found = least_times(BOTH).to_frame()
    told = list(found[["origin", "destination", "minutes"]].itertuples(index=False, name=None))
    assert told == [("a", "x", 4), ("a", "y", 30), ("a", "z", 9), ("b", "x", 7), ("b", "y", 5)]
    assert least_times(BOTH).to_matrix().equals(least_times({"foot": FOOT, "car": CAR}).to_matrix())
    none = {name: times_of(destinations=()) for name in BOTH}
    assert least_times(none).to_frame().empty


def test_points_lie_where_the_first_mode_has_them():
    snapped = replace(FOOT, origin_snaps=FOOT.origin_snaps.assign(snap_m=7.0))
    assert least_times({"foot": snapped, "car": CAR}).origin_snaps is snapped.origin_snaps
    assert least_times({"car": CAR, "foot": snapped}).origin_snaps is CAR.origin_snaps


def test_times_known_to_unlike_limits_are_not_compared():
    with pytest.raises(TravelError) as caught:
        least_times({"car": CAR, "foot": times_of(limit_min=20)})
    assert (caught.value.reason, caught.value.facts["limits"]) == ("modes_limit", ["20", "30"])


@pytest.mark.parametrize("end", ["origins", "destinations"])
@pytest.mark.parametrize("at", [1, 2])
def test_modes_that_have_other_points_are_named(end, at):
    strange = times_of(**{end: ("a", "b", "x", "y", "z")})
    modes = {"car": CAR, "foot": CAR, "bus": CAR}
    other = list(modes)[at]
    modes[other] = strange
    with pytest.raises(TravelError) as caught:
        least_times(modes)
    facts = caught.value.facts
    assert (caught.value.reason, facts["one"], facts["other"]) == ("modes_points", "car", other)
    assert facts["end"] == end
    demand = pd.DataFrame(dict.fromkeys(modes, PEOPLE))
    with pytest.raises(TravelError):
        e2sfca_by_mode(modes, demand, PEOPLE, decays=dict.fromkeys(modes, HALF))
    if end == "origins":
        with pytest.raises(TravelError):
            reach_by_mode(modes)
        with pytest.raises(TravelError):
            added_access(PEOPLE, {name: Care(each, PEOPLE, HALF) for name, each in modes.items()})


def test_the_best_mode_is_told_and_on_a_tie_the_first():
    found = reach_by_mode(BOTH)
    assert found[["car", "foot"]].loc["a"].tolist() == [5, 4]
    assert found["minutes"].tolist()[:2] == [4, 5]
    assert found["mode"].tolist()[:2] == ["foot", "car"]
    assert found.loc["c"].isna().all()
    one = reach_by_mode({"car": times_of(), "foot": FOOT})
    assert (one.loc["a", "minutes"], one.loc["a", "mode"]) == (4, "foot")


def test_a_mean_over_groups_leaves_out_what_is_unknown_of_those_who_are_not_there():
    measures = pd.DataFrame({"car": [0.5, 0.5, 8], "foot": [np.nan, np.nan, 4]}, list("abc"))
    shares = pd.DataFrame({"foot": [0.0, 0.5, 0.25], "car": [1.0, 0.5, 0.75]}, list("abc"))
    found = mixture(measures, shares)
    assert found.tolist() == pytest.approx([0.5, np.nan, 7], nan_ok=True)
    assert found.name == "mixture"


def test_shares_that_do_not_sum_to_one_are_named():
    measures = pd.DataFrame({"car": 0.5, "foot": 1.0}, list("abcd"))
    own = {"car": [0.5, 0.5, 0.5, 0.1], "foot": [0.5, 0.4, 0.6, 0.9 + 1e-12]}
    shares = pd.DataFrame(own, list("abcd"))
    with pytest.raises(DataError) as caught:
        mixture(measures, shares)
    told = [(each.value, each.facts["index"]) for each in caught.value.defects]
    assert told == [("0.9", "b"), ("1.1", "c")]
    with pytest.raises(DataError):
        mixture(measures, shares.drop(columns="foot"))
    with pytest.raises(UnknownCodeError, match=r"shares\.car"):
        mixture(measures, shares.drop("b"))


def test_those_who_drive_and_those_who_walk_compete():
    demand = pd.DataFrame({"car": [10.0, 12, 0], "foot": [4.0, 0, 0]}, ["a", "b", "c"])
    offer = pd.Series({"x": 6.0, "y": 6.0, "z": 2.0})
    found = e2sfca_by_mode(BOTH, demand, offer, decays={"car": HALF, "foot": flat(4)})
    # x: 6 / (10 + 0.5 × 12 + 4) = 0.3, and b on foot is too far; y: 6 / 12; z: 2 / (0.5 × 10).
    assert found.ratio.tolist() == pytest.approx([0.3, 0.5, 0.4])
    assert found.access["car"].tolist() == pytest.approx([0.3 + 0.2, 0.15 + 0.5, 0])
    assert found.access["foot"].tolist() == pytest.approx([0.3, 0, 0])
    mean = [(10 * 0.5 + 4 * 0.3) / 14, 0.65, np.nan]
    assert found.mean.tolist() == pytest.approx(mean, nan_ok=True)
    assert (found.mean.name, found.ratio.name) == ("access", "ratio")
