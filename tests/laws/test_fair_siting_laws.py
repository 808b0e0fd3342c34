"""What holds for every fair plan: frontiers, budgets, order, scale, why."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ctg_geo.errors import SitingError
from ctg_geo.siting.fair import (
    Amount,
    Floor,
    Gini,
    Limit,
    Severity,
    Shortfall,
    fair_plan,
    frontier,
    ground_of,
    relaxations,
)
from ctg_geo.siting.why import Question, brought, next_best, price_of
from fair_cases import DECAY, Case, cases, figure

NORM = 0.31
FEW = settings(deadline=None, max_examples=12)


def planned(case, objectives, rules=None, places="whole", **options):
    ground = ground_of(case.times, case.demand, decay=DECAY)
    try:
        return fair_plan(
            ground, rules or case.rules, objectives, places=places, time_limit_s=20, **options
        )
    except SitingError as refused:
        if refused.reason == "mismatch":
            raise
        assume(False)


@FEW
@given(case=cases(costs="always"), name=st.sampled_from(["floor", "shortfall"]))
def test_the_frontier_is_that_of_all_plans_tried_one_by_one(case, name):
    objective = Floor() if name == "floor" else Shortfall(NORM)
    sign = -1 if name == "floor" else 1
    points = {
        (cost, sign * figure(name, case.access(size), case.people, NORM))
        for size, _, cost in case.plans()
    }
    expected, best = [], np.inf
    for cost, value in sorted(points):
        if value < best - 1e-9:
            expected.append((cost, sign * value))
            best = value
    ground = ground_of(case.times, case.demand, decay=DECAY)
    try:
        found = frontier(ground, case.rules, objective, places="whole", step=1.0, time_limit_s=60)
    except SitingError:
        assume(False)
    assert found.complete
    assert (found.points["status"] == "proven").all()
    told = list(zip(found.points["cost"], found.points["value"], strict=True))
    assert len(told) == len(expected)
    for one, other in zip(told, expected, strict=True):
        assert one == pytest.approx(other, rel=1e-5, abs=1e-5)


@FEW
@given(case=cases(costs="always"), more=st.integers(1, 8))
def test_more_budget_never_worsens(case, more):
    richer = replace(case.rules, budget=case.rules.budget + more)
    before, after = (planned(case, Severity(NORM), rules) for rules in (case.rules, richer))
    assume(before.plan.status == "proven")
    assert after.plan.value <= before.plan.value + 1e-6


@FEW
@given(case=cases(), seed=st.integers(0, 99))
def test_the_order_of_candidates_and_origins_changes_no_objective(case, seed):
    before = planned(case, Floor())
    rng = np.random.default_rng(seed)
    rows, columns = (rng.permutation(size) for size in case.minutes.shape)
    mixed = Case(case.minutes[rows][:, columns], case.people[rows], case.rules)
    mixed.origins = [case.origins[at] for at in rows]
    mixed.names = [case.names[at] for at in columns]
    after = planned(mixed, Floor())
    assert after.plan.value == pytest.approx(before.plan.value, rel=1e-6, abs=1e-9, nan_ok=True)


@FEW
@given(case=cases(costs="never"), factor=st.integers(2, 9))
def test_as_many_times_more_people_and_places_leave_access_as_it_is(case, factor):
    """In places that can be divided, access per person depends on proportions alone."""
    rules = case.rules
    larger = replace(
        rules, smallest=rules.smallest * factor, largest=rules.largest * factor,
        total=None if rules.total is None else rules.total * factor,
        existing=rules.existing * factor,
    )  # fmt: skip
    scaled = Case(case.minutes, case.people * factor, larger)
    one = planned(case, Floor(), places="divisible")
    other = planned(scaled, Floor(), places="divisible")
    assert other.plan.value == pytest.approx(one.plan.value, rel=1e-5, abs=1e-8, nan_ok=True)


@FEW
@given(case=cases())
def test_divided_places_are_never_worse_than_whole_ones(case):
    assume(case.rules.smallest >= 1)
    whole, divided = (planned(case, Gini(), places=each) for each in ("whole", "divisible"))
    assume(whole.plan.status == "proven")
    assert divided.plan.value <= whole.plan.value + 1e-6


@FEW
@given(case=cases(), share=st.sampled_from([0.5, 0.8, 0.95]))
def test_the_floor_of_a_share_of_people(case, share):
    values = []
    for size, _, _ in case.plans():
        access = case.access(size)
        total = case.people.sum()
        levels = [a for a in access if case.people[access >= a].sum() >= share * total - 1e-6]
        values.append(max(levels))
    plan = planned(case, Floor(share=share))
    if values:
        assert plan.plan.value == pytest.approx(max(values), rel=2e-6, abs=2e-6)


@FEW
@given(case=cases(), level=st.floats(0.05, 0.5))
def test_the_least_relaxation_makes_a_plan_feasible_and_less_does_not(case, level):
    limit = Limit(Floor(), level)
    ground = ground_of(case.times, case.demand, decay=DECAY)
    plan = planned(case, Amount("places"), limits=[limit])
    assume(plan.plan.status == "infeasible")
    found = relaxations(ground, case.rules, places="whole", limits=[limit], time_limit_s=60)
    names = {"budget": "budget", "total": "total", "new": "new"}
    for each in found:
        assert each.proven
        if each.rule in names:
            assert each.needed > each.given
            value = int(each.needed) if each.rule == "new" else each.needed
            eased = replace(case.rules, **{names[each.rule]: value})
            assert planned(case, Amount("places"), eased, limits=[limit]).plan.status == "proven"
        else:
            values = [figure("floor", case.access(size), case.people, 0)
                      for size, _, _ in case.plans()]  # fmt: skip
            assert each.needed == pytest.approx(max(values), rel=1e-6, abs=1e-9)


@FEW
@given(case=cases(costs="never"))
def test_forbidding_or_forcing_a_site_never_betters_the_plan(case):
    plan = planned(case, Shortfall(NORM))
    assume(plan.plan.status == "proven" and len(plan.opened))
    ground = ground_of(case.times, case.demand, decay=DECAY)
    question = Question(ground, case.rules, [Shortfall(NORM)], "whole")
    site = str(plan.opened[0])
    assume(site not in case.rules.forced)
    other = next_best(question, plan, [site], time_limit_s=20)
    if other["status"].iloc[0] == "proven":
        assert other["price"].iloc[0] >= -1e-6
    mine = price_of(question, plan, [site], time_limit_s=20)
    assert mine["price"].iloc[0] == pytest.approx(0, abs=1e-6)


@FEW
@given(case=cases(costs="never"))
def test_whom_a_site_brings_is_the_difference_without_it(case):
    plan = planned(case, Shortfall(NORM))
    assume(plan.plan.status == "proven" and len(plan.opened))
    ground = ground_of(case.times, case.demand, decay=DECAY)
    owner = pd.Series(case.origins, index=case.origins)
    told = brought(ground, plan, owner, norm=NORM)
    for site in plan.opened:
        size = plan.size.copy()
        size[site] = 0.0
        before, after = (case.access(each.to_numpy()) for each in (size, plan.size))
        came = (after >= NORM - 1e-8) & (before < NORM - 1e-7)
        mine = told[told["site"] == site]
        assert mine["people"].sum() == pytest.approx(case.people[came].sum())
        assert mine["gained"].sum() == pytest.approx(plan.size[site])
