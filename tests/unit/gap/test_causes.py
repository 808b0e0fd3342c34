"""Why access falls short: cases with one cause only, worked out by hand, and exact sums."""

from functools import cache
from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ctg_geo import TravelTimes
from ctg_geo.access import Sharing, alone, e2sfca, rule_of
from ctg_geo.access.decay import flat, steps
from ctg_geo.gap import CAUSES_OF_GAP, Undefined, causes, causes_by, missing_supply
from ctg_geo.parameters import SHARED_MEASURES

HALF = steps([10, 20], [1, 0.5])
PARTS = list(CAUSES_OF_GAP)


def times_of(rows, origins, destinations):
    pairs = pd.DataFrame(rows, columns=["origin", "destination", "minutes"])
    return TravelTimes.from_frame(
        pairs.astype({"minutes": float}), limit_min=30, origins=origins, destinations=destinations
    )


def split(rows, demand, supply, *, norm):
    demand, supply = pd.Series(demand, dtype=float), pd.Series(supply, dtype=float)
    times = times_of(rows, demand.index, supply.index)
    return causes(times, demand, supply, sharing=alone(HALF), norm=norm)


def test_only_distance_where_the_far_half_shares_a_place_that_is_large_enough():
    # 20 places for 200 children, norm 10 %; V = 150, so 2/15 near and 1/15 far
    found = split([("near", "x", 0), ("far", "x", 20)], {"near": 100, "far": 100}, {"x": 20},
                  norm=0.1)  # fmt: skip
    assert found.loc["far", ["gap", *PARTS]].tolist() == pytest.approx([1 / 30, 1 / 30, 0, 0])
    assert found.loc["near", ["gap", *PARTS]].tolist() == [0, 0, 0, 0]
    assert found["main"].tolist() == ["", "distance"]


def test_only_distance_where_nothing_is_in_reach_and_places_are_enough():
    found = split([("near", "x", 0)], {"near": 50, "far": 50}, {"x": 10}, norm=0.1)
    assert found.loc["far", PARTS].tolist() == pytest.approx([0.1, 0, 0])


def test_only_saturation_where_two_alike_places_serve_few_and_many():
    # each next to its own; 20 places for 200 in all, norm 10 %; 150 share 10
    found = split([("few", "x", 0), ("many", "y", 0)], {"few": 50, "many": 150},
                  {"x": 10, "y": 10}, norm=0.1)  # fmt: skip
    assert found.loc["many", PARTS].tolist() == pytest.approx([0, 0.1 - 1 / 15, 0])
    assert found.loc["many", "main"] == "saturation"


def test_only_lack_where_everybody_is_on_the_spot_of_too_few_places():
    found = split([("a", "x", 0), ("b", "x", 0)], {"a": 30, "b": 70}, {"x": 5}, norm=0.1)
    assert found[PARTS].to_numpy() == pytest.approx(np.array([[0, 0, 0.05]] * 2))


def test_many_small_places_on_the_spot_are_not_saturation():
    found = split([("a", "x", 0), ("a", "y", 0)], {"a": 100}, {"x": 5, "y": 5}, norm=0.2)
    assert found.loc["a", PARTS].tolist() == pytest.approx([0, 0, 0.1])


def test_only_lack_where_there_is_no_place_at_all():
    found = split([("a", "x", 5)], {"a": 30}, {"x": 0}, norm=0.1)
    assert found.loc["a", PARTS].tolist() == [0, 0, 0.1]


def test_distance_may_protect():
    # no rival reaches x as easily: without distance the far 100 would come whole
    found = split([("near", "x", 0), ("far", "x", 20)], {"near": 100, "far": 100}, {"x": 10},
                  norm=0.1)  # fmt: skip
    # near: 1/15 today, 1/20 with distance removed
    assert found.loc["near", "distance"] < 0
    assert found.loc["near", PARTS].sum() == pytest.approx(0.1 - 1 / 15)


def test_nobody_or_no_norm_is_named():
    assert split([("a", "x", 5)], {"a": 0}, {"x": 1}, norm=0.1) == Undefined("nobody")
    assert split([("a", "x", 5)], {"a": 1}, {"x": 1}, norm=0) == Undefined("no_norm")


@st.composite
def cases(draw):
    size = draw(st.tuples(st.integers(1, 5), st.integers(1, 4)))
    rows = [
        (f"o{i}", f"d{j}", minutes)
        for i in range(size[0])
        for j in range(size[1])
        if (minutes := draw(st.none() | st.integers(0, 30))) is not None
    ]
    amount = st.integers(0, 200).map(float)
    demand = pd.Series({f"o{i}": draw(amount) for i in range(size[0])})
    supply = pd.Series({f"d{j}": draw(amount) for j in range(size[1])})
    assume(demand.sum() > 0)
    return times_of(rows, demand.index, supply.index), demand, supply


def modal(case):
    """Share the places of even names by one rule, the others by another."""
    destinations = case[0].destinations
    care = pd.Series(["even" if int(name[1:]) % 2 == 0 else "odd" for name in destinations],
                     index=destinations, dtype=object)  # fmt: skip
    rules = {"even": rule_of("m2sfca", HALF), "odd": rule_of("e2sfca", flat(12))}
    return Sharing(rules, care)


@settings(deadline=None, max_examples=150, derandomize=True)
@given(cases(), st.floats(0.01, 2), st.sampled_from([HALF, flat(15)]),
       st.sampled_from([*SHARED_MEASURES, "modal"]))  # fmt: skip
def test_the_parts_sum_to_the_gap(case, norm, decay, measure):
    sharing = modal(case) if measure == "modal" else alone(decay, measure)
    found = causes(*case, sharing=sharing, norm=norm)
    access = sharing.catchment(*case).access
    gap = np.maximum(0, norm - access)
    assert found["gap"].to_numpy() == pytest.approx(gap.to_numpy(), abs=1e-9)
    assert found[PARTS].sum(axis=1).to_numpy() == pytest.approx(gap.to_numpy(), abs=1e-9)
    assert (found[["saturation", "lack"]] >= -1e-12).all(axis=None)


@settings(deadline=None, max_examples=40, derandomize=True)
@given(cases(), st.floats(0.05, 0.5), st.sampled_from([*SHARED_MEASURES, "modal"]))
def test_the_switches_are_weighed_as_in_every_order_of_removing_them(case, norm, measure):
    """An oracle for the average: each order in turn, over accesses measured one by one."""
    sharing = modal(case) if measure == "modal" else alone(HALF, measure)
    found = causes(*case, sharing=sharing, norm=norm)
    names = [f"{cause}_{key}" for key in sharing.rules for cause in ("distance", "saturation")]
    switches = [*names, "lack"]
    orders = list(permutations(switches))
    part = dict.fromkeys(switches, 0.0)
    measured = cache(lambda removed: by_hand(case, sharing, removed, norm))
    for order in orders:
        removed = frozenset()
        for switch in order:
            before = measured(removed)
            removed |= {switch}
            part[switch] += (measured(removed) - before) / len(orders)
    short = found["gap"].to_numpy() > 0
    for cause in PARTS:
        own = sum(each for name, each in part.items() if name.startswith(cause))
        assert found[cause].to_numpy()[short] == pytest.approx(own[short], abs=1e-9)
    if sharing.modal:
        for name in names:
            assert found[name].to_numpy()[short] == pytest.approx(part[name][short], abs=1e-9)


def by_hand(case, sharing, removed, norm):
    """Return access with switches removed, written out by the definitions, pair by pair."""
    times, demand, supply = case
    minutes = times.to_matrix().to_numpy()
    people = demand.to_numpy()
    total = np.zeros(len(people))
    for key, rule in sharing.rules.items():
        own = np.ones(len(supply), bool) if sharing.care is None else (
            sharing.care.reindex(supply.index) == key).to_numpy()  # fmt: skip
        offer = supply.to_numpy() * own
        mean = offer.sum() / people.sum()
        known = np.where(np.isnan(minutes), np.inf, minutes)
        w = np.where(np.isfinite(known), rule.decay(np.where(np.isfinite(known), known, 1e9)), 0)
        w = w * own
        if f"distance_{key}" in removed:
            w = (w > 0) * 1.0
        come, use = w, w
        if rule.measure == "m2sfca":
            use = w**2
        if rule.measure == "three_step":
            whole = w.sum(axis=1, keepdims=True)
            come = use = np.divide(w**2, whole, out=np.zeros_like(w), where=whole > 0)
        reached = people @ come
        ratio = np.divide(offer, reached, out=np.zeros_like(offer), where=reached > 0)
        access = use @ ratio
        served = use * (offer > 0)
        best = served.max(axis=1)
        if rule.measure == "three_step":
            best = np.where(served.sum(axis=1) > 0, use.sum(axis=1), 0)
        if f"distance_{key}" in removed:
            access = np.where(best > 0, access, mean)
        total += np.maximum(access, mean * best) if f"saturation_{key}" in removed else access
    if "lack" in removed and supply.sum():
        total = total * max(1, norm * people.sum() / supply.sum())
    if not supply.sum() and "lack" in removed:
        total = total + norm
    return np.minimum(norm, total)


@settings(deadline=None, max_examples=30, derandomize=True)
@given(cases(), st.floats(0.05, 0.5))
def test_the_parts_sum_over_people_to_the_places_missing(case, norm):
    times, demand, supply = case
    found = causes(times, demand, supply, sharing=alone(HALF), norm=norm)
    owner = pd.Series(["north", "south", "north", "south", "north"][: len(demand)], demand.index)
    summed = causes_by(found, demand, owner)
    access = e2sfca(times, demand, supply, decay=HALF).access
    missing = missing_supply(access, demand, norm=norm).groupby(owner).sum()
    assert summed["gap"].tolist() == pytest.approx(missing.tolist(), abs=1e-9)
    assert summed[PARTS].sum(axis=1).tolist() == pytest.approx(missing.tolist(), abs=1e-7)


@settings(deadline=None, max_examples=30, derandomize=True)
@given(cases(), st.floats(0.05, 0.5), st.floats(0.1, 10))
def test_a_territory_larger_in_people_and_places_has_the_same_causes(case, norm, factor):
    times, demand, supply = case
    one = causes(times, demand, supply, sharing=alone(HALF), norm=norm)
    two = causes(times, demand * factor, supply * factor, sharing=alone(HALF), norm=norm)
    assert two[PARTS].to_numpy() == pytest.approx(one[PARTS].to_numpy(), abs=1e-9)


@settings(deadline=None, max_examples=40, derandomize=True)
@given(cases(), st.floats(0.05, 0.5), st.floats(0.1, 0.9))
def test_splitting_a_place_or_adding_an_empty_one_changes_nothing(case, norm, share):
    times, demand, supply = case
    pairs = times.to_frame()
    twin = pairs[pairs["destination"] == "d0"].assign(destination="twin")
    empty = pd.DataFrame({"origin": demand.index, "destination": "empty", "minutes": 0.0})
    more = pd.concat([pairs, twin, empty], ignore_index=True)
    offer = pd.concat([supply, pd.Series({"twin": supply["d0"] * share, "empty": 0.0})])
    offer["d0"] = supply["d0"] * (1 - share)
    again = times_of(more, demand.index, offer.index)
    one = causes(times, demand, supply, sharing=alone(HALF), norm=norm)
    two = causes(again, demand, offer, sharing=alone(HALF), norm=norm)
    assert two[PARTS].to_numpy() == pytest.approx(one[PARTS].to_numpy(), abs=1e-9)


@settings(deadline=None, max_examples=30, derandomize=True)
@given(cases(), st.floats(0.05, 0.5), st.floats(0.1, 0.9))
def test_splitting_an_origin_changes_nothing(case, norm, share):
    times, demand, supply = case
    pairs = times.to_frame()
    twin = pairs[pairs["origin"] == "o0"].assign(origin="twin")
    people = pd.concat([demand, pd.Series({"twin": demand["o0"] * share})])
    people["o0"] = demand["o0"] * (1 - share)
    again = times_of(pd.concat([pairs, twin]), people.index, supply.index)
    one = causes(times, demand, supply, sharing=alone(HALF), norm=norm)
    two = causes(again, people, supply, sharing=alone(HALF), norm=norm)
    assert two.loc[demand.index, PARTS].to_numpy() == pytest.approx(one[PARTS].to_numpy(), abs=1e-9)
    assert two.loc["twin", PARTS].tolist() == pytest.approx(one.loc["o0", PARTS].tolist(), abs=1e-9)
