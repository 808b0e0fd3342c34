"""Tables held against each other: a share, a complement or a twin that tells a secret count."""

import numpy as np
import pandas as pd
import pytest

from ctg_geo.secrecy import Retold, retold
from ctg_geo.secrecy.retold import _agree, _made, _rounding

ALL = np.array([50.0, 90, 80, 75, 120, 64])
ALONE = np.array([2.0, 9, 10, 12, 31, 7])
CODES = list("abcdef")


def told(**columns):
    """Return a table in which a has 2 alone, secret."""
    table = pd.DataFrame({"all": ALL, "alone": ALONE, **columns}, index=CODES)
    table.loc["a", "alone"] = np.nan
    return table


def tellers(table, *names):
    return {(each.figure, each.codes) for each in retold(table, table.isna(), names)}


@pytest.mark.parametrize(
    "teller",
    [ALONE, 100 * ALONE / ALL, (100 * ALONE / ALL).round(1), (100 * ALONE / ALL).round(),
     ALONE / ALL, 1000 * ALONE / ALL, ALL - ALONE, ALL + ALONE, ALL / ALONE, 100 * ALONE],
)  # fmt: skip
def test_what_tells_the_secret_of_a_is_hidden_there_and_nowhere_else(teller):
    assert tellers(told(teller=teller), "teller") == {("teller", ("a",))}


def test_a_share_that_is_secret_is_told_by_the_two_counts_it_is_made_of():
    table = told(share=ALONE / ALL)
    table["alone"] = ALONE
    table.loc["a", "share"] = np.nan
    assert tellers(table, "alone") == {("alone", ("a",))}


def test_other_figures_tell_nothing():
    rng = np.random.default_rng(3)
    for _ in range(200):
        other = rng.integers(1, 100, len(CODES)).astype(float)
        assert not tellers(told(other=other), "other")


def test_a_share_that_is_the_same_everywhere_tells_as_well():
    table = told(share=[10.0] * 6)
    table["alone"] = [np.nan, 9, 8, 7.5, 12, 6.4]
    assert tellers(table, "share") == {("share", ("a",))}


def test_a_figure_that_is_mostly_0_proves_nothing():
    assert not tellers(told(none=[2.0, 0, 0, 0, 31, 7]), "none")
    assert not tellers(told(few=[1.0, 0, 1, 1, 1, 1]), "few")


def test_where_all_but_two_are_0_the_two_tell():
    table = told(again=[2.0, 9, 0, 0, 31, 0])
    table["alone"] = [np.nan, 9, 0, 0, 31, 0]
    assert tellers(table, "again") == {("again", ("a",))}


def test_a_chain_is_followed_to_its_end():
    """Couples tell those alone; a share of couples tells the couples once they are hidden."""
    couples = ALL - ALONE
    table = told(couples=couples, share=100 * couples / ALL)
    assert tellers(table, "couples", "share") == {("couples", ("a",)), ("share", ("a",))}


def test_one_commune_that_differs_in_ten_does_not_save_the_others():
    rng = np.random.default_rng(1)
    alone = rng.integers(5, 60, 20).astype(float)
    table = pd.DataFrame({"alone": alone, "again": alone}, index=[f"c{at}" for at in range(20)])
    table.loc["c0", "alone"], table.loc["c1", "again"] = np.nan, 99.0
    assert tellers(table, "again") == {("again", ("c0",))}


NAN = np.nan


def test_a_secret_makes_its_multiples_alone_of_which_shares_may_be_rounded():
    made, coarse, slack = _made(np.array([4.0]), None, 0.5)
    assert made[:, 0].tolist() == [4, 400, 4000]
    assert coarse.tolist() == [0, 1, 1]
    assert slack[:, 0].tolist() == [0, 0, 0]


def test_a_secret_makes_sums_shares_and_parts_with_a_third_figure():
    made, coarse, slack = _made(np.array([4.0]), np.array([-50.0]), 0.5)
    assert made[:, 0].tolist() == pytest.approx(
        [-54, 54, -46, -0.08, -8, -80, -12.5, -1250, -12500, -200, -2, -0.2]
    )
    assert coarse.tolist() == [0] * 3 + [1] * 9
    # 4 is 3,5 to 4,5: of 50, 0,01 more or less; 25 more or less in a product
    assert slack[:, 0].tolist() == pytest.approx(
        [0] * 3 + [0.01, 1, 10] + [0] * 3 + [25, 0.25, 0.025]
    )


def test_what_is_divided_by_0_proves_nothing_and_moves_nothing():
    made, _, slack = _made(np.array([4.0]), np.array([0.0]), 0.5)
    assert np.isinf(made[3:6, 0]).all()
    assert slack[3:6, 0].tolist() == [0, 0, 0]
    unknown, _, slack = _made(np.array([NAN]), np.array([NAN]), 0.5)
    assert np.isnan(unknown).all()
    assert np.isfinite(slack).all()


@pytest.mark.parametrize(
    ("values", "half"),
    [
        ([1, 20, NAN, -3], 0.5), ([1, 2.5], 0.05), ([NAN, 2.25], 0.005), ([0.125, -7], 5e-4),
        ([0.123456, 3], 5e-7), ([0.1234567, 3], 0.0), ([1 / 3], 0.0), ([NAN], 0.5),
        ([1e9, 1e9 + 0.25], 0.5), ([1e6 + 0.25], 0.005),
        ([1e-9], 0.5), ([1.5e-9], 0.0), ([1e-7], 0.0), ([3 + 1e-9], 0.5), ([3 + 1e-7], 0.0),
    ],
)  # fmt: skip
def test_a_column_is_rounded_to_its_last_decimal(values, half):
    assert _rounding(np.array(values, dtype=float)) == pytest.approx(half)


def agree(told, made, slack=0.0):
    """Tell whether a teller is what a figure makes."""
    told, made = np.array(told, float)[:, None], np.array(made, float)[None]
    (found,) = _agree(told, made, np.full((1, len(told), 1), slack))
    return bool(found)


@pytest.mark.parametrize(
    ("told", "made", "same"),
    [
        ([5, 6, 7], [5, 6, 7], True), ([5, 6, 7], [5, 6, 8], False), ([5, 6], [5, 6], True),
        ([5], [5], False), ([5, 6], [5, 7], False), ([5, NAN, 7], [5, 6, 7], True),
        ([5, NAN, 7], [5, 6, 8], False), ([5, NAN, NAN], [5, 6, 7], False),
        ([5, 0, 0, 7], [5, 0, 0, 7], True), ([5, 0, 0, 0], [5, 0, 0, 0], False),
        ([5, 0, 6, 7], [5, 1, 6, 7], False), ([5, 1, 6, 7], [5, 0, 6, 7], False),
        ([-5, 6, 7], [-5, 6, 7], True), ([-5, 6, 7], [5, 6, 7], False),
        ([5, 6, 7], [5, np.inf, 7], True), ([5, 6, 7], [5, np.inf, 8], False),
        ([0, 0, 0], [0, 0, 0], False),
        ([*range(1, 10), 99], range(1, 11), True), ([*range(1, 9), 99], range(1, 10), False),
        ([*range(1, 19), 99, 99], range(1, 21), True),
        ([*range(1, 18), 99, 99], range(1, 20), False),
    ],
)  # fmt: skip
def test_two_figures_are_the_same_in_nine_tenths_of_what_tells(told, made, same):
    assert agree(told, made) == same


def test_three_communes_tell_more_than_two():
    assert agree([5, 6, 7, NAN], [5, 6, 7, 8])
    # two that agree, of three that can be compared, are not nine tenths; nor of four
    assert not agree([5, 6, 99, NAN], [5, 6, 7, 8])


@pytest.mark.parametrize(("off", "same"), [(0.5, True), (0.6, False), (-0.5, True), (-0.6, False)])
def test_what_is_rounded_is_the_same_within_its_rounding(off, same):
    assert agree([50 + off, 60, 70], [50, 60, 70], 0.5) == same


@pytest.mark.parametrize(("size", "off", "same"), [
    (5.0, 2e-9, True), (5.0, 1e-8, False), (0.5, 9e-10, True), (0.5, 1.5e-9, False),
    (5e9, 4.0, True), (5e9, 6.0, False),
])  # fmt: skip
def test_what_is_not_rounded_is_the_same_to_a_billionth(size, off, same):
    assert agree([size + off, 60, 70], [size, 60, 70]) == same


@pytest.mark.parametrize(("size", "same"), [(2.1, True), (2.0, False), (1.9, False)])
def test_a_figure_of_four_times_its_rounding_or_less_proves_nothing(size, same):
    assert agree([size] * 3, [size] * 3, 0.5) == same


def test_each_teller_is_judged_by_its_own_slack_and_any_figure_made_will_do():
    told = np.array([[50.4, 50.4, 9], [60, 60, 9], [70, 70, 9]], dtype=float)
    made = np.array([[1, 2, 3], [50, 60, 70]], dtype=float)
    slack = np.zeros((2, 3, 3))
    slack[1, :, 1] = 0.5
    assert _agree(told, made, slack).tolist() == [False, True, False]


def names(table, *tellers, secret=None):
    hidden = table.isna() if secret is None else secret
    return [(each.figure, each.secret, each.beside, "".join(each.codes))
            for each in retold(table, hidden, tellers)]  # fmt: skip


def test_what_is_found_says_what_tells_what():
    assert retold(told(again=ALONE), told(again=ALONE).isna(), ["again"]) == [
        Retold("again", "alone", "", ("a",))
    ]
    assert names(told(rest=ALL - ALONE), "rest") == [("rest", "alone", "all", "a")]


def test_the_first_of_two_tellers_is_hidden_and_the_second_then_tells_nothing():
    """Couples and those alone make all: of the people and the couples, one must go."""
    table = told(rest=ALL - ALONE)
    assert names(table, "rest", "all") == [("rest", "alone", "all", "a")]
    assert names(table, "all", "rest") == [("all", "alone", "rest", "a")]


def test_what_cannot_be_hidden_stays():
    assert names(told(again=ALONE)) == []
    assert names(told(again=ALONE), "all") == []


def test_a_figure_tells_nothing_where_it_or_the_third_is_not_told():
    share = 100 * ALONE / ALL
    table = told(share=share)
    table.loc["b", "alone"] = NAN
    table.loc["b", "all"] = NAN
    assert names(table, "share") == [("share", "alone", "all", "a")]
    table.loc["a", "share"] = NAN
    assert names(table, "share") == []


def test_what_is_unknown_and_no_secret_is_not_protected():
    table = told(again=ALONE)
    table.loc["b", "alone"] = NAN
    secret = table.isna()
    secret.loc["b", "alone"] = False
    assert names(table, "again", secret=secret) == [("again", "alone", "", "a")]


def test_a_secret_of_one_number_everywhere_is_not_compared():
    table = told(again=[2.0, 9, 9, 9, 9, 9])
    table["alone"] = [NAN, 9, 9, 9, 9, 9]
    assert names(table, "again") == []
    table.loc["f", ["again", "alone"]] = 10.0
    assert names(table, "again") == [("again", "alone", "", "a")]
    table["alone"] = [NAN, 9, 9, 9, 0, 0]  # 0 proves nothing, not even that figures differ
    table["again"] = [2.0, 9, 9, 9, 0, 0]
    assert names(table, "again") == []


@pytest.mark.parametrize("decimals", [0, 1, 2])
@pytest.mark.parametrize("scale", [100, 1000])
def test_a_percentage_that_is_secret_is_told_by_the_count_it_is_of(scale, decimals):
    """Of 5 000 to 12 000 people, of which the share is told to some decimals."""
    people = 100 * ALL + 3
    count = (100 * ALONE + np.arange(6)).round()
    share = (scale * count / people).round(decimals)
    table = pd.DataFrame({"all": people, "count": count, "share": share}, index=CODES)
    table.loc["a", "share"] = NAN
    assert names(table, "count") == [("count", "share", "all", "a")]


@pytest.mark.parametrize("scale", [1, 100, 1000])
def test_the_turn_of_a_share_tells_as_well(scale):
    assert names(told(turn=scale * ALL / ALONE), "turn") == [("turn", "alone", "all", "a")]
    rounded = (scale * ALL / ALONE).round(1)
    assert names(told(turn=rounded), "turn") == [("turn", "alone", "all", "a")]


def test_a_count_is_not_told_by_one_that_differs_by_less_than_its_rounding():
    """A count is not rounded: half a person more is another figure."""
    assert names(told(other=ALONE + 0.4), "other") == []
    assert names(told(other=ALL - ALONE + 0.4), "other") == []
    assert names(told(other=(100 * ALONE / ALL).round() + 0.4), "other") == []


def test_the_figures_given_are_left_as_they_were():
    table = told(again=ALONE)
    secret, kept = table.isna(), table.copy()
    retold(table, secret, ["again"])
    pd.testing.assert_frame_equal(table, kept)
    pd.testing.assert_frame_equal(secret, kept.isna())


def test_a_share_that_is_mostly_all_does_not_make_its_people_its_own_retelling():
    """100 %, but in one commune of eleven: this share of all is all, which proves nothing."""
    people = np.arange(20.0, 32.0)
    share = np.array([NAN, 50.0, *[100.0] * 10])
    table = pd.DataFrame({"all": people, "share": share}, index=[f"c{at}" for at in range(12)])
    assert names(table, "all") == []
