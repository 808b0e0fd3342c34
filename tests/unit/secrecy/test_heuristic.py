"""Ways out of a secret, one at a time, on sums that one can move by hand."""

import numpy as np
import pandas as pd
import pytest

from ctg_geo.errors import SecrecyError
from ctg_geo.parameters import RULES
from ctg_geo.secrecy import Cell, Released, Sum, assembled, table_of_counts, verdict
from ctg_geo.secrecy.heuristic import _demands, _needed, _Ways, _without_idle, heuristic
from ctg_geo.secrecy.needs import completed, needs

NAN = float("nan")


def of(*cells, total, **more):
    """Return cells of which the last, known outside, is the sum of the others."""
    whole = Cell("all", total, fixed=True, **more)
    return assembled([*cells, whole], [Sum("all", {each.name: 1.0 for each in cells})])


SECRET = Cell("a", 3.0, 1.0, 4.0, secret=True)
THREE = of(SECRET, Cell("b", 20.0, 5.0), Cell("c", 30.0, 5.0), total=53.0)
PRICE = np.array([0.0, 1.0, 1.5, 0.0])


def moved(ways, at, sign, target, cost=PRICE):
    found = ways.out(at, sign, target, np.array(cost))
    return None if found is None else "".join("abcdef"[at] for at in np.flatnonzero(found[:-1]))


def test_the_demand_furthest_from_its_value_comes_first():
    cells = assembled([SECRET, Cell("b", 9.0), Cell("c", 8.0, 5.0, secret=True, width=4.0),
                       Cell("d", 3.0, 2.0, 4.0, secret=True)], [])  # fmt: skip
    assert _demands(cells, needs(cells)) == [
        (2, 1, 12.0), (2, -1, 5.0), (0, -1, 1.0), (0, 1, 4.0), (3, -1, 2.0), (3, 1, 4.0),
    ]  # fmt: skip


@pytest.mark.parametrize(("sign", "target"), [(1, 4.0), (-1, 1.0)])
def test_the_cheapest_cell_moves_against_the_secret(sign, target):
    assert moved(_Ways(THREE), 0, sign, target) == "ab"
    assert moved(_Ways(THREE), 0, sign, target, [0, 2, 1.5, 0]) == "ac"


@pytest.mark.parametrize("sign", [1, -1])
def test_a_secret_that_is_where_it_must_go_moves_nothing(sign):
    for target in (3.0, 3.0 + sign * 5e-8, 3.0 - sign):
        assert moved(_Ways(THREE), 0, sign, target) == ""
    assert moved(_Ways(THREE), 0, sign, 3.0 + sign * 5e-7) == "ab"


@pytest.mark.parametrize(("sign", "target"), [(1, 4.0), (-1, 1.0)])
def test_a_secret_goes_no_further_than_its_rule_but_for_rounding(sign, target):
    assert moved(_Ways(THREE), 0, sign, target + sign * 5e-7) == "ab"
    assert moved(_Ways(THREE), 0, sign, target + sign * 3e-6) is None


def test_the_slack_of_large_figures_is_a_part_of_their_step():
    large = of(Cell("a", 3e6, 1e6, 4e6, secret=True), Cell("b", 2e7, 5.0), total=2.3e7)
    assert moved(_Ways(large), 0, 1, 4e6 + 0.5, [0, 1, 0]) == "ab"
    assert moved(_Ways(large), 0, 1, 4e6 + 5, [0, 1, 0]) is None


def test_a_secret_that_nothing_can_make_up_for_has_no_way_out():
    closed = of(SECRET, Cell("b", 20.0, 5.0, fixed=True), total=23.0)
    assert moved(_Ways(closed), 0, 1, 4.0, [0, 1, 0]) is None
    narrow = of(SECRET, Cell("b", 20.0, 19.5, 20.5), total=23.0)
    assert moved(_Ways(narrow), 0, 1, 4.0, [0, 1, 0]) is None


def test_a_total_known_outside_to_some_units_gives_way_that_far():
    rounded = of(SECRET, Cell("b", 20.0, 5.0), Cell("c", 30.0, 5.0), total=53.0, told=(51.5, 53.5))
    assert moved(_Ways(rounded), 0, -1, 2.0) == "a"  # the total falls by 1
    assert moved(_Ways(rounded), 0, -1, 1.0) == "ab"
    assert moved(_Ways(rounded), 0, 1, 3.4) == "a"
    assert moved(_Ways(rounded), 0, 1, 4.0) == "ab"


@pytest.mark.parametrize(("price", "found"), [(1.9, "ac"), (2.1, "abc")])
def test_a_cell_that_can_move_little_carries_little_for_its_price(price, found):
    """a falls by 2. b may rise by 1 for 1; c by 2 for its price, so that a unit costs the half."""
    cells = of(SECRET, Cell("b", 20.0, 5.0, 21.0), Cell("c", 30.0, 5.0), total=53.0)
    assert moved(_Ways(cells), 0, -1, 1.0, [0, 1, price, 0]) == found


@pytest.mark.parametrize(("sign", "target"), [(1, 4.0), (-1, 1.0)])
def test_a_cell_that_is_shown_stays_and_moves_again_once_it_is_hidden(sign, target):
    ways = _Ways(THREE)
    ways.show(1)
    assert moved(ways, 0, sign, target) == "ac"
    ways.show(2)
    assert moved(ways, 0, sign, target) is None
    ways.hide(1)
    assert moved(ways, 0, sign, target) == "ab"
    ways.hide(2)
    ways.show(1)
    assert moved(ways, 0, sign, target) == "ac"


def test_a_rounded_cell_that_is_shown_moves_as_far_as_its_rounding():
    cells = of(SECRET, Cell("b", 20.0, 5.0, told=(18.5, 22.5)), Cell("c", 30.0, 5.0), total=53.0)
    ways = _Ways(cells)
    ways.show(1)
    assert moved(ways, 0, 1, 4.0) == "ab"
    assert moved(ways, 0, -1, 1.0) == "ab"
    wide = of(Cell("a", 8.0, 1.0, 14.0, secret=True), Cell("b", 20.0, 5.0, told=(18.5, 22.5)),
              Cell("c", 30.0, 5.0), total=58.0)  # fmt: skip
    ways = _Ways(wide)
    ways.show(1)
    dear = [0, 1.0, 9.0, 0]
    assert moved(ways, 0, 1, 9.4, dear) == "ab"
    assert moved(ways, 0, 1, 9.6, dear) == "abc"
    assert moved(ways, 0, -1, 5.6, dear) == "ab"
    assert moved(ways, 0, -1, 5.4, dear) == "abc"


def test_a_cell_told_to_be_beyond_what_is_taken_for_it_does_not_move_there():
    """Of a value that is no more among what is told, nothing is left to move on that side."""
    cells = of(SECRET, Cell("b", 20.0, 5.0, told=(21.0, 22.0)), Cell("c", 30.0, 35.0), total=53.0)
    ways = _Ways(cells)
    ways.show(1)
    assert moved(ways, 0, 1, 4.0) is None
    assert moved(ways, 0, -1, 1.0) == "ab"
    ways.hide(2)
    assert moved(ways, 0, 1, 4.0) is None


def test_each_question_starts_anew():
    ways = _Ways(THREE)
    for _ in range(2):
        assert moved(ways, 0, 1, 4.0) == "ab"
        assert moved(ways, 0, -1, 1.0, [0, 2, 1, 0]) == "ac"
        assert moved(ways, 1, -1, 19.0, [0, 1, 1, 0]) == "ab"
        assert moved(ways, 1, -1, 18.0, [9, 1, 1, 0]) == "bc"


def test_a_solver_that_ends_otherwise_stops_all(monkeypatch):
    ways = _Ways(THREE)
    monkeypatch.setattr("ctg_geo.secrecy.heuristic.solved", lambda _: None)
    with pytest.raises(SecrecyError) as caught:
        ways.out(0, 1, 4.0, PRICE)
    assert caught.value.reason == "solver"


def test_a_secret_that_has_no_way_out_is_named():
    cells = of(SECRET, Cell("b", 20.0, 5.0, fixed=True), total=23.0)
    with pytest.raises(SecrecyError) as caught:
        heuristic(cells, needs(cells), np.ones(3))
    assert (caught.value.reason, caught.value.facts["cells"]) == ("known_outside", ["a"])


def hidden(cells, cost):
    found = heuristic(cells, needs(cells), np.array(cost, dtype=float))
    return [name for name, each in zip(cells.names, found, strict=True) if each]


@pytest.mark.parametrize(("price", "found"), [(0.9, ["s", "t", "m"]), (1.1, ["s", "t", "p", "q"])])
def test_a_cell_hidden_for_a_first_secret_serves_a_second_for_nothing(price, found):
    """s has p and m, t has q and m: m, if a little dearer, is not taken though it serves both."""
    cells = [Cell("s", 3.0, 1.0, 4.0, secret=True), Cell("t", 3.0, 1.0, 4.0, secret=True),
             Cell("p", 20.0, 5.0), Cell("q", 21.0, 5.0), Cell("m", 22.0, 5.0),
             Cell("one", 45.0, fixed=True), Cell("two", 46.0, fixed=True)]  # fmt: skip
    sums = [Sum("one", {"s": 1.0, "p": 1.0, "m": 1.0}), Sum("two", {"t": 1.0, "q": 1.0, "m": 1.0})]
    assert hidden(assembled(cells, sums), [0, 0, 1, 1, price, 0, 0]) == found


@pytest.mark.parametrize(("least", "found"), [(10.0, ["s", "y", "t"]), (9.0, ["s", "x", "y", "t"])])
def test_a_secret_makes_up_for_another_as_far_as_its_own_rule(least, found):
    """t falls by 2 or 3, and y rises: s, hidden already, can fall by 2, and x makes up the rest."""
    cells = [Cell("s", 3.0, 1.0, 4.0, secret=True), Cell("x", 20.0, 5.0), Cell("y", 30.0, 5.0),
             Cell("t", 12.0, least, 13.0, secret=True), Cell("one", 53.0, fixed=True),
             Cell("two", 42.0, fixed=True)]  # fmt: skip
    sums = [Sum("one", {"s": 1.0, "x": 1.0, "y": 1.0}), Sum("two", {"t": 1.0, "y": 1.0})]
    assert hidden(assembled(cells, sums), [0, 1, 5, 0, 0, 0]) == found


def test_what_no_secret_leans_on_any_more_is_shown_again():
    """s falls by 7 and takes x, cheap; t has y alone, with which s and t move as one."""
    cells = [Cell("s", 8.0, 1.0, 10.0, secret=True), Cell("x", 20.0, 5.0), Cell("y", 30.0, 5.0),
             Cell("t", 12.0, 5.0, 14.0, secret=True), Cell("one", 58.0, fixed=True),
             Cell("two", 42.0, fixed=True)]  # fmt: skip
    sums = [Sum("one", {"s": 1.0, "x": 1.0, "y": 1.0}), Sum("two", {"t": 1.0, "y": 1.0})]
    assert hidden(assembled(cells, sums), [0, 1, 5, 0, 0, 0]) == ["s", "y", "t"]


FOUR = of(SECRET, Cell("b", 20.0, 5.0), Cell("c", 30.0, 5.0), Cell("d", NAN, 5.0), total=60.0)


@pytest.mark.parametrize(
    ("cost", "kept"), [([0, 1, 2, 0], "ab"), ([0, 2, 1, 0], "ac"), ([0, 1, 1, 0], "ac")]
)
@pytest.mark.parametrize("clean", [_needed, _without_idle])
def test_of_two_cells_of_which_one_is_enough_the_dearest_is_shown_again(clean, cost, kept):
    every = np.array([True, True, True, False])
    found = clean(THREE, needs(THREE), np.array(cost, dtype=float), every)
    assert "".join("abc"[at] for at in np.flatnonzero(found)) == kept


def test_what_nobody_knows_stays_hidden_and_serves():
    cells = completed(FOUR)
    assert cells.value[3] == pytest.approx(7.0)
    every = np.array([True, True, True, True, False])
    found = _without_idle(cells, needs(cells), np.array([0, 1.0, 2.0, 9.0, 0]), every)
    assert np.flatnonzero(found).tolist() == [0, 3]


def test_cells_that_cannot_move_are_not_asked_about():
    """Two groups apart; in the second nothing is hidden, and a rounded cell may move."""
    cells = [SECRET, Cell("b", 20.0, 5.0), Cell("all", 23.0, fixed=True), Cell("x", 7.0, 5.0),
             Cell("y", 8.0, 5.0), Cell("z", 15.0, 5.0)]  # fmt: skip
    table = assembled(cells, [Sum("all", {"a": 1.0, "b": 1.0}), Sum("z", {"x": 1.0, "y": 1.0})])
    assert hidden(table, [0, 1, 1, 1, 1, 1]) == ["a", "b"]


def test_a_cell_that_is_hidden_already_costs_nothing_more():
    """m is the cheapest for s; for t, q would be, but m is hidden."""
    cells = [Cell("s", 3.0, 1.0, 4.0, secret=True), Cell("t", 3.0, 1.0, 4.0, secret=True),
             Cell("p", 20.0, 5.0), Cell("q", 21.0, 5.0), Cell("m", 22.0, 5.0),
             Cell("one", 45.0, fixed=True), Cell("two", 46.0, fixed=True)]  # fmt: skip
    sums = [Sum("one", {"s": 1.0, "p": 1.0, "m": 1.0}), Sum("two", {"t": 1.0, "q": 1.0, "m": 1.0})]
    assert hidden(assembled(cells, sums), [0, 0, 1, 0.5, 0.9, 0, 0]) == ["s", "t", "m"]


def test_a_rounding_that_is_known_outside_costs_nothing():
    rounded = of(SECRET, Cell("b", 20.0, 5.0), total=23.0, told=(20.0, 26.0))
    assert hidden(rounded, [0, 1, 9]) == ["a"]


def test_only_what_moves_is_hidden():
    """s is in two sums: r is in both, for 1,5; p and q, in one each, cost 1."""
    cells = [Cell("s", 3.0, 1.0, 4.0, secret=True), Cell("p", 20.0, 5.0), Cell("q", 21.0, 5.0),
             Cell("r", 22.0, 5.0)]  # fmt: skip
    cells += [Cell("one", 45.0, fixed=True), Cell("two", 46.0, fixed=True)]
    sums = [Sum("one", {"s": 1.0, "p": 1.0, "r": 1.0}), Sum("two", {"s": 1.0, "q": 1.0, "r": 1.0})]
    assert hidden(assembled(cells, sums), [0, 1, 1, 1.5, 0, 0]) == ["s", "r"]


def test_a_cell_that_is_hidden_again_moves_no_further_than_its_rule():
    """b may rise by 0,4 and fall by 0,5."""
    cells = of(SECRET, Cell("b", 20.0, 19.5, 20.4), Cell("c", 30.0, 5.0), total=53.0)
    ways = _Ways(cells)
    ways.show(1)
    ways.hide(1)
    cheap = [0, 1e-6, 9, 0]
    for target, found in ((2.7, "ab"), (2.5, "abc"), (3.4, "ab"), (3.6, "abc")):
        assert moved(ways, 0, 1 if target > 3 else -1, target, cheap) == found


def test_a_rounded_figure_that_is_shown_serves_as_far_as_its_rounding():
    """a may only rise, by 1. r was 22, the most that it tells: it can fall by 2, or by 0,5."""
    for least, kept in ((20.0, "a"), (21.5, "ab")):
        cells = of(Cell("a", 3.0, 3.0, 4.0, secret=True), Cell("b", 20.0, 5.0),
                   Cell("r", 22.0, 5.0, told=(least, 22.0)), total=45.0)  # fmt: skip
        every = np.array([True, True, False, False])
        found = _without_idle(cells, needs(cells), np.ones(4), every)
        assert "".join("abr"[at] for at in np.flatnonzero(found)) == kept


CASES = [0, 0, 1, 2, 3, 4, 6, 9, 20]


def table_of(seed):
    random = np.random.default_rng(seed)
    names = [f"{row}{column}" for row in "abc" for column in "uvwx"[: int(random.integers(2, 5))]]
    counts = pd.Series(random.choice(CASES, len(names)).astype(float), index=names)
    groups = pd.DataFrame({"row": [n[0] for n in names], "column": [n[1] for n in names]}, names)
    rule = RULES[str(random.choice(["caf", "enterprises"]))]
    whole = "all" if random.random() < 0.5 else None
    cells = completed(assembled(*table_of_counts(counts, groups, rule, whole=whole)))
    return cells, needs(cells), random.permutation(len(cells)) + 1.0


@pytest.mark.parametrize("first", range(0, 30, 5))
def test_every_secret_is_safe_and_not_one_cell_is_hidden_for_nothing(first):
    """The attacker judges: with what is shown no secret falls, with one more cell one does."""
    for seed in range(first, first + 5):
        cells, need, cost = table_of(seed)
        found = heuristic(cells, need, cost)
        shown = {cells.names[at]: cells.value[at] for at in np.flatnonzero(~found)}
        assert not verdict(cells, need, Released(shown)).betrayed
        for at in np.flatnonzero(found & ~cells.held):
            more = {**shown, cells.names[at]: cells.value[at]}
            assert verdict(cells, need, Released(more)).betrayed, (seed, cells.names[at])
