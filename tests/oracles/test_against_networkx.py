"""Where shortest paths go wrong first: bounds, zero arcs, chunks, turned searches, new times."""

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ctg_geo import RoadNetwork, travel_times
from ctg_geo.travel import dijkstra

NODES = 9


@st.composite
def arcs(draw, longest_ms=400):
    """Draw arcs among few nodes, many of no duration, some parallel, opposite or loops."""
    node = st.integers(0, NODES - 1)
    time_ms = st.sampled_from([0, 0, 1, 2]) | st.integers(0, longest_ms)
    return draw(st.lists(st.tuples(node, node, time_ms), min_size=1, max_size=30))


def network_of(drawn):
    tail, head, time_ms = (np.array(part) for part in zip(*drawn, strict=True))
    lon = 4.9 + 0.01 * np.arange(NODES)
    return RoadNetwork.from_arcs(tail, head, time_ms / 1000, lon, np.full(NODES, 45.0))


def by_networkx(drawn, bound_ms=np.inf):
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(range(NODES))
    graph.add_weighted_edges_from(drawn)
    lengths = dict(nx.all_pairs_dijkstra_path_length(graph))
    return {(i, j): t for i in lengths for j, t in lengths[i].items() if t <= bound_ms}


def pairs_of(times):
    return {
        (int(times.origins[row]), int(times.destinations[to])): int(time_ms)
        for row, to, time_ms in zip(times.rows, times.to, times.time_ms, strict=True)
    }


def some(expected, origins, destinations):
    return {
        pair: t for pair, t in expected.items() if pair[0] in origins and pair[1] in destinations
    }


EVERY = list(range(NODES))


@settings(deadline=None, max_examples=40, derandomize=True)
@given(arcs(), st.data())
def test_a_limit_that_is_a_time_of_the_network_keeps_that_time(drawn, data):
    positive = sorted({t for t in by_networkx(drawn).values() if t > 0} or {1})
    bound_ms = data.draw(st.sampled_from(positive))
    times = travel_times(network_of(drawn), EVERY, EVERY, limit_min=bound_ms / 60_000)
    assert pairs_of(times) == by_networkx(drawn, bound_ms)


@settings(deadline=None, max_examples=40, derandomize=True)
@given(arcs(), st.integers(0, NODES - 1))
def test_many_to_one_and_one_to_many_agree_with_networkx(drawn, one):
    expected, roads = by_networkx(drawn), network_of(drawn)
    to_one = travel_times(roads, EVERY, [one], limit_min=None)
    from_one = travel_times(roads, [one], EVERY, limit_min=None)
    assert pairs_of(to_one) == some(expected, EVERY, [one])
    assert pairs_of(from_one) == some(expected, [one], EVERY)


@pytest.mark.parametrize("cells", [1, 30, 10**6])
@settings(deadline=None, max_examples=20, derandomize=True)
@given(arcs())
def test_the_size_of_a_chunk_of_searches_changes_nothing(cells, drawn):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dijkstra, "_CHUNK_CELLS", cells)
        times = travel_times(network_of(drawn), EVERY, EVERY[:5], limit_min=None)
    assert pairs_of(times) == some(by_networkx(drawn), EVERY, EVERY[:5])


@settings(deadline=None, max_examples=40, derandomize=True)
@given(arcs(), st.randoms(use_true_random=False))
def test_other_times_on_the_same_roads_agree_with_networkx(drawn, random):
    changed = [(tail, head, random.randint(0, 400)) for tail, head, _ in drawn]
    roads = network_of(drawn)
    assert roads.graph.nnz  # the first times were used before the change
    again = roads.with_times([time_ms for _, _, time_ms in changed])
    assert pairs_of(travel_times(again, EVERY, EVERY, limit_min=None)) == by_networkx(changed)
    assert pairs_of(travel_times(roads, EVERY, EVERY, limit_min=None)) == by_networkx(drawn)


@settings(deadline=None, max_examples=40, derandomize=True)
@given(arcs(), st.permutations(EVERY), st.integers(1, NODES))
def test_the_order_of_the_points_asked_is_that_of_the_answer(drawn, order, count):
    times = travel_times(network_of(drawn), order[:count], order, limit_min=None)
    assert list(times.origins) == order[:count]
    assert list(times.destinations) == order
    assert pairs_of(times) == some(by_networkx(drawn), order[:count], order)
    assert all((np.diff(part) > 0).all() for part in np.split(times.to, times.start[1:-1]))


@settings(deadline=None, max_examples=40, derandomize=True)
@given(arcs(longest_ms=2**31 - 1))
def test_times_of_days_stay_exact_to_the_millisecond(drawn):
    times = travel_times(network_of(drawn), EVERY, EVERY, limit_min=None)
    assert pairs_of(times) == by_networkx(drawn)
