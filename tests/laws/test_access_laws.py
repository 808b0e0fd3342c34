"""What holds for every territory: conservation, scale, splitting, order, monotony."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ctg_geo import TravelTimes
from ctg_geo.access import e2sfca, nearest
from ctg_geo.access.decay import steps
from ctg_geo.errors import DataError, TravelError, UnknownCodeError
from ctg_geo.gap import agreement, concerned, missing_supply, poverty, score, time_score

DECAY = steps([5, 10, 15], [1, 0.68, 0.22])


@st.composite
def territories(draw):
    """Draw a frame of pairs, a demand and a supply, on named origins and destinations."""
    size = draw(st.tuples(st.integers(1, 5), st.integers(1, 4)))
    minutes = st.none() | st.integers(0, 30_000).map(lambda step: step / 1000)
    pairs = [
        (f"o{i}", f"d{j}", value)
        for i in range(size[0])
        for j in range(size[1])
        if (value := draw(minutes)) is not None
    ]
    amount = st.integers(0, 500)
    demand = pd.Series({f"o{i}": float(draw(amount)) for i in range(size[0])})
    supply = pd.Series({f"d{j}": float(draw(amount)) for j in range(size[1])})
    frame = pd.DataFrame(pairs, columns=["origin", "destination", "minutes"])
    return frame.astype({"minutes": float}), demand, supply


def times_of(frame, demand, supply, limit_min=30.0):
    return TravelTimes.from_frame(
        frame, limit_min=limit_min, origins=demand.index, destinations=supply.index
    )


def access(frame, demand, supply):
    return e2sfca(times_of(frame, demand, supply), demand, supply, decay=DECAY)


@settings(deadline=None)
@given(territories())
def test_supply_is_neither_created_nor_lost(territory):
    _, demand, supply = territory
    result = access(*territory)
    unused = supply[result.ratio.index[result.ratio.isna()]].sum()
    assert (result.access * demand).sum() + unused == pytest.approx(supply.sum(), rel=1e-9)


@settings(deadline=None)
@given(territories(), st.floats(0.01, 100))
def test_scaling_supply_scales_access(territory, factor):
    frame, demand, supply = territory
    scaled = access(frame, demand, supply * factor).access
    assert scaled.tolist() == pytest.approx((access(*territory).access * factor).tolist())


@settings(deadline=None)
@given(territories(), st.floats(0, 1))
def test_splitting_an_origin_changes_nothing(territory, share):
    frame, demand, supply = territory
    twin = frame[frame["origin"] == "o0"].assign(origin="twin")
    parts = pd.concat([demand, pd.Series({"twin": demand["o0"] * (1 - share)})])
    parts["o0"] = demand["o0"] * share
    before = access(*territory).access
    after = access(pd.concat([frame, twin]), parts, supply).access
    assert after[before.index].tolist() == pytest.approx(before.tolist())
    assert after["twin"] == pytest.approx(after["o0"])


@settings(deadline=None)
@given(territories(), st.integers(1, 100))
def test_more_places_never_lower_any_access(territory, places):
    frame, demand, supply = territory
    more = supply.copy()
    more["d0"] += places
    assert (access(frame, demand, more).access >= access(*territory).access - 1e-9).all()


@settings(deadline=None)
@given(territories(), st.integers(1, 100))
def test_opening_a_place_never_lowers_any_access(territory, places):
    frame, demand, supply = territory
    opened = pd.concat([supply, pd.Series({"new": float(places)})])
    pair = pd.DataFrame({"origin": ["o0"], "destination": ["new"], "minutes": [3.0]})
    after = access(pd.concat([frame, pair]), demand, opened).access
    assert (after >= access(*territory).access - 1e-9).all()


@settings(deadline=None)
@given(territories(), st.integers(1, 100))
def test_more_people_never_raise_any_access(territory, people):
    frame, demand, supply = territory
    assume(access(*territory).ratio.notna().all())
    more = demand.copy()
    more["o0"] += people
    assert (access(frame, more, supply).access <= access(*territory).access + 1e-9).all()


@settings(deadline=None)
@given(territories(), st.randoms(use_true_random=False))
def test_the_order_of_rows_and_tables_does_not_matter(territory, random):
    frame, demand, supply = territory
    shuffled = frame.sample(frac=1, random_state=random.randint(0, 10_000))
    first = access(*territory).access
    second = access(shuffled, demand.iloc[::-1], supply.iloc[::-1]).access
    assert second[first.index].tolist() == pytest.approx(first.tolist())


@settings(deadline=None)
@given(territories(), st.floats(1, 29))
def test_a_longer_limit_never_lengthens_the_nearest_time(territory, limit):
    near = nearest(times_of(*territory, limit_min=limit))["minutes"]
    far = nearest(times_of(*territory))["minutes"]
    assert (far[near.notna()] <= near.dropna()).all()


@settings(deadline=None)
@given(territories())
def test_pairs_go_out_and_come_back_the_same(territory):
    _, demand, supply = territory
    times = times_of(*territory)
    again = TravelTimes.from_frame(
        times.to_frame(), limit_min=30, origins=demand.index, destinations=supply.index
    )
    assert again.to_frame().equals(times.to_frame())
    matrix = times.to_matrix()
    assert np.isinf(matrix).sum().sum() == matrix.size - len(times.to)


@settings(deadline=None)
@given(territories(), st.integers(60_000, 1_800_000))
def test_within_keeps_what_is_at_most_the_limit(territory, limit_ms):
    limit = limit_ms / 60_000  # a bound between two milliseconds is the nearest one
    times = times_of(*territory)
    kept = times.within(limit).to_frame()
    every = times.to_frame()
    assert len(kept) == (every["minutes"] <= limit).sum()
    assert (kept["minutes"] <= limit).all()


def test_times_beyond_what_was_computed_are_not_made_up():
    frame = pd.DataFrame({"origin": ["a"], "destination": ["b"], "minutes": [5.0]})
    times = TravelTimes.from_frame(frame, limit_min=10)
    with pytest.raises(TravelError, match="known up to 10 min"):
        times.within(15)
    with pytest.raises(TravelError, match="known up to 10 min"):
        e2sfca(times, pd.Series({"a": 1.0}), pd.Series({"b": 1.0}), decay=DECAY)


def test_a_bound_is_within():
    frame = pd.DataFrame({"origin": ["a", "b"], "destination": ["x", "x"], "minutes": [15, 15.001]})
    times = TravelTimes.from_frame(frame, limit_min=15, origins=["a", "b"])
    assert times.to_frame()["origin"].tolist() == ["a"]


def test_a_missing_code_is_named_with_its_table():
    frame = pd.DataFrame({"origin": ["26281"], "destination": ["c1"], "minutes": [5.0]})
    times = TravelTimes.from_frame(frame, limit_min=30)
    with pytest.raises(UnknownCodeError, match=r"demand: 1 code.*26281") as caught:
        e2sfca(times, pd.Series(dtype=float), pd.Series({"c1": 10.0}), decay=DECAY)
    assert caught.value.codes == ("26281",)


@pytest.mark.parametrize("value", [np.nan, -1.0])
def test_a_missing_or_negative_value_is_refused_not_used(value):
    frame = pd.DataFrame({"origin": ["a"], "destination": ["b"], "minutes": [5.0]})
    times = TravelTimes.from_frame(frame, limit_min=30)
    with pytest.raises(DataError, match="a number of 0 or more"):
        e2sfca(times, pd.Series({"a": value}), pd.Series({"b": 10.0}), decay=DECAY)


levels = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 100)), min_size=1, max_size=6).map(
    lambda rows: (pd.Series([a for a, _ in rows]), pd.Series([float(p) for _, p in rows]))
)


@given(levels, st.floats(0.05, 0.95))
def test_what_is_missing_brings_everybody_to_the_norm(level, norm):
    value, people = level
    missing = missing_supply(value, people, norm=norm)
    assert (missing >= 0).all()
    lifted = value + (missing / people.where(people > 0)).fillna(0)
    assert (lifted[people > 0] >= norm - 1e-12).all()
    assert (missing[value >= norm] == 0).all()
    assert concerned(value < norm, people).sum() == people[value < norm].sum()


@given(levels, st.floats(0.05, 0.95))
def test_a_score_is_between_0_and_100_and_falls_with_access(level, norm):
    value, _ = level
    points = score(value, norm=norm)
    assert points.between(0, 100).all()
    order = value.sort_values(kind="stable").index
    assert (points[order].diff().dropna() <= 1e-9).all()
    assert ((points == 0) == (value >= norm)).all() or (points[value < norm] < 1e-9).any()


@given(levels, st.floats(0.05, 0.95))
def test_poverty_weighs_the_worst_off_less_and_less(level, norm):
    value, people = level
    assume(people.sum() > 0)
    share, depth, severity = (poverty(value, people, norm=norm, power=a) for a in (0, 1, 2))
    assert share == pytest.approx(people[value < norm].sum() / people.sum())
    assert severity <= depth + 1e-12
    assert depth <= share + 1e-12


def test_no_route_scores_100_and_the_norm_scores_0():
    minutes = pd.Series([10.0, 30.0, 45.0, 60.0, 90.0, np.nan])
    assert time_score(minutes, within_min=30).tolist() == [0, 0, 50, 100, 100, 100]


@given(st.lists(st.lists(st.booleans(), min_size=3, max_size=3), min_size=1, max_size=5))
def test_agreement_is_the_share_of_like_verdicts(variants):
    base = pd.Series([True, False, True])
    found = agreement(base, [pd.Series(each) for each in variants])
    expected = [sum(v[i] == base[i] for v in variants) / len(variants) for i in range(3)]
    assert found.tolist() == pytest.approx(expected)
