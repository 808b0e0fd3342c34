"""Tables held against each other: a share, a complement or a twin that tells a secret count."""

import numpy as np
import pandas as pd
import pytest

from ctg_geo.secrecy import retold

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
