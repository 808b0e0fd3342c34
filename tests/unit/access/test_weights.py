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


@pytest.mark.parametrize(("longest_ms", "compiled"), [(4, True), (5, False)])
def test_a_table_as_long_as_the_pairs_is_made(monkeypatch, longest_ms, compiled):
    near = PAIRS.assign(minutes=[1 / 60_000, 2 / 60_000, 3 / 60_000, longest_ms / 60_000])
    times = TravelTimes.from_frame(near, limit_min=30, destinations=["x", "y"])
    found, said = heard(monkeypatch, times, exponential(20, per_min=0.1), many=4)
    assert isinstance(found, weights.Compiled if compiled else weights.Plain)
    assert bool(said) == compiled


def test_a_table_by_millisecond_is_as_long_as_the_longest_time_or_as_people_go():
    smooth = exponential(20.5, per_min=0.1)
    table = weights.compiled_weights(TIMES, smooth).table
    assert len(table) == 20.5 * 60_000 + 2  # from 0 on, and one for all that is longer
    assert table[[0, 600_000, -2, -1]] == pytest.approx([1, np.exp(-1), np.exp(-2.05), 0])
    near = weights.compiled_weights(TIMES.within(15), smooth).table
    assert len(near) == 15 * 60_000 + 2
    assert near[-2:] == pytest.approx([np.exp(-1.5), 0])


@pytest.mark.parametrize("cores", ["1", "2", "5"])
def test_homes_at_the_end_that_reach_nothing_are_told_nothing(monkeypatch, cores):
    monkeypatch.setenv("CTG_GEO_THREADS", cores)
    names = [f"o{at}" for at in range(40)]
    pairs = pd.DataFrame({"origin": names[3:30], "destination": "x", "minutes": 5.0})
    times = TravelTimes.from_frame(pairs, limit_min=30, origins=names, destinations=["x"])
    made = weights.compiled_weights(times, HALF)
    assert made.to_homes(np.array([2.0])).tolist() == [0] * 3 + [2] * 27 + [0] * 10
    assert made.to_sites(np.arange(40.0)).tolist() == [sum(range(3, 30))]
