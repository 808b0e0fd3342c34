"""A GraphML that osmnx saved becomes nodes and edges of one mode."""

import re

import networkx as nx
import osmnx as ox
import pytest
from shapely.geometry import LineString

from ctg_geo.errors import DataError, MissingFileError, UnreadableFileError
from ctg_geo.network import NO_ARC, from_edges, from_networkx
from ctg_geo.sources import read_graphml

CRS = "EPSG:2154"
PLACES = {1: (4.90, 44.9), 2: (4.91, 44.9), 3: (4.91, 44.91)}


@pytest.fixture
def graph():
    """Return a two-way bend, a one-way and a loop, as osmnx would have them."""
    found = nx.MultiDiGraph(crs="epsg:4326", simplified=True)
    for node, (lon, lat) in PLACES.items():
        found.add_node(node, x=lon, y=lat, street_count=3)
    found.nodes[2]["highway"] = "traffic_signals"
    bend = LineString([PLACES[1], (4.905, 44.905), PLACES[2]])
    street = {"osmid": [7, 8], "highway": ["residential", "tertiary"], "maxspeed": "30",
              "name": "Rue de l'Évêché & Cie", "length": 1000.5, "oneway": False}  # fmt: skip
    found.add_edge(1, 2, **street, reversed=False, geometry=bend, travel_time=120.0)
    found.add_edge(2, 1, **street, reversed=True, geometry=bend.reverse(), travel_time=120.0)
    found.add_edge(2, 3, osmid=9, highway="primary", oneway=True, reversed=False, length=1112.0)
    ring = LineString([PLACES[3], (4.92, 44.91), (4.92, 44.92), PLACES[3]])
    loop = {"osmid": 10, "highway": "service", "oneway": True, "length": 80.0, "name": None}
    found.add_edge(3, 3, **loop, geometry=ring)
    return found


@pytest.fixture
def saved(graph, tmp_path):
    path = tmp_path / "valence.graphml"
    ox.save_graphml(graph, path)
    return path


def test_the_two_arcs_of_a_street_are_one_edge_open_to_the_mode_of_the_graph(saved):
    read = read_graphml(saved, crs=CRS, mode="bicycle")
    edges = read.edges
    assert edges["bicycle"].tolist() == ["both", "forward", "forward"]
    assert set(edges["car"]) == set(edges["foot"]) == {"no"}
    assert edges["road_class"].tolist() == ["residential", "primary", "service"]
    assert edges["name"].tolist() == ["Rue de l'Évêché & Cie", "", ""]
    assert edges["length_m"].tolist() == [1000.5, 1112.0, 80.0]
    assert edges["speed_kmh"].fillna(0).tolist() == [30, 0, 0]
    assert edges["urban"].tolist() == [True, False, False]
    assert read.nodes["kind"].tolist() == [0, 1, 0]


def test_arcs_in_are_arcs_used(saved):
    read = read_graphml(saved, crs=CRS, mode="car")
    assert (read.ledger.read, read.ledger.used, read.ledger.set_aside) == (4, 4, {})
    network = from_edges(read.nodes, read.edges, crs=CRS, mode="car")
    assert network.arcs == 4


def test_the_file_gives_the_network_of_the_graph_itself(graph, saved):
    direct = from_networkx(graph)
    read = read_graphml(saved, crs=CRS, mode="car")
    network = from_edges(read.nodes, read.edges, crs=CRS, mode="car")
    assert network.x == pytest.approx(direct.x)
    assert network.y == pytest.approx(direct.y)
    assert (network.backward != NO_ARC).tolist() == (direct.backward != NO_ARC).tolist()
    for one, other in zip(network.edge_lines, direct.edge_lines, strict=True):
        assert one.equals_exact(other, 1e-6)


def test_the_findings_say_what_was_read_and_what_looks_odd(graph, tmp_path):
    graph.edges[2, 3, 0]["highway"] = "footway"
    graph.edges[3, 3, 0]["maxspeed"] = "schnell"
    path = tmp_path / "walk.graphml"
    ox.save_graphml(graph, path)
    said = {each.key: each for each in read_graphml(path, crs=CRS, mode="car").findings}
    assert said.keys() == {"graphml_used", "graphml_classes", "osm_odd_tags"}
    assert said["graphml_classes"].severity == "warning"
    assert said["graphml_classes"].facts["classes"] == ["footway (1)"]
    assert said["graphml_used"].facts["stated"] == pytest.approx(1000.5 / 2192.5)
    assert "voiture" in said["graphml_used"].explain()
    assert "graphml_classes" not in {
        each.key for each in read_graphml(path, crs=CRS, mode="foot").findings
    }


def test_a_file_cut_anywhere_is_refused(saved):
    whole = saved.read_bytes()
    for size in range(10, len(whole) - 5, 97):
        saved.write_bytes(whole[:size])
        with pytest.raises(UnreadableFileError, match=r"valence\.graphml") as caught:
            read_graphml(saved, crs=CRS, mode="car")
        assert caught.value.reason == "graphml_cut"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_is_refused_before_it_is_read(tmp_path, encoding):
    lol = "".join(
        f'<!ENTITY l{at} "{"&l" + str(at - 1) + ";" if at else "lol"}{"&l0;" * 9}">'
        for at in range(20)
    )
    path = tmp_path / "bomb.graphml"
    text = (
        f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE g [{lol}]><graphml>&l19;</graphml>'
    )
    path.write_bytes(text.encode(encoding))
    with pytest.raises(UnreadableFileError) as caught:
        read_graphml(path, crs=CRS, mode="car")
    assert caught.value.reason == "graphml_doctype"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "empty"),
        ("not xml", "graphml_cut"),
        ("<osm/>", "graphml_cut"),
        ("<graphml xmlns='http://graphml.graphdrawing.org/xmlns'/>", "graphml_cut"),
    ],
)
def test_what_is_no_graph_is_refused(tmp_path, content, reason):
    path = tmp_path / "roads.graphml"
    path.write_text(content)
    with pytest.raises(UnreadableFileError) as caught:
        read_graphml(path, crs=CRS, mode="car")
    assert caught.value.reason == reason
    assert caught.value.explain("fr")


def test_a_graph_without_arcs_or_places_is_refused(tmp_path):
    path = tmp_path / "roads.graphml"
    empty = nx.MultiDiGraph(crs="epsg:4326")
    empty.add_node(1, x=4.9, y=44.9)
    nowhere = nx.MultiDiGraph(crs="epsg:4326")
    nowhere.add_edge(1, 2)
    for graph, reason in ((empty, "graphml_no_road"), (nowhere, "graphml_no_place")):
        ox.save_graphml(graph, path)
        with pytest.raises(UnreadableFileError) as caught:
            read_graphml(path, crs=CRS, mode="car")
        assert caught.value.reason == reason
    with pytest.raises(MissingFileError):
        read_graphml(tmp_path / "none.graphml", crs=CRS, mode="car")


def test_a_length_that_is_none_is_refused_with_its_arc_and_file(graph, tmp_path):
    graph.edges[2, 3, 0]["length"] = "nan"
    path = tmp_path / "roads.graphml"
    ox.save_graphml(graph, path)
    with pytest.raises(DataError, match=r"roads\.graphml, column length: arc 2 → 3"):
        read_graphml(path, crs=CRS, mode="car")


def test_times_of_the_file_are_left_to_the_profile(graph, tmp_path):
    graph.edges[1, 2, 0]["travel_time"] = "soon"
    path = tmp_path / "roads.graphml"
    ox.save_graphml(graph, path)
    assert re.search("soon", path.read_text(encoding="utf-8"))
    assert len(read_graphml(path, crs=CRS, mode="car").edges) == 3
