"""Indicators under a rule, worked out by hand for five communes."""

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

from ctg_geo.config.people_source import IndicatorSource
from ctg_geo.parameters import RULES
from ctg_geo.secrecy import hide_indicators

CODES = ["a", "b", "c", "d", "e"]
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
