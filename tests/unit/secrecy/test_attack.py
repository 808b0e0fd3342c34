"""The attacker, against every table that agrees with what is published."""

import itertools

import numpy as np
import pytest
from scipy.sparse import csr_array

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
