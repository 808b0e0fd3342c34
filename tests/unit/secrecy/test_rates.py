"""Rates on secret figures, and classes that would tell them."""

import numpy as np
import pandas as pd
import pytest

from ctg_geo import contracts
from ctg_geo.parameters import RULES
from ctg_geo.secrecy import (
    Cell,
    Sum,
    Suppression,
    assembled,
    betraying,
    count_cell,
    rates,
    suppress,
)


def test_a_rate_has_the_worst_status_of_its_two_figures():
    index = list("abcdef")
    numerator = pd.Series([5.0, 5, 5, 5, None, 0], index=index)
    denominator = pd.Series([10.0, None, 0, 20, 10, 10], index=index)
    said = pd.Series(contracts.OBSERVED, index=index)
    below = said.copy()
    below["b"], below["d"] = contracts.SECRET, contracts.ESTIMATED
    above = said.copy()
    above["e"] = contracts.NOT_AVAILABLE
    found = rates(numerator, denominator, numerator_status=above, denominator_status=below)
    assert found["status"].tolist() == [
        "observed", "secret", "not_applicable", "estimated", "not_available", "observed",
    ]  # fmt: skip
    assert found["rate"].tolist()[::5] == [0.5, 0.0]
    assert found["rate"].isna().tolist() == [False, True, True, False, True, False]


def test_a_class_that_narrows_a_secret_is_hidden():
    # 8 places; 2 children are 400 per 100: of a class 300-500, 1,6 to 2,7 children
    found = suppress(assembled([count_cell(name, 2.0, RULES["caf"]) for name in "ab"], []))
    classes = pd.DataFrame({"low": [3.0, 0.5], "high": [5.0, float("inf")]}, index=["a", "b"])
    places = pd.Series({"a": 8.0, "b": 8.0})
    assert betraying(found, places, classes).tolist() == [True, False]


def test_classes_that_are_safe_alone_but_not_together_are_all_hidden():
    cells = [count_cell("a", 3.0, RULES["caf"]), count_cell("b", 20.0, RULES["caf"]),
             count_cell("all", 23.0, RULES["caf"])]  # fmt: skip
    found = suppress(assembled(cells, [Sum("all", {"a": 1, "b": 1})]))
    # the class of b, of whom 10 have a place: 0,5 to 0,51 makes 19,6 to 20; a is 3 to 3,4
    classes = pd.DataFrame({"low": [0.5], "high": [0.51]}, index=["b"])
    assert betraying(found, pd.Series({"b": 10.0}), classes).tolist() == [True]


STATUSES = (
    contracts.OBSERVED, contracts.ESTIMATED, contracts.NOT_APPLICABLE, contracts.NOT_AVAILABLE,
    contracts.SECRET,
)  # fmt: skip


@pytest.mark.parametrize("below", range(5))
@pytest.mark.parametrize("above", range(5))
def test_the_worst_of_two_statuses_is_that_of_the_rate_and_only_the_best_two_are_told(above, below):
    one = pd.Series([3.0], ["a"])
    found = rates(one, one * 4, numerator_status=pd.Series([STATUSES[above]], ["a"]),
                  denominator_status=pd.Series([STATUSES[below]], ["a"]))  # fmt: skip
    assert found["status"].tolist() == [STATUSES[max(above, below)]]
    told = found["rate"].dropna().tolist()
    assert told == ([0.25] if max(above, below) < 2 else [])


@pytest.mark.parametrize(("status", "said"), [
    (contracts.ESTIMATED, contracts.NOT_APPLICABLE), (contracts.SECRET, contracts.SECRET),
])  # fmt: skip
def test_a_rate_on_nobody_is_without_object_unless_that_is_secret(status, said):
    one, none = pd.Series([3.0], ["a"]), pd.Series([0.0], ["a"])
    told = pd.Series([contracts.OBSERVED], ["a"])
    found = rates(
        one, none, numerator_status=told, denominator_status=told.replace(told["a"], status)
    )
    assert found["status"].tolist() == [said]
    assert found["rate"].isna().all()


def classed(low, high, *, top=8.0, told=None, secret=True):
    """Tell whether the class of top per head betrays a, of 1 to 4, or b beside it."""
    cells = [Cell("a", 2.0, 1.0, 4.0, secret=secret), Cell("b", 20.0, 5.0)]
    cells += [Cell("t", 22.0, fixed=True, told=told)] if told else []
    sums = [Sum("t", {"a": 1.0, "b": 1.0})] if told else []
    table = assembled(cells, sums)
    nan = [np.nan] * (len(cells) - 1)
    need = np.array([1.0, *nan]), np.array([4.0, *nan])
    hidden = np.array([True, True, False][: len(cells)])
    found = Suppression(table, hidden, need, "exact")
    classes = pd.DataFrame({"low": [low], "high": [high]}, index=["b" if told else "a"])
    return bool(betraying(found, pd.Series({"a": top, "b": top}), classes)[0])


INF = float("inf")


@pytest.mark.parametrize(
    ("low", "high", "tells"),
    [
        (2.0, 8.0, False),  # 1 to 4
        (2.0, 7.9, True),  # 1,01 to 4
        (2.1, 8.0, True),  # 1 to 3,8
        (0.0, 8.0, False), (0.5, 8.0, False), (2.0, INF, False), (0.0, INF, False),
        (2.1, INF, True), (0.0, 7.9, True),
        (2.0 + 1e-7, 8.0, False), (2.0, 8.0 - 1e-6, False), (2.0 + 1e-5, 8.0, True),
        (2.0, 8.0 - 1e-4, True),
    ],
)  # fmt: skip
def test_a_class_tells_a_secret_between_its_two_bounds(low, high, tells):
    assert classed(low, high) == tells


def test_a_class_of_no_secret_figure_tells_what_it_likes():
    assert classed(3.9, 4.1, secret=False) is False


@pytest.mark.parametrize(
    ("low", "high", "tells"),
    [
        (8 / 21, 8 / 18, False),  # 18 to 21 of 22
        (8 / 21, 8 / 18.1, True),
        (8 / 20.9, 8 / 18, True),
        (8 / 21, INF, False), (8 / 20.9, INF, True), (0.0, 8 / 18, False), (0.0, 8 / 18.1, True),
        (8 / 21, 8 / (18 + 5e-7), False), (8 / (21 - 5e-7), 8 / 18, False),
        (8 / 21, 8 / (18 + 1e-3), True), (8 / (21 - 1e-3), 8 / 18, True),
    ],
)  # fmt: skip
def test_a_class_of_a_figure_beside_tells_a_secret_by_their_sum(low, high, tells):
    assert classed(low, high, told=(22.0, 22.0)) == tells


@pytest.mark.parametrize(("low", "high"), [(3.9, 4.1), (2.0, 7.9), (2.1, 8.0)])
def test_a_class_that_says_too_much_is_left_out_before_the_others_are_judged(low, high):
    """The class of a tells it alone; that of b is harmless once a's is gone."""
    cells = [Cell("a", 2.0, 1.0, 4.0, secret=True), Cell("b", 20.0, 5.0, secret=True),
             Cell("t", 22.0, fixed=True)]  # fmt: skip
    table = assembled(cells, [Sum("t", {"a": 1.0, "b": 1.0})])
    need = np.array([1.0, 18.0, np.nan]), np.array([4.0, 21.0, np.nan])
    found = Suppression(table, np.array([True, True, False]), need, "exact")
    classes = pd.DataFrame({"low": [low, 8 / 21], "high": [high, 8 / 18]}, index=["a", "b"])
    tops = pd.Series({"b": 8.0, "a": 8.0})
    assert betraying(found, tops, classes).tolist() == [True, False]
    assert betraying(found, tops, classes[::-1]).tolist() == [False, True]


@pytest.mark.parametrize(("off", "tells"), [(2.0, False), (20.0, True)])
def test_large_secrets_stay_open_to_a_millionth(off, tells):
    cells = [Cell("a", 3e6, 1e6, 4e6, secret=True), Cell("b", 2e6, 5.0), Cell("t", 5e6, fixed=True)]
    table = assembled(cells, [Sum("t", {"a": 1.0, "b": 1.0})])
    need = np.array([1e6, np.nan, np.nan]), np.array([4e6, np.nan, np.nan])
    found = Suppression(table, np.array([True, True, False]), need, "exact")
    top = pd.Series({"b": 1e6})
    for low, high in ((1e6 / (4e6 - off), 1.0), (0.25, 1e6 / (1e6 + off))):
        classes = pd.DataFrame({"low": [low], "high": [high]}, index=["b"])
        assert bool(betraying(found, top, classes)[0]) == tells


def test_a_class_of_none_tells_nothing():
    """No place for anybody: the class from 0 is of any number of people."""
    assert not classed(0.0, 8.0, top=0.0)
    assert not classed(0.0, 8.0, top=0.0, told=(22.0, 22.0))


def test_a_rate_on_one_person_is_a_rate():
    one, told = pd.Series([3.0], ["a"]), pd.Series([contracts.OBSERVED], ["a"])
    found = rates(one, one / 3, numerator_status=told, denominator_status=told)
    assert found["rate"].tolist() == [3]


@pytest.mark.parametrize(("off", "tells"), [(5e-7, False), (1.5e-6, True)])
def test_small_secrets_stay_open_to_a_millionth_of_1(off, tells):
    cells = [Cell("a", 0.3, 0.1, 0.4, secret=True), Cell("b", 2.0), Cell("t", 2.3, fixed=True)]
    table = assembled(cells, [Sum("t", {"a": 1.0, "b": 1.0})])
    need = np.array([0.1, np.nan, np.nan]), np.array([0.4, np.nan, np.nan])
    found = Suppression(table, np.array([True, True, False]), need, "exact")
    for low, high in ((1 / (2.2 - off), 1.0), (0.1, 1 / (1.9 + off))):
        classes = pd.DataFrame({"low": [low], "high": [high]}, index=["b"])
        assert bool(betraying(found, pd.Series({"b": 1.0}), classes)[0]) == tells
