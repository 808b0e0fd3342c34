"""A place opened where people divide among places: measured again, it gives the norm."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ctg_geo import TravelTimes
from ctg_geo.access import rule_of, three_step, weighted_mean
from ctg_geo.access.decay import steps
from ctg_geo.gap import places_to_open

DECAY = steps([5, 10, 15], [1, 0.5, 0.2])


def times_of(rows, origins, destinations):
    pairs = pd.DataFrame(rows, columns=["origin", "destination", "minutes"])
    return TravelTimes.from_frame(
        pairs.astype({"minutes": float}), limit_min=30, origins=origins, destinations=destinations
    )


@st.composite
def lands(draw):
    origins, places = [f"o{i}" for i in range(4)], ["x", "y"]
    minutes = st.none() | st.integers(0, 20)
    rows = [(o, d, m) for o in origins for d in places if (m := draw(minutes)) is not None]
    site = [(o, "a", m) for o in origins if (m := draw(minutes)) is not None]
    people = pd.Series({o: float(draw(st.integers(0, 90))) for o in origins})
    supply = pd.Series({d: float(draw(st.integers(0, 40))) for d in places})
    return rows, site, people, supply


@settings(deadline=None, max_examples=60, derandomize=True)
@given(lands(), st.floats(0.05, 0.9))
def test_measuring_again_with_the_place_open_gives_the_norm(land, norm):
    rows, site, people, supply = land
    owner = pd.Series(["a", "a", "b", "b"], people.index)
    times = times_of(rows, people.index, supply.index)
    found = places_to_open(
        times, times_of(site, people.index, ["a"]), people, supply, owner,
        rule=rule_of("three_step", DECAY), norm=pd.Series({"a": norm}),
    ).loc["a"]  # fmt: skip
    assume(not found["undefined"])
    more = pd.concat([supply, pd.Series({"a": found["places"]})])
    again = three_step(times_of([*rows, *site], people.index, more.index), people, more,
                       decay=DECAY).access  # fmt: skip
    level = weighted_mean(again, people, owner)["a"]
    assert level >= norm - 1e-9
    if found["places"] > 0:
        assert level == pytest.approx(norm)


def test_nobody_and_a_site_that_its_own_do_not_reach_are_named():
    people = pd.Series({"o0": 10.0, "o1": 0.0})
    owner = pd.Series({"o0": "a", "o1": "b"})
    times = times_of([("o0", "x", 5)], people.index, ["x"])
    found = places_to_open(
        times, times_of([("o1", "a", 1), ("o1", "b", 1)], people.index, ["a", "b"]), people,
        pd.Series({"x": 1.0}), owner, rule=rule_of("three_step", DECAY),
        norm=pd.Series({"a": 0.5, "b": 0.5}),
    )  # fmt: skip
    assert found["undefined"].tolist() == ["out_of_reach", "nobody"]
    assert np.isnan(found["places"]).all()
