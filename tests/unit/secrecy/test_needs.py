"""How open a secret must stay, and what stands in for a figure nobody here knows, by hand."""

import numpy as np
import pytest

from ctg_geo.errors import SecrecyError
from ctg_geo.secrecy import Cell, Sum, assembled, suppress
from ctg_geo.secrecy.needs import _suspects, completed, needs


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


def refused(cells, sums):
    with pytest.raises(SecrecyError) as caught:
        completed(assembled(cells, sums))
    assert caught.value.reason == "contradiction"
    return caught.value.facts["cells"]


MASKED = Cell("a", np.nan, 1.0, 4.0, secret=True)


def test_every_total_that_its_parts_cannot_make_is_named_and_no_other():
    """5 at least and 8 at most for a and b, b of 4: not 4,9, not 8,1; a fits all the others."""
    cells = [MASKED, Cell("b", 4.0), Cell("little", 4.9), Cell("much", 8.1), Cell("fits", 6.0),
             Cell("none", np.nan)]  # fmt: skip
    parts = {"a": 1.0, "b": 1.0}
    sums = [Sum(name, parts) for name in ("much", "fits", "none", "little")]
    assert refused(cells, sums) == ["little", "much"]
    assert refused(cells, [sums[0]]) == ["much"]
    assert refused(cells, [sums[3]]) == ["little"]


def test_a_total_is_named_by_differences_too():
    """b less a is 16 to 19 of 20."""
    cells = [MASKED, Cell("b", 20.0), Cell("x", 15.0), Cell("y", 20.0), Cell("z", 18.0)]
    parts = {"b": 1.0, "a": -0.5}  # 18 to 19,5
    assert refused(cells, [Sum(name, parts) for name in "xyz"]) == ["x", "y"]
    double = {"a": 3.0, "b": 1.0}  # 23 to 32
    cells = [MASKED, Cell("b", 20.0), Cell("x", 22.0), Cell("y", 33.0), Cell("z", 30.0)]
    assert refused(cells, [Sum(name, double) for name in "xyz"]) == ["x", "y"]


def test_totals_that_each_may_be_but_not_together_are_all_named():
    cells = [MASKED, Cell("x", 2.0), Cell("y", 3.0)]
    assert refused(cells, [Sum("x", {"a": 1.0}), Sum("y", {"a": 1.0})]) == ["x", "y"]


def test_what_has_no_bound_makes_any_total():
    cells = [MASKED, Cell("free", np.nan), Cell("x", 1e9), Cell("y", 0.5)]
    sums = [Sum(name, {"a": 1.0, "free": 1.0}) for name in "xy"]
    assert refused(cells, sums) == ["y"]
    assert _suspects(assembled(cells, sums)) == ["y"]
    assert completed(assembled(cells, sums[:1])).value[1] == pytest.approx(1e9 - 2.5, abs=2)


def test_a_rounded_figure_that_is_shown_is_no_wider_than_it_tells():
    """b tells 22,5 to 27,5; by its rule it could be anything from 5."""
    cells = [Cell("b", np.nan, 5.0, told=(22.5, 27.5)), Cell("x", 28.0), Cell("y", 22.0)]
    sums = [Sum(name, {"b": 1.0}) for name in "xy"]
    assert refused(cells, sums) == ["x", "y"]
    secret = [Cell("b", np.nan, 5.0, 30.0, told=(22.5, 27.5), secret=True), *cells[1:]]
    assert completed(assembled(secret, sums[:1])).value[0] == pytest.approx(28)


def test_the_values_that_stand_in_agree_with_all_sums():
    """a, b and c are 1 to 4 each; a and b together are 6, and b and c are 3."""
    masked = [Cell(name, np.nan, 1.0, 4.0, secret=True) for name in "abc"]
    table = assembled([*masked, Cell("x", 6.0), Cell("y", 3.0)],
                      [Sum("x", {"a": 1.0, "b": 1.0}), Sum("y", {"b": 1.0, "c": 1.0})])  # fmt: skip
    a, b, c, *known = completed(table).value
    assert known == [6, 3]
    assert (a, b, c) == pytest.approx((4, 2, 1))  # a is 4 at most, and c 1 at least


def test_what_is_known_stays_as_it_is_though_another_is_not():
    cells = [MASKED, Cell("b", 4.0, 0.0, 9.0), Cell("c", 7.0, 5.0, secret=True)]
    assert completed(assembled(cells, [])).value.tolist() == [2.5, 4, 7]


def test_sums_hold_to_a_millionth_of_what_they_add_up():
    for size, off, holds in ((1e6, 3.0, True), (1e6, 5.0, False), (1e-3, 9e-7, True),
                             (1e-3, 2e-6, False)):  # fmt: skip
        cells = [Cell("a", size), Cell("b", size), Cell("all", 2 * size + off)]
        sums = [Sum("all", {"a": 1.0, "b": 1.0})]
        if holds:
            assert completed(assembled(cells, sums)).value[0] == size
        else:
            assert refused(cells, sums) == ["all"]


def test_a_solver_that_gives_up_stops_all(monkeypatch):
    import scipy.optimize

    answer = scipy.optimize.OptimizeResult(status=4, message="given up", x=None)
    monkeypatch.setattr(scipy.optimize, "linprog", lambda *_, **__: answer)
    with pytest.raises(SecrecyError) as caught:
        completed(assembled([MASKED], []))
    assert (caught.value.reason, caught.value.facts["said"]) == ("solver", "given up")


def test_figures_known_outside_narrow_no_need():
    """What outsiders know of b does not change what a should keep: the rule alone counts."""
    cells = [Cell("a", 3.0, 1.0, 4.0, secret=True), Cell("b", 4.0, 1.0, 5.0, fixed=True),
             Cell("t", 7.0, 1.0, 8.0, fixed=True)]  # fmt: skip
    low, high = needs(assembled(cells, [Sum("t", {"a": 1.0, "b": 1.0})]))
    assert (low[0], high[0]) == (1, 4)
    secret = [Cell("b", 4.0, 1.0, 5.0), Cell("a", 3.0, 1.0, 4.0, secret=True, fixed=True)]
    low, high = needs(assembled(secret, []))
    assert (low[1], high[1]) == (1, 4)
