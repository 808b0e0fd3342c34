"""The fewest cells to hide: conditions that a proof gives, one at a time, by hand."""

import numpy as np
import pytest

from ctg_geo.errors import SecrecyError
from ctg_geo.secrecy import Cell, Sum, assembled, suppress
from ctg_geo.secrecy.exact import _largest, _Master, exact, short_of
from ctg_geo.secrecy.needs import needs
from ctg_geo.secrecy.probe import Extreme

NAN = float("nan")
SECRET = Cell("a", 3.0, 1.0, 4.0, secret=True)


def of(*cells, total):
    return assembled([*cells, Cell("all", total, fixed=True)],
                     [Sum("all", {each.name: 1.0 for each in cells})])  # fmt: skip


THREE = of(SECRET, Cell("b", 20.0, 5.0), Cell("c", 30.0, 5.0), total=53.0)
NEED = needs(THREE)
UP = Extreme(3.0, None, np.array([0.0, -1.0, -1.0, 1.0]))  # a = 53 at most - 20 - 30 at least
DOWN = Extreme(3.0, None, np.array([0.0, 1.0, 1.0, -1.0]))


def master(cells=THREE, cost=(0, 1, 2, 0), *, whole=True):
    made = _Master(cells, np.array(cost, dtype=float))
    made.whole(whole)
    return made


@pytest.mark.parametrize(("sign", "extreme"), [(1, UP), (-1, DOWN)])
@pytest.mark.parametrize(("cost", "chosen"), [((0, 1, 2, 0), [1, 1, 0, 0]),
                                              ((0, 2, 1, 0), [1, 0, 1, 0])])  # fmt: skip
def test_a_proof_asks_for_one_of_the_cells_that_it_weighs_the_cheapest(sign, extreme, cost, chosen):
    made = master(cost=cost)
    assert made.solved().tolist() == [1, 0, 0, 0]
    assert made.cut(0, sign, NEED, extreme) is True
    assert made.solved().tolist() == chosen
    assert made.cut(0, sign, NEED, extreme) is False, "the choice keeps that condition"


def test_what_is_open_enough_gives_no_condition():
    made = master()
    made.solved()
    need = np.full(4, 3.0), np.full(4, 3.0)
    assert made.cut(0, 1, need, UP) is False
    assert made.cut(0, -1, need, DOWN) is False
    assert made.solved().tolist() == [1, 0, 0, 0]


def test_cells_that_open_little_count_for_as_little():
    """a falls by 2: b may rise by 0,8 of it, c by all of it."""
    cells = of(SECRET, Cell("b", 20.0, 5.0, 20.8), Cell("c", 30.0, 5.0), total=53.0)
    parts = master(cells, (0, 1, 3, 0), whole=False)
    parts.solved()
    assert parts.cut(0, -1, NEED, DOWN) is True
    # 0,4 b + c >= 1, at 1 and 3: b wholly, and 0,6 of c
    assert parts.solved().tolist() == pytest.approx([1, 1, 0.6, 0])
    parts.whole(True)
    assert parts.solved().tolist() == pytest.approx([1, 0, 1, 0])


def test_a_proof_counts_what_is_hidden_already():
    """t, another secret, opens 1 of the 2 that a needs: b and c bring 1 between them."""
    cells = of(SECRET, Cell("b", 20.0, 5.0, 20.5), Cell("c", 30.0, 5.0),
               Cell("t", 3.0, 1.0, 4.0, secret=True), total=56.0)  # fmt: skip
    made = master(cells, (0, 1, 3, 0, 0), whole=False)
    made.solved()
    proof = Extreme(2.0, None, np.array([0.0, 1.0, 1.0, 1.0, -1.0]))
    need = np.full(5, 1.0), np.full(5, 4.0)
    assert made.cut(0, -1, need, proof) is True
    # a is 3 less 1 of t: 1 to go, of which b brings the half
    assert made.solved().tolist() == pytest.approx([1, 1, 0.5, 1, 0])


def test_weights_are_those_of_the_proof():
    """Half of b and twice c: a falls by 2 where b rises by 4, or c by 1."""
    cells = assembled([SECRET, Cell("b", 20.0, 5.0, 22.0), Cell("c", 30.0, 5.0, 30.5),
                       Cell("t", 73.0, fixed=True)],
                      [Sum("t", {"a": 1.0, "b": 0.5, "c": 2.0})])  # fmt: skip
    made = master(cells, (0, 1, 1.5, 0), whole=False)
    made.solved()
    assert made.cut(0, -1, NEED, Extreme(3.0, None, np.array([0.0, 0.5, 2.0, -1.0]))) is True
    # 1 of b and 1 of c, of 2: 0,5 b + 0,5 c >= 1
    assert made.solved().tolist() == pytest.approx([1, 1, 1, 0])


def test_a_proof_that_no_cell_can_break_is_of_a_secret_known_outside():
    outside = [Cell("b", 20.0, 5.0, fixed=True), Cell("c", 30.0), Cell("all", 23.0, fixed=True)]
    cells = assembled([SECRET, *outside], [Sum("all", {"a": 1.0, "b": 1.0})])
    made = master(cells, (0, 1, 1, 0))
    made.solved()
    with pytest.raises(SecrecyError) as caught:
        made.cut(0, 1, NEED, Extreme(3.0, None, np.array([0.0, -1.0, 0.0, 1.0])))
    assert (caught.value.reason, caught.value.facts["cells"]) == ("known_outside", ["a"])


def test_a_table_without_a_choice_chooses_nothing():
    cells = of(SECRET, Cell("b", NAN, 5.0), total=23.0)
    made = master(cells, (0, 0, 0))
    assert made.solved().tolist() == [1, 1, 0]


def asked(values):
    """Answer from a list, by cell and side; note the questions."""
    seen = []

    def extreme(at, sign):
        seen.append((at, sign))
        return Extreme(values[at, sign], None, None)

    return seen, extreme


def test_each_secret_is_asked_both_ways_and_told_with_what_it_lacks():
    cells = assembled([Cell("x", 9.0), SECRET, Cell("b", 2.0, 1.0, 4.0, secret=True)], [])
    need = np.array([NAN, 1.0, 1.0]), np.array([NAN, 4.0, 4.0])
    seen, extreme = asked({(1, 1): 3.5, (1, -1): 1.0, (2, 1): 4.0, (2, -1): 1.75})
    found = [each[:3] for each in short_of(cells, need, extreme)]
    assert found == [(1, 1, 0.5), (2, -1, 0.75)]
    assert seen == [(1, 1), (1, -1), (2, 1), (2, -1)]


@pytest.mark.parametrize(("size", "off", "short"), [
    (1.0, 9e-7, False), (1.0, 1.5e-6, True), (0.1, 9e-7, False), (0.1, 2e-6, True),
    (1e6, 0.9, False), (1e6, 1.2, True),
])  # fmt: skip
def test_a_need_is_met_but_for_a_millionth_of_it(size, off, short):
    cells = assembled([Cell("a", size, 0.0, secret=True)], [])
    need = np.array([size]), np.array([size])
    for sign in (1, -1):
        _, extreme = asked({(0, sign): size - sign * off, (0, -sign): size})
        assert bool(list(short_of(cells, need, extreme))) == short


def test_the_largest_room_that_a_secret_needs_is_1_at_least():
    cells = assembled([SECRET, Cell("b", 20.0), Cell("c", 9.0, 2.0, 10.0, secret=True)], [])
    assert _largest(cells, needs(cells)) == 7
    turned = assembled([Cell("c", 3.0, 2.0, 10.0, secret=True)], [])
    assert _largest(turned, needs(turned)) == 7
    small = assembled([Cell("c", 0.3, 0.2, 0.4, secret=True)], [])
    assert _largest(small, needs(small)) == 1
    assert _largest(assembled([], []), (np.array([]), np.array([]))) == 1


COST = np.array([1.0, 1.0, 2.0, 1.0])


def test_the_cheapest_choice_is_found_and_masks_all_that_is_hidden():
    found = exact(THREE, NEED, COST)
    assert found.dtype == bool
    assert found.tolist() == [True, True, False, False]
    assert exact(THREE, NEED, np.array([1.0, 2.0, 1.0, 1.0])).tolist() == [True, False, True, False]


@pytest.mark.parametrize(("rounds", "found"), [(0, False), (1, False), (20, True)])
def test_a_search_that_grows_too_long_is_left_to_the_heuristic(monkeypatch, rounds, found):
    monkeypatch.setattr("ctg_geo.secrecy.exact._ROUNDS", rounds)
    assert (exact(THREE, NEED, COST) is not None) == found
    assert suppress(THREE).method == ("exact" if found else "heuristic")


def test_a_search_of_too_many_nodes_is_left_to_the_heuristic(monkeypatch):
    made = master()
    monkeypatch.setattr(made._solver.__class__, "getModelStatus", lambda _: None)
    assert made.solved() is None


def grid(size, *, secret=3.0):
    """Return a square of counts with the totals of its rows and columns, one of them secret."""
    cells, sums = [], []
    for row in range(size):
        for column in range(size):
            name = f"{row} {column}"
            first = row == column == 0
            cells.append(Cell(name, secret, 1.0, 4.0, secret=True) if first
                         else Cell(name, 20.0 + row + column, 5.0))  # fmt: skip
    for side in range(2):
        for at in range(size):
            parts = {f"{row} {column}": 1.0 for row in range(size) for column in range(size)
                     if (row, column)[side] == at}  # fmt: skip
            by_name = {each.name: each.value for each in cells}
            name = f"{'rc'[side]}{at}"
            cells.append(Cell(name, sum(by_name[each] for each in parts), fixed=True))
            sums.append(Sum(name, parts))
    return assembled(cells, sums)


@pytest.mark.parametrize("size", [3, 8, 9])
def test_a_secret_in_a_square_of_known_totals_hides_a_rectangle_the_smallest_if_few_can_hide(size):
    """63 or 80 cells to choose among: more than 60, and the values no longer decide."""
    found = suppress(grid(size))
    assert found.method == "exact"
    hidden = {found.cells.names[at] for at in np.flatnonzero(found.hidden)}
    assert len(hidden) == 4
    if size == 3:
        assert hidden == {"0 0", "0 1", "1 0", "1 1"}


def test_a_cell_is_hidden_wholly_or_not_at_all():
    """In parts, b and 0,6 of c would be cheaper than c, that is enough alone."""
    cells = of(SECRET, Cell("b", 20.0, 5.0, 20.8), Cell("c", 30.0, 5.0), total=53.0)
    found = exact(cells, needs(cells), np.array([1.0, 1.0, 3.0, 1.0]))
    assert found.tolist() == [True, False, True, False]


def test_cells_without_bounds_elsewhere_do_not_blur_a_proof():
    lost = Cell("lost", NAN, -float("inf"))
    cells = of(SECRET, Cell("b", 20.0, 5.0), lost, total=23.0)
    made = master(cells, (0, 1, 0, 0))
    made.solved()
    need = np.full(4, 1.0), np.full(4, 4.0)
    assert made.cut(0, 1, need, Extreme(3.0, None, np.array([0.0, -1.0, 0.0, 1.0]))) is True
    assert made.solved().tolist() == [1, 1, 1, 0]
    assert made.cut(0, -1, need, Extreme(3.0, None, np.array([0.0, 1.0, 0.0, -1.0]))) is False
