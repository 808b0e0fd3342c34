"""Plans on access against all plans of small cases, tried one by one."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from ctg_geo.errors import SitingError
from ctg_geo.siting.fair import (
    Covered,
    Floor,
    Gini,
    Limit,
    Severity,
    Shortfall,
    fair_plan,
    ground_of,
)
from fair_cases import DECAY, cases, figure

NORM = 0.31
OBJECTIVES = {
    "floor": Floor(), "shortfall": Shortfall(NORM), "severity": Severity(NORM),
    "cover": Covered(NORM), "gini": Gini(),
}  # fmt: skip
BEST = {"floor": max, "cover": max, "shortfall": min, "severity": min, "gini": min}


def planned(case, objectives, **options):
    """Make a plan; cases that the engine refuses by name are left to the tests of refusals."""
    ground = ground_of(case.times, case.demand, decay=DECAY)
    try:
        return fair_plan(ground, case.rules, objectives, places="whole", time_limit_s=20, **options)
    except SitingError as refused:
        if refused.reason == "mismatch":
            raise
        assume(False)


@pytest.mark.parametrize("name", OBJECTIVES)
@settings(deadline=None, max_examples=30)
@given(case=cases())
def test_no_plan_tried_one_by_one_is_better(name, case):
    values = [figure(name, case.access(size), case.people, NORM) for size, _, _ in case.plans()]
    plan = planned(case, OBJECTIVES[name])
    if not values or np.isinf(min(values)):
        assert plan.plan.status == "infeasible" or name == "gini"
        return
    assert plan.plan.status == "proven"
    assert plan.plan.value == pytest.approx(BEST[name](values), rel=2e-6, abs=2e-6)


@settings(deadline=None, max_examples=30)
@given(case=cases(), cap=st.floats(0.05, 0.6))
def test_least_shortfall_under_a_cap_on_gini(case, cap):
    values = [
        figure("shortfall", access, case.people, NORM)
        for size, _, _ in case.plans()
        for access in [case.access(size)]
        if figure("gini", access, case.people, NORM) <= cap
    ]
    plan = planned(case, Shortfall(NORM), limits=[Limit(Gini(), cap)])
    if not values:
        assert plan.plan.status == "infeasible"
        return
    assert plan.plan.status == "proven"
    assert plan.plan.value == pytest.approx(min(values), rel=2e-6, abs=2e-6)


@settings(deadline=None, max_examples=20)
@given(case=cases())
def test_of_the_highest_floors_the_least_shortfall(case):
    found = [
        (figure("floor", access, case.people, NORM), figure("shortfall", access, case.people, NORM))
        for size, _, _ in case.plans()
        for access in [case.access(size)]
    ]
    plan = planned(case, [Floor(), Shortfall(NORM)])
    if not found:
        assert plan.plan.status == "infeasible"
        return
    top = max(floor for floor, _ in found)
    least = min(short for floor, short in found if floor >= top * (1 - 1e-9))
    assert plan.stages[0].value == pytest.approx(top, rel=2e-6, abs=2e-6)
    assert plan.stages[1].value == pytest.approx(least, rel=2e-5, abs=2e-5)


def linear_best(case, name, opened):
    """Size given sites by scipy's linear programme, in places that can be divided."""
    weight = case.weights()
    reached = case.reached()
    slope = weight / np.where(reached > 0, reached, np.inf)
    origins, sites = slope.shape
    rules = case.rules
    today = np.array([float(rules.existing.get(each, 0.0)) for each in case.names])
    bounds = []
    for at, each in enumerate(case.names):
        if each not in opened:
            bounds.append((0.0, 0.0))
        elif each not in rules.existing.index:
            bounds.append((rules.smallest, rules.largest))
        elif each in rules.resizable:
            bounds.append((min(rules.smallest, today[at]), max(rules.largest, today[at])))
        else:
            bounds.append((today[at], today[at]))
    extra = 1 if name == "floor" else origins
    cost = np.r_[np.zeros(sites), -np.ones(1) if name == "floor" else case.people]
    if name == "floor":
        there = case.people > 0
        upper = np.c_[-slope[there], np.ones(int(there.sum()))]
        right = np.zeros(int(there.sum()))
    else:
        upper, right = np.c_[-slope, -np.eye(origins)], np.full(origins, -NORM)
    if rules.total is not None:
        upper = np.r_[upper, [np.r_[np.ones(sites), np.zeros(extra)]]]
        right = np.r_[right, rules.total + today.sum()]
    found = linprog(cost, A_ub=upper, b_ub=right, bounds=[*bounds, *[(0, None)] * extra])
    return found.fun if found.status == 0 else None


@pytest.mark.parametrize("name", ["floor", "shortfall"])
@settings(deadline=None, max_examples=15)
@given(case=cases(costs="never"))
def test_divided_places_against_linear_programmes_of_every_set_of_sites(name, case):
    rules = case.rules
    standing = set(rules.existing.index)
    reached = dict(zip(case.names, case.reached(), strict=True))
    values = []
    for count in range(len(case.names) + 1):
        for opened in map(set, combinations(case.names, count)):
            new = opened - standing
            if (
                (standing - set(rules.closable)) - opened
                or rules.forced - opened
                or rules.forbidden & opened
                or (rules.new is not None and len(new) > rules.new)
                or any(reached[each] <= 0 for each in new)
                or any(
                    sum(rules.group[each] == group for each in new) < least
                    for group, least in rules.floors.items()
                )
            ):
                continue
            values.append(linear_best(case, name, opened))
    values = [value for value in values if value is not None]
    ground = ground_of(case.times, case.demand, decay=DECAY)
    try:
        plan = fair_plan(ground, rules, OBJECTIVES[name], places="divisible", time_limit_s=20)
    except SitingError as refused:
        if refused.reason == "mismatch":
            raise
        assume(False)
    if not values:
        assert plan.plan.status == "infeasible"
        return
    best = min(values) if name == "shortfall" else -min(values)
    assert plan.plan.value == pytest.approx(best, rel=2e-6, abs=2e-6)
