"""The gate: what outputs really show, not what was planned."""

import numpy as np
import pandas as pd
import pytest

from ctg_geo.errors import SecrecyError
from ctg_geo.parameters import RULES
from ctg_geo.secrecy import (
    Cell,
    Released,
    ReleasedSum,
    Sum,
    assembled,
    gate,
    suppress,
    table_of_counts,
    verdict,
)

COUNTS = pd.Series({"a": 3.0, "b": 20.0, "c": 30.0})
CELLS, SUMS = table_of_counts(COUNTS, pd.DataFrame(index=COUNTS.index), RULES["caf"], whole="all")
FOUND = suppress(assembled(CELLS, SUMS))
FULL, NEED = FOUND.cells, FOUND.need


def test_what_was_planned_passes():
    shown = {name: value for name, value, mask in
             zip(FULL.names, FULL.value, FOUND.hidden, strict=True) if not mask}  # fmt: skip
    assert shown == {"c": 30.0, "all": 53.0}
    assert gate(FULL, NEED, Released(shown)).tried == 1


@pytest.mark.parametrize("shown", [{"a": 3.0}, {"b": 20.0, "c": 30.0, "all": 53.0}])
def test_a_secret_shown_or_left_over_is_refused_without_its_value(shown):
    with pytest.raises(SecrecyError, match="could be worked out") as caught:
        gate(FULL, NEED, Released(shown))
    assert caught.value.facts["cells"] == ["a"]
    assert not any(str(value) in str(caught.value) for value in (3, 20, 30, 53))


def test_a_sum_of_what_is_shown_tells_nothing_more():
    partial = ReleasedSum(("a", "b", "c"), 50.0)
    assert not verdict(FULL, NEED, Released({"b": 20.0, "c": 30.0}, [partial])).betrayed


def test_a_sum_that_its_shown_parts_do_not_make_is_taken_for_the_whole():
    whole = ReleasedSum(("a", "b", "c"), 53.0)
    found = verdict(FULL, NEED, Released({"b": 20.0, "c": 30.0}, [whole]))
    assert found.betrayed == ("a",)
    assert not verdict(FULL, NEED, Released({"c": 30.0}, [whole])).betrayed


def test_a_count_of_one_does_not_slip_into_a_large_sum():
    counts = pd.Series({"a": 1.0, "b": 800_000.0, "c": 30.0})
    cells, sums = table_of_counts(
        counts, pd.DataFrame(index=counts.index), RULES["caf"], whole=None
    )
    found = suppress(assembled(cells, sums))
    shown = {"b": 800_000.0, "c": 30.0}
    members = ("a", "b", "c")
    whole, partial = ReleasedSum(members, 800_031.0), ReleasedSum(members, 800_030.0)
    assert verdict(found.cells, found.need, Released(shown, [whole])).betrayed == ("a",)
    assert not verdict(found.cells, found.need, Released(shown, [partial])).betrayed


def test_two_groupings_that_differ_by_the_secret_commune_are_refused():
    one, other = ReleasedSum(("a", "b"), 23.0), ReleasedSum(("b",), 20.0)
    assert verdict(FULL, NEED, Released({}, [one, other])).betrayed == ("a",)
    assert not verdict(FULL, NEED, Released({}, [one])).betrayed


def test_where_nothing_is_secret_all_may_be_said():
    counts = pd.Series({"b": 20.0, "c": 30.0})
    cells, sums = table_of_counts(
        counts, pd.DataFrame(index=counts.index), RULES["caf"], whole=None
    )
    found = suppress(assembled(cells, sums))
    said = gate(found.cells, found.need, Released({"b": 20.0, "c": 30.0}))
    assert (said.tried, said.betrayed) == (0, ())


def test_a_weighted_sum_tells_what_its_weights_let_it_tell():
    sums = [ReleasedSum(("a", "b"), 43.0, (1.0, 2.0))]  # 3 + 2 × 20
    assert verdict(FULL, NEED, Released({"b": 20.0}, sums)).betrayed == ("a",)
    assert not verdict(FULL, NEED, Released({}, sums)).betrayed  # b may be 19.5 to 21


def test_no_secret_passes_beside_a_sum_of_figures_nobody_knows():
    sums = [ReleasedSum(("y", "z"), 5.0)]
    assert verdict(FULL, NEED, Released({}, sums)).betrayed == ("a",)
    assert not verdict(FULL, NEED, Released({"y": 2.0, "z": 3.0}, sums)).betrayed


SECRET = Cell("a", 3.0, 1.0, 4.0, secret=True)


def betrayed(shown, *others, sums=(), keep=(1.0, 4.0)):
    """Tell whether a, 1 to 4 by its rule, is told too closely; the others add up with it."""
    parts = {each.name: 1.0 for each in (SECRET, *others) if each.name != "all"}
    cells = assembled([SECRET, *others], [Sum("all", parts)])
    need = tuple(np.array([side, *[np.nan] * len(others)]) for side in keep)
    found = verdict(cells, need, Released(shown, sums))
    assert found.tried == 1
    assert set(found.betrayed) <= {"a"}
    return bool(found.betrayed)


TOTAL = Cell("all", 23.0, fixed=True)


def test_a_rounded_figure_tells_its_interval_and_a_known_one_its_value():
    assert betrayed({"b": 20.0}, Cell("b", 20.0, 5.0), TOTAL)
    assert not betrayed({"b": 20.0}, Cell("b", 20.0, 5.0, told=(17.5, 22.5)), TOTAL)
    assert betrayed({"b": 20.0}, Cell("b", 20.0, 5.0, told=(19.5, 22.5)), TOTAL)  # 0,5 to 3,5
    assert betrayed({"b": 20.0}, Cell("b", 20.0, 5.0, told=(17.5, 20.5)), TOTAL)  # 2,5 to 5,5


def test_what_nobody_knew_is_told_once_it_is_shown():
    blank = Cell("b", np.nan, 5.0, 40.0)
    assert not betrayed({}, blank, TOTAL)
    for keep in ((1.0, 3.0), (3.0, 4.0)):
        assert betrayed({"b": 20.0}, blank, TOTAL, keep=keep)


def test_what_is_known_outside_is_what_it_is_whatever_is_shown():
    other = Cell("b", 20.0, 5.0)
    for value in (23.0, 25.0, 99.0):
        assert not betrayed({"all": value}, other, TOTAL)
        assert betrayed({"all": value, "b": 20.0}, other, TOTAL)


def test_what_is_no_cell_is_no_matter():
    assert not betrayed({"x": 3.0, "y": 1.0}, Cell("b", 20.0, 5.0), TOTAL)
    assert betrayed({"x": 3.0, "b": 20.0, "y": 1.0}, Cell("b", 20.0, 5.0), TOTAL)


@pytest.mark.parametrize(("off", "safe"), [(9e-6, True), (1e-3, False)])
def test_a_bound_is_met_but_for_the_rounding_of_the_solver(off, safe):
    """b tells a from both sides: 1 and 4, or a little less."""
    low = Cell("b", 20.0, told=(19.0, 22.0 - off))
    high = Cell("b", 20.0, told=(19.0 + off, 22.0))
    for each in (low, high):
        assert betrayed({"b": 20.0}, each, TOTAL) != safe


@pytest.mark.parametrize(("off", "safe"), [(30.0, True), (50.0, False)])
@pytest.mark.parametrize("side", [0, 1])
def test_the_rounding_is_a_part_of_a_large_bound(side, off, safe):
    cells = [Cell("a", 3e6, 1e6, 4e6, secret=True), Cell("all", 3e6, fixed=True, told=(
        1e6 + off * (side == 0), 4e6 - off * (side == 1)))]  # fmt: skip
    table = assembled(cells, [Sum("all", {"a": 1.0})])
    need = np.array([1e6, np.nan]), np.array([4e6, np.nan])
    assert (not verdict(table, need, Released({})).betrayed) == safe


@pytest.mark.parametrize(("off", "safe"), [(5e-6, True), (1.5e-5, False)])
def test_the_rounding_is_no_less_than_that_of_1(off, safe):
    cells = [Cell("a", 0.3, 0.1, 0.4, secret=True), Cell("all", 0.3, fixed=True, told=(
        0.1, 0.4 - off))]  # fmt: skip
    need = np.array([0.1, np.nan]), np.array([0.4, np.nan])
    found = verdict(assembled(cells, [Sum("all", {"a": 1.0})]), need, Released({}))
    assert (not found.betrayed) == safe


def test_what_denies_itself_is_not_safe():
    cells = assembled([SECRET, Cell("all", 9.0, fixed=True)], [Sum("all", {"a": 1.0})])
    need = np.array([1.0, np.nan]), np.array([4.0, np.nan])
    assert verdict(cells, need, Released({})).betrayed == ("a",)


def test_each_secret_is_judged_by_its_own_need_and_named():
    cells = [Cell("b", 20.0), SECRET, Cell("c", 2.0, 1.0, 4.0, secret=True, width=0.5),
             Cell("t", 5.0, fixed=True)]  # fmt: skip
    table = assembled(cells, [Sum("t", {"a": 1.0, "c": 1.0})])
    nan = np.nan
    need = np.array([nan, 1.0, 1.5, nan]), np.array([nan, 4.0, 2.5, nan])
    found = verdict(table, need, Released({"b": 20.0}))
    assert (found.tried, found.betrayed) == (2, ())  # 1 + 4 and 4 + 1
    found = verdict(table, need, Released({}, [ReleasedSum(("a", "b"), 22.4, (1.0, 1.0))]))
    assert found.betrayed == ()  # b is not shown, and a + b tells nothing of a
    found = verdict(table, need, Released({"b": 20.0}, [ReleasedSum(("a", "b"), 22.4)]))
    assert found.betrayed == ("a", "c")


@pytest.mark.parametrize(
    ("value", "explained"),
    [(50.0, True), (50.0 + 4e-8, True), (50.0 + 6e-8, False), (50.0 - 6e-8, False)],
)
def test_a_sum_of_what_is_shown_is_the_same_but_for_the_order_it_was_added_in(value, explained):
    """b + c; what is more, be it little, is a: 50 and nothing is no secret of 1 to 4."""
    other = [Cell("b", 20.0), Cell("c", 30.0), Cell("all", np.nan)]
    sums = [ReleasedSum(("a", "b", "c"), value)]
    assert betrayed({"b": 20.0, "c": 30.0}, *other, sums=sums) != explained


def test_terms_that_cancel_out_are_added_as_exactly_as_they_are_large():
    other = [Cell("b", 2e8), Cell("c", 3e8), Cell("all", np.nan)]
    shown = {"b": 2e8, "c": 3e8}
    for more, explained in ((1.0, True), (2.0, False), (-1.0, True), (-2.0, False)):
        sums = [ReleasedSum(("a", "b", "c"), more, (1.0, 3.0, -2.0))]  # 6e8 less 6e8
        assert betrayed(shown, *other, sums=sums) != explained
    none = [ReleasedSum(("a", "x"), 5e-10)]  # 0 but for rounding: a is not in it
    assert not betrayed({"x": 0.0}, *other, sums=none)
    for value in (3.0, 1.5e-9):
        assert betrayed({"x": 0.0}, *other, sums=[ReleasedSum(("a", "x"), value)])


def test_of_a_sum_with_members_that_are_no_cells_those_that_are_cells_count():
    """a + b + z is 23 and z is nobody's: at worst a is 23 less b."""
    other = [Cell("b", 20.0), Cell("all", np.nan)]
    sums = [ReleasedSum(("z", "a", "b"), 23.0, (5.0, 1.0, 1.0))]
    assert betrayed({"b": 20.0}, *other, sums=sums)
    assert not betrayed({}, *other, sums=sums)


def test_sums_tell_together_what_none_tells_alone():
    """a + b is 23, b + c is 50, and c is shown to be 30."""
    other = [Cell("b", 20.0, 5.0), Cell("c", 30.0), Cell("all", np.nan)]
    one, two = ReleasedSum(("a", "b"), 23.0), ReleasedSum(("b", "c"), 50.0)
    assert not betrayed({"c": 30.0}, *other, sums=[one])
    assert not betrayed({"c": 30.0}, *other, sums=[two])
    assert betrayed({"c": 30.0}, *other, sums=[one, two])
    explained = ReleasedSum(("c",), 30.0)
    assert betrayed({"c": 30.0}, *other, sums=[one, explained, two])


def test_members_count_once_unless_they_have_weights():
    assert ReleasedSum(("a", "b"), 5.0).factors == {"a": 1.0, "b": 1.0}
    assert ReleasedSum(("a", "b"), 5.0, (2.0, 0.5)).factors == {"a": 2.0, "b": 0.5}
    with pytest.raises(ValueError, match="zip"):
        _ = ReleasedSum(("a", "b"), 5.0, (2.0,)).factors


def test_the_error_counts_what_it_names():
    with pytest.raises(SecrecyError) as caught:
        gate(FULL, NEED, Released({"a": 3.0}))
    assert caught.value.reason == "betrayed"
    assert caught.value.facts == {"cells": ["a"], "count": 1}


@pytest.mark.parametrize("value", [1e-7, 2e-9, -2e-9])
def test_a_sum_of_strangers_is_not_judged_however_little_it_is(value):
    sums = [ReleasedSum(("y", "z"), value, (1e-9, 1e-9))]
    assert verdict(FULL, NEED, Released({}, sums)).betrayed == ("a",)


def test_a_sum_of_a_stranger_and_the_first_cell_is_judged():
    cells = assembled([Cell("b", np.nan), SECRET], [])
    need = np.array([np.nan, 1.0]), np.array([np.nan, 4.0])
    for members in (("z", "b"), ("b", "z")):
        assert not verdict(cells, need, Released({}, [ReleasedSum(members, 7.0)])).betrayed
