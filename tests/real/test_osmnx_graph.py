"""A graph that osmnx makes of a real file: streets pair as osmnx's own undirected graph does."""

import gzip

import networkx as nx
import numpy as np
import osmnx as ox
import pytest
from scipy.sparse.csgraph import dijkstra

from ctg_geo.network import NO_ARC, from_networkx

pytestmark = pytest.mark.shared


@pytest.fixture(scope="module")
def graph(shared, tmp_path_factory):
    path = tmp_path_factory.mktemp("osmnx") / "riviera.osm"
    packed = shared / "roads" / "osm" / "riviera_monaco_menton.osm.gz"
    path.write_bytes(gzip.decompress(packed.read_bytes()))
    found = ox.graph_from_xml(path, retain_all=True)
    return ox.add_edge_travel_times(ox.add_edge_speeds(found, fallback=30))


def test_streets_pair_as_in_the_undirected_graph_of_osmnx(graph):
    network = from_networkx(graph)
    paired = (network.forward != NO_ARC) & (network.backward != NO_ARC)
    one_way = sum(data["oneway"] for _, _, data in graph.edges(data=True))
    assert network.arcs == graph.number_of_edges()
    assert len(network.edges) == ox.convert.to_undirected(graph).number_of_edges()
    assert 2 * paired.sum() == graph.number_of_edges() - one_way


def test_times_are_those_of_networkx(graph):
    network = from_networkx(graph)
    names = list(graph.nodes)
    for start in (0, len(names) // 3, len(names) - 1):
        reached = nx.single_source_dijkstra_path_length(graph, names[start], weight="travel_time")
        expected = np.array([reached.get(name, np.inf) for name in names])
        found = dijkstra(network.graph, indices=start) / 1000
        assert np.array_equal(np.isinf(found), np.isinf(expected))
        there = np.isfinite(found)
        assert found[there] == pytest.approx(expected[there], abs=0.1)  # half a ms an arc
