"""Many points at once on crooked roads, against roads cut by hand and walked by Bellman-Ford."""

from itertools import pairwise

import geopandas as gpd
import networkx as nx
import numpy as np
import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, Point

from ctg_geo import Snapping, travel_times
from ctg_geo.network import from_lines, with_profile
from ctg_geo.parameters import TravelProfile

X0, Y0 = 850_000, 6_430_000
CAR = TravelProfile(
    label="car",
    speed_kmh={"street": 30, "main": 80, "motorway": 110},
    default_kmh=50,
    source="test",
)
ACCESS_KMH = 24
SPEED = {"street": 30, "main": 80, "motorway": 110, "lane": 50}
LEGS_MS = 2.001  # at each end half a millisecond along the road, and half on the way to it

# Corners that are no multiple of each other: ties between edges are rare, bends are real.
CORNERS = [(0, 0), (913, 41), (1777, -67), (53, 871), (967, 1013), (1801, 893)]
BENDS = {(0, 1): (431, 97), (1, 4): (1051, 517), (3, 4): (499, 823)}
ROADS = [(0, 1), (1, 2), (0, 3), (1, 4), (2, 5), (3, 4), (4, 5)]

directions = st.lists(
    st.sampled_from(["both", "both", "forward", "backward"]), min_size=7, max_size=7
)
classes = st.lists(st.sampled_from(["street", "main", "lane"]), min_size=7, max_size=7)
places = st.lists(
    st.tuples(st.integers(-300, 2100), st.integers(-300, 1300)), min_size=1, max_size=4
)


def shape_of(road):
    path = [CORNERS[road[0]], *([BENDS[road]] if road in BENDS else []), CORNERS[road[1]]]
    return LineString([(X0 + x, Y0 + y) for x, y in path])


def roads(said, kinds):
    table = gpd.GeoDataFrame(
        {"road_class": kinds, "speed_kmh": np.nan, "direction": said, "name": ""},
        geometry=[shape_of(road) for road in ROADS],
        crs="EPSG:2154",
    )
    return with_profile(from_lines(table, snap_m=0.5), CAR)


def points(*xy):
    return gpd.GeoSeries([Point(X0 + x, Y0 + y) for x, y in xy], crs="EPSG:2154")


def joined(point, kinds):
    """Return the nearest road that may be joined, the metres to it, and those along it."""
    metres = [
        np.inf if kind == "motorway" else shapely.distance(shape_of(road), point)
        for road, kind in zip(ROADS, kinds, strict=True)
    ]
    nearest = int(np.argmin(np.array(metres) > min(metres) + 1e-9))
    return nearest, metres[nearest], shape_of(ROADS[nearest]).project(point)


def by_hand(said, kinds, start, end):
    """Cut the roads at both points and walk; a whole road takes whole milliseconds."""
    graph = nx.DiGraph()
    graph.add_nodes_from(["start", "end"])
    stops = {road: [(0.0, road[0]), (shape_of(road).length, road[1])] for road in ROADS}
    access_m = 0.0
    for name, point in (("start", start), ("end", end)):
        number, metres, along = joined(point, kinds)
        stops[ROADS[number]].append((along, name))
        access_m += metres
    for number, road in enumerate(ROADS):
        length = shape_of(road).length
        whole_ms = round(length / SPEED[kinds[number]] * 3600)
        for (at, one), (to, two) in pairwise(sorted(stops[road], key=lambda stop: stop[0])):
            time_ms = (to - at) / length * whole_ms
            ways = {"forward": [(one, two)], "backward": [(two, one)]}
            for a, b in ways.get(said[number], [(one, two), (two, one)]):
                graph.add_edge(a, b, weight=time_ms)
            if to == at:  # two names of one place
                graph.add_edge(one, two, weight=0)
                graph.add_edge(two, one, weight=0)
    reached = nx.single_source_bellman_ford_path_length(graph, "start")
    straight_m = start.distance(end)
    if straight_m < 1:
        return 0.0
    across = straight_m if straight_m <= access_m else np.inf
    return min(
        reached.get("end", np.inf) + access_m / ACCESS_KMH * 3600, across / ACCESS_KMH * 3600
    )


def compare(said, kinds, starts, ends):
    network, rules = roads(said, kinds), Snapping(access_kmh=ACCESS_KMH)
    times = travel_times(network, points(*starts), points(*ends), limit_min=None, snapping=rules)
    found = times.to_matrix().to_numpy() * 60_000
    expected = [[by_hand(said, kinds, a, b) for b in points(*ends)] for a in points(*starts)]
    assert found == pytest.approx(np.array(expected), abs=LEGS_MS)


@settings(deadline=None, max_examples=80, derandomize=True)
@given(directions, classes, places, places)
def test_every_pair_of_many_points_equals_a_walk_by_hand(said, kinds, starts, ends):
    compare(said, kinds, starts, ends)


@settings(deadline=None, max_examples=40, derandomize=True)
@given(directions, classes, places, places, st.integers(0, 6))
def test_a_motorway_carries_through_traffic_but_nobody_joins_it(said, kinds, starts, ends, number):
    compare(said, [*kinds[:number], "motorway", *kinds[number + 1 :]], starts, ends)


@settings(deadline=None, max_examples=40, derandomize=True)
@given(classes, st.floats(0.05, 0.95), st.floats(0.05, 0.95), st.integers(0, 6), st.data())
def test_two_points_on_one_road_go_along_it_or_round(kinds, here, there, number, data):
    said = data.draw(directions)
    line = shape_of(ROADS[number])
    place = [line.interpolate(share, normalized=True) for share in (here, there)]
    # a metre aside, as houses are: on either side of the road
    xy = [(p.x - X0 + 0.6, p.y - Y0 - 0.8) for p in place]
    compare(said, kinds, xy, xy)


@settings(deadline=None, max_examples=40, derandomize=True)
@given(directions, classes, places, st.integers(50, 900))
def test_a_point_is_far_when_its_road_is_beyond_the_limit(said, kinds, starts, limit_m):
    network, rules = roads(said, kinds), Snapping(access_kmh=ACCESS_KMH, limit_m=limit_m)
    times = travel_times(network, points(*starts), points((0, 0)), limit_min=None, snapping=rules)
    metres = [joined(point, kinds)[1] for point in points(*starts)]
    assert times.origin_snaps["snap_m"].tolist() == pytest.approx(metres)
    assert (times.origin_snaps["status"] == "far").tolist() == [m > limit_m for m in metres]


@settings(deadline=None, max_examples=60, derandomize=True)
@given(directions, classes, places)
def test_a_point_is_apart_when_no_round_trip_joins_it_to_the_largest_part(said, kinds, starts):
    network, rules = roads(said, kinds), Snapping(access_kmh=ACCESS_KMH, limit_m=10_000)
    times = travel_times(network, points(*starts), points((0, 0)), limit_min=None, snapping=rules)
    graph = nx.DiGraph()
    graph.add_nodes_from(range(len(CORNERS)))
    for road, way in zip(ROADS, said, strict=True):
        graph.add_edges_from(
            {"forward": [road], "backward": [road[::-1]]}.get(way, [road, road[::-1]])
        )
    parts = sorted(nx.strongly_connected_components(graph), key=len)
    # of two largest parts, either may be the main one
    assume(len(parts) == 1 or len(parts[-1]) > len(parts[-2]))
    for point, status in zip(points(*starts), times.origin_snaps["status"], strict=True):
        number, _, along = joined(point, kinds)
        ends = set(ROADS[number])
        if along <= 0.001:
            ends = {ROADS[number][0]}
        elif along >= shape_of(ROADS[number]).length - 0.001:
            ends = {ROADS[number][1]}
        assert (status == "apart") == (not ends <= parts[-1])
