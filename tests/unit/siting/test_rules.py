"""Rules that cannot be kept are refused by name, with the mend, in both languages."""

from dataclasses import replace
from functools import partial
from itertools import combinations
from typing import get_args

import pandas as pd
import pytest

from ctg_geo import labels
from ctg_geo.errors import NoPlanError, SitingError
from ctg_geo.siting import (
    Plan,
    SiteRules,
    backup_coverage,
    capacitated_mclp,
    capacitated_p_median,
    how_good,
    lscp,
    mclp,
    p_centre,
    p_median,
    smallest_relaxation,
)
from ctg_geo.siting.classical.relaxation import Change
from ctg_geo.travel import TravelTimes

INF = float("inf")
TABLE = pd.DataFrame(
    {"salle": [0.0, 4, 9], "ecole": [5.0, 0, 7], "mairie": [9.0, 7, 0]}, index=["a", "b", "c"]
)
PEOPLE = pd.Series({"a": 10.0, "b": 20.0, "c": 30.0})
NORTH = pd.Series({"salle": "nord", "ecole": "nord", "mairie": "sud"})
PRICES = pd.Series({"salle": 100.0, "ecole": 200.0, "mairie": 300.0})

REFUSED = {
    "too_many_new": SiteRules(new=4),
    "forced_forbidden": SiteRules(
        new=1, forced=frozenset({"salle"}), forbidden=frozenset({"salle"})
    ),
    "unknown_site": SiteRules(new=1, forced=frozenset({"sale"})),
    "not_existing": SiteRules(new=1, closable=frozenset({"salle"})),
    "too_many_forced": SiteRules(new=1, forced=frozenset({"salle", "ecole"})),
    "exactly_what": SiteRules(exactly=True, budget=9.0, cost_open=PRICES),
    "budget": SiteRules(budget=99.0, cost_open=PRICES, forced=frozenset({"ecole"})),
    "no_cost": SiteRules(budget=99.0),
    "no_groups": SiteRules(new=1, floors={"nord": 1}),
    "unknown_group": SiteRules(new=1, group=NORTH, floors={"est": 1}),
    "floor_too_high": SiteRules(new=3, group=NORTH, floors={"sud": 2}),
    "floors_over_new": SiteRules(new=1, group=NORTH, floors={"nord": 1, "sud": 1}),
    "no_sizes": SiteRules(new=1, largest=20.0),
    "how_many": SiteRules(),
}


@pytest.mark.parametrize("reason", REFUSED)
@pytest.mark.parametrize("model", [p_median, p_centre])
def test_a_rule_that_cannot_be_kept_is_named(model, reason):
    with pytest.raises(SitingError) as caught:
        model(TABLE, PEOPLE, REFUSED[reason])
    assert caught.value.reason == reason
    assert str(caught.value)
    assert caught.value.explain("fr") != str(caught.value)


@pytest.mark.parametrize(
    ("code", "known"),
    [("zzzz", ["alpha", "beta", "gamma"]), ("site_9", ["site_1", "site_2", "site_3"])],
)
def test_three_names_are_given_near_ones_or_the_first(code, known):
    names = ["alpha", "beta", "gamma", "delta", "site_1", "site_2", "site_3", "site_4"]
    table = pd.DataFrame(1.0, ["home"], names)
    with pytest.raises(SitingError) as caught:
        p_median(table, pd.Series({"home": 1.0}), SiteRules(new=1, forced=frozenset({code})))
    assert len(caught.value.facts["known"]) == 3
    assert code == "site_9" or caught.value.facts["known"] == known
    assert all(
        name.startswith(known[0][:4]) or code == "zzzz" for name in caught.value.facts["known"]
    )


def test_the_near_names_of_an_unknown_site_are_given():
    with pytest.raises(SitingError, match=r"'sale'.*salle"):
        p_median(TABLE, PEOPLE, REFUSED["unknown_site"])


def test_the_money_needed_is_told():
    with pytest.raises(SitingError, match="at least 200 euros"):
        p_median(TABLE, PEOPLE, REFUSED["budget"])


def test_a_candidate_that_reaches_nobody_is_named():
    table = TABLE.assign(ile=INF)
    with pytest.raises(SitingError, match="ile") as caught:
        p_median(table, PEOPLE, SiteRules(new=1))
    assert caught.value.reason == "off_network"
    assert p_median(table, PEOPLE, SiteRules(new=1, forbidden=frozenset({"ile"}))).value > 0


@pytest.mark.parametrize(
    ("rules", "reason"),
    [
        (SiteRules(new=1, smallest=12, largest=10), "smallest_over_largest"),
        (SiteRules(new=2, exactly=True, smallest=12, total=20), "total_too_small"),
        (SiteRules(new=1, largest=0), "not_positive"),
    ],
)
def test_sizes_that_cannot_be_are_refused(rules, reason):
    with pytest.raises(SitingError) as caught:
        capacitated_p_median(TABLE, PEOPLE, rules)
    assert caught.value.reason == reason


@pytest.mark.parametrize("value", [float("nan"), -1.0])
def test_a_cost_that_is_no_cost_is_refused_with_its_place(value):
    table = TABLE.copy()
    table.loc["b", "ecole"] = value
    with pytest.raises(SitingError, match="From b to ecole"):
        p_median(table, PEOPLE, SiteRules(new=1))


def test_a_reach_beyond_the_limit_of_the_times_is_refused():
    pairs = pd.DataFrame({"origin": ["a"], "destination": ["x"], "minutes": [3.0]})
    times = TravelTimes.from_frame(pairs, limit_min=10)
    with pytest.raises(SitingError, match="10 min only"):
        lscp(times, pd.Series({"a": 1.0}), SiteRules(), within_min=15)


def test_existing_sites_serve_and_are_not_opened_again():
    plan = p_median(TABLE, PEOPLE, SiteRules(new=1, existing=pd.Series({"mairie": 40.0})))
    assert list(plan.sites) == ["ecole"]  # a 5 × 10 people; opening salle: b 4 × 20
    assert plan.value == 50
    assert dict(plan.assigned) == {"a": "ecole", "b": "ecole", "c": "mairie"}


def test_equal_sites_go_to_the_first():
    table = pd.DataFrame(3.0, index=["a"], columns=["x", "y", "z"])
    assert list(p_median(table, pd.Series({"a": 1.0}), SiteRules(new=1)).sites) == ["x"]


def test_the_relaxation_of_a_reach_is_the_shortest_that_covers_all():
    assert lscp(TABLE, PEOPLE, SiteRules(new=1), within_min=6).status == "infeasible"
    loosened = smallest_relaxation("lscp", TABLE, PEOPLE, SiteRules(new=1), within_min=6)
    assert (loosened.change, loosened.value, loosened.proven) == ("within_min", 7.0, True)
    assert lscp(TABLE, PEOPLE, SiteRules(new=1), within_min=7).status == "proven"
    assert "7" in loosened.explain("fr")


def test_the_relaxation_of_places_is_how_many_lack():
    rules = SiteRules(new=2, largest=25.0)
    assert capacitated_p_median(TABLE, PEOPLE, rules).status == "infeasible"
    loosened = smallest_relaxation("capacitated_p_median", TABLE, PEOPLE, rules)
    assert (loosened.change, loosened.value) == ("places", 10.0)
    wider = replace(rules, largest=30.0)
    assert capacitated_p_median(TABLE, PEOPLE, wider).status == "proven"


def test_the_relaxation_of_trips_is_the_fewest_sites_that_reach_all():
    table = TABLE.where(TABLE < 5, INF)
    assert p_median(table, PEOPLE, SiteRules(new=1)).status == "infeasible"
    assert p_centre(table, PEOPLE, SiteRules(new=1)).status == "infeasible"
    loosened = smallest_relaxation("p_median", table, PEOPLE, SiteRules(new=1))
    assert (loosened.change, loosened.value) == ("new", 2.0)
    assert p_median(table, PEOPLE, SiteRules(new=2)).status == "proven"


@pytest.mark.parametrize("reach", [5, 8])
@pytest.mark.parametrize("model", ["p_median", "p_centre"])
def test_where_money_is_short_the_relaxation_is_the_least_budget_that_reaches_all(model, reach):
    table = TABLE.where(TABLE.lt(reach), INF)
    solve = {"p_median": p_median, "p_centre": p_centre}[model]
    sets = [list(each) for size in (1, 2) for each in combinations(TABLE.columns, size)]
    least = min(PRICES[each].sum() for each in sets if table[each].min(axis=1).max() < INF)
    rules = SiteRules(new=2, budget=least - 1, cost_open=PRICES)
    assert solve(table, PEOPLE, rules).status == "infeasible"
    loosened = smallest_relaxation(model, table, PEOPLE, rules)
    assert (loosened.change, loosened.value, loosened.proven) == ("budget", least, True)
    assert solve(table, PEOPLE, replace(rules, budget=least)).status == "proven"


def test_where_the_reach_cannot_mend_it_the_money_is_told_for_covering_too():
    table = TABLE.where(TABLE < 5, INF)
    rules = SiteRules(budget=300, cost_open=PRICES)
    assert lscp(table, PEOPLE, rules, within_min=5).status == "infeasible"
    loosened = smallest_relaxation("lscp", table, PEOPLE, rules, within_min=5)
    assert (loosened.change, loosened.value) == ("budget", 400.0)


def test_where_neither_sites_nor_money_is_enough_alone_both_are_told():
    table = TABLE.where(TABLE < 5, INF)
    rules = SiteRules(new=1, budget=300, cost_open=PRICES)
    loosened = smallest_relaxation("p_median", table, PEOPLE, rules)
    assert (loosened.change, loosened.value) == ("sites_and_budget", 2.0)
    assert "2 sites" in loosened.explain("fr")


def test_a_number_of_sites_below_zero_is_refused_as_such():
    with pytest.raises(SitingError) as caught:
        p_median(TABLE, PEOPLE, SiteRules(new=-1))
    assert caught.value.reason == "not_positive"


def test_the_relaxation_of_a_share_is_what_can_be_covered():
    rules = SiteRules(new=1)
    plan = backup_coverage(TABLE, PEOPLE, rules, within_min=0, first=0.9)
    assert plan.status == "infeasible"
    loosened = smallest_relaxation("backup_coverage", TABLE, PEOPLE, rules, within_min=0, first=0.9)
    assert (loosened.change, loosened.value) == ("first", 0.5)


def test_people_whom_no_candidate_reaches_are_counted():
    table = TABLE.copy()
    table.loc["c"] = INF
    table = table.drop(columns="mairie")
    loosened = smallest_relaxation("p_median", table, PEOPLE, SiteRules(new=1))
    assert (loosened.change, loosened.value) == ("unreached", 1.0)


def test_nobody_anywhere_needs_no_site():
    plan = lscp(TABLE, PEOPLE * 0, SiteRules(), within_min=5)
    assert (list(plan.sites), plan.value, plan.status) == ([], 0.0, "proven")


MODELS = {
    "mclp": partial(mclp, within_min=5),
    "backup_coverage": partial(backup_coverage, within_min=5),
    "p_median": p_median,
    "p_centre": p_centre,
    "capacitated_p_median": capacitated_p_median,
    "capacitated_mclp": partial(capacitated_mclp, within_min=5),
}


@pytest.mark.parametrize("name", MODELS)
def test_nobody_anywhere_is_said_where_every_plan_is_alike(name):
    with pytest.raises(SitingError) as caught:
        MODELS[name](TABLE, PEOPLE * 0, SiteRules(new=1))
    assert caught.value.reason == "nobody"
    assert "personne" in caught.value.explain("fr")


@pytest.mark.parametrize("limit", [-1.0, float("nan")])
@pytest.mark.parametrize("name", [*MODELS, "lscp"])
def test_a_limit_of_time_that_is_none_is_named(name, limit):
    model = (MODELS | {"lscp": partial(lscp, within_min=9)})[name]
    with pytest.raises(SitingError, match="limit_s") as caught:
        model(TABLE, PEOPLE, SiteRules(new=1), limit_s=limit)
    assert caught.value.reason == "not_seconds"


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("change", sorted(set(get_args(Change)) - {"none"}))
def test_what_would_make_a_plan_is_said_to_those_who_asked_for_one(change, lang):
    said = NoPlanError("no_plan", eased=((change, 2.0, True),)).explain(lang)
    assert labels.text(f"siting.eased.{change}", lang, value=2.0) in said


@pytest.mark.parametrize("name", MODELS)
def test_bare_arrays_are_refused_by_name(name):
    for times, people, wrong in ((TABLE.to_numpy(), PEOPLE, "times"),
                                 (TABLE, PEOPLE.to_numpy(), "demand")):  # fmt: skip
        with pytest.raises(SitingError, match=f"{wrong}.*ndarray") as caught:
            MODELS[name](times, people, SiteRules(new=1))
        assert caught.value.reason == "not_table"


@pytest.mark.parametrize(
    ("value", "bound", "said"),
    [
        (100.71, 100.0, "à 0,8\u202f% au plus de l’optimum"),
        (100.01, 100.0, "à 0,010\u202f% au plus"),
        (300.0, 100.0, "n’est pas connue"),
    ],
)
def test_a_plan_not_proven_says_how_far_it_may_be(value, bound, said):
    plan = Plan("p_median", "min", pd.Index([]), None, value, bound, "best_found")
    assert said in how_good(plan)


def test_a_search_that_the_clock_ended_says_so():
    plan = Plan("p_median", "min", pd.Index([]), None, 2.0, 1.9, "best_found", ended="time")
    assert "limite de temps" in how_good(plan)
    assert "time limit" in how_good(plan, "en")


@pytest.mark.parametrize(("lang", "words"), [("fr", "dans le temps donné"), ("en", "in the time")])
def test_what_was_not_found_in_time_is_no_number(lang, words):
    said = NoPlanError("no_plan", eased=(("budget", float("nan"), False),)).explain(lang)
    assert words in said
    assert "nan" not in said.lower()
    assert "€" not in said
