"""What a study may publish, decided on counts that one can subtract by hand."""

import importlib
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from ctg_geo.config.secrecy_section import SecrecySection
from ctg_geo.config.study_file import MergersSource
from ctg_geo.errors import SecrecyError
from ctg_geo.quality import Finding
from ctg_geo.secrecy import Cell, Published, plan, withheld
from ctg_geo.sources import read_events
from ctg_geo.territory import Moves
from secrecy_cases import CODES, NAN, figure, people, territory

KIDS = people(kids=[None, 20, 30, 40, 50])  # 3 in a
GROUPS = pd.DataFrame({"epci": ["1", "1", "2", "2", "1"]}, index=CODES)


def decided(table, figures, *, groups=None, past=(), merged="", moves=None, findings=(), **section):
    return plan(territory(table, findings), figures, SecrecySection(**section), groups=groups,
                past=past, merged=frozenset(merged), moves=moves)  # fmt: skip


def known(total, **more):
    return {"column": "kids", "total": total, "base": "Insee", **more}


def chosen(mask):
    """Return what is hidden, as the codes of each figure that has some."""
    return {name: "".join(mask.index[mask[name]]) for name in mask if mask[name].any()}


def cell(found, name):
    """Return what an outsider knows of a cell: its bounds once hidden, and what must stay open."""
    cells = found.found.cells
    (at,) = cells.positions([name])
    return {each: getattr(cells, each)[at] for each in ("low", "high", "secret", "share", "width",
            "told_low", "told_high", "unknown", "fixed")}  # fmt: skip


def test_without_a_sum_a_secret_is_safe_alone():
    found = decided(KIDS, [figure("kids")])
    assert chosen(found.primary) == {"kids": "a"}
    assert chosen(found.secondary) == {}
    assert (found.keys, found.known) == ([f"kids@2026/{code}" for code in CODES], ())
    assert repr(found) == "<Plan: 1 secret, 0 hidden to protect them>"


def test_a_total_of_the_territory_costs_one_more_commune_the_smallest():
    found = decided(KIDS, [figure("kids")], known_totals=[known(93)])
    assert chosen(found.primary) == {"kids": "a"}
    assert chosen(found.secondary) == {"kids": "b"}
    assert chosen(found.hidden) == {"kids": "ab"}
    assert found.known == ("Insee (KIDS, 2026, 4)",)
    assert found.keys == [*(f"kids@2026/{code}" for code in CODES), "Insee (KIDS, 2026, 4)"]
    assert repr(found) == "<Plan: 1 secret, 1 hidden to protect them>"
    total = cell(found, "Insee (KIDS, 2026, 4)")
    assert (total["told_low"], total["told_high"], total["fixed"]) == (93, 93, True)


@pytest.mark.parametrize(
    ("said", "name", "hidden"),
    [
        ({"total": 33, "communes": ["a", "c"]}, "a + c", "c"),
        ({"total": 50, "communes": ["b", "c"]}, "b + c", ""),
        ({"total": 23, "grouping": "epci", "group": "1"}, "1", "b"),  # a and b: e is around
        ({"total": 70, "grouping": "epci", "group": "2"}, "2", ""),
        ({"total": 53, "communes": ["a", "e"]}, "a + e", "e"),
    ],
)
def test_a_total_is_of_the_communes_that_it_says(said, name, hidden):
    found = decided(KIDS, [figure("kids")], groups=GROUPS, known_totals=[known(**said)])
    assert found.known == (f"Insee (KIDS, 2026, {name})",)
    assert chosen(found.secondary) == ({"kids": hidden} if hidden else {})


def test_a_total_of_no_group_is_of_the_territory_though_groups_are_given():
    found = decided(KIDS, [figure("kids")], groups=GROUPS, known_totals=[known(93)])
    assert found.known == ("Insee (KIDS, 2026, 4)",)


def test_where_nobody_gives_groups_the_total_of_one_is_that_of_the_territory():
    said = known(93, grouping="epci", group="1")
    found = decided(KIDS, [figure("kids")], known_totals=[said])
    assert chosen(found.secondary) == {"kids": "b"}


@pytest.mark.parametrize(
    ("said", "codes"),
    [({"communes": ["a", "zz"]}, ["zz"]), ({"grouping": "epci", "group": "3"}, [])],
)
def test_a_total_of_communes_that_are_not_there_is_refused(said, codes):
    with pytest.raises(SecrecyError) as caught:
        decided(KIDS, [figure("kids")], groups=GROUPS, known_totals=[known(9, **said)])
    assert caught.value.reason == "total_communes"
    assert (caught.value.facts["total"], caught.value.facts["codes"]) == ("Insee", codes)


@pytest.mark.parametrize(
    ("total", "rounding", "told", "hidden"),
    [
        (95, 5, (92.5, 97.5), "b"),  # 2,5 at least for a, who may be 1 by her rule
        (90, 10, (85, 95), ""),  # 0 to 5 for a: nothing that the rule does not say
        (93, None, (93, 93), "b"),
    ],
)
def test_a_rounded_total_tells_an_interval(total, rounding, told, hidden):
    found = decided(KIDS, [figure("kids")], known_totals=[known(total, rounding=rounding)])
    seen = cell(found, "Insee (KIDS, 2026, 4)")
    assert (seen["told_low"], seen["told_high"]) == told
    assert chosen(found.secondary) == ({"kids": hidden} if hidden else {})


def test_a_total_rounded_to_nothing_is_not_told_to_be_negative():
    none = people(kids=[0, 0, 0, 0, 50])
    found = decided(none, [figure("kids")], known_totals=[known(0, rounding=10)])
    seen = cell(found, "Insee (KIDS, 2026, 4)")
    assert (seen["told_low"], seen["told_high"]) == (0, 5)


def test_a_total_that_its_communes_cannot_make_is_told_by_its_name():
    with pytest.raises(SecrecyError) as caught:
        decided(KIDS, [figure("kids")], known_totals=[known(97)])  # a would be 7
    assert caught.value.reason == "contradiction"
    assert caught.value.facts["cells"] == ["Insee (KIDS, 2026, 4)"]


def test_an_error_calls_communes_by_their_names():
    table = people(kids=[None, "-", 30, 40, 50])
    past = [Published("avant", {"kids@2026/a": (3.0, 3.0)}, {}, ())]
    with pytest.raises(SecrecyError) as caught:
        decided(table, [figure("kids")], past=past)
    assert caught.value.reason == "known_outside"
    assert caught.value.facts["cells"] == ["Alpe (a, KIDS, 2026)"]


AGES = people(
    small=[None, 20, 30, 40, 50], big=[7, 21, 31, 41, 51], all=[10, 41, 61, 81, 101]
)  # 3 and 7 are 10 in a
NAMED = [figure("small"), figure("big"), figure("all")]
SUM = {"sums": [{"total": "all", "parts": ["small", "big"]}]}


def test_a_declared_sum_hides_one_of_the_two_that_tell_the_third():
    found = decided(AGES, NAMED, **SUM)
    assert chosen(found.primary) == {"small": "a"}
    assert chosen(found.secondary) == {"big": "a"}  # 7 rather than 10
    assert (found.totals, found.additive) == ({"all"}, ())


def test_a_sum_that_nobody_declared_hides_as_well_and_its_total_is_one():
    found = decided(AGES, NAMED)
    assert chosen(found.secondary) == {"big": "a"}
    assert found.totals == {"all"}
    ((each),) = found.additive
    assert (each.total, each.taken, each.holds) == ("all", True, 4)


def test_a_sum_of_three_that_nobody_declared_is_held_as_one():
    """3 + 7 + 9 are 19 in a: one of the figures shown there must go."""
    parts = {"small": [None, 20, 33, 40, 50], "mid": [7, 21, 38, 41, 57],
             "big": [9, 52, 31, 67, 83]}  # fmt: skip
    table = people(**parts, all=[19, 93, 102, 148, 190])
    found = decided(table, [figure(name) for name in (*parts, "all")])
    assert chosen(found.secondary) == {"mid": "a"}


def test_a_difference_of_ages_is_no_total():
    rng = np.random.default_rng(2)
    years = rng.integers(5, 40, (12, 5)).astype(float)

    def ages(low, high):
        return years[low : high + 1].sum(axis=0)

    bands = {"p": (0, 2), "q": (6, 11), "r": (0, 5), "s": (3, 11)}
    table = people(**{name: ages(*band) for name, band in bands.items()})
    found = decided(table, [figure(name, ages=band) for name, band in bands.items()])
    assert [(each.total, each.taken) for each in found.additive] == [("s", True)]
    assert found.totals == set()  # 3-11 = 6-11 and 0-5 less 0-2


@pytest.mark.parametrize(
    ("rule", "masked", "past", "looked"),
    [
        ("caf", "", (), True),
        (None, "a", (), True),
        (None, "", (Published("avant", {}, {}, ()),), True),
        (None, "", (), False),
    ],
)
def test_sums_are_looked_for_where_there_is_something_to_protect(rule, masked, past, looked):
    table = people(small=[5, 20, 30, 40, 50], big=[7, 21, 31, 41, 51], all=[12, 41, 61, 81, 101])
    named = [figure(name, rule=rule, masked=masked) for name in ("small", "big", "all")]
    found = decided(table, named, past=past)
    assert [each.total for each in found.additive] == (["all"] if looked else [])


OPEN = float("inf")


@pytest.mark.parametrize(
    ("said", "value", "expected"),
    [
        ({}, None, (1, 4, True, 1.0, OPEN)),
        ({"factor": 3.0}, None, (3, 12, True, 1.0, OPEN)),
        ({"by_units": True}, None, (0, OPEN, True, 1.0, 4)),
        ({"merged": "a"}, None, (0, OPEN, True, 1.0, 4)),
        ({"rule": None, "factor": 3.0}, None, (0, OPEN, True, 1.0, 12)),
        ({}, "-", (0, OPEN, False, 1.0, OPEN)),
        ({}, 20, (5, OPEN, False, 1.0, OPEN)),
        ({"merged": "a"}, 20, (0, OPEN, False, 1.0, 4)),
        ({"total": True}, None, (1, OPEN, True, 1.0, 4)),
        ({"total": True, "factor": 3.0}, None, (3, OPEN, True, 1.0, 12)),
        ({"total": True, "rule": None}, None, (0, OPEN, True, 1.0, 4)),
        ({"total": True}, 20, (1, OPEN, False, 1.0, 4)),
    ],
)
def test_what_an_outsider_knows_of_a_hidden_cell_is_what_its_rule_says(said, value, expected):
    said = dict(said)
    section = {}
    if said.pop("total", False):
        section = {"sums": [{"total": "kids", "parts": ["other"]}]}
    merged = said.pop("merged", "")
    table = people(kids=[value, 20, 30, 40, 50], other=["-", 20, 30, 40, 50])
    found = decided(table, [figure("kids", **said), figure("other", rule=None)],
                    merged=merged, **section)  # fmt: skip
    seen = cell(found, "kids@2026/a")
    assert tuple(seen[each] for each in ("low", "high", "secret", "share", "width")) == expected
    assert seen["unknown"] == (value in (None, "-"))


def test_figures_of_one_column_hide_together_and_others_do_not():
    table = people(kids=[None, 20, 30, 40, 50], twice=[None, 40, 60, 80, 100],
                   other=[10, 11, 33, 15, 18], more=[11, 91, 25, 42, 13])  # fmt: skip
    named = [figure("kids", column="k"), figure("twice", column="k", factor=2.0),
             figure("other", column="o"), figure("more")]  # fmt: skip
    found = decided(table, named, known_totals=[known(93)])
    assert chosen(found.secondary) == {"kids": "b", "twice": "b"}


def test_figures_of_no_column_are_no_twins():
    table = people(kids=[None, 20, 30, 40, 50], other=[10, 11, 33, 15, 18])
    found = decided(table, [figure("kids"), figure("other")], known_totals=[known(93)])
    assert chosen(found.secondary) == {"kids": "b"}


def test_a_share_that_tells_a_secret_hides_and_not_the_people_it_is_of():
    """4 % of 50 in a; the median share is 14, that of the people 78."""
    table = people(all=[50, 90, 80, 75, 120], alone=[None, 9, 10, 12, 30],
                   percent=[4, 10, 12.5, 16, 25])  # fmt: skip
    named = [figure("all", rule=None), figure("alone"), figure("percent", rule=None)]
    found = decided(table, named)
    assert chosen(found.secondary) == {"percent": "a"}
    other = table.assign(percent=[4.0, 11, 17, 3, 8])
    assert chosen(decided(other, named).secondary) == {}


def test_where_nothing_is_hidden_a_share_tells_what_it_likes():
    table = people(all=[50, 90, 80, 75, 120], alone=[5, 9, 10, 12, 30],
                   percent=[10, 10, 12.5, 16, 25])  # fmt: skip
    named = [figure(name, rule=None) for name in ("all", "alone", "percent")]
    assert chosen(decided(table, named).hidden) == {}


def test_one_may_tell_no_less_than_the_rule_of_a_figure():
    table = people(kids=[None, 20, 30, 40, 50], free=[None, 20, 30, 40, 50],
                   open=[1, 20, 30, 40, 50])  # fmt: skip
    named = [figure("kids", factor=3.0), figure("free", rule=None, factor=2.0),
             figure("open", rule=None, factor=2.0)]  # fmt: skip
    found = decided(table, named)
    assert {name: found.fewest(name) for name in ("kids", "free", "open", "none")} == {
        "kids": 15, "free": 10, "open": 0, "none": 0,
    }  # fmt: skip


def before(name, table, counts, hidden=(), relations=()):
    """Return a publication: counts shown by code, and codes hidden under the rule."""
    return Published(
        name, {f"{table}/{code}": (float(each), float(each)) for code, each in counts.items()},
        {f"{table}/{code}": Cell(f"{table}/{code}", NAN, 1, 4, secret=True) for code in hidden},
        tuple(relations),
    )  # fmt: skip


def test_what_another_text_of_the_vintage_showed_is_known():
    """All of 93 is known, and b was shown before under another text: c must hide with a."""
    past = [before("avant", "kids@Caf 2026", {"b": 20, "d": 40})]
    found = decided(KIDS, [figure("kids")], past=past, known_totals=[known(93)])
    ((same),) = found.alike
    assert (same.table, same.other, same.agree) == ("kids@2026", "kids@Caf 2026", 2)
    assert chosen(found.secondary) == {"kids": "c"}
    assert found.past == tuple(past)


def test_tables_that_the_sums_prove_to_be_two_are_not_taken_for_one():
    """a was 4 in a total of 94 then, and is 3 in one of 93 now."""
    table = "kids@Caf 2026"
    whole = {f"{table}/{code}": 1.0 for code in "abcd"} | {"all then": -1.0}
    then = before("avant", table, {"c": 30, "d": 40}, "ab", [whole])
    hidden = {**then.hidden, f"{table}/b": Cell(f"{table}/b", NAN, 5)}
    then = replace(then, shown={**then.shown, "all then": (94.0, 94.0)}, hidden=hidden)
    found = decided(KIDS, [figure("kids")], past=[then], known_totals=[known(93)])
    assert found.alike == ()
    alone = replace(then, relations=())
    found = decided(KIDS, [figure("kids")], past=[alone], known_totals=[known(93)])
    assert len(found.alike) == 1


def test_an_error_that_is_no_contradiction_is_not_taken_for_one(monkeypatch):
    def failed(_):
        raise SecrecyError("solver", said="x")

    module = importlib.import_module("ctg_geo.secrecy.plan")
    monkeypatch.setattr(module, "completed", failed)
    past = [before("avant", "kids@Caf 2026", {"b": 20, "d": 40})]
    with pytest.raises(SecrecyError, match="x") as caught:
        decided(KIDS, [figure("kids")], past=past)
    assert caught.value.reason == "solver"


@pytest.mark.parametrize("table", ["kids@2026", "kids@Caf 2026"])
def test_a_commune_that_took_in_another_is_the_sum_of_both(tmp_path, table):
    """01002 was 16 and took in 01009, secret: it is 19 now, and would tell the 3 of 01009."""
    path = tmp_path / "mergers.csv"
    path.write_text("old,new,date\n01009,01002,2019-01-01\n", encoding="utf-8")
    columns = {"old_code": "old", "code_insee": "new", "date": "date"}
    source = MergersSource(path=path.name, columns=columns, provider="t", licence="t",
                           vintage="t")  # fmt: skip
    moves = Moves(read_events(path, source), 2026)
    now = people(kids=[8, 19, 30, 40, 50])
    now.index = [f"0100{at}" for at in range(1, 6)]
    past = [before("avant", table, {"01002": 16, "01003": 30, "01004": 40}, ["01009"])]
    found = decided(now, [figure("kids")], past=past, moves=moves)
    assert found.merging == 1
    assert chosen(found.secondary) == {"kids": "01002"}
    still = decided(now, [figure("kids")], moves=moves)
    assert (still.merging, chosen(still.secondary)) == (0, {})


def test_what_protects_a_secret_is_withheld_and_told():
    control = Finding("info", "control", "population", "kids", {"column": "KIDS"})
    other = Finding("info", "control", "population", "other", {})
    table = people(kids=[None, 20, 30, 40, 50], other=[10, 11, 33, 15, 18])
    said = [known(53, communes=["a", "e"])]
    land = territory(table, [control, other])
    found = decided(table, [figure("kids"), figure("other")], known_totals=said)
    kept = withheld(land, found)
    assert chosen(kept.population[["kids", "other"]].isna()) == {"kids": "ae"}
    assert kept.population["kids_status"].tolist() == ["secret", *["observed"] * 3, "secret"]
    assert kept.population["other_status"].tolist() == ["observed"] * 5
    assert [(each.key, each.identifier) for each in kept.findings] == [
        ("control_partial", "kids"), ("control", "other"), ("secret_secondary", "kids"),
    ]  # fmt: skip
    assert kept.findings[0].facts == {"column": "KIDS", "count": 0}  # e is around
    assert kept.findings[2].facts == {"column": "KIDS", "count": 1}
    assert land.population["kids"].notna().sum() == 4, "the territory given is left as it was"
    inside = decided(table, [figure("kids"), figure("other")], known_totals=[known(93)])
    assert withheld(land, inside).findings[0].facts["count"] == 1


def test_where_nothing_more_is_hidden_the_territory_stays_as_it_is():
    land = territory(KIDS)
    assert withheld(land, decided(KIDS, [figure("kids")])) is land


def test_sums_that_nobody_declared_are_told():
    def said(table, named):
        return [(each.severity, each.key, each.identifier, each.facts["count"],
                 each.facts["codes"], each.facts["differ"])
                for each in withheld(territory(table), decided(table, named)).findings
                if each.key.startswith("sum_")]  # fmt: skip

    shown = AGES.assign(small=[5.0, 20, 30, 40, 50], all=[12.0, 41, 61, 81, 101],
                        small_status="observed")  # fmt: skip
    assert said(shown, NAMED) == [("info", "sum_by_numbers", "all", 5, [], 0)]
    once = shown.assign(all=[12.0, 41, 61, 81, 105])
    assert said(once, NAMED) == [("warning", "sum_doubtful", "all", 4, ["e"], 1)]
    aged = [figure("small", ages=(0, 2)), figure("big", ages=(3, 5)), figure("all", ages=(0, 5))]
    assert said(shown, aged) == [("info", "sum_by_ages", "all", 5, [], 0)]
    assert said(once, aged) == [("warning", "sum_doubtful", "all", 4, ["e"], 1)]
    hidden = withheld(territory(AGES), decided(AGES, NAMED)).findings
    assert [each.key for each in hidden] == ["secret_secondary", "sum_by_numbers"]
    assert hidden[1].facts["parts"] == ["SMALL", "BIG"]
    assert hidden[1].facts["column"] == "ALL"
