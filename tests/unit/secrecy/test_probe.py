"""What an outsider may still think of a cell, and the proof that it is all, by hand."""

from types import SimpleNamespace

import highspy
import numpy as np
import pytest

from ctg_geo.errors import SecrecyError
from ctg_geo.secrecy import Cell, Sum, assembled
from ctg_geo.secrecy.probe import Prober, part_of, quiet_solver, solved

INF = float("inf")
ALONE = assembled(
    [Cell("a", 3.0, 1.0, 4.0), Cell("b", 20.0, 5.0), Cell("c", 20.0, 5.0, told=(18.0, 22.0)),
     Cell("d", 20.0, 5.0, fixed=True), Cell("e", float("nan"), 2.0, 9.0)], [])  # fmt: skip


def ends(prober, cell):
    return prober.extreme(cell, -1).value, prober.extreme(cell, 1).value


def hidden(*parts, cells=ALONE, **more):
    prober = Prober(cells)
    prober.hide(np.array(parts, dtype=float), **more)
    return prober


def test_what_is_shown_is_what_it_tells():
    for prober in (Prober(ALONE), hidden(0, 0, 0, 0, 0)):
        assert [ends(prober, at) for at in range(5)] == [
            (3, 3), (20, 20), (18, 22), (20, 20), (2, 9),
        ]  # fmt: skip


def test_what_is_hidden_is_what_its_rule_says_and_what_is_known_outside_stays():
    prober = hidden(1, 1, 1, 1, 1)
    assert [ends(prober, at) for at in range(5)] == [
        (1, 4), (5, INF), (5, INF), (20, 20), (2, 9),
    ]  # fmt: skip


def test_what_is_hidden_in_part_opens_in_part():
    most = np.array([10.0, 60.0, 30.0, 99.0, 99.0])
    prober = hidden(0.5, 0.25, 0.5, 1, 1, most=most)
    assert [ends(prober, at) for at in range(5)] == [
        (2, 3.5), (16.25, 30), (11.5, 26), (20, 20), (2, 9),
    ]  # fmt: skip


def test_the_most_that_is_asked_is_no_more_than_the_rule_and_no_less_than_what_is_told():
    prober = hidden(1, 1, 1, 1, 1, most=np.array([3.5, 20.0, 19.0, 0.0, 0.0]))
    assert [ends(prober, at)[1] for at in range(5)] == [3.5, 20, 22, 20, 9]


def test_hiding_is_forgotten_by_the_next_choice():
    prober = hidden(1, 1, 1, 1, 1)
    prober.hide(np.array([0.0, 1, 0, 0, 0]))
    assert [ends(prober, at) for at in range(3)] == [(3, 3), (5, INF), (18, 22)]


SUMMED = assembled(
    [Cell("a", 3.0, 1.0, 4.0), Cell("b", 7.0, 5.0), Cell("all", 10.0, fixed=True)],
    [Sum("all", {"a": 1.0, "b": 1.0})],
)


@pytest.mark.parametrize(("sign", "value", "other"), [(1, 4, 6), (-1, 1, 9)])
def test_a_sum_moves_the_others_and_the_answer_is_a_table(sign, value, other):
    found = hidden(1, 1, 0, cells=SUMMED).extreme(0, sign)
    assert found.value == value
    assert found.table.tolist() == pytest.approx([value, other, 10])
    assert found.proof.tolist() == pytest.approx([sign, 0, 0])  # its own rule alone


@pytest.mark.parametrize("sign", [1, -1])
def test_a_proof_weighs_the_bounds_of_others(sign):
    """b is shown: a is at most all at its highest less b at its lowest, and the other way round."""
    found = hidden(1, 0, 0, cells=SUMMED).extreme(0, sign)
    assert found.value == pytest.approx(3)
    assert found.proof.tolist() == pytest.approx([0, -sign, sign])


def test_each_question_stands_for_itself():
    cells = assembled([Cell("a", 3.0), Cell("b", 7.0), Cell("all", 10.0, fixed=True)],
                      [Sum("all", {"a": 1.0, "b": 1.0})])  # fmt: skip
    prober = hidden(1, 1, 0, cells=cells)
    for first in (-1, 1):
        for then in (-1, 1):
            prober.extreme(0, first)
            assert prober.extreme(1, then).value == (10 if then > 0 else 0)
        assert ends(prober, 0) == (0, 10)
        assert ends(prober, 1) == (0, 10)
        assert ends(prober, 2) == (10, 10)


@pytest.mark.parametrize("sign", [1, -1])
def test_of_what_nothing_bounds_there_is_no_proof(sign):
    free = assembled([Cell("a", 3.0, -INF)], [])
    found = hidden(1, cells=free).extreme(0, sign)
    assert (found.value, found.table, found.proof) == (sign * INF, None, None)


def test_what_no_table_makes_stops_all():
    wrong = assembled([Cell("a", 3.0), Cell("all", 10.0)], [Sum("all", {"a": 1.0})])
    with pytest.raises(SecrecyError) as caught:
        Prober(wrong).extreme(0, 1)
    assert caught.value.reason == "solver"
    assert "Infeasible" in caught.value.facts["said"]


@pytest.mark.parametrize("status", ["kError", "kWarning", "kOk"])
def test_a_solver_that_fails_stops_all_and_a_warning_does_not(status):
    solver = SimpleNamespace(run=lambda: getattr(highspy.HighsStatus, status))
    if status != "kError":
        solved(solver)
        return
    with pytest.raises(SecrecyError) as caught:
        solved(solver)
    assert caught.value.reason == "solver"


def test_the_solver_is_quiet_and_always_does_the_same():
    solver = quiet_solver()
    told = {name: solver.getOptionValue(name)[1] for name in ("output_flag", "threads",
                                                              "random_seed")}  # fmt: skip
    assert told == {"output_flag": False, "threads": 1, "random_seed": 0}


def test_a_part_of_a_room_that_is_infinite_is_infinite_and_no_part_of_it_is_nothing():
    free, room = np.array([0.0, 0.5, 0.5, 0.0, 1.0]), np.array([INF, INF, 4.0, 4.0, 0.5])
    assert part_of(free, room).tolist() == [0, INF, 2, 0, 0.5]
