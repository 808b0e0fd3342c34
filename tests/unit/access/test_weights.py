"""Pairs weighed at once or as they are met: when, and by hand."""

import logging

import numpy as np
import pandas as pd
import pytest

from ctg_geo import TravelTimes, progress
from ctg_geo.access import weights
from ctg_geo.access.decay import exponential, flat, steps
from ctg_geo.errors import TravelError

PAIRS = pd.DataFrame(
    [("a", "x", 5.0), ("a", "y", 15.0), ("b", "y", 20.0), ("b", "x", 21.0)],
    columns=["origin", "destination", "minutes"],
)
TIMES = TravelTimes.from_frame(PAIRS, limit_min=30, origins=["a", "b"], destinations=["x", "y"])
NEAR = TIMES.within(0.1)  # no pair
HALF = steps([10, 20], [1, 0.5])
PEOPLE, OFFER = np.array([40.0, 20.0]), np.array([3.0, 8.0])


def heard(monkeypatch, times, decay, *, many):
    """Weigh with another bound of what is many; return the weights and the steps announced."""
    monkeypatch.setattr(weights, "_MANY", many)
    weights.announced.cache_clear()
    said = []
    with progress.listen(lambda *_, **__: None, said.append):
        found = weights.weights_of(times, decay)
    weights.announced.cache_clear()
    return found, said


@pytest.mark.parametrize("many", [4, 5])
def test_both_ways_give_the_sums_made_by_hand(monkeypatch, many):
    found, said = heard(monkeypatch, TIMES, HALF, many=many)
    assert isinstance(found, weights.Compiled if many == 4 else weights.Plain)
    assert said == (["measures_compile"] if many == 4 else [])
    # a: x at 1, y at 0.5; b: y at 0.5, x beyond 20 min.
    assert found.to_sites(PEOPLE).tolist() == [40, 0.5 * 40 + 0.5 * 20]
    assert found.to_homes(OFFER).tolist() == [3 + 0.5 * 8, 0.5 * 8]
    assert found.squared().to_homes(OFFER).tolist() == [3 + 0.25 * 8, 0.25 * 8]
    assert found.squared().to_sites(PEOPLE).tolist() == [40, 0.25 * 60]


def test_a_table_longer_than_the_pairs_is_not_made(monkeypatch):
    smooth = exponential(20, per_min=0.1)  # by millisecond: a million places for four pairs
    found, said = heard(monkeypatch, TIMES, smooth, many=4)
    assert isinstance(found, weights.Plain)
    assert said == []
    table = weights.compiled_weights(TIMES, smooth)
    assert len(table.table) == 20 * 60_000 + 2
    np.testing.assert_allclose(table.to_homes(OFFER), found.to_homes(OFFER), rtol=1e-15)
    np.testing.assert_allclose(table.to_sites(PEOPLE), found.to_sites(PEOPLE), rtol=1e-15)


def test_without_the_compiler_measures_are_slow_and_say_so(monkeypatch, caplog):
    monkeypatch.setattr(weights, "find_spec", lambda _: None)
    with caplog.at_level(logging.WARNING):
        found, said = heard(monkeypatch, TIMES, HALF, many=4)
    assert isinstance(found, weights.Plain)
    assert (said, len(caplog.records)) == ([], 1)


def test_a_step_that_may_last_is_announced_once_a_process():
    weights.announced.cache_clear()
    said = []
    with progress.listen(lambda *_, **__: None, said.append):
        weights.announced()
        weights.announced()
    assert said == ["measures_compile"]


def test_times_are_known_as_far_as_people_go():
    assert isinstance(weights.weights_of(TIMES, flat(30)), weights.Plain)
    with pytest.raises(TravelError) as caught:
        weights.weights_of(TIMES, flat(31))
    assert (caught.value.facts["asked"], caught.value.facts["known"]) == (31, 30)


@pytest.mark.parametrize("decay", [HALF, flat(10), exponential(20, per_min=0.1)])
def test_no_pair_is_no_weight(decay):
    for made in (weights.plain_weights(NEAR, decay), weights.compiled_weights(NEAR, decay)):
        assert made.to_sites(PEOPLE).tolist() == [0, 0]
        assert made.to_homes(OFFER).tolist() == [0, 0]


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5])
def test_up_to_four_zones_are_told_by_their_bounds(count):
    bounds = [5.0 * (at + 1) for at in range(count)]
    decay = steps(bounds, [1 / 2**at for at in range(count)])
    made = weights.compiled_weights(TIMES, decay)
    assert (made.bounds is None) == (count > 4)
    plain = weights.plain_weights(TIMES, decay)
    np.testing.assert_allclose(made.to_homes(OFFER), plain.to_homes(OFFER), rtol=1e-15)
    np.testing.assert_allclose(made.to_sites(PEOPLE), plain.to_sites(PEOPLE), rtol=1e-15)
