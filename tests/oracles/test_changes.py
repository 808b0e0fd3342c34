"""Closures, speeds and new roads against a network built from scratch, and plain Dijkstra on it."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse.csgraph import dijkstra

from ctg_geo.network import RoadNetwork
from ctg_geo.travel import travel_times
from ctg_geo.travel.hierarchy import NO_ROUTE_MS, engine_of, forget
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
