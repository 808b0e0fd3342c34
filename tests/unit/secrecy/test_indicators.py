"""Indicators under a rule, worked out by hand for five communes."""

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

from ctg_geo.config.people_source import IndicatorSource
from ctg_geo.parameters import RULES
from ctg_geo.secrecy import hide_indicators
from ctg_geo.secrecy.indicators import _any_of_several, _companions, _fewest, _tells_few

CODES = ["a", "b", "c", "d", "e"]
NAN = float("nan")
INSIDE = pd.Index(CODES)
SAID = {"path": "x.csv", "provider": "test", "licence": "test", "vintage": "2021"}


def source(**more):
    return IndicatorSource(**{"format": "families", "secrecy": "caf", **SAID, **more})


def table(**columns):
    found = pd.DataFrame(columns, index=CODES, dtype=float)
    for name in columns:
        found[f"{name}_status"] = "observed"
        found.loc[found[name].isna(), f"{name}_status"] = "secret"
    return found


def nobody():
    raise AssertionError("the population is not asked")


def hidden(found, name):
    status = found[f"{name}_status"]
    assert (found[name].isna() == (status == "secret")).all()
    return "".join(found.index[found[name].isna()])


def test_a_rate_on_too_few_is_secret_and_so_is_one_that_tells_too_few():
    """Of 4 families; 3 of 40; 38 of 40, which leaves 2; none of 40; 20 of 40."""
    families, alone = [4, 40, 40, 40, 40], [2, 3, 38, 0, 20]
    share = [one / of for one, of in zip(alone, families, strict=True)]
    given = table(families=families, single_parents=alone, single_parent_share=share)
    found, said = hide_indicators(given, {"f": source()}, RULES, nobody, INSIDE)
    assert hidden(found, "families") == "ae"  # e, of 20 and 20, could be of many
    assert hidden(found, "single_parents") == hidden(found, "single_parent_share") == "abce"
    assert [(one.key, one.facts["count"]) for one in said] == [
        ("secret_by_rule", 2), ("secret_by_rule", 4), ("secret_by_rule", 4),
    ]  # fmt: skip
    assert given["families"].notna().all(), "the table given is left as it was"


def test_income_follows_its_households_and_unknown_households_hide_it():
    given = table(households=[10, 11, 500, None, 500], median_income=[20_000.0] * 5,
                  poverty_share=[0.0, 0.0, 0.02, 0.1, 0.1])  # fmt: skip
    found, _ = hide_indicators(
        given, {"i": source(format="income", secrecy="fiscal")}, RULES, nobody, INSIDE
    )
    assert hidden(found, "median_income") == "ade"  # e with them: 450 and 50 could be of many
    assert hidden(found, "poverty_share") == "acde"  # 2 % of 500 is 10


def test_a_rate_on_people_who_are_secret_is_secret():
    people = pd.DataFrame({"children": [100.0, float("nan"), 3.0, 50.0]}, index=CODES[:4])
    given = table(fragility=[1.0, 2.0, 3.0, 4.0, 5.0])
    one = source(format="fragility", columns={"fragility": "score"}, units="children")
    found, _ = hide_indicators(given, {"x": one}, RULES, lambda: people, INSIDE)
    assert hidden(found, "fragility") == "bcde"  # and d, of 50, with them


def test_without_a_rule_nothing_changes():
    given = table(families=[4.0] * 5)
    for rule in (None, "none"):
        found, said = hide_indicators(given, {"f": source(secrecy=rule)}, RULES, nobody, INSIDE)
        assert found.equals(given)
        assert not said


def test_a_rule_needs_to_know_the_units():
    with pytest.raises(ValueError, match="secrecy_units"):
        source(format="density")


def test_a_count_that_the_source_masks_hides_the_share_that_tells_it():
    """20 of 40 is no secret of the rule, but the source masks it: 50 % of 40 families tells it."""
    given = table(families=[40] * 5, single_parents=[20, float("nan"), 10, 0, 20],
                  single_parent_share=[0.5, 0.5, 0.25, 0, 0.5])  # fmt: skip
    found, _ = hide_indicators(given, {"x": source()}, RULES, nobody, INSIDE)
    assert hidden(found, "single_parent_share") == "ab"  # and one commune more
    assert hidden(found, "families") == ""


def plain(**values):
    said = {name: {"column": name, "kind": "count", **more} for name, more in values.items()}
    return source(format="plain", units="alloc", values={"alloc": {"column": "alloc"}, **said})


def test_every_count_of_a_plain_table_is_tried_and_a_row_hides_as_one():
    """Families are alone or couples: 3 alone of 40 would be told by 37 couples."""
    given = table(alloc=[40, 41, 42, 43, 44], alone=[3, 20, 20, 20, 20],
                  couples=[37, 21, 22, 23, 24])  # fmt: skip
    found, _ = hide_indicators(given, {"x": plain(alone={}, couples={})}, RULES, nobody, INSIDE)
    assert hidden(found, "alloc") == ""
    assert hidden(found, "alone") == hidden(found, "couples") == "ab"


def test_nobody_recovers_a_count_from_the_row_the_units_and_the_total_of_each_column():
    """Many tables of parts that add up: no part under 5 is told by what is shown of it."""
    rng = np.random.default_rng(7)
    for _ in range(200):
        parts = rng.integers(0, 12, size=(5, 3)).astype(float)
        alloc = parts.sum(axis=1)
        given = table(alloc=alloc, one=parts[:, 0], two=parts[:, 1], three=parts[:, 2])
        rule = {"x": plain(one={}, two={}, three={})}
        found, _ = hide_indicators(given, rule, RULES, nobody, INSIDE)
        secret = (parts > 0) & (parts < 5) | ((alloc[:, None] - parts > 0)
                                             & (alloc[:, None] - parts < 5))  # fmt: skip
        unseen = found[["one", "two", "three"]].isna().to_numpy()
        assert (unseen | ~secret).all()
        assert set(unseen.sum(axis=1)) <= {0, 3}, "of a row all is told, or nothing"
        columns = unseen.sum(axis=0)
        assert ((columns != 1) | (~secret).all()).all(), "a column total leaves two unknown"


def test_a_share_over_another_column_than_the_units_is_refused_under_a_rule():
    with pytest.raises(ValidationError, match="secrecy_rate"):
        plain(rate={"kind": None, "of": "others"})


def test_the_commune_that_hides_with_a_secret_is_one_that_readers_see_and_could_be_of_many():
    given = table(alloc=[40, 9, 41, 42, 17], alone=[3, 0, 2, 20, 8])
    seen = pd.Index(["a", "b", "d"])
    found, _ = hide_indicators(given, {"x": plain(alone={})}, RULES, nobody, seen)
    assert hidden(found, "alone") == "acd"  # b can only be 0 or 9, e is out of the territory


def test_without_any_such_commune_the_whole_table_hides():
    given = table(alloc=[40, 9, 9, 9, 9], alone=[3, 0, 0, 9, 9])
    found, _ = hide_indicators(given, {"x": plain(alone={})}, RULES, nobody, INSIDE)
    assert hidden(found, "alone") == "abcde"


def test_units_that_are_too_few_hide_with_those_of_another_commune():
    given = table(households=[3, 40, 50, 60, 70], median_income=[20_000.0] * 5)
    rules = {"i": source(format="income", secrecy="caf")}
    found, _ = hide_indicators(given, rules, RULES, nobody, INSIDE)
    assert hidden(found, "households") == hidden(found, "median_income") == "ab"


@pytest.mark.parametrize("whole", [1, 100])
def test_a_rate_that_says_not_what_it_is_of_is_taken_for_a_share_of_the_units(whole):
    """3 % of 100 families; e leaves 5 % of 60."""
    given = table(alloc=[100, 80, 90, 70, 60], rate=whole * np.array([0.03, 0.5, 0.4, 0.3, 0.95]))
    found, _ = hide_indicators(given, {"x": plain(rate={"kind": "rate"})}, RULES, nobody, INSIDE)
    assert hidden(found, "rate") == "ade"  # and d, of the fewest families


def test_each_group_of_which_readers_know_the_total_hides_one_more():
    """a is the only secret of its EPCI: the total of both would leave its companion there."""
    given = table(alloc=[40, 60, 41, 70, 80], alone=[3, 20, 20, 2, 30])
    epci = pd.Series(["1", "1", "2", "2", "2"], index=CODES)
    found, _ = hide_indicators(given, {"x": plain(alone={})}, RULES, nobody, INSIDE, epci)
    assert hidden(found, "alone") == "abcd"
    whole, _ = hide_indicators(given, {"x": plain(alone={})}, RULES, nobody, INSIDE)
    assert hidden(whole, "alone") == "acd"


def test_a_commune_alone_in_its_epci_hides_with_one_of_another():
    """The total of its EPCI is its own; that of the territory must not tell it."""
    given = table(alloc=[3, 60, 41, 70, 80], alone=[2, 20, 20, 20, 30])
    epci = pd.Series(["1", "2", "2", "2", "2"], index=CODES)
    found, _ = hide_indicators(given, {"x": plain(alone={})}, RULES, nobody, INSIDE, epci)
    assert hidden(found, "alone") == hidden(found, "alloc") == "ac"


CAF = RULES["caf"]


@pytest.mark.parametrize(
    ("count", "units", "few"),
    [
        (3, 40, True), (4, 40, True), (5, 40, False), (0, 40, False), (36, 40, True),
        (35, 40, False), (40, 40, False), (41, 40, False), (20, NAN, False), (3, NAN, True),
        (NAN, 40, False), (5 - 4e-7, 40, False), (5 - 1e-6, 40, True), (35 + 4e-7, 40, False),
        (35 + 1e-6, 40, True), (4e-7, 40, False), (1e-6, 40, True), (40 - 4e-7, 40, False),
    ],
)  # fmt: skip
def test_a_count_tells_too_few_by_itself_or_by_those_it_leaves(count, units, few):
    assert _tells_few(pd.Series([count]), pd.Series([units]), CAF).tolist() == [few]


@pytest.mark.parametrize(
    ("units", "parts", "several"),
    [
        (16, [8], True), (16, [7], False), (16, [9], False), (17, [9], True), (17, [10], False),
        (15, [], False), (16, [], True), (16, [17], True), (16, [16], False), (15, [99], False),
        (40, [20, 7], False), (40, [7, 20], False), (40, [20, 8], True), (40, [20, 33], False),
        (40, [20, 32], True), (40, [20, 41], True),
    ],
)  # fmt: skip
def test_a_row_could_be_any_of_several_where_its_counts_are_twice_what_they_need(
    units, parts, several
):
    """Two counts of 4 or less are 8 at most: so many may stand beside a secret one."""
    table = pd.DataFrame({f"p{at}": [float(each)] for at, each in enumerate(parts)}, index=[0])
    assert _any_of_several(table, pd.Series([float(units)]), CAF).tolist() == [several]


def test_the_row_of_the_fewest_units_is_the_first_by_its_code_of_those_that_fit():
    units = pd.Series([5.0, 9, 7, 7, 6], index=["a", "e", "d", "c", "b"])

    def chosen(*fit):
        found = _fewest(pd.Series(fit, units.index), units, units > 8)
        return "".join(found.index[found])

    assert chosen(False, True, True, True, False) == "c"
    assert chosen(True, True, True, True, True) == "a"
    assert chosen(False, True, False, False, False) == "e"
    assert chosen(False, False, False, False, False) == "e"  # those said for that case


def companions(row, everywhere, *, units=(40, 41, 42, 43, 44), parts=20, seen=("abcde",)):
    """Return the codes that hide with the secret ones, and those whose units hide too."""
    index = pd.Index(CODES)
    masks = (pd.Series([code in codes for code in CODES], index) for codes in (row, everywhere))
    table = pd.DataFrame({"p": np.broadcast_to(np.array(parts, dtype=float), 5)}, index)
    found = _companions(*masks, table, pd.Series(units, index, dtype=float), CAF,
                        [pd.Index(list(codes)) for codes in seen])  # fmt: skip
    return tuple("".join(index[each]) for each in found)


@pytest.mark.parametrize(
    ("row", "everywhere", "more", "of_units"),
    [
        ("", "", "", ""), ("a", "", "b", ""), ("b", "", "a", ""), ("ab", "", "c", ""),
        ("", "a", "b", "b"), ("c", "a", "b", "b"), ("abcd", "", "e", ""), ("abcd", "a", "e", "e"),
    ],
)  # fmt: skip
def test_one_row_more_hides_with_the_secret_ones_and_its_units_with_secret_units(
    row, everywhere, more, of_units
):
    assert companions(row, everywhere) == (more, of_units)


def test_where_no_row_would_do_the_whole_group_hides():
    assert companions("a", "", parts=4) == ("abcde", "")
    assert companions("a", "a", parts=4) == ("abcde", "abcde")
    assert companions("abcde", "") == ("abcde", "")


def test_each_group_has_one_row_more_and_no_group_without_a_secret():
    seen = ("abc", "de")
    assert companions("a", "", seen=seen) == ("b", "")
    assert companions("ad", "", seen=seen) == ("be", "")
    assert companions("ad", "d", seen=seen) == ("be", "e")
    assert companions("", "ad", seen=seen) == ("be", "be")


def test_where_one_group_has_a_row_that_would_do_the_total_of_all_tells_nothing():
    """d and e hide whole, for none of them could be of many; b of the other group is enough."""
    parts = (20, 20, 20, 4, 4)
    seen = ("abc", "de")
    assert companions("ad", "", parts=parts, seen=seen) == ("bde", "")
    assert companions("d", "", parts=parts, seen=seen) == ("ade", "")
    assert companions("d", "d", parts=parts, seen=seen) == ("ade", "ade")
    assert companions("ad", "d", parts=parts, seen=seen) == ("bde", "bde")
    assert companions("ad", "ad", parts=parts, seen=seen) == ("bde", "bde")


def test_rows_that_nobody_sees_neither_ask_for_one_more_nor_serve():
    assert companions("e", "", seen=("abcd",)) == ("", "")
    assert companions("", "e", seen=("abcd",)) == ("", "")
    assert companions("d", "", units=(40, 41, 42, 43, 17), seen=("abcd",)) == ("a", "")
    assert companions("ae", "e", seen=("abcd",)) == ("b", "")


def rated(values, *, weight=None, units="alloc", of=None, alloc=(100, 80, 90, 70, 60)):
    """Return where a rate of a plain table hides, of so many units."""
    said = {"kind": None if of else "rate", "column": "r", "weight": weight, "of": of,
            "factor": 100.0 if of else 1.0}  # fmt: skip
    one = source(format="plain", units=units,
                 values={"alloc": {"column": "n", "kind": "count"}, "rate": said})  # fmt: skip
    found, _ = hide_indicators(table(alloc=alloc, rate=values), {"x": one}, RULES, nobody, INSIDE)
    return hidden(found, "rate")


SMALL = [0.03, 0.5, 0.4, 0.3, 0.5]  # 3 of 100 in a


def test_a_rate_of_the_units_tells_the_count_that_it_makes():
    assert rated(SMALL) == "ae"
    assert rated([100 * each for each in SMALL]) == "ae"
    assert rated(SMALL, weight="n") == "ae"
    assert rated([100 * each for each in SMALL], of="n") == "ae"


def test_a_rate_of_others_tells_no_count_of_the_units():
    assert rated(SMALL, weight="other") == ""


def test_a_rate_of_all_is_a_share_and_no_percentage():
    assert rated([1.0, 0.5, 0.4, 0.3, 0.5]) == ""  # all of 100, and none are left
    assert rated([1.0, 0.5, 0.4, 0.3, 0.95]) == "de"


def test_a_figure_without_a_status_is_not_of_the_table():
    given = table(families=[40] * 5).assign(single_parents=3.0)
    found, said = hide_indicators(given, {"f": source()}, RULES, nobody, INSIDE)
    assert found["single_parents"].tolist() == [3] * 5
    assert said == []


def test_what_is_not_told_already_is_not_counted_as_hidden():
    given = table(families=[4, 40, 40, 40, 40], single_parents=[None, 20, 20, 20, 20])
    given.loc["a", "single_parents_status"] = "not_available"
    found, said = hide_indicators(given, {"f": source()}, RULES, nobody, INSIDE)
    assert found.loc["a", "single_parents_status"] == "not_available"
    assert [(one.identifier, one.facts["count"]) for one in said] == [("f", 2), ("f", 1)]
    assert {(one.severity, one.table, one.facts["rule"]) for one in said} == {
        ("warning", "indicators", CAF.label)
    }
    assert said[0].facts["column"] == "Familles"


def test_every_table_has_its_own_rule_and_those_without_one_are_passed_over():
    given = table(families=[4, 40, 40, 40, 40], households=[10, 40, 40, 40, 40])
    sources = {"none": source(format="density", secrecy=None), "i": source(
        format="income", secrecy="fiscal"), "f": source()}  # fmt: skip
    found, said = hide_indicators(given, sources, RULES, nobody, INSIDE)
    assert (hidden(found, "families"), hidden(found, "households")) == ("ab", "ab")
    assert [one.identifier for one in said] == ["i", "f"]
