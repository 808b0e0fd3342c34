"""Figures as they are read, and the counts that a rule hides at once, by hand."""

import pandas as pd
import pytest

from ctg_geo.config.study_file import PopulationSource
from ctg_geo.contracts import Band
from ctg_geo.errors import DataError
from ctg_geo.parameters import RULES
from ctg_geo.secrecy import figures_of, hide_by_rule
from ctg_geo.sources import TableRead
from secrecy_cases import people

SAID = {"path": "caf.csv", "provider": "test", "licence": "test", "vintage": "2026"}


def source(values, **more):
    return PopulationSource(**{**SAID, "values": values, **more})


def read(**columns):
    table = people(**columns)
    rows = pd.Series(range(2, 7), index=table.index).drop("e")  # e is in no row of the file
    return TableRead("caf.csv", table, rows, 5, [])


def hidden(made, given):
    """Return what is hidden, as the codes of each figure; the table must say the same."""
    kept = made.table.copy()
    found, mask = hide_by_rule(made, given, RULES)
    pd.testing.assert_frame_equal(made.table, kept)  # what is given is left as it was
    for name in mask:
        at = mask.index[mask[name]]
        assert found.table.loc[at, name].isna().all()
        assert set(found.table.loc[at, f"{name}_status"]) <= {"secret"}
        pd.testing.assert_frame_equal(found.table[~mask[name]][[name, f"{name}_status"]],
                                      kept[~mask[name]][[name, f"{name}_status"]])  # fmt: skip
    return {name: "".join(mask.index[mask[name]]) for name in mask}


KIDS = {"column": "kids"}


def test_counts_under_the_threshold_are_hidden_and_none_elsewhere():
    made = read(kids=[0, 1, 4, 5, None], old=[1, 1, 1, 1, 1])
    given = source({"kids": {**KIDS, "secrecy": "caf"}, "old": {"column": "old"}})
    assert hidden(made, given) == {"kids": "bc", "old": ""}


def test_a_figure_under_no_rule_does_not_stop_those_after_it():
    made = read(old=[1, 1, 1, 1, 1], kids=[0, 1, 4, 5, None])
    given = source({"old": {"column": "old", "secrecy": "none"}, "kids": KIDS}, secrecy="caf")
    assert hidden(made, given) == {"old": "", "kids": "bc"}


def test_the_threshold_is_about_the_counts_of_the_file():
    made = read(kids=[0, 2, 8, 10, None])  # twice 0, 1, 4 and 5
    assert hidden(made, source({"kids": {**KIDS, "factor": 2.0}}, secrecy="caf")) == {"kids": "bc"}


def test_the_units_behind_a_figure_decide_and_hide_it_where_they_are_unknown():
    made = read(income=[900, 900, 900, 900, None], homes=[30, 32, 34, "-", "-"])  # thrice 10, …
    given = source({
        "income": {"column": "income", "secrecy": "fiscal", "units": "homes", "factor": 100.0},
        "homes": {"column": "homes", "factor": 3.0},
    })  # fmt: skip
    # 10 and 10,7 households are under 11, and those of d may be
    assert hidden(made, given)["income"] == "abd"


def test_figures_of_one_column_hide_together_where_they_are_known():
    made = read(kids=[1, 9, 30, 40, 50], twice=[2, 18, "-", 80, 6], other=[1, 1, 1, 1, 1])
    given = source({"kids": {**KIDS, "secrecy": "caf"}, "twice": {**KIDS, "factor": 2.0},
                    "other": {"column": "other"}})  # fmt: skip
    # the figure beside is under the rule as well: twice 3 in e
    assert hidden(made, given) == {"kids": "ae", "twice": "ae", "other": ""}
    apart = source({"kids": {**KIDS, "secrecy": "caf"}, "twice": {"column": "t", "factor": 2.0},
                    "other": {"column": "other"}})  # fmt: skip
    assert hidden(made, apart) == {"kids": "a", "twice": "", "other": ""}


def test_counts_that_are_not_rounded_as_their_rule_says_are_refused_each_by_its_row():
    made = read(kids=[10, 11, 30.5, None, 51], old=[1, 2, 3, 4, 5])
    given = source({"old": {"column": "vieux"}, "kids": {"column": "petits", "secrecy": "caf_open",
                                                         "factor": 0.5}})  # fmt: skip
    with pytest.raises(DataError) as caught:
        hide_by_rule(made, given, RULES)
    assert [(each.file, each.reason, each.row, each.column, each.value, each.facts)
            for each in caught.value.defects] == [
        ("caf.csv", "not_rounded", 3, "petits", "22", {"code": "b", "step": 5, "rule": "caf_open"}),
        ("caf.csv", "not_rounded", 4, "petits", "61", {"code": "c", "step": 5, "rule": "caf_open"}),
        ("caf.csv", "not_rounded", None, "petits", "102",
         {"code": "e", "step": 5, "rule": "caf_open"}),
    ]  # fmt: skip


def test_rounded_counts_pass_whatever_the_rounding_of_their_factor():
    made = read(kids=[5 / 3, 10 / 3, 5e9 / 3, None, 0])
    given = source({"kids": {**KIDS, "secrecy": "caf_open", "factor": 1 / 3}})
    assert hidden(made, given) == {"kids": ""}


def test_a_figure_is_described_as_its_source_gave_it():
    made = read(kids=[None, 20, None, "-", 50], teens=[1, 2, 3, 4, 5], more=[1, 2, 3, 4, 5])
    given = source({
        "kids": {"column": "0-2", "label": "Enfants", "factor": 2.0},
        "teens": {"column": "t", "ages": "12-17", "secrecy": "fiscal", "units": "kids"},
        "more": {"column": "m", "secrecy": "none"},
    }, secrecy="caf")  # fmt: skip
    kids, teens, more = figures_of(made, given, RULES)
    assert (kids.name, kids.label, kids.vintage, kids.factor) == ("kids", "Enfants", "2026", 2.0)
    assert (kids.rule_name, kids.rule, kids.by_units) == ("caf", RULES["caf"], False)
    assert (kids.file, kids.read, kids.masked_codes) == ("caf.csv", 5, {"a", "c"})
    assert (kids.masked, kids.ages, kids.column) == (2, Band(0, 2), "0-2")
    assert (teens.label, teens.rule, teens.by_units) == ("teens", RULES["fiscal"], True)
    assert (teens.masked, teens.ages) == (0, Band(12, 17))
    assert (more.rule_name, more.rule, more.ages) == ("", None, None)
    assert kids.key("a") == "kids@2026/a"


def test_a_figure_of_the_column_of_another_is_under_its_rule():
    values = {"one": KIDS, "two": {**KIDS, "secrecy": "caf"}, "three": {"column": "x"}}
    made = read(one=[1] * 5, two=[1] * 5, three=[1] * 5)
    assert [each.rule_name for each in figures_of(made, source(values), RULES)] == ["caf", "caf",
                                                                                    ""]  # fmt: skip
