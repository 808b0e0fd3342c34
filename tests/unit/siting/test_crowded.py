"""Sites that fill up: bounds, halves and programmes, each alone, against all sets of sites."""

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ctg_geo.siting.classical import flows as flows_of
from ctg_geo.siting.classical import halving
from ctg_geo.siting.classical.crowding import Climb
from ctg_geo.siting.classical.exchange import Exchange
from ctg_geo.siting.classical.flows import solve_sending
from ctg_geo.siting.classical.graded import left
from ctg_geo.siting.classical.halving import CLOSE, _Halving, _Part, halved
from ctg_geo.siting.classical.programme import Effort
from ctg_geo.siting.classical.sending import Sending, sent
from ctg_geo.siting.classical.sites import Choice
from ctg_geo.siting.classical.sizes import Sizes
from ctg_geo.siting.classical.transport import send
from siting_sets import INF, least_sent, sendings, sent_to, sets

some = settings(max_examples=60)


def parts(data, ask):
    """Draw sites that must open, and sites that may."""
    count = len(ask.choice.price)
    must = np.array([data.draw(st.integers(0, 4)) == 0 for _ in range(count)])
    return must, must | np.array([data.draw(st.integers(0, 3)) > 0 for _ in range(count)])


def plans(ask, must=(), may=True):
    """List the sets of a part, and what each costs."""
    inside = np.broadcast_to(may, len(ask.choice.price))
    needed = set(np.flatnonzero(must))
    return [(one, sent_to(ask, one)) for one in sets(ask.choice)
            if inside[one].all() and needed <= set(one)]  # fmt: skip


@given(sendings(), st.data())
def test_prices_bound_every_plan_of_a_part_and_leave_those_that_are_better(ask, data):
    must, may = parts(data, ask)
    price = np.minimum([float(data.draw(st.integers(0, 12))) for _ in ask.weight], ask.beyond)
    climb = Climb(ask, np.ascontiguousarray(ask.cost.T), may, must, price, 3)
    goal = data.draw(st.sampled_from([10.0, 50.0, 100.0]))
    for _ in range(data.draw(st.integers(0, 25))):
        if not climb.raised(goal):
            break
    part = plans(ask, must, may)
    known = data.draw(st.sampled_from([*(worth for _, worth in part if worth < INF), goal]))
    for dual in (climb.top, climb.now):
        rest = left(ask.choice, dual, known, CLOSE * known)
        for one, worth in part:
            assert dual.bound <= worth + 1e-9
            if worth < known * (1 - 2 * CLOSE) - 1e-9:
                assert rest.room > 0
                assert rest.may[one].all()
                assert set(np.flatnonzero(rest.must)) <= set(one)


def by_prices(ask, data, patience=8):
    price = np.minimum([float(data.draw(st.integers(0, 12))) for _ in ask.weight], ask.beyond)
    every = np.ones(len(ask.choice.price), dtype=bool)
    return Climb(ask, np.ascontiguousarray(ask.cost.T), every, ~every, price, patience)


@given(sendings(), st.data())
def test_halves_of_the_plans_hold_the_best_from_any_prices_and_any_plan(ask, data):
    known = [(one, worth) for one, worth in plans(ask) if worth < INF]
    assume(known)
    exchange = Exchange(ask)
    one, worth = data.draw(st.sampled_from(known))
    start = exchange.sent(one)
    assert start.value == pytest.approx(worth)
    judge = SimpleNamespace(ask=ask, cost=exchange.cost, polished=exchange.sent)  # without swaps
    climb = by_prices(ask, data)
    found, bound, end = halved(judge, climb.by_site, climb.top, start, Effort(seconds=60))
    best = min(worth for _, worth in known)
    assert end == "optimal"
    assert (found.value, bound) == (pytest.approx(best), pytest.approx(best))
    assert list(found.chosen) in [list(one) for one, _ in known]


@settings(max_examples=20)
@given(sendings(), st.data())
def test_a_search_by_halves_without_time_says_so_and_keeps_a_bound(ask, data):
    known = [(one, worth) for one, worth in plans(ask) if worth < INF]
    assume(known)
    exchange = Exchange(ask)
    start = exchange.sent(max(known, key=lambda each: each[1])[0])
    climb = by_prices(ask, data)
    found, bound, end = halved(exchange, climb.by_site, climb.top, start, Effort(seconds=-1))
    assert end in {"optimal", "time"}
    assert bound <= min(worth for _, worth in known) + 1e-6
    assert found.value <= start.value
    assert end == "time" or bound == found.value


@some
@given(sendings(), st.data(), st.integers(0, 200))
def test_a_search_by_halves_whose_work_is_done_keeps_a_bound_under_all_plans(ask, data, work):
    known = [(one, worth) for one, worth in plans(ask) if worth < INF]
    assume(known)
    exchange = Exchange(ask)
    start = exchange.sent(max(known, key=lambda each: each[1])[0])
    climb = by_prices(ask, data)
    search = _Halving(exchange, climb.by_site, start, climb.top.bound, INF, work)
    free = np.ones(len(ask.choice.price), dtype=bool)
    search.keep(_Part(climb.top.bound, free, ~free, climb.price, climb.often), climb.top)
    end = search.run()
    assert end in {"optimal", "nodes"}
    assert search.bound <= min(worth for _, worth in known) + 1e-6
    assert search.best.value <= start.value
    assert end == "nodes" or search.bound == search.best.value


@pytest.mark.parametrize(("opens", "sites"), [(True, 3), (False, 2)])
def test_the_work_of_a_half_is_the_costs_it_reads(monkeypatch, opens, sites):
    """Two homes, and three sites that may open or, without one of them, two: a round of prices."""
    monkeypatch.setattr(halving, "_ROUNDS", 1)
    ask = Sending(
        np.array([[1.0, 5, 9], [9, 5, 1]]), np.ones(2),
        Sizes(np.arange(3), 0, np.zeros(3), np.ones(3), 0.0, INF, np.zeros(3), np.zeros(3), INF),
        Choice(2, False, np.full(3, -1), np.zeros(0, dtype=np.int64), np.zeros(3), INF), INF,
    )  # fmt: skip
    exchange = Exchange(ask)
    every = np.ones(3, dtype=bool)
    search = _Halving(exchange, ask.cost.T.copy(), exchange.sent(np.array([0, 1])), 0.0, INF, 100)
    part = _Part(0.0, every, ~every, np.full(2, 3.0), np.zeros(3))
    search._look(part, 1, opens=opens)
    assert search.work == 100 - 2 * sites
    assert part.may.all()
    assert not part.must.any()


@some
@given(sendings())
def test_what_halves_leave_undecided_is_solved_as_a_programme(ask):
    best = min(worth for _, worth in plans(ask))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(flows_of, "halved", lambda _judge, _turned, dual, best, _: (
            best, dual.bound, "nodes"))  # fmt: skip
        found, bound, end = solve_sending(ask, Effort(seconds=60))
    assert end in {"optimal", "infeasible"}
    if best == INF:
        assert found is None
    else:
        assert found.value == pytest.approx(best)
        assert best * (1 - 2 * CLOSE) - 1e-6 <= bound <= best + 1e-6
        goes_where_it_can(ask, found)


@given(sendings(priced=False), st.data())
def test_the_programme_of_a_part_finds_its_best_from_nothing_and_from_a_plan(ask, data):
    must, may = parts(data, ask)
    best = min((worth for _, worth in plans(ask, must, may)), default=INF)
    found, answer = sent(ask, may, must, Effort())
    if best == INF:
        assert found is None
        assert answer.end == "infeasible"
        return
    again, told = sent(ask, may, must, Effort(), found)
    for plan, said in ((found, answer), (again, told)):
        assert said.end == "optimal"
        assert (plan.value, said.bound) == (pytest.approx(best), pytest.approx(best))
        goes_where_it_can(ask, plan)


def goes_where_it_can(ask, plan):
    """Everyone goes to an open site within its room, or is left out at its price."""
    seats = {*range(ask.fixed), *(ask.fixed + plan.chosen)}
    assert set(plan.seat) <= seats
    load = np.bincount(plan.seat, plan.people, minlength=len(ask.sizes.at))
    assert (load <= ask.sizes.most + 1e-6).all()
    served = np.bincount(plan.origin, plan.people, minlength=len(ask.weight))
    lacking = ask.weight - served
    assert (lacking >= -1e-6).all()
    paid = float((ask.cost[plan.origin, plan.seat] * plan.people).sum())
    out = float(lacking.sum())
    assert plan.value == pytest.approx(paid + (out * ask.beyond if out > 1e-9 else 0.0))


@some
@given(sendings())
def test_people_are_sent_at_the_least_cost_of_all_sets(ask):
    best = min(worth for _, worth in plans(ask))
    found, bound, end = solve_sending(ask, Effort(seconds=60))
    assert end in {"optimal", "infeasible"}
    if best == INF:
        assert found is None
    else:
        assert found.value == pytest.approx(best)
        assert bound <= best + 1e-6
        goes_where_it_can(ask, found)


@given(st.data())
def test_everyone_is_sent_as_scipy_sends_them(data):
    homes, sites = data.draw(st.integers(1, 6)), data.draw(st.integers(1, 5))
    cell = st.one_of(st.integers(0, 9).map(float), st.integers(0, 9).map(float), st.just(INF))
    cost = np.array([[data.draw(cell) for _ in range(sites)] for _ in range(homes)])
    weight = np.array([float(data.draw(st.integers(1, 6))) for _ in range(homes)])
    room = np.array([float(data.draw(st.integers(0, 9))) for _ in range(sites)])
    flow = np.empty_like(cost)
    told = send(cost, weight, room, flow)
    assert told == pytest.approx(least_sent(cost, weight, room, INF))
    if told < INF:
        np.testing.assert_allclose(flow.sum(axis=1), weight)
        assert (flow.sum(axis=0) <= room + 1e-9).all()
        assert flow.min() >= 0
        there = flow > 0
        assert float((cost[there] * flow[there]).sum()) == pytest.approx(told)
