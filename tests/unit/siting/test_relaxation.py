"""The one thing to loosen is the least that does: against all sets of sites."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ctg_geo.errors import SitingError
from ctg_geo.siting import (
    Plan,
    SiteRules,
    backup_coverage,
    capacitated_p_median,
    lscp,
    p_centre,
    p_median,
    smallest_relaxation,
)
from ctg_geo.siting.classical.relaxation import _money
from siting_cases import INF, nearest, rules_for, sent, tables
from siting_cases import allowed as allowed_sets

some = settings(max_examples=60)


@st.composite
def questions(draw):
    """Draw a question that may have no plan: more often than not it has one."""
    table, demand = draw(tables(most_sites=5))
    return table, demand, replace(draw(rules_for(table)), exactly=False)


def allowed(table, rules):
    """List the sets of sites that the rules allow, their number free where none is asked."""
    most = table.shape[1] - len(rules.existing) - len(rules.forbidden)
    return allowed_sets(table, rules if rules.new is not None else replace(rules, new=most))


def longest(table, demand, rules):
    """Return the shortest of the longest trips."""
    lived = table[demand > 0]
    trips = [nearest(lived, [*one, *rules.existing.index]).max() for one in allowed(table, rules)]
    return min(trips, default=INF)


def mends(told, table, demand, rules):
    """The change makes everyone reach a site, and less does not."""

    def reached(**change):
        return longest(table, demand, replace(rules, **change)) < INF

    assert told.proven
    value = told.value
    if told.change == "unreached":
        names = [name for name in table.columns if name not in rules.forbidden]
        assert value == np.isinf(table.loc[demand > 0, names]).all(axis=1).sum() > 0
    elif told.change == "new":
        assert reached(new=int(value))
        assert not reached(new=int(value) - 1)
    elif told.change == "budget":
        assert reached(budget=value)
        assert not reached(budget=value - 1)
    else:
        assert told.change == "sites_and_budget"
        assert reached(new=int(value), budget=None)
        assert not reached(new=int(value) - 1, budget=None)
        assert not reached(new=None)


@some
@given(questions(), st.booleans(), st.integers(0, 6))
def test_the_shortest_reach_that_covers_all(question, counted, within):
    table, demand, rules = question
    rules = rules if counted else replace(rules, new=None)
    assume(lscp(table, demand, rules, within_min=within).status == "infeasible")
    told = smallest_relaxation("lscp", table, demand, rules, within_min=within)
    shortest = longest(table, demand, rules)
    if shortest < INF:
        assert (told.change, told.value, told.proven) == ("within_min", shortest, True)
    else:
        mends(told, table, demand, rules)


def test_sites_that_are_forced_are_none_of_those_that_may_still_open():
    """Three villages, each with its site; one is forced, and all three may open."""
    table = pd.DataFrame(np.where(np.eye(3), 6.0, 20), index=list("abc"), columns=list("xyz"))
    rules = SiteRules(forced=frozenset("x"))
    people = pd.Series(1.0, index=table.index)
    told = smallest_relaxation("lscp", table, people, rules, within_min=5)
    assert (told.change, told.value) == ("within_min", 6.0)
    every = SiteRules(forced=frozenset("xyz"))
    told = smallest_relaxation("lscp", table, people, every, within_min=5)
    assert (told.change, told.value) == ("within_min", 6.0)


@some
@given(questions(), st.sampled_from([p_median, p_centre]))
def test_the_fewest_sites_or_the_least_money_for_all_trips(question, model):
    table, demand, rules = question
    assume(model(table, demand, rules).status == "infeasible")
    mends(smallest_relaxation(model.__name__, table, demand, rules), table, demand, rules)


@some
@given(questions(), st.integers(0, 8), st.sampled_from([0.4, 0.7, 0.9, 1.0]))
def test_the_greatest_share_that_can_be_covered(question, within, first):
    table, demand, rules = question
    options = {"within_min": within, "first": first}
    assume(backup_coverage(table, demand, rules, **options).status == "infeasible")
    told = smallest_relaxation("backup_coverage", table, demand, rules, **options)
    if told.change == "first":
        most = max(
            demand[nearest(table, [*one, *rules.existing.index]) <= within].sum()
            for one in allowed(table, rules)
        )
        assert told.proven
        assert told.value == pytest.approx(most / demand.sum())
    elif told.change == "within_min":
        assert (told.value, told.proven) == (longest(table, demand, rules), True)
    else:
        mends(told, table, demand, rules)


@some
@given(questions(), st.integers(1, 8))
def test_the_fewest_places_that_lack(question, largest):
    table, demand, rules = question
    rules = replace(rules, largest=float(largest))
    try:
        assume(capacitated_p_median(table, demand, rules).status == "infeasible")
    except SitingError:
        assume(False)
    told = smallest_relaxation("capacitated_p_median", table, demand, rules)
    assert told.proven
    if told.change == "unreached":
        mends(told, table, demand, rules)
        return
    near = table.where(table == INF, 0.0)
    lacking = min(
        sent(near, demand, {**dict.fromkeys(one, largest), **rules.existing}, unserved=1)
        for one in allowed(table, rules)
    )
    assert (told.change, told.value) == ("places", pytest.approx(lacking))


def test_a_share_may_leave_out_those_whom_no_site_reaches():
    """One home near, one beyond all sites, one too far: a tenth of the people can be covered."""
    table = pd.DataFrame([[1.0, 9.0], [INF, INF], [9.0, 9.0]], list("abc"), list("xy"))
    people = pd.Series([1.0, 1.0, 8.0], list("abc"))
    options = {"within_min": 2, "first": 0.5}
    told = smallest_relaxation("backup_coverage", table, people, SiteRules(new=1), **options)
    assert (told.change, told.value, told.proven) == ("first", 0.1, True)
    whole = smallest_relaxation("backup_coverage", table, people, SiteRules(new=1), within_min=2)
    assert (whole.change, whole.value) == ("unreached", 1)
    trips = smallest_relaxation("p_median", table, people, SiteRules(new=1), first=0.5)
    assert (trips.change, trips.value) == ("unreached", 1)


def test_a_candidate_near_those_alone_where_nobody_lives_is_no_reason_to_stop():
    table = pd.DataFrame([[0.0, INF], [5.0, 0.0]], index=["a", "b"], columns=["x", "y"])
    rules = SiteRules(new=1, largest=2.0)
    people = pd.Series({"a": 3.0, "b": 0.0})
    told = smallest_relaxation("capacitated_p_median", table, people, rules)
    assert (told.change, told.value) == ("places", 1.0)


@pytest.mark.parametrize("model", ["mclp", "capacitated_mclp"])
def test_the_most_people_can_always_be_counted(model):
    table = pd.DataFrame([[0.0, INF]], index=["a"], columns=["x", "y"])
    rules = SiteRules(new=1, forbidden=frozenset("y"))
    told = smallest_relaxation(model, table, pd.Series({"a": 1.0}), rules)
    assert (told.change, told.value, told.proven) == ("none", 0.0, True)


TABLE = pd.DataFrame([[1.0, 9.0], [9.0, 1.0]], index=["a", "b"], columns=["x", "y"])
EACH = pd.Series(1.0, index=TABLE.index)
EURO = pd.Series(10.0, index=TABLE.columns)


@pytest.mark.parametrize(
    ("model", "rules", "options"),
    [
        ("lscp", SiteRules(new=1), {"within_min": 9.0}),
        ("p_median", SiteRules(new=1), {}),
        ("p_centre", SiteRules(new=1, budget=10.0, cost_open=EURO), {}),
        ("backup_coverage", SiteRules(new=1), {"within_min": 1.0, "first": 0.5}),
        ("backup_coverage", SiteRules(new=1), {"within_min": 9.0}),
        ("capacitated_p_median", SiteRules(new=1, largest=2.0), {}),
    ],
)
def test_nothing_need_give_way_where_a_plan_is_feasible(model, rules, options):
    told = smallest_relaxation(model, TABLE, EACH, rules, **options)
    assert (told.change, told.value, told.proven) == ("none", 0.0, True)


def told_by(least, unsure):
    """Say of a budget whether 40 euros of sites can be opened, or that one cannot tell."""

    def covered(budget):
        sites = pd.Index(["x", "y"] if budget >= 60 else ["y"])
        status = "proven" if budget >= least else "undecided" if budget > unsure else "infeasible"
        return Plan(
            "lscp", "min", sites if status == "proven" else sites[:0], None, 2.0, 2.0, status
        )

    return covered


@pytest.mark.parametrize(
    ("least", "unsure", "budget", "value", "proven"),
    [(40.0, 99.0, 10.0, 40.0, True), (40.0, 30.0, 10.0, 40.0, False),
     (40.0, 9.0, 10.0, 40.0, False), (40.0, 99.0, 39.5, 40.0, True),
     (40.0, 30.0, 39.5, 40.0, False)],
)  # fmt: skip
def test_the_least_money_is_proven_where_each_lesser_budget_is(
    least, unsure, budget, value, proven
):
    rules = SiteRules(budget=budget, cost_open=pd.Series({"x": 25.0, "y": 40.0}))
    told = _money(rules, told_by(least, unsure)(99.0), told_by(least, unsure))
    assert (told.change, told.value, told.proven) == ("budget", value, proven)


def test_money_that_is_there_is_not_asked_for():
    rules = SiteRules(budget=50.0, cost_open=pd.Series({"x": 25.0, "y": 40.0}))
    told = _money(rules, told_by(40.0, 99.0)(99.0), told_by(40.0, 99.0))
    assert (told.change, told.proven) == ("none", True)
