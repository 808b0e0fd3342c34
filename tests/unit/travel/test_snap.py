"""Where points join the road, on two roads drawn by hand."""

import geopandas as gpd
import numpy as np
import pytest
from shapely.geometry import LineString, Point

from ctg_geo import Snapping, travel_times
from ctg_geo.network import from_lines, with_profile
from ctg_geo.parameters import TravelProfile

X0, Y0 = 850_000, 6_430_000
CAR = TravelProfile(label="car", default_kmh=60, source="test")


def roads(*lines, directions=None):
    shapes = [LineString([(X0 + x, Y0 + y) for x, y in line]) for line in lines]
    table = gpd.GeoDataFrame(
        {
            "road_class": "local",
            "speed_kmh": np.nan,
            "direction": directions or ["both"] * len(lines),
            "name": "",
        },
        geometry=shapes,
        crs="EPSG:2154",
    )
    return with_profile(from_lines(table, snap_m=0.5), CAR)


def points(*places):
    return gpd.GeoSeries([Point(X0 + x, Y0 + y) for x, y in places], crs="EPSG:2154")


def status(network, *places, **rules):
    here = points(*places)
    times = travel_times(network, here, here, limit_min=None, snapping=Snapping(**rules))
    return times.origin_snaps["status"].tolist()


LONG = [[(0, 0), (1000, 0)], [(1000, 0), (2000, 0)]]  # three nodes: the largest part


def test_a_point_beside_the_middle_is_on_the_edge_and_one_past_the_end_on_the_node():
    assert status(roads(*LONG), (300, 40), (-40, 0), (1000, 5)) == ["edge", "node", "node"]


def test_a_point_on_a_road_that_joins_nothing_is_apart():
    network = roads(*LONG, [(0, 600), (300, 600)])
    assert status(network, (150, 610), (150, 10)) == ["apart", "edge"]


def test_a_one_way_road_that_leads_out_for_good_is_apart_and_so_is_one_that_only_leads_in():
    network = roads(
        *LONG, [(2000, 0), (2000, 900)], [(0, 900), (0, 0)],
        directions=["both", "both", "forward", "forward"],
    )  # fmt: skip
    assert status(network, (2005, 400), (-5, 400), (500, 5)) == ["apart", "apart", "edge"]


def test_a_point_where_such_a_road_leaves_is_not_apart():
    network = roads(*LONG, [(2000, 0), (2000, 900)], directions=["both", "both", "forward"])
    assert status(network, (2010, 0)) == ["node"]


def test_a_far_point_is_told_far_even_where_it_is_apart():
    network = roads(*LONG, [(0, 6000), (300, 6000)])
    assert status(network, (150, 7500), (500, 1000), (500, 1001), limit_m=1000) == [
        "far", "edge", "far",
    ]  # fmt: skip


def test_on_a_tie_the_edge_that_comes_first_is_joined():
    network = roads([(0, 0), (1000, 0)], [(0, 100), (1000, 100)])
    there = points((500, 50))
    to_start = travel_times(network, there, points((0, 0)), limit_min=None)
    # 50 m at 30 km/h is 0.1 min, 500 m at 60 km/h half a minute
    assert to_start.minutes.tolist() == pytest.approx([0.6])


def test_a_ring_road_is_left_by_the_shorter_side():
    ring = [(0, 0), (1000, 0), (1000, 1000), (0, 1000), (0, 0)]
    there = points((500, 0), (0, 500))
    both = travel_times(roads(ring), there, there, limit_min=None).to_matrix().to_numpy()
    assert both == pytest.approx(np.array([[0, 1], [1, 0]]))
    one_way = roads(ring, directions=["forward"])
    found = travel_times(one_way, there, there, limit_min=None).to_matrix().to_numpy()
    assert found == pytest.approx(np.array([[0, 3], [1, 0]]))


MANY = [[(100 * k, 0), (100 * k + 100, 0)] for k in range(250)]  # 251 nodes


def test_a_point_on_a_splinter_joins_the_main_road_within_reach_and_says_so():
    network = roads(*MANY, [(500, 300), (600, 300)])
    here = points((550, 310))
    found = travel_times(network, here, points((0, 0)), limit_min=None)
    assert found.origin_snaps["status"].tolist() == ["moved"]
    assert found.origin_snaps["snap_m"].tolist() == [310]
    # 310 m at 30 km/h, then 550 m at 60 km/h
    assert found.minutes.tolist() == pytest.approx([0.62 + 0.55])


def test_a_splinter_out_of_reach_of_the_main_road_keeps_its_points():
    network = roads(*MANY, [(500, 300), (600, 300)])
    assert status(network, (550, 310), limit_m=200) == ["apart"]


def test_an_island_keeps_its_points():
    island = [[(100 * k, 300), (100 * k + 100, 300)] for k in range(20)]
    assert status(roads(*MANY, *island), (550, 310)) == ["apart"]


def test_a_point_beside_a_one_way_main_road_stays_there():
    loop = [[(0, 100), (0, 0)], [(25_000, 0), (25_000, 100)], [(25_000, 100), (0, 100)]]
    ways = ["both"] * 250 + ["forward"] * 3
    assert status(roads(*MANY, *loop, directions=ways), (500, 90)) == ["edge"]


def test_tunnels_and_ferries_are_not_joined():
    table = gpd.GeoDataFrame(
        {"road_class": ["local", "ferry", "local"], "speed_kmh": np.nan, "direction": "both",
         "name": "", "structure": ["tunnel", "", ""]},
        geometry=[LineString([(X0, Y0 + y), (X0 + 1000, Y0 + y)]) for y in (0, 10, 50)],
        crs="EPSG:2154",
    )  # fmt: skip
    network = with_profile(from_lines(table, snap_m=0.5), CAR)
    there = points((500, 0))
    found = travel_times(network, there, there, limit_min=None)
    assert found.origin_snaps["snap_m"].tolist() == [50]
