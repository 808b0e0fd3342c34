"""Swaps between sites that fill up, and what their search begins with, by hand."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings

from ctg_geo.siting import SiteRules, capacitated_p_median
from ctg_geo.siting.classical import flows as flows_of
from ctg_geo.siting.classical.crowding import Climb
from ctg_geo.siting.classical.exchange import Exchange
from ctg_geo.siting.classical.flows import _First, solve_sending
from ctg_geo.siting.classical.programme import Answer, Effort
from ctg_geo.siting.classical.sending import Sending, _Rows, _whole, sent
from ctg_geo.siting.classical.sites import Choice
from ctg_geo.siting.classical.sizes import Sizes
from siting_sets import INF, sendings, sent_to, sets


def asked(cost, weight, room, *, fixed=0, beyond=INF, smallest=0.0, total=INF, held=None, most=9):
    """Ask to send people to sites of which the first stand."""
    cost, room = np.asarray(cost, dtype=float), np.asarray(room, dtype=float)
    sites = cost.shape[1]
    free = sites - fixed
    choice = Choice(min(most, free), False, np.full(free, -1), np.zeros(0, dtype=np.int64),
                    np.zeros(free), INF)  # fmt: skip
    here = np.r_[room[:fixed], np.zeros(free)] if held is None else np.asarray(held, dtype=float)
    sizes = Sizes(np.arange(sites), fixed, here, room, smallest, total, np.zeros(sites),
                  np.zeros(sites), INF)  # fmt: skip
    return Sending(cost, np.asarray(weight, dtype=float), sizes, choice, beyond)


@settings(max_examples=80)
@given(sendings())
def test_what_a_set_of_sites_costs(ask):
    exchange = Exchange(ask)
    for one in sets(ask.choice):
        cost = sent_to(ask, one)
        assert exchange.cost(one) == pytest.approx(cost)
        plan = exchange.sent(one)
        assert (plan is None) == (cost == INF)
        if plan is not None:
            assert plan.value == pytest.approx(cost)
            paid = (ask.cost[plan.origin, plan.seat] * plan.people).sum()
            served = np.bincount(plan.origin, plan.people, minlength=len(ask.weight))
            out = float((ask.weight - served).sum())
            assert paid + (out * ask.beyond if out > 0 else 0) == pytest.approx(cost)


@settings(max_examples=80)
@given(sendings())
def test_swaps_end_at_a_plan_that_none_betters_and_shakes_never_worsen_it(ask):
    exchange = Exchange(ask)
    allowed = [list(one) for one in sets(ask.choice)]
    start = np.array(allowed[0], dtype=np.int64)
    found = exchange.polished(start)
    assume(found is not None)
    assert list(found.chosen) in allowed
    assert found.value <= sent_to(ask, start) + 1e-6
    for seat in range(len(found.chosen)):
        for other in set(range(len(ask.choice.price))) - set(found.chosen):
            swapped = np.sort(np.append(np.delete(found.chosen, seat), other))
            if list(swapped) in allowed:
                assert sent_to(ask, swapped) >= found.value - 1e-6
    shaken = exchange.shaken(found)
    assert list(shaken.chosen) in allowed
    assert shaken.value <= found.value
    assert shaken.value == pytest.approx(sent_to(ask, shaken.chosen))


def test_swaps_are_tried_anew_after_each_and_no_more_once_none_pays(monkeypatch):
    ask = asked([[1, 2, 3]], [1.0], [9, 9, 9], most=1)
    told = [(np.array([1]), 2.0), (np.array([0]), 1.0), None]
    seen = []

    def swapped(_, chosen, value):
        seen.append((chosen.tolist(), value))
        return told[len(seen) - 1]

    monkeypatch.setattr(Exchange, "_swapped", swapped)
    assert Exchange(ask).polished(np.array([2])).chosen.tolist() == [0]
    assert seen == [([2], 3), ([1], 2), ([0], 1)]


@pytest.mark.parametrize("seed", [8, 16, 23, 31, 33])
def test_shakes_leave_a_set_that_no_swap_betters_for_the_best(seed):
    draw = np.random.default_rng(seed)
    ask = asked(draw.integers(1, 40, (10, 7)), draw.integers(1, 5, 10), np.full(7, 12), most=3)
    exchange = Exchange(ask)
    best = min(exchange.cost(one) for one in sets(ask.choice) if len(one) == 3)
    stuck = max((exchange.polished(one) for one in sets(ask.choice) if len(one) == 3),
                key=lambda plan: plan.value)  # fmt: skip
    assert exchange.shaken(stuck).value == pytest.approx(best)
    assert stuck.value > best + 1


def test_the_stand_ins_of_a_site_are_those_its_people_would_go_to_next():
    """Twenty people near A and one far; of the near ones the twentieth part counts, and equals."""
    cost = np.full((21, 15), 50.0)
    cost[:, 0] = 5.0
    cost[:2, 0] = 1.0
    cost[:2, 1:] = np.arange(30, 2, -2)  # the last is the nearest to those two
    cost[2:, 1] = 0.0
    cost[0, 14] = INF
    told = Exchange(asked(cost, np.ones(21), np.full(15, 99)))._stand_ins(0)
    assert told.tolist() == [13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2]
    none = asked(np.zeros((0, 3)), np.zeros(0), np.ones(3))
    assert Exchange(none)._stand_ins(0).tolist() == []


def test_a_site_moves_to_a_stand_in_that_is_closed():
    cost = np.arange(24.0).reshape(4, 6) % 7
    exchange = Exchange(asked(cost, np.ones(4), np.full(6, 9)))
    turn = np.random.default_rng(1)
    for count in (1, 2, 3):
        moved = exchange._moved(np.array([0, 3]), count, turn)
        assert len(set(moved)) == 2
        assert sorted(moved) == list(moved)
    full = Exchange(asked(cost[:, :2], np.ones(4), np.full(2, 9)))
    assert full._moved(np.array([0, 1]), 3, turn).tolist() == [0, 1]


def test_first_prices_are_some_way_down_the_list_of_each_home():
    """Six sites of which two open: the fourth cheapest, or what leaving out costs."""
    cost = np.array([[1.0, 2, 3, 4, 5, 6], [6, 5, 4, 3, 2, 1], [9, INF, INF, INF, INF, INF]])
    assert _First(asked(cost, np.ones(3), np.ones(6), most=2))._first_prices().tolist() == [4, 4, 0]
    standing = asked(cost, np.ones(3), np.ones(6), fixed=1, most=2, beyond=2.5)
    assert _First(standing)._first_prices().tolist() == [2.5, 2.5, 0]
    assert _First(asked(cost, np.ones(3), np.ones(6), most=9))._first_prices().tolist() == [2, 2, 0]
    none = _First(asked(np.zeros((3, 0)), np.ones(3), np.ones(0)))
    assert none._first_prices().tolist() == [0, 0, 0]


def test_prices_rise_towards_the_goal_for_those_left_out_and_fall_for_those_taken_twice():
    """One home that two sites take at a price of 9, another that none does at a price of 0."""
    ask = asked([[1, 2], [3, 4]], [2.0, 1.0], [9, 9])
    every = np.ones(2, dtype=bool)
    climb = Climb(ask, np.ascontiguousarray(ask.cost.T), every, ~every, np.array([9.0, 0.0]), 5)
    # worth: 2 × (1 - 9) and 2 × (2 - 9); bound: 18 - 16 - 14
    assert climb.top.worth.tolist() == [-16, -14]
    assert climb.top.bound == pytest.approx(-12)
    assert climb.top.opened.all()
    assert climb.taken.tolist() == [4, 0]
    assert climb.raised(18.0)
    # wrong by -2 and 1, each by weight: -1 and 1; stride: 30 / (2 × 1 + 1 × 1) = 10
    assert climb.price == pytest.approx([0, 10])
    assert climb.now.bound == pytest.approx(10 - 7 - 6)
    assert climb.top is climb.now
    assert climb.often.tolist() == pytest.approx(0.92 * np.ones(2) + 0.08 * climb.now.opened)
    # taken 0 and 2: wrong 1 and -1, and half of the way before: 0.5 and -0.5
    assert climb.raised(18.0)
    assert climb.price == pytest.approx([0.5 * 21 / 0.75, 0])
    assert climb.way == pytest.approx([0.5, -0.5])


def test_prices_stay_where_all_are_served_once_and_where_no_plan_is_left():
    ask = asked([[1], [3]], [2.0, 1.0], [9])
    one = np.ones(1, dtype=bool)
    done = Climb(ask, ask.cost.T.copy(), one, one, np.array([5.0, 5.0]), 5)
    assert not done.raised(99.0)
    none = Climb(ask, ask.cost.T.copy(), ~one, ~one, np.array([5.0, 5.0]), 5)
    assert none.top.bound == pytest.approx(15)
    assert not none.top.opened.any()
    both = asked([[1, 1]], [2.0], [9, 9], most=1)
    two = np.ones(2, dtype=bool)
    assert Climb(both, both.cost.T.copy(), two, two, np.array([5.0]), 5).top.bound == INF
    paid = asked([[1]], [2.0], [9], beyond=5.0)
    out = Climb(paid, paid.cost.T.copy(), ~one, ~one, np.array([5.0]), 5)
    assert not out.raised(99.0)  # no one pays more than being left out costs
    assert out.top.bound == pytest.approx(10)


def test_the_step_is_halved_after_some_rounds_without_a_better_bound():
    ask = asked([[1, 2], [3, 4]], [2.0, 1.0], [9, 9])
    every = np.ones(2, dtype=bool)
    climb = Climb(ask, np.ascontiguousarray(ask.cost.T), every, ~every, np.array([2.0, 3.0]), 2)
    top, step = climb.top.bound, 1.0
    quiet = 0
    for _ in range(12):
        assert climb.raised(1e4)
        quiet = 0 if climb.top.bound > top else quiet + 1
        top = climb.top.bound
        if quiet == 2:
            step, quiet = step / 2, 0
            assert climb.price.tolist() == climb.top.price.tolist()
            assert climb.way.tolist() == [0, 0]
            assert climb.now is climb.top
        assert (climb.step, climb.quiet) == (step, quiet)
    assert step < 1


@pytest.mark.parametrize("together", [False, True])
def test_the_columns_of_a_plan_keep_all_rows_and_cost_what_it_does(together):
    """A site that stands with 2 places and may grow to 5, one forced, two free."""
    ask = asked([[1, 2, 3, 4], [4, 3, 2, 1], [2, 2, INF, 5]], [3.0, 4, 2], [5, 4, 6, 6], fixed=2,
                beyond=9.0, smallest=3.0, held=[2, 0, 0, 0],
                total=12.0 if together else INF, most=1)  # fmt: skip
    ask = Sending(ask.cost, ask.weight, Sizes(
        ask.sizes.at, 1, ask.sizes.held, ask.sizes.most, 3.0, ask.sizes.total, ask.sizes.price,
        ask.sizes.opening, INF,
    ), ask.choice, 9.0)  # fmt: skip
    every = np.ones(2, dtype=bool)
    plan, answer = sent(ask, every, ~every, Effort())
    rows = _Rows(ask, np.arange(4), ~every)
    values = rows.values_of(plan)
    assert (
        float(rows.made.cost @ values) == pytest.approx(plan.value) == pytest.approx(answer.bound)
    )
    assert (values >= rows.made.low - 1e-9).all()
    assert (values <= rows.made.high + 1e-9).all()
    for start, factors, columns, low, high in rows.made.rows:
        for row in range(len(start) - 1):
            part = slice(start[row], start[row + 1])
            amount = float(factors[part] @ values[columns[part]])
            assert low[row] - 1e-6 <= amount <= high[row] + 1e-6
    assert rows.values_of(None) is None
    assert rows.read(values).value == pytest.approx(plan.value)


def test_nobody_goes_to_a_site_that_is_half_open_but_by_half():
    """Sites 1 and 2 are half open: of the 3 people of one home and the 4 of another, half go."""
    ask = asked([[1, 2, 3], [4, INF, 5]], [3.0, 4], [9, 9, 9], fixed=1)
    rows = _Rows(ask, np.arange(3), np.zeros(2, dtype=bool))

    def broken(pairs):
        values = np.array([0.5, 0.5, 0, 4.5, 4.5, *pairs])
        amounts = [
            (float(factors[start[r] : start[r + 1]] @ values[columns[start[r] : start[r + 1]]]),
             low[r], high[r])
            for start, factors, columns, low, high in rows.made.rows for r in range(len(start) - 1)
        ]  # fmt: skip
        return sum(not a <= amount <= b for amount, a, b in amounts)

    assert broken([1.5, 1.5, 0, 2, 2]) == 0
    assert broken([1.25, 1.75, 0, 2, 2]) == 1
    assert broken([1.25, 0, 1.75, 2, 2]) == 1
    assert broken([1.5, 1.5, 0, 1.75, 2.25]) == 1


def test_a_ten_millionth_of_a_home_is_nobody():
    """A home of 100.5: what the solver sends of it by rounding is no one, and no more than that."""
    ask = asked([[1, 2]], [100.5], [200, 200])
    rows = _Rows(ask, np.arange(2), np.zeros(2, dtype=bool))
    for less, seats in ((0.9e-5, [0]), (1.1e-5, [0, 1])):
        plan = rows.read(np.array([1, 1, 200, 200, 100.5 - less, less]))
        assert plan.seat.tolist() == seats


def test_people_are_whole_where_all_are():
    assert _whole(np.array([1.000001, 2]), np.array([3.0])).tolist() == [1, 2]
    assert _whole(np.array([1.1, 2]), np.array([3.0])).tolist() == [1.1, 2]
    assert _whole(np.array([1.000001, 2]), np.array([3.5])).tolist() == [1.000001, 2]


@pytest.mark.parametrize("numba", [True, False])
def test_without_numba_the_programme_alone_finds_the_same(monkeypatch, numba):
    if not numba:
        monkeypatch.setattr(flows_of, "find_spec", lambda _: None)
    draw = np.random.default_rng(4)
    for _ in range(5):
        ask = asked(draw.integers(1, 20, (6, 4)), draw.integers(1, 5, 6), draw.integers(4, 12, 4),
                    beyond=15.0, most=2)  # fmt: skip
        best = min(sent_to(ask, one) for one in sets(ask.choice))
        found, bound, end = solve_sending(ask, Effort(seconds=60))
        assert end == "optimal"
        assert (found.value, bound) == (pytest.approx(best), pytest.approx(best))


def test_what_is_left_is_not_solved_beyond_so_many_pairs(monkeypatch):
    monkeypatch.setattr(flows_of, "find_spec", lambda _: None)
    draw = np.random.default_rng(8)
    ask = asked(draw.integers(1, 50, (12, 8)), draw.integers(1, 5, 12), np.full(8, 14), most=3)
    best = min(sent_to(ask, one) for one in sets(ask.choice))
    monkeypatch.setattr(flows_of, "_ROUNDS", 2)
    monkeypatch.setattr(flows_of, "_PAIRS", 5)
    found, bound, end = solve_sending(ask, Effort(seconds=60))
    assert end == "nodes"
    assert bound <= best <= found.value
    assert bound < found.value


@pytest.mark.parametrize(
    ("told", "end", "low"),
    [(Answer("time", None, 31.0), "time", 31), (Answer("nodes", None, -INF), "nodes", None),
     (Answer("infeasible", None, INF), "optimal", 99)],
)  # fmt: skip
def test_a_programme_cut_short_proves_no_more_than_its_bound(monkeypatch, told, end, low):
    """The plan known costs 40, at the first site; the second would cost 32."""
    monkeypatch.setattr(flows_of, "find_spec", lambda _: None)
    monkeypatch.setattr(flows_of, "_ROUNDS", 0)
    ask = asked([[1, 4], [9, 4]], [4.0, 4.0], [8, 8], most=1)
    plan = sent(ask, np.array([True, False]), np.array([True, False]), Effort())[0]
    assert plan.value == 40
    monkeypatch.setattr(_First, "run", lambda *_: (_first_bound(ask), plan))
    monkeypatch.setattr(flows_of, "sent", lambda *_: (None, told))
    found, bound, ended = solve_sending(ask, Effort(seconds=60))
    assert (found, ended) == (plan, end)
    if low is None:
        assert bound == pytest.approx(_first_bound(ask).bound)
    else:
        assert bound == pytest.approx(min(low, 40))


def _first_bound(ask):
    every = np.ones(len(ask.choice.price), dtype=bool)
    return Climb(ask, np.ascontiguousarray(ask.cost.T), every, ~every, np.full(2, 3.0), 5).top


def test_money_for_places_and_sites_together_is_one_purse():
    """Each site costs 5 and a place 1: of 20 euros, two sites have 10 places."""
    table = pd.DataFrame([[0.0, 9], [9.0, 0]], list("ab"), list("xy"))
    cost = pd.Series(5.0, list("xy"))
    rules = SiteRules(new=2, cost_open=cost, cost_place=cost * 0 + 1, budget=20.0)
    plan = capacitated_p_median(table, pd.Series({"a": 4.0, "b": 6.0}), rules)
    assert (plan.value, plan.size.to_dict()) == (0, {"x": 4, "y": 6})
    more = capacitated_p_median(table, pd.Series({"a": 5.0, "b": 6.0}), rules)
    assert more.value == 5 * 9  # one site of eleven
    short = capacitated_p_median(table, pd.Series({"a": 7.0, "b": 9.0}), rules)
    assert short.status == "infeasible"
