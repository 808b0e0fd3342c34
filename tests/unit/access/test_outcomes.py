"""Why a home has access or none, and a site somebody or nobody: less than one still counts."""

import pandas as pd

from ctg_geo import TravelTimes
from ctg_geo.access import admissible, origin_outcomes, site_outcomes
from ctg_geo.access.decay import steps

PAIRS = pd.DataFrame(
    [("a", "x", 5.0), ("a", "y", 15.0), ("b", "y", 15.0), ("c", "x", 25.0)],
    columns=["origin", "destination", "minutes"],
)
TIMES = TravelTimes.from_frame(
    PAIRS, limit_min=30, origins=["a", "b", "c"], destinations=["x", "y", "z"]
)
HALF = steps([10, 20], [1, 0.5])


def test_half_a_place_half_as_near_is_something():
    offer = pd.Series({"x": 0.0, "y": 0.5, "z": 9.0})
    found = origin_outcomes(TIMES, offer, decay=HALF)
    assert found.to_dict() == {"a": "served", "b": "served", "c": "none_in_reach"}
    none = origin_outcomes(TIMES, offer * 0, decay=HALF)
    assert none.to_dict() == {"a": "no_supply", "b": "no_supply", "c": "none_in_reach"}
    assert found.name == "outcome"


def test_half_a_person_half_as_near_is_somebody():
    people = pd.Series({"a": 0.0, "b": 0.5, "c": 9.0})
    offer = pd.Series({"x": 0.5, "y": 0.5, "z": 0.5})
    found = site_outcomes(TIMES, people, offer, decay=HALF)
    assert found.to_dict() == {"x": "nobody", "y": "shared", "z": "unreached"}
    assert site_outcomes(TIMES, people, offer * 0, decay=HALF)["y"] == "no_supply"
    assert found.name == "outcome"


def test_a_place_for_some_communes_is_out_of_reach_of_the_others():
    residence = pd.Series({"a": "26281", "b": "26362", "c": "26281"})
    places = pd.DataFrame(
        {"residents": ["", "26281 26004", "26001"]}, index=["x", "y", "elsewhere"]
    )
    found = admissible(TIMES, residence, places).to_matrix()
    assert found.loc["a", "y"] == 15
    assert found.loc["a", "x"] == 5
    assert found.loc["b"].max() == found.loc["b"].min() == float("inf")
    assert admissible(TIMES, residence, places[["residents"]].iloc[:1]) is TIMES
    assert admissible(TIMES, residence, places.drop(columns="residents")) is TIMES
