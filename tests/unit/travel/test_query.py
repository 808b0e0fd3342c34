"""What travel_times refuses, and how it names what it gives."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import LineString, Point

from ctg_geo import RoadNetwork, Snapping, travel_times
from ctg_geo.errors import TravelError

ROADS = RoadNetwork.from_arcs([0, 1], [1, 2], [60, 90], [4.9, 4.91, 4.92], [45, 45, 45])
HERE = gpd.GeoSeries([Point(4.9, 45)], index=["26001"], crs="EPSG:4326")


def refusal(*, roads=ROADS, origins=HERE, destinations=HERE, limit_min=None, snapping=None):
    with pytest.raises(TravelError) as caught:
        travel_times(roads, origins, destinations, limit_min=limit_min, snapping=snapping)
    assert str(caught.value)
    assert caught.value.explain("fr")
    return caught.value


@pytest.mark.parametrize("limit_min", [0, -5, np.nan])
def test_a_limit_that_is_not_positive_is_refused(limit_min):
    assert refusal(limit_min=limit_min).reason == "bad_limit"


@pytest.mark.parametrize("number", [-1, 3])
def test_a_number_that_is_no_node_is_refused_by_name(number):
    error = refusal(origins=[0, number])
    assert (error.reason, error.facts) == ("no_node", {"node": number, "nodes": 3})


@pytest.mark.parametrize("points", [[0.5], ["26001"], [[0, 1]], pd.Series(["a"])])
def test_what_is_neither_point_nor_number_is_refused(points):
    assert refusal(destinations=points).reason == "points_kind"


def test_points_without_a_crs_are_refused():
    error = refusal(origins=gpd.GeoSeries([Point(4.9, 45)]))
    assert (error.reason, error.facts["name"]) == ("points_crs", "origin")


def geo(*shapes, crs="EPSG:4326"):
    return gpd.GeoSeries(list(shapes), crs=crs)


@pytest.mark.parametrize(
    ("points", "reason"),
    [
        (geo(Point(4.9, 45), LineString([(4.9, 45), (4.91, 45)])), "points_shape"),
        (geo(Point(900_000, 6_400_000)), "points_nowhere"),  # metres, said to be degrees
        (geo(Point(45, 4.9)), "elsewhere"),  # latitude first
    ],
)
def test_points_that_cannot_be_where_the_roads_are_are_refused(points, reason):
    error = refusal(destinations=points)
    assert (error.reason, error.facts["name"]) == (reason, "destination")


def test_one_point_far_from_the_others_is_reported_and_not_refused():
    points = gpd.GeoSeries([Point(4.9, 45), Point(45, 4.9)], index=["near", "away"], crs=4326)
    found = travel_times(ROADS, points, HERE, limit_min=None)
    assert found.origin_snaps["status"]["away"] == "far"


def test_a_method_that_is_none_is_refused_with_those_there_are():
    with pytest.raises(TravelError) as caught:
        travel_times(ROADS, HERE, HERE, limit_min=None, method="astar")
    assert (caught.value.reason, caught.value.facts["value"]) == ("bad_choice", "astar")
    assert "hierarchy" in caught.value.explain("fr")


@pytest.mark.parametrize("empty", [None, Point()])
def test_an_empty_point_is_refused_with_its_code(empty):
    points = gpd.GeoSeries([Point(4.9, 45), empty], index=["26001", "26002"], crs="EPSG:4326")
    error = refusal(destinations=points)
    assert (error.reason, error.facts["codes"]) == ("points_empty", ["26002"])


def test_a_code_that_stands_twice_is_refused_by_name():
    error = refusal(origins=pd.Series([0, 1], index=["26001", "26001"]))
    assert (error.reason, error.facts["codes"]) == ("index_twice", ["26001"])


def test_a_network_of_nothing_but_motorways_cannot_be_joined():
    error = refusal(snapping=Snapping(closed_classes=("unknown",)))
    assert (error.reason, error.facts["closed"]) == ("nothing_to_snap", ["unknown"])


def test_numbers_name_themselves_and_a_series_names_its_rows():
    times = travel_times(ROADS, [2, 0], pd.Series([2], index=["c1"]), limit_min=None)
    assert times.origins.tolist() == [2, 0]
    assert times.destinations.tolist() == ["c1"]
    assert times.to_frame().to_numpy().tolist() == [[2, "c1", 0.0], [0, "c1", 2.5]]


def test_no_origin_or_no_destination_gives_no_pair():
    nobody = np.array([], dtype=np.int64)
    assert travel_times(ROADS, nobody, [0], limit_min=None).to_matrix().shape == (0, 1)
    assert travel_times(ROADS, [0], nobody, limit_min=30).to_matrix().shape == (1, 0)


def test_points_may_come_in_any_crs():
    metric = HERE.to_crs("EPSG:2154")
    end = gpd.GeoSeries([Point(4.92, 45)], index=["26002"], crs="EPSG:4326")
    found = [
        travel_times(ROADS, start, end, limit_min=None).to_matrix().to_numpy()
        for start in (HERE, metric)
    ]
    # the points stand on nodes 0 and 2, but for the rounding of the projection
    assert found == [pytest.approx(2.5, abs=1e-4)] * 2


def test_points_and_numbers_may_be_mixed():
    times = travel_times(ROADS, HERE, [2], limit_min=None)
    assert times.to_matrix().to_numpy() == pytest.approx(2.5, abs=1e-4)
    assert times.origin_snaps.loc["26001", "snap_m"] == pytest.approx(0, abs=1e-6)


def test_asking_twice_gives_the_same_bytes():
    first, second = (travel_times(ROADS, [0, 1, 2], [0, 1, 2], limit_min=2) for _ in range(2))
    assert first.time_ms.tobytes() == second.time_ms.tobytes()
    assert first.to.tobytes() == second.to.tobytes()


def test_a_limit_counts_the_legs_at_both_ends():
    aside = gpd.GeoSeries([Point(4.92, 45)], crs="EPSG:4326").to_crs("EPSG:2154")
    aside = aside.translate(0, 500)  # 500 m at 30 km/h: one minute, to be added to 2.5
    near = travel_times(ROADS, [0], aside, limit_min=3.4)
    far = travel_times(ROADS, [0], aside, limit_min=3.6)
    assert (len(near.to), len(far.to)) == (0, 1)
    assert far.minutes[0] == pytest.approx(3.5, abs=0.01)
