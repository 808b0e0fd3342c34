"""What holds for every gap, verdict and decay."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ctg_geo.access import decay
from ctg_geo.gap import agreement, concerned, missing_supply, poverty, score, time_score

quick = settings(deadline=None, max_examples=40, derandomize=True)
level = st.integers(0, 100).map(lambda percent: percent / 100)
areas = st.lists(st.tuples(level, st.integers(0, 300)), min_size=1, max_size=8).map(
    lambda rows: (
        pd.Series([access for access, _ in rows], [f"c{i}" for i in range(len(rows))]),
        pd.Series([float(people) for _, people in rows], [f"c{i}" for i in range(len(rows))]),
    )
)
norms = st.integers(1, 100).map(lambda percent: percent / 100)
minutes = st.lists(st.none() | st.floats(0, 200), min_size=1, max_size=8).map(
    lambda values: pd.Series([np.nan if v is None else v for v in values], dtype=float)
)


@quick
@given(areas, norms)
def test_something_is_missing_exactly_where_people_are_below_the_norm(area, norm):
    access, people = area
    missing = missing_supply(access, people, norm=norm)
    assert ((missing > 0) == ((access < norm) & (people > 0))).all()
    assert (missing >= 0).all()


@quick
@given(areas, norms)
def test_depth_times_norm_times_people_is_what_is_missing(area, norm):
    access, people = area
    assume(people.sum() > 0)
    depth = poverty(access, people, norm=norm, power=1)
    total = missing_supply(access, people, norm=norm).sum()
    assert depth * norm * people.sum() == pytest.approx(total)


@quick
@given(areas, norms)
def test_power_0_is_the_share_of_those_concerned(area, norm):
    access, people = area
    assume(people.sum() > 0)
    share = poverty(access, people, norm=norm, power=0)
    assert share == pytest.approx(concerned(access < norm, people).sum() / people.sum())


@quick
@given(areas, norms)
def test_severity_depth_and_share_are_in_that_order_between_0_and_1(area, norm):
    access, people = area
    assume(people.sum() > 0)
    share, depth, severity = (poverty(access, people, norm=norm, power=a) for a in (0, 1, 2))
    assert 0 <= severity <= depth + 1e-12
    assert depth <= share + 1e-12
    assert share <= 1 + 1e-12


@quick
@given(areas, norms, norms)
def test_a_higher_norm_never_shrinks_a_gap(area, one, two):
    access, people = area
    low, high = sorted((one, two))
    assert (
        missing_supply(access, people, norm=high) >= missing_supply(access, people, norm=low)
    ).all()
    assert (score(access, norm=high) >= score(access, norm=low)).all()


@quick
@given(areas, norms)
def test_the_score_is_0_exactly_where_the_norm_is_met_and_100_where_nothing_is(area, norm):
    access, _ = area
    points = score(access, norm=norm)
    assert points.between(0, 100).all()
    assert ((points == 0) == (access >= norm)).all()
    assert ((points == 100) == (access == 0)).all()


@quick
@given(minutes, st.floats(1, 100))
def test_the_score_of_a_time_is_0_exactly_within_the_norm_and_grows_with_it(value, within):
    points = time_score(value, within_min=within)
    assert points.between(0, 100).all()
    assert (points[value <= within] == 0).all()
    assert (points[value > within * (1 + 1e-9)] > 0).all()
    assert (points[value.isna()] == 100).all()
    ranked = points[value.dropna().sort_values().index]
    assert (ranked.diff().dropna() >= 0).all()


@quick
@given(areas, norms, st.randoms(use_true_random=False))
def test_the_order_of_the_tables_does_not_matter(area, norm, random):
    access, people = area
    order = random.sample(list(access.index), len(access))
    first = missing_supply(access, people, norm=norm)
    assert missing_supply(access, people[order], norm=norm).equals(first)
    assert missing_supply(access[order], people, norm=norm)[first.index].equals(first)


verdicts = st.lists(st.booleans(), min_size=4, max_size=4).map(pd.Series)


@quick
@given(verdicts, st.lists(verdicts, min_size=1, max_size=5))
def test_agreement_is_a_share_and_turns_round_with_the_verdict(verdict, variants):
    found = agreement(verdict, variants)
    assert found.between(0, 1).all()
    assert (found + agreement(~verdict, variants)).tolist() == pytest.approx([1] * 4)
    assert (agreement(verdict, [verdict, verdict]) == 1).all()


decays = st.one_of(
    st.floats(1, 60).map(decay.flat),
    st.tuples(st.floats(1, 60), st.floats(0.01, 0.9)).map(
        lambda pair: decay.gaussian(pair[0], at_reach=pair[1])
    ),
    st.lists(st.integers(1, 60), min_size=1, max_size=4, unique=True).map(
        lambda bounds: decay.steps(sorted(bounds), [1 / (k + 1) for k in range(len(bounds))])
    ),
)


@quick
@given(decays, st.lists(st.floats(0, 120), min_size=1, max_size=20))
def test_a_weight_is_a_share_that_never_grows_with_time(shape, drawn):
    times = np.sort(drawn)
    weight = shape(times)
    assert ((weight >= 0) & (weight <= 1)).all()
    assert (np.diff(weight) <= 1e-12).all()
    assert (weight[times > shape.reach_min] == 0).all()
    assert (shape([0.0, shape.reach_min]) > 0).all()
    assert shape([0.0]).tolist() == [1]
