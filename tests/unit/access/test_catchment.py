"""Floating catchments by hand: two homes, a crèche near to one, one between the two."""

import numpy as np
import pandas as pd
import pytest

from ctg_geo import TravelTimes
from ctg_geo.access import bfca, e2sfca, m2sfca, three_step
from ctg_geo.access.catchment import divided, parted, reached, reached_selecting
from ctg_geo.access.decay import steps
from ctg_geo.errors import UnknownCodeError

PAIRS = pd.DataFrame(
    [("a", "x", 5.0), ("a", "y", 15.0), ("b", "y", 5.0), ("c", "x", 25.0)],
    columns=["origin", "destination", "minutes"],
)
TIMES = TravelTimes.from_frame(
    PAIRS, limit_min=30, origins=["a", "b", "c"], destinations=["x", "y", "z"]
)
PEOPLE = pd.Series({"a": 40.0, "b": 20.0, "c": 9.0})
OFFER = pd.Series({"x": 30.0, "y": 12.0, "z": 5.0})
HALF = steps([10, 20], [1, 0.5])  # c is too far, and z is reached by nobody


def test_the_far_count_less_once_or_twice():
    found = e2sfca(TIMES, PEOPLE, OFFER, decay=HALF)
    # x: 30 / 40; y: 12 / (0.5 × 40 + 20)
    assert found.ratio.tolist() == pytest.approx([0.75, 0.3, np.nan], nan_ok=True)
    assert found.access.tolist() == pytest.approx([0.75 + 0.5 * 0.3, 0.3, 0])
    twice = m2sfca(TIMES, PEOPLE, OFFER, decay=HALF)
    assert twice.ratio.equals(found.ratio)
    assert twice.access.tolist() == pytest.approx([0.75 + 0.25 * 0.3, 0.3, 0])


def test_people_divide_themselves_by_weight():
    found = three_step(TIMES, PEOPLE, OFFER, decay=HALF)
    # a: 2/3 to x, and 1/3 to y at a half. x: 30 / (40 × 2/3); y: 12 / (40 / 6 + 20).
    assert found.ratio.tolist() == pytest.approx([1.125, 0.45, np.nan], nan_ok=True)
    assert found.access.tolist() == pytest.approx([1.125 * 2 / 3 + 0.45 / 6, 0.45, 0])


def test_people_and_service_are_each_divided_once():
    found = bfca(TIMES, PEOPLE, OFFER, decay=HALF)
    # x: 30 / (40 × 2/3), all for a; y: 12 / (40 / 3 + 20), a third of it for a.
    assert found.ratio.tolist() == pytest.approx([1.125, 0.36, np.nan], nan_ok=True)
    assert found.access.tolist() == pytest.approx([1.125 + 0.12, 0.24, 0])


def test_whom_a_place_is_shared_among():
    assert reached(TIMES, PEOPLE, decay=HALF).to_dict() == {"x": 40, "y": 0.5 * 40 + 20, "z": 0}
    found = reached_selecting(TIMES, PEOPLE, decay=HALF)
    assert found.to_dict() == pytest.approx({"x": 40 * 2 / 3, "y": 40 / 6 + 20, "z": 0})


@pytest.mark.parametrize(
    ("measure", "access"),
    [(e2sfca, 0.5 + 0.5 * 0.2), (m2sfca, 0.5 + 0.25 * 0.2), (three_step, 1 / 3 + 0.2 / 6)],
)
def test_a_place_may_be_shared_among_more_people_than_are_told(measure, access):
    among = pd.Series({"z": 0.0, "y": 60.0, "x": 60.0})  # in any order
    found = measure(TIMES, PEOPLE, OFFER, decay=HALF, among=among)
    assert found.ratio.tolist() == pytest.approx([0.5, 0.2, np.nan], nan_ok=True)
    assert found.access["a"] == pytest.approx(access)
    with pytest.raises(UnknownCodeError, match="among"):
        measure(TIMES, PEOPLE, OFFER, decay=HALF, among=among.drop("y"))


def test_nothing_to_divide_by_is_unknown_or_nothing():
    above, below = np.array([3.0, 0, 2]), np.array([0.0, 0, 0.5])
    assert divided(above, below).tolist() == pytest.approx([np.nan, np.nan, 4], nan_ok=True)
    assert parted(above, below).tolist() == [0, 0, 4]
