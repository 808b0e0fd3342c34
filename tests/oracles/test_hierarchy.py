"""The hierarchy against plain Dijkstra: any directed graph, traps and islands included."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse.csgraph import dijkstra

from ctg_geo.network import RoadNetwork
from ctg_geo.travel import travel_times
from ctg_geo.travel.hierarchy import NO_ROUTE_MS, engine_of
from ctg_geo.travel.legs import Legs


@st.composite
def graphs(draw):
    """Draw up to 24 nodes and 70 arcs: loops, parallels, zero times, parts one cannot leave."""
    nodes = draw(st.integers(1, 24))
    node = st.integers(0, nodes - 1)
    arcs = draw(st.lists(st.tuples(node, node, st.integers(0, 50)), max_size=70))
    table = np.array(arcs, dtype=np.int64).reshape(-1, 3)
    return RoadNetwork.from_arcs(table[:, 0], table[:, 1], table[:, 2] / 1000, nodes=nodes)


def at(nodes):
    numbers = np.asarray(nodes, dtype=np.int64)
    return Legs(len(numbers), np.arange(len(numbers)), numbers, np.zeros_like(numbers))


def exact(network):
    return dijkstra(network.graph)


def seen(times):
    return np.where(times == NO_ROUTE_MS, np.inf, times.astype(np.float64))


@given(graphs(), st.data())
@settings(max_examples=1500, deadline=None)
def test_every_time_equals_plain_dijkstra(network, data):
    node = st.integers(0, network.nodes - 1)
    first = data.draw(st.lists(node, min_size=1, max_size=40))
    last = data.draw(st.lists(node, min_size=1, max_size=40))
    engine, truth = engine_of(network), exact(network)
    assert (seen(engine.matrix(at(first), at(last), np.inf)) == truth[np.ix_(first, last)]).all()
    assert (seen(engine.column(at(first), at(last[:1]))) == truth[first, last[0]]).all()
    assert (seen(engine.row(at(last[:1]), at(first))) == truth[last[0], first]).all()


@given(graphs(), st.data())
@settings(max_examples=500, deadline=None)
def test_the_k_nearest_are_the_first_of_all_sorted_by_time_then_number(network, data):
    node = st.integers(0, network.nodes - 1)
    places = data.draw(st.lists(node, min_size=1, max_size=8))
    k = data.draw(st.integers(1, 4))
    number, time_ms = engine_of(network).nearest(at(range(network.nodes)), at(places), k)
    truth = exact(network)[:, places]
    for origin in range(network.nodes):
        reached = sorted((t, p) for p, t in enumerate(truth[origin]) if np.isfinite(t))[:k]
        told = [(t, p) for t, p in zip(time_ms[origin], number[origin], strict=True) if p >= 0]
        assert told == reached


@given(graphs(), st.integers(1, 120))
@settings(max_examples=300, deadline=None)
def test_all_methods_give_the_same_pairs_within_a_limit(network, limit_ms):
    nodes = list(range(network.nodes))
    frames = [
        travel_times(network, nodes, nodes, limit_min=limit_ms / 60_000, method=method).to_frame()
        for method in ("plain", "bounded", "hierarchy")
    ]
    assert frames[0].equals(frames[1])
    assert frames[0].equals(frames[2])


@given(graphs(), st.data())
@settings(max_examples=200, deadline=None)
def test_other_times_on_the_same_topology_equal_a_rebuild(network, data):
    engine_of(network)
    times = data.draw(st.lists(st.integers(0, 90), min_size=network.arcs, max_size=network.arcs))
    changed = network.with_times(times)
    every = at(range(network.nodes))
    assert (seen(engine_of(changed).matrix(every, every, np.inf)) == exact(changed)).all()


@pytest.mark.shared
def test_all_luxembourg_queries_are_answered_to_the_millisecond(shared):
    graph = np.load(shared / "roads" / "luxembourg" / "graph.npz")
    first = graph["first_out"]
    tail = np.repeat(np.arange(len(first) - 1), np.diff(first))
    network = RoadNetwork.from_arcs(
        tail, graph["head"].astype(np.int64), graph["travel_time_ms"] / 1000, nodes=len(first) - 1
    )
    queries = np.loadtxt(
        shared / "roads" / "luxembourg" / "queries_00000_49999.csv.gz",
        delimiter=",", skiprows=1, dtype=np.int64,
    )  # fmt: skip
    engine = engine_of(network)
    for part in np.array_split(queries, 50):
        sources, row = np.unique(part[:, 0], return_inverse=True)
        targets, column = np.unique(part[:, 1], return_inverse=True)
        times = engine.matrix(at(sources), at(targets), np.inf)
        assert (times[row, column] == part[:, 2]).all()
