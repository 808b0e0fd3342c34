"""Every model of location against all sets of sites, tried one by one."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ctg_geo.siting import (
    backup_coverage,
    capacitated_mclp,
    capacitated_p_median,
    lscp,
    mclp,
    p_centre,
    p_median,
)
from siting_cases import INF, allowed, nearest, open_sites, rules_for, sent, tables

few = settings(max_examples=40, deadline=None)


@st.composite
def questions(draw, *, holes=True):
    table, demand = draw(tables(holes=holes))
    return table, demand, draw(rules_for(table))


def agree(plan, expected, *, sense):
    """The plan has the expected value, proven; None: there is none."""
    if expected is None:
        assert plan.status == "infeasible"
    else:
        assert plan.status == "proven"
        assert plan.sense == sense
        assert plan.value == pytest.approx(expected, abs=1e-6)
        assert plan.bound == pytest.approx(expected, abs=1e-4)


def keeps(plan, table, rules):
    """The sites of a plan are one of the sets allowed."""
    assert tuple(plan.sites) in set(allowed(table, rules))


@few
@given(questions())
def test_p_median_is_the_least_of_all_sets(question):
    table, demand, rules = question
    lived = demand > 0
    values = []
    for chosen in allowed(table, rules):
        near = nearest(table, open_sites(chosen, rules))[lived]
        if np.isfinite(near).all():
            values.append(float((near * demand[lived]).sum()))
    plan = p_median(table, demand, rules)
    agree(plan, min(values, default=None), sense="min")
    if values:
        keeps(plan, table, rules)
        near = nearest(table, open_sites(tuple(plan.sites), rules))[lived]
        assert (near * demand[lived]).sum() == pytest.approx(plan.value)


@few
@given(questions(), st.integers(1, 9))
def test_p_median_with_a_time_for_those_out_of_reach(question, beyond):
    table, demand, rules = question
    values = [
        float((nearest(table, open_sites(chosen, rules)).clip(upper=beyond) * demand).sum())
        for chosen in allowed(table, rules)
    ]
    agree(p_median(table, demand, rules, beyond_min=float(beyond)), min(values), sense="min")


@few
@given(questions())
def test_p_centre_is_the_shortest_of_all_sets(question):
    table, demand, rules = question
    lived = demand > 0
    values = [
        nearest(table, open_sites(chosen, rules))[lived].max() if lived.any() else 0.0
        for chosen in allowed(table, rules)
    ]
    best = min(values, default=INF)
    if lived.any():
        agree(p_centre(table, demand, rules), best if best < INF else None, sense="min")


@few
@given(questions(), st.integers(0, 8))
def test_lscp_is_the_smallest_of_all_covers(question, within):
    table, demand, rules = question
    lived = demand > 0
    counts = [
        len(chosen)
        for chosen in allowed(table, rules)
        if (nearest(table, open_sites(chosen, rules))[lived] <= within).all()
    ]
    plan = lscp(table, demand, rules, within_min=float(within))
    agree(plan, min(counts, default=None), sense="min")
    if counts:
        keeps(plan, table, rules)


@few
@given(questions(), st.integers(0, 8))
def test_mclp_is_the_most_of_all_sets(question, within):
    table, demand, rules = question
    values = [
        float(demand[nearest(table, open_sites(chosen, rules)) <= within].sum())
        for chosen in allowed(table, rules)
    ]
    plan = mclp(table, demand, rules, within_min=float(within))
    agree(plan, max(values), sense="max")
    keeps(plan, table, rules)


@few
@given(questions(), st.integers(1, 8), st.sampled_from([0.0, 0.5, 0.8, 1.0]))
def test_backup_coverage_is_the_most_of_all_sets(question, within, first):
    table, demand, rules = question
    values = []
    for chosen in allowed(table, rules):
        times = (table[open_sites(chosen, rules)] <= within).sum(axis=1)
        if demand[times >= 1].sum() >= first * demand.sum() - 1e-9:
            values.append(float(demand[times >= 2].sum()))
    plan = backup_coverage(table, demand, rules, within_min=float(within), first=first)
    agree(plan, max(values, default=None), sense="max")


@st.composite
def places(draw):
    """Draw a question with sizes: the largest, the places added at most, an existing that grows."""
    table, demand, rules = draw(questions())
    largest = draw(st.integers(1, 8))
    smallest = draw(st.integers(0, largest))
    existing = pd.Series(
        [float(draw(st.integers(0, 5))) for _ in rules.existing], index=rules.existing.index,
        dtype=float,
    )  # fmt: skip
    rules = replace(rules, existing=existing, smallest=smallest, largest=float(largest))
    if len(existing) and draw(st.booleans()):
        rules = replace(rules, resizable=frozenset(existing.index[:1]))
    return table, demand, rules


def rooms(chosen, rules):
    room = dict.fromkeys(chosen, rules.largest)
    for name, held in rules.existing.items():
        room[name] = max(held, rules.largest) if name in rules.resizable else held
    return room


@few
@given(places(), st.sampled_from([4.0, 10.0, INF]))
def test_capacitated_p_median_is_the_least_of_all_sets(question, beyond):
    table, demand, rules = question
    values = [
        sent(table, demand, rooms(chosen, rules), unserved=beyond)
        for chosen in allowed(table, rules)
    ]
    best = min(values, default=INF)
    plan = capacitated_p_median(table, demand, rules, beyond_min=None if beyond == INF else beyond)
    agree(plan, best if best < INF else None, sense="min")
    if best < INF:
        keeps(plan, table, rules)
        load = plan.flows.groupby("site").sum()
        for site, people in load.items():
            room = plan.size.get(site, rules.existing.get(site, 0.0))
            assert people <= room + 1e-6
        assert (plan.size[list(plan.sites)] >= rules.smallest - 1e-6).all()
        assert (plan.size <= max(rules.largest, *rules.existing, 0.0) + 1e-6).all()


@few
@given(places(), st.integers(0, 8))
def test_capacitated_mclp_is_the_most_of_all_sets(question, within):
    table, demand, rules = question
    near = table.where(table <= within, INF) * 0
    values = [
        demand.sum() - sent(near, demand, rooms(chosen, rules), unserved=1)
        for chosen in allowed(table, rules)
    ]
    plan = capacitated_mclp(table, demand, rules, within_min=float(within))
    agree(plan, max(values), sense="max")


@settings(max_examples=20, deadline=None)
@given(places(), st.integers(0, 5), st.integers(1, 3))
def test_places_and_money_are_bounded_together(question, total, price):
    """Total places and price of places: all ways to size the sites, tried too."""
    table, demand, rules = question
    rules = replace(rules, cost_open=None, budget=None, floors={}, exactly=False,
                    smallest=0.0, resizable=frozenset(), forced=frozenset(),
                    total=float(total), largest=2.0)  # fmt: skip
    each = pd.Series(float(price), index=table.columns)
    rules = replace(rules, cost_place=each, budget=float(2 * total))
    affordable = min(total, 2 * total // price)
    best = INF
    for chosen in allowed(table, rules):
        for sizes in np.ndindex(*[3] * len(chosen)):
            if sum(sizes) <= affordable:
                room = dict(rules.existing) | dict(zip(chosen, sizes, strict=True))
                best = min(best, sent(table, demand, room, unserved=10))
    plan = capacitated_p_median(table, demand, rules, beyond_min=10.0)
    agree(plan, best, sense="min")
    assert (plan.size - rules.existing.reindex(plan.size.index).fillna(0)).sum() <= total + 1e-6
