"""The same figures under another name, as a reader with both publications sees them."""

import numpy as np
import pytest

from ctg_geo.errors import SecrecyError
from ctg_geo.secrecy import Cell, Sum, alike, assembled, inferred, joined, recorded, suppress
from ctg_geo.secrecy.same_tables import _meet, _pairs, tables_of

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


def test_a_cell_of_a_commune_is_of_the_table_that_its_name_says():
    cells = [Cell("x@1/a", 1.0), Cell("all", 2.0), Cell("x/a", 3.0), Cell("x@1/b", 4.0),
             Cell("y@1/2/a", 5.0), Cell("0 x@1 3", 0.0)]  # fmt: skip
    found = tables_of(cells)
    assert {table: {code: cell.value for code, cell in each.items()}
            for table, each in found.items()} == {
        "x@1": {"a": 1, "b": 4}, "y@1/2": {"a": 5},
    }  # fmt: skip


def test_each_pair_of_tables_is_met_once_ours_first():
    assert list(_pairs(["m", "x"], ["a", "m", "x", "z"])) == [
        ("m", "a"), ("m", "x"), ("m", "z"), ("x", "a"), ("x", "z"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("one", "two", "met"),
    [
        ((1, 4), (4, 9), True), ((1, 4), (5, 9), False), ((5, 9), (1, 4), False),
        ((4, 9), (1, 4), True), ((1, 9), (4, 5), True), ((4, 5), (1, 9), True),
        ((1, 1), (1 + 9e-10, 2), True), ((1, 1), (1 + 3e-9, 2), False),
        ((1 + 9e-10, 2), (1, 1), True), ((1 + 3e-9, 2), (1, 1), False),
        ((0.1, 0.1), (0.1 + 9e-10, 0.2), True), ((0.1, 0.1), (0.1 + 2e-9, 0.2), False),
        ((4e9, 4e9), (4e9 + 3, 5e9), True), ((4e9, 4e9), (4e9 + 5, 5e9), False),
        ((4e9 + 3, 5e9), (4e9, 4e9), True), ((-4e9, -4e9), (-4e9 + 3, 0), True),
        ((0, float("inf")), (5, 5), True), ((5, 1e12), (1, 4.9), False),
        ((1, 4.9), (5, 1e12), False),
    ],
)  # fmt: skip
def test_two_intervals_meet_where_a_figure_may_be_in_both(one, two, met):
    assert _meet(one, two) == met


def same(one, two, *, name="x"):
    """Return how many figures of two texts of a vintage agree, and where they may be equal."""
    now, other = table("x@2", one), table(f"{name}@1", two)
    found = alike(now, [*other, *now])
    return [(each.agree, "".join(sum_.total[-1] for sum_ in each.sums)) for each in found]


@pytest.mark.parametrize(
    ("one", "two", "found"),
    [
        ((6, 7, 8, 9, 10), (6, 7, 8, 9, 10), [(5, "abcde")]),
        ((6, 7, 8, 9, 10), (6, 7, 8, 9, 99), [(4, "abcd")]),
        ((6, 7, 8, 9, None), (6, 7, 80, 90, None), [(2, "abe")]),  # as many as differ
        ((6, 7, 8, 9, None), (6, 70, 80, 90, None), []),
        ((0, 7, 8, None, None), (0, 7, 80, None, None), [(1, "abde")]),
        ((0, 7, 8, None, None), (0, 70, 80, None, None), []),  # 0 proves nothing
        ((0, 0, 0, 0, 0), (0, 0, 0, 0, 0), [(0, "abcde")]),
        ((None,) * 5, (None,) * 5, [(0, "abcde")]),
        ((None,) * 5, (6, 7, 8, 9, 10), []),  # nowhere can they be equal: 1 to 4 and more
        ((6, 7, 8, 9, 10), (None,) * 5, []),
    ],
)  # fmt: skip
def test_two_texts_are_one_table_where_as_much_agrees_as_differs(one, two, found):
    assert same(one, two) == found


@pytest.mark.parametrize(
    ("one", "two", "found"),
    [
        ((6, 7, 8, None, None), (6, 7, 8, None, None), [(3, "abcde")]),
        ((6, 7, None, None, None), (6, 7, None, None, None), []),
        ((6, 7, 0, None, None), (6, 7, 0, None, None), []),
        ((6, 7, 8, 9, 10), (6, 7, 8, 9, 99), []),
        ((6, 7, 8, 9, None), (6, 7, 8, None, 10), [(3, "abc")]),
    ],
)  # fmt: skip
def test_two_figures_are_one_table_where_three_communes_and_nearly_all_agree(one, two, found):
    assert same(one, two, name="y") == found


@pytest.mark.parametrize(("communes", "found"), [(10, 1), (9, 0)])
def test_nine_tenths_of_two_figures_must_agree(communes, found):
    """One commune in ten, or in nine, differs; the total elsewhere is of no commune."""
    now = [Cell(f"x@1/{at}", 20.0 + at) for at in range(communes)]
    other = [Cell(f"y@1/{at}", 20.0 + at + 50 * (at == 3)) for at in range(communes)]
    assert len(alike(now, [*other, *now, Cell("all", 3.0)])) == found


def test_rounded_figures_agree_where_their_intervals_meet():
    """Of a rounded figure that may be 0 and one that is none, nothing is proven but by the one."""
    rounded = [Cell(f"x@1/{code}", NAN, told=told) for code, told in
               zip("abc", [(17.5, 22.5), (0.0, 0.8), (7.5, 12.5)], strict=True)]  # fmt: skip
    exact = [Cell("x@2/a", 22.0), Cell("x@2/b", 0.0), Cell("x@2/c", 13.0)]
    ((found),) = alike(exact, [*rounded, *exact])
    assert (found.agree, [each.total for each in found.sums]) == (2, ["x@2/a", "x@2/b"])
    ((turned),) = alike(rounded, [*rounded, *exact])
    assert turned.agree == 2


def test_a_secret_that_is_known_here_counts_for_no_proof_and_may_be_equal():
    now = [Cell("x@2/a", 3.0, 1, 4, secret=True), Cell("x@2/b", 20.0, 5)]
    past = [Cell("x@1/a", 4.0, told=(4.0, 4.0)), Cell("x@1/b", 20.0, told=(20.0, 20.0))]
    ((found),) = alike(now, [*now, *past])
    assert found.agree == 1
    assert [(each.total, dict(each.parts)) for each in found.sums] == [
        ("x@2/b", {"x@1/b": 1.0}),  # 3 is not 4
    ]


def test_secrets_that_are_known_here_and_differ_prove_nothing():
    now = [Cell("x@2/a", 3.0, 1, 4, secret=True), Cell("x@2/b", 2.0, 1, 4, secret=True),
           Cell("x@2/c", 20.0), Cell("x@2/d", NAN, 5.0)]  # fmt: skip
    past = [Cell(f"x@1/{code}", value) for code, value in zip("abcd", (4, 4, 20, 30), strict=True)]
    ((found),) = alike(now, [*now, *past])
    assert (found.agree, [each.total for each in found.sums]) == (1, ["x@2/c", "x@2/d"])


def test_tables_are_compared_where_both_have_communes():
    now = [Cell(f"x@2/{code}", 20.0) for code in "abc"]
    past = [Cell(f"x@1/{code}", 20.0) for code in "bcd"]
    ((found),) = alike(now, [*now, *past])
    assert (found.agree, [each.total for each in found.sums]) == (2, ["x@2/b", "x@2/c"])
