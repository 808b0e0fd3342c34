"""The compiled sums, pair by pair: a time at its bound is in the nearer zone."""

import numpy as np
import pytest

from ctg_geo.access import kernels

ZONES = (10, 20, 30, 40)
TIMES = np.array([0, 10, 11, 20, 21, 30, 31, 40, 41, 99], dtype=np.int32)
TABLE = np.array([1.0, 0.5, 0.25, 0.125, 0.0625])
WEIGHT = np.array([1, 1, 0.5, 0.5, 0.25, 0.25, 0.125, 0.125, 0.0625, 0.0625])
COUNT = len(TIMES)
PAIRS = (np.array([0, COUNT, COUNT]), np.arange(COUNT, dtype=np.int32), TIMES)
BY_MS = np.r_[np.linspace(1, 0.1, 42), 0.0]  # by millisecond; beyond the last, the last


def test_homes_gather_each_place_by_its_zone():
    amount, out = np.arange(1.0, COUNT + 1), np.full(2, np.nan)
    kernels.gathered_by_zone((0, 2), PAIRS, (ZONES, TABLE), amount, out)
    assert out.tolist() == [(WEIGHT * amount).sum(), 0]


def test_places_gather_each_home_by_its_zone():
    out = np.ones(COUNT)
    kernels.scattered_by_zone((0, COUNT), PAIRS, (ZONES, TABLE), np.array([3.0, 7.0]), out)
    assert out.tolist() == (1 + 3 * WEIGHT).tolist()


def test_a_millisecond_finds_its_own_weight_and_one_beyond_the_table_the_last():
    weight = np.array([*BY_MS[TIMES[:-1]], 0.0])
    amount, out = np.arange(1.0, COUNT + 1), np.full(2, np.nan)
    kernels.gathered((0, 2), PAIRS, BY_MS, amount, out)
    np.testing.assert_allclose(out, [(weight * amount).sum(), 0])
    found = np.ones(COUNT)
    kernels.scattered((0, COUNT), PAIRS, BY_MS, np.array([3.0, 7.0]), found)
    np.testing.assert_allclose(found, 1 + 3 * weight)


def test_only_the_places_asked_for_are_added_to():
    pairs = (np.array([0, 2, 4]), np.array([0, 1, 0, 1], np.int32), np.full(4, 5, np.int32))
    out = np.zeros(2)
    kernels.scattered_by_zone((1, 2), pairs, (ZONES, TABLE), np.array([3.0, 7.0]), out)
    assert out.tolist() == [0, 10]
    kernels.scattered((0, 1), pairs, BY_MS, np.array([3.0, 7.0]), out)
    assert out.tolist() == [10 * BY_MS[5], 10]


def test_an_empty_home_is_passed_over_and_those_after_it_count():
    pairs = (np.array([0, 1, 3]), np.array([0, 0, 1], np.int32), np.array([5, 15, 5], np.int32))
    out = np.zeros(2)
    kernels.scattered_by_zone((0, 2), pairs, (ZONES, TABLE), np.array([0.0, 4.0]), out)
    assert out.tolist() == [2, 4]
    out = np.zeros(2)
    kernels.scattered((0, 2), pairs, BY_MS, np.array([0.0, 4.0]), out)
    assert out.tolist() == [4 * BY_MS[15], 4 * BY_MS[5]]


@pytest.mark.parametrize("first", range(5))
@pytest.mark.parametrize("last", range(5))
def test_a_range_of_places_is_found_wherever_a_row_has_none_of_them(first, last):
    to = np.array([1, 3, 0, 2, 3, 2], np.int32)
    pairs = np.array([0, 2, 5, 5, 6]), to, np.full(6, 5, np.int32)
    out = np.zeros(4)
    kernels.scattered_by_zone((first, last), pairs, (ZONES, TABLE), np.array([1.0, 2, 4, 8]), out)
    whole = [2, 1, 2 + 8, 1 + 2]  # by place, the homes that reach it
    assert out.tolist() == [n * (first <= at < last) for at, n in enumerate(whole)]
