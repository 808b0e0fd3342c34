"""What holds for every plan of sites."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ctg_geo.siting import SiteRules, lscp, mclp, p_centre, p_median
from ctg_geo.siting.classical import loops, plain
from ctg_geo.siting.classical import problem as problems
from ctg_geo.siting.classical.asked import asked
from ctg_geo.siting.classical.covering import cover_found, distinct, links
from ctg_geo.siting.classical.crowding import Climb
from ctg_geo.siting.classical.dual import bounded
from ctg_geo.siting.classical.exchange import Exchange
from ctg_geo.siting.classical.flows import solve_sending
from ctg_geo.siting.classical.halving import halved
from ctg_geo.siting.classical.problem import Problem
from ctg_geo.siting.classical.programme import Effort
from ctg_geo.siting.classical.search import search
from ctg_geo.siting.classical.sending import Sending, sent
from ctg_geo.siting.classical.sites import Choice
from ctg_geo.siting.classical.sizes import sizes
from ctg_geo.travel import TravelTimes
from siting_cases import rules_for, tables

few = settings(max_examples=12, deadline=None)


def town(seed, *, origins=60, sites=20, whole=True):
    """Return distances between random points, and people."""
    draw = np.random.default_rng(seed)
    here, there = draw.random((origins, 2)), draw.random((sites, 2))
    cost = np.hypot(*(here[:, None] - there[None]).transpose(2, 0, 1)) * 1000
    table = pd.DataFrame(np.rint(cost) if whole else cost).add_prefix("s").set_axis(
        [f"o{i}" for i in range(origins)]
    )  # fmt: skip
    return table, pd.Series(draw.integers(1, 30, origins), index=table.index, dtype=float)


def free_choice(sites, most):
    return Choice(most, False, np.full(sites, -1), np.zeros(0, dtype=np.int64),
                  np.zeros(sites), np.inf)  # fmt: skip


MODELS = {
    "p_median": p_median,
    "p_centre": p_centre,
    "mclp": lambda table, demand, rules: mclp(table, demand, rules, within_min=150),
    "lscp": lambda table, demand, _: lscp(table, demand, SiteRules(), within_min=400),
}


@pytest.mark.parametrize("model", MODELS)
def test_the_order_of_candidates_and_origins_changes_no_objective(model):
    table, demand = town(1)
    plan = MODELS[model](table, demand, SiteRules(new=4))
    turned = MODELS[model](table.iloc[::-1, ::-1], demand, SiteRules(new=4))
    assert plan.status == turned.status == "proven"
    assert plan.value == pytest.approx(turned.value)


@pytest.mark.parametrize("model", MODELS)
def test_the_same_question_gives_the_same_plan(model):
    table, demand = town(2)
    one = MODELS[model](table, demand, SiteRules(new=4))
    two = MODELS[model](table.copy(), demand.copy(), SiteRules(new=4))
    assert list(one.sites) == list(two.sites)
    assert (one.value, one.bound) == (two.value, two.bound)
    pd.testing.assert_series_equal(one.assigned, two.assigned)


@pytest.mark.parametrize("model", ["p_median", "p_centre"])
def test_one_more_site_never_lengthens_trips(model):
    table, demand = town(3)
    values = [MODELS[model](table, demand, SiteRules(new=new)).value for new in range(1, 6)]
    assert values == sorted(values, reverse=True)


@few
@given(st.integers(0, 10_000), st.integers(1, 8), st.booleans())
def test_no_plan_found_by_swaps_is_better_than_the_bound(seed, most, whole):
    table, demand = town(seed, whole=whole)
    cost = table.to_numpy().astype(np.int32) if whole else table.to_numpy()
    problem = Problem.of(cost, demand.to_numpy(), np.full(60, 1500.0), free_choice(20, most))
    found = search(problem)
    dual, better = bounded(problem, found, rounds=100)
    assert dual.bound <= better.value <= found.value
    assert found.value == problem.value(found.chosen)


@few
@given(st.data())
def test_loops_give_the_same_with_and_without_numba(data):
    table, demand = data.draw(tables(holes=False))
    rules = data.draw(rules_for(table))
    compiled = p_median(table, demand + 1, rules)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(problems, "find_spec", lambda _: None)
        problems.loops.cache_clear()
        try:
            assert problems.loops() is plain
            slow = p_median(table, demand + 1, rules)
        finally:
            patch.undo()
            problems.loops.cache_clear()
    assert problems.loops() is loops
    assert list(slow.sites) == list(compiled.sites)
    assert slow.status == compiled.status
    assert slow.value == pytest.approx(compiled.value, nan_ok=True)


@st.composite
def partitions(draw):
    """Draw rows covered once each by a few sites, hidden among sites that cover some at random."""
    parts, sites = draw(st.integers(2, 6)), draw(st.integers(6, 16))
    turn = np.random.default_rng(draw(st.integers(0, 10_000)))
    rows = turn.random((draw(st.integers(6, 30)), sites)) < draw(st.floats(0.05, 0.4))
    hidden = turn.permutation(sites)[:parts]
    rows[:, hidden] = turn.integers(parts, size=len(rows))[:, None] == np.arange(parts)
    return distinct(rows)[0], parts, hidden


@given(partitions())
def test_a_cover_hidden_among_others_is_found(question):
    rows, parts, _ = question
    found = cover_found(rows, free_choice(rows.shape[1], parts))
    assert found is not None
    assert len(found) <= parts
    assert rows[:, found].any(axis=1).all()


@few
@given(partitions(), st.data())
def test_a_cover_found_keeps_floors_and_money_whatever_is_asked(question, data):
    rows, parts, hidden = question
    count = rows.shape[1]
    price = np.array(data.draw(st.lists(st.integers(1, 9), min_size=count, max_size=count)), float)
    group = np.where(np.isin(np.arange(count), hidden), 0, 1)
    least = np.array([data.draw(st.integers(0, parts)), 0])
    choice = Choice(parts, False, group, least, price, float(price[hidden].sum()))
    found = cover_found(rows, choice)
    if found is not None:
        assert choice.allows(found)
        assert rows[:, found].any(axis=1).all()


@given(partitions(), st.integers(0, 3000), st.data())
def test_rows_are_weighed_the_same_with_and_without_numba(question, work, data):
    rows, parts, _ = question
    count = rows.shape[1]
    start = np.array(data.draw(st.permutations(range(count))))[: parts - 1]
    group = np.array(data.draw(st.lists(st.integers(-1, 1), min_size=count, max_size=count)))
    spare = np.array(data.draw(st.lists(st.integers(0, 1), min_size=2, max_size=2)))
    price = np.array(data.draw(st.lists(st.integers(1, 3), min_size=count, max_size=count)), float)
    ends = []
    for each in (loops, plain):
        chosen, left_to = start.copy(), (group, spare.copy(), price, np.array([1.0]))
        left = each.shift(links(rows.T), links(rows), chosen, left_to, work)
        ends.append((left, chosen.tolist(), left_to[1].tolist(), float(left_to[3][0])))
        assert left == (~rows[:, chosen].any(axis=1)).sum()
    assert ends[0] == ends[1]


@settings(max_examples=8, deadline=None)
@given(
    st.integers(0, 10_000), st.integers(3, 5), st.floats(1.02, 1.6), st.booleans(), st.booleans(),
    st.booleans(),
)  # fmt: skip
def test_halving_finds_what_one_programme_over_all_pairs_does(seed, new, slack, exactly, out, dear):
    table, demand = town(seed, origins=15, sites=9)
    rules = SiteRules(
        new=new, exactly=exactly, largest=float(np.ceil(slack * demand.sum() / (new + 1))),
        existing=pd.Series({"s0": float(np.ceil(demand.sum() / (new + 1)))}),
        group=pd.Series("far", index=table.columns).mask(table.iloc[0] < 300, "near"),
        floors={"near": 1} if (table.iloc[0] < 300).iloc[1:].any() else {},
    )  # fmt: skip
    if dear:
        price = pd.Series(np.arange(9.0), index=table.columns)
        rules = replace(rules, cost_open=price, budget=float(price.iloc[: new + 2].sum()))
    it = asked(table, demand, rules)
    beyond = 700.0 if out else np.inf
    made = sizes(it, rules)
    cost = it.costs.table[:, made.at].astype(float)
    ask = Sending(np.where(cost < beyond, cost, np.inf), it.weight, made, it.sites.choice, beyond)
    every = np.ones(len(it.sites.free), dtype=bool)
    best = sent(ask, every, ~every, Effort())[0]
    found, bound, end = solve_sending(ask, Effort(seconds=60))
    halves, until, ended = _halved_without_swaps(ask, replace(best, value=1.1 * best.value))
    assert end == ended == "optimal"
    for plan, low in ((found, bound), (halves, until)):
        assert plan.value == pytest.approx(best.value, rel=1e-6)
        assert ask.choice.allows(plan.chosen)
        assert low <= plan.value


def _halved_without_swaps(ask, start):
    """Halve from prices of nothing and a plan said to be dear; only sets met are plans."""
    by_site = np.ascontiguousarray(ask.cost.T)
    every = np.ones(len(ask.choice.price), dtype=bool)
    judge = SimpleNamespace(ask=ask, cost=Exchange(ask).cost, polished=Exchange(ask).sent)
    climb = Climb(ask, by_site, every, ~every, np.zeros(len(ask.weight)), 8)
    return halved(judge, by_site, climb.top, start, Effort(seconds=60))


@few
@given(st.integers(0, 10_000), st.integers(0, 60))
def test_a_half_of_the_plans_is_never_bounded_above_its_best(seed, rounds):
    table, demand = town(seed, origins=15, sites=7)
    rules = SiteRules(new=3, largest=float(np.ceil(demand.sum() / 2.5)))
    it = asked(table, demand, rules)
    cost = it.costs.table.astype(float)
    ask = Sending(cost, it.weight, sizes(it, rules), it.sites.choice, np.inf)
    turn = np.random.default_rng(seed)
    must = turn.random(7) < 0.2
    may = must | (turn.random(7) < 0.7)
    climb = Climb(ask, np.ascontiguousarray(cost.T), may, must, np.zeros(15), 8)
    for _ in range(rounds):
        if not climb.raised(1e6):
            break
    best = sent(ask, may, must, Effort())[0]
    if best is not None:
        assert climb.top.bound <= best.value * (1 + 1e-9)
        assert climb.top.opened[must].all()
        assert not climb.top.opened[~may].any()


def test_a_p_centre_cut_short_still_has_a_plan_and_a_bound_below_it():
    table, demand = town(6, origins=400, sites=120)
    plan = p_centre(table, demand, SiteRules(new=12), limit_s=0.0)
    whole = p_centre(table, demand, SiteRules(new=12))
    assert plan.ended in {"time", "proof"}
    assert plan.bound <= whole.value <= plan.value
    assert table[list(plan.sites)].min(axis=1).max() == plan.value


def test_times_and_a_table_of_the_same_minutes_give_the_same_plan():
    table, demand = town(4)
    long = table.rename_axis("origin").reset_index().melt("origin", var_name="destination",
                                                          value_name="minutes")  # fmt: skip
    times = TravelTimes.from_frame(long, limit_min=None, origins=table.index,
                                   destinations=table.columns)  # fmt: skip
    for model in (p_median, p_centre):
        one, two = (model(each, demand, SiteRules(new=3)) for each in (table, times))
        assert list(one.sites) == list(two.sites)
        assert one.value == pytest.approx(two.value)


def test_an_origin_split_in_two_changes_nothing():
    table, demand = town(5)
    twin = pd.concat([table, table.iloc[:10].set_axis([f"t{i}" for i in range(10)])])
    shared = pd.concat([demand, demand.iloc[:10].set_axis(twin.index[-10:]) * 0.5])
    shared.iloc[:10] *= 0.5
    for model in ("p_median", "mclp"):
        one = MODELS[model](table, demand, SiteRules(new=4))
        two = MODELS[model](twin, shared, SiteRules(new=4))
        assert one.value == pytest.approx(two.value)
