"""The parts of fair plans by hand: what may be decided, what figures are, what a search keeps."""

from dataclasses import replace
from importlib import import_module
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from ctg_geo.errors import FairSitingError, SitingError
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
    frontier,
    ground_of,
    objective_named,
)
from ctg_geo.siting.fair import shortfall as shortfalls
from ctg_geo.siting.fair.choices import choices_of
from ctg_geo.siting.fair.fair_plan import _of_shortfall
from ctg_geo.siting.fair.floor import highest
from ctg_geo.siting.fair.frame import Frame, Outcome, outcome_of
from ctg_geo.siting.fair.plan import Stage
from ctg_geo.siting.fair.programme import Expression, Programme
from ctg_geo.siting.fair.search import Deadline
from ctg_geo.siting.fair.start import kept, started
from ctg_geo.siting.why import Question, brought, next_best, price_of
from fair_cases import DECAY, Case

_undominated = import_module("ctg_geo.siting.fair.frontier")._undominated

INF = np.inf
# Three hamlets of 10, 20 and 30 children, each with a place of its own that no other reaches; a
# fourth place serves the first two alike.
MINUTES = np.array([[0.0, INF, INF, 0], [INF, 0, INF, 0], [INF, INF, 0, INF]])
PEOPLE = np.array([10.0, 20.0, 30.0])
NAMES = ["c0", "c1", "c2", "c3"]
RULES = SiteRules(new=2, smallest=2.0, largest=9.0)


def ground(minutes=MINUTES, people=PEOPLE, **more):
    case = Case(np.asarray(minutes), np.asarray(people), RULES)
    return ground_of(case.times, case.demand, decay=DECAY, **more)


def choices(places="whole", **rules):
    return choices_of(ground(), replace(RULES, **rules), places=places)


def refused(**rules):
    with pytest.raises(FairSitingError) as caught:
        choices(**rules)
    return caught.value.reason, caught.value.facts


def outcome(size, **rules):
    made = choices(**rules)
    opened = np.array([places is not None for places in size])
    told = np.array([places or 0.0 for places in size], dtype=float)
    return made, outcome_of(ground(), made, told, opened)


def test_what_may_be_decided_at_each_candidate():
    """c0 stands and stays, c1 stands and may close, c2 may grow or shrink, c3 is new."""
    standing = pd.Series({"c0": 4.0, "c1": 5.0, "c2": 6.0})
    made = choices(existing=standing, closable=frozenset({"c1"}), resizable=frozenset({"c2"}))
    assert made.stands.tolist() == [True, True, True, False]
    assert made.today.tolist() == [4, 5, 6, 0]
    assert made.low.tolist() == [4, 5, 2, 2]
    assert made.high.tolist() == [4, 5, 9, 9]
    assert made.must.tolist() == [True, False, True, False]
    assert made.may.all()
    assert made.resized.tolist() == [False, False, True, False]
    assert made.least.tolist() == [4, 0, 2, 0]


PRICED = {"budget": 8.0, "cost_place": pd.Series(2.0, NAMES)}
OPENING = {"cost_open": pd.Series(3.0, NAMES)}


@pytest.mark.parametrize(
    ("rules", "high"),
    [
        ({"total": 3.0}, [4, 9, 8]),  # 3 more, and the 5 of c1 that may move
        ({"total": 3.0, "closable": frozenset({"c0"})}, [4, 9, 9]),  # and the 4 of c0
        ({"total": 0.0}, [4, 9, 5]),
        ({"total": 0.0, "largest": 30.0}, [4, 10, 5]),
        ({"total": 0.0, "largest": 30.0, "closable": frozenset({"c0"})}, [4, 14, 9]),
        (PRICED, [4, 9, 4]),
        ({**PRICED, "largest": 8.0}, [4, 8, 4]),
        ({**PRICED, "largest": 4.0}, [4, 5, 4]),
        ({**PRICED, **OPENING}, [4, 9, 2]),  # 5 euros left: two whole places
        ({**PRICED, **OPENING, "largest": 20.0}, [4, 9, 2]),  # what stands is not opened
    ],
)  # fmt: skip
def test_places_are_bounded_by_the_total_and_by_money(rules, high):
    made = choices(existing=pd.Series({"c0": 4.0, "c1": 5.0}), resizable=frozenset({"c1"}),
                   **{"smallest": 1.0, **rules})  # fmt: skip
    assert made.high[:3].tolist() == pytest.approx(high)


def test_a_site_too_dear_to_open_may_not_and_forced_is_refused():
    cost = pd.Series([9.0, 10.0, 11.0, 0.0], NAMES)
    made = choices(budget=10.0, cost_open=cost)
    assert made.may.tolist() == [True, True, False, True]
    assert refused(budget=10.0, cost_open=cost, forced=frozenset({"c2"})) == (
        "forced_too_small", {"names": ["c2"]}
    )  # fmt: skip
    part = choices(budget=10.0, cost_open=cost, cost_place=pd.Series(1.0, NAMES), smallest=1.0)
    assert part.high.tolist() == [1, 1, 1, 9]
    assert part.may.tolist() == [True, False, False, True]


@pytest.mark.parametrize(
    ("places", "smallest", "largest", "low", "high"),
    [("whole", 1.2, 3.9, 2, 3), ("whole", 0.0, 3.0, 1, 3), ("divisible", 1.2, 3.9, 1.2, 3.9),
     ("divisible", 0.0, 0.5, 0.0, 0.5), ("whole", 2.0, 2.0, 2, 2)],
)  # fmt: skip
def test_whole_places_are_whole_and_one_at_least(places, smallest, largest, low, high):
    made = choices(places, smallest=smallest, largest=largest)
    assert set(made.low) == {low}
    assert set(made.high) == {high}
    assert made.may.all()


def test_a_size_that_no_whole_number_has_is_refused_unless_nothing_opens():
    assert refused(smallest=2.2, largest=2.8)[0] == "no_whole_size"
    assert choices(smallest=2.2, largest=2.8, new=0).may.sum() == 0
    assert choices("divisible", smallest=2.2, largest=2.8).may.all()
    assert refused(smallest=0.0, largest=0.9)[0] == "no_whole_size"


def test_rules_that_contradict_each_other_are_told_with_their_figures():
    assert refused(new=1, forced=frozenset({"c0", "c1"})) == (
        "forced_too_many", {"forced": 2, "new": 1}
    )  # fmt: skip
    standing = {"existing": pd.Series({"c0": 1.0}), "forced": frozenset({"c0", "c1"})}
    assert choices(new=1, **standing).must.tolist() == [True, True, False, False]
    assert refused(new=5, exactly=True) == ("too_many_sites", {"new": 5, "candidates": 4})
    assert choices(new=4, exactly=True).may.all()
    assert choices(new=5).may.all()
    assert refused(new=4, exactly=True, forbidden=frozenset({"c0"}))[1]["candidates"] == 3
    group = pd.Series(["n", "n", "s", "s"], NAMES)
    assert refused(new=2, group=group, floors={"n": 2, "s": 1}) == (
        "floors_too_many", {"floors": 3, "new": 2}
    )  # fmt: skip
    made = choices(new=2, group=group, floors={"n": 1, "s": 1}, existing=pd.Series({"c0": 1.0}))
    assert made.opened_in("n").tolist() == [False, True, False, False]
    assert refused(group=group, floors={"w": 1}) == (
        "no_group",
        {"names": ["w"], "known": ["n", "s"]},
    )
    assert refused(smallest=3.0, largest=2.0) == ("sizes", {"smallest": 3.0, "largest": 2.0})
    assert refused(smallest=-1.0)[0] == "sizes"
    assert refused(closable=frozenset({"c3"})) == (
        "nothing_stands", {"rule": "closable", "names": ["c3"]}
    )  # fmt: skip
    assert refused(forbidden=frozenset({"zz"})) == (
        "no_candidate", {"rule": "forbidden", "names": ["zz"]}
    )  # fmt: skip


def test_money_is_for_sites_opened_and_places_added_alone():
    made = choices(existing=pd.Series({"c0": 4.0, "c1": 5.0}), closable=frozenset({"c1"}),
                   resizable=frozenset({"c0"}), cost_open=pd.Series([100.0, 100, 10, 20], NAMES),
                   cost_place=pd.Series([1.0, 100, 2, 3], NAMES))  # fmt: skip
    opened = np.array([True, False, True, True])
    assert made.cost(np.array([6.0, 0, 3, 2]), opened) == 2 * 1 + 10 + 3 * 2 + 20 + 2 * 3
    assert made.cost(np.array([1.0, 0, 0, 0]), np.array([True, False, False, False])) == 0


def test_figures_by_hand():
    """6 places for 10, 5 for 20, none for 30, with a norm of 0.5."""
    _, told = outcome([6.0, 5.0, None, None])
    here = ground()
    assert told.access.tolist() == pytest.approx([0.6, 0.25, 0.0])
    assert Shortfall(0.5).measured(here, told) == pytest.approx(20 * 0.25 + 30 * 0.5)
    assert Severity(0.5).measured(here, told) == pytest.approx((20 * 0.5**2 + 30) / 60)
    assert Covered(0.6).measured(here, told) == 10
    assert Covered(0.6 * (1 + 2e-7)).measured(here, told) == 0
    assert Covered(0.6 * (1 + 0.5e-7)).measured(here, told) == 10
    assert Floor().measured(here, told) == 0
    pairs = 10 * 20 * 0.35 + 10 * 30 * 0.6 + 20 * 30 * 0.25
    assert Gini().measured(here, told) == pytest.approx(pairs / (60 * 11))
    two = pd.Series([True, True, False], ["o0", "o1", "o2"])
    assert Floor(two).measured(here, told) == pytest.approx(0.25)
    assert Shortfall(0.5, two).measured(here, told) == pytest.approx(5)
    assert Severity(0.5, two).measured(here, told) == pytest.approx(20 * 0.25 / 30)
    assert Covered(0.2, two).measured(here, told) == 30
    assert Gini(two).measured(here, told) == pytest.approx(10 * 20 * 0.35 / (30 * 11))
    _, none = outcome([None, None, None, None])
    assert Gini().measured(here, none) == INF


@pytest.mark.parametrize(
    ("share", "level"),
    [(1.0, 0.1), (0.51, 0.1), (0.5, 0.25), (0.17, 0.25), (1 / 6, 0.6), (0.01, 0.6), (0.0, 0.6)],
)
def test_the_floor_of_a_share_is_what_the_best_off_of_them_have(share, level):
    _, told = outcome([6.0, 5.0, 3.0, None])
    assert Floor(share=share).measured(ground(), told) == pytest.approx(level)


@pytest.mark.parametrize(("name", "value"), [("cost", 7.0), ("places", 11.0), ("sites", 2.0)])
def test_amounts_by_hand(name, value):
    made, told = outcome([6.0, 5.0, None, None], cost_open=pd.Series([3.0, 4, 5, 6], NAMES))
    assert Amount(name).measured(ground(), told) == value
    assert Amount(name).name == name
    frame = Frame(ground(), made)
    aim = Amount(name).install(frame)
    point = np.zeros(frame.programme.size)
    point[frame.open], point[frame.size] = told.opened, told.size
    assert aim.expression.at(point) == value


@pytest.mark.parametrize(
    ("objective", "at", "met"),
    [
        (Floor(), 0.1, True), (Floor(), 0.1 * 1.0009, True), (Floor(), 0.1 * 1.002, False),
        (Shortfall(0.5), 17.0, True), (Shortfall(0.5), 17 / 1.0009, True),
        (Shortfall(0.5), 17 / 1.002, False), (Covered(0.2), 30.0, True),
        (Covered(0.2), 31.0, False),
    ],
)  # fmt: skip
def test_a_limit_is_met_at_its_figure_and_by_its_slack(objective, at, met):
    _, told = outcome([6.0, 5.0, 3.0, None])
    assert Limit(objective, at).met(ground(), told, slack=1e-3) is met


def test_a_limit_of_nothing_has_the_slack_of_its_slack():
    _, told = outcome([None, None, None, None])
    assert Limit(Amount("sites"), 0.0).met(ground(), told, slack=1e-3)
    _, one = outcome([6.0, None, None, None])
    assert not Limit(Amount("sites"), 0.0).met(ground(), one, slack=1e-3)


@pytest.mark.parametrize(
    ("rules", "size", "expected"),
    [
        ({}, [2, 2, None, None], True), ({}, [2, 2, 2, None], False),
        ({"exactly": True}, [2, None, None, None], False),
        ({"exactly": True}, [2, 2, None, None], True),
        ({"new": None}, [2, 2, 2, 2], True), ({"total": 4.0}, [2, 2, None, None], True),
        ({"total": 3.0}, [2, 2, None, None], False),
        ({"budget": 4.0, "cost_place": pd.Series(1.0, NAMES)}, [2, 2, None, None], True),
        ({"budget": 3.99, "cost_place": pd.Series(1.0, NAMES)}, [2, 2, None, None], False),
        ({"forced": frozenset({"c3"})}, [2, 2, None, None], False),
        ({"forbidden": frozenset({"c0"})}, [2, 2, None, None], False),
        ({"group": pd.Series(list("nnss"), NAMES), "floors": {"s": 1}}, [2, 2, None, None], False),
        ({"group": pd.Series(list("nnss"), NAMES), "floors": {"n": 2}}, [2, 2, None, None], True),
    ],
)  # fmt: skip
def test_each_rule_is_kept_or_not(rules, size, expected):
    made, told = outcome(size, **rules)
    assert kept(made, told) is expected


def test_places_of_today_that_close_make_room_for_as_many():
    made, told = outcome([None, 5, None, None], existing=pd.Series({"c0": 3.0}),
                         closable=frozenset({"c0"}), total=2.0)  # fmt: skip
    assert kept(made, told)
    made, told = outcome([None, 6, None, None], existing=pd.Series({"c0": 3.0}),
                         closable=frozenset({"c0"}), total=2.0)  # fmt: skip
    assert not kept(made, told)


def test_the_most_access_anybody_can_have():
    """All 9 places of both sites in reach; with 4 in all, those of the better one."""
    made = choices()
    assert highest(Frame(ground(), made)).tolist() == pytest.approx(
        [9 / 10 + 9 / 30, 9 / 20 + 9 / 30, 9 / 30]
    )
    few = choices(total=4.0)
    assert highest(Frame(ground(), few)).tolist() == pytest.approx([4 / 10, 4 / 20, 4 / 30])
    standing = choices(total=4.0, existing=pd.Series({"c0": 3.0}))
    assert highest(Frame(ground(), standing)).tolist() == pytest.approx(
        [3 / 10 + 4 / 30, 4 / 20, 4 / 30]
    )


@pytest.mark.parametrize(("share", "top"), [(1 / 6, 1.2), (0.17, 0.75), (0.5, 0.75), (0.51, 0.3)])
def test_a_floor_of_a_share_is_bounded_by_what_that_share_could_have(share, top):
    """10 could have 1.2, 20 could have 0.75 and 30 have 0.3 at most."""
    assert -Floor(share=share).install(Frame(ground(), choices())).surely == pytest.approx(top)


def test_a_start_opens_the_site_that_betters_most_and_shares_places_evenly():
    here = ground()
    start = started(here, choices(total=9.0), Shortfall(0.25), [], lambda: False)
    assert start.size.tolist() == [0, 4, 4, 0]
    alone = started(here, choices(new=1, total=9.0), Shortfall(0.25), [], lambda: False)
    assert alone.size.tolist() in ([0, 0, 9, 0], [0, 0, 0, 9])
    dear = choices(budget=9.0, cost_place=pd.Series(1.0, NAMES), cost_open=pd.Series(1.0, NAMES))
    shared = started(here, dear, Shortfall(0.1), [], lambda: False)
    assert shared.size.tolist() == [0, 0, 3, 3]  # (9 - 2) / 2 whole; nobody lacks any
    assert started(here, choices(), Shortfall(0.25), [Limit(Floor(), 9.0)], lambda: False) is None
    exact = choices(new=2, exactly=True)
    assert started(here, exact, Amount("places"), [], lambda: True).new == 2
    assert started(here, choices(), Shortfall(0.25), [], lambda: True).new == 0


@pytest.mark.parametrize(
    ("name", "kind", "options"),
    [("floor", Floor, {"share": 0.9}), ("shortfall", Shortfall, {"norm": 0.2}),
     ("severity", Severity, {"norm": 0.2}), ("cover", Covered, {"norm": 0.2}), ("gini", Gini, {}),
     ("cost", Amount, {}), ("places", Amount, {}), ("sites", Amount, {})],
)  # fmt: skip
def test_an_objective_is_known_by_its_name(name, kind, options):
    among = pd.Series([True], ["o0"])
    made = objective_named(name, among=among, **options)
    assert isinstance(made, kind)
    assert made.name == name
    assert made.norm == options.get("norm")
    assert (made.among is among) == (kind is not Amount)
    assert made.sense == ("max" if name in {"floor", "cover"} else "min")
    if name == "floor":
        assert made.share == 0.9
        assert objective_named("floor").share == 1


def test_nobody_in_a_group_is_no_question():
    nobody = pd.Series(False, ["o0", "o1", "o2"])
    for objective in (Floor(nobody), Shortfall(0.2, nobody), Severity(0.2, nobody),
                      Covered(0.2, nobody), Gini(nobody)):  # fmt: skip
        with pytest.raises(FairSitingError) as caught:
            objective.refuse(Frame(ground(), choices()))
        assert caught.value.reason == "nobody_among"


def test_an_index_of_no_access_is_no_question():
    far = ground(np.vstack([MINUTES, np.full(4, INF)]), [*PEOPLE, 5.0])
    alone = pd.Series([False, False, False, True], [f"o{i}" for i in range(4)])
    frame = Frame(far, choices_of(far, RULES, places="whole"))
    with pytest.raises(FairSitingError) as caught:
        Gini(alone).refuse(frame)
    assert caught.value.reason == "gini_undefined"
    Gini().refuse(frame)
    with pytest.raises(FairSitingError) as caught:
        Floor().refuse(frame)
    assert (caught.value.reason, caught.value.facts["count"]) == ("floor_beyond_reach", 5)
    assert caught.value.facts["share"] == pytest.approx(60 / 65)
    Floor(share=60 / 65).refuse(frame)
    with pytest.raises(FairSitingError, match="floor"):
        Floor(share=61 / 65).refuse(frame)


def test_a_place_that_stays_as_it_is_does_not_tell_plans_apart():
    """c0 and c1 serve children who count in full, wherever places are put; c2 stands and stays."""
    only = pd.Series([True, True, False], ["o0", "o1", "o2"])
    case = Case(MINUTES[:, :3], PEOPLE, replace(RULES, existing=pd.Series({"c2": 3.0})))
    here = ground_of(case.times, case.demand, decay=DECAY, counted=only)

    def asked(norm, **rules):
        made = choices_of(here, replace(case.rules, **rules), places="whole")
        Shortfall(norm).refuse(Frame(here, made))

    with pytest.raises(FairSitingError) as caught:
        asked(0.9001)
    assert caught.value.facts == {"norm": pytest.approx(90.01), "top": pytest.approx(90)}
    with pytest.raises(FairSitingError):
        asked(9 * (1 / 10))  # at it, and not over it
    asked(0.8999)
    asked(0.9001, budget=9.0, cost_place=pd.Series(1.0, case.names))
    asked(0.9001, resizable=frozenset({"c2"}))
    asked(0.9001, forbidden=frozenset({"c1"}))


def test_who_reaches_the_norm_but_for_a_ten_millionth_may_be_covered():
    """All 9 places of c0 and c3 give o0 1.2; a norm a ten-millionth above is one it may reach."""
    for above, covered in ((0.98e-7, 10), (1.02e-7, 0)):
        frame = Frame(ground(), choices())
        alone = pd.Series([True, False, False], ["o0", "o1", "o2"])
        assert -Covered(1.2 / (1 - above), alone).install(frame).surely == covered
    just = (9 / 10 + 9 / 30) / (1 - 1e-7)
    frame = Frame(ground(), choices())
    assert highest(frame)[0] == pytest.approx(just * (1 - 1e-7), rel=1e-15)
    assert -Covered(just, alone).install(frame).surely == 10


def test_who_has_just_the_norm_is_surely_covered():
    """c0 stands with 4 for 10 children: a norm of 0.4, but for the ten-millionth let pass."""
    just = 0.4 / (1 - 1e-7)
    assert just * (1 - 1e-7) == 0.4
    made = choices(existing=pd.Series({"c0": 4.0}), new=0, forbidden=frozenset({"c3"}))
    aim = Covered(just, pd.Series([True, False, False], ["o0", "o1", "o2"])).install(
        Frame(ground(), made)
    )
    assert aim.surely == -10
    assert aim.expression.constant == -10


def test_a_severity_is_touched_evenly_between_its_least_and_its_greatest_depth(monkeypatch):
    """o0 has 0.2 at least and 1.4 at most: of a norm of 2, depths of 0.9 to 0.3."""
    seen = []
    monkeypatch.setattr(shortfalls, "_touch", lambda *told: seen.append(told[3]))
    made = choices(existing=pd.Series({"c0": 2.0}), resizable=frozenset({"c0"}),
                   largest=11.0, total=12.0)  # fmt: skip
    case = ground()
    low, top = case.access(made.least)[0] / 2, highest(Frame(case, made))[0] / 2
    assert (low, top) == (pytest.approx(0.1), pytest.approx(0.7))
    Severity(2.0).install(Frame(case, made))
    assert [at[0] for at in seen] == pytest.approx([0.375, 0.525, 0.675, 0.825])


@pytest.mark.parametrize(("norm", "refused_at"), [(1.2, False), (1.20001, True)])
def test_a_norm_that_nobody_can_reach_covers_nobody(norm, refused_at):
    frame = Frame(ground(), choices())
    if refused_at:
        with pytest.raises(FairSitingError) as caught:
            Covered(norm).refuse(frame)
        assert caught.value.facts == {"norm": pytest.approx(120.001), "top": pytest.approx(120)}
    else:
        Covered(norm).refuse(frame)


def test_a_stage_is_as_far_as_its_bound():
    assert Stage("floor", "max", 0.9, 1.0, "best_found").gap == pytest.approx(0.1)
    assert Stage("floor", "max", 0.9, 1.0, "proven").gap == 0
    assert Stage("floor", "max", 0.0, 0.0, "best_found").gap == 0


def test_a_moment_is_some_seconds_from_now_and_none_is_left_after_it():
    assert 50 < Deadline.after(60).left <= 60
    assert Deadline.after(0).left == 0
    with pytest.raises(SitingError, match="time_limit_s"):
        Deadline.after(-1)


def test_a_plan_that_closes_and_resizes_tells_both():
    here = ground()
    rules = SiteRules(new=1, smallest=1.0, largest=9.0, total=0.0,
                      existing=pd.Series({"c0": 4.0, "c2": 5.0, "c1": 1.0}),
                      closable=frozenset({"c0"}), resizable=frozenset({"c2"}))  # fmt: skip
    plan = fair_plan(here, rules, Floor(), places="whole", time_limit_s=20)
    assert plan.found
    assert plan.proven
    assert plan.size.sum() <= 10
    assert set(plan.closed) == {"c0"} - set(plan.open_sites)
    for name, more in plan.resized.items():
        assert more == plan.size[name] - plan.today[name] != 0
    moved = plan.size[plan.size != plan.today.reindex(plan.size.index).fillna(0)]
    assert plan.plan.size.to_dict() == moved[moved.index.isin(plan.open_sites)].to_dict()
    level = plan.plan.value
    assert level == pytest.approx(min(plan.access))
    assert repr(plan).startswith("<FairPlan <Plan floor:")


def test_a_frontier_goes_down_step_by_step_to_nothing():
    """A euro a place: of the floor each step is worth something, until no place is left."""
    here = ground(MINUTES[:1, :1], PEOPLE[:1])
    opening, place = pd.Series({"c0": 1.0}), pd.Series({"c0": 2.0})
    rules = SiteRules(new=1, smallest=1.0, largest=4.0, budget=9.0, cost_open=opening,
                      cost_place=place)  # fmt: skip
    found = frontier(here, rules, Floor(), places="whole", step=1.0, time_limit_s=20)
    assert found.complete
    assert found.points["cost"].tolist() == [0, 3, 5, 7, 9]
    assert found.points["value"].tolist() == pytest.approx([0, 0.1, 0.2, 0.3, 0.4])
    assert found.points["bound"].tolist() == pytest.approx(found.points["value"].tolist())
    assert found.points["opened"].tolist() == [0, 1, 1, 1, 1]
    assert repr(found) == "<Frontier floor: 5 plans, step 1>"
    coarse = frontier(here, rules, Floor(), places="whole", step=4.0, time_limit_s=20)
    assert coarse.points["cost"].tolist() == [0, 5, 9]
    forced = replace(rules, forced=frozenset({"c0"}))
    least = frontier(here, forced, Floor(), places="whole", step=1.0, time_limit_s=20)
    assert least.points["cost"].tolist() == [3, 5, 7, 9]
    assert least.complete
    none = frontier(here, rules, Floor(), places="whole", step=1.0, time_limit_s=0)
    assert not none.complete


def test_a_frontier_needs_one_kind_of_cost_and_a_question_that_has_an_answer():
    here = ground()
    rules = SiteRules(new=1, smallest=1.0, largest=2.0)

    def asked(objective, **more):
        return frontier(here, replace(rules, **more), objective, places="whole", step=1.0,
                        time_limit_s=20).points["cost"].tolist()  # fmt: skip

    two = Floor(pd.Series([True, True, False], ["o0", "o1", "o2"]))
    assert asked(two, cost_place=pd.Series(3.0, NAMES), budget=6.0) == [0, 3, 6]
    assert asked(two, cost_open=pd.Series(3.0, NAMES)) == [0, 3]
    with pytest.raises(FairSitingError) as caught:
        asked(two)
    assert caught.value.reason == "no_cost"
    with pytest.raises(FairSitingError) as caught:
        asked(Floor(pd.Series(False, ["o0", "o1", "o2"])), cost_open=pd.Series(3.0, NAMES))
    assert caught.value.reason == "nobody_among"


@pytest.mark.parametrize(
    ("objective", "values", "kept_of_them"),
    [
        (Shortfall(0.3), [100.00021, 100.0], [100.00021, 100.0]),
        (Shortfall(0.3), [100.00019, 100.0], [100.00019]),  # within two millionths of the other
        (Shortfall(0.3), [3.0, 4.0, 2.0], [3.0, 2.0]),
        (Floor(), [0.1, 0.1000003, 0.10000045], [0.1, 0.1000003]),
        (Floor(), [0.0, 0.0, 0.2], [0.0, 0.2]),
    ],
)  # fmt: skip
def test_a_plan_is_on_the_frontier_where_it_is_better_than_all_that_are_cheaper(
    objective, values, kept_of_them
):
    plans = [SimpleNamespace(plan=SimpleNamespace(value=value)) for value in values]
    assert [each.plan.value for each in _undominated(objective, plans)] == kept_of_them


def test_why_here_by_hand():
    """Norm 0.3: c0 brings its 10 children, c3 alone brings nobody that c0 does not."""
    here = ground()
    opening = pd.Series([3.0, 5.0, 1.0, 7.0], NAMES)
    rules = SiteRules(new=2, smallest=3.0, largest=3.0, forced=frozenset({"c0", "c2"}),
                      cost_open=opening)  # fmt: skip
    plan = fair_plan(here, rules, Shortfall(0.3), places="whole", time_limit_s=20)
    owner = pd.Series(["A", "A", "B"], ["o0", "o1", "o2"])
    told = brought(here, plan, owner, norm=0.3)
    assert told.to_dict("list") == {
        "site": ["c0", "c2"], "owner": ["A", "B"], "people": [10.0, 0.0],
        "gained": pytest.approx([3.0, 3.0]),
    }  # fmt: skip
    question = Question(here, rules, [Shortfall(0.3), Floor()], "whole")
    other = next_best(question, plan, ["c0"], time_limit_s=20).loc["c0"]
    lacking = 10 * 0.3 + 20 * 0.3 + 30 * 0.2
    with_c3 = 10 * 0.2 + 20 * 0.2 + 30 * 0.2
    with_c0 = lacking - 3
    assert (other["instead"], other["status"]) in (("c1", "proven"), ("c3", "proven"))
    assert other["value"] == pytest.approx(min(lacking - 3, with_c3))
    assert other["price"] == pytest.approx(other["value"] - with_c0, abs=1e-6)
    assert other["price_at_least"] == pytest.approx(max(0.0, other["bound"] - with_c0), abs=1e-6)
    assert other["cost"] == opening[other["instead"]] - opening["c0"]
    wanted = price_of(question, plan, ["c0"], time_limit_s=20).loc["c0"]
    assert (wanted["instead"], wanted["price"]) == ("", pytest.approx(0, abs=1e-9))
    with pytest.raises(FairSitingError) as caught:
        next_best(question, plan, ["c1"], time_limit_s=20)
    assert caught.value.facts == {"names": ["c1"], "known": ["c0", "c2"]}


def test_those_who_do_not_count_are_not_among_those_brought():
    """c3 gives 9 / 30 to 10 children who count and to 20 who do not."""
    here = ground(counted=pd.Series([True, False, True], ["o0", "o1", "o2"]))
    rules = replace(RULES, new=1, smallest=9.0, forced=frozenset({"c3"}))
    plan = fair_plan(here, rules, Shortfall(0.3), places="whole", time_limit_s=20)
    told = brought(here, plan, pd.Series(["A", "B", "B"], ["o0", "o1", "o2"]), norm=0.3)
    assert told.to_dict("list") == {
        "site": ["c3"], "owner": ["A"], "people": [10.0], "gained": pytest.approx([3.0]),
    }  # fmt: skip


def test_a_programme_tells_its_best_point_its_bound_and_when_there_is_none():
    made = Programme()
    x = made.columns(np.zeros(2), np.array([4.0, 9.0]), whole=True)
    y = made.columns(np.zeros(1), np.array([9.0]))
    assert [*x, *y] == [0, 1, 2]
    assert len(made.columns(np.zeros(0), np.zeros(0))) == 0
    made.row(Expression(np.r_[x, y].astype(np.int32), np.array([1.0, 2.0, 2.0]), 1.0), 4.5, INF)
    made.aim(Expression(np.r_[x, y].astype(np.int32), np.array([2.0, 3.0, 3.5]), 10.0))
    whole = made.solved(20)
    assert whole.status == "optimal"
    # x0 + 2 x1 + 2 y >= 3.5: one and a half of x1 would do; in whole numbers 1 of x1, 0.75 of y
    assert whole.bound == pytest.approx(10 + 3 + 3.5 * 0.75, rel=1e-5)
    assert whole.point.tolist() == pytest.approx([0, 1, 0.75])
    part = made.solved(20, whole=False)
    assert part.bound == pytest.approx(10 + 3 * 1.75)
    made.row(Expression(x, np.array([1.0, 1.0])), 14.0, INF)
    none = made.solved(20)
    assert (none.status, none.point) == ("infeasible", None)
    assert np.isnan(none.bound)


def test_a_programme_says_nothing_of_its_own(capfd):
    made = Programme()
    x = made.columns(np.zeros(2), np.ones(2), whole=True)
    made.row(Expression(x, np.ones(2)), 1.0, INF)
    made.aim(Expression(x, np.array([1.0, 2.0])))
    assert made.solved(20).bound == pytest.approx(1)
    told = capfd.readouterr()
    assert (told.out, told.err) == ("", "")


def test_a_point_is_read_as_a_plan_with_whole_numbers_made_whole():
    made = choices(existing=pd.Series({"c0": 4.5, "c1": 3.0}), resizable=frozenset({"c0"}),
                   closable=frozenset({"c1"}))  # fmt: skip
    frame = Frame(ground(), made)
    point = np.zeros(frame.programme.size)
    point[frame.open] = [1.0, 1e-9, 1 - 1e-9, 0.0]
    point[frame.size] = [5.5 + 1e-8, 1e-8, 3 - 1e-8, 1e-9]
    told = frame.outcome(point)
    assert told.size.tolist() == [5.5, 0, 3, 0]
    assert told.opened.tolist() == [True, False, True, False]
    assert told.new == 1
    assert isinstance(told, Outcome)
    loose = Frame(ground(), replace(made, places="divisible"))
    assert loose.outcome(point).size.tolist() == pytest.approx([5.5, 0, 3, 0])
    assert loose.outcome(point).size[0] > 5.5


def test_what_stands_or_is_forced_is_there_at_the_start():
    """c0 stands and may close, c1 is forced; one more of c2 and c3 may open."""
    made = choices(existing=pd.Series({"c0": 4.0}), closable=frozenset({"c0"}),
                   forced=frozenset({"c1"}))  # fmt: skip
    start = started(ground(), made, Shortfall(0.25), [], lambda: True)
    assert start.size.tolist() == [4, 9, 0, 0]


def test_a_start_takes_no_more_than_half_of_the_time(monkeypatch):
    clock, seen = [0.0], []
    searches = import_module("ctg_geo.siting.fair.search")
    plans = import_module("ctg_geo.siting.fair.fair_plan")
    monkeypatch.setattr(searches.time, "monotonic", lambda: clock[0])

    def started_(*told):
        for clock[0] in (30.0, 50.0):
            seen.append(told[-1]())

    monkeypatch.setattr(plans, "started", started_)
    fair_plan(ground(), RULES, Floor(), places="whole", time_limit_s=100)
    assert seen == [False, True]


def test_a_gini_is_cut_where_its_column_is_under_the_mean_difference_of_the_places():
    """9 places at c0, 2 at c1: 0.9, 0.1 and none for 10, 20 and 30 children."""
    apart = (10 * 20 * 0.8 + 10 * 30 * 0.9 + 20 * 30 * 0.1) / 60**2
    for less, cuts in ((0.0, False), (1e-6, True), (-1e-6, False)):
        frame = Frame(ground(), choices())
        aim = Gini().install(frame)
        point = np.zeros(frame.programme.size)
        point[frame.size] = [9, 2, 0, 0]
        point[aim.expression.columns] = frame.unit() * (apart - less)
        assert aim.cut(point) is cuts


@pytest.mark.parametrize(("places", "most"), [("whole", 6.0), ("divisible", 6.5)])
def test_a_place_that_stands_grows_by_whole_places_where_places_are_whole(places, most):
    """Four places stand, and two and a half may be added."""
    made = choices(places, existing=pd.Series({"c0": 4.0}), resizable=frozenset({"c0"}), new=0,
                   total=2.5)  # fmt: skip
    frame = Frame(ground(), made)
    frame.programme.aim(Expression(frame.size[:1], np.array([-1.0])))
    assert -frame.programme.solved(20).bound == pytest.approx(most)


def test_access_in_rows_is_near_one():
    assert Frame(ground(), choices()).unit() == 60 / 36
    assert Frame(ground(), choices(total=6.0)).unit() == 60 / 6
    held = choices(total=6.0, existing=pd.Series({"c0": 3.0}))
    assert Frame(ground(), held).unit() == 60 / 9
    few = choices("divisible", smallest=0.0, largest=0.1)
    assert Frame(ground(), few).unit() == 60


def test_those_who_hold_a_floor_down_are_named():
    """The 30 children of o2 have 9 places at most: 0.3 each, whatever is built elsewhere."""
    rules = replace(RULES, new=3)
    plan = fair_plan(ground(), rules, Floor(), places="whole", time_limit_s=20)
    assert plan.plan.value == pytest.approx(0.3)
    assert [(each.key, each.facts) for each in plan.remarks] == [
        ("floor_held", {"origins": ["o2"], "level": pytest.approx(30)})
    ]
    others = pd.Series([True, True, False], ["o0", "o1", "o2"])
    free = fair_plan(ground(), RULES, Floor(others), places="whole", time_limit_s=20)
    assert free.plan.value == pytest.approx(9 / 20)  # c3 as well would give the 20 more
    assert free.remarks == ()


def test_a_plan_is_told_as_it_is():
    """c0 stands with 4, c3 opens with 9: 0.7 for o0, which c1 gives o1 when it grows to 8."""
    rules = replace(RULES, new=1, existing=pd.Series({"c0": 4.0, "c1": 5.0}),
                    resizable=frozenset({"c1"}), forbidden=frozenset({"c2"}),
                    cost_open=pd.Series(7.0, NAMES), cost_place=pd.Series(2.0, NAMES))  # fmt: skip
    two = pd.Series([True, True, False], ["o0", "o1", "o2"])
    plan = fair_plan(ground(), rules, [Floor(two), Amount("cost")], places="whole", time_limit_s=20)
    assert plan.open_sites.tolist() == ["c0", "c1", "c3"]
    assert plan.plan.sites.tolist() == plan.opened.tolist() == ["c3"]
    assert plan.size.to_dict() == {"c0": 4, "c1": 8, "c2": 0, "c3": 9}
    assert plan.plan.size.to_dict() == {"c1": 8, "c3": 9}
    assert plan.resized.to_dict() == {"c1": 3}
    assert plan.closed.tolist() == []
    assert plan.cost == 7 + 9 * 2 + 3 * 2
    assert plan.plan.value == pytest.approx(4 / 10 + 9 / 30)
    assert [(each.objective, each.sense, each.status) for each in plan.stages] == [
        ("floor", "max", "proven"), ("cost", "min", "proven"),
    ]  # fmt: skip
    assert plan.stages[1].value == plan.cost
    assert (plan.plan.status, plan.plan.ended) == ("proven", "proof")
    assert plan.access.tolist() == pytest.approx([4 / 10 + 9 / 30, 8 / 20 + 9 / 30, 0])


def test_no_site_at_all_is_no_question():
    with pytest.raises(FairSitingError) as caught:
        fair_plan(ground(), replace(RULES, forbidden=frozenset(NAMES)), Floor(), places="whole",
                  time_limit_s=5)  # fmt: skip
    assert caught.value.reason == "no_site"


@pytest.mark.parametrize(
    ("value", "wasted", "said"),
    [(100.0, 0.9e-4, True), (100.0, 1.1e-4, False), (0.01, 0.9e-6, True), (0.01, 1.1e-6, False)],
)
def test_a_millionth_of_what_lacks_is_no_waste(value, wasted, said):
    made, told = outcome([2.0, None, None, None])
    told = replace(told, access=np.array([0.5 + wasted / 10, 0.0, 0.0]))
    stage = Stage("shortfall", "min", value, value, "proven")
    remarks = _of_shortfall(ground(), made, Shortfall(0.5), stage, told)
    assert [each.key for each in remarks] == ["nothing_wasted"] * said
