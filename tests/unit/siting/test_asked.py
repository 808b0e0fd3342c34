"""What every model starts from: costs, the rules on sites and sizes made ready, by hand."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings

from ctg_geo.errors import SitingError
from ctg_geo.siting import SiteRules
from ctg_geo.siting.classical.asked import asked, no_plan, positive
from ctg_geo.siting.classical.costs import ABSENT, Costs
from ctg_geo.siting.classical.sites import refuse_sizes
from ctg_geo.siting.classical.sizes import sizes
from ctg_geo.travel import TravelTimes
from siting_sets import INF, problems, sets

NAMES = ["a", "b", "c", "d", "e", "f"]
HOMES = ["one", "two", "none"]
TABLE = pd.DataFrame([[1.0, 2, 3, 4, 5, 6], [6.0, 5, 4, 3, 2, 1], [INF] * 5 + [0]], HOMES, NAMES)
PEOPLE = pd.Series([2.0, 3.0, 0.0], HOMES)
GROUP = pd.Series(["n", "n", "s", "s", "s", "n"], NAMES)
PRICE = pd.Series([10.0, 20, 30, 40, 50, 60], NAMES)


def made(**rules):
    return asked(TABLE, PEOPLE, SiteRules(**rules))


def refused(**rules):
    with pytest.raises(SitingError) as caught:
        made(**rules)
    return caught.value.reason, caught.value.facts


def test_whole_costs_are_kept_as_whole_numbers_and_others_as_they_are():
    whole = Costs.of(TABLE)
    assert whole.table.dtype == np.int32
    assert whole.table[2].tolist() == [ABSENT] * 5 + [0]
    assert whole.there[2].tolist() == [False] * 5 + [True]
    assert whole.unit == 1
    for odd in (0.5, float(ABSENT)):
        other = Costs.of(TABLE.replace(6.0, odd))
        assert other.table.dtype == np.float64
        assert other.table[0, 5] == odd
        assert other.there.tolist() == whole.there.tolist()
    assert Costs.of(TABLE.replace(6.0, ABSENT - 1.0)).table[0, 5] == ABSENT - 1
    assert Costs.of(TABLE.replace(6.0, ABSENT - 1.0)).there[0, 5]
    assert Costs.of(TABLE.iloc[:0]).table.shape == (0, 6)


def test_a_site_is_near_at_a_cost_exactly_and_where_none_is_told_never():
    costs = Costs.of(TABLE)
    assert costs.within(2).tolist() == [
        [True, True, False, False, False, False], [False, False, False, False, True, True],
        [False, False, False, False, False, True],
    ]  # fmt: skip
    assert costs.within(2.9).tolist() == costs.within(2).tolist()
    assert not costs.within(float(ABSENT))[2, :5].any()
    assert not Costs.of(TABLE.replace(6.0, 6.5)).within(INF)[2, :5].any()


def test_times_are_milliseconds_inside_and_minutes_at_the_surface():
    pairs = pd.DataFrame({"origin": ["o", "o"], "destination": ["x", "y"],
                          "minutes": [1.5, 59 / 60_000]})  # fmt: skip
    costs = Costs.of(TravelTimes.from_frame(pairs, limit_min=10, destinations=["x", "y", "z"]))
    assert costs.table.tolist() == [[90_000, 59, ABSENT]]
    assert costs.unit * 60_000 == 1
    assert costs.within(1.5).tolist() == [[True, True, False]]
    assert costs.within(1.4999).tolist() == [[False, True, False]]
    assert costs.within(59 / 60_000).tolist() == [[False, True, False]]


@pytest.mark.parametrize("axis", ["index", "columns"])
def test_names_given_twice_are_told(axis):
    table = TABLE.set_axis(
        ["one", "two", "one"] if axis == "index" else [*NAMES[:5], "a"], axis=axis
    )
    with pytest.raises(SitingError) as caught:
        Costs.of(table)
    assert caught.value.reason == "twice"
    assert caught.value.facts == {"codes": ["one" if axis == "index" else "a"]}


def test_a_cost_below_zero_is_told_with_its_place_and_zero_is_none():
    with pytest.raises(SitingError) as caught:
        Costs.of(TABLE.replace(4.0, -0.5))
    assert caught.value.facts == {"origin": "one", "site": "d", "value": "-0.5"}
    assert Costs.of(TABLE.where(TABLE == INF, 0.0)).there[:2].all()


def test_candidates_are_sorted_by_what_becomes_of_them():
    it = made(new=3, existing=pd.Series({"d": 4.0, "b": 2.0}), forced=frozenset("f"),
              forbidden=frozenset("c"))  # fmt: skip
    ours = it.sites
    assert [each.tolist() for each in (ours.standing, ours.opened, ours.free, ours.fixed)] == [
        [1, 3], [5], [0, 4], [1, 3, 5],
    ]  # fmt: skip
    assert ours.choice.most == 2
    assert it.opened(np.array([1])).tolist() == [4, 5]
    assert list(it.names(np.array([4, 1]))) == ["b", "e"]
    assert it.costs.origins.tolist() == ["one", "two"]
    assert it.weight.tolist() == [2, 3]
    plan = it.plan("p_median", "min", np.array([1]), 7.0, 6.0, "work")
    assert list(plan.sites) == ["e", "f"]
    assert plan.assigned.dropna().to_dict() == {"one": "b", "two": "f"}
    assert plan.assigned.index.tolist() == HOMES
    assert plan.assigned.name == "site"
    assert (plan.status, plan.value, plan.bound, plan.size) == ("best_found", 7, 6, None)
    assert it.plan("p_median", "min", np.array([1]), 7.0, 6.0, "proof").status == "proven"


def test_nobody_is_sent_where_no_site_is_open_or_reached():
    it = asked(TABLE, PEOPLE + 1, SiteRules(new=1))
    none = it.plan("mclp", "max", np.array([], dtype=int), 0.0, 0.0, "proof").assigned
    assert none.isna().all()
    assert none.index.tolist() == HOMES
    first = it.plan("mclp", "max", np.array([0]), 0.0, 0.0, "proof").assigned
    assert first.tolist()[:2] == ["a", "a"]
    assert pd.isna(first["none"])


def test_floors_count_what_is_forced_and_ask_the_rest_of_the_others():
    choice = made(new=4, forced=frozenset("a"), group=GROUP, floors={"s": 1, "n": 2}).sites.choice
    assert choice.least.tolist() == [1, 1]
    assert choice.group.tolist() == [1, 0, 0, 0, 1]  # b to f
    assert choice.group.dtype == choice.least.dtype == np.int64
    more = made(new=4, forced=frozenset("ab"), group=GROUP, floors={"n": 1, "s": 0}).sites.choice
    assert more.least.tolist() == [0]
    assert more.group.tolist() == [-1, -1, -1, 0]
    free = made(new=4, group=GROUP, floors={"n": 0}).sites.choice
    assert (free.group.tolist(), free.least.tolist()) == ([-1] * 6, [])


def test_floors_at_what_there_is_are_kept_and_one_more_is_refused():
    assert made(new=3, group=GROUP, floors={"n": 3}).sites.choice.least.tolist() == [3]
    assert refused(new=4, group=GROUP, floors={"n": 4}) == (
        "floor_too_high", {"group": "n", "asked": 4, "candidates": 3}
    )  # fmt: skip
    assert refused(new=4, group=GROUP, floors={"n": 4}, forced=frozenset("a"))[1]["candidates"] == 3
    assert refused(new=3, group=GROUP, floors={"n": 2, "s": 2}) == (
        "floors_over_new", {"floors": 4, "left": 3}
    )  # fmt: skip
    assert refused(new=3, group=GROUP, floors={"w": 1}) == (
        "unknown_group", {"group": "w", "known": ["n", "s"]}
    )  # fmt: skip


def test_money_that_forced_sites_take_is_spent():
    choice = made(budget=100.0, cost_open=PRICE, forced=frozenset("bc")).sites.choice
    assert choice.budget == 50
    assert choice.price.tolist() == [10, 40, 50, 60]
    assert choice.most == 4
    none = made(budget=9.0, cost_place=PRICE).sites.choice
    assert (none.budget, none.price.tolist()) == (9, [0] * 6)
    assert made(new=2).sites.choice.budget == INF


def test_money_that_is_just_enough_is_enough_whatever_the_rounding():
    """0.1 + 0.2 is more than 0.3 in floats."""
    cost = PRICE * 0 + [0.1, 0.2, 0.3, 0, 0, 9]
    choice = made(budget=0.3, cost_open=cost, forced=frozenset("ab")).sites.choice
    assert choice.budget == 0
    assert choice.allows(np.array([1]))
    assert not choice.allows(np.array([0]))
    assert refused(budget=0.29, cost_open=cost, forced=frozenset("ab"))[0] == "budget"


def test_the_least_money_counts_floors_and_what_is_forced():
    asks = {"new": 3, "group": GROUP, "floors": {"s": 1}, "forced": frozenset("b"),
            "cost_open": PRICE}  # fmt: skip
    assert made(**asks, budget=50.0).sites.choice.budget == 30
    assert refused(**asks, budget=49.0) == ("budget", {"budget": 49.0, "least": 50.0})
    assert refused(**asks, budget=59.0, exactly=True) == ("budget", {"budget": 59.0, "least": 60.0})


@settings(max_examples=200)
@given(problems())
def test_the_rules_allow_the_same_sets_read_twice_and_the_cheapest_is_one_of_them(problem):
    choice = problem.choice
    free = replace(choice, budget=INF)
    count = len(choice.price)
    every = replace(choice, most=count, exactly=False, least=np.zeros(2, dtype=int), budget=INF)
    allowed = [list(one) for one in sets(choice)]
    for one in sets(every):
        assert choice.allows(one) == (list(one) in allowed)
    prices = [choice.price[one].sum() for one in sets(free)]
    assert list(choice.cheapest()) in [list(one) for one in sets(free)]
    assert choice.price[choice.cheapest()].sum() == pytest.approx(min(prices))


@pytest.mark.parametrize(
    ("rules", "reason", "facts"),
    [
        ({"new": -1}, "not_positive", {"name": "new", "value": -1}),
        ({"new": 7}, "too_many_new", {"asked": 7, "candidates": 6}),
        ({"new": 1, "forced": frozenset("ab")}, "too_many_forced", {"forced": 2, "asked": 1}),
        ({"new": 6, "forced": frozenset("ab"), "forbidden": frozenset("bc")}, "forced_forbidden",
         {"codes": ["b"]}),
        ({"new": 1, "resizable": frozenset("ab"), "existing": pd.Series({"b": 1.0})},
         "not_existing", {"rule": "resizable", "codes": ["a"]}),
        ({"new": 1, "forbidden": frozenset("z")}, "unknown_site",
         {"rule": "forbidden", "code": "z", "known": ["a", "b", "c"]}),
    ],
)  # fmt: skip
def test_rules_on_sites_that_cannot_be_are_told_with_their_figures(rules, reason, facts):
    assert refused(**rules) == (reason, facts)


def test_as_many_sites_as_there_are_and_as_are_forced_may_open():
    assert made(new=6).sites.choice.most == 6
    assert made(new=2, forced=frozenset("ab")).sites.choice.most == 0
    assert made(new=0).sites.choice.most == 0


def test_a_candidate_off_the_network_is_told_where_it_may_open_alone():
    table = TABLE.assign(z=INF)
    with pytest.raises(SitingError) as caught:
        asked(table, PEOPLE, SiteRules(new=1))
    assert (caught.value.reason, caught.value.facts) == ("off_network", {"codes": ["z"]})
    standing = SiteRules(new=1, existing=pd.Series({"z": 1.0}))
    assert asked(table, PEOPLE, standing).sites.standing.tolist() == [6]


@pytest.mark.parametrize(
    ("rule", "value"),
    [("smallest", 1.0), ("largest", 9.0), ("total", 0.0), ("cost_place", PRICE),
     ("resizable", frozenset("a"))],
)  # fmt: skip
def test_each_rule_on_places_is_refused_by_models_without(rule, value):
    with pytest.raises(SitingError) as caught:
        refuse_sizes(SiteRules(new=1, **{rule: value}), "mclp")
    assert caught.value.facts == {"model": "mclp", "rules": [rule]}
    refuse_sizes(SiteRules(new=1, forbidden=frozenset("a")), "mclp")


def test_sizes_by_hand():
    """Five people: nobody needs a site of more than five places, nor a building to grow beyond."""
    rules = SiteRules(
        new=2, existing=pd.Series({"b": 2.0, "d": 9.0, "a": 1.0}), resizable=frozenset("bd"),
        forced=frozenset("f"), forbidden=frozenset("c"), smallest=2.0, largest=20.0, total=30.0,
        cost_open=PRICE, cost_place=PRICE / 10, budget=500.0,
    )  # fmt: skip
    made = sizes(asked(TABLE, PEOPLE, rules), rules)
    assert made.at.tolist() == [0, 1, 3, 5, 4]
    assert (made.standing, made.smallest, made.total, made.budget) == (3, 2, 30, 500)
    assert made.held.tolist() == [1, 2, 9, 0, 0]
    assert made.most.tolist() == [1, 5, 9, 5, 5]
    assert made.price.tolist() == [1, 2, 4, 6, 5]
    assert made.opening.tolist() == [0, 0, 0, 60, 50]
    assert made.together
    small = replace(rules, largest=4.0, smallest=4.0)
    assert sizes(asked(TABLE, PEOPLE, small), small).most.tolist() == [1, 4, 9, 4, 4]
    big = replace(rules, smallest=7.0)
    assert sizes(asked(TABLE, PEOPLE, big), big).most.tolist() == [1, 5, 9, 7, 7]


@pytest.mark.parametrize(
    ("change", "together"),
    [({}, False), ({"total": 9.0}, True), ({"budget": 400.0}, False),
     ({"budget": 400.0, "cost_place": PRICE}, True), ({"cost_place": PRICE}, False),
     ({"budget": 400.0, "cost_place": PRICE * 0}, False)],
)  # fmt: skip
def test_places_are_bounded_together_by_their_number_or_by_money_they_cost(change, together):
    rules = SiteRules(new=2, cost_open=PRICE, **change)
    assert sizes(asked(TABLE, PEOPLE, rules), rules).together == together


@pytest.mark.parametrize(
    ("rules", "least"),
    [
        ({"new": 2, "exactly": True}, 8), ({"new": 2, "forced": frozenset("a")}, 4),
        ({"new": 4, "forced": frozenset("a"), "group": GROUP, "floors": {"s": 1}}, 8),
    ],
)  # fmt: skip
def test_places_too_few_for_the_sites_that_must_open_are_refused(rules, least):
    enough = SiteRules(**rules, smallest=4.0, total=float(least))
    assert sizes(asked(TABLE, PEOPLE, enough), enough).total == least
    short = replace(enough, total=least - 1.0)
    with pytest.raises(SitingError) as caught:
        sizes(asked(TABLE, PEOPLE, short), short)
    assert caught.value.facts == {
        "total": least - 1, "sites": least // 4, "smallest": 4, "least": least,
    }  # fmt: skip


def test_a_size_from_one_number_to_the_same_is_one():
    rules = SiteRules(new=1, smallest=3.0, largest=3.0)
    assert sizes(asked(TABLE, PEOPLE, rules), rules).most.tolist() == [3] * 6
    with pytest.raises(SitingError, match="largest"):
        sizes(asked(TABLE, PEOPLE, rules), replace(rules, smallest=-1.0))


def test_no_plan_is_infeasible_by_proof_and_has_no_figure():
    plan = no_plan("lscp", "min")
    assert (plan.status, plan.ended, len(plan.sites), plan.size) == ("infeasible", "proof", 0, None)
    assert np.isnan([plan.value, plan.bound]).all()


@pytest.mark.parametrize("value", [0.0, -1.0, float("nan")])
def test_what_must_be_above_zero_is_refused_at_zero(value):
    positive(1e-9, "beyond_min")
    with pytest.raises(SitingError) as caught:
        positive(value, "beyond_min")
    assert caught.value.facts["name"] == "beyond_min"
