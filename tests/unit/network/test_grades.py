"""Slope: the published curves at points one can look up, and times worked out by hand."""

from itertools import pairwise

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import LineString

from ctg_geo.network import from_lines, with_grades, with_profile
from ctg_geo.network.grades import cycling, walking
from ctg_geo.parameters import TravelProfile

FOOT = TravelProfile(label="foot", mode="foot", default_kmh=6, slope="tobler", source="test")


def road(*, structure=""):
    table = gpd.GeoDataFrame(
        {"road_class": ["path"], "speed_kmh": [np.nan], "direction": ["both"], "name": [""],
         "structure": [structure]},
        geometry=[LineString([(850_000, 6_430_000), (851_000, 6_430_000)])], crs="EPSG:2154",
    )  # fmt: skip
    return from_lines(table, snap_m=0)


def climbing(*heights, **more):
    run = np.linspace(0, 1000, len(heights))
    points = np.array([0, len(heights)])
    return with_grades(road(**more), points, run, np.array(heights, dtype=float))


def minutes(network, profile=FOOT):
    return (with_profile(network, profile).time_ms / 60_000).tolist()


@pytest.mark.parametrize(
    ("degrees", "kmh"), [(-20, 2.0), (-5, 5.26), (0, 5.04), (5, 3.71), (15, 1.97)]
)
def test_walking_follows_the_table_of_toblers_function(degrees, kmh):
    slope = np.tan(np.radians(degrees))
    assert 5.036 * float(walking(slope)) == pytest.approx(kmh, abs=0.006)


def test_cycling_follows_the_line_of_parkin_and_rotheram():
    metres_per_second = 6.01 * cycling([0.03, -0.02, 0.12])
    assert metres_per_second == pytest.approx(
        [6.01 - 3 * 0.4002, 6.01 + 2 * 0.2379, 6.01 - 12 * 0.4002]
    )


def test_beyond_the_slopes_that_were_seen_cycling_is_no_slower_and_no_faster():
    assert cycling(0.5) == cycling(0.12)
    assert cycling(-0.9) == cycling(-0.15)
    assert float(cycling(-0.15)) * 6.01 * 3.6 < 35


def test_a_climb_takes_longer_up_than_down():
    up, down = minutes(climbing(0, 100))
    assert up == pytest.approx(10 * np.exp(3.5 * 0.1), rel=1e-6)
    assert down == pytest.approx(10 * np.exp(3.5 * (0.05 - 0.05)), rel=1e-6)


def test_a_hill_between_level_ends_costs_time_both_ways():
    there, back = minutes(climbing(0, 100, 0))
    assert there == back
    assert there > 10


def test_a_bridge_does_not_go_down_into_the_valley():
    assert minutes(climbing(50, 0, 50, structure="bridge")) == [10, 10]


def test_an_edge_with_an_unknown_height_is_flat():
    assert minutes(climbing(0, np.nan, 100)) == [10, 10]


def test_a_profile_without_slope_ignores_the_heights():
    flat = TravelProfile(label="foot", mode="foot", default_kmh=6, source="test")
    assert minutes(climbing(0, 100), flat) == [10, 10]


@given(st.lists(st.floats(0, 300), min_size=2, max_size=9))
def test_the_time_both_ways_is_that_of_the_pieces_one_by_one(heights):
    network = climbing(*heights)
    run = 1000 / (len(heights) - 1)
    for found, ways in zip(minutes(network), (heights, heights[::-1]), strict=True):
        pieces = [
            run / 100 * np.exp(3.5 * (abs((b - a) / run + 0.05) - 0.05)) for a, b in pairwise(ways)
        ]
        assert found == pytest.approx(sum(pieces), abs=1e-3)
