"""The search for fair plans, step by step: what it keeps, what it says is proven, how it ends."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from ctg_geo.siting import SiteRules
from ctg_geo.siting.fair import Floor, Gini, Limit, Severity, Shortfall, ground_of
from ctg_geo.siting.fair.choices import choices_of
from ctg_geo.siting.fair.frame import Aim, Frame, outcome_of
from ctg_geo.siting.fair.programme import Answer, Expression
from ctg_geo.siting.fair.search import Deadline, _limited, _minus, _Search, searched
from ctg_geo.siting.fair.start import _Search as _Start
from fair_cases import DECAY, Case

INF = np.inf
CASE = Case(np.array([[0.0, INF, 0], [INF, 0, 0]]), np.array([10.0, 30.0]),
            SiteRules(new=2, smallest=1.0, largest=6.0))  # fmt: skip
GROUND = ground_of(CASE.times, CASE.demand, decay=DECAY)
NOTHING = Expression(np.zeros(0, np.int32), np.zeros(0))


def made(**rules):
    return choices_of(GROUND, replace(CASE.rules, **rules), places="whole")


def search_of(objective=None, aim=None, limits=(), **rules):
    choices = made(**rules)
    frame = Frame(GROUND, choices)
    told = objective or Shortfall(0.5)
    return _Search(frame, told, limits, [aim or told.install(frame)], Deadline.after(60))


def plan(size, **rules):
    sizes = np.array(size, dtype=float)
    return outcome_of(GROUND, made(**rules), sizes, sizes > 0)


def test_a_plan_is_kept_where_it_is_better_and_within_rules_and_limits():
    search = search_of(limits=[Limit(Floor(), 0.05)])
    search.offer(plan([6, 0, 0]))  # the second village has nothing
    assert search._best is None
    search.offer(plan([1, 1, 2]))  # three sites
    assert search._best is None
    first = plan([1, 2, 0])
    search.offer(first)
    assert search._best is first
    assert search._value == pytest.approx(10 * 0.4 + 30 * (0.5 - 2 / 30))
    search.offer(plan([2, 1, 0]))  # the limit again
    same = plan([1, 2, 0])
    search.offer(same)
    assert search._best is first  # the first of equals
    better = plan([4, 6, 0])
    search.offer(better)
    assert search._best is better


def test_of_what_is_made_greatest_the_greater_is_kept():
    search = search_of(Floor())
    for size, level in (([1, 3, 0], 0.1), ([3, 6, 0], 0.2), ([2, 3, 0], 0.2)):
        search.offer(plan(size))
        assert -search._value == pytest.approx(level)
    assert search._best.size.tolist() == [3, 6, 0]


def test_the_bound_on_a_ratio_is_that_of_what_is_under_it():
    search = search_of(Shortfall(0.5), Aim(NOTHING, scale=-4.0))
    assert search._bound_of(-8.0) == -2
    search._aim = Aim(NOTHING, under=NOTHING)
    search._ratio, search._least_under = 0.5, 2.0
    assert [search._bound_of(told) for told in (1.0, 0.0, -0.4, -1.0)] == [0.5, 0.5, 0.3, 0.0]
    search._least_under = 0.0
    assert search._bound_of(-0.4) == 0
    search._least_under = np.nan
    assert search._bound_of(-0.4) == 0


@pytest.mark.parametrize(
    ("value", "bound", "scale", "proven"),
    [
        (100.0, 100.0, 1.0, True), (100.0, 100 - 1.009e-4, 1.0, True), (100.0, 99.9998, 1.0, False),
        (100.0, 101.0, 1.0, True), (0.0, -0.9e-6, 1.0, True), (0.0, -1.1e-6, 1.0, False),
        (0.0, -0.9e-8, 100.0, True), (0.0, -1.1e-8, 100.0, False), (0.0, -1.1e-8, -100.0, False),
        (-100.0, -100 - 1.009e-4, -1.0, True), (-100.0, -100.0002, -1.0, False),
    ],
)  # fmt: skip
def test_a_millionth_is_proof(value, bound, scale, proven):
    search = search_of(aim=Aim(NOTHING, scale=scale))
    search._value, search._bound = value, bound
    assert not search._proven  # no plan
    search._best = plan([1, 1, 0])
    assert search._proven is proven
    told = search._ended(infeasible=False)
    assert told.status == ("proven" if proven else "best_found")
    assert (told.value, told.bound) == (value, min(value, bound) if proven else bound)


def test_a_search_that_ends_without_a_plan_says_which_way():
    search = search_of(Floor(), Aim(NOTHING, surely=-3.0))
    none = search._ended(infeasible=True)
    assert (none.status, none.outcome) == ("infeasible", None)
    assert np.isnan([none.value, none.bound]).all()
    open_end = search._ended(infeasible=False)
    assert (open_end.status, open_end.bound) == ("undecided", 3)
    assert np.isnan(open_end.value)


def test_a_limit_is_a_row_with_a_hair_of_room():
    """At most 12 places missing of 20: 8 are built; and 12.1 need no more than 7.9."""
    frame = Frame(GROUND, made())
    aim = _limited(frame, Limit(Shortfall(0.5), 12.0))
    every = frame.sums(np.ones(3))
    frame.programme.aim(every)
    assert aim.scale == 1
    assert frame.programme.solved(20, whole=False).bound == pytest.approx(8, abs=1e-5)
    loose = Frame(GROUND, made())
    _limited(loose, Limit(Shortfall(0.5), 12.1))
    loose.programme.aim(loose.sums(np.ones(3)))
    assert loose.programme.solved(20, whole=False).bound == pytest.approx(7.9, abs=1e-5)


@pytest.mark.parametrize(
    ("limit", "high"),
    [
        (Limit(Shortfall(0.5), 12.0), 12 + 12e-7), (Limit(Shortfall(0.5), 0.0), 1e-13),
        (Limit(Floor(), 0.05), (-0.05 + 0.05e-7) * 40 / 18),
    ],
)  # fmt: skip
def test_a_limit_has_a_tenth_of_the_room_that_plans_are_judged_with(monkeypatch, limit, high):
    """Access is in rows by 40 people over 18 places at most."""
    frame = Frame(GROUND, made())
    seen = []
    monkeypatch.setattr(frame.programme, "row", lambda _, low, high: seen.append((low, high)))
    _limited(frame, limit)
    assert seen == [(-INF, pytest.approx(high, rel=1e-12, abs=0))]


def test_parts_of_sites_are_searched_before_whole_ones_and_from_the_start(monkeypatch):
    seen = []
    for step in ("offer", "relax", "whole"):
        monkeypatch.setattr(_Search, step, lambda *_, step=step: seen.append(step))
    frame = Frame(GROUND, made())
    searched(frame, Shortfall(0.5), [], plan([1, 2, 0]), Deadline.after(60))
    searched(frame, Shortfall(0.5), [], None, Deadline.after(60))
    assert seen == ["offer", "relax", "whole", "relax", "whole"]


def test_a_search_ends_when_its_time_does():
    search = told_to(*[Answer("optimal", POINT, 1.0)] * 3, cut=lambda _: True)
    search._deadline = Deadline(0.0)
    assert search.whole().status == "best_found"
    assert len(search._frame.programme.answers) == 2


def test_a_limit_on_a_ratio_is_a_row_of_both():
    told = _minus(Expression(np.array([0]), np.array([2.0]), 5.0),
                  Expression(np.array([1, 2]), np.array([3.0, 4.0]), 6.0), 0.5)  # fmt: skip
    assert told.at(np.array([1.0, 10.0, 100.0])) == 2 * 1 + 5 - 0.5 * (30 + 400 + 6)
    found = searched(Frame(GROUND, made()), Shortfall(0.5), [Limit(Gini(), 0.0)], None,
                     Deadline.after(60))  # fmt: skip
    assert found.status == "proven"
    access = found.outcome.access
    assert access[0] == pytest.approx(access[1], rel=1e-5)
    assert found.value == pytest.approx(40 * 0.5 - access[0] * 40, rel=1e-5)


def test_a_start_is_kept_where_no_time_is_left_to_better_it():
    start = plan([1, 2, 0])
    found = searched(Frame(GROUND, made()), Shortfall(0.5), [], start, Deadline.after(0))
    assert found.value <= 10 * 0.4 + 30 * (0.5 - 2 / 30) + 1e-9
    assert found.bound <= found.value


@pytest.mark.parametrize(("size", "fits"), [([2, 1, 0], True), ([2, 2, 0], False)])
def test_a_plan_that_costs_all_the_money_or_takes_all_places_fits(size, fits):
    for rules in (
        {"total": 3.0}, {"budget": 9.0, "cost_open": pd.Series(1.5, CASE.names),
                         "cost_place": pd.Series(2.0, CASE.names)},
    ):  # fmt: skip
        start = _Start(GROUND, made(**rules), lambda _: 0.0)
        assert start._fits(np.array(size, dtype=float), np.array(size) > 0) is fits


class Told:
    """A programme that answers as it is told to."""

    def __init__(self, *answers):
        self.answers, self.aims = list(answers), 0

    def aim(self, _):
        self.aims += 1

    def start(self, columns, values):
        assert len(columns) == len(values)

    def solved(self, _seconds, *, whole=True):
        self.whole = whole
        return self.answers.pop(0)


def told_to(*answers, cut=None, best=None):
    search = search_of(aim=Aim(NOTHING, cut=cut))
    search._frame = SimpleNamespace(
        programme=Told(*answers), open=np.arange(3), size=np.arange(3), ground=GROUND,
        choices=search._frame.choices, outcome=lambda point: plan(point[:3]),
    )  # fmt: skip
    if best is not None:
        search.offer(best)
    return search


POINT = np.array([1.0, 2, 0])
VALUE = 10 * 0.4 + 30 * (0.5 - 2 / 30)


@pytest.mark.parametrize(
    ("answers", "status", "bound"),
    [
        ([Answer("optimal", POINT, VALUE)], "proven", VALUE),
        ([Answer("limit", POINT, VALUE - 3)], "best_found", VALUE - 3),
        ([Answer("limit", None, 4.0)], "undecided", 4.0),
        ([Answer("limit", None, -INF)], "undecided", 0.0),
        ([Answer("infeasible", None, np.nan)], "infeasible", np.nan),
    ],
)
def test_a_search_in_whole_sites_ends_as_its_programme_does(answers, status, bound):
    told = told_to(*answers).whole()
    assert told.status == status
    assert told.bound == pytest.approx(bound, nan_ok=True)


def test_rounds_go_on_while_rows_are_added_and_end_when_they_are_not():
    added = iter([True, True, False])
    search = told_to(*[Answer("optimal", POINT, VALUE - 2 + at) for at in range(3)],
                     cut=lambda _: next(added))  # fmt: skip
    told = search.whole()
    assert told.status == "proven"
    assert search._frame.programme.answers == []
    calm = told_to(Answer("optimal", POINT, VALUE - 2), cut=lambda _: False)
    assert (calm.whole().status, calm._frame.programme.answers) == ("best_found", [])
    known = told_to(Answer("infeasible", None, np.nan), best=plan([1, 2, 0]))
    assert known.whole().status == "best_found"


def test_rows_are_added_to_the_parts_of_sites_until_the_bound_is_steady():
    cuts = iter([True, True, False])
    rising = [Answer("optimal", POINT, float(at)) for at in (1, 2, 3)]
    told = told_to(*rising, cut=lambda _: next(cuts))
    told.relax()
    assert told._bound == 3
    assert told._frame.programme.whole is False
    steady = told_to(*[Answer("optimal", POINT, 2.0)] * 9, cut=lambda _: True)
    steady.relax()
    assert len(steady._frame.programme.answers) == 9 - 6  # one that moves, five that do not
    ended = told_to(Answer("limit", POINT, 2.0), cut=lambda _: True)
    ended.relax()
    assert ended._bound == 0
    none = told_to(Answer("optimal", None, 2.0), cut=lambda _: True)
    none.relax()
    assert none._bound == 0
    told_to(cut=None).relax()  # nothing to add: nothing is solved


def test_a_severity_is_promised_within_what_its_tangents_miss():
    frame = Frame(GROUND, made())
    aim = Severity(0.5).install(frame)
    frame.programme.aim(aim.expression)
    rounds = 0
    while True:
        answer = frame.programme.solved(20, whole=False)
        rounds += 1
        if not aim.cut(answer.point):
            break
    told = frame.outcome(answer.point)
    assert rounds < 30
    size = answer.point[frame.size]
    depth = np.maximum(1 - GROUND.access(size) / 0.5, 0)
    exact = GROUND.people @ depth**2 / 40
    assert answer.bound / aim.scale == pytest.approx(exact, rel=1e-6)
    assert told.new <= 3


def test_exchanges_of_a_start_better_it_and_the_first_of_equals_is_taken():
    worth = Shortfall(0.5)
    start = _Start(GROUND, made(new=1), lambda told: worth.measured(GROUND, told))
    one = np.array([True, False, False])
    # 6 places at c0 leave 15 missing (one is lost), at c1 14, at c2 14 as well
    assert start.exchanged(one).tolist() == [False, True, False]
    grown = start.grown(np.zeros(3, dtype=bool), lambda: False)
    assert grown.tolist() == [False, True, False]
    assert start.exchanged(grown) is None
    assert start.work > 0


@pytest.mark.parametrize(
    ("rules", "opened", "size"),
    [
        ({}, [1, 1, 0], [6, 6, 0]), ({"total": 7.0}, [1, 1, 0], [3, 3, 0]),
        ({"total": 7.0}, [1, 0, 0], [6, 0, 0]), ({"total": 1.0}, [1, 1, 0], [1, 1, 0]),
        ({"budget": 8.0, "cost_place": pd.Series([1.0, 2, 3], CASE.names)}, [1, 1, 0], [2, 2, 0]),
        ({"budget": 8.0, "cost_open": pd.Series([1.0, 2, 3], CASE.names),
          "cost_place": pd.Series([1.0, 0, 3], CASE.names)}, [1, 1, 0], [5, 5, 0]),
        ({"budget": 8.0, "cost_open": pd.Series([1.0, 2, 3], CASE.names)}, [1, 1, 0], [6, 6, 0]),
        ({"existing": pd.Series({"c0": 2.0}), "total": 3.0}, [1, 1, 0], [2, 3, 0]),
    ],
)  # fmt: skip
def test_places_are_shared_evenly_as_far_as_rules_go(rules, opened, size):
    start = _Start(GROUND, made(**rules), lambda _: 0.0)
    told = np.array(opened, dtype=bool)
    assert start._size(told).tolist() == size
    priced = "budget" not in rules or made(**rules).cost(np.array(size), told) <= rules["budget"]
    assert priced
    fits = sum(size) - made(**rules).today.sum() <= rules.get("total", INF)
    assert start._fits(start._size(told), told) == fits
    assert not start._fits(start._size(np.ones(3, dtype=bool)), np.ones(3, dtype=bool)) or (
        "existing" in rules
    )
