"""What prices rule out no better plan uses: against every set of sites that keeps the rules."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ctg_geo.siting import SiteRules, capacitated_mclp
from ctg_geo.siting.classical.dual import Dual, cheapest_set
from ctg_geo.siting.classical.graded import left
from ctg_geo.siting.classical.sites import Choice

INF = float("inf")


@st.composite
def choices(draw):
    """Draw the worth of sites, and rules that some set of them keeps."""
    worth = np.array(draw(st.lists(st.integers(-9, 9), min_size=1, max_size=6)), dtype=float)
    group = np.array([draw(st.integers(-1, 1)) for _ in worth])
    most = draw(st.integers(1, len(worth)))
    least = np.array([draw(st.integers(0, int((group == at).sum()))) for at in range(2)])
    if least.sum() > most:
        least[:] = 0
    choice = Choice(most, draw(st.booleans()), group, least, np.zeros(len(worth)), INF)
    return choice, worth


@settings(max_examples=1000)
@given(choices(), st.integers(0, 20))
def test_every_set_that_may_better_the_best_is_left(asked, room):
    choice, worth = asked
    opened = cheapest_set(worth, choice)
    bound = float(worth[opened].sum())
    rest = left(choice, Dual(bound, np.zeros(0), worth, opened), bound + room, 0.0)
    for count in range(len(worth) + 1):
        for chosen in combinations(range(len(worth)), count):
            one = np.array(chosen, dtype=int)
            if choice.allows(one) and worth[one].sum() <= bound + room:
                assert rest.may[one].all()
                assert set(np.flatnonzero(rest.must)) <= set(chosen)


def test_a_site_beside_those_open_costs_its_worth_where_more_may_open():
    """One is open at -2 and one more may: each other adds what it costs, or earns nothing."""
    choice = Choice(2, False, np.full(4, -1), np.zeros(0, dtype=int), np.zeros(4), INF)
    worth = np.array([-2.0, 0.5, 0.0, 2.0])
    opened = np.array([True, False, False, False])
    rest = left(choice, Dual(-2.0, np.zeros(0), worth, opened), -1.0, 0.25)
    assert rest.room == pytest.approx(0.75)
    assert rest.extra.tolist() == [0, 0.5, 0, 2]
    assert rest.may.tolist() == [True, True, True, False]
    assert rest.must.tolist() == [True, False, False, False]  # closing it loses 2
    none = left(choice, Dual(0.0, np.zeros(0), worth[1:], opened[1:]), 0.75, 0.0)
    assert none.extra.tolist() == [0.5, 0, 2]
    full = Choice(1, False, choice.group, choice.least, choice.price, INF)
    rest = left(full, Dual(-2.0, np.zeros(0), worth, opened), 1.0, 0.25)
    assert rest.extra.tolist() == [0, 2.5, 2, 4]  # instead of the one that is open
    assert rest.may.tolist() == [True, True, True, False]


def test_a_site_may_close_with_none_instead():
    """Three sites pay at first prices, all that may open; money allows one, and one is better."""
    near = pd.DataFrame(
        [[0.0, INF, INF], [INF, 0.0, 0.0]], index=["village", "town"], columns=["a", "b", "c"]
    )
    rules = SiteRules(new=3, largest=1.0, cost_open=pd.Series(1.0, index=near.columns), budget=1.0)
    people = pd.Series([1.0, 3.0], index=near.index)
    plan = capacitated_mclp(near, people, rules, within_min=0)
    assert (plan.value, plan.bound) == (pytest.approx(1), pytest.approx(1))


def test_the_site_that_a_floor_opened_may_give_way_to_another_of_its_group():
    """A floor opens the one at 5; the other at 7 costs 2 more, not 7."""
    choice = Choice(2, False, np.array([0, 0]), np.array([1]), np.zeros(2), INF)
    worth = np.array([5.0, 7.0])
    rest = left(choice, Dual(5.0, np.zeros(0), worth, np.array([True, False])), 8.0, 0.0)
    assert rest.extra.tolist() == [0.0, 2.0]
    assert rest.may.all()
