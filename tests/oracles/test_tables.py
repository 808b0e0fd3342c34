"""The k nearest and the dense table, against all times of a plain search, sorted."""

import logging
from importlib import import_module
from types import SimpleNamespace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, Point

from ctg_geo import RoadNetwork, Snapping, travel_times
from ctg_geo.errors import TravelError
from ctg_geo.network import from_lines, with_profile
from ctg_geo.parameters import TravelProfile
from ctg_geo.travel import NO_ROUTE_MS, between, matrix, method, nearest
from ctg_geo.travel.hierarchy import NO_ROUTE_MS as OF_HIERARCHY

blocks_of_nearest = import_module("ctg_geo.travel.nearest")

X0, Y0 = 850_000, 6_430_000
CAR = TravelProfile(label="car", speed_kmh={"main": 80}, default_kmh=30, source="test")
RULES = Snapping(access_kmh=24)
ROADS = [[(0, 0), (900, 40)], [(900, 40), (1800, -60)], [(0, 0), (50, 870)],
         [(900, 40), (1050, 500), (970, 1010)], [(50, 870), (970, 1010)]]  # fmt: skip
WAYS = ["plain", "bounded", "hierarchy"]

directions = st.lists(
    st.sampled_from(["both", "both", "forward", "backward"]), min_size=5, max_size=5
)
places = st.lists(
    st.tuples(st.integers(-200, 2000), st.integers(-200, 1200)), min_size=1, max_size=7
)


def crooked(said):
    table = gpd.GeoDataFrame(
        {"road_class": ["main", "lane", "main", "lane", "lane"], "speed_kmh": np.nan,
         "direction": said, "name": ""},
        geometry=[LineString([(X0 + x, Y0 + y) for x, y in line]) for line in ROADS],
        crs="EPSG:2154",
    )  # fmt: skip
    return with_profile(from_lines(table, snap_m=0.5), CAR)


def points(xy, letter):
    codes = [f"{letter}{i}" for i in range(len(xy))]
    return gpd.GeoSeries([Point(X0 + x, Y0 + y) for x, y in xy], index=codes, crs="EPSG:2154")


def sorted_rows(times, k):
    table = times.to_matrix()
    found = {}
    for origin, row in zip(table.index, table.to_numpy(), strict=True):
        order = sorted(range(len(row)), key=lambda place: (row[place], place))
        found[origin] = [(table.columns[p], row[p]) for p in order if np.isfinite(row[p])][:k]
    return found


def told(found):
    return {
        origin: [
            (place, minute)
            for place, minute in zip(
                found.place.loc[origin], found.minutes.loc[origin], strict=True
            )
            if pd.notna(place)
        ]
        for origin in found.origins
    }


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("cells", [1, 10**6])
@settings(deadline=None, max_examples=30, derandomize=True)
@given(directions, places, places, st.integers(1, 9), st.sampled_from([None, 1.0, 2.5]))
def test_the_k_nearest_are_the_first_of_all_times_sorted(way, cells, said, starts, ends, k, limit):
    network, start, end = crooked(said), points(starts, "o"), points(ends, "p")
    if way == "bounded" and limit is None:
        limit = 500.0
    every = travel_times(network, start, end, limit_min=limit, snapping=RULES, method="plain")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocks_of_nearest, "_BLOCK_CELLS", cells)
        found = nearest(network, start, end, k=k, limit_min=limit, snapping=RULES, method=way)
    assert found.place.shape == (len(starts), k)
    assert told(found) == sorted_rows(every, k)


def test_of_places_at_one_time_the_first_is_named_first():
    roads = RoadNetwork.from_arcs([1, 1, 0], [0, 2, 1], [60, 60, 60], nodes=3)
    ends = pd.Series([2, 0, 2], index=["b", "a", "c"])
    for way in ("plain", "hierarchy"):
        found = nearest(roads, [1], ends, k=3, limit_min=None, method=way)
        assert found.place.loc[1].tolist() == ["b", "a", "c"]


def test_the_nearest_are_times_that_a_measure_takes():
    roads = RoadNetwork.from_arcs([0, 1], [1, 2], [60, 90], nodes=4)
    times = nearest(roads, [0, 1, 3], [2, 1], k=1, limit_min=30).to_times()
    assert times.to_frame().to_numpy().tolist() == [[0, 1, 1.0], [1, 1, 0.0]]
    assert (times.limit_min, len(times.destinations)) == (30, 2)


@pytest.mark.parametrize("k", [0, -1, 1.5, np.nan])
def test_a_k_that_counts_no_place_is_refused(k):
    roads = RoadNetwork.from_arcs([0], [1], [60], nodes=2)
    with pytest.raises(TravelError) as caught:
        nearest(roads, [0], [1], k=k, limit_min=None)
    assert caught.value.reason == "bad_k"


def test_nobody_and_nowhere_give_empty_tables():
    roads, nobody = RoadNetwork.from_arcs([0], [1], [60], nodes=2), np.array([], dtype=np.int64)
    for way in ("plain", "hierarchy"):
        assert nearest(roads, nobody, [1], k=2, limit_min=None, method=way).place.shape == (0, 2)
        alone = nearest(roads, [0], nobody, k=2, limit_min=None, method=way)
        assert alone.minutes.isna().all(axis=None)
        assert matrix(roads, nobody, [1], limit_min=None, method=way).minutes.shape == (0, 1)
        assert matrix(roads, [1], nobody, limit_min=None, method=way).minutes.shape == (1, 0)


@pytest.mark.parametrize("way", WAYS)
@settings(deadline=None, max_examples=40, derandomize=True)
@given(directions, places, places, st.sampled_from([None, 1.0, 2.5]))
def test_the_table_holds_the_times_of_a_plain_search(way, said, starts, ends, limit):
    network, start, end = crooked(said), points(starts, "o"), points(ends, "p")
    if way == "bounded" and limit is None:
        limit = 500.0
    every = travel_times(network, start, end, limit_min=limit, snapping=RULES, method="plain")
    found = matrix(network, start, end, limit_min=limit, snapping=RULES, method=way)
    assert found.time_ms.dtype == np.int32
    pd.testing.assert_frame_equal(found.to_frame(), every.to_matrix())
    pd.testing.assert_frame_equal(found.to_times().to_frame(), every.to_frame())


@pytest.mark.parametrize("cells", [1, 5, 13])
@settings(deadline=None, max_examples=30, derandomize=True)
@given(directions, places, places, st.sampled_from([None, 1.5]))
def test_blocks_of_the_hierarchy_join_to_what_one_block_gives(cells, said, starts, ends, limit):
    network, start, end = crooked(said), points(starts, "o"), points(ends, "p")
    asked = {"limit_min": limit, "snapping": RULES, "method": "hierarchy"}
    whole = travel_times(network, start, end, **asked)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(between, "_BLOCK_CELLS", cells)
        cut = travel_times(network, start, end, **asked)
    for part in ("start", "to", "time_ms"):
        assert getattr(whole, part).tolist() == getattr(cut, part).tolist()


def test_no_route_is_one_number_everywhere():
    assert NO_ROUTE_MS == OF_HIERARCHY
    roads = RoadNetwork.from_arcs([0], [1], [60], nodes=2)
    found = matrix(roads, [0, 1], [0, 1], limit_min=None)
    assert found.time_ms.tolist() == [[0, 60_000], [NO_ROUTE_MS, 0]]


def test_times_too_long_for_the_hierarchy_are_left_to_the_plain_search():
    # two arcs of 10 days: beyond the 12 days of the hierarchy, within the 24 of 32 bits
    ten_days = 10 * 24 * 3600
    roads = RoadNetwork.from_arcs([0, 1], [1, 2], [ten_days] * 2, nodes=3)
    found = matrix(roads, [0], [2], limit_min=None, method="hierarchy")
    assert (found.method, found.time_ms.tolist()) == ("plain", [[20 * 24 * 3_600_000]])
    first = nearest(roads, [0], [2], k=1, limit_min=None, method="hierarchy")
    assert (first.method, first.minutes.loc[0, 1]) == ("plain", 20 * 24 * 60)


def test_a_time_that_32_bits_do_not_hold_is_refused_and_not_wrapped():
    ten_days = 10 * 24 * 3600
    roads = RoadNetwork.from_arcs([0, 1, 2], [1, 2, 3], [ten_days] * 3, nodes=4)
    with pytest.raises(TravelError) as caught:
        matrix(roads, [0], [3], limit_min=None)
    assert caught.value.reason == "route_too_long"
    assert travel_times(roads, [0], [3], limit_min=None).minutes.tolist() == [30 * 24 * 60]


def test_without_a_compiler_the_table_is_made_plainly(monkeypatch, caplog):
    monkeypatch.setattr(method, "find_spec", lambda _: None)
    monkeypatch.setattr(method, "_SMALL", 0)
    roads = RoadNetwork.from_arcs([0, 1], [1, 0], [60, 90], nodes=2)
    with caplog.at_level(logging.WARNING):
        found = matrix(roads, [0, 1], [0, 1], limit_min=None)
        first = nearest(roads, [0, 1], [0, 1], k=1, limit_min=None)
    assert (found.method, first.method) == ("plain", "plain")
    assert found.minutes.tolist() == [[0, 1], [1.5, 0]]
    assert "slow" in caplog.text


def test_a_table_is_searched_for_once(monkeypatch):
    counted = SimpleNamespace(searches=0)
    plain = between.searched

    def counting(*given):
        counted.searches += 1
        return plain(*given)

    monkeypatch.setattr(between, "searched", counting)
    roads = RoadNetwork.from_arcs([0, 1], [1, 0], [60, 90], nodes=2)
    found = matrix(roads, [0, 1], [0, 1], limit_min=None)
    assert (found.to_frame().shape, len(found.to_times().to), counted.searches) == ((2, 2), 4, 1)
