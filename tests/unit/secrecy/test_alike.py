"""The same figures under another name, as a reader with both publications sees them."""

import numpy as np
import pytest

from ctg_geo.errors import SecrecyError
from ctg_geo.secrecy import Cell, Sum, alike, assembled, inferred, joined, recorded, suppress

NAN = float("nan")
CODES = ("a", "b", "c", "d", "e")


def table(name, values):
    """Return counts under the Caf rule; None is a secret one."""
    return [
        Cell(f"{name}/{code}", NAN, 1, 4, secret=True) if value is None
        else Cell(f"{name}/{code}", float(value), 5)
        for code, value in zip(CODES, values, strict=True)
    ]  # fmt: skip


def published(name, values):
    found = suppress(assembled(table(name, values), []))
    return joined(table("other@1999", [None] * 5)[:0], [], [recorded(name, found)])[0]


def named(found):
    return [(each.table, each.other, each.agree) for each in found]


def test_two_texts_of_a_vintage_are_one_table():
    now = table("x@2023", (None, 20, 30, 40, 50))
    (same,) = alike(now, [*published("x@Caf 2023", (None, 20, 30, 40, 50)), *now])
    assert (same.table, same.other, same.agree) == ("x@2023", "x@Caf 2023", 4)
    assert [each.total for each in same.sums] == [f"x@2023/{code}" for code in CODES]


def test_two_years_of_which_most_figures_differ_are_two_tables():
    now = table("x@2024", (None, 21, 30, 44, 55))
    assert alike(now, [*published("x@2023", (None, 20, 30, 40, 50)), *now]) == []


def test_a_corrected_commune_stays_apart_from_the_rest_of_a_table():
    now = table("x@2023 bis", (None, 20, 30, 40, 51))
    (same,) = alike(now, [*published("x@2023", (None, 20, 30, 40, 50)), *now])
    assert [each.total[-1] for each in same.sums] == ["a", "b", "c", "d"]


def test_a_count_that_left_the_interval_of_its_rule_is_not_the_same_one():
    now = table("x@2024", (7, 20, 30, 40, 50))
    (same,) = alike(now, [*published("x@2023", (None, 20, 30, 40, 50)), *now])
    assert "x@2024/a" not in {each.total for each in same.sums}


def test_another_figure_is_the_same_only_where_nearly_all_agrees():
    past = published("x@2023", (None, 20, 30, 40, 50))
    for values, expected in (((None, 20, 30, 40, 50), 1), ((None, 20, 30, 40, 51), 0),
                             ((None, 20, 30, None, None), 0), ((None, 0, 0, 0, 0), 0)):  # fmt: skip
        now = table("y@2023", values)
        assert len(alike(now, [*past, *now])) == expected, values


def test_two_figures_of_one_publication_are_found_once():
    now = [*table("x@1", (None, 20, 30, 40, 50)), *table("y@1", (None, 20, 30, 40, 50))]
    assert named(alike(now, now)) == [("x@1", "y@1", 4)]


def test_an_attacker_who_holds_both_texts_learns_nothing():
    """The sum of all is known now; what the first publication showed would tell a."""
    past = published("x@Caf 2023", (None, 20, 30, 40, 50))
    now = [Cell("x@2023/a", 3.0, 1, 4, secret=True), *table("x@2023", (None, 20, 30, 40, 50))[1:]]
    total = Cell("all", 143.0, told=(143, 143), fixed=True)
    whole = Sum("all", {f"x@2023/{code}": 1.0 for code in CODES})
    cells = [*past, *now, total]
    equal = [each for same in alike(now, cells) for each in same.sums]
    # by names alone b is hidden now, but the reader has it: 143 - 20 - 30 - 40 - 50 is 3
    blind = suppress(assembled(cells, [whole]))
    knows = assembled(cells, [whole, *equal])
    low, high = knows.known(blind.hidden)
    at = knows.positions(["x@2023/a"])
    assert [float(each[0]) for each in inferred(knows.relations, low, high, at)] == [3.0, 3.0]
    with pytest.raises(SecrecyError, match="worked out"):
        suppress(knows)
    # had b not been shown before, it would be hidden in both
    first = published("x@Caf 2023", (None, None, 30, 40, 50))
    cells = [*[each for each in first if each.name != "x@Caf 2023/b"],
             Cell("x@Caf 2023/b", NAN, 5), *now, total]  # fmt: skip
    equal = [each for same in alike(now, cells) for each in same.sums]
    found = suppress(assembled(cells, [whole, *equal]))
    low, high = found.cells.known(found.hidden)
    least, most = inferred(found.cells.relations, low, high, found.cells.positions(["x@2023/a"]))
    assert np.r_[least, most] == pytest.approx([1.0, 4.0])
