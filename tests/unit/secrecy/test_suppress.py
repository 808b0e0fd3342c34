"""Which cells are hidden, on tables worked out by hand."""

import importlib

import numpy as np
import pandas as pd
import pytest

from ctg_geo.errors import SecrecyError
from ctg_geo.parameters import RULES
from ctg_geo.secrecy import (
    Cell,
    Released,
    Sum,
    assembled,
    gate,
    suppress,
    table_of_counts,
    value_cell,
)
from ctg_geo.secrecy.probe import accepted, quiet_solver
from ctg_geo.secrecy.suppress import _price

CAF = RULES["caf"]


def hidden(found):
    return {name for name, mask in zip(found.cells.names, found.hidden, strict=True) if mask}


def table(counts, groups=None, **given):
    series = pd.Series(counts, dtype=float)
    frame = pd.DataFrame(groups or {}, index=series.index)
    return assembled(*table_of_counts(series, frame, CAF, whole="all", **given))


@pytest.mark.parametrize("most", [0, 250])
def test_one_secret_needs_a_companion_the_smallest_that_is_large_enough(most):
    # 3 may be 1 to 4: the companion must be able to fall by 1 and rise by 2, and stay >= 5
    found = suppress(table({"a": 3, "b": 60, "c": 8, "d": 5}), exact_up_to=most)
    assert hidden(found) == {"a", "c"}


def test_the_total_is_as_good_a_companion_as_any_and_smaller_ones_come_first():
    found = suppress(table({"a": 3, "b": 60}))
    assert hidden(found) == {"a", "b"}
    assert hidden(suppress(table({"a": 3}))) == {"a", "all"}


def test_two_secrets_protect_each_other_only_if_their_sum_leaves_both_open():
    assert hidden(suppress(table({"a": 2, "b": 3, "c": 50}))) == {"a", "b"}
    # 1 + 1 = 2 leaves nothing open
    assert len(hidden(suppress(table({"a": 1, "b": 1, "c": 50})))) == 3


def test_a_zero_is_published_and_protects_nobody():
    found = suppress(table({"a": 3, "b": 0, "c": 50}))
    assert hidden(found) == {"a", "c"}


def test_a_two_way_table_needs_a_rectangle():
    counts = {f"{r}{c}": 20.0 for r in "123" for c in "xyz"} | {"1x": 3.0}
    groups = {"row": [key[0] for key in counts], "column": [key[1] for key in counts]}
    found = suppress(table(counts, groups))
    chosen = hidden(found)
    assert "1x" in chosen
    assert len(chosen) == 4
    assert found.method == "exact"


def test_cost_by_value_prefers_one_small_pair_over_one_large_cell():
    cells = [
        Cell("s", 3, 1, 4, secret=True), Cell("big", 1e6, 5),
        Cell("t", 1_000_003, 5, fixed=True), Cell("m", 6, 5), Cell("n", 8, 5),
        Cell("u", 17, 5, fixed=True),
    ]  # fmt: skip
    system = assembled(cells, [Sum("t", {"s": 1, "big": 1}), Sum("u", {"s": 1, "m": 1, "n": 1})])
    assert hidden(suppress(system)) >= {"s", "big"}


def test_nothing_secret_hides_nothing():
    found = suppress(table({"a": 5, "b": 0, "c": 9}))
    assert (hidden(found), found.method) == (set(), "none")


def test_a_masked_count_is_protected_without_its_value_being_known():
    found = suppress(table({"a": np.nan, "b": 20, "c": 30}, given={"all": 53.0}))
    assert hidden(found) == {"a", "b"}


def test_a_total_known_outside_that_tells_the_secret_is_refused_by_name():
    cells = [Cell("a", 3, 1, 4, secret=True), Cell("known", 3, fixed=True)]
    with pytest.raises(SecrecyError, match=r"worked out.*a") as caught:
        suppress(assembled(cells, [Sum("known", {"a": 1})]))
    assert caught.value.facts["cells"] == ["a"]
    assert "3" not in str(caught.value).replace("[", "")
    with pytest.raises(SecrecyError, match="worked out"):
        suppress(assembled(cells, [Sum("known", {"a": 1})]), exact_up_to=0)


def test_totals_that_disagree_with_their_parts_are_named():
    cells = [Cell("a", 3, 1, 4, secret=True), Cell("b", 9, 5), Cell("all", 13, 5)]
    with pytest.raises(SecrecyError, match=r"not the sum.*all"):
        suppress(assembled(cells, [Sum("all", {"a": 1, "b": 1})]))
    masked = [Cell("a", np.nan, 1, 4, secret=True), Cell("b", 9, 5), Cell("all", 30, 5)]
    with pytest.raises(SecrecyError, match=r"not the sum.*all"):
        suppress(assembled(masked, [Sum("all", {"a": 1, "b": 1})]))


def test_a_dominated_value_stays_open_by_its_share_on_both_sides():
    rule = RULES["enterprises"]
    values = {"a": 100, "b": 10, "c": 40, "all": 150}
    cells = [value_cell(name, value, rule, secret=name == "a") for name, value in values.items()]
    found = suppress(assembled(cells, [Sum("all", {"a": 1, "b": 1, "c": 1})]))
    # 85 to 115 asks a companion that can fall by 15: 10 cannot, 40 can
    assert hidden(found) == {"a", "c"}
    at = found.cells.names.index("a")
    assert (found.need[0][at], found.need[1][at]) == pytest.approx((85, 115))


def test_a_rounded_total_protects_by_its_noise():
    # known to 5: 22,5 to 27,5 leaves 3 +- 2,5 open, that is all of 1 to 4 (with 22 beside it)
    cells = [Cell("a", 3, 1, 4, secret=True), Cell("b", 22, 5),
             Cell("all", np.nan, told=(22.5, 27.5), fixed=True)]  # fmt: skip
    assert hidden(suppress(assembled(cells, [Sum("all", {"a": 1, "b": 1})]))) == {"a"}
    narrow = [*cells[:2], Cell("all", np.nan, told=(24.5, 25.5), fixed=True)]
    assert hidden(suppress(assembled(narrow, [Sum("all", {"a": 1, "b": 1})]))) == {"a", "b"}


def test_the_same_table_gives_the_same_cells():
    counts = {f"c{at}": float(value) for at, value in enumerate([3, 7, 9, 9, 9, 2, 40, 6])}
    groups = {"g": list("aabbccdd")}
    first = suppress(table(counts, groups))
    assert all((suppress(table(counts, groups)).hidden == first.hidden).all() for _ in range(3))


def suppressed(cells, sums, most):
    found = suppress(assembled(cells, sums), exact_up_to=most)
    gate(found.cells, found.need, Released(
        {name: value for name, value, mask in
         zip(found.cells.names, found.cells.value, found.hidden, strict=True) if not mask}
    ))  # fmt: skip
    return hidden(found)


PARTS = {"a": 1, "b": 1, "c": 1}
ELSEWHERE = Sum("known", PARTS)


@pytest.mark.parametrize("most", [0, 250])
def test_a_cell_that_nobody_knows_does_not_stop_the_search(most):
    """An empty cell elsewhere has no bound: 3 = 53 - 20 - 30 still asks for a companion."""
    cells = [Cell("a", 3, 1, 4, secret=True), Cell("b", 20, 5), Cell("c", 30, 5),
             Cell("known", 53, fixed=True), Cell("empty", np.nan)]  # fmt: skip
    assert suppressed(cells, [ELSEWHERE], most) == {"a", "b", "empty"}


@pytest.mark.parametrize("most", [0, 250])
def test_a_masked_count_of_no_rule_beside_a_known_total_gets_a_companion(most):
    cells = [Cell("a", np.nan, secret=True, width=4.0), Cell("b", 20, 5), Cell("c", 30, 5),
             Cell("known", 53, fixed=True)]  # fmt: skip
    assert suppressed(cells, [ELSEWHERE], most) == {"a", "b"}


@pytest.mark.parametrize("most", [0, 250])
@pytest.mark.parametrize("value", [3.0, np.nan])
def test_a_secret_total_without_upper_bound_does_not_stop_the_search(most, value):
    """Ages 1 + 2 = 3 in commune a; each age is known for the territory from elsewhere."""
    cells = [Cell("a1", 1, 1, 4, secret=True), Cell("a2", 2, 1, 4, secret=True),
             Cell("a", value, 1, secret=True, width=4.0),
             Cell("b1", 20, 5), Cell("b2", 30, 5), Cell("b", 50, 5),
             Cell("t1", 21, fixed=True), Cell("t2", 32, fixed=True)]  # fmt: skip
    sums = [Sum("a", {"a1": 1, "a2": 1}), Sum("b", {"b1": 1, "b2": 1}),
            Sum("t1", {"a1": 1, "b1": 1}), Sum("t2", {"a2": 1, "b2": 1})]  # fmt: skip
    assert {"b1", "b2"} <= suppressed(cells, sums, most)


def test_a_solver_that_refuses_what_it_is_given_stops_all():
    with pytest.raises(SecrecyError, match="failed"):
        accepted(quiet_solver().changeColBounds(3, 0.0, 1.0))  # there is no column 3
    with pytest.raises(SecrecyError, match="failed"):
        accepted(quiet_solver().setOptionValue("presolve", "sometimes"))


def test_the_heuristic_asks_about_the_cells_around_a_secret_only(monkeypatch):
    """Eighty groups of six communes, each with its total: one secret a group, one cell to hide."""
    module = importlib.import_module("ctg_geo.secrecy.heuristic")
    asked, solved = [], module.solved
    monkeypatch.setattr(module, "solved", lambda solver: (asked.append(1), solved(solver)))
    counts = pd.Series([3.0, 9, 20, 30, 40, 50] * 80, index=[f"c{at}" for at in range(480)])
    groups = pd.DataFrame({"g": [f"g{at // 6}" for at in range(480)]}, index=counts.index)
    cells = assembled(*table_of_counts(counts, groups, RULES["caf"], whole=None))
    found = suppress(cells, exact_up_to=0)
    assert (found.method, int(found.hidden.sum())) == ("heuristic", 160)
    secrets = 80
    # each secret: once a side to hide, once a side to look back; each cell hidden: its secret
    assert len(asked) <= 6 * secrets


def test_a_cell_costs_one_and_the_larger_ones_a_little_more_all_together_under_a_half():
    values = [30.0, -5.0, 5.0, 0.0]
    cells = assembled([Cell(f"c{at}", value) for at, value in enumerate(values)], [])
    assert _price(cells, "cells").tolist() == pytest.approx([1.15, 1.05, 1.1, 1.0])
    assert _price(cells, "value").tolist() == pytest.approx(np.log([31, 6, 6, 1]))
    many = assembled([Cell(f"c{at}", float(at)) for at in range(500)], [])
    assert (_price(many, "cells") - 1).sum() < 0.5


def test_a_choice_says_how_much_it_hides_and_by_which_method():
    cells = assembled([Cell("a", 3, 1, 4, secret=True), Cell("b", 9)], [])
    assert repr(suppress(cells)) == "<Suppression: 1 of 2, exact>"
    assert repr(suppress(cells, exact_up_to=0)) == "<Suppression: 1 of 2, heuristic>"


def test_where_nothing_is_secret_only_what_nobody_knows_is_hidden():
    found = suppress(assembled([Cell("a", np.nan), Cell("b", 9)], []))
    assert hidden(found) == {"a"}
    assert found.secondary.tolist() == [False, False]
    assert np.isnan(found.need).all()
