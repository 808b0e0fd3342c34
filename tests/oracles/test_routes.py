"""Routes, against networkx and against the sum of the times of the arcs they name."""

import geopandas as gpd
import networkx as nx
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, Point

from ctg_geo import RoadNetwork, Snapping, routes, travel_times
from ctg_geo.errors import TravelError
from ctg_geo.network import from_lines, with_profile
from ctg_geo.parameters import TravelProfile
from ctg_geo.travel import trace

NODES = 9
X0, Y0 = 850_000, 6_430_000
CAR = TravelProfile(label="car", speed_kmh={"main": 80}, default_kmh=30, source="test")
RULES = Snapping(access_kmh=24)
CORNERS = [(0, 0), (913, 41), (1777, -67), (53, 871), (967, 1013), (1801, 893)]
ROADS = [(0, 1), (1, 2), (0, 3), (1, 4), (2, 5), (3, 4), (4, 5)]
BENDS = {(0, 1): (431, 97), (1, 4): (1051, 517)}

node_lists = st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), min_size=1, max_size=12)
directions = st.lists(
    st.sampled_from(["both", "both", "forward", "backward"]), min_size=7, max_size=7
)
classes = st.lists(st.sampled_from(["main", "lane"]), min_size=7, max_size=7)
places = st.lists(
    st.tuples(*[st.integers(-200, 2000), st.integers(-200, 1200)] * 2), min_size=1, max_size=6
)


@st.composite
def arcs(draw):
    """Draw arcs among few nodes, many of no duration, some parallel, opposite or loops."""
    node = st.integers(0, NODES - 1)
    time_ms = st.sampled_from([0, 0, 1, 2]) | st.integers(0, 400)
    return draw(st.lists(st.tuples(node, node, time_ms), min_size=1, max_size=30))


def network_of(drawn):
    tail, head, time_ms = (np.array(part) for part in zip(*drawn, strict=True))
    lon = 4.9 + 0.01 * np.arange(NODES)
    return RoadNetwork.from_arcs(tail, head, time_ms / 1000, lon, np.full(NODES, 45.0))


def arc_of(network, edge, forward):
    return int((network.forward if forward else network.backward)[edge])


def crooked(said, kinds):
    shapes = [
        LineString(
            [
                (X0 + x, Y0 + y)
                for x, y in [
                    CORNERS[road[0]],
                    *([BENDS[road]] if road in BENDS else []),
                    CORNERS[road[1]],
                ]
            ]
        )
        for road in ROADS
    ]
    table = gpd.GeoDataFrame(
        {"road_class": kinds, "speed_kmh": np.nan, "direction": said, "name": ""},
        geometry=shapes,
        crs="EPSG:2154",
    )
    return with_profile(from_lines(table, snap_m=0.5), CAR)


def points(xy, codes=None):
    return gpd.GeoSeries([Point(X0 + x, Y0 + y) for x, y in xy], index=codes, crs="EPSG:2154")


def along_the_parts(way, i):
    """Return the parts of a route: edge, from, to, forward."""
    part = slice(way.start[i], way.start[i + 1])
    return list(
        zip(
            way.edge[part], way.share_from[part], way.share_to[part], way.forward[part], strict=True
        )
    )


@settings(deadline=None, max_examples=80, derandomize=True)
@given(arcs(), node_lists)
def test_between_nodes_the_arcs_form_a_path_that_lasts_what_networkx_finds(drawn, pairs):
    network = network_of(drawn)
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(range(NODES))
    graph.add_weighted_edges_from(drawn)
    way = routes(network, [a for a, _ in pairs], [b for _, b in pairs])
    for i, (start, end) in enumerate(pairs):
        lengths = nx.single_source_dijkstra_path_length(graph, start)
        assert (way.time_ms[i] == -1) == (end not in lengths)
        at, total = start, 0
        for edge, low, high, forward in along_the_parts(way, i):
            assert (low, high) == ((0, 1) if forward else (1, 0))
            arc = arc_of(network, edge, forward)
            assert network.tail[arc] == at
            between = min(t for a, b, t in drawn if (a, b) == (at, network.head[arc]))
            assert network.time_ms[arc] == between  # of parallel arcs, the fastest is named
            at, total = network.head[arc], total + int(network.time_ms[arc])
        if end in lengths:
            assert (at, total) == (end, lengths[end])
            assert way.time_ms[i] == total
        else:
            assert way.start[i] == way.start[i + 1]


@settings(deadline=None, max_examples=100, derandomize=True)
@given(directions, classes, places)
def test_between_points_the_time_is_that_of_travel_times_and_of_the_parts(said, kinds, pairs):
    network = crooked(said, kinds)
    starts, ends = points([p[:2] for p in pairs]), points([p[2:] for p in pairs])
    way = routes(network, starts, ends, snapping=RULES)
    times = travel_times(network, starts, ends, limit_min=None, snapping=RULES)
    expected = np.diag(times.to_matrix().to_numpy())
    assert np.nan_to_num(way.minutes, nan=np.inf).tolist() == expected.tolist()
    for i in range(len(pairs)):
        if way.status[i] == "none":
            continue
        apart = starts[i].distance(ends[i])
        access_m = sum(s.table["snap_m"].iloc[i] for s in (way.origin_snaps, way.destination_snaps))
        if way.status[i] == "straight":
            assert apart <= max(access_m, 1)
            assert way.time_ms[i] == pytest.approx(apart / 24 * 3600 * (apart >= 1), abs=0.6)
            continue
        total = access_m / 24 * 3600
        parts = along_the_parts(way, i)
        for edge, low, high, forward in parts:
            assert forward == (high >= low) or low == high
            arc = arc_of(network, edge, forward)
            assert arc >= 0
            total += abs(high - low) * network.time_ms[arc]
        assert way.time_ms[i] == pytest.approx(total, abs=2.001)
        assert all({low, high} == {0, 1} for _, low, high, _ in parts[1:-1])


@settings(deadline=None, max_examples=60, derandomize=True)
@given(directions, classes, places)
def test_the_line_runs_from_point_to_point_over_the_roads_and_is_as_long_as_said(
    said, kinds, pairs
):
    network = crooked(said, kinds)
    starts, ends = points([p[:2] for p in pairs]), points([p[2:] for p in pairs])
    way = routes(network, starts, ends, snapping=RULES)
    frame = way.to_frame()
    every_road = shapely.union_all(network.edge_lines).buffer(1e-3)
    for i, row in frame.iterrows():
        if row["status"] == "none":
            assert row["geometry"] is None
            assert np.isnan(row["length_m"])
            continue
        line = row["geometry"]
        assert line.length == pytest.approx(row["length_m"], abs=1e-6)
        assert line.coords[0] == pytest.approx(starts[i].coords[0])
        assert line.coords[-1] == pytest.approx(ends[i].coords[0])
        off_m = line.difference(every_road).length
        access_m = sum(s.table["snap_m"].iloc[i] for s in (way.origin_snaps, way.destination_snaps))
        if row["status"] == "road":
            assert off_m <= access_m + 1e-6
    metres = way.edge_lengths().toarray()
    road = (way.status == "road").nonzero()[0]
    said_m = frame["length_m"].to_numpy()[road] - sum(
        s.table["snap_m"].to_numpy()[road] for s in (way.origin_snaps, way.destination_snaps)
    )
    assert metres[road].sum(axis=1) == pytest.approx(said_m, abs=1e-6)
    assert not metres[way.status != "road"].any()


@settings(deadline=None, max_examples=30, derandomize=True)
@given(arcs(), node_lists, st.integers(0, 8))
def test_chunks_and_the_side_that_is_searched_change_no_time(drawn, pairs, one):
    network = network_of(drawn)
    starts, ends = [a for a, _ in pairs], [one] * len(pairs)
    whole = routes(network, starts, ends)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(trace, "_CHUNK_CELLS", 1)
        cut = routes(network, starts, ends)
    single = [routes(network, [a], [b]).time_ms[0] for a, b in zip(starts, ends, strict=True)]
    assert whole.time_ms.tolist() == cut.time_ms.tolist() == single
    assert whole.edge.tobytes() == cut.edge.tobytes()


def loop(direction="forward"):
    """Return a square that begins and ends at one crossing, with a road into it."""
    table = gpd.GeoDataFrame(
        {"road_class": "lane", "speed_kmh": np.nan, "direction": [direction, "both"], "name": ""},
        geometry=[
            LineString([(X0, Y0), (X0 + 300, Y0), (X0 + 300, Y0 + 300), (X0, Y0 + 300), (X0, Y0)]),
            LineString([(X0 - 600, Y0), (X0, Y0)]),
        ],
        crs="EPSG:2154",
    )
    return with_profile(from_lines(table, snap_m=0.5), CAR)


def test_on_a_one_way_loop_one_goes_on_round_through_its_crossing():
    # from the top corner back to the first one: forward 300 m + 300 m to the crossing, 300 m more
    way = routes(loop(), points([(300, 300)]), points([(300, 0)]), snapping=RULES)
    assert along_the_parts(way, 0) == [(0, 0.5, 1, True), (0, 0, 0.25, True)]
    assert way.edge_lengths().toarray().tolist() == [[900, 0]]
    assert way.minutes[0] == pytest.approx(900 / 500)  # at 30 km/h, 500 m a minute


def test_on_a_loop_open_both_ways_one_leaves_by_the_shorter_side():
    way = routes(loop("both"), points([(0, 250), (300, 100)]), points([(-600, 0)] * 2))
    assert along_the_parts(way, 0) == [(0, pytest.approx(950 / 1200), 1, True), (1, 1, 0, False)]
    assert along_the_parts(way, 1) == [(0, pytest.approx(400 / 1200), 0, False), (1, 1, 0, False)]
    assert way.length_m.tolist() == pytest.approx([850, 1000])


def test_two_points_on_one_road_ride_the_part_between_them():
    # 10 m aside of the road, further apart than from the road
    way = routes(loop(), points([(-500, 10)]), points([(-200, -10)]), snapping=RULES)
    assert along_the_parts(way, 0) == [(1, pytest.approx(1 / 6), pytest.approx(4 / 6), True)]
    assert way.length_m.tolist() == pytest.approx([320])
    line = [(-500, 10), (-500, 0), (-200, 0), (-200, -10)]
    drawn = way.to_frame().geometry[0]
    assert [(x - X0, y - Y0) for x, y in drawn.coords] == [pytest.approx(xy) for xy in line]


def test_two_points_nearer_to_each_other_than_to_the_road_take_no_edge():
    way = routes(loop(), points([(-500, 200)]), points([(-400, 200)]), snapping=RULES)
    assert (way.status[0], len(way.edge)) == ("straight", 0)
    assert way.minutes[0] == pytest.approx(100 / 400)  # at 24 km/h, 400 m a minute
    assert way.length_m.tolist() == [100]
    assert len(way.to_frame().geometry[0].coords) == 2


def test_a_point_to_itself_is_on_the_spot_and_has_a_line_of_two_corners():
    way = routes(loop(), points([(-500, 200)]), points([(-500, 200)]), snapping=RULES)
    assert way.minutes.tolist() == [0]
    assert way.to_frame().geometry[0].length == 0


def test_a_code_may_come_back_and_names_its_pairs():
    starts = points([(-500, 5), (-500, 5), (-100, 5)], ["a", "a", "b"])
    ends = points([(-100, 5), (300, 5), (300, 5)], ["b", "c", "c"])
    frame = routes(loop(), starts, ends).to_frame()
    assert frame[["origin", "destination"]].to_numpy().tolist() == [
        ["a", "b"],
        ["a", "c"],
        ["b", "c"],
    ]
    assert frame.crs == "EPSG:2154"


def test_no_pair_at_all_gives_an_empty_layer():
    nobody = np.array([], dtype=np.int64)
    way = routes(loop(), nobody, nobody)
    assert (len(way), len(way.to_frame()), way.edge_lengths().shape) == (0, 0, (0, 2))


def test_lists_of_different_lengths_are_refused():
    with pytest.raises(TravelError) as caught:
        routes(loop(), [0, 1], [0])
    assert (caught.value.reason, str(caught.value)[:1]) == ("pair_lengths", "2")
    assert caught.value.explain("fr")


def test_a_network_without_places_gives_times_but_no_routes():
    bare = RoadNetwork.from_arcs([0], [1], [60], nodes=2)
    with pytest.raises(TravelError) as caught:
        routes(bare, [0], [1])
    assert caught.value.reason == "no_roads"
    assert caught.value.explain("fr")
