"""Graphs of networkx and osmnx become networks, and networks graphs."""

import networkx as nx
import numpy as np
import osmnx as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Transformer
from scipy.sparse.csgraph import dijkstra
from shapely.geometry import LineString, Point

from ctg_geo import RoadNetwork
from ctg_geo.errors import DataError, MissingCrsError, TravelError
from ctg_geo.network import NO_ARC, NodeKind, from_networkx, to_multigraph

STEP = 0.001  # degrees
TO_METRES = Transformer.from_crs("EPSG:4326", "EPSG:2154", always_xy=True)


def place(node):
    """Return longitude and latitude of node 10·x + y, on a grid near Valence."""
    return 4.9 + STEP * (node // 10), 44.9 + STEP * (node % 10)


def town(*arcs, nodes=(), kind=nx.MultiDiGraph):
    """Return a graph in degrees of arcs (from, to, attributes)."""
    graph = kind(crs="epsg:4326")
    for node in dict.fromkeys([*(end for arc in arcs for end in arc[:2]), *nodes]):
        lon, lat = place(node)
        graph.add_node(node, x=lon, y=lat)
    for start, end, data in arcs:
        graph.add_edge(start, end, **data)
    return graph


def line(*nodes):
    return LineString([place(node) for node in nodes])


def both(network):
    """Return the edges with an arc each way, as numbers of edges."""
    return np.flatnonzero((network.forward != NO_ARC) & (network.backward != NO_ARC)).tolist()


def test_opposite_arcs_of_a_street_are_one_edge_whatever_their_times():
    shape = line(0, 1, 11)
    network = from_networkx(
        town(
            (0, 11, {"osmid": 7, "geometry": shape, "travel_time": 9.0}),
            (11, 0, {"osmid": 7, "geometry": shape.reverse(), "travel_time": 12.5}),
        )
    )
    assert len(network.edges) == 1
    assert network.time_ms[[network.forward[0], network.backward[0]]].tolist() == [9000, 12500]
    expected = LineString([TO_METRES.transform(*place(node)) for node in (0, 1, 11)])
    assert network.edge_lines[0].equals_exact(expected, 1e-6)
    assert network.edges["length_m"].tolist() == pytest.approx([expected.length])


def test_the_halves_of_a_roundabout_are_two_edges_though_they_share_their_number():
    network = from_networkx(
        town(
            (0, 11, {"osmid": 7, "geometry": line(0, 1, 11)}),
            (11, 0, {"osmid": 7, "geometry": line(11, 10, 0)}),
        )
    )
    assert len(network.edges) == 2
    assert both(network) == []


def test_of_parallel_streets_on_one_line_each_keeps_its_own_number():
    network = from_networkx(
        town(
            (0, 10, {"osmid": 1, "name": "one"}),
            (0, 10, {"osmid": 2, "name": "two"}),
            (10, 0, {"osmid": 2, "name": "two"}),
        )
    )
    assert network.edges["name"].tolist() == ["one", "two"]
    assert both(network) == [1]


def test_two_carriageways_drawn_on_one_line_are_one_edge():
    network = from_networkx(town((0, 10, {"osmid": 1}), (10, 0, {"osmid": 2})))
    assert both(network) == [0]


def test_an_edge_runs_the_way_its_street_was_drawn():
    arcs = [(10, 0, {"osmid": 1, "reversed": True}), (0, 10, {"osmid": 1, "reversed": False})]
    network = from_networkx(town(*arcs))
    assert (network.edge_from.tolist(), network.edge_to.tolist()) == ([1], [0])
    assert network.edge_lines[0].coords[0] == pytest.approx(TO_METRES.transform(*place(0)))


def test_a_loop_both_ways_is_one_edge_and_a_loop_without_a_line_is_kept():
    ring = line(0, 1, 11, 0)
    network = from_networkx(
        town(
            (0, 0, {"geometry": ring}), (0, 0, {"geometry": ring.reverse()}), (0, 0, {}), (0, 0, {})
        )
    )
    assert network.arcs == 4
    assert len(network.edges) == 3
    assert both(network) == [0]


@pytest.mark.parametrize("kind", [nx.Graph, nx.MultiGraph])
def test_an_undirected_edge_is_open_both_ways(kind):
    shape = line(11, 1, 0)  # drawn against the order of the ends
    network = from_networkx(
        town((0, 11, {"geometry": shape, "travel_time": 3}), (11, 11, {}), kind=kind)
    )
    assert network.arcs == 4
    assert both(network) == [0, 1]
    start = int(network.edge_from[0])
    assert network.edge_lines[0].coords[0] == pytest.approx((network.x[start], network.y[start]))


def test_an_arc_carries_what_osmnx_says_of_it():
    arcs = [
        (0, 10, {"highway": ["tertiary", "residential"], "maxspeed": ["50", "30"], "length": 80.5,
                 "name": ["Rue A", "Rue B"], "speed_kph": 44.0}),
        (10, 20, {"highway": "primary", "speed_kph": 61.5, "ref": "D 533", "name": float("nan")}),
        (20, 30, {"maxspeed": "30 mph"}),
        (30, 40, {"maxspeed": "fast", "geometry": float("nan")}),
    ]  # fmt: skip
    network = from_networkx(town(*arcs))
    edges = network.edges
    assert edges["road_class"].tolist() == ["tertiary", "primary", "unknown", "unknown"]
    assert edges["speed_kmh"].tolist()[:3] == [30, 61.5, 48.3]
    assert np.isnan(edges["speed_kmh"].iloc[3])
    assert edges["name"].tolist() == ["Rue A / Rue B", "D 533", "", ""]
    assert edges["length_m"].iloc[0] == 80.5
    assert edges["urban"].tolist() == [True, False, True, False]


def test_times_count_only_where_every_arc_has_one():
    half = town((0, 10, {"travel_time": 5}), (10, 0, {}))
    assert from_networkx(half).time_ms.tolist() == [0, 0]
    whole = town((0, 10, {"travel_time": 5, "time_ms": 4999}), (10, 0, {"time_ms": 3}))
    assert from_networkx(whole).time_ms.tolist() == [4999, 3]


def test_signals_and_stops_are_kinds_of_nodes():
    graph = town((0, 10, {}), (10, 20, {}))
    assert from_networkx(graph).node_kinds is None
    graph.nodes[10]["highway"] = "traffic_signals"
    assert from_networkx(graph).node_kinds.tolist() == [0, NodeKind.SIGNALS, 0]


def test_a_graph_without_places_is_a_network_without_places():
    graph = nx.DiGraph()
    graph.add_weighted_edges_from([("a", "b", 2.5), ("b", "c", 1.0)], weight="travel_time")
    network = from_networkx(graph)
    assert np.isnan(network.x).all()
    assert network.time_ms.tolist() == [2500, 1000]
    assert len(network.edges) == 0


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("length", "long", "graph_length"),
        ("length", float("nan"), "graph_length"),
        ("length", -1, "graph_length"),
        ("length", True, "graph_length"),
        ("travel_time", float("nan"), "graph_time"),
        ("travel_time", -0.5, "graph_time"),
        ("time_ms", "soon", "graph_time"),
        ("speed_kph", 0, "graph_speed"),
        ("speed_kph", "inf", "graph_speed"),
        ("geometry", Point(0, 0), "graph_shape"),
        ("geometry", "LINESTRING (1", "graph_shape"),
    ],
)
def test_an_attribute_that_cannot_be_is_refused_with_its_arc(column, value, reason):
    with pytest.raises(DataError, match="0 → 10") as caught:
        from_networkx(town((0, 10, {column: value})))
    (defect,) = caught.value.defects
    assert (defect.reason, defect.column) == (reason, column)
    assert defect.explain("fr")


def test_a_node_without_a_place_among_others_is_refused_by_name():
    graph = town((0, 10, {}))
    graph.add_node("lost", x=4.9)
    with pytest.raises(DataError, match="node lost") as caught:
        from_networkx(graph)
    assert [each.column for each in caught.value.defects] == ["y"]


@pytest.mark.parametrize(
    ("crs", "asked", "reason"),
    [
        (None, "EPSG:2154", "graph"),
        ("nowhere", "EPSG:2154", "graph_unknown"),
        ("epsg:4326", "EPSG:4326", "graph_metric"),
        ("epsg:4326", "EPSG:2154", "graph_outside"),
    ],
)
def test_a_graph_whose_places_cannot_be_measured_is_refused(crs, asked, reason):
    graph = town((0, 10, {}))
    graph.graph["crs"] = crs
    if reason == "graph_outside":
        graph.nodes[0]["y"] = 1000.0
    with pytest.raises(MissingCrsError) as caught:
        from_networkx(graph, crs=asked)
    assert caught.value.reason == reason
    assert caught.value.explain("fr")


def test_a_graph_without_a_node_is_refused():
    with pytest.raises(TravelError, match="no node"):
        from_networkx(nx.DiGraph())


def test_osmnx_routes_on_our_graph_and_keeps_it_in_its_tables():
    network = RoadNetwork.from_arcs(
        [0, 1, 1, 2, 0], [1, 0, 2, 0, 2], [60, 75, 30, 20, 100], [4.90, 4.91, 4.92], [45.0] * 3
    )
    graph = to_multigraph(network)
    assert ox.routing.shortest_path(graph, 0, 2, weight="travel_time") == [0, 1, 2]
    start, end, _ = ox.distance.nearest_edges(graph, network.x[0], network.y[0] + 5)
    assert 0 in (start, end)
    nodes, edges = ox.graph_to_gdfs(graph)
    assert len(nodes) == 3
    assert str(edges.crs) == "EPSG:2154"
    assert edges.loc[(1, 0, 0), "reversed"]
    assert edges.loc[(0, 1, 0), "speed_kph"] == pytest.approx(
        np.hypot(*np.diff([network.x[:2], network.y[:2]], axis=1)).item() * 3.6 / 60
    )
    again = from_networkx(ox.graph_from_gdfs(nodes, edges))
    assert same_times(again, network)


def test_what_is_closed_or_not_stated_is_left_out():
    network = RoadNetwork.from_arcs([0, 1], [1, 0], [60, 75], [4.9, 4.91], [45.0] * 2)
    network.edges["speed_kmh"] = np.nan
    data = to_multigraph(network).edges[0, 1, 0]
    assert "maxspeed" not in data
    assert to_multigraph(network.closing([0])).number_of_edges() == 0
    assert to_multigraph(network.with_times([0, 0])).edges[0, 1, 0].keys().isdisjoint({"speed_kph"})


def same_times(one, other):
    return np.array_equal(times(one), times(other))


def times(network):
    return dijkstra(network.graph)


def by_networkx(graph, weight, scale):
    """Return milliseconds between all nodes by networkx, inf where there is no route."""
    names = list(graph.nodes)
    found = np.full((len(names),) * 2, np.inf)
    for start, reached in nx.all_pairs_dijkstra_path_length(graph, weight=weight):
        for end, time in reached.items():
            found[names.index(start), names.index(end)] = round(time * scale)
    return found


@st.composite
def graphs(draw):
    """Draw a graph of a small town: parallels, loops, bends, one-ways, lists."""
    kind = draw(st.sampled_from([nx.DiGraph, nx.MultiDiGraph, nx.Graph, nx.MultiGraph]))
    nodes = draw(st.lists(st.integers(0, 59), min_size=1, max_size=7, unique=True))
    arcs = []
    for _ in range(draw(st.integers(0, 14))):
        start, end = draw(st.sampled_from(nodes)), draw(st.sampled_from(nodes))
        data = {"travel_time": draw(st.integers(0, 90_000)) / 1000}
        data["osmid"] = draw(st.sampled_from([1, 2, [1, 2], [2, 1]]))
        if draw(st.booleans()):
            data["geometry"] = line(start, draw(st.integers(60, 99)), end)
        arcs.append((start, end, data))
        if draw(st.booleans()):
            back = dict(data, travel_time=draw(st.integers(0, 90_000)) / 1000, reversed=True)
            if "geometry" in data:
                back["geometry"] = data["geometry"].reverse()
            arcs.append((end, start, back))
    return town(*arcs, nodes=nodes, kind=kind)


@settings(max_examples=150, deadline=None)
@given(graphs())
def test_a_network_has_the_times_of_its_graph_there_and_back(graph):
    expected = by_networkx(graph, "travel_time", 1000)
    network = from_networkx(graph)
    assert np.array_equal(times(network), expected)
    there = to_multigraph(network)
    assert np.array_equal(by_networkx(there, "time_ms", 1), expected)
    again = from_networkx(there)
    assert same_times(again, network)
    assert (again.arcs, len(again.edges)) == (network.arcs, len(network.edges))


@settings(max_examples=100, deadline=None)
@given(graphs())
def test_every_arc_is_one_direction_of_one_edge(graph):
    network = from_networkx(graph)
    assert network.arcs == graph.number_of_edges() * (1 if graph.is_directed() else 2)
    used = np.concatenate([network.forward, network.backward])
    assert sorted(used[used != NO_ARC].tolist()) == list(range(network.arcs))
    for arcs, start, end in (
        (network.forward, network.edge_from, network.edge_to),
        (network.backward, network.edge_to, network.edge_from),
    ):
        there = arcs != NO_ARC
        assert network.tail[arcs[there]].tolist() == start[there].tolist()
        assert network.head[arcs[there]].tolist() == end[there].tolist()
    for edge, shape in enumerate(network.edge_lines):
        for at, node in ((0, network.edge_from[edge]), (-1, network.edge_to[edge])):
            assert shape.coords[at] == pytest.approx((network.x[node], network.y[node]), abs=1e-6)


@settings(max_examples=50, deadline=None)
@given(graphs())
def test_a_graph_without_places_keeps_its_times_there_and_back(graph):
    for _, data in graph.nodes(data=True):
        data.clear()
    expected = by_networkx(graph, "travel_time", 1000)
    network = from_networkx(graph)
    assert np.array_equal(times(network), expected)
    assert same_times(from_networkx(to_multigraph(network)), network)
