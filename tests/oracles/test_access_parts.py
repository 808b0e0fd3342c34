"""What a place offers, mixtures, modes and outcomes, against plain loops and hand-worked cases."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ctg_geo import TravelTimes
from ctg_geo.access import (
    admitting,
    bfca,
    cumulative_supply,
    e2sfca,
    effective_supply,
    gravity,
    m2sfca,
    mixture,
    nearest,
    origin_outcomes,
    raam,
    reach_by_mode,
    share_of_ages,
    share_of_time,
    side_by_side,
    site_outcomes,
    spatial_availability,
    three_step,
    two_step,
)
from ctg_geo.access.decay import from_rule, steps
from ctg_geo.errors import DataError, UnknownCodeError
from ctg_geo.parameters import (
    ExponentialRule,
    FlatRule,
    GaussianRule,
    LogisticRule,
    PowerRule,
    StepsRule,
)

SHAPE = steps([10, 30], [1, 0.5])
FEW = settings(deadline=None, max_examples=60)
share = st.integers(0, 20).map(lambda k: k / 20)


def land(matrix, places=None):
    """Times in minutes between o0, o1, ... and d0, d1, ...; None is no route."""
    wide = len(matrix[0]) if places is None else places
    names = [f"o{i}" for i in range(len(matrix))], [f"d{j}" for j in range(wide)]
    pairs = [(names[0][i], names[1][j], float(t)) for i, row in enumerate(matrix)
             for j, t in enumerate(row) if t is not None]  # fmt: skip
    frame = pd.DataFrame(pairs, columns=["origin", "destination", "minutes"])
    frame = frame.astype({"minutes": float})
    return TravelTimes.from_frame(frame, limit_min=60, origins=names[0], destinations=names[1])


def people(*amounts):
    return pd.Series(amounts, [f"o{i}" for i in range(len(amounts))], dtype=float)


def places(*amounts):
    return pd.Series(amounts, [f"d{j}" for j in range(len(amounts))], dtype=float)


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 53)), min_size=1, max_size=6))
def test_share_of_time_is_the_product_of_two_capped_parts(given_):
    hours, weeks = (pd.Series([pair[k] for pair in given_], dtype=float) for k in (0, 1))
    found = share_of_time(hours, reference_hours=35, weeks_per_year=weeks)
    assert found.tolist() == pytest.approx([min(h / 35, 1) * min(w / 52, 1) for h, w in given_])


def test_share_of_time_guesses_nothing():
    with pytest.raises(DataError):
        share_of_time(pd.Series([1.0, None]), reference_hours=35)


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), min_size=1, max_size=6),
       st.integers(0, 20), st.integers(0, 20))  # fmt: skip
def test_share_of_ages_counts_the_ages_in_common(ages, one, other):
    band = min(one, other), max(one, other)
    first, last = (pd.Series([pick(pair) for pair in ages]) for pick in (min, max))
    found = share_of_ages(first, last, band=band)
    of_band = set(range(band[0], band[1] + 1))
    expected = [
        len(of_band & set(range(min(pair), max(pair) + 1))) / (max(pair) - min(pair) + 1)
        for pair in ages
    ]
    assert found.tolist() == pytest.approx(expected)


def test_ages_the_wrong_way_round_are_refused():
    with pytest.raises(DataError):
        share_of_ages(pd.Series([12]), pd.Series([3]), band=(0, 2))


@given(st.lists(st.tuples(st.integers(0, 99), share, share), min_size=1, max_size=5))
def test_effective_supply_is_a_product(rows):
    capacity, one, two = (pd.Series([row[k] for row in rows], dtype=float) for k in range(3))
    found = effective_supply(capacity, one, two)
    assert found.tolist() == pytest.approx([c * a * b for c, a, b in rows])
    assert (found <= capacity + 1e-9).all()


def test_a_share_over_one_or_lacking_a_place_is_refused():
    with pytest.raises(DataError):
        effective_supply(places(10), places(1.2).rename("share_of_time"))
    with pytest.raises(UnknownCodeError):
        effective_supply(places(10, 20), places(1))


@FEW
@given(st.lists(st.lists(st.none() | st.integers(0, 60), min_size=2, max_size=2), min_size=1,
                max_size=5), st.lists(st.sampled_from("ABC"), min_size=5, max_size=5),
       st.sets(st.sampled_from("ABC")))  # fmt: skip
def test_admitting_drops_just_the_pairs_of_other_communes(matrix, live_in, admitted):
    times = land(matrix)
    residence = pd.Series(live_in[: len(matrix)], times.origins)
    found = admitting(times, residence, {"d0": admitted}).to_matrix()
    for i, row in enumerate(matrix):
        open_ = live_in[i] in admitted
        expected = [row[0] if open_ else None, row[1]]
        seen = [None if np.isinf(t) else t for t in found.iloc[i]]
        assert seen == [None if t is None else pytest.approx(t) for t in expected]


def test_admitting_keeps_conservation():
    times = admitting(land([[5], [5]]), pd.Series({"o0": "A", "o1": "B"}), {"d0": ["A"]})
    access = e2sfca(times, people(10, 30), places(20), decay=SHAPE).access
    assert access.tolist() == [2.0, 0.0]


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50), share), min_size=1, max_size=5))
def test_a_mixture_is_a_weighted_mean(rows):
    measures = pd.DataFrame(
        {"car": [r[0] for r in rows], "foot": [r[1] for r in rows]}, dtype=float
    )
    shares = pd.DataFrame({"car": [r[2] for r in rows], "foot": [1 - r[2] for r in rows]})
    assert mixture(measures, shares).tolist() == pytest.approx(
        [c * s + f * (1 - s) for c, f, s in rows]
    )


def test_a_mixture_keeps_what_is_unknown_and_refuses_shares_that_do_not_sum():
    measures = pd.DataFrame({"car": [0.5, 0.5], "foot": [np.nan, np.nan]})
    found = mixture(measures, pd.DataFrame({"car": [1.0, 0.5], "foot": [0.0, 0.5]}))
    assert found[0] == 0.5
    assert np.isnan(found[1])
    with pytest.raises(DataError):
        mixture(measures, pd.DataFrame({"car": [0.5, 0.5], "foot": [0.4, 0.5]}))


@FEW
@given(st.lists(st.lists(st.none() | st.integers(0, 60), min_size=4, max_size=4), min_size=1,
                max_size=4))  # fmt: skip
def test_reach_by_mode_is_the_least_of_each_and_of_all(rows):
    car, foot = [row[:2] for row in rows], [row[2:] for row in rows]
    found = reach_by_mode({"car": land(car), "foot": land(foot)})
    for i in range(len(rows)):
        least = [min((t for t in side[i] if t is not None), default=np.inf) for side in (car, foot)]
        told = found.iloc[i]
        assert [told["car"], told["foot"]] == pytest.approx(
            [t if t < np.inf else np.nan for t in least], nan_ok=True
        )
        if min(least) < np.inf:
            assert told["minutes"] == pytest.approx(min(least))
            assert told["mode"] == ("car" if least[0] <= least[1] else "foot")
        else:
            assert np.isnan(told["minutes"])
            assert pd.isna(told["mode"])


SHARED = [e2sfca, m2sfca, three_step, bfca]


def test_an_empty_theme_gives_nothing_and_says_so():
    times = land([[], []], places=0)
    for measure in SHARED:
        assert measure(times, people(1, 2), places(), decay=SHAPE).access.tolist() == [0, 0]
    assert gravity(times, places(), decay=SHAPE).tolist() == [0, 0]
    assert nearest(times)["minutes"].isna().all()
    assert raam(times, people(1, 2), places()).cost.isna().all()
    assert set(origin_outcomes(times, places(), decay=SHAPE)) == {"no_place"}
    assert site_outcomes(times, people(1, 2), places(), decay=SHAPE).empty


def test_nobody_anywhere_leaves_ratios_undefined():
    times = land([[5, 20], [20, 5]])
    for measure in SHARED:
        found = measure(times, people(0, 0), places(10, 10), decay=SHAPE)
        assert found.access.tolist() == [0, 0]
        assert found.ratio.isna().all()
    assert spatial_availability(times, people(0, 0), places(10, 10), decay=SHAPE)[
        "per_person"
    ].isna().all()  # fmt: skip
    assert raam(times, people(0, 0), places(10, 10)).load.tolist() == [0, 0]
    assert set(site_outcomes(times, people(0, 0), places(1, 1), decay=SHAPE)) == {"nobody"}
    assert set(origin_outcomes(times, places(1, 1), decay=SHAPE)) == {"served"}


def test_nothing_within_reach_and_a_place_nobody_can_reach():
    times = land([[50, None], [None, None]])
    for measure in SHARED:
        found = measure(times, people(1, 1), places(10, 10), decay=SHAPE)
        assert found.access.tolist() == [0, 0]
        assert found.ratio.isna().all()
    assert cumulative_supply(times, places(10, 10), within_min=30).tolist() == [0, 0]
    assert raam(times, people(1, 1), places(10, 10)).cost.isna().tolist() == [False, True]
    assert set(origin_outcomes(times, places(1, 1), decay=SHAPE)) == {"none_in_reach"}
    assert set(site_outcomes(times, people(1, 1), places(1, 1), decay=SHAPE)) == {"unreached"}


def test_places_that_offer_nothing():
    times = land([[5]])
    assert origin_outcomes(times, places(0), decay=SHAPE).tolist() == ["no_supply"]
    assert site_outcomes(times, people(3), places(0), decay=SHAPE).tolist() == ["no_supply"]
    assert e2sfca(times, people(3), places(0), decay=SHAPE).ratio.tolist() == [0]
    assert raam(times, people(3), places(0)).cost.isna().all()


def test_one_commune_with_one_place():
    times, children, offer = land([[0]]), people(40), places(10)
    found = side_by_side(times, children, offer, decay=SHAPE).iloc[0]
    assert found.to_dict() == pytest.approx({
        "nearest_min": 0, "third_nearest_min": np.nan, "cumulative": 10, "gravity": 10,
        "two_step": 0.25, "e2sfca": 0.25,
        "m2sfca": 0.25, "three_step": 0.25, "bfca": 0.25, "raam": 1,
        "spatial_availability": 10,
    }, nan_ok=True)  # fmt: skip


def test_side_by_side_is_each_measure_by_itself():
    times, children, offer = land([[5, 20], [20, None], [None, 40]]), people(9, 3, 2), places(4, 8)
    found = side_by_side(times, children, offer, decay=SHAPE)
    for measure in SHARED:
        alone = measure(times, children, offer, decay=SHAPE).access
        assert found[measure.__name__].tolist() == alone.tolist()
    assert found["two_step"].tolist() == two_step(
        times, children, offer, reach_min=30
    ).access.tolist()  # fmt: skip
    assert found["raam"].tolist() == raam(times, children, offer).cost.tolist()


RULES = [
    FlatRule(kind="flat", reach_min=15),
    StepsRule(kind="steps", bounds_min=(5, 10, 15), weights=(1, 0.68, 0.22)),
    GaussianRule(kind="gaussian", reach_min=15),
    ExponentialRule(kind="exponential", reach_min=15, per_min=0.1),
    PowerRule(kind="power", reach_min=15, exponent=1.5, from_min=2),
    LogisticRule(kind="logistic", reach_min=15, half_min=8, spread_min=2),
]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.kind)
def test_a_decay_falls_from_at_most_one_to_zero_beyond_its_reach(rule):
    minutes = np.arange(0, 30_000_0 // 5 + 1) / 2000  # up to 30 min, by 30 ms
    weight = from_rule(rule)(minutes)
    assert ((weight >= 0) & (weight <= 1)).all()
    assert (np.diff(weight) <= 0).all()
    assert (weight[minutes <= 15] > 0).all()
    assert (weight[minutes > 15] == 0).all()
    assert weight[0] == pytest.approx(1, abs=0.02)
