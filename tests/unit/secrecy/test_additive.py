"""Sums that nobody declared: by ages, and in the numbers."""

import numpy as np
import pandas as pd
import pytest

from ctg_geo.secrecy import Cell, Sum
from ctg_geo.secrecy.additive import Additive, additive, possible, told_sums
from secrecy_cases import figure as made

NAN = float("nan")


def figure(name, ages=None, **more):
    return made(name, ages=ages, **more)


def taken(figures, table, declared=()):
    found = additive(figures, pd.DataFrame(table, index=list("abcde")), declared)
    return {each.total: dict(each.parts) for each in found if each.taken}


COLUMNS = {"x": [31, 40, 52, 63, NAN], "y": [17, 29, 8, 77, 12], "z": [48, 69, 60, 140, 20]}


def test_columns_that_add_up_are_a_sum_without_a_word():
    assert taken([figure(name) for name in "xyz"], COLUMNS) == {"z": {"x": 1.0, "y": 1.0}}


def test_a_declared_sum_is_not_found_again():
    assert not taken([figure(name) for name in "xyz"], COLUMNS, [("z", ["x", "y"])])


def test_other_columns_are_no_sum():
    assert not taken([figure(name) for name in "xyz"], {**COLUMNS, "z": [49, 70, 99, 150, 20]})


def test_a_sum_that_fails_once_is_doubted_aloud():
    found = additive([figure(name) for name in "xyz"], pd.DataFrame(
        {**COLUMNS, "z": [48, 69, 60, 150, 20]}, index=list("abcde")), [])  # fmt: skip
    (doubt,) = found
    assert (doubt.taken, doubt.holds, doubt.differs) == (False, 3, ("d",))


def test_a_sum_that_fails_as_often_as_not_is_none():
    table = pd.DataFrame({**COLUMNS, "z": [48, 69, 99, 150, 20]}, index=list("abcde"))
    assert not additive([figure(name) for name in "xyz"], table, [])


def test_a_column_of_zeros_adds_nothing():
    none = {"x": [0.0] * 5, "y": COLUMNS["y"], "z": COLUMNS["y"]}
    assert not taken([figure(name) for name in "xyz"], none)


def test_bands_make_a_wider_one_though_no_commune_is_known_whole():
    hidden = {"x": [NAN] * 5, "y": COLUMNS["y"], "z": COLUMNS["z"]}
    figures = [figure("x", (0, 2)), figure("y", (3, 5)), figure("z", (0, 5))]
    assert taken(figures, hidden) == {"z": {"x": 1.0, "y": 1.0}}


def test_bands_that_overlap_are_a_difference():
    rng = np.random.default_rng(1)
    years = {age: rng.integers(5, 40, 5) for age in range(12)}

    def ages(low, high):
        return sum(years[age] for age in range(low, high + 1)).astype(float)

    table = {"a": ages(0, 2), "b": ages(6, 11), "c": ages(0, 5), "d": ages(3, 11)}
    figures = [figure("a", (0, 2)), figure("b", (6, 11)), figure("c", (0, 5)), figure("d", (3, 11))]
    # 3-11 = 0-5 less 0-2, and 6-11: no band is made of others
    assert taken(figures, table)["d"] == {"c": 1.0, "a": -1.0, "b": 1.0}


def test_ages_of_other_people_are_no_sum():
    figures = [figure("x", (0, 2)), figure("y", (3, 5)), figure("z", (0, 5))]
    assert not taken(figures, {**COLUMNS, "z": [500, 600, 700, 800, 900]})


def test_a_total_of_more_figures_than_are_tried_in_all_ways_is_seen():
    """Seven ages and their total, which says none; one commune differs, one has a hidden count."""
    rng = np.random.default_rng(4)
    codes = [f"c{at:02}" for at in range(14)]
    ages = pd.DataFrame(rng.integers(5, 60, (14, 7)).astype(float), index=codes,
                        columns=[f"age_{at}" for at in range(7)])  # fmt: skip
    table = ages.assign(other=rng.integers(5, 60, 14).astype(float), all=ages.sum(axis=1))
    table.loc["c03", "all"] += 11
    table.loc["c05", "age_2"] = NAN
    found = additive([figure(name) for name in table], table, [])
    (whole,) = [each for each in found if each.taken]
    assert (whole.total, set(whole.parts)) == ("all", set(ages))
    assert whole.differs == ("c03",)


def test_no_sum_is_seen_among_figures_that_are_none():
    rng = np.random.default_rng(5)
    for _ in range(20):
        table = pd.DataFrame(rng.integers(5, 60, (30, 8)).astype(float),
                             columns=list("abcdefgh"))  # fmt: skip
        table["all"] = rng.integers(200, 400, 30).astype(float)
        assert not additive([figure(name) for name in table], table, [])


def found_in(table, *figures, declared=()):
    """Return each sum found: its total, its parts, whether it is taken, and where it fails."""
    table = pd.DataFrame(table)
    table.index = [f"c{at:02}" for at in range(len(table))]
    named = figures or [figure(name) for name in table]
    found = [(each.total, "".join(sorted(each.parts)), each.taken, each.holds, len(each.differs))
             for each in additive(named, table, declared)]  # fmt: skip
    assert len(set(found)) == len(found), "each sum is found once"
    return set(found)


def of_size(size, *, seed=1):
    """Return figures of which none is mostly below another."""
    rng = np.random.default_rng(seed)
    return rng.integers(20, 60, size).astype(float)


@pytest.mark.parametrize(
    ("communes", "off", "taken"),
    [(10, 1, True), (9, 1, False), (20, 2, True), (19, 2, False), (3, 0, True)],
)
def test_a_sum_is_taken_where_nine_tenths_of_the_communes_agree(communes, off, taken):
    x, y = of_size((2, communes))
    z = x + y + 9.0 * (np.arange(communes) < off)
    assert found_in({"x": x, "y": y, "z": z}) == {("z", "xy", taken, communes - off, off)}


def test_two_communes_tell_no_sum():
    x, y = of_size((2, 6))
    x[2:] = NAN
    assert found_in({"x": x, "y": y, "z": x + y}) == set()


def test_three_communes_with_one_that_differs_are_no_doubt_and_four_are():
    x, y = of_size((2, 6))
    y[4:] = NAN
    z = x + y
    z[0] += 9
    assert found_in({"x": x, "y": y, "z": z}) == {("z", "xy", False, 3, 1)}
    z[1] = NAN
    assert found_in({"x": x, "y": y, "z": z}) == set()


@pytest.mark.parametrize(("off", "taken"), [([17, 18], False), ([17, 0], True)])
def test_each_part_counts_somebody_in_two_communes_that_agree(off, taken):
    """w is of three communes, in two of which the sum fails, or in one."""
    x, y, w = of_size((3, 20))
    w[:17] = 0.0
    z = x + y + w
    z[off] += 50.0
    found = {each[1:] for each in found_in({"x": x, "y": y, "w": w, "z": z})}
    assert ("wxy", taken, 18, 2) in found


def test_a_commune_with_one_part_alone_tells_nothing():
    x, y = of_size((2, 6))
    x[0] = 0.0
    y[1] = 0.0
    assert found_in({"x": x, "y": y, "z": x + y}) == {("z", "xy", True, 4, 0)}


def rounded(values):
    return 5.0 * np.round(np.asarray(values) / 5)


@pytest.mark.parametrize(
    ("off", "factor", "held"),
    [(7.5, 1.0, True), (-7.5, 1.0, True), (8.0, 1.0, False), (15.0, 2.0, True), (16.0, 2.0, False)],
)
def test_rounded_figures_add_up_to_half_their_steps(off, factor, held):
    """Three figures rounded to 5: 2,5 each, times their factor."""
    x, y = factor * rounded(of_size((2, 8)) + 20)
    z = x + y
    z[3] += off
    named = [figure(name, rule="caf_open", factor=factor) for name in "xyz"]
    found = found_in({"x": x, "y": y, "z": z}, *named)
    assert found == {("z", "xy", held, 8 if held else 7, 0 if held else 1)}


def test_the_rounding_of_other_figures_is_no_slack():
    x, y = of_size((2, 8))
    z = x + y
    z[3] += 5.0
    named = [figure("x"), figure("y"), figure("z"), figure("w", rule="caf_open")]
    table = {"x": x, "y": y, "z": z, "w": np.full(8, NAN)}
    assert found_in(table, *named) == {("z", "xy", False, 7, 1)}


def test_totals_of_four_roundings_or_less_prove_nothing():
    """Any figures of 0 to 30 add up to each other within 7,5, here and there."""
    x, y = np.full((2, 6), 15.0)
    named = [figure(name, rule="caf_open") for name in "xyz"]
    assert found_in({"x": x, "y": y, "z": x + y}, *named) == set()
    assert found_in({"x": x, "y": y + 5, "z": x + y + 5}, *named) == {("z", "xy", True, 6, 0)}


def test_large_sums_hold_to_a_millionth():
    x, y = 1e7 + of_size((2, 6))
    z = x + y
    z[0] += 15.0
    assert found_in({"x": x, "y": y, "z": z}) == {("z", "xy", True, 6, 0)}
    z[0] += 15.0
    assert found_in({"x": x, "y": y, "z": z}) == {("z", "xy", False, 5, 1)}


def test_a_share_of_one_holds_to_a_millionth_of_1():
    x, y = of_size((2, 6)) / 1000
    z = x + y
    z[0] += 5e-7
    assert found_in({"x": x, "y": y, "z": z}) == {("z", "xy", True, 6, 0)}
    z[0] += 5e-6
    assert found_in({"x": x, "y": y, "z": z}) == {("z", "xy", False, 5, 1)}


def test_a_figure_whose_rule_is_about_its_units_is_part_of_no_sum():
    x, y = of_size((2, 6))
    named = [figure("x"), figure("y", by_units=True), figure("z")]
    assert found_in({"x": x, "y": y, "z": x + y}, *named) == set()


def test_what_is_mostly_above_a_figure_is_no_part_of_it():
    """In two of eight communes y is larger than the total, in three of nine too many."""
    x, y = of_size((2, 9))
    z = x + y
    y[:2] += 500.0
    assert found_in({"x": x[:8], "y": y[:8], "z": z[:8]}) == {("z", "xy", False, 6, 2)}
    y[2] += 500.0
    assert found_in({"x": x, "y": y, "z": z}) == set()


def test_a_figure_of_nobody_but_in_two_communes_is_part_of_no_sum():
    x, y = of_size((2, 6))
    y[2:] = 0.0
    z = x + y
    z[:2] -= 3.0
    # 2 tell, and both deny it: without y, z is x in the others
    assert found_in({"x": x, "y": y, "z": z}) == set()


def test_a_doubt_beside_a_sum_is_left_out():
    """z is x + y everywhere, and x + w in all communes but one."""
    x, y = of_size((2, 6))
    w = y.copy()
    w[0] += 9.0
    table = {"x": x, "y": y, "z": x + y, "w": w}
    assert found_in(table) == {("z", "xy", True, 6, 0)}
    alone = {"x": x, "z": x + y, "w": w}
    assert found_in(alone) == {("z", "wx", False, 5, 1)}
    declared = [("z", ["x", "y"])]
    assert found_in(alone, declared=declared) == set()


def test_a_sum_of_ages_is_not_found_in_the_numbers_again():
    x, y = of_size((2, 6))
    table = {"x": x, "y": y, "z": x + y}
    named = [figure("x", (0, 2)), figure("y", (3, 5)), figure("z", (0, 5))]
    assert found_in(table, *named) == {("z", "xy", True, 6, 0)}
    (each,) = additive(named, pd.DataFrame(table), [])
    assert (each.by_ages, each.is_total) == (True, True)


def test_of_two_ages_of_which_one_is_a_sum_the_other_may_be_doubted():
    """By ages z is x + y, in five of six communes: a doubt, told beside what the numbers say."""
    x, y = of_size((2, 6))
    w = y.copy()
    y[0] += 9.0
    named = [figure("x", (0, 2)), figure("y", (3, 5)), figure("z", (0, 5)), figure("w")]
    table = {"x": x, "y": y, "z": x + w, "w": w}
    assert found_in(table, *named) == {("z", "xy", False, 5, 1), ("z", "wx", True, 6, 0)}


@pytest.mark.parametrize(("off", "told"), [(3, False), (2, True)])
def test_ages_that_mostly_do_not_add_up_are_not_even_doubted(off, told):
    x, y = of_size((2, 6))
    z = x + y + 500.0 * (np.arange(6) < off)
    named = [figure("x", (0, 2)), figure("y", (3, 5)), figure("z", (0, 5))]
    assert found_in({"x": x, "y": y, "z": z}, *named) == (
        {("z", "xy", False, 6 - off, off)} if told else set()
    )


def test_ages_that_leave_out_a_year_or_count_one_twice_are_no_sum():
    x, y = of_size((2, 6))
    for ages in (((0, 2), (4, 5)), ((0, 2), (2, 5)), ((0, 2), (3, 6)), ((1, 2), (3, 5))):
        named = [figure("x", ages[0]), figure("y", ages[1]), figure("z", (0, 5))]
        table = {"x": x, "y": y, "z": x + y + 500.0}
        assert found_in(table, *named) == set(), ages


def test_two_figures_of_the_same_ages_are_no_sum_and_the_first_stands_for_both():
    x, y = of_size((2, 6))
    named = [figure("x", (0, 2)), figure("x2", (0, 2)), figure("y", (3, 5)), figure("z", (0, 5))]
    table = {"x": x, "x2": x + 500, "y": y, "z": x + y}
    assert found_in(table, *named) == {("z", "xy", True, 6, 0)}


def test_two_figures_that_are_the_same_are_no_sum_of_one():
    x = of_size(6)
    named = [figure("x", (0, 2)), figure("x2", (0, 2))]
    assert found_in({"x": x, "x2": x}, *named) == set()


def test_the_shortest_way_between_two_birthdays_is_taken():
    """0-11 is 0-5 and 6-11, though 0-5 is 0-2 and 3-5."""
    a, b, c = of_size((3, 6))
    named = [figure("a", (0, 2)), figure("b", (3, 5)), figure("c", (6, 11)),
             figure("d", (0, 5)), figure("e", (0, 11))]  # fmt: skip
    table = {"a": a, "b": b, "c": c, "d": a + b, "e": a + b + c}
    by_ages = {(each.total, *sorted(each.parts)) for each in
               additive(named, pd.DataFrame(table), []) if each.by_ages}  # fmt: skip
    # a band that others make adds no way of its own: 0-11 is told by the narrowest
    assert by_ages == {("d", "a", "b"), ("e", "a", "b", "c")}


@pytest.mark.parametrize(
    ("others", "size", "all_ways"),
    [(10, 4, True), (10, 5, False), (11, 3, True), (11, 4, False), (20, 3, True),
     (20, 4, False), (21, 2, True), (21, 3, False)],
)  # fmt: skip
def test_a_few_figures_are_tried_in_all_ways_and_more_by_the_best_fit(others, size, all_ways):
    """Two figures are the same, so that there are two sums, of which a fit finds one at most."""
    parts = of_size((others, 14), seed=others)
    table = {f"f{at:02}": each for at, each in enumerate(parts)}
    table["f00"] = table["f01"]
    table["total"] = parts[1 : size + 1].sum(axis=0)
    seen = {each for each in found_in(table) if each[0] == "total"}
    assert (len(seen) == 2) == all_ways, seen


@pytest.mark.parametrize("off", [40, -40])
def test_more_figures_than_are_tried_are_fitted_though_one_commune_is_off(off):
    """Six ages and their total, unknown in one. Counts hidden in many move the fit little."""
    parts = of_size((7, 300), seed=3)
    table = {f"f{at}": each.copy() for at, each in enumerate(parts)}
    table["total"] = parts[:6].sum(axis=0)
    table["total"][5] += off
    table["total"][7] = NAN
    for at in range(6):
        table[f"f{at}"][10 + at :: 40] = NAN
    ((total, names, taken, _, wrong),) = found_in(table)
    assert (total, names, taken, wrong) == ("total", "f0f1f2f3f4f5", True, 1)


CELLS = {
    "a": Cell("a", NAN, 1.0, 4.0, secret=True),
    "b": Cell("b", 7.0, 5.0),
    "c": Cell("c", NAN, 5.0, told=(22.5, 27.5)),
    "d": Cell("d", NAN, 5.0),
    "e": Cell("e", 3.0, 1.0, 4.0, secret=True),
    **{f"t{value:g}": Cell(f"t{value:g}", value) for value in (7.9, 8, 11, 11.1, 29, 29.5, 31.5,
                                                              34.5, 35, 1e6, 3.4, 4.1)},
}  # fmt: skip


@pytest.mark.parametrize(
    ("total", "parts", "able"),
    [
        ("t8", "ab", True), ("t7.9", "ab", False), ("t11", "ab", True), ("t11.1", "ab", False),
        ("t29.5", "bc", True), ("t29", "bc", False), ("t34.5", "bc", True), ("t35", "bc", False),
        ("t1e+06", "ad", True), ("t8", "ad", True), ("t7.9", "bd", False),
        ("t7.9", "e", False),
    ],
)  # fmt: skip
def test_a_sum_is_possible_where_what_is_known_of_each_cell_allows_it(total, parts, able):
    assert possible(Sum(total, dict.fromkeys(parts, 1.0)), CELLS) == able


def test_a_difference_is_possible_by_the_other_ends():
    # 7 less 1 to 4 is 3 to 6
    for total, able in (("t3.4", True), ("t4.1", True), ("t7.9", False)):
        assert possible(Sum(total, {"b": 1.0, "a": -1.0}), CELLS) == able
    assert possible(Sum("b", {"t11": 1.0, "a": -1.0}), CELLS)
    assert not possible(Sum("b", {"t11.1": 1.0, "a": -1.0}), CELLS)
    assert not possible(Sum("b", {"t7.9": 1.0, "a": -1.0}), CELLS)


@pytest.mark.parametrize(("size", "off", "able"), [
    (1e6, 5.0, True), (1e6, 20.0, False), (1e-3, 9e-7, True), (1e-3, 2e-6, False),
])  # fmt: skip
@pytest.mark.parametrize("sign", [1, -1])
def test_a_sum_of_known_figures_holds_to_a_millionth(size, off, able, sign):
    cells = {"x": Cell("x", size), "y": Cell("y", 2 * size), "z": Cell("z", 3 * size + sign * off),
             "free": Cell("free", NAN, 0.0, 0.0)}  # fmt: skip
    assert possible(Sum("z", {"x": 1.0, "y": 1.0, "free": 1.0}), cells) == able


def test_sums_that_are_taken_are_told_where_they_can_hold():
    named = {name: figure(name) for name in "xyz"}
    counts = {"a": (NAN, 7.0, 10.0), "b": (20.0, 21.0, 41.0), "c": (30.0, 31.0, 99.0)}
    cells = {}
    for code, values in counts.items():
        for name, value in zip("xyz", values, strict=True):
            key = named[name].key(code)
            cells[key] = Cell(key, value, 1.0, 4.0 if np.isnan(value) else float("inf"))
    sure = Additive("z", {"x": 1.0, "y": 1.0}, False, 3, (), True)
    doubt = Additive("z", {"x": 2.0}, False, 3, (), False)
    assert told_sums([doubt, sure], named, cells, "abc") == [
        Sum("z@2026/a", {"x@2026/a": 1.0, "y@2026/a": 1.0}),
        Sum("z@2026/b", {"x@2026/b": 1.0, "y@2026/b": 1.0}),
    ]


def test_a_sum_of_parts_alone_is_a_total_and_a_difference_is_not():
    assert Additive("z", {"x": 1.0, "y": 2.0}, False, 3, (), True).is_total
    assert not Additive("z", {"x": 1.0, "y": -1.0}, False, 3, (), True).is_total
