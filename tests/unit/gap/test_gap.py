"""Gaps worked out by hand."""

import numpy as np
import pandas as pd
import pytest

from ctg_geo.errors import UnknownCodeError
from ctg_geo.gap import Undefined, agreement, concerned, missing_supply, poverty, score, time_score

ACCESS = pd.Series({"a": 0.0, "b": 0.125, "c": 0.25, "d": 0.5})
PEOPLE = pd.Series({"a": 10, "b": 40, "c": 30, "d": 20})


def test_what_is_missing_is_the_shortfall_times_the_people():
    missing = missing_supply(ACCESS, PEOPLE, norm=0.25)
    assert missing.to_dict() == {"a": 2.5, "b": 5.0, "c": 0.0, "d": 0.0}


def test_the_score_is_the_share_of_the_norm_that_lacks():
    assert score(ACCESS, norm=0.25).to_dict() == {"a": 100, "b": 50, "c": 0, "d": 0}


def test_a_time_is_scored_up_to_twice_the_norm():
    minutes = pd.Series([0, 20, 25, 40, 41, np.nan])
    assert time_score(minutes, within_min=20).tolist() == [0, 0, 25, 100, 100, 100]


def test_poverty_counts_those_strictly_below():
    # a is 1 below, b 1/2 below; 10 and 40 people of 100
    found = [poverty(ACCESS, PEOPLE, norm=0.25, power=power) for power in (0, 1, 2)]
    assert found == pytest.approx([0.5, 0.10 + 0.20, 0.10 + 0.10])


def test_poverty_of_nobody_is_undefined():
    assert poverty(ACCESS, PEOPLE * 0, norm=0.25, power=1) == Undefined("nobody")
    assert poverty(ACCESS, PEOPLE, norm=0, power=1) == Undefined("no_norm")


def test_those_concerned_are_the_people_below_the_norm():
    assert concerned(ACCESS < 0.25, PEOPLE).to_dict() == {"a": 10, "b": 40, "c": 0, "d": 0}


def test_agreement_aligns_the_variants_by_code_and_wants_them_all():
    base = pd.Series({"a": True, "b": False})
    turned = pd.Series({"b": False, "a": False})
    assert agreement(base, [turned]).to_dict() == {"a": 0, "b": 1}
    with pytest.raises(UnknownCodeError, match="variant") as caught:
        agreement(base, [turned.drop("b")])
    assert caught.value.codes == ("b",)
