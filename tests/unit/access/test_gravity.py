"""Supply that is not shared, and supply divided among homes by their people and nearness."""

import numpy as np
import pandas as pd
import pytest

from ctg_geo import TravelTimes
from ctg_geo.access import cumulative_supply, gravity, spatial_availability
from ctg_geo.access.decay import steps

PAIRS = pd.DataFrame(
    [("a", "x", 5.0), ("a", "y", 15.0), ("b", "y", 5.0), ("c", "y", 5.0)],
    columns=["origin", "destination", "minutes"],
)
TIMES = TravelTimes.from_frame(
    PAIRS, limit_min=30, origins=["a", "b", "c", "d"], destinations=["x", "y"]
)
PEOPLE = pd.Series({"a": 4.0, "b": 9.0, "c": 0.0, "d": 5.0})
OFFER = pd.Series({"x": 30.0, "y": 12.0})
HALF = steps([10, 20], [1, 0.5])


def test_supply_within_reach_is_summed_by_nearness():
    found = gravity(TIMES, OFFER, decay=HALF)
    assert found.to_dict() == {"a": 36, "b": 12, "c": 12, "d": 0}
    assert found.name == "gravity"
    whole = cumulative_supply(TIMES, OFFER, within_min=15)
    assert whole.to_dict() == {"a": 42, "b": 12, "c": 12, "d": 0}
    assert whole.name == "cumulative_supply"


@pytest.mark.parametrize(
    ("power", "of_y"),  # the part of a, at a half, and of b
    [(1.0, (2 / 11, 9 / 11)), (0.5, (1 / 4, 3 / 4)), (0.0, (1 / 3, 2 / 3))],
)
def test_supply_goes_to_people_by_a_power_and_none_of_it_to_nobody(power, of_y):
    found = spatial_availability(TIMES, PEOPLE, OFFER, decay=HALF, demand_power=power)
    available = [30 + 12 * of_y[0], 12 * of_y[1], 0, 0]
    assert found["available"].tolist() == pytest.approx(available)
    per_person = [available[0] / 4, available[1] / 9, np.nan, 0]
    assert found["per_person"].tolist() == pytest.approx(per_person, nan_ok=True)


def test_people_count_each_once_unless_said_otherwise():
    found = spatial_availability(TIMES, PEOPLE, OFFER, decay=HALF)
    assert found.equals(spatial_availability(TIMES, PEOPLE, OFFER, decay=HALF, demand_power=1.0))
