"""The loops of people who choose by crowding, on a few homes, by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctg_geo.access.equilibrium import chosen, looked, sweep


@pytest.mark.parametrize(
    ("slack", "gone", "near"),
    [
        (0.5, [0, 0, 0], [True, True, False]),  # just at the slack is within
        (0.25, [0, 0, 0], [True, False, False]),
        (0.25, [0, 0, 3], [True, False, True]),  # whoever goes there is looked at
    ],
)
def test_pairs_are_looked_at_that_cost_little_more_or_that_people_use(slack, gone, near):
    pairs = (np.array([0, 3, 3]), np.array([0, 1, 2]), np.array([1.0, 0.5, 2.0]))
    price = np.array([0.0, 1.0, 0.0])  # in all 1, 1.5 and 2
    least, found = np.empty(2), np.zeros(3, dtype=bool)
    looked(pairs, price, np.array(gone, dtype=float), slack, least, found)
    assert least.tolist() == [1, np.inf]  # nothing is within reach of the second home
    assert found.tolist() == near


# Three homes: the first reaches three sites, the second none, the third the last two.
START, TO = np.array([0, 3, 3, 5]), np.array([0, 1, 2, 2, 1])


def test_the_reluctant_pour_into_what_costs_least_less_what_they_were_used_to():
    cost, price = np.array([1.0, 0.5, 9, 0, 0]), np.array([0.0, 1, 0])
    before = np.array([0.4, 0.4, 0.2, 1, 0])
    share, load = np.full(5, np.nan), np.full(3, 99.0)
    spent = chosen((START, TO, cost), np.array([10.0, 7, 4]), price, before, 2.0, share, load)
    # The first home. Floors: 1 - 2 × 0.4, 1.5 - 2 × 0.4, 9 - 2 × 0.2. Up to the level 1.45 the
    # first two hold 1.25 + 0.75 = 2; that is 0.625 and 0.375 of its people, and the last is dry.
    # The third. Floors: 0 - 2 × 1 and 1: the first holds 2 up to level 0, and no one moves.
    assert share.tolist() == pytest.approx([0.625, 0.375, 0, 1, 0])
    assert load.tolist() == pytest.approx([6.25, 3.75, 4])
    trips = 0.625 * 1 + 0.375 * 1.5  # each change costs half of 2 times its square
    assert spent == pytest.approx(10 * (trips + 0.225**2 + 0.025**2 + 0.2**2))


def test_a_site_that_the_others_leave_dry_holds_none_of_the_reluctant():
    # Up to 0 + 2 all three would hold people; but 2 + 0.1 + 1.9 in three is 1.33, under 1.9.
    pairs = np.array([0, 3]), np.arange(3), np.array([1.9, 0.0, 0.1])
    share, load = np.empty(3), np.empty(3)
    chosen(pairs, np.array([1.0]), np.zeros(3), np.zeros(3), 2.0, share, load)
    assert share.tolist() == pytest.approx([0, 0.525, 0.475])  # level (2 + 0.1) / 2


def test_people_choose_again_among_those_who_stay_where_they_are():
    cost, room = np.array([1.0, 2, 9, 0, 5]), np.array([5.0, 10, 20])
    gone = np.array([4.0, 0, 6, 0, 2])
    load = np.array([9.0, 2, 10])  # 5, 0 and 4 others stay at the sites
    sweep((START, TO, cost), np.array([10.0, 7, 2]), room, load, gone, np.full(3, np.nan))
    # The first home finds prices and trips of 5/5 + 1, 2/10 + 2 and 4/20 + 9. Up to 2.8 the first
    # two hold 5 × 0.8 and 10 × 0.6. The third finds 4/20 + 0 and 6/10 + 5: all go to the one.
    assert gone.tolist() == pytest.approx([4, 6, 0, 2, 0])
    assert load.tolist() == pytest.approx([9, 6, 6])


def test_a_site_that_the_others_leave_dry_takes_nobody():
    # Up to 0 + 1 / 0.5 all three would; then (1 + (0.1 + 1.9) / 2) / 1.5 is 1.33, under 1.9.
    pairs = np.array([0, 3]), np.arange(3), np.array([1.9, 0.0, 0.1])
    gone, load = np.array([1.0, 0, 0]), np.array([1.0, 0, 0])
    sweep(pairs, np.array([1.0]), np.full(3, 0.5), load, gone, np.empty(3))
    assert gone.tolist() == pytest.approx([0, 0.525, 0.475])  # level (1 + 0.1 / 2) / 1
    assert load.tolist() == gone.tolist()


def test_so_few_that_no_price_feels_them_are_left_out():
    pairs = np.array([0, 2]), np.arange(2), np.array([1.0, 3])
    gone, load = np.zeros(2), np.zeros(2)
    sweep(pairs, np.array([1e-30]), np.ones(2), load, gone, np.empty(2))
    assert load.tolist() == [0, 0]  # 1 + 1e-30 is 1


amounts = st.lists(st.integers(1, 40), min_size=4, max_size=4).map(np.array)


@given(amounts, amounts, amounts, st.integers(1, 50))
def test_nobody_gains_by_another_choice_right_after_choosing(cost, room, others, people):
    load, gone = np.array([*others[:-1], others[-1] + people], dtype=float), np.zeros(4)
    gone[-1] = people  # all were at the last
    pairs = np.array([0, 4]), np.arange(4), cost / 10
    sweep(pairs, np.array([float(people)]), room.astype(float), load, gone, np.empty(4))
    assert gone.sum() == pytest.approx(people)
    assert load == pytest.approx(others + gone)
    spent = load / room + cost / 10
    assert spent[gone > 0] == pytest.approx(np.full((gone > 0).sum(), spent.min()))
