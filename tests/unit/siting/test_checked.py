"""The judge of plans: each rule kept to its very bound, and each broken by a hair told."""

from dataclasses import replace

import pandas as pd
import pytest

from ctg_geo import TravelTimes
from ctg_geo.access.decay import flat
from ctg_geo.errors import FairSitingError
from ctg_geo.siting import Plan, SiteRules, how_good
from ctg_geo.siting.checked import Claim, remeasured, rules_kept

SITES = ["old", "fixed", "n1", "n2", "n3"]
EXISTING = pd.Series({"old": 20.0, "fixed": 10.0})
COST_OPEN = pd.Series([900.0, 900, 100, 200, 400], SITES)
COST_PLACE = pd.Series([3.0, 900, 1, 2, 900], SITES)
# n1 opens with 10 places, n2 with 30, old grows by 5: 100 + 200 + 10 × 1 + 30 × 2 + 5 × 3
SUPPLY = pd.Series([25.0, 10, 10, 30, 0], SITES)
OPENED = pd.Index(["n1", "n2"])
PAID = 385.0
BOUND = SiteRules(
    new=2, exactly=True, smallest=10, largest=30, total=45, existing=EXISTING,
    resizable=frozenset({"old"}), forced=frozenset({"n1"}), forbidden=frozenset({"n3"}),
    cost_open=COST_OPEN, cost_place=COST_PLACE, budget=PAID,
    group=pd.Series(["north", "north", "north", "south", "south"], SITES),
    floors={"north": 1, "south": 1},
)  # fmt: skip


def broken(rules, supply=SUPPLY, opened=OPENED, cost=PAID):
    with pytest.raises(FairSitingError) as caught:
        rules_kept(rules, supply, opened, cost=cost)
    assert caught.value.reason == "mismatch"
    return tuple(caught.value.facts[each] for each in ("what", "told", "found"))


def test_a_plan_at_the_bound_of_every_rule_keeps_them_all():
    rules_kept(BOUND, SUPPLY, OPENED, cost=PAID)


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ({"new": 1, "exactly": False}, ("new", 1, 2)),
        ({"new": 3}, ("new", 3, 2)),  # exactly three
        ({"total": 44.0}, ("total", 44, 45)),
        ({"budget": 384.0}, ("budget", 384, 385)),
        ({"largest": 29.0}, ("largest", 29, 30)),
        ({"smallest": 11.0}, ("smallest", 10, 11)),
        ({"floors": {"north": 2}}, ("floors", 1, 2)),
        ({"floors": {"south": 2}}, ("floors", 1, 2)),
        ({"resizable": frozenset()}, ("existing", 20, 25)),
        ({"forced": frozenset({"n3"}), "forbidden": frozenset()}, ("forced", 0, 1)),
        ({"forbidden": frozenset({"n2"})}, ("forbidden", 0, 1)),
    ],
)
def test_a_rule_that_is_broken_by_one_is_told_with_what_was_found(rules, expected):
    assert broken(replace(BOUND, **rules)) == expected


def test_fewest_sites_of_a_group_that_nobody_told_are_not_opened():
    assert broken(replace(BOUND, group=None)) == ("floors", 0, 1)


def test_the_cost_is_that_of_openings_and_of_places_added():
    assert broken(BOUND, cost=384.0) == ("cost", 384, 385)
    only_open = replace(BOUND, cost_place=None)
    rules_kept(only_open, SUPPLY, OPENED, cost=300.0)
    only_places = replace(BOUND, cost_open=None)
    rules_kept(only_places, SUPPLY, OPENED, cost=85.0)
    rules_kept(replace(BOUND, cost_open=None, cost_place=None), SUPPLY, OPENED, cost=0.0)


def test_places_that_go_cost_nothing_and_count_against_those_that_come():
    fewer = SUPPLY.replace(25.0, 5.0)  # old gives up 15
    rules = replace(BOUND, total=25.0)
    rules_kept(rules, fewer, OPENED, cost=370.0)
    assert broken(replace(rules, total=24.0), fewer, cost=370.0) == ("total", 24, 25)


def test_a_site_that_may_close_may_be_gone():
    closed = SUPPLY.replace(25.0, 0.0)
    rules_kept(replace(BOUND, resizable=frozenset(), closable=frozenset({"old"})), closed,
               OPENED, cost=370.0)  # fmt: skip


def test_without_a_bound_none_is_broken():
    free = SiteRules(existing=EXISTING, resizable=frozenset({"old"}))
    rules_kept(free, SUPPLY, OPENED, cost=0.0)
    rules_kept(replace(free, exactly=True), SUPPLY, OPENED, cost=0.0)


HOMES = pd.DataFrame(
    [("a", "x", 5.0), ("b", "y", 5.0), ("c", "y", 5.0)],
    columns=["origin", "destination", "minutes"],
)
TIMES = TravelTimes.from_frame(HOMES, limit_min=30)
PEOPLE = pd.Series({"a": 10.0, "b": 10.0, "c": 20.0})
PLACES = pd.Series({"x": 5.0, "y": 3.0})  # 0.5 for a, 0.1 for b and c
ALL = pd.Series(data=True, index=["a", "b", "c"])


def measured(claim, counted=ALL):
    return remeasured(
        TIMES, PEOPLE, PLACES, decay=flat(10), counted=counted, claims=[claim]
    ).tolist()  # fmt: skip


@pytest.mark.parametrize(
    "claim",
    [
        Claim("floor", 0.1),
        Claim("floor", 0.5, share=0.25),  # a quarter of the people have 0.5
        Claim("floor", 0.1, share=0.26),
        Claim("shortfall", 3.0, norm=0.2),  # 0.1 for each of 30
        Claim("severity", 0.75 * 0.25, norm=0.2),  # three quarters lack half of it
        Claim("cover", 10.0, norm=0.2),
        Claim("cover", 40.0, norm=0.1),
        Claim("gini", 0.375),  # 10 × 30 × 0.4 / (40² × 0.2)
        Claim("floor", 0.5, among=pd.Series({"a": True, "b": False, "c": False})),
    ],
)
def test_a_claim_that_is_what_access_comes_to_passes_and_any_other_does_not(claim):
    assert measured(claim) == pytest.approx([0.5, 0.1, 0.1])
    for wrong in (claim.value * 1.001, claim.value * 0.999):
        with pytest.raises(FairSitingError) as caught:
            measured(replace(claim, value=wrong))
        assert caught.value.facts["what"] == claim.objective
        assert caught.value.facts["found"] == pytest.approx(claim.value)


def test_people_who_do_not_count_do_not_and_homes_of_nobody_have_no_floor():
    counted = pd.Series({"a": True, "b": False, "c": False})
    assert measured(Claim("floor", 0.5), counted)
    empty = PEOPLE.replace(20.0, 0.0)  # then 0.3 for b
    claims = [Claim("floor", 0.3)]
    remeasured(TIMES, empty, PLACES, decay=flat(10), counted=ALL, claims=claims)
    far = remeasured(TIMES, PEOPLE * [1, 0, 0], PLACES, decay=flat(10), counted=ALL,
                     claims=[Claim("floor", 0.5)])  # fmt: skip
    assert far["a"] == 0.5


def test_what_is_counted_elsewhere_is_not_measured_here():
    assert measured(Claim("cost", 1e9)) == pytest.approx([0.5, 0.1, 0.1])


def plan(value, bound, status="best_found", ended=None):
    return Plan("p_median", "min", pd.Index(["a"]), None, value, bound, status, ended=ended)


def test_the_gap_is_a_share_of_the_bound():
    assert plan(110.0, 100.0).gap == pytest.approx(0.1)
    assert plan(90.0, 100.0).gap == pytest.approx(0.1)
    assert plan(-90.0, -100.0).gap == pytest.approx(0.1)
    assert plan(110.0, 100.0, "proven").gap == 0
    assert plan(0.0, 0.0).gap == 0
    assert repr(plan(110.0, 100.0)) == "<Plan p_median: 1 sites, best_found, gap 10.00%>"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (100.71, "at most 0.8%"),
        (100.7, "at most 0.7%"),
        (100.25, "at most 0.3%"),
        (100.011, "at most 0.011%"),
        (100.0111, "at most 0.012%"),
        (199.0, "at most 99.0%"),
        (200.0, "is not known"),
    ],
)
def test_a_gap_is_told_rounded_up(value, said):
    assert said in how_good(plan(value, 100.0), "en")


def test_a_search_that_time_ended_says_so_and_a_proof_needs_no_more_words():
    stopped = "stopped at the time limit"
    assert stopped in how_good(plan(101.0, 100.0, ended="time"), "en")
    assert stopped not in how_good(plan(101.0, 100.0, ended="work"), "en")
    assert how_good(plan(1.0, 1.0, "proven", ended="time"), "en") == (
        "The best plan there is: proven."
    )
