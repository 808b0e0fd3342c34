"""From speeds to milliseconds: what the road states, else its class, else the default."""

import geopandas as gpd
import numpy as np
from shapely.geometry import LineString

from ctg_geo.network import arc_times, from_lines, with_profile
from ctg_geo.parameters import TravelProfile

CAR = TravelProfile(label="car", speed_kmh={"main": 72}, default_kmh=36, source="test")


def network(road_class, speed_kmh, *, metres=1000.0, direction="both"):
    table = gpd.GeoDataFrame(
        {"road_class": [road_class], "speed_kmh": [speed_kmh], "direction": direction, "name": ""},
        geometry=[LineString([(850_000, 6_430_000), (850_000 + metres, 6_430_000)])],
        crs="EPSG:2154",
    )
    return from_lines(table, snap_m=0)


def test_a_stated_speed_counts_before_that_of_the_class():
    assert arc_times(network("main", 90), CAR).tolist() == [40_000, 40_000]


def test_the_speed_of_the_class_counts_before_the_default():
    assert arc_times(network("main", np.nan), CAR).tolist() == [50_000, 50_000]


def test_a_class_that_is_not_listed_runs_at_the_default():
    assert arc_times(network("track", np.nan), CAR).tolist() == [100_000, 100_000]


def test_a_profile_without_classes_runs_everything_at_the_default():
    walk = TravelProfile(label="foot", default_kmh=5, source="test")
    assert arc_times(network("main", np.nan), walk).tolist() == [720_000, 720_000]


def test_a_one_way_road_has_one_time():
    assert arc_times(network("main", np.nan, direction="backward"), CAR).tolist() == [50_000]


def test_a_road_that_has_a_length_takes_at_least_a_millisecond():
    assert arc_times(network("main", 130, metres=0.01), CAR).tolist() == [1, 1]


def test_a_profile_makes_a_new_network_and_leaves_the_old_one():
    old = network("main", np.nan)
    new = with_profile(old, CAR)
    assert (new.time_ms.tolist(), old.time_ms.tolist()) == ([50_000, 50_000], [0, 0])
