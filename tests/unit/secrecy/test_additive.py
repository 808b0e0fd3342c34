"""Sums that nobody declared: by ages, and in the numbers."""

import numpy as np
import pandas as pd

from ctg_geo.contracts import Band
from ctg_geo.parameters import RULES
from ctg_geo.secrecy.additive import additive
from ctg_geo.secrecy.figures import Figure

NAN = float("nan")


def figure(name, ages=None):
    return Figure(name, name, "2026", 1.0, "caf", RULES["caf"], False, "f.csv", 5,
                  frozenset(), None if ages is None else Band(*ages))  # fmt: skip


def taken(figures, table, declared=()):
    found = additive(figures, pd.DataFrame(table, index=list("abcde")), declared)
    return {each.total: dict(each.parts) for each in found if each.taken}


COLUMNS = {"x": [31, 40, 52, 63, NAN], "y": [17, 29, 8, 77, 12], "z": [48, 69, 60, 140, 20]}


def test_columns_that_add_up_are_a_sum_without_a_word():
    assert taken([figure(name) for name in "xyz"], COLUMNS) == {"z": {"x": 1.0, "y": 1.0}}


def test_a_declared_sum_is_not_found_again():
    assert not taken([figure(name) for name in "xyz"], COLUMNS, [("z", ["x", "y"])])


def test_other_columns_are_no_sum():
    assert not taken([figure(name) for name in "xyz"], {**COLUMNS, "z": [49, 70, 99, 150, 20]})


def test_a_sum_that_fails_once_is_doubted_aloud():
    found = additive([figure(name) for name in "xyz"], pd.DataFrame(
        {**COLUMNS, "z": [48, 69, 60, 150, 20]}, index=list("abcde")), [])  # fmt: skip
    (doubt,) = found
    assert (doubt.taken, doubt.holds, doubt.differs) == (False, 3, ("d",))


def test_a_sum_that_fails_as_often_as_not_is_none():
    table = pd.DataFrame({**COLUMNS, "z": [48, 69, 99, 150, 20]}, index=list("abcde"))
    assert not additive([figure(name) for name in "xyz"], table, [])


def test_a_column_of_zeros_adds_nothing():
    none = {"x": [0.0] * 5, "y": COLUMNS["y"], "z": COLUMNS["y"]}
    assert not taken([figure(name) for name in "xyz"], none)


def test_bands_make_a_wider_one_though_no_commune_is_known_whole():
    hidden = {"x": [NAN] * 5, "y": COLUMNS["y"], "z": COLUMNS["z"]}
    figures = [figure("x", (0, 2)), figure("y", (3, 5)), figure("z", (0, 5))]
    assert taken(figures, hidden) == {"z": {"x": 1.0, "y": 1.0}}


def test_bands_that_overlap_are_a_difference():
    rng = np.random.default_rng(1)
    years = {age: rng.integers(5, 40, 5) for age in range(12)}

    def ages(low, high):
        return sum(years[age] for age in range(low, high + 1)).astype(float)

    table = {"a": ages(0, 2), "b": ages(6, 11), "c": ages(0, 5), "d": ages(3, 11)}
    figures = [figure("a", (0, 2)), figure("b", (6, 11)), figure("c", (0, 5)), figure("d", (3, 11))]
    # 3-11 = 0-5 less 0-2, and 6-11: no band is made of others
    assert taken(figures, table)["d"] == {"c": 1.0, "a": -1.0, "b": 1.0}


def test_ages_of_other_people_are_no_sum():
    figures = [figure("x", (0, 2)), figure("y", (3, 5)), figure("z", (0, 5))]
    assert not taken(figures, {**COLUMNS, "z": [500, 600, 700, 800, 900]})


def test_a_total_of_more_figures_than_are_tried_in_all_ways_is_seen():
    """Seven ages and their total, which says none; one commune differs, one has a hidden count."""
    rng = np.random.default_rng(4)
    codes = [f"c{at:02}" for at in range(14)]
    ages = pd.DataFrame(rng.integers(5, 60, (14, 7)).astype(float), index=codes,
                        columns=[f"age_{at}" for at in range(7)])  # fmt: skip
    table = ages.assign(other=rng.integers(5, 60, 14).astype(float), all=ages.sum(axis=1))
    table.loc["c03", "all"] += 11
    table.loc["c05", "age_2"] = NAN
    found = additive([figure(name) for name in table], table, [])
    (whole,) = [each for each in found if each.taken]
    assert (whole.total, set(whole.parts)) == ("all", set(ages))
    assert whole.differs == ("c03",)


def test_no_sum_is_seen_among_figures_that_are_none():
    rng = np.random.default_rng(5)
    for _ in range(20):
        table = pd.DataFrame(rng.integers(5, 60, (30, 8)).astype(float),
                             columns=list("abcdefgh"))  # fmt: skip
        table["all"] = rng.integers(200, 400, 30).astype(float)
        assert not additive([figure(name) for name in table], table, [])
