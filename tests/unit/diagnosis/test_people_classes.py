"""Classes of people as the convention prints them: a value on a bound is in the class above."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from ctg_geo.diagnosis import people_class, people_classes
from ctg_geo.parameters import Theme

BOUNDS = (0, 50, 100, 300, 1000)
ENFANCE = Theme(label="Enfance", source="convention", classes=BOUNDS)


@pytest.mark.parametrize(
    ("people", "number"),
    [(0, 0), (49.99, 0), (50, 1), (99, 1), (100, 2), (299, 2), (300, 3), (1000, 4), (4556, 4)],
)
def test_each_bound_belongs_to_the_class_above(people, number):
    assert people_class(pd.Series([people]), ENFANCE).tolist() == [number]


def test_people_that_are_not_known_have_no_class():
    assert people_class(pd.Series([float("nan")]), ENFANCE).isna().all()


@given(st.floats(0, 1e6))
def test_the_class_is_the_one_whose_bounds_hold_the_value(people):
    number = int(people_class(pd.Series([people]), ENFANCE).iloc[0])
    holding = [each.number for each in people_classes(ENFANCE) if each.low <= people < each.high]
    assert holding == [number]


def test_classes_or_the_reason_for_none_are_needed():
    with pytest.raises(ValidationError):
        Theme(label="x", source="s")
    with pytest.raises(ValidationError):
        Theme(label="x", source="s", classes=(0, 50), no_classes="illisibles")
    with pytest.raises(ValidationError):
        Theme(label="x", source="s", classes=(50, 0))
