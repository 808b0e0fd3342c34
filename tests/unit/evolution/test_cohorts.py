"""Cohorts: laws, a twin that follows each birth year on its own, and hand-worked cases."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from ctg_geo.contracts import Band
from ctg_geo.evolution import OLDEST, aged, births_ahead, newcomers, of_ages

AGES = OLDEST + 1
COUNTS = st.floats(0, 1000)


def ageing(start, births, *, survival=1.0, migration=None, arrivals=None):
    communes, years = births.shape
    return aged(
        start, births, survival=survival,
        migration=np.zeros(communes) if migration is None else migration,
        arrivals=np.zeros((communes, years, AGES)) if arrivals is None else arrivals,
    )  # fmt: skip


STARTS = hnp.arrays(float, (2, AGES), elements=COUNTS)
BIRTHS = hnp.arrays(float, (2, 6), elements=COUNTS)


@given(STARTS, BIRTHS)
def test_without_deaths_and_moves_cohorts_only_shift_and_nobody_is_lost(start, births):
    people = ageing(start, births)
    for year in range(births.shape[1]):
        now, then = people[:, year], people[:, year + 1]
        assert np.array_equal(then[:, 1:OLDEST], now[:, : OLDEST - 1])
        assert np.array_equal(then[:, OLDEST], now[:, OLDEST] + now[:, OLDEST - 1])
        assert np.array_equal(then[:, 0], births[:, year])
        assert np.allclose(then.sum(axis=1), now.sum(axis=1) + births[:, year])


@given(STARTS)
def test_without_births_the_young_of_a_year_are_those_one_year_younger_before(start):
    people = ageing(start, np.zeros((2, 3)))
    for year in (1, 2, 3):
        assert np.allclose(of_ages(people[:, year], Band(3, 9)),
                           of_ages(start, Band(3 - year, 9 - year)))  # fmt: skip
    assert np.allclose(of_ages(people, Band(0, 120)), start.sum(axis=1)[:, None])


@given(
    STARTS, BIRTHS, st.floats(0.9, 1), hnp.arrays(float, 2, elements=st.floats(-0.1, 0.1)),
    hnp.arrays(float, (2, 6, AGES), elements=st.floats(0, 20)),
)  # fmt: skip
def test_the_same_by_following_each_cohort_on_its_own(start, births, survival, rate, arrivals):
    """A twin that knows no ages: a cohort is the list of those who joined it, and when."""
    made = ageing(start, births, survival=survival, migration=rate, arrivals=arrivals)
    for commune in range(2):
        kept = survival * (1 + rate[commune])
        for age in (0, 1, 2, 5, 40):
            for year in range(1, 7):
                born = year - age  # 0: the year of the start
                joined = [(born, births[commune, born - 1])] if born > 0 else [
                    (0, start[commune, -born])
                ]  # fmt: skip
                joined += [(at, arrivals[commune, at - 1, at - born])
                           for at in range(max(born, 1), year + 1)]  # fmt: skip
                expected = sum(count * kept ** (year - at) for at, count in joined)
                assert made[commune, year, age] == pytest.approx(expected, rel=1e-9, abs=1e-9)


def test_children_under_3_are_the_births_of_the_year_and_of_the_two_before():
    births = np.array([[11.0, 12, 13, 14, 15]])
    people = ageing(np.zeros((1, AGES)), births)
    assert of_ages(people, Band(0, 2))[0].tolist() == [0, 11, 23, 36, 39, 42]


def test_what_is_unknown_stays_in_its_cohort():
    start = np.full((1, AGES), np.nan)
    start[0, 0] = 5
    under_3 = of_ages(ageing(start, np.full((1, 3), 7.0)), Band(0, 2))[0]
    assert np.isnan(under_3[:2]).all()
    assert under_3[2:].tolist() == [19, 21]


BY_YEAR = pd.DataFrame({2020: [10.0, 4.0], 2021: [13.0, 2.0], 2022: [13.0, 0.0]}, index=["a", "b"])


def test_a_trend_is_the_least_squares_line_and_stops_at_nothing():
    made = births_ahead(BY_YEAR, 2024, kind="trend", years=3, factor=1)
    slope, level = np.polyfit([2020, 2021, 2022], BY_YEAR.loc["a"], 1)
    assert made.loc["a", 2024] == pytest.approx(slope * 2024 + level)
    assert made.loc["b", [2023, 2024]].tolist() == [0, 0]
    assert made[BY_YEAR.columns].equals(BY_YEAR)


def test_a_mean_of_known_years_only_and_a_factor_of_the_years_after_only():
    unknown = BY_YEAR.copy()
    unknown.loc["b", 2021] = np.nan
    made = births_ahead(unknown, 2023, kind="constant", years=2, factor=2)
    assert made.loc["a"].tolist() == [10, 13, 13, 26]
    assert np.isnan(made.loc["b", 2023])


@given(hnp.arrays(float, (2, 3), elements=COUNTS), st.floats(0, 2), st.floats(0, 2))
def test_the_people_of_new_homes_are_all_there(dwellings, young, old):
    made = newcomers(dwellings, {Band(0, 2): young, Band(80, 120): old})
    assert np.allclose(made.sum(axis=2), dwellings * (young + old))
    assert np.allclose(made[..., 0], dwellings * young / 3)
