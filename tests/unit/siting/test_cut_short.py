"""What is said when a solver takes a wrong set for right, or stops before a proof."""

from dataclasses import astuple, replace
from importlib import import_module
from itertools import product

import numpy as np
import pandas as pd
import pytest

from ctg_geo.errors import FairSitingError, TravelError, UnknownCodeError
from ctg_geo.siting import SiteRules, p_median, smallest_relaxation
from ctg_geo.siting.classical import graded, median, relaxation
from ctg_geo.siting.classical.asked import no_plan
from ctg_geo.siting.classical.covering import Covered
from ctg_geo.siting.classical.dual import Dual
from ctg_geo.siting.classical.graded import solve_choice, solve_left
from ctg_geo.siting.classical.problem import Problem
from ctg_geo.siting.classical.programme import Answer, Effort
from ctg_geo.siting.classical.search import Found
from ctg_geo.siting.classical.sites import Choice
from ctg_geo.siting.fair import Floor, Shortfall, fair_plan, frontier, ground_of
from ctg_geo.siting.why import brought
from fair_cases import DECAY, Case

INF = np.inf
frontiers = import_module("ctg_geo.siting.fair.frontier")


def rules_of(count, **more):
    told = {"most": count, "exactly": False, "group": np.full(count, -1), "budget": INF,
            "least": np.zeros(0, dtype=np.int64), "price": np.ones(count)} | more  # fmt: skip
    return Choice(**told)


class Told:
    """A programme that answers as it is told to, and keeps the rows it is given."""

    def __init__(self, *answers):
        self.answers, self.rows = list(answers), []

    def solve(self, _effort, *, start, gap):
        self.asked = start, gap
        return self.answers.pop(0)

    def row(self, columns, factors, low, high):
        self.rows.append((columns, factors, low, high))


TWO = np.array([0.6, 0.6, 0.4, 7.0])  # sites 1 and 3 open, 4 closed; and a column of something else
ONE = np.array([0.4, 0.6, 0.4, 7.0])
ONE_EURO = rules_of(5, budget=1.0)
KEPT = np.array([1, 3, 4])


def test_a_set_that_breaks_a_rule_is_left_out_alone_and_the_search_goes_on():
    told = Told(Answer("optimal", TWO, 2.0), Answer("optimal", ONE, 3.0))
    answer, chosen = solve_choice(told, ONE_EURO, KEPT, Effort(), gap=0.25)
    assert (chosen.tolist(), answer.bound, answer.end) == ([3], 3.0, "optimal")
    assert told.asked == (None, 0.25)
    ((columns, factors, low, high),) = told.rows
    assert columns.tolist() == [0, 1, 2]
    for bits in product((0, 1), repeat=3):
        assert (low <= factors @ bits <= high) == (bits != (1, 1, 0))


def test_a_set_that_breaks_a_rule_is_no_plan_of_a_search_cut_short():
    for end in ("nodes", "time"):
        told = Told(Answer(end, TWO, 2.5))
        answer, chosen = solve_choice(told, ONE_EURO, KEPT, Effort())
        assert chosen is None
        assert astuple(answer) == (end, None, 2.5)
        assert told.rows == []


def test_wrong_sets_without_end_end_a_search_by_work(monkeypatch):
    monkeypatch.setattr(graded, "_LEFT_OUT", 3)
    told = Told(*[Answer("optimal", TWO, float(at)) for at in range(9)])
    answer, chosen = solve_choice(told, ONE_EURO, KEPT, Effort())
    assert chosen is None
    assert astuple(answer) == ("nodes", None, 2.0)
    assert len(told.rows) == 3


@pytest.mark.parametrize(
    ("told", "chosen", "value", "bound"),
    [
        (1.5, None, 16, 9.5), (-20.0, None, 16, -1), (20.0, None, 16, 16),
        (1.5, [1], 11, 9.5), (5.0, [1], 11, 11), (1.5, [0], 16, 9.5),
    ],
)  # fmt: skip
def test_what_is_left_and_cut_short_is_bounded_by_its_search_and_by_its_prices(
    monkeypatch, told, chosen, value, bound
):
    """All pay 2 × 1 + 3 × 2 at least; the first site costs 2 + 2 × 7, the second 5 + 2 × 3."""
    problem = Problem.of(np.array([[2.0, 5], [7, 3]]), np.array([1.0, 2]), np.full(2, 9.0),
                         rules_of(2, most=1))  # fmt: skip
    dual = Dual(-1.0, np.zeros(2), np.zeros(2), np.zeros(2, dtype=bool))
    found = None if chosen is None else np.array(chosen)
    monkeypatch.setattr(graded, "solve_choice", lambda *_, **__: (
        Answer("time", None, told), found))  # fmt: skip
    start = Found(np.array([0]), 16.0)
    best, said, end = solve_left(problem, dual, start, Effort(), most=99)
    assert (best.value, said, end) == (value, bound, "time")


TABLE = pd.DataFrame([[1.0, INF], [INF, 2.0]], ["a", "b"], ["x", "y"])
PEOPLE = pd.Series(1.0, TABLE.index)


@pytest.mark.parametrize("ended", ["time", "work"])
def test_trips_are_undecided_where_it_is_not_known_whether_all_can_reach_a_site(monkeypatch, ended):
    monkeypatch.setattr(median, "fewest", lambda *_, **__: Covered(None, 1.0, ended))
    plan = p_median(TABLE, PEOPLE, SiteRules(new=2))
    assert (plan.status, plan.ended, len(plan.sites)) == ("undecided", ended, 0)
    assert np.isnan([plan.value, plan.bound]).all()


def test_money_is_not_told_where_it_is_not_known_whether_money_is_what_lacks(monkeypatch):
    unsure = replace(no_plan("lscp", "min"), status="undecided", ended="time")
    monkeypatch.setattr(relaxation, "lscp", lambda *_, **__: unsure)
    rules = SiteRules(new=2, budget=1.0, cost_open=pd.Series(1.0, TABLE.columns))
    told = smallest_relaxation("p_median", TABLE, PEOPLE, rules)
    assert (told.change, told.proven) == ("budget", False)
    assert np.isnan(told.value)


CASE = Case(np.zeros((1, 1)), np.array([10.0]), SiteRules(
    new=1, smallest=1.0, largest=4.0, budget=9.0, cost_open=pd.Series({"c0": 1.0}),
    cost_place=pd.Series({"c0": 2.0}),
))  # fmt: skip


def ground():
    return ground_of(CASE.times, CASE.demand, decay=DECAY)


def points(step):
    return frontier(ground(), CASE.rules, Floor(), places="whole", step=step, time_limit_s=20)


def test_a_frontier_that_cannot_step_down_is_complete():
    found = points(10.0)
    assert (found.points["cost"].tolist(), found.complete) == ([9], True)


def test_a_frontier_ends_at_a_search_that_found_nothing(monkeypatch):
    none = fair_plan(ground(), CASE.rules, [Floor()], places="whole", time_limit_s=0)
    none = replace(none, size=none.size[:0])
    none = replace(none, plan=replace(none.plan, status="undecided"))
    plans = iter(
        [fair_plan(ground(), CASE.rules, [Floor()], places="whole", time_limit_s=20), none]
    )
    monkeypatch.setattr(frontiers, "planned", lambda *_: next(plans))
    found = points(1.0)
    assert (found.points["cost"].tolist(), found.complete) == ([9], False)


def test_a_frontier_refuses_what_its_rules_do_not_mean(monkeypatch):
    made = iter([frontiers.choices_of, frontiers.choices_of])

    def choices(*asked, **more):
        try:
            return next(made)(*asked, **more)
        except StopIteration:
            raise FairSitingError("no_limit") from None

    monkeypatch.setattr(frontiers, "choices_of", choices)
    with pytest.raises(FairSitingError) as caught:
        points(1.0)
    assert caught.value.reason == "no_limit"


def test_a_ground_says_what_it_is_and_times_reach_as_far_as_it_asks():
    assert repr(ground()) == "<Ground 1 origins in 1 classes, 1 candidates>"
    for limit in (14.9, 15.0):
        times = replace(CASE.times, limit_min=limit)
        if limit < 15:
            with pytest.raises(TravelError) as caught:
                ground_of(times, CASE.demand, decay=DECAY)
            assert caught.value.facts == {"asked": 15, "known": 14.9}
        else:
            ground_of(times, CASE.demand, decay=DECAY)


def test_where_no_site_opens_nobody_is_brought():
    rules = replace(CASE.rules, new=0)
    plan = fair_plan(ground(), rules, Shortfall(0.3), places="whole", time_limit_s=20)
    told = brought(ground(), plan, pd.Series({"o0": "A"}), norm=0.3)
    assert list(told.columns) == ["site", "owner", "people", "gained"]
    assert len(told) == 0
    with pytest.raises(UnknownCodeError):
        brought(ground(), plan, pd.Series({"elsewhere": "A"}), norm=0.3)
