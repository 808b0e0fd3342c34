"""Inequality worked out by hand, and each reason why there may be none."""

import numpy as np
import pandas as pd
import pytest

from ctg_geo.errors import DataError, UnknownCodeError
from ctg_geo.gap import (
    ByIncome,
    Undefined,
    concentration,
    gini,
    palma,
    quantile,
    theil,
    theil_split,
)

PLACES = ["a", "b", "c", "d"]
ACCESS = pd.Series([0.0, 1.0, 1.0, 2.0], PLACES)
PEOPLE = pd.Series([1, 1, 1, 1], PLACES)
INCOME = pd.Series([10.0, 20.0, 30.0, 40.0], PLACES)
NOBODY = PEOPLE * 0
NORTH = pd.Series(["north", "north", "south", "south"], PLACES)


def test_gini_of_four_people():
    # ordered pairs differ by 1 (8 of them) or 2 (2 of them): 12 / (2 × 16 × 1)
    assert gini(ACCESS, PEOPLE) == pytest.approx(0.375)


def test_theil_of_four_people():
    # 0 and 1 ln 1 add nothing; 1/4 × 2 ln 2
    assert theil(ACCESS, PEOPLE) == pytest.approx(np.log(2) / 2)


def test_theil_splits_by_hand():
    # north has 1 of 4, its index is ln 2 (all to one of two); south 3 of 4, of mean 3/2
    split = theil_split(ACCESS, PEOPLE, NORTH)
    south = 0.5 * (2 / 3 * np.log(2 / 3) + 4 / 3 * np.log(4 / 3))
    assert split.within == pytest.approx(np.log(2) / 4 + 3 / 4 * south)
    assert split.between == pytest.approx(1 / 4 * np.log(1 / 2) + 3 / 4 * np.log(3 / 2))
    assert split.groups["theil"].tolist() == pytest.approx([np.log(2), south])
    assert split.groups["people"].tolist() == [2, 2]


def test_palma_compares_the_richest_tenth_with_the_poorest_four_tenths():
    # ten ranks of people: the poorest 4 are 2.5 of a (0) and 1.5 of b (1): 0.6 / 1.6 = 0.375
    found = palma(ACCESS, PEOPLE, INCOME)
    assert found == ByIncome(pytest.approx(2 / 0.375), 4.0, 0.0)


def test_concentration_is_the_gini_index_where_access_rises_with_income():
    assert concentration(ACCESS, PEOPLE, INCOME).value == pytest.approx(0.375)
    assert concentration(ACCESS, PEOPLE, -INCOME).value == pytest.approx(-0.375)


def test_people_of_unknown_income_are_counted_apart():
    income = INCOME.where(INCOME < 40)
    found = concentration(ACCESS, PEOPLE, income)
    assert (found.ranked, found.left_out) == (3, 1)
    assert found.value == concentration(ACCESS[:3], PEOPLE[:3], INCOME[:3]).value


def test_a_quantile_is_one_of_the_values():
    minutes = pd.Series([5.0, 40.0, np.nan], ["a", "b", "c"])
    people = pd.Series([8, 1, 1], ["a", "b", "c"])
    shares = (0.1, 0.5, 0.9, 1.0)
    found = [quantile(minutes, people, share=share) for share in shares]
    assert found == [5, 5, 40, Undefined("no_value")]
    assert quantile(minutes, people * 0, share=0.5) == Undefined("nobody")


@pytest.mark.parametrize("index", [gini, theil])
def test_without_people_or_access_there_is_no_index(index):
    assert index(ACCESS, NOBODY) == Undefined("nobody")
    assert index(ACCESS * 0, PEOPLE) == Undefined("all_zero")
    assert index(ACCESS[:0], PEOPLE[:0]) == Undefined("nobody")


def test_no_split_without_two_groups():
    assert theil_split(ACCESS, PEOPLE, NORTH.replace("south", "north")) == Undefined("one_group")
    assert theil_split(ACCESS, NOBODY, NORTH) == Undefined("nobody")


@pytest.mark.parametrize("index", [palma, concentration])
def test_no_ranking_without_incomes_that_differ(index):
    assert index(ACCESS, PEOPLE, INCOME * np.nan).value == Undefined("no_income")
    assert index(ACCESS, PEOPLE, INCOME * 0).value == Undefined("one_income")
    assert index(ACCESS * 0, PEOPLE, INCOME).value == Undefined("all_zero")


def test_no_ratio_to_poor_people_who_have_nothing():
    access = pd.Series([0.0, 0.0, 1.0, 1.0], PLACES)
    assert palma(access, PEOPLE, INCOME).value == Undefined("poorest_zero")


def test_the_reason_is_said_in_both_languages():
    assert Undefined("all_zero").explain() == "non défini, parce que personne n’a accès à rien"
    assert str(Undefined("one_group")) == "not defined, because there is only one group"


def test_a_place_without_people_group_or_income_is_told():
    with pytest.raises(UnknownCodeError, match="people"):
        gini(ACCESS, PEOPLE.drop("b"))
    with pytest.raises(UnknownCodeError, match="income"):
        palma(ACCESS, PEOPLE, INCOME.drop("b"))
    with pytest.raises(DataError, match="b is in no group"):
        theil_split(ACCESS, PEOPLE, NORTH.where(NORTH.index != "b"))
    with pytest.raises(DataError, match="access"):
        gini(ACCESS - 1, PEOPLE)
