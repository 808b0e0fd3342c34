"""Laws of the measures beyond E2SFCA, each against plain loops and its conservation."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ctg_geo import TravelTimes
from ctg_geo.access import (
    Care,
    Sharing,
    added_access,
    bfca,
    e2sfca,
    e2sfca_by_mode,
    gravity,
    k_nearest,
    least_times,
    m2sfca,
    raam,
    rule_of,
    spatial_availability,
    three_step,
)
from ctg_geo.access.decay import exponential, flat, gaussian, logistic, power, steps
from ctg_geo.access.weights import compiled_weights, plain_weights
from ctg_geo.parameters import SHARED_MEASURES

DECAYS = [
    steps([5, 10, 15], [1, 0.68, 0.22]),
    gaussian(15, at_reach=0.1),
    exponential(15, per_min=0.1),
    power(15, exponent=1),
    logistic(15, half_min=8, spread_min=4),
]
FEW = settings(deadline=None, max_examples=40)


@st.composite
def lands(draw):
    """Draw times in minutes (absent pairs are None), people, places, and a decay."""
    rows, columns = draw(st.integers(1, 4)), draw(st.integers(1, 3))
    minutes = st.none() | st.integers(0, 1_200_000).map(lambda ms: ms / 60_000)
    matrix = [[draw(minutes) for _ in range(columns)] for _ in range(rows)]
    people = [float(draw(st.integers(0, 50))) for _ in range(rows)]
    places = [float(draw(st.integers(0, 50))) for _ in range(columns)]
    return matrix, people, places, draw(st.sampled_from(DECAYS))


def tables(matrix, people, places):
    names = [f"o{i}" for i in range(len(people))], [f"d{j}" for j in range(len(places))]
    pairs = [
        (names[0][i], names[1][j], t)
        for i, row in enumerate(matrix)
        for j, t in enumerate(row)
        if t is not None
    ]
    frame = pd.DataFrame(pairs, columns=["origin", "destination", "minutes"])
    times = TravelTimes.from_frame(
        frame.astype({"minutes": float}), limit_min=30, origins=names[0], destinations=names[1]
    )
    return times, pd.Series(people, names[0]), pd.Series(places, names[1])


def by_loops(land):
    """Each measure as its authors write it."""
    matrix, people, places, decay = land
    rows, columns = range(len(people)), range(len(places))
    w = [[0.0 if t is None else float(decay(t)) for t in row] for row in matrix]
    of_row = [sum(w[i]) for i in rows]
    of_column = [sum(w[i][j] for i in rows) for j in columns]

    def part(above, below):
        return above / below if below > 0 else 0.0

    chosen = [[part(w[i][j], of_row[i]) for j in columns] for i in rows]

    def shared(first, second):
        ratio = [part(places[j], sum(first[i][j] * people[i] for i in rows)) for j in columns]
        return [sum(second[i][j] * ratio[j] for j in columns) for i in rows]

    square = [[w[i][j] ** 2 for j in columns] for i in rows]
    third = [[chosen[i][j] * w[i][j] for j in columns] for i in rows]
    level = [[part(w[i][j], of_column[j]) for j in columns] for i in rows]
    return {
        gravity: [sum(w[i][j] * places[j] for j in columns) for i in rows],
        m2sfca: shared(w, square),
        three_step: shared(third, third),
        bfca: shared(chosen, level),
    }


@FEW
@given(lands())
def test_measures_equal_plain_loops(land):
    times, people, places = tables(*land[:3])
    expected = by_loops(land)
    found = gravity(times, places, decay=land[3])
    assert found.tolist() == pytest.approx(expected[gravity], rel=1e-9)
    for measure in (m2sfca, three_step, bfca):
        access = measure(times, people, places, decay=land[3]).access
        assert access.tolist() == pytest.approx(expected[measure], rel=1e-9)


@FEW
@given(lands())
def test_what_each_measure_conserves(land):
    times, people, places = tables(*land[:3])
    third = three_step(times, people, places, decay=land[3])
    used = places[third.ratio.notna()].sum()
    assert (third.access * people).sum() == pytest.approx(used)
    assert (m2sfca(times, people, places, decay=land[3]).access * people).sum() <= used + 1e-9
    balanced = bfca(times, people, places, decay=land[3])
    assert balanced.access.sum() == pytest.approx(balanced.ratio.sum())
    available = spatial_availability(times, people, places, decay=land[3])
    assert available["available"].sum() == pytest.approx(used)
    access = e2sfca(times, people, places, decay=land[3]).access
    there = people > 0
    assert available["per_person"][there].tolist() == pytest.approx(access[there].tolist())
    assert available["per_person"][~there].isna().all()


@FEW
@given(lands(), st.sampled_from([m2sfca, three_step]))
def test_splitting_an_origin_changes_nothing(land, measure):
    matrix, people, places, decay = land
    before = measure(*tables(matrix, people, places), decay=decay).access
    parts = [people[0] / 4, *people[1:], people[0] * 3 / 4]
    after = measure(*tables([*matrix, matrix[0]], parts, places), decay=decay).access
    assert after.iloc[:-1].tolist() == pytest.approx(before.tolist())


def test_splitting_an_origin_changes_bfca():
    one = bfca(*tables([[1], [1]], [10, 10], [10]), decay=DECAYS[0]).access
    two = bfca(*tables([[1], [1], [1]], [5, 10, 5], [10]), decay=DECAYS[0]).access
    assert one.tolist() == pytest.approx([0.25, 0.25])  # 10 / 20, halved between two origins
    assert two.tolist() == pytest.approx([1 / 6] * 3)


def test_an_opening_may_take_access_away_in_3sfca():
    # o1 leaves a part of its weight at d1, which it used alone, to a new d2 of next to nothing
    before = three_step(*tables([[1, None], [1, 1]], [10, 10], [10, 10]), decay=DECAYS[0]).access
    after = three_step(
        *tables([[1, None, None], [1, 1, 1]], [10, 10], [10, 10, 0.01]), decay=DECAYS[0]
    ).access
    assert (after < before - 1e-3).any()


@FEW
@given(lands(), st.integers(1, 20), st.sampled_from([m2sfca, bfca]))
def test_an_opening_lowers_no_access_in_m2sfca_and_bfca(land, minutes, measure):
    matrix, people, places, decay = land
    before = measure(*tables(matrix, people, places), decay=decay).access
    wider = [[*row, float(minutes) if i == 0 else None] for i, row in enumerate(matrix)]
    after = measure(*tables(wider, people, [*places, 5.0]), decay=decay).access
    assert (after >= before - 1e-9 * (1 + before)).all()


@FEW
@given(lands())
def test_compiled_weights_give_the_very_sums_of_plain_ones_on_any_number_of_cores(land):
    times, people, places = tables(*land[:3])
    plain, fast = plain_weights(times, land[3]), compiled_weights(times, land[3])
    for cores in ("1", "3"):
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("CTG_GEO_THREADS", cores)
            for one, two in ((plain, fast), (plain.squared(), fast.squared())):
                for name, amount in (("to_sites", people), ("to_homes", places)):
                    given = amount.to_numpy()
                    expected = getattr(one, name)(given)
                    assert getattr(two, name)(given).tobytes() == expected.tobytes()


@FEW
@given(lands())
def test_nobody_gains_by_another_choice(land):
    times, people, places = tables(*land[:3])
    found = raam(times, people, places, people_per_unit=1.0)
    cost = (
        times.to_matrix().to_numpy() / 60
        + (found.load / places.where(places > 0)).fillna(np.inf).to_numpy()
    )
    least = np.where(np.isfinite(cost.min(axis=1)), cost.min(axis=1), np.nan)
    assert found.cost.tolist() == pytest.approx(least.tolist(), nan_ok=True)
    assert found.load.sum() == pytest.approx(people[found.cost.notna()].sum())
    assert found.excess <= 1e-6


def settled_costs(land, people, places):
    found = raam(*tables(land[0], people, places), people_per_unit=2.0, tolerance=1e-10)
    return found.cost.to_numpy()


@FEW
@given(lands(), st.integers(1, 30))
def test_raam_more_people_lower_no_cost_and_more_supply_raises_none(land, more):
    _, people, places, _ = land
    before = settled_costs(land, people, places)
    crowded = settled_costs(land, [people[0] + more, *people[1:]], places)
    known = np.isfinite(before)
    assert (crowded[known] >= before[known] - 1e-3).all()
    eased = settled_costs(land, people, [places[0] + more, *places[1:]])
    assert (eased[known] <= before[known] + 1e-3).all()


@FEW
@given(lands())
def test_raam_knows_no_origins_nor_units_of_supply(land):
    matrix, people, places, _ = land
    before = settled_costs(land, people, places)
    parts = [people[0] / 4, *people[1:], people[0] * 3 / 4]
    after = settled_costs(([*matrix, matrix[0]],), parts, places)
    assert after[:-1] == pytest.approx(before, abs=1e-3, nan_ok=True)
    once, twice = (
        raam(*tables(matrix, people, [k * each for each in places]), tolerance=1e-10).cost
        for k in (1, 2)
    )
    assert twice.tolist() == pytest.approx(once.tolist(), abs=1e-3, nan_ok=True)


def test_raam_a_shorter_time_may_cost_others_more():
    # o0 leaves d0 for d1 once that is near, and crowds it for o1, who has no other
    far, near = (
        raam(*tables([[10, t], [None, 5]], [10, 10], [10, 10]), people_per_unit=1.0).cost
        for t in (29, 1)
    )
    assert near["o0"] < far["o0"]
    assert near["o1"] > far["o1"] + 0.05


@pytest.mark.parametrize("seed", range(12))
def test_raam_settles_where_choices_are_nearly_alike(seed):
    # sites of very unlike size, milliseconds apart: sweeps alone would take millions of rounds
    rng = np.random.default_rng(seed)
    rows, columns = rng.integers(2, 8), rng.integers(2, 7)
    minutes = 10 + rng.integers(0, 300, (rows, columns)) / 60_000
    places = 10.0 ** rng.uniform(-2, 4, columns)
    times, people, supply = tables(minutes.tolist(), rng.integers(1, 50, rows) * 1.0, places)
    found = raam(times, people, supply)
    assert found.excess <= 1e-6
    assert found.load.sum() == pytest.approx(people.sum())


@FEW
@given(lands())
def test_k_nearest_are_the_first_of_all_sorted(land):
    times, _, _ = tables(*land[:3])
    found = k_nearest(times, k=2)["minutes"].to_numpy().reshape(-1, 2)
    for i, row in enumerate(land[0]):
        known = [*sorted(t for t in row if t is not None), np.nan, np.nan][:2]
        assert found[i].tolist() == pytest.approx(known, nan_ok=True)


@FEW
@given(lands())
def test_modes_add_compete_and_conserve(land):
    times, people, places = tables(*land[:3])
    care = Care(times, places, land[3])
    one = e2sfca(times, people, places, decay=land[3])
    both = added_access(people, {"creche": care, "other": care})
    assert both["access"].tolist() == pytest.approx((2 * one.access).tolist())
    demand = pd.DataFrame({"car": people, "foot": people / 2})
    decays = {"car": land[3], "foot": land[3]}
    modal = e2sfca_by_mode({"car": times, "foot": times}, demand, places, decays=decays)
    used = places[modal.ratio.notna()].sum()
    assert (modal.access * demand).sum().sum() == pytest.approx(used)
    slower = times.scaled(2.0).within(30)
    assert least_times({"a": slower, "b": times}).to_frame().equals(times.to_frame())


def test_spatial_availability_is_as_published():
    # Soukhov et al. (2023), as asserted by the R package accessibility
    matrix = [[15, 30, 100], [30, 15, 100], [100, 100, 15]]
    names = ["A", "B", "C"], ["1", "2", "3"]
    pairs = [(a, b, t) for a, row in zip(names[0], matrix, strict=True)
             for b, t in zip(names[1], row, strict=True)]  # fmt: skip
    frame = pd.DataFrame(pairs, columns=["origin", "destination", "minutes"])
    found = spatial_availability(
        TravelTimes.from_frame(frame, limit_min=None),
        pd.Series({"A": 50_000, "B": 150_000, "C": 10_000}),
        pd.Series({"1": 100_000, "2": 100_000, "3": 10_000}),
        decay=exponential(np.inf, per_min=0.1),
    )
    assert found["available"].round().tolist() == [66_833, 133_203, 9_963]


@FEW
@given(lands(), st.data())
def test_modes_of_one_sharing_are_those_measured_apart_and_added(land, data):
    matrix, people, places, decay = land
    times, demand, supply = tables(matrix, people, places)
    names = ["creche", "other"]
    care = pd.Series(
        [data.draw(st.sampled_from(names)) for _ in places], supply.index, dtype=object
    )
    decays = {"creche": decay, "other": flat(25)}
    rules = {name: rule_of("e2sfca", decays[name]) for name in names}
    found = Sharing(rules, care).catchment(times, demand, supply)
    apart = added_access(demand, {
        name: Care(times.to_destinations((care == name).to_numpy()), supply[care == name],
                   decays[name])
        for name in names
    })  # fmt: skip
    assert found.access.to_numpy() == pytest.approx(apart["access"].to_numpy())
    assert found.parts[names].to_numpy() == pytest.approx(apart[names].to_numpy())
    unused = supply[found.ratio.isna().to_numpy()].sum()
    assert (found.access * demand).sum() + unused == pytest.approx(supply.sum())


@FEW
@given(lands(), st.sampled_from(SHARED_MEASURES))
def test_the_two_sums_over_pairs_are_the_measure(land, measure):
    matrix, people, places, decay = land
    times, demand, supply = tables(matrix, people, places)
    rule = rule_of(measure, decay)
    pairs, offer = rule.used(times), supply.to_numpy()
    reached = np.bincount(pairs.to, demand.to_numpy()[pairs.row] * pairs.come, len(offer))
    ratio = np.divide(offer, reached, out=np.zeros_like(offer), where=reached > 0)
    access = np.bincount(pairs.row, ratio[pairs.to] * pairs.use, len(demand))
    assert access == pytest.approx(rule.catchment(times, demand, supply).access.to_numpy())
