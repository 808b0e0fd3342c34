"""People who choose by crowding: who takes part, in which unit, and when nothing is settled."""

import numpy as np
import pandas as pd
import pytest

from ctg_geo import TravelTimes
from ctg_geo.access import raam, rational
from ctg_geo.errors import TravelError

PAIRS = pd.DataFrame(
    [("a", "x", 0.0), ("a", "y", 30.0), ("a", "z", 0.0), ("b", "y", 30.0), ("c", "z", 0.0)],
    columns=["origin", "destination", "minutes"],
)
TIMES = TravelTimes.from_frame(
    PAIRS, limit_min=60, origins=["a", "b", "c", "d"], destinations=["x", "y", "z"]
)
PEOPLE = pd.Series({"d": 8.0, "c": 9.0, "b": 0.0, "a": 40.0})
OFFER = pd.Series({"x": 10.0, "y": 10.0, "z": 0.0})  # z is chosen by nobody


def test_who_reaches_supply_goes_and_who_is_nobody_still_has_a_cost():
    found = raam(TIMES, PEOPLE, OFFER, people_per_unit=2)
    # a: 25 / 20 next door, 15 / 20 + 30 / 60 away; b would find 15 / 20 + 30 / 60.
    assert found.load.to_dict() == pytest.approx({"x": 25, "y": 15, "z": 0})
    assert found.cost.tolist() == pytest.approx([1.25, 1.25, np.nan, np.nan], nan_ok=True)
    assert (found.cost.name, found.load.name) == ("cost", "load")
    assert 0 <= found.excess <= 1e-6


def test_less_than_a_person_and_a_place_still_count():
    found = raam(TIMES, PEOPLE / 100, OFFER / 100, people_per_unit=2)
    assert found.load.to_dict() == pytest.approx({"x": 0.25, "y": 0.15, "z": 0})
    assert found.cost.tolist() == pytest.approx([1.25, 1.25, np.nan, np.nan], nan_ok=True)


def test_a_unit_of_supply_is_for_as_many_people_as_there_are_unless_said_otherwise():
    alone = raam(TIMES, PEOPLE, OFFER)  # 57 people over 20 places, one of 28.5 people each
    # x / 28.5 = y / 28.5 + 0.5, of 40 people: 27.125 and 12.875
    assert alone.load.to_dict() == pytest.approx({"x": 27.125, "y": 12.875, "z": 0})
    assert alone.cost["a"] == pytest.approx(27.125 / 28.5)


def test_a_trip_of_tau_costs_as_much_as_the_mean_congestion():
    found = raam(TIMES, PEOPLE, OFFER, people_per_unit=2, tau_min=30)
    # x / 20 = y / 20 + 1: 30 and 10
    assert found.load.to_dict() == pytest.approx({"x": 30, "y": 10, "z": 0})
    assert found.cost["a"] == pytest.approx(1.5)


@pytest.mark.parametrize(
    ("people", "offer", "costs"),
    [(PEOPLE * 0, OFFER, [0, 0.5]), (PEOPLE, OFFER * 0, [np.nan] * 2)],
)
def test_where_nobody_goes_anywhere_nothing_is_left_to_settle(people, offer, costs):
    found = raam(TIMES, people, offer, people_per_unit=2)
    assert found.load.tolist() == [0, 0, 0]
    assert found.cost.tolist() == pytest.approx([*costs, np.nan, np.nan], nan_ok=True)
    assert (found.excess, found.rounds) == (0, 0)
    assert raam(TIMES, people, offer).load.tolist() == [0, 0, 0]


@pytest.mark.parametrize(("excess", "settles"), [(1e-3, True), (1.001e-3, False)])
def test_what_is_just_as_near_as_asked_is_settled(monkeypatch, excess, settles):
    load = np.array([25.0, 15, 0])
    asked = []

    def told(_, tolerance, rounds):
        asked.append((tolerance, rounds))
        return load, excess, 7

    monkeypatch.setattr(rational, "settled", told)
    if settles:
        found = raam(TIMES, PEOPLE, OFFER, tolerance=1e-3, rounds=9)
        assert (found.excess, found.rounds) == (excess, 7)
    else:
        with pytest.raises(TravelError) as caught:
            raam(TIMES, PEOPLE, OFFER, tolerance=1e-3, rounds=9)
        assert (caught.value.reason, caught.value.facts["sweeps"]) == ("not_settled", 7)
    assert asked == [(1e-3, 9)]


def test_people_settle_to_a_millionth_unless_said_otherwise(monkeypatch):
    asked = []
    load = np.array([25.0, 15, 0])
    monkeypatch.setattr(
        rational, "settled", lambda _, *limits: asked.append(limits) or (load, 0.0, 0)
    )
    raam(TIMES, PEOPLE, OFFER)
    assert asked == [(1e-6, 200)]
