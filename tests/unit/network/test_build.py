"""Lines and tables become a network."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import LineString, Point

from ctg_geo.errors import NoRoadError
from ctg_geo.network import NO_ARC, check_near, from_lines, from_tables

X0, Y0 = 850_000, 6_430_000


def lines(*paths, direction="both"):
    shapes = [LineString([(X0 + x, Y0 + y) for x, y in path]) for path in paths]
    directions = [direction] * len(paths) if isinstance(direction, str) else direction
    return gpd.GeoDataFrame(
        {"road_class": "local", "speed_kmh": np.nan, "direction": directions, "name": "D1"},
        geometry=shapes,
        crs="EPSG:2154",
    )


def ways(network):
    """Return the open directions, as pairs of node numbers."""
    return sorted(zip(network.tail.tolist(), network.head.tolist(), strict=True))


def test_ends_within_snap_m_are_one_node_at_the_first_of_them():
    network = from_lines(lines([(0, 0), (100, 0)], [(200, 0), (101, 0)]), snap_m=1)
    assert network.nodes == 3
    assert sorted(network.x - X0) == [0, 100, 200]


def test_ends_further_than_snap_m_apart_stay_two_nodes():
    network = from_lines(lines([(0, 0), (100, 0)], [(101.1, 0), (200, 0)]), snap_m=1)
    assert network.nodes == 4


def test_without_a_tolerance_only_the_same_end_is_the_same_node():
    shapes = lines([(0, 0), (100, 0)], [(100, 0), (200, 0)], [(200.001, 0), (300, 0)])
    assert from_lines(shapes, snap_m=0).nodes == 5


def test_an_end_in_the_middle_of_another_line_is_no_junction():
    network = from_lines(lines([(0, 0), (200, 0)], [(100, 0), (100, 100)]), snap_m=1)
    assert network.nodes == 4
    assert network.part.max() == 1


def test_a_bend_is_no_node_but_counts_in_the_length():
    network = from_lines(lines([(0, 0), (300, 400), (600, 0)]), snap_m=1)
    assert network.nodes == 2
    assert network.edges["length_m"].tolist() == [1000]


@pytest.mark.parametrize(
    ("direction", "open_ways"),
    [("both", [(0, 1), (1, 0)]), ("forward", [(0, 1)]), ("backward", [(1, 0)])],
)
def test_a_line_is_open_the_ways_it_says(direction, open_ways):
    network = from_lines(lines([(0, 0), (100, 0)], direction=direction), snap_m=1)
    assert (network.edge_from.tolist(), network.edge_to.tolist()) == ([0], [1])
    assert ways(network) == open_ways
    assert (network.forward[0] == NO_ARC) == (direction == "backward")
    assert (network.backward[0] == NO_ARC) == (direction == "forward")


def test_every_edge_knows_its_own_arcs():
    paths = [[(0, 0), (100, 0)], [(100, 0), (200, 0)], [(200, 0), (300, 0)]]
    network = from_lines(lines(*paths, direction=["backward", "both", "forward"]), snap_m=1)
    for arcs, start, end in (
        (network.forward, network.edge_from, network.edge_to),
        (network.backward, network.edge_to, network.edge_from),
    ):
        open_ = arcs != NO_ARC
        assert network.tail[arcs[open_]].tolist() == start[open_].tolist()
        assert network.head[arcs[open_]].tolist() == end[open_].tolist()
    assert network.arcs == 4


def test_tables_join_segments_to_junctions_by_name():
    junctions = pd.DataFrame(
        {"x": [X0, X0 + 1000.0, X0 + 2000.0], "y": [Y0, Y0, Y0]}, index=["k", "j", "alone"]
    )
    segments = pd.DataFrame(
        {
            "from_junction": ["j"],
            "to_junction": ["k"],
            "road_class": ["main"],
            "length_m": [1200.0],
            "speed_kmh": [np.nan],
            "direction": ["forward"],
            "name": ["D538"],
        }
    )
    network = from_tables(junctions, segments, crs="EPSG:2154")
    assert network.nodes == 3
    assert ways(network) == [(1, 0)]
    assert network.edges["length_m"].tolist() == [1200]  # as stated, not the straight line
    assert network.edge_lines[0].length == 1000


def test_roads_elsewhere_are_refused_with_the_distance():
    network = from_lines(lines([(0, 0), (100, 0)]), snap_m=1)
    near = gpd.GeoSeries([Point(X0, Y0 + 9_000), Point(X0, Y0 + 80_000)], crs="EPSG:2154")
    check_near(network, near, file="roads.gpkg")
    with pytest.raises(NoRoadError, match=r"roads\.gpkg") as caught:
        check_near(network, near[1:], file="roads.gpkg")
    assert caught.value.facts["nearest_km"] == pytest.approx(80)
