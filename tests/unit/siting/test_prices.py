"""Prices of people give a bound that no plan betters: against every set of sites, and by hand."""

from itertools import combinations

import numpy as np
import pytest
from scipy.optimize import linprog

from ctg_geo.siting.classical.flows import _First
from ctg_geo.siting.classical.sending import Sending
from ctg_geo.siting.classical.sites import Choice
from ctg_geo.siting.classical.sizes import Sizes

INF = float("inf")


def question(cost, weight, room, *, most, fixed=0, beyond=INF):
    """Ask to open `most` sites, the first `fixed` standing, each with room for some people."""
    sites = len(room)
    free = sites - fixed
    choice = Choice(most, False, np.full(free, -1), np.zeros(0, dtype=np.int64),
                    np.zeros(free), INF)  # fmt: skip
    made = Sizes(np.arange(sites), fixed, np.zeros(sites), np.asarray(room, dtype=float), 0.0,
                 INF, np.zeros(sites), np.zeros(sites), INF)  # fmt: skip
    return Sending(np.asarray(cost, dtype=float), np.asarray(weight, dtype=float), made, choice,
                   beyond)  # fmt: skip


def climbed(ask):
    dual, best = _First(ask).run(np.ascontiguousarray(ask.cost.T))
    return dual.bound, best


def least(ask):
    """Send people to every set of sites by scipy's programme; return the least it costs."""
    homes, sites = ask.cost.shape
    values = []
    for count in range(ask.choice.most + 1):
        for free in combinations(range(ask.fixed, sites), count):
            opened = [*range(ask.fixed), *free]
            cost = np.c_[ask.cost[:, opened], np.full(homes, ask.beyond)]
            room = np.r_[ask.sizes.most[opened], INF]
            everyone = np.kron(np.eye(homes), np.ones(len(room)))
            inside = np.kron(np.ones(homes), np.eye(len(room)))
            kept = np.isfinite(room)
            found = linprog(cost.ravel(), A_eq=everyone, b_eq=ask.weight,
                            A_ub=inside[kept], b_ub=room[kept])  # fmt: skip
            values.append(found.fun)
    return min(values)


@pytest.mark.parametrize("seed", range(30))
def test_no_set_of_sites_betters_the_bound_and_the_plan_is_no_better_than_the_best(seed):
    draw = np.random.default_rng(seed)
    fixed = int(draw.integers(0, 2))
    ask = question(
        draw.integers(1, 20, (5, 4)), draw.integers(1, 9, 5), draw.integers(2, 15, 4),
        most=int(draw.integers(1, 4)) if fixed == 0 else 2, fixed=fixed, beyond=40.0,
    )  # fmt: skip
    bound, best = climbed(ask)
    value = least(ask)
    assert bound <= value + 1e-6
    assert bound >= 0.8 * value  # prices are raised until they say something
    assert best.value >= value - 1e-6
    assert best.value <= 1.2 * value


@pytest.mark.parametrize(
    ("room", "beyond", "value"),
    [
        ([10], 40.0, 3 * 1 + 2 * 4),
        ([4], 40.0, 3 * 1 + 1 * 4 + 1 * 40),  # one person finds no place
        ([1], 40.0, 1 * 1 + 4 * 40),
    ],
)
def test_one_site_fills_with_those_who_gain_most_by_it(room, beyond, value):
    bound, best = climbed(question([[1], [4]], [3, 2], room, most=1, beyond=beyond))
    assert best.value == pytest.approx(value)
    assert value * 0.99 <= bound <= value + 1e-9


def test_a_site_that_stands_is_paid_for_whatever_is_chosen():
    ask = question([[1, 9], [9, 1]], [3, 2], [5, 5], most=1, fixed=1, beyond=40.0)
    bound, best = climbed(ask)
    assert best.value == pytest.approx(5)
    assert 4.95 <= bound <= 5
