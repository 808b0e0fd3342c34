"""The attacker, against every table that agrees with what is published."""

import itertools

import numpy as np
import pytest
from scipy.sparse import csr_array

from ctg_geo.errors import SecrecyError
from ctg_geo.secrecy import inferred


def test_the_only_hidden_part_is_the_total_less_the_others():
    sums = csr_array([[1.0, 1.0, 1.0, -1.0]])
    low, high = np.array([0, 7.0, 5.0, 15.0]), np.array([np.inf, 7.0, 5.0, 15.0])
    assert inferred(sums, low, high, np.array([0])) == (pytest.approx([3]), pytest.approx([3]))


def test_without_a_sum_nothing_is_learnt():
    low, high = np.array([1.0, 0.0]), np.array([4.0, np.inf])
    least, most = inferred(csr_array((0, 2)), low, high, np.array([0, 1]))
    assert least.tolist() == [1, 0]
    assert most.tolist() == [4, np.inf]


def test_what_contradicts_itself_is_not_safe():
    low, high = np.array([1.0, 1.0, 9.0]), np.array([4.0, 4.0, 9.0])
    least, most = inferred(csr_array([[1.0, 1.0, -1.0]]), low, high, np.array([0]))
    assert np.isnan(least).all()
    assert np.isnan(most).all()


@pytest.mark.parametrize("seed", range(12))
def test_intervals_are_those_of_all_whole_tables_that_agree(seed):
    random = np.random.default_rng(seed)
    cells = random.integers(1, 5, (2, 3)).astype(float)
    hidden = random.random((2, 3)) < 0.75
    rows, columns = cells.sum(axis=1), cells.sum(axis=0)
    agree = [
        guess for guess in itertools.product(range(1, 5), repeat=6)
        if (np.reshape(guess, (2, 3))[~hidden] == cells[~hidden]).all()
        and (np.reshape(guess, (2, 3)).sum(axis=1) == rows).all()
        and (np.reshape(guess, (2, 3)).sum(axis=0) == columns).all()
    ]  # fmt: skip
    sums = np.zeros((5, 11))
    for at in range(6):
        sums[at // 3, at] = sums[2 + at % 3, at] = 1.0
    sums[np.arange(5), 6 + np.arange(5)] = -1.0
    known = np.r_[cells.ravel(), rows, columns]
    low = np.where(np.r_[hidden.ravel(), [False] * 5], 1.0, known)
    high = np.where(np.r_[hidden.ravel(), [False] * 5], 4.0, known)
    for whole in (False, True):
        least, most = inferred(csr_array(sums), low, high, np.arange(6), integers=whole)
        assert least == pytest.approx(np.min(agree, axis=0))
        assert most == pytest.approx(np.max(agree, axis=0))


def test_published_figures_that_deny_each_other_tell_nothing_at_all():
    sums = csr_array([[1.0, 1.0, -1.0, 0.0], [0.0, 0.0, 0.0, 0.0]])
    low = np.array([3.0, 4.0, 8.0, 1.0])
    high = np.array([3.0, 4.0, 8.0, 4.0])
    least, most = inferred(sums, low, high, np.array([3]))
    assert np.isnan(least).all()
    assert np.isnan(most).all()
    least, most = inferred(sums, np.array([3.0, 5.0, 8.0, 1.0]), np.array([3.0, 5.0, 8.0, 4.0]),
                           np.array([3]))  # fmt: skip
    assert (least[0], most[0]) == (1.0, 4.0)


def interval(low, high, rows, at=0):
    sums = csr_array(np.atleast_2d(np.array(rows, dtype=float)))
    least, most = inferred(sums, np.array(low, float), np.array(high, float), np.array([at]))
    return float(least[0]), float(most[0])


INF = float("inf")


def test_of_what_nothing_bounds_nothing_is_learnt_on_that_side():
    # x + y = 10
    row = [1, 1, -1]
    assert interval([-INF, 0, 10], [INF, 4, 10], row) == (6, 10)
    assert interval([-INF, -INF, 10], [INF, 4, 10], row) == (6, INF)
    assert interval([-INF, 0, 10], [INF, INF, 10], row) == (-INF, 10)
    assert interval([-INF, -INF, 10], [INF, INF, 10], row) == (-INF, INF)
    assert interval([0, 0, 10], [INF, INF, 10], row) == (0, 10)


def test_a_bound_far_beyond_the_figures_is_one_all_the_same():
    """x is 4 000 times y, of 0 to 100: 400 000, though no figure is above 100."""
    assert interval([-INF, 0], [INF, 100], [1, -4000]) == (0, pytest.approx(4e5))
    assert interval([-INF, 0], [INF, 100], [1, 4000]) == (pytest.approx(-4e5), 0)
    assert interval([-INF, 0], [INF, 100], [1, -8000]) == (0, INF)  # stands for none


def test_a_large_unbounded_figure_is_no_larger_than_its_sums_say():
    assert interval([0, 0, 3e9], [INF, INF, 3e9], [1, 1, -1]) == (0, pytest.approx(3e9))
    assert interval([0, 0, -3e9], [INF, INF, -3e9], [1, -1, -1]) == (0, INF)


def test_what_is_published_is_itself():
    sums = csr_array([[1.0, 1.0, -1.0]])
    low, high = np.array([3.0, 0.0, 9.0]), np.array([3.0, 9.0, 9.0])
    least, most = inferred(sums, low, high, np.array([2, 1, 0]))
    assert least.tolist() == pytest.approx([9, 6, 3])
    assert most.tolist() == pytest.approx([9, 6, 3])
    assert (low.tolist(), high.tolist()) == ([3, 0, 9], [3, 9, 9])


@pytest.mark.parametrize("stacked", [1, 7, 8, 12, 24, 3000])
def test_questions_asked_together_have_the_answers_of_those_asked_alone(monkeypatch, stacked):
    """Three pairs of 4, 5 and 6; of the hidden ones, the first is 1 to 3."""
    monkeypatch.setattr("ctg_geo.secrecy.attack._STACKED", stacked)
    sums = np.zeros((3, 9))
    for at in range(3):
        sums[at, [3 * at, 3 * at + 1, 3 * at + 2]] = 1.0, 1.0, -1.0
    low = np.array([1.0, 0, 4, 1, 0, 5, 1, 0, 6])
    high = np.array([3.0, 9, 4, 3, 9, 5, 3, 9, 6])
    least, most = inferred(csr_array(sums), low, high, np.array([0, 1, 2, 3, 4, 6, 7, 8]))
    assert least.tolist() == pytest.approx([1, 1, 4, 1, 2, 1, 3, 6])
    assert most.tolist() == pytest.approx([3, 3, 4, 3, 4, 3, 5, 6])


@pytest.mark.parametrize(("off", "agree"), [(0.5, True), (-0.5, True), (3.0, False), (-3.0, False)])
def test_published_figures_of_millions_agree_to_a_millionth(off, agree):
    low = np.array([4e5, 6e5, 1e6 + off, 1.0])
    sums = csr_array([[1.0, 1.0, -1.0, 0.0]])
    least, _ = inferred(sums, low, low + np.array([0, 0, 0, 3.0]), np.array([3]))
    assert np.isnan(least[0]) != agree


def test_published_figures_under_1_agree_to_a_millionth_of_1():
    for off, agree in ((5e-7, True), (1.5e-6, False)):
        low = np.array([0.1, 0.2, 0.3 + off, 1.0])
        sums = csr_array([[1.0, 1.0, -1.0, 0.0]])
        least, _ = inferred(sums, low, low + np.array([0, 0, 0, 3.0]), np.array([3]))
        assert np.isnan(least[0]) != agree


def test_published_figures_are_held_against_their_sums_wherever_the_sums_stand():
    """The first sum is of hidden figures; the second, of published ones, does not add up."""
    sums = csr_array([[1.0, -1.0, 0, 0, 0], [0, 0, 1.0, 1.0, -1.0]])
    low, high = np.array([0.0, 7, 1, 2, 4]), np.array([9.0, 7, 1, 2, 4])
    assert np.isnan(inferred(sums, low, high, np.array([0]))[0]).all()
    low[4] = high[4] = 3.0
    assert inferred(sums, low, high, np.array([0]))[0].tolist() == pytest.approx([7])


@pytest.mark.parametrize("status", [1, 3, 4])
def test_a_solver_that_gives_up_stops_all(monkeypatch, status):
    import scipy.optimize

    answer = scipy.optimize.OptimizeResult(status=status, message="given up", x=None)
    monkeypatch.setattr(scipy.optimize, "linprog", lambda *_, **__: answer)
    with pytest.raises(SecrecyError) as caught:
        interval([0, 0, 5], [9, 9, 5], [1, 1, -1])
    assert (caught.value.reason, caught.value.facts["said"]) == ("solver", "given up")


def test_figures_may_be_in_halves_unless_it_is_said_that_they_are_whole():
    sums = csr_array([[2.0, -1.0]])
    low, high = np.array([0.0, 5.0]), np.array([4.0, 5.0])
    assert [float(each[0]) for each in inferred(sums, low, high, np.array([0]))] == [2.5, 2.5]
    assert np.isnan(inferred(sums, low, high, np.array([0]), integers=True)).all()
