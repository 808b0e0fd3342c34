"""Fair plans: worked cases, what is refused by name, and the second measure of a plan."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from ctg_geo import labels
from ctg_geo.errors import SitingError
from ctg_geo.siting import SiteRules
from ctg_geo.siting.checked import Claim, remeasured, rules_kept
from ctg_geo.siting.fair import (
    Covered,
    Floor,
    Gini,
    Limit,
    Severity,
    Shortfall,
    fair_plan,
    frontier,
    ground_of,
    objective_named,
)
from ctg_geo.siting.why import Question, next_best, price_of
from fair_cases import DECAY, Case

# Two villages of 10 and 30 children out of each other's reach, a hamlet of 10 between them
# that reaches both (weight 0.68), and a place of 3 that stands in the second village.
INF = np.inf
MINUTES = np.array([[0.0, INF, INF], [8.0, 8.0, 8.0], [INF, 0.0, 0.0]])
PEOPLE = np.array([10.0, 10.0, 30.0])
RULES = SiteRules(new=1, smallest=1, largest=6, existing=pd.Series({"c2": 3.0}))


def ground(minutes=MINUTES, people=PEOPLE):
    case = Case(minutes, people, RULES)
    return ground_of(case.times, case.demand, decay=DECAY)


def plan(objectives, rules=RULES, here=None, **options):
    return fair_plan(
        here or ground(), rules, objectives, places="whole", time_limit_s=20, **options
    )


def refused(objectives, rules=RULES, **options):
    with pytest.raises(SitingError) as caught:
        plan(objectives, rules, **options)
    assert caught.value.explain("fr")
    assert str(caught.value)
    return caught.value


def test_the_floor_by_hand():
    """All 6 places in the first village: 6 / (10 + 6.8) there; 3 / (30 + 6.8) in the second."""
    found = plan(Floor())
    assert found.opened.tolist() == ["c0"]
    assert found.plan.value == pytest.approx(3 / 36.8)
    assert found.plan.status == "proven"
    assert [remark.key for remark in found.remarks] == []
    assert found.access["o0"] == pytest.approx(6 / 16.8)


def test_the_shortfall_by_hand():
    """With a norm of 0.2: at c0 the first village passes it, at c1 nobody does."""
    here, there = 0.0, 10 * 0.2  # of the first village
    hamlet0 = max(0.0, 0.2 - 0.68 * (6 / 16.8 + 3 / 36.8))
    at_c0 = here + 10 * hamlet0 + 30 * (0.2 - 3 / 36.8)
    at_c1 = there + 10 * max(0.0, 0.2 - 0.68 * 9 / 36.8) + 30 * max(0.0, 0.2 - 9 / 36.8)
    found = plan(Shortfall(0.2))
    assert found.plan.value == pytest.approx(min(at_c0, at_c1))
    question = Question(ground(), RULES, [Shortfall(0.2)], "whole")
    other = next_best(question, found, [str(found.opened[0])], time_limit_s=20)
    assert other["price"].iloc[0] == pytest.approx(max(at_c0, at_c1) - min(at_c0, at_c1))
    assert other["status"].iloc[0] == "proven"
    wanted = "c0" if at_c0 > at_c1 else "c1"
    asked = price_of(question, found, [wanted], time_limit_s=20)
    assert asked.loc[wanted, "price"] == pytest.approx(abs(at_c0 - at_c1))


def test_a_norm_above_everybody_cannot_choose():
    error = refused(Shortfall(0.9))
    assert error.reason == "norm_above_all"
    assert "severity" in str(error)
    assert plan(Severity(0.9)).plan.status == "proven"


def test_a_norm_beyond_everybody_covers_nobody():
    assert refused(Covered(0.9)).reason == "norm_beyond_all"


def test_people_beyond_reach_are_named_and_a_floor_over_the_others_is_proposed():
    far = ground(np.vstack([MINUTES, [INF, INF, INF]]), np.append(PEOPLE, 5.0))
    error = refused(Floor(), here=far)
    assert error.reason == "floor_beyond_reach"
    assert error.facts["origins"] == ["o3"]
    assert error.facts["count"] == 5
    assert plan(Floor(share=error.facts["share"]), here=far).plan.value == pytest.approx(3 / 36.8)
    reached = pd.Series([True, True, True, False], index=["o0", "o1", "o2", "o3"])
    assert plan(Floor(reached), here=far).plan.value == pytest.approx(3 / 36.8)


def test_people_who_do_not_count_share_the_places_all_the_same():
    """Only the hamlet counts: it gains 0.68 / 16.8 a place at c0, more than at c1."""
    case = Case(MINUTES, PEOPLE, RULES)
    only = pd.Series([False, True, False], index=case.origins)
    here = ground_of(case.times, case.demand, decay=DECAY, counted=only)
    found = plan(Floor(), here=here)
    assert found.opened.tolist() == ["c0"]
    assert found.plan.value == pytest.approx(0.68 * (6 / 16.8 + 3 / 36.8))
    assert len(found.access) == 3
    with pytest.raises(SitingError, match="Nobody counts"):
        ground_of(case.times, case.demand * 0, decay=DECAY)


def test_origins_that_every_candidate_serves_alike_are_one_class():
    twins = ground(np.vstack([MINUTES, MINUTES[2]]), np.append(PEOPLE, 7.0))
    assert twins.people.tolist() == [10.0, 10.0, 37.0]
    assert twins.kind.tolist() == [0, 1, 2, 2]
    assert twins.origins_of(np.array([2])) == ["o2", "o3"]


def test_the_mean_is_refused_with_the_reason():
    with pytest.raises(SitingError, match="does not depend on sites"):
        objective_named("mean")
    with pytest.raises(SitingError, match="norm"):
        objective_named("cover")
    with pytest.raises(SitingError, match="Objectives: floor"):
        objective_named("beauty")
    assert objective_named("severity", norm=0.2).norm == 0.2


@pytest.mark.parametrize(("change", "reason"), [
    ({"forced": frozenset({"zz"})}, "no_candidate"),
    ({"closable": frozenset({"c0"})}, "nothing_stands"),
    ({"smallest": 9.0}, "sizes"),
    ({"smallest": 2.2, "largest": 2.8}, "no_whole_size"),
    ({"smallest": 0.0, "largest": 0.0}, "no_whole_size"),
    ({"forced": frozenset({"c0"}), "forbidden": frozenset({"c0"})}, "forced_and_forbidden"),
    ({"forbidden": frozenset({"c2"})}, "forced_and_forbidden"),
    ({"forced": frozenset({"c0", "c1"})}, "forced_too_many"),
    ({"new": 5, "exactly": True}, "too_many_sites"),
    ({"largest": INF}, "no_limit"),
    ({"group": pd.Series({"c0": "n", "c1": "s", "c2": "s"}), "floors": {"w": 1}}, "no_group"),
    ({"group": pd.Series({"c0": "n", "c1": "s", "c2": "s"}), "floors": {"n": 1, "s": 1}},
     "floors_too_many"),
    ({"forced": frozenset({"c0"}), "budget": 5.0, "cost_open": pd.Series(
        {"c0": 9.0, "c1": 1.0, "c2": 1.0})}, "forced_too_small"),
])  # fmt: skip
def test_rules_that_cannot_be_kept_are_named(change, reason):
    assert refused(Floor(), replace(RULES, **change)).reason == f"{reason}"


def test_a_candidate_that_nobody_reaches_is_left_out_and_told():
    lonely = np.array([[0.0, INF], [8.0, INF]])
    found = plan(
        Floor(), replace(RULES, existing=pd.Series(dtype=float)),
        here=ground(lonely, np.array([5.0, 5.0])),
    )  # fmt: skip
    assert [(r.key, r.facts["names"]) for r in found.remarks if r.key == "nobody_reaches"] == [
        ("nobody_reaches", ["c1"])
    ]
    error = refused(
        Floor(), replace(RULES, existing=pd.Series(dtype=float), forced=frozenset({"c1"})),
        here=ground(lonely, np.array([5.0, 5.0])),
    )  # fmt: skip
    assert error.reason == "nobody_reaches"


def test_places_that_waste_nothing_are_told_to_tie():
    """All 6 places at c0 pass the norm of 0.33; at c1 nobody does, and none is lost."""
    found = plan(Shortfall(0.33))
    assert found.opened.tolist() == ["c1"]
    assert [remark.key for remark in found.remarks] == ["nothing_wasted"]
    assert found.plan.value == pytest.approx(50 * 0.33 - 9)
    for remark in found.remarks:
        assert labels.text(f"siting.remark.{remark.key}", **remark.facts)


def test_a_floor_of_zero_for_want_of_sites_is_told():
    """One site cannot reach both villages when nothing stands."""
    found = plan(Floor(), replace(RULES, existing=pd.Series(dtype=float)))
    assert found.plan.value == 0
    assert [remark.key for remark in found.remarks] == ["floor_zero"]


def test_a_closable_place_is_closed_where_its_places_serve_better():
    moved = replace(
        RULES, closable=frozenset({"c2"}), total=0.0, existing=pd.Series({"c2": 6.0}), new=2
    )
    found = plan([Gini()], moved)
    assert found.size.sum() <= 6
    assert found.plan.status == "proven"


def test_the_same_question_gives_the_same_plan_twice():
    one, other = (plan([Severity(0.3), Floor()]) for _ in range(2))
    pd.testing.assert_series_equal(one.size, other.size)
    assert one.stages == other.stages


def test_limits_that_no_plan_meets_are_infeasible_without_numbers():
    found = plan(Shortfall(0.2), limits=[Limit(Floor(), 0.5)])
    assert found.plan.status == "infeasible"
    assert found.plan.ended == "proof"
    assert not found.found
    assert not found.proven
    assert [len(each) for each in (found.opened, found.closed, found.resized)] == [0, 0, 0]
    assert np.isnan([found.plan.value, found.cost]).all()
    assert len(found.size) == len(found.access) == 0


def test_a_frontier_needs_costs_and_a_step():
    with pytest.raises(SitingError, match="needs costs"):
        frontier(ground(), RULES, Floor(), places="whole", step=1, time_limit_s=5)
    with pytest.raises(SitingError, match="positive"):
        frontier(ground(), RULES, Floor(), places="whole", step=0, time_limit_s=5)


def claims(value, objective="floor", **more):
    case = Case(MINUTES, PEOPLE, RULES)
    supply = pd.Series({"c0": 6.0, "c1": 0.0, "c2": 3.0})
    everybody = pd.Series(True, index=case.origins)
    return remeasured(
        case.times, case.demand, supply, decay=DECAY, counted=everybody,
        claims=[Claim(objective, value, **more)],
    )  # fmt: skip


def test_a_plan_that_is_not_what_was_told_is_an_error_with_both_numbers():
    assert claims(3 / 36.8)["o2"] == pytest.approx(3 / 36.8)
    with pytest.raises(SitingError, match=r"floor: 0\.090000000 told, 0\.08152173") as caught:
        claims(0.09)
    assert caught.value.facts == {"what": "floor", "told": 0.09, "found": pytest.approx(3 / 36.8)}
    for name, norm in (("shortfall", 0.2), ("severity", 0.2), ("cover", 0.2), ("gini", None)):
        with pytest.raises(SitingError, match=name):
            claims(123.0, name, norm=norm)


@pytest.mark.parametrize(("supply", "opened", "cost"), [
    ({"c0": 6, "c1": 1, "c2": 3}, ["c0", "c1", "c2"], 0),  # two sites
    ({"c0": 7, "c1": 0, "c2": 3}, ["c0", "c2"], 0),  # too large
    ({"c0": 6, "c1": 0, "c2": 4}, ["c0", "c2"], 0),  # stays as it is
    ({"c0": 6, "c1": 0, "c2": 3}, ["c0", "c2"], 1),  # costs nothing
])  # fmt: skip
def test_a_plan_that_breaks_a_rule_is_an_error(supply, opened, cost):
    sizes = pd.Series(supply, dtype=float)
    with pytest.raises(SitingError, match="Measured again"):
        rules_kept(RULES, sizes, pd.Index(opened), cost=cost)
    good = pd.Series({"c0": 6.0, "c1": 0.0, "c2": 3.0})
    rules_kept(RULES, good, pd.Index(["c0", "c2"]), cost=0.0)


@pytest.mark.parametrize("limit", [-1.0, float("nan")])
def test_a_limit_of_time_that_is_none_is_named(limit):
    with pytest.raises(SitingError, match="time_limit_s") as caught:
        fair_plan(ground(), RULES, Floor(), places="whole", time_limit_s=limit)
    assert caught.value.reason == "not_seconds"


def test_bare_arrays_are_refused_by_name():
    case = Case(MINUTES, PEOPLE, RULES)
    with pytest.raises(SitingError, match=r"demand.*ndarray"):
        ground_of(case.times, PEOPLE, decay=DECAY)
    with pytest.raises(SitingError, match=r"times.*ndarray"):
        ground_of(MINUTES, case.demand, decay=DECAY)
