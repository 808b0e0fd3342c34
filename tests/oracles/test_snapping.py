"""Points on edges, against nodes put there by hand and timed by networkx."""

from itertools import pairwise

import geopandas as gpd
import networkx as nx
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, Point

from ctg_geo import Snapping, travel_times
from ctg_geo.network import NO_ARC, from_lines, with_profile
from ctg_geo.parameters import TravelProfile

CAR = TravelProfile(label="car", default_kmh=60, source="test")  # 60 m per 3.6 s
X0, Y0 = 850_000, 6_430_000
DIRECTIONS = st.sampled_from(["both", "forward", "backward"])


def roads(lines, directions, classes=None):
    """Return a network of lines given in metres around a point of the Drôme, at 60 km/h."""
    shapes = [LineString([(X0 + x, Y0 + y) for x, y in line]) for line in lines]
    table = gpd.GeoDataFrame(
        {
            "road_class": classes or ["local"] * len(lines),
            "speed_kmh": np.nan,
            "direction": directions,
            "name": "",
        },
        geometry=shapes,
        crs="EPSG:2154",
    )
    return with_profile(from_lines(table, snap_m=0.5), CAR)


def points(*places):
    return gpd.GeoSeries([Point(X0 + x, Y0 + y) for x, y in places], crs="EPSG:2154")


SQUARE = [
    [(0, 0), (1000, 0)], [(1000, 0), (1000, 1000)], [(1000, 1000), (0, 1000)], [(0, 1000), (0, 0)],
]  # fmt: skip
place = st.tuples(st.integers(-200, 1200), st.integers(-200, 1200))


def nearest_edge(network, point):
    """Return the first of the nearest edges and the distance along it."""
    distance = shapely.distance(network.edge_lines, point)
    edge = int(np.flatnonzero(distance <= distance.min() + 1e-9)[0])
    return edge, float(distance[edge]), float(network.edge_lines[edge].project(point))


def oracle(network, origin, destination, access_kmh):
    """Time one pair on a graph where both points are nodes on their edges; None if no route."""
    graph = nx.DiGraph()
    cuts = {edge: [(0.0, ("node", network.edge_from[edge])),
                   (1000.0, ("node", network.edge_to[edge]))]
            for edge in range(len(network.edge_lines))}  # fmt: skip
    access = 0.0
    for name, point in (("origin", origin), ("destination", destination)):
        edge, distance, along = nearest_edge(network, point)
        cuts[edge].append((along, name))
        access += distance / access_kmh * 3600
    for edge, stops in cuts.items():
        ordered = sorted(stops, key=lambda stop: (stop[0], str(stop[1])))
        for (at, one), (to, two) in pairwise(ordered):
            for arcs, pair in ((network.forward, (one, two)), (network.backward, (two, one))):
                if arcs[edge] != NO_ARC or to == at:
                    time_ms = (to - at) / 1000 * network.time_ms[max(arcs[edge], 0)]
                    if graph.get_edge_data(*pair, {"weight": np.inf})["weight"] > time_ms:
                        graph.add_edge(*pair, weight=time_ms)
    straight = origin.distance(destination)
    snapped = access * access_kmh / 3600
    across = straight / access_kmh * 3600 if straight <= max(snapped, 1.0) else np.inf
    try:
        by_road = access + nx.dijkstra_path_length(graph, "origin", "destination")
    except (nx.NetworkXNoPath, nx.NodeNotFound):
        by_road = np.inf
    best = min(by_road, 0.0 if straight < 1 else across)
    return None if np.isinf(best) else best


@settings(deadline=None, max_examples=200)
@given(st.lists(DIRECTIONS, min_size=4, max_size=4), place, place)
def test_points_on_edges_equal_nodes_put_there(directions, start, end):
    network = roads(SQUARE, directions)
    origin, destination = points(start), points(end)
    rules = Snapping(access_kmh=30)
    times = travel_times(network, origin, destination, limit_min=None, snapping=rules)
    expected = oracle(network, origin.iloc[0], destination.iloc[0], 30)
    if expected is None:
        assert len(times.to) == 0
    else:
        assert times.time_ms[0] == pytest.approx(expected, abs=3), "1 ms of rounding per leg"


def minutes(network, start, end, **options):
    times = travel_times(network, points(start), points(end), limit_min=None, **options)
    return times.to_matrix().iloc[0, 0]


def test_half_a_kilometre_along_an_edge_takes_half_a_minute():
    assert minutes(roads([[(0, 0), (1000, 0)]], ["both"]), (250, 0), (750, 0)) == 0.5


def test_against_a_one_way_there_is_no_route():
    network = roads([[(0, 0), (1000, 0)]], ["forward"])
    assert minutes(network, (250, 0), (750, 0)) == 0.5
    assert minutes(network, (750, 0), (250, 0)) == np.inf


def test_against_a_one_way_one_drives_round_the_block():
    network = roads(SQUARE, ["forward", "both", "both", "both"])
    assert minutes(network, (750, 0), (250, 0)) == pytest.approx(0.25 + 3 + 0.25)


def test_the_way_to_the_road_takes_time_at_both_ends():
    network = roads([[(0, 0), (1000, 0)]], ["both"])
    slow = Snapping(access_kmh=6)
    # 100 m at 6 km/h is one minute, at each end; 500 m at 60 km/h half a minute
    assert minutes(network, (250, 100), (750, -100), snapping=slow) == pytest.approx(2.5)


def test_two_points_at_one_place_are_0_apart_even_off_the_road():
    network = roads([[(0, 0), (1000, 0)]], ["both"])
    assert minutes(network, (250, 300), (250, 300)) == 0


def test_two_points_nearer_to_each_other_than_to_the_road_go_straight():
    network = roads([[(0, 0), (1000, 0)]], ["both"])
    rules = Snapping(access_kmh=30)
    # 200 m at 30 km/h: 0.4 min; by the road it would be 300 + 200 + 300 m
    assert minutes(network, (250, 300), (450, 300), snapping=rules) == pytest.approx(0.4)


def test_a_motorway_is_not_joined_and_a_far_point_is_told():
    network = roads(
        [[(0, 0), (1000, 0)], [(0, 2000), (1000, 2000)]], ["both", "both"], ["motorway", "local"]
    )
    there = points((500, 10))
    times = travel_times(network, there, there, limit_min=None, snapping=Snapping(limit_m=500))
    snap = times.origin_snaps.iloc[0]
    assert snap["road_class"] == "local"
    assert snap["snap_m"] == pytest.approx(1990)
    assert snap["status"] == "far"


def test_a_part_apart_is_told_and_has_no_route():
    network = roads([[(0, 0), (1000, 0), (2000, 0)], [(0, 900), (300, 900)]], ["both", "both"])
    island = points((150, 900))
    times = travel_times(network, island, points((500, 0)), limit_min=None)
    assert times.origin_snaps["status"].iloc[0] in {"edge", "apart"}
    assert len(times.to) == 0


def test_lines_meet_at_their_ends_and_not_where_they_cross():
    crossing = roads([[(0, 0), (1000, 0)], [(500, -500), (500, 500)]], ["both", "both"])
    assert crossing.nodes == 4
    assert minutes(crossing, (0, 0), (500, 500)) == np.inf
    touching = roads([[(0, 0), (1000, 0)], [(1000.3, 0), (1000, 800)]], ["both", "both"])
    assert touching.nodes == 3
