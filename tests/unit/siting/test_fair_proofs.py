"""What fair plans are bounded by: each bound alone, against all plans of small cases."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ctg_geo.errors import SitingError
from ctg_geo.siting import SiteRules
from ctg_geo.siting.fair import (
    Amount,
    Covered,
    Floor,
    Gini,
    Limit,
    Severity,
    Shortfall,
    fair_plan,
    ground_of,
    relaxations,
)
from ctg_geo.siting.fair.choices import choices_of
from ctg_geo.siting.fair.floor import highest
from ctg_geo.siting.fair.frame import Frame, outcome_of
from ctg_geo.siting.fair.search import Deadline, _Search
from ctg_geo.siting.fair.start import kept, started
from fair_cases import DECAY, Case, cases, figure

INF = np.inf
NORM = 0.31
OBJECTIVES = {
    "floor": Floor(), "shortfall": Shortfall(NORM), "severity": Severity(NORM),
    "cover": Covered(NORM), "gini": Gini(), "cost": Amount("cost"), "places": Amount("places"),
    "sites": Amount("sites"),
}  # fmt: skip
some = settings(max_examples=40)


def framed(case, places="whole"):
    ground = ground_of(case.times, case.demand, decay=DECAY)
    try:
        choices = choices_of(ground, case.rules, places=places)
    except SitingError:
        assume(False)
    return ground, choices


def every(case):
    """List sizes, which are open (standing or new), access and cost of all plans."""
    found = []
    for size, new, cost in case.plans():
        standing = [at for at, name in enumerate(case.names) if name in case.rules.existing.index]
        opened = np.zeros(len(size), dtype=bool)
        opened[[*new, *(at for at in standing if case.names[at] in case._open)]] = True
        found.append((size, opened, case.access(size), cost, len(new)))
    return found


def signed(name, case, plan):
    """Return the figure of a plan, to make least."""
    size, _, access, cost, new = plan
    amounts = {"cost": cost, "places": size.sum(), "sites": new}
    value = amounts[name] if name in amounts else figure(name, access, case.people, NORM)
    return -value if OBJECTIVES[name].sense == "max" else value


@settings(max_examples=20)
@given(cases())
def test_no_plan_goes_beyond_what_is_said_of_sites_and_of_access(case):
    ground, choices = framed(case)
    top = highest(Frame(ground, choices))
    for size, opened, access, cost, new in every(case):
        assert choices.must[~opened].sum() == 0
        assert choices.may[opened & ~choices.stands].all()
        assert (size[opened] >= choices.low[opened] - 1e-9).all()
        assert (size[opened] <= choices.high[opened] + 1e-9).all()
        assert choices.cost(size, opened) == pytest.approx(cost)
        told = outcome_of(ground, choices, size, opened)
        useless = opened & ~choices.may  # stands, may close, and nobody comes
        assert (case.reached()[useless] == 0).all()
        assert kept(choices, told) == (not useless.any())
        assert told.new == new
        for at, level in enumerate(access):
            if ground.kind[at] >= 0:
                assert told.access[ground.kind[at]] == pytest.approx(level)
                assert level <= top[ground.kind[at]] + 1e-9


@pytest.mark.parametrize("name", OBJECTIVES)
@settings(max_examples=20)
@given(case=cases())
def test_no_plan_betters_the_bounds_that_are_known_before_whole_sites_are_sought(name, case):
    ground, choices = framed(case)
    plans = every(case)
    assume(plans)
    objective = OBJECTIVES[name]
    if name == "gini":
        people = ground.people_of(None)
        assume(highest(Frame(ground, choices))[people > 0].any())
    frame = Frame(ground, choices)
    aim = objective.install(frame)
    search = _Search(frame, objective, [], [aim], Deadline.after(60))
    best = min(signed(name, case, plan) for plan in plans)
    assert aim.surely <= best + 1e-9
    if aim.under is None:
        frame.programme.aim(aim.expression)
        assert frame.programme.solved(60, whole=False).bound / abs(aim.scale) <= best + 1e-6
    search.relax()
    assert search._bound <= best + 1e-6
    for size, opened, access, *_ in plans:
        outcome = outcome_of(ground, choices, size, opened)
        told = objective.measured(ground, outcome)
        mine = signed(name, case, (size, opened, access, outcome.cost, outcome.new))
        assert told == pytest.approx(-mine if objective.sense == "max" else mine)
    found = search.whole()
    if best < INF:
        assert found.status == "proven"
        assert abs(found.value - (-best if objective.sense == "max" else best)) <= 2e-6 * max(
            1.0, abs(best)
        )


@some
@given(cases(), st.data())
def test_a_plan_that_breaks_a_rule_is_not_kept(case, data):
    ground, choices = framed(case)
    count = len(case.names)
    size = np.array([float(data.draw(st.integers(0, 5))) for _ in range(count)])
    opened = size > 0
    new = {int(at) for at in np.flatnonzero(opened & ~choices.stands)}
    case._open = {case.names[at] for at in np.flatnonzero(opened)}
    rules = choices.rules
    stay = all(name in case._open for name in rules.existing.index if name not in rules.closable)
    open_to = all(choices.may[at] for at in np.flatnonzero(opened))
    expected = stay and open_to and case._kept(list(size), new, case.cost(size, new))
    assert kept(choices, outcome_of(ground, choices, size, opened)) == expected


@some
@given(cases(), st.sampled_from(["floor", "shortfall", "severity"]))
def test_a_plan_to_start_from_is_one_of_all_plans(case, name):
    ground, choices = framed(case)
    start = started(ground, choices, OBJECTIVES[name], [], lambda: False)
    if start is not None:
        plans = [(size.tolist(), opened.tolist()) for size, opened, *_ in every(case)]
        assert (start.size.tolist(), start.opened.tolist()) in plans


@some
@given(cases(), st.floats(0.05, 0.6))
def test_the_least_by_which_a_rule_must_give_way(case, level):
    ground, _ = framed(case)
    limit = Limit(Floor(), level)
    there = case.people > 0

    def least(change, of):
        plans = every(Case(case.minutes, case.people, replace(case.rules, **change)))
        values = [of(plan) for plan in plans if plan[2][there].min() >= level]
        return min(values, default=None)

    assume(least({}, lambda _: 0) is None)
    told = relaxations(ground, case.rules, places="whole", limits=[limit], time_limit_s=60)
    standing = case.rules.existing.sum()
    expected = {
        "budget": least({"budget": None}, lambda plan: plan[3]),
        "total": least({"total": None}, lambda plan: plan[0].sum() - standing),
        "new": least({"new": None, "exactly": False}, lambda plan: plan[4]),
    }
    found = {each.rule: each.needed for each in told}
    for rule, value in expected.items():
        if getattr(case.rules, rule) is None or value is None:
            assert rule not in found
        else:
            assert found[rule] == pytest.approx(value)
    assert all(each.proven for each in told)


def test_a_place_that_stands_empty_grows_without_being_opened_anew():
    """No child has a place; 5 euros buy 5 in the building that stands, though one costs 9 new."""
    case = Case(np.zeros((1, 1)), np.array([10.0]), SiteRules(
        new=0, largest=8.0, existing=pd.Series({"c0": 0.0}), resizable=frozenset({"c0"}),
        cost_open=pd.Series({"c0": 9.0}), cost_place=pd.Series({"c0": 1.0}), budget=5.0,
    ))  # fmt: skip
    ground = ground_of(case.times, case.demand, decay=DECAY)
    plan = fair_plan(ground, case.rules, Floor(), places="whole", time_limit_s=20)
    assert (plan.plan.value, plan.cost) == (pytest.approx(0.5), pytest.approx(5))


def test_that_any_plan_does_as_well_is_not_said_where_places_serve_some_who_do_not_count():
    """One place serves the children who count alone, the other shares its own with as many."""
    minutes = np.array([[0.0, INF], [INF, 0.0], [INF, 0.0]])
    case = Case(minutes, np.array([10.0, 10.0, 10.0]), SiteRules(new=1, largest=2.0))
    counted = pd.Series([True, True, False], index=case.origins)
    for counts, norm, said in ((counted, 0.25, []), (counted | True, 0.15, ["nothing_wasted"])):
        ground = ground_of(case.times, case.demand, decay=DECAY, counted=counts)
        plan = fair_plan(ground, case.rules, Shortfall(norm), places="whole", time_limit_s=20)
        assert [remark.key for remark in plan.remarks] == said


def test_a_limit_above_one_for_each_child_is_told_its_price():
    """Three hours a child for ten children: 30, though nothing bounds a site but money."""
    case = Case(np.zeros((1, 1)), np.array([10.0]), SiteRules(
        new=1, cost_place=pd.Series({"c0": 2.0}), budget=20.0,
    ))  # fmt: skip
    ground = ground_of(case.times, case.demand, decay=DECAY)
    limit = Limit(Floor(), 3.0)
    told = relaxations(ground, case.rules, places="whole", limits=[limit], time_limit_s=20)
    assert {each.rule: each.needed for each in told} == {"budget": 60, "floor": 1}
