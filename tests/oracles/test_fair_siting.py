"""Plans on access against all plans of small cases, tried one by one."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

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
        if refused.reason == "fair.mismatch":
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
