"""The loops over origins and sites, compiled and plain, against their definitions."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ctg_geo.siting.classical import loops, plain
from ctg_geo.siting.classical import problem as problems_of
from ctg_geo.siting.classical.covering import cover_found, cover_problem, distinct, links
from ctg_geo.siting.classical.dual import _first_prices, _nearest, _over, _scale, cheapest_set
from ctg_geo.siting.classical.problem import Problem
from ctg_geo.siting.classical.search import (
    Found,
    _kept_for,
    _one_more,
    _saved,
    _shaken,
    greedy,
    polished,
    tries,
)
from ctg_geo.siting.classical.sites import Choice
from siting_sets import INF, choices, problems, sets, value

both = pytest.mark.parametrize("module", [loops, plain], ids=["compiled", "plain"])
some = settings(max_examples=60)


def free(count, most=9, **rules):
    told = {"exactly": False, "group": np.full(count, -1), "least": np.zeros(0, dtype=np.int64),
            "price": np.zeros(count), "budget": INF} | rules  # fmt: skip
    return Choice(most, **told)


@both
@some
@given(problems(), st.data())
def test_the_two_nearest_of_each_origin(module, problem, data):
    count = len(problem.by_site)
    chosen = np.array(data.draw(st.lists(st.integers(0, count - 1), unique=True)), dtype=np.int64)
    homes = len(problem.weight)
    state = (np.empty(homes, np.int64), np.empty(homes, np.int64), np.empty(homes),
             np.empty(homes))  # fmt: skip
    module.assign(problem.cost, chosen, problem.base, state)
    for i in range(homes):
        base = problem.base[i]
        ways = sorted([(float(problem.cost[i, site]), seat) for seat, site in enumerate(chosen)
                       if problem.cost[i, site] < base])  # fmt: skip
        costs = [cost for cost, _ in ways] + [base, base]
        assert [state[2][i], state[3][i]] == costs[:2]
        seats = [seat for _, seat in ways] + [-1, -1]
        assert state[0][i] == seats[0]
        if costs[0] < costs[1] < costs[2] or len(ways) < 2:
            assert state[1][i] == seats[1]


@both
@some
@given(problems(), st.data())
def test_what_one_more_site_saves(module, problem, data):
    count = len(problem.by_site)
    chosen = data.draw(st.lists(st.integers(0, count - 1), unique=True))
    site = data.draw(st.integers(0, count - 1))
    d1 = np.c_[problem.cost[:, chosen], problem.base].min(axis=1)
    told = module.save(problem.by_site, site, problem.weight, d1)
    assert told == pytest.approx(value(problem, chosen) - value(problem, [*chosen, site]))


@both
@some
@given(problems(), st.data())
def test_what_sites_are_worth_at_prices_and_how_often_each_origin_is_served(module, problem, data):
    homes, count = problem.cost.shape
    price = np.array([float(data.draw(st.integers(0, 12))) for _ in range(homes)])
    listed = data.draw(st.integers(1, count))
    order = np.argsort(problem.cost, axis=1, kind="stable")[:, :listed]
    near = order.astype(np.int32), np.take_along_axis(problem.cost, order, axis=1)
    gain = problem.weight[:, None] * problem.cost - price[:, None]
    worth = np.full(count, 7.0)
    module.relax(problem.cost, near, problem.weight, price, worth)
    np.testing.assert_allclose(worth, np.minimum(gain, 0).sum(axis=0))
    opened = np.array([data.draw(st.booleans()) for _ in range(count)])
    times = np.full(homes, 7)
    module.served(problem.cost, near, problem.weight, price, opened, times)
    assert times.tolist() == (gain[:, opened] < 0).sum(axis=1).tolist()


@both
@some
@given(problems(), st.data())
def test_a_site_fills_with_those_who_pay_most(module, problem, data):
    homes, count = problem.cost.shape
    price = np.array([float(data.draw(st.integers(0, 12))) for _ in range(homes)])
    room = np.array([float(data.draw(st.integers(1, 9))) for _ in range(count)])
    sites = np.array(data.draw(st.lists(st.integers(0, count - 1), unique=True)), dtype=np.int64)
    worth, taken = np.zeros(count), np.zeros(homes)
    module.stock(problem.by_site, problem.weight, price, room, sites, worth, taken)
    earned, seated = np.zeros(count), np.zeros(homes)
    for j in sites:
        left = room[j]
        for gain, i in sorted((problem.cost[i, j] - price[i], i) for i in range(homes)):
            if gain < 0:
                amount = min(left, problem.weight[i])
                earned[j] += gain * amount
                seated[i] += amount
                left -= amount
    np.testing.assert_allclose(worth, earned)
    np.testing.assert_allclose(taken, seated)


@some
@given(problems())
def test_a_problem_is_whole_where_all_its_totals_are(problem):
    assert problem.whole == (problem.cost.dtype == np.int32)
    assert problem.least_gain(50.0) == pytest.approx(1 if problem.whole else 50e-9)
    assert problem.least_gain(-50.0) == problem.least_gain(50.0)
    for one in sets(problem.choice):
        assert problem.value(one) == pytest.approx(value(problem, one))


@pytest.mark.parametrize(
    ("cost", "weight", "base", "whole"),
    [
        ([[1]], 2.0, 3.0, True), ([[1.0]], 2.0, 3.0, False), ([[1]], 2.5, 3.0, False),
        ([[1]], 2.0, 3.5, False), ([[1]], 2.0**30, 2.0**23, False),
        ([[1]], 2.0**30, 2.0**23 - 1, True),
    ],
)  # fmt: skip
def test_totals_beyond_what_floats_count_by_ones_are_not_whole(cost, weight, base, whole):
    made = Problem.of(np.array(cost), np.array([weight]), np.array([base]), free(1))
    assert made.whole is whole


@settings(max_examples=200)
@given(st.data())
def test_the_set_of_least_worth_keeps_floors_and_number(data):
    count = data.draw(st.integers(1, 6))
    choice = data.draw(choices(count))
    worth = np.array([float(data.draw(st.integers(-9, 9))) for _ in range(count)])
    told = Choice(choice.most, choice.exactly, choice.group, choice.least, choice.price, INF)
    opened = np.flatnonzero(cheapest_set(worth, told))
    allowed = sets(told)
    assert list(opened) in [list(one) for one in allowed]
    assert worth[opened].sum() == min(worth[one].sum() for one in allowed)


@some
@given(problems())
def test_the_nearest_sites_are_listed_by_rising_cost(problem):
    number, costs = _nearest(problem)
    assert number.shape == problem.cost.shape
    assert (np.diff(costs.astype(float), axis=1) >= 0).all()
    np.testing.assert_array_equal(np.take_along_axis(problem.cost, number, axis=1), costs)
    assert (np.sort(number, axis=1) == np.arange(problem.cost.shape[1])).all()


def test_of_many_sites_some_are_listed_the_first_of_equals_first():
    """Twelve, and five for each that others would find open: 12 + 5 × (60 // 20)."""
    turn = np.random.default_rng(5)
    cost = turn.integers(0, 30, (8, 60))
    problem = Problem.of(cost, np.ones(8), np.full(8, 99.0), free(60, most=20))
    number, costs = _nearest(problem)
    assert number.shape == (8, 27)
    for row in range(8):
        assert costs[row].tolist() == sorted(cost[row])[:27]
        pairs = list(zip(costs[row], number[row], strict=True))
        assert pairs == sorted(pairs)


def test_first_prices_are_halfway_between_the_two_nearest():
    cost = np.array([[2, 6, 40], [9, 1, 40]])
    problem = Problem.of(cost, np.array([3.0, 1]), np.array([10.0, 4]), free(3))
    both_open = Found(np.array([0, 1]), 0.0)
    assert _first_prices(problem, both_open).tolist() == [3 * 4.0, 1 + 0.5 * 3]
    alone = Found(np.array([2]), 0.0)  # none is near: all pay what going without costs
    assert _first_prices(problem, alone).tolist() == [3 * 10.0, 4]


def test_euros_are_put_to_the_size_of_costs():
    cost = np.array([[2, 6], [9, 1]])
    rich = Problem.of(cost, np.ones(2), np.full(2, 9.0), free(2))
    assert _over(rich, np.array([0, 1]), 2.0) == 0
    assert _scale(rich, Found(np.array([0]), 11.0)) == 0
    dear = free(2, price=np.array([10.0, 30]), budget=25.0)
    poor = Problem.of(cost, np.ones(2), np.full(2, 9.0), dear)
    assert _over(poor, np.array([0, 1]), 2.0) == 2 * (40 - 25)
    assert _over(poor, np.array([0]), 2.0) == 2 * (10 - 25)
    assert _scale(poor, Found(np.array([0, 1]), 12.0)) == pytest.approx(12 / 2 / 20)
    assert _scale(poor, Found(np.array([], dtype=int), 18.0)) == pytest.approx(18 / 20)
    gift = Problem.of(cost, np.ones(2), np.full(2, 9.0), free(2, budget=25.0))
    assert _scale(gift, Found(np.array([0]), 11.0)) == 0


def test_savings_are_by_euro_where_money_is_short():
    cost = np.array([[2, 6], [9, 1]])
    d1 = np.array([10.0, 10])
    for budget, price, share in ((INF, 4.0, 1), (50.0, 4.0, 4), (50.0, 0.0, 1)):
        choice = free(2, price=np.full(2, price), budget=budget)
        problem = Problem.of(cost, np.ones(2), np.full(2, 10.0), choice)
        assert _saved(problem, 0, d1) == (8 + 1) / share
        assert _saved(problem, 1, d1) == (4 + 9) / share


def test_money_is_kept_for_floors_and_for_a_number_asked_for_exactly():
    group, price = np.array([0, 0, 1, 1, -1]), np.array([5.0, 3, 8, 7, 2])
    cost = np.zeros((1, 5))

    def kept(left, at, opened, **rules):
        choice = free(5, group=group, price=price, **({"budget": 50.0, "most": 4} | rules))
        problem = Problem.of(cost, np.ones(1), np.ones(1), choice)
        return _kept_for(problem, np.array(left), at, opened)

    assert kept([2, 1], -1, 0) == 3 + 5 + 7
    assert kept([2, 1], 0, 0) == 3 + 7
    assert kept([0, 1], 1, 0) == 0
    assert kept([0, 0], -1, 1, exactly=True) == 2 * 2  # two more after this one
    assert kept([0, 1], -1, 1, exactly=True) == 7 + 2
    assert kept([0, 0], -1, 3, exactly=True) == 0
    assert kept([2, 1], -1, 0, budget=INF) == 0


def test_one_more_is_the_one_that_saves_most_among_those_one_can_pay():
    cost = np.array([[9, 3, 1, 5]])

    def more(chosen, d1=9.0, **rules):
        price = np.array([1.0, 4, 6, 2])
        choice = free(4, price=price, **({"most": 2, "budget": 100.0} | rules))
        problem = Problem.of(cost, np.ones(1), np.full(1, 9.0), choice)
        return _one_more(problem, np.array(chosen, dtype=int), np.array([d1]))

    assert more([0]) == 2
    assert more([0], budget=7.0) == 2  # 1 + 6, just enough
    assert more([0], budget=6.9) == 1
    assert more([0], budget=2.9) == -1
    assert more([0], d1=1.0) == -1  # nothing saves
    assert more([0, 1]) == -1  # two are open
    assert more([0], most=1) == -1


def test_swaps_open_no_site_that_only_some_other_makes_useless():
    """The home is at its site: one at 5 would save if that one were not there."""
    problem = Problem.of(np.array([[0, 5, 9]]), np.ones(1), np.full(1, 20.0), free(3, most=2))
    found = polished(problem, np.array([0]))
    assert (found.chosen.tolist(), found.value) == ([0], 0)
    assert polished(problem, np.array([2])).chosen.tolist() == [0]


def test_starts_are_shaken_by_as_many_sites_as_can_move():
    turn = np.random.default_rng(3)
    chosen = np.array([0, 2, 4])
    for count, moved in ((1, 1), (2, 2), (3, 2)):  # two are closed
        new = _shaken(chosen, 5, count, turn)
        assert sorted(set(new)) == list(new)
        assert len(new) == 3
        assert len(set(new) - set(chosen)) == moved
    assert len(set(_shaken(np.array([1]), 9, 3, turn)) - {1}) == 1


def test_the_fewer_tables_fit_the_work_the_fewer_the_starts():
    def made(homes, sites):
        return Problem.of(np.zeros((homes, sites)), np.ones(homes), np.ones(homes), free(sites))

    assert tries(made(2, 3), 120) == 120
    assert tries(made(1000, 1000), 120) == 60
    assert tries(made(1000, 1000), 20) == 20
    assert tries(made(5000, 4000), 120) == 4
    assert tries(made(0, 3), 7) == 7


def test_greedy_takes_the_best_first_and_floors_where_they_press():
    cost = np.array([[0, 9, 9, 9], [9, 0, 9, 9], [9, 9, 0, 9], [9, 9, 9, 0]])
    weight = np.array([4.0, 3, 2, 1])

    def taken(**rules):
        problem = Problem.of(cost, weight, np.full(4, 9.0), free(4, **rules))
        return greedy(problem).tolist()

    assert taken(most=2) == [0, 1]
    assert taken(most=2, group=np.array([-1, -1, -1, 0]), least=np.array([1])) == [0, 3]
    assert taken(most=2, group=np.array([-1, -1, 0, 0]), least=np.array([2])) == [2, 3]
    assert taken(most=1, price=np.array([9.0, 5, 5, 5]), budget=8.0) == [1]
    assert taken(most=3, price=np.array([8.0, 1, 1, 1]), budget=8.0) == [1, 2, 3]
    assert taken(most=3, price=np.array([7.0, 1, 1, 1]), budget=8.0, exactly=True) == [1, 2, 3]
    two = {"group": np.array([-1, 0, 0, 0]), "least": np.array([2]), "most": 2}
    assert taken(**two, price=np.array([0.0, 5, 4, 1])) == [1, 2]  # not the cheapest two
    last = {"group": np.array([-1, -1, -1, 0]), "least": np.array([1]), "most": 2}
    dear = {"price": np.array([8.0, 3, 3, 5]), "budget": 8.0}
    assert taken(**last, **dear) == [1, 3]  # three euros are left once five are kept for the last


@pytest.mark.parametrize(
    ("rules", "taken"),
    [({}, []), ({"exactly": True}, [0, 1]),
     ({"group": np.array([-1, -1, 0]), "least": np.array([1]), "most": 1}, [2])],
)  # fmt: skip
def test_greedy_opens_no_site_that_saves_nothing_unless_a_rule_asks(rules, taken):
    problem = Problem.of(
        np.full((2, 3), 5), np.ones(2), np.full(2, 5.0), free(3, **{"most": 2} | rules)
    )
    assert greedy(problem).tolist() == taken


def test_rows_with_the_same_sites_are_one():
    rows = np.array([[1, 0, 1], [0, 1, 0], [1, 0, 1], [0, 0, 0]], dtype=bool)
    once, which = distinct(rows)
    assert len(once) == 3
    assert (once[which] == rows).all()
    assert which[0] == which[2]
    none, all_of_it = distinct(np.zeros((3, 0), dtype=bool))
    assert (none.shape, all_of_it.tolist()) == ((1, 0), [0, 0, 0])
    assert distinct(np.zeros((0, 4), dtype=bool))[0].shape == (0, 4)
    wide = np.eye(20, dtype=bool)
    assert len(distinct(wide)[0]) == 20
    problem = cover_problem(rows, np.array([1.0, 2, 4, 8]), free(3))
    assert problem.base.tolist() == [1, 1, 1]
    for chosen, left_out in (([0], 10), ([1], 13), ([0, 1], 8), ([], 15)):
        assert value(problem, chosen) == left_out
    assert problem.whole


def test_links_start_where_those_before_end():
    start, to = links(np.array([[1, 0, 1], [0, 0, 0], [0, 1, 0]], dtype=bool))
    assert (start.tolist(), to.tolist()) == ([0, 2, 2, 3], [0, 2, 1])
    assert start.dtype == to.dtype == np.int64


@some
@given(st.data())
def test_a_cover_that_is_found_is_one_and_keeps_the_rules(data):
    homes, count = data.draw(st.integers(1, 8)), data.draw(st.integers(1, 6))
    rows = np.array([data.draw(st.booleans()) for _ in range(homes * count)]).reshape(homes, count)
    rows[~rows.any(axis=1), 0] = True
    rows = distinct(rows)[0]
    choice = data.draw(choices(count))
    covers = [list(one) for one in sets(choice) if rows[:, one].any(axis=1).all()]
    found = cover_found(rows, choice)
    if found is not None:
        assert list(found) in covers


def test_without_numba_the_plain_loops_are_told_and_taken(monkeypatch, caplog):
    monkeypatch.setattr(problems_of, "find_spec", lambda _: None)
    problems_of.loops.cache_clear()
    assert problems_of.loops() is plain
    assert "numba" in caplog.text
    monkeypatch.undo()
    problems_of.loops.cache_clear()
    assert problems_of.loops() is loops
