"""The classical models in small worked cases: what each counts, and at which bound it ends."""

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from ctg_geo.errors import SitingError
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
)
from ctg_geo.siting.classical import centre as centre_of
from ctg_geo.siting.classical import covering, exact
from ctg_geo.siting.classical.asked import asked
from ctg_geo.siting.classical.median import _penal
from ctg_geo.travel import TravelTimes

INF = float("inf")
NAN = float("nan")
LINE = pd.DataFrame(
    [[0.0, 3, 7, 12], [3.0, 0, 4, 9], [7.0, 4, 0, 5], [12.0, 9, 5, 0]], list("abcd"), list("ABCD")
)
PEOPLE = pd.Series([2.0, 2, 3, 4], list("abcd"))


def times(table):
    """Write a table of minutes as travel times."""
    long = table.rename_axis("origin").reset_index().melt("origin", var_name="destination",
                                                          value_name="minutes")  # fmt: skip
    long = long[np.isfinite(long["minutes"])]
    return TravelTimes.from_frame(long, limit_min=None, origins=table.index,
                                  destinations=table.columns)  # fmt: skip


@pytest.mark.parametrize("given", [LINE, times(LINE)], ids=["table", "times"])
def test_trips_by_hand(given):
    """One site: C at 2 × 7 + 2 × 4 + 4 × 5; two: B and D at 2 × 3 + 3 × 4."""
    one = p_median(given, PEOPLE, SiteRules(new=1))
    assert (list(one.sites), one.value, one.bound, one.status) == (["C"], 42, 42, "proven")
    two = p_median(given, PEOPLE, SiteRules(new=2))
    assert (list(two.sites), two.value) == (["B", "D"], 18)
    assert two.assigned.tolist() == ["B", "B", "B", "D"]
    near = p_centre(given, PEOPLE, SiteRules(new=1))
    assert (list(near.sites), near.value, near.bound) == (["C"], 7, 7)
    assert p_centre(given, PEOPLE, SiteRules(new=2)).value == 4
    assert p_centre(given, PEOPLE, SiteRules(new=4)).value == 0


@pytest.mark.parametrize("given", [LINE, times(LINE)], ids=["table", "times"])
def test_those_beyond_count_the_time_beyond(given):
    """At most 4 min: B leaves 2 × 3 + 3 × 4 + 4 × 4, C 2 × 4 + 2 × 4 + 4 × 4, D less."""
    plan = p_median(given, PEOPLE, SiteRules(new=1), beyond_min=4)
    assert (plan.value, list(plan.sites)) == (2 * 4 + 2 * 4 + 3 * 4, ["D"])
    none = p_median(given, PEOPLE, SiteRules(new=0), beyond_min=4)
    assert (none.value, len(none.sites)) == (44, 0)
    for model in (p_median, capacitated_p_median):
        with pytest.raises(SitingError, match="beyond_min"):
            model(given, PEOPLE, SiteRules(new=1), beyond_min=0)


def test_a_time_beyond_is_rounded_to_what_times_are_told_in():
    plan = p_median(times(LINE), PEOPLE, SiteRules(new=0), beyond_min=4.00000499)
    assert plan.value == pytest.approx(44, abs=1e-9)
    assert p_median(LINE, PEOPLE, SiteRules(new=0), beyond_min=4.5).value == 49.5


@pytest.mark.parametrize("given", [LINE, times(LINE)], ids=["table", "times"])
def test_reaches_by_hand(given):
    rules = SiteRules(new=1)
    assert (lscp(given, PEOPLE, SiteRules(), within_min=4).value) == 2
    assert (lscp(given, PEOPLE, SiteRules(), within_min=3.99).value) == 3
    forced = lscp(given, PEOPLE, SiteRules(forced=frozenset("A")), within_min=4)
    assert (forced.sites[0], forced.value, forced.bound) == ("A", 3, 3)
    most = mclp(given, PEOPLE, rules, within_min=5)
    assert (list(most.sites), most.value, most.bound) == (["C"], 9, 9)
    assert mclp(given, PEOPLE, rules, within_min=4.99).value == 7
    already = SiteRules(new=1, existing=pd.Series({"A": 1.0}))
    assert mclp(given, PEOPLE, already, within_min=5).value == 11
    both = backup_coverage(given, PEOPLE, SiteRules(new=2), within_min=5)
    assert (list(both.sites), both.value, both.bound) == (["B", "C"], 5, 5)
    some = backup_coverage(given, PEOPLE, SiteRules(new=2), within_min=5, first=0.8)
    assert (list(some.sites), some.value) == (["C", "D"], 7)
    twice = SiteRules(new=0, existing=pd.Series({"C": 1.0, "D": 1.0}))
    assert backup_coverage(given, PEOPLE, twice, within_min=5, first=0.8).value == 7


@pytest.mark.parametrize("within", [-1.0, NAN])
def test_a_reach_below_zero_is_refused_and_zero_is_one(within):
    with pytest.raises(SitingError, match="within_min"):
        lscp(LINE, PEOPLE, SiteRules(), within_min=within)
    assert lscp(LINE, PEOPLE, SiteRules(), within_min=0).value == 4


@pytest.mark.parametrize("first", [-0.1, 1.1, NAN])
def test_a_share_is_between_nothing_and_all(first):
    with pytest.raises(SitingError) as caught:
        backup_coverage(LINE, PEOPLE, SiteRules(new=1), within_min=5, first=first)
    assert caught.value.reason == "not_share"


@pytest.mark.parametrize("model", ["lscp", "mclp", "backup_coverage", "p_median", "p_centre"])
def test_sizes_are_refused_where_sites_have_none(model):
    solve = {"lscp": lscp, "mclp": mclp, "backup_coverage": backup_coverage,
             "p_median": p_median, "p_centre": p_centre}[model]  # fmt: skip
    reach = {} if model.startswith("p_") else {"within_min": 5.0}
    with pytest.raises(SitingError) as caught:
        solve(LINE, PEOPLE, SiteRules(new=1, smallest=3.0), **reach)
    assert caught.value.facts == {"model": model, "rules": ["smallest"]}
    if model != "lscp":
        with pytest.raises(SitingError) as caught:
            solve(LINE, PEOPLE, SiteRules(), **reach)
        assert (caught.value.reason, caught.value.facts) == ("how_many", {"model": model})
    free = SiteRules(budget=0.0, cost_open=pd.Series(0.0, LINE.columns))
    assert solve(LINE, PEOPLE, free, **reach).status == "proven"


@pytest.mark.parametrize("model", [capacitated_p_median, capacitated_mclp])
def test_places_need_a_number_of_sites_of_places_or_money(model):
    reach = {"within_min": 5.0} if model is capacitated_mclp else {}
    with pytest.raises(SitingError) as caught:
        model(LINE, PEOPLE, SiteRules(largest=9.0), **reach)
    assert caught.value.facts == {"model": model.__name__}
    for rules in (SiteRules(new=4), SiteRules(total=11.0), SiteRules(
        budget=0.0, cost_open=pd.Series(0.0, LINE.columns)
    )):  # fmt: skip
        assert model(LINE, PEOPLE, rules, **reach).status == "proven"


@pytest.mark.parametrize("given", [LINE, times(LINE)], ids=["table", "times"])
def test_people_shared_out_by_hand(given):
    """Seven places at each of two sites: B takes a, b and c; with six, one of c goes to D."""
    rules = SiteRules(new=2, largest=7.0, smallest=5.0)
    plan = capacitated_p_median(given, PEOPLE, rules)
    assert (list(plan.sites), plan.value, plan.bound) == (["B", "D"], 18, 18)
    assert plan.size.to_dict() == {"B": 7, "D": 5}  # D is filled by four, and five is the least
    assert plan.size.name == "places"
    assert plan.flows.to_dict() == {
        ("a", "B"): 2, ("b", "B"): 2, ("c", "B"): 3, ("d", "D"): 4,
    }  # fmt: skip
    assert (plan.flows.index.names, plan.flows.name) == (["origin", "site"], "people")
    full = capacitated_p_median(given, PEOPLE, replace(rules, largest=6.0))
    assert full.value == 2 * 3 + 2 * 4 + 5
    assert full.flows[("c", "D")] == 1
    few = capacitated_p_median(given, PEOPLE, replace(rules, new=1, largest=5.0), beyond_min=6)
    assert (list(few.sites), few.value) == (["D"], 5 + 6 * 6)
    assert capacitated_p_median(given, PEOPLE, replace(rules, new=1)).status == "infeasible"


def test_a_place_that_stands_and_may_grow_grows_before_another_opens():
    rules = SiteRules(new=0, existing=pd.Series({"C": 4.0, "A": 1.0}), resizable=frozenset("C"),
                      largest=10.0)  # fmt: skip
    plan = capacitated_p_median(LINE, PEOPLE, rules)
    assert plan.value == 7 + 2 * 4 + 4 * 5
    assert (list(plan.sites), plan.size.to_dict()) == ([], {"C": 10})
    still = capacitated_p_median(LINE, PEOPLE, replace(rules, largest=3.0), beyond_min=9)
    assert still.size.to_dict() == {}
    assert still.value == 4 + 6 * 9  # three of c and one of b at C, one of a at A


def test_places_within_reach_by_hand():
    rules = SiteRules(new=1, largest=6.0)
    plan = capacitated_mclp(LINE, PEOPLE, rules, within_min=5)
    assert (plan.value, plan.bound, plan.sense) == (6, 6, "max")
    assert capacitated_mclp(LINE, PEOPLE, replace(rules, largest=20.0), within_min=5).value == 9
    assert capacitated_mclp(LINE, PEOPLE, replace(rules, new=4), within_min=5).value == 11


def test_where_all_are_served_nothing_is_left_to_prove():
    draw = np.random.default_rng(2)
    table = pd.DataFrame(draw.integers(0, 20, (60, 30)).astype(float)).add_prefix("s")
    people = pd.Series(draw.random(60) + 0.5)
    plan = capacitated_mclp(table, people, SiteRules(new=12, largest=30.0), within_min=15)
    assert (plan.status, plan.value) == ("proven", pytest.approx(people.sum()))


@pytest.mark.parametrize("given", [LINE, times(LINE)], ids=["table", "times"])
def test_reaching_nobody_costs_more_than_all_trips_together(given):
    it = asked(given, PEOPLE, SiteRules(new=2))
    everyone = np.full(4, INF)
    full = _penal(it, everyone, np.isinf(everyone))
    unit = 1 / it.costs.unit
    np.testing.assert_allclose(full.base, np.array([12, 9, 7, 12]) * unit + 1)
    assert full.cost.dtype == np.int32
    holes = LINE.mask(LINE > 6, INF)
    it = asked(holes if given is LINE else times(holes), PEOPLE, SiteRules(new=2))
    base = np.array([INF, INF, 2 * unit, INF])
    some = _penal(it, base, np.isinf(base))
    far = some.base[0]
    assert some.base.tolist() == [far, far, 2 * unit, far]
    assert 2 * far > unit * (2 * 3 + 2 * 4 + 3 * 2 + 4 * 5)
    assert (some.cost == far).sum() == (holes == INF).to_numpy().sum()
    assert some.whole


def test_a_penalty_too_great_for_whole_numbers_of_32_bits_is_none_of_them():
    """One family pays for all the others: 2e9 people at 13 minutes, and more."""
    holes = LINE.mask(LINE > 6, INF)
    it = asked(holes, pd.Series([1.0, 1, 1, 2e9], list("abcd")), SiteRules(new=2))
    everyone = np.full(4, INF)
    made = _penal(it, everyone, np.isinf(everyone))
    assert it.costs.table.dtype == np.int32
    assert made.cost.max() == made.base[0] > 2**33
    assert made.cost.min() == 0


def test_a_tenth_of_a_person_left_out_costs_more_than_all_trips_together():
    holes = LINE.mask(LINE > 6, INF)
    it = asked(holes, PEOPLE / 20, SiteRules(new=2))
    everyone = np.full(4, INF)
    far = _penal(it, everyone, np.isinf(everyone)).base[0]
    assert 0.1 * far > 0.1 * 3 + 0.1 * 4 + 0.15 * 5 + 0.2 * 5  # all to the farthest they reach


def test_sites_are_found_where_many_pairs_are_missing_and_none_where_too_many():
    holes = LINE.mask(LINE > 4, INF)
    plan = p_median(holes, PEOPLE, SiteRules(new=2))
    assert (list(plan.sites), plan.value, plan.status) == (["B", "D"], 18, "proven")
    assert p_median(holes, PEOPLE, SiteRules(new=1)).status == "infeasible"
    assert p_centre(holes, PEOPLE, SiteRules(new=1)).status == "infeasible"
    standing = SiteRules(new=1, existing=pd.Series({"D": 1.0}))
    assert p_median(holes, PEOPLE, standing).value == 18
    nowhere = pd.DataFrame(INF, ["a"], ["A"])
    alone = SiteRules(new=0, existing=pd.Series({"A": 1.0}))
    assert p_centre(nowhere, pd.Series({"a": 1.0}), alone).status == "infeasible"


def test_lengths_are_tried_by_covering_where_neither_plans_nor_prices_tell(monkeypatch):
    monkeypatch.setattr(centre_of._Lengths, "_search", lambda *_: None)
    for new, longest in ((1, 7), (2, 4), (3, 3), (4, 0)):
        plan = p_centre(LINE, PEOPLE, SiteRules(new=new))
        assert (plan.value, plan.bound, plan.status) == (longest, longest, "proven")
    monkeypatch.setattr(centre_of._Lengths, "_raise", lambda *_: None)
    for new, longest in ((1, 7), (2, 4), (3, 3), (4, 0)):
        plan = p_centre(LINE, PEOPLE, SiteRules(new=new))
        assert (plan.value, plan.bound, plan.status) == (longest, longest, "proven")


def test_plans_and_prices_settle_most_lengths_before_any_cover_is_proven(monkeypatch):
    tried = []
    cover = centre_of._Lengths._cover
    monkeypatch.setattr(centre_of._Lengths, "_cover", lambda it, at: (
        tried.append(at), cover(it, at))[1])  # fmt: skip
    plan = p_centre(LINE, PEOPLE, SiteRules(new=1))
    assert (plan.value, plan.bound) == (7, 7)
    assert tried == [6]  # 12, the longest of 0, 3, 4, 5, 7, 9, 12: does any plan reach all?


def test_without_time_a_plan_has_the_bound_of_what_is_ruled_out(monkeypatch):
    late = iter([0.0, *[1e9] * 99])
    monkeypatch.setattr(centre_of.time, "monotonic", lambda: 0.0)
    monkeypatch.setattr(centre_of._Lengths, "_in_time", lambda _: next(late) == 0.0)
    monkeypatch.setattr(centre_of._Lengths, "_search", lambda *_: None)
    plan = p_centre(LINE, PEOPLE, SiteRules(new=1))
    assert (plan.status, plan.ended) == ("best_found", "time")
    assert plan.bound <= 7 <= plan.value
    assert plan.bound > 0


def test_a_length_that_covering_does_not_settle_ends_the_search(monkeypatch):
    whole = covering.fewest

    def unsure(rows, choice, *, limit_s):
        told = whole(rows, choice, limit_s=limit_s)
        return told if told.chosen is not None else covering.Covered(None, 0.0, "work")

    monkeypatch.setattr(centre_of, "fewest", unsure)
    monkeypatch.setattr(centre_of._Lengths, "_search", lambda *_: None)
    monkeypatch.setattr(centre_of._Lengths, "_raise", lambda *_: None)
    plan = p_centre(LINE, PEOPLE, SiteRules(new=1))
    assert (plan.status, plan.ended) == ("best_found", "work")
    assert plan.bound <= 7 <= plan.value
    holes = LINE.mask(LINE > 4, INF)
    none = p_centre(holes, PEOPLE, SiteRules(new=1))
    assert (none.status, none.ended) == ("undecided", "work")


@pytest.mark.parametrize("again", [0, 3])
def test_a_search_without_time_keeps_its_bound_under_its_plan(monkeypatch, again):
    draw = np.random.default_rng(7)
    table = pd.DataFrame(draw.random((30, 12))).add_prefix("s")
    people = pd.Series(draw.random(30))
    monkeypatch.setattr(exact, "_ROUNDS", 6)
    monkeypatch.setattr(exact, "_AGAIN", again)
    whole = p_median(table, people, SiteRules(new=4))
    assert whole.status == "proven"
    monkeypatch.setattr(exact.time, "monotonic", iter(np.arange(0.0, 900)).__next__)
    plan = p_median(table, people, SiteRules(new=4), limit_s=0.5)
    monkeypatch.undo()
    assert (plan.status, plan.ended) == ("best_found", "time")
    assert plan.bound <= whole.value + 1e-9 <= plan.value + 2e-9


def test_more_steps_than_are_worth_it_end_the_search_by_work(monkeypatch):
    draw = np.random.default_rng(7)
    table = pd.DataFrame(draw.random((30, 12))).add_prefix("s")
    monkeypatch.setattr(exact, "_ROUNDS", 6)
    monkeypatch.setattr(exact, "_STEPS", 3)
    plan = p_median(table, pd.Series(draw.random(30)), SiteRules(new=4))
    assert (plan.status, plan.ended) == ("best_found", "work")
    assert plan.bound < plan.value


@pytest.mark.parametrize(
    ("value", "bound", "status", "gap"),
    [(110.0, 100.0, "best_found", 0.1), (90.0, 100.0, "best_found", 0.1),
     (110.0, 100.0, "proven", 0.0), (0.0, 0.0, "best_found", 0.0),
     (1e-12, 0.0, "best_found", 1.0), (-3.0, -2.0, "best_found", 0.5)],
)  # fmt: skip
def test_the_gap_of_a_plan(value, bound, status, gap):
    plan = Plan("p_median", "min", pd.Index(["a"]), None, value, bound, status)
    assert plan.gap == pytest.approx(gap)
    assert repr(plan) == f"<Plan p_median: 1 sites, {status}, gap {gap:.2%}>"


@pytest.mark.parametrize(
    ("gap", "said"),
    [
        (0.5, "50.0%"), (0.0123, "1.3%"), (0.0120, "1.2%"), (0.0011, "0.2%"), (0.00099, "0.099%"),
        (0.0000123, "0.0013%"), (0.00000114, "0.00012%"), (1e-12, "0.000000001%"), (1.0, None),
        (0.9989, "99.9%"), (0.99999, "100.0%"),
    ],
)  # fmt: skip
def test_how_far_a_plan_may_be_is_rounded_up(gap, said):
    plan = Plan("p_median", "min", pd.Index([]), None, 1 + gap, 1.0, "best_found")
    told = how_good(plan, "en")
    if said is None:
        assert "not known" in told or "unknown" in told
    else:
        assert f"at most {said}" in told
        assert float(said.strip("%")) >= gap * 100 - 1e-7
    assert math.isclose(plan.gap, gap, rel_tol=1e-3)


def test_a_tenth_of_a_percent_is_told_in_tenths():
    plan = Plan("p_median", "min", pd.Index([]), None, 1001.0, 1000.0, "best_found")
    assert "at most 0.1%" in how_good(plan, "en")
