"""How open a secret must stay, and what stands in for a figure nobody here knows, by hand."""

import numpy as np
import pytest

from ctg_geo.errors import SecrecyError
from ctg_geo.secrecy import Cell, Sum, assembled, suppress
from ctg_geo.secrecy.needs import completed, needs


def need_of(cell, *others, sums=()):
    low, high = needs(assembled([cell, *others], sums))
    return low[0], high[0]


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ({}, (1, 4)),  # all that the rule leaves open
        ({"share": 0.5}, (2, 3.5)),  # half of 2 below, half of 1 above
        ({"width": 0.5}, (2.5, 3.5)),
        ({"width": 1.5}, (1.5, 4)),
        ({"share": 0.5, "width": 0.75}, (2.25, 3.5)),
    ],
)
def test_a_secret_of_3_known_to_be_1_to_4_stays_open_as_its_rule_says(rules, expected):
    assert need_of(Cell("a", 3.0, 1.0, 4.0, secret=True, **rules)) == pytest.approx(expected)


def test_what_nothing_bounds_stays_open_by_its_width():
    assert need_of(Cell("a", 8.0, 5.0, secret=True, width=4.0)) == (5, 12)


def test_sums_narrow_what_the_rules_leave_open_before_anything_is_shown():
    half = Cell("b", 2.0, 1.0, 4.0)
    total = Cell("all", 5.0, 0.0, 6.0)  # so that a is 5 at most
    secret = Cell("a", 3.0, 0.0, secret=True)
    assert need_of(secret, half, total, sums=[Sum("all", {"a": 1.0, "b": 1.0})]) == (0, 5)


def test_cells_that_are_no_secret_need_nothing():
    low, high = needs(assembled([Cell("a", 3.0), Cell("b", 2.0, 1.0, 4.0, secret=True)], []))
    assert np.isnan(low).tolist() == np.isnan(high).tolist() == [True, False]
    assert np.isnan(needs(assembled([Cell("a", 3.0)], []))).all()


def test_a_masked_figure_is_taken_for_what_the_others_leave():
    cells = [Cell("a", np.nan, 1.0, 4.0, secret=True), Cell("b", 7.0), Cell("all", 10.0)]
    full = completed(assembled(cells, [Sum("all", {"a": 1.0, "b": 1.0})]))
    assert full.value.tolist() == pytest.approx([3, 7, 10])


def test_a_figure_that_no_sum_tells_is_taken_in_the_middle_or_at_its_least():
    cells = [Cell("a", np.nan, 1.0, 4.0, secret=True), Cell("b", np.nan, 5.0, secret=True)]
    assert completed(assembled(cells, [])).value.tolist() == pytest.approx([2.5, 5])


def test_a_rounded_figure_is_taken_within_what_it_tells():
    cells = [Cell("a", np.nan, 5.0, told=(22.5, 27.5)), Cell("b", 10.0), Cell("all", 33.0)]
    full = completed(assembled(cells, [Sum("all", {"a": 1.0, "b": 1.0})]))
    assert full.value[0] == pytest.approx(23)


@pytest.mark.parametrize("total", [9.0, 12.5])
def test_a_total_that_its_parts_cannot_make_is_named(total):
    cells = [Cell("a", np.nan, 1.0, 4.0, secret=True), Cell("b", 9.0), Cell("all", total),
             Cell("c", 1.0), Cell("other", 2.0)]  # fmt: skip
    sums = [Sum("all", {"a": 1.0, "b": 1.0}), Sum("other", {"c": 2.0})]
    if total == 12.5:
        assert completed(assembled(cells, sums)).value[0] == pytest.approx(3.5)
        return
    with pytest.raises(SecrecyError) as caught:
        completed(assembled(cells, sums))
    assert (caught.value.reason, caught.value.facts["cells"]) == ("contradiction", ["all"])


def test_sums_of_known_figures_hold_but_for_rounding():
    def of(total):
        cells = [Cell("a", 3.0), Cell("b", 7.0), Cell("all", total), Cell("c", 1.0)]
        sums = [Sum("all", {"a": 1.0, "b": 1.0}), Sum("c", {"c": 1.0})]
        return completed(assembled(cells, sums[:1]))

    assert of(10.0 + 1e-6).value[2] == 10.0 + 1e-6
    with pytest.raises(SecrecyError) as caught:
        of(10.001)
    assert (caught.value.reason, caught.value.facts["cells"]) == ("contradiction", ["all"])


def test_the_fewest_are_proven_up_to_as_many_choices_as_one_allows():
    cells = [Cell("a", 3.0, 1.0, 4.0, secret=True), Cell("b", 20.0, 5.0), Cell("all", 23.0, 5.0)]
    table = assembled(cells, [Sum("all", {"a": 1.0, "b": 1.0})])
    choices = int(table.choices.sum())
    assert choices == 2  # b, or the total
    assert suppress(table, exact_up_to=2).method == "exact"
    found = suppress(table, exact_up_to=1)
    assert found.method == "heuristic"
    assert found.hidden.tolist() == suppress(table).hidden.tolist() == [True, True, False]
    assert found.secondary.tolist() == [False, True, False]
    nothing = suppress(assembled([Cell("a", 3.0)], []))
    assert (nothing.method, nothing.hidden.tolist()) == ("none", [False])


@pytest.mark.parametrize("exact_up_to", [250, -1])
def test_a_secret_that_figures_known_outside_tell_stops_the_work_whatever_the_method(exact_up_to):
    cells = [
        Cell("a", 3.0, 1.0, 4.0, secret=True), Cell("b", 20.0, 5.0, fixed=True),
        Cell("all", 23.0, 5.0, fixed=True),
    ]  # fmt: skip
    table = assembled(cells, [Sum("all", {"a": 1.0, "b": 1.0})])
    with pytest.raises(SecrecyError) as caught:
        suppress(table, exact_up_to=exact_up_to)
    assert (caught.value.reason, caught.value.facts["cells"]) == ("known_outside", ["a"])
