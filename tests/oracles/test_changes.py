"""Closures, speeds and new roads against a network built from scratch, and plain Dijkstra on it.

What is timed again in part is compared with all of it, array by array.
"""

import logging

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse.csgraph import dijkstra

from ctg_geo.network import RoadNetwork
from ctg_geo.travel import travel_times
from ctg_geo.travel.hierarchy import (
    NO_ROUTE_MS,
    Engine,
    customised,
    engine_of,
    forget,
    prepare,
    shaped,
)
from ctg_geo.travel.hierarchy.compiled import FAR
from ctg_geo.travel.hierarchy.engine import longest_route_ms
from ctg_geo.travel.hierarchy.metric import all_times
from ctg_geo.travel.hierarchy.partial import compacted, longest_again, lower_links, timed_again
from ctg_geo.travel.legs import Legs

METRE = 1 / 111_200  # in degrees of latitude


@st.composite
def places(draw):
    """Draw up to 14 nodes and 40 arcs: loops, parallels, zero times, islands, one-way streets."""
    nodes = draw(st.integers(2, 14))
    node = st.integers(0, nodes - 1)
    arcs = draw(st.lists(st.tuples(node, node, st.integers(0, 50)), min_size=1, max_size=40))
    tail, head, time_ms = np.array(arcs, dtype=np.int64).T
    lat = 45 + METRE * np.arange(nodes) * 10
    return RoadNetwork.from_arcs(tail, head, time_ms / 1000, np.full(nodes, 5.0), lat)


def fresh(arcs, nodes):
    """Build a network of arcs (tail, head, milliseconds), as if nothing had been before."""
    table = np.array(arcs, dtype=np.int64).reshape(-1, 3)
    return RoadNetwork.from_arcs(table[:, 0], table[:, 1], table[:, 2] / 1000, nodes=nodes)


def arcs_of(network):
    return list(zip(network.tail, network.head, network.time_ms, strict=True))


def at(nodes):
    numbers = np.asarray(nodes, dtype=np.int64)
    return Legs(len(numbers), np.arange(len(numbers)), numbers, np.zeros_like(numbers))


def everywhere(network):
    every = at(range(network.nodes))
    times = engine_of(network).matrix(every, every, np.inf)
    return np.where(times == NO_ROUTE_MS, np.inf, times.astype(np.float64))


def equals(changed, arcs):
    """Compare a changed network with the arcs it should have now, by both ways."""
    scratch = fresh(arcs, changed.nodes)
    quick = everywhere(changed)
    forget()
    assert np.array_equal(quick, dijkstra(scratch.graph))
    assert np.array_equal(quick, everywhere(scratch))


def arcs_on(network, edges):
    return {int(arc) for edge in edges for arc in (network.forward[edge], network.backward[edge])}


@given(places(), st.data())
@settings(max_examples=300, deadline=None)
def test_a_closure_equals_a_network_without_these_roads(network, data):
    everywhere(network)
    edges = data.draw(st.lists(st.integers(0, len(network.edges) - 1), max_size=6))
    gone = arcs_on(network, edges)
    left = [arc for number, arc in enumerate(arcs_of(network)) if number not in gone]
    equals(network.closing(edges), left)


@given(places(), st.data(), st.floats(0.1, 150))
@settings(max_examples=300, deadline=None)
def test_another_speed_equals_a_network_built_with_it(network, data, kmh):
    everywhere(network)
    edges = data.draw(st.lists(st.integers(0, len(network.edges) - 1), max_size=6))
    arcs = [list(arc) for arc in arcs_of(network)]
    for edge in edges:
        time_ms = int(np.rint(network.edges["length_m"][edge] / kmh * 3.6 * 1000))
        for arc in arcs_on(network, [edge]) - {-1}:
            arcs[arc][2] = time_ms
    equals(network.with_speed(edges, kmh), arcs)


@given(places(), st.data(), st.integers(0, 60), st.booleans())
@settings(max_examples=300, deadline=None)
def test_a_new_road_equals_a_network_built_with_it(network, data, time_ms, one_way):
    everywhere(network)
    node = st.integers(0, network.nodes - 1)
    one, two = data.draw(node), data.draw(node)
    more = [(one, two, time_ms)] + ([] if one_way else [(two, one, time_ms)])
    equals(network.with_road(one, two, time_ms / 1000, one_way=one_way), arcs_of(network) + more)


@given(places(), st.data())
@settings(max_examples=100, deadline=None)
def test_changes_on_changes_equal_a_network_built_at_once(network, data):
    edge = st.integers(0, len(network.edges) - 1)
    everywhere(network)
    slower = network.with_speed([data.draw(edge)], 5)
    longer = slower.with_road(0, network.nodes - 1, 0.01)
    everywhere(slower)
    closed = longer.closing([data.draw(edge)])
    everywhere(longer)
    open_ = [arc for arc in arcs_of(closed) if arc[2] < 2**62]
    equals(closed, open_)


@given(places(), st.data())
@settings(max_examples=100, deadline=None)
def test_points_on_roads_go_by_all_ways_alike_after_a_closure(network, data):
    edges = data.draw(st.lists(st.integers(0, len(network.edges) - 1), max_size=4))
    changed = network.closing(edges)
    nodes = list(range(network.nodes))
    frames = [
        travel_times(changed, nodes, nodes, limit_min=0.0015, method=method).to_frame()
        for method in ("plain", "bounded", "hierarchy")
    ]
    assert frames[0].equals(frames[1])
    assert frames[0].equals(frames[2])


STAGES = ("time_ms", "low_up", "low_down", "best_up", "best_down")


def identical(left, right):
    assert left.dtype == right.dtype
    assert np.array_equal(left, right)


def as_in_whole(shape, state):
    """Compare a state with that of all links timed at once; return its metric."""
    whole, metric = all_times(shape, state.time_ms), compacted(shape, state)
    for stage in STAGES:
        identical(getattr(state, stage), getattr(whole, stage))
    same = customised(shape, state.time_ms)
    for half, other in ((metric.up, same.up), (metric.down, same.down)):
        for left, right in zip(half.parts, other.parts, strict=True):
            identical(left, right)
    return metric


def longest(metric):
    """Return the longest of all fastest routes."""
    every = at(range(metric.shape.nodes))
    times = Engine(metric, 0).matrix(every, every, np.inf)
    return times[times != NO_ROUTE_MS].max(initial=0)


@given(st.data())
@settings(max_examples=400, deadline=None)
def test_a_chain_of_changes_timed_in_part_equals_all_of_it(data):
    nodes = data.draw(st.integers(1, 20))
    node, ms = st.integers(0, nodes - 1), st.one_of(st.integers(0, 40), st.just(FAR))
    arcs = data.draw(st.lists(st.tuples(node, node, ms), min_size=1, max_size=60))
    tail, head, times = np.array(arcs, dtype=np.int32).T
    shape = shaped(nodes, tail, head)
    lower, state = lower_links(shape), all_times(shape, times)
    bound = longest_route_ms(customised(shape, times), head, times)
    for _ in range(data.draw(st.integers(1, 4))):
        more = data.draw(st.dictionaries(st.integers(0, len(arcs) - 1), ms, max_size=5))
        times = times.copy()
        times[list(more)] = list(more.values())
        again, rows = timed_again(shape, lower, state, times)
        metric = as_in_whole(shape, again)
        assert 0 <= rows <= nodes
        bound_now = longest_again(shape, state, again, bound)
        assert longest(metric) <= bound_now
        bound = bound_now if bound_now < FAR else longest_route_ms(metric, head, times)
        state = again


def town(wide, seed):
    """Return the arcs of a square town, both ways, and a time for each."""
    rng = np.random.default_rng(seed)
    node = np.arange(wide * wide, dtype=np.int32).reshape(wide, wide)
    one = np.concatenate([node[:, :-1].ravel(), node[:-1].ravel()])
    two = np.concatenate([node[:, 1:].ravel(), node[1:].ravel()])
    tail, head = np.concatenate([one, two]), np.concatenate([two, one])
    return tail, head, rng.integers(0, 1000, len(tail)).astype(np.int32)


@pytest.mark.parametrize("seed", range(12))
def test_changes_of_a_town_timed_in_part_equal_all_of_it(seed):
    wide, rng = 30, np.random.default_rng(seed)
    tail, head, times = town(wide, seed)
    shape = shaped(wide * wide, tail, head)
    lower, state = lower_links(shape), all_times(shape, times)
    for count in (1, 2, 10, 100, len(times)):
        times = times.copy()
        arcs = rng.choice(len(times), count, replace=False)
        times[arcs] = rng.choice([0, 1, 300, 2000, FAR], count)
        state, _ = timed_again(shape, lower, state, times)
        as_in_whole(shape, state)


def test_no_change_makes_no_row_again():
    tail, head, times = town(10, 0)
    shape = shaped(100, tail, head)
    state = all_times(shape, times)
    again, rows = timed_again(shape, lower_links(shape), state, times.copy())
    assert rows == 0
    as_in_whole(shape, again)


@pytest.mark.parametrize("cache", ["on", "off"])
def test_closures_one_after_another_are_timed_in_part(monkeypatch, tmp_path, caplog, cache):
    monkeypatch.setattr(prepare, "_WORTH_KEEPING", 1)
    monkeypatch.setenv("CTG_GEO_CACHE", str(tmp_path) if cache == "on" else "off")
    forget()
    wide, rng = 30, np.random.default_rng(5)
    tail, head, times = town(wide, 5)
    network = RoadNetwork.from_arcs(tail, head, times / 1000, nodes=wide * wide)
    engine_of(network)
    engine_of(network.with_times(network.time_ms + 1))  # nothing on disk: from here on
    network = network.with_times(network.time_ms + 1)
    for _ in range(4):
        changed = network.time_ms.copy()
        changed[rng.choice(len(times), 2)] = [rng.integers(0, 2000), 2**62]
        network = network.with_times(np.minimum(changed, 86_400_000))
        caplog.clear()
        with caplog.at_level(logging.INFO, logger="ctg_geo"):
            quick = everywhere(network)
        assert "times customised in part: " in caplog.text
        assert np.array_equal(quick, dijkstra(network.graph))
    forget()
