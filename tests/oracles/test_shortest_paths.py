"""Travel times against networkx on networks of all kinds, to the millisecond."""

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ctg_geo import RoadNetwork, travel_times

NODES = 7
UNREACHABLE = 2_147_483_647


@st.composite
def networks(draw):
    """Draw arcs that may be parallel, opposite, loops, of no duration, or leave parts apart."""
    arc = st.tuples(st.integers(0, NODES - 1), st.integers(0, NODES - 1), st.integers(0, 5_000))
    arcs = draw(st.lists(arc, min_size=1, max_size=20))
    tail, head, time_ms = (np.array(part) for part in zip(*arcs, strict=True))
    lon = 4.9 + 0.01 * np.arange(NODES)
    return RoadNetwork.from_arcs(tail, head, time_ms / 1000, lon, np.full(NODES, 45.0)), arcs


def oracle(arcs):
    """Return all shortest times by networkx, from the arcs themselves."""
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(range(NODES))
    graph.add_weighted_edges_from(arcs)
    return dict(nx.all_pairs_dijkstra_path_length(graph))


numbers = st.lists(st.integers(0, NODES - 1), min_size=1, max_size=NODES, unique=True)


@settings(deadline=None, max_examples=150)
@given(networks(), numbers, numbers, st.none() | st.integers(1, 8_000))
def test_times_between_nodes_equal_networkx(network, origins, destinations, limit_ms):
    roads, arcs = network
    limit_min = None if limit_ms is None else limit_ms / 60_000
    times = travel_times(roads, origins, destinations, limit_min=limit_min)
    expected = oracle(arcs)
    found = {
        (times.origins[row], times.destinations[to]): ms
        for row, to, ms in zip(times.rows, times.to, times.time_ms, strict=True)
    }
    bound = np.inf if limit_ms is None else limit_ms
    assert found == {
        (i, j): expected[i][j]
        for i in origins
        for j in destinations
        if j in expected[i] and expected[i][j] <= bound
    }


@settings(deadline=None, max_examples=50)
@given(networks())
def test_networkx_sees_the_same_network(network):
    roads, arcs = network
    graph = roads.to_networkx()
    found = dict(nx.all_pairs_dijkstra_path_length(graph, weight="time_ms"))
    assert found == oracle(arcs)


@settings(deadline=None, max_examples=50)
@given(networks())
def test_every_arc_is_one_direction_of_one_edge(network):
    roads, _ = network
    used = np.concatenate([roads.forward, roads.backward[roads.backward >= 0]])
    assert sorted(used) == list(range(roads.arcs))
    both = np.flatnonzero(roads.backward >= 0)
    assert (roads.tail[roads.backward[both]] == roads.edge_to[both]).all()
    assert (roads.head[roads.backward[both]] == roads.edge_from[both]).all()


@settings(deadline=None, max_examples=50)
@given(networks())
def test_part_0_is_a_largest_strong_component(network):
    roads, arcs = network
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(range(NODES))
    graph.add_weighted_edges_from(arcs)
    parts = list(nx.strongly_connected_components(graph))
    assert {frozenset(np.flatnonzero(roads.part == n)) for n in set(roads.part)} == {
        frozenset(part) for part in parts
    }
    assert (roads.part == 0).sum() == max(len(part) for part in parts)


@pytest.mark.shared
def test_200_pairs_of_the_pilot_equal_networkx_to_the_millisecond(shared):
    folder = shared / "roads" / "pilot_numbered_roads"
    junctions = pd.read_csv(folder / "junctions.csv").set_index("junction")
    segments = pd.read_csv(folder / "segments.csv")
    speed = segments["road"].str[0].map({"A": 110, "N": 75, "D": 58})
    seconds = (segments["chord_m"] * 1.06 / speed * 3.6).to_numpy()
    start = junctions.index.get_indexer(segments["from_junction"])
    end = junctions.index.get_indexer(segments["to_junction"])
    tail, head = np.concatenate([start, end]), np.concatenate([end, start])
    both = np.concatenate([seconds, seconds])
    lon, lat = junctions["lon"].to_numpy(), junctions["lat"].to_numpy()
    roads = RoadNetwork.from_arcs(tail, head, both, lon, lat)
    graph = nx.MultiDiGraph()
    graph.add_weighted_edges_from(zip(tail, head, np.rint(both * 1000).astype(int), strict=True))
    random = np.random.default_rng(26362)
    pairs = random.choice(len(junctions), size=(200, 2))
    origins, destinations = np.unique(pairs[:, 0]), np.unique(pairs[:, 1])
    times = travel_times(roads, origins, destinations, limit_min=None)
    found = np.full((len(origins), len(destinations)), -1)
    found[times.rows, times.to] = times.time_ms
    for origin, destination in pairs:
        expected = nx.dijkstra_path_length(graph, origin, destination)
        at = np.searchsorted(origins, origin), np.searchsorted(destinations, destination)
        assert found[at] == expected


@pytest.mark.shared
def test_luxembourg_answers_are_met_exactly(shared):
    folder = shared / "roads" / "luxembourg"
    graph = np.load(folder / "graph.npz")
    tail = np.repeat(
        np.arange(len(graph["first_out"]) - 1), np.diff(graph["first_out"].astype(int))
    )
    roads = RoadNetwork.from_arcs(
        tail, graph["head"].astype(int), graph["travel_time_ms"] / 1000,
        graph["longitude"], graph["latitude"],
    )  # fmt: skip
    queries = pd.read_csv(folder / "queries_00000_49999.csv.gz").iloc[::24].head(2_050)
    sources, targets = np.unique(queries["source"]), np.unique(queries["target"])
    row, column = (
        np.searchsorted(sources, queries["source"]), np.searchsorted(targets, queries["target"])
    )  # fmt: skip
    times = travel_times(roads, sources, targets, limit_min=None)
    found = np.full((len(sources), len(targets)), UNREACHABLE, dtype=np.int64)
    found[times.rows, times.to] = times.time_ms
    expected = queries["travel_time_ms"].to_numpy()
    assert len(queries) >= 2_000
    assert (expected == UNREACHABLE).sum() > 20, "unreachable pairs must be among them"
    assert (found[row, column] == expected).all()
