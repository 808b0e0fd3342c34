"""Junctions, towns and periods: seconds and factors worked out by hand on one crossroads."""

import geopandas as gpd
import numpy as np
import pytest
from shapely.geometry import LineString, Point

from ctg_geo import Snapping, travel_times
from ctg_geo.network import NodeKind, from_edges, from_lines, with_profile, with_urban
from ctg_geo.network.road_network import CLOSED_MS
from ctg_geo.parameters import Penalties, Period, Surroundings, TravelProfile
from ctg_geo.travel import routes

X0, Y0 = 850_000, 6_430_000


def profile(**settings):
    return TravelProfile(**{"label": "car", "default_kmh": 60, "source": "test"} | settings)


def crossing(classes=("primary",) * 4, *, urban=True, kind=0, **columns):
    """Draw four roads of 1 km that meet at node 0, of a given kind."""
    ends = [(0, 0), (1000, 0), (-1000, 0), (0, 1000), (0, -1000)]
    nodes = gpd.pd.DataFrame(
        {
            "x": [X0 + x for x, _ in ends],
            "y": [Y0 + y for _, y in ends],
            "kind": np.array([kind, 0, 0, 0, 0], dtype=np.int8),
        }
    )
    count = len(classes)
    shapes = [LineString([(X0, Y0), (X0 + x, Y0 + y)]) for x, y in ends[1 : count + 1]]
    table = {
        "from_node": 0,
        "to_node": range(1, count + 1),
        "road_class": classes,
        "length_m": 1000.0,
        "speed_kmh": np.nan,
        "name": "",
        "urban": urban,
        "car": "both",
        **columns,
    }
    edges = gpd.GeoDataFrame(table, geometry=shapes, crs="EPSG:2154")
    return from_edges(nodes, edges, crs="EPSG:2154", mode="car")


def seconds(network, rules):
    timed = with_profile(network, rules)
    return sorted(set((timed.time_ms / 1000).tolist()))


def at_period(**settings):
    return profile(periods={"now": Period(**settings)}, period="now")


JUNCTION = {"junction": {"primary": 10, "default": 7}}


def test_a_junction_costs_those_who_arrive_at_it_and_nobody_else():
    assert seconds(crossing(), at_period(urban=JUNCTION)) == [60, 70]


def test_two_roads_end_to_end_make_no_junction():
    assert seconds(crossing(("primary",) * 2), at_period(urban=JUNCTION)) == [60]


def test_side_ways_make_no_junction_but_those_who_come_from_them_wait_where_there_is_one():
    side = ("primary", "primary", "service")
    assert seconds(crossing(side), at_period(urban=JUNCTION)) == [60]
    full = ("primary", "primary", "primary", "service")
    assert seconds(crossing(full), at_period(urban=JUNCTION)) == [60, 67, 70]


def test_outside_towns_the_other_table_counts():
    rules = at_period(urban=JUNCTION, rural={"junction": {"default": 2}})
    assert seconds(crossing(urban=False), rules) == [60, 62]


@pytest.mark.parametrize(("signals", "expected"), [(4, [60, 70]), (30, [60, 90])])
def test_lights_at_a_junction_are_one_stop_the_longer_of_the_two(signals, expected):
    rules = at_period(urban={**JUNCTION, "signals": signals})
    assert seconds(crossing(kind=NodeKind.SIGNALS), rules) == expected


@pytest.mark.parametrize("kind", ["signals", "stop", "crossing", "mini_roundabout", "barrier"])
def test_each_kind_of_node_has_its_own_seconds(kind):
    network = crossing(kind=NodeKind[kind.upper()])
    assert seconds(network, at_period(urban={kind: 5})) == [60, 65]
    assert seconds(network, at_period(rural={kind: 5})) == [60]


def test_a_period_multiplies_running_times_in_towns_and_outside():
    rules = at_period(time_factor=Surroundings(urban=1.5, rural=1.1))
    assert seconds(crossing(), rules) == [90]
    assert seconds(crossing(urban=False), rules) == [66]


def test_a_limit_is_multiplied_and_a_mean_speed_is_not():
    rules = profile(limit_factor=Surroundings(urban=1, rural=0.8))
    limit = {"speed_kmh": 75.0, "speed_kind": "limit"}
    assert seconds(crossing(urban=False, **limit), rules) == [60]
    assert seconds(crossing(**limit), rules) == [48]
    assert seconds(crossing(urban=False, speed_kmh=75.0, speed_kind="mean"), rules) == [48]


def test_classes_have_a_speed_in_towns_and_one_outside():
    rules = profile(speed_kmh={"primary": 90}, urban_kmh={"primary": 45})
    assert seconds(crossing(), rules) == [80]
    assert seconds(crossing(urban=False), rules) == [40]


def test_people_on_foot_do_not_run_at_the_speed_limit_but_take_the_ferry_as_it_goes():
    foot = profile(default_kmh=6, use_stated=False)
    assert seconds(crossing(speed_kmh=90.0, speed_kind="limit"), foot) == [600]
    ferry = crossing(("ferry",) * 4, speed_kmh=12.0, speed_kind="timetable")
    assert seconds(ferry, foot) == [300]


def test_a_closed_class_is_closed():
    rules = profile(closed_classes=("primary",))
    timed = with_profile(crossing(("primary", "secondary", "secondary")), rules)
    assert (timed.time_ms == CLOSED_MS).sum() == 2
    times = travel_times(timed, [0, 1, 2], [3], limit_min=None).to_matrix()[3]
    assert times.tolist() == [1, np.inf, 2]


def test_what_is_lost_at_a_node_is_lost_whole_from_any_point_before_it():
    network = with_profile(crossing(), at_period(urban=JUNCTION))
    # A 600 m before the crossroads, B 300 m behind it, C 300 m nearer to it than A
    spots = gpd.GeoSeries([Point(X0 - 600, Y0), Point(X0 + 300, Y0), Point(X0 - 300, Y0)],
                          index=list("ABC"), crs="EPSG:2154")  # fmt: skip
    found = travel_times(network, spots, spots, limit_min=None).to_matrix() * 60
    assert found.loc["A", "B"] == pytest.approx(36 + 10 + 18)
    assert found.loc["B", "A"] == pytest.approx(18 + 10 + 36)
    assert found.loc["A", "C"] == pytest.approx(18)
    assert found.loc["C", "B"] == pytest.approx(18 + 10 + 18)


def test_both_ends_of_a_trip_take_their_time_but_not_where_one_walks():
    network = with_profile(crossing(urban=[True, False, False, False]), profile())
    spots = gpd.GeoSeries([Point(X0 - 600, Y0), Point(X0 + 300, Y0)], index=["country", "town"],
                          crs="EPSG:2154")  # fmt: skip
    ends = Snapping(start_min=2, end_min=1, end_urban_min=5)
    found = travel_times(network, spots, spots, limit_min=None, snapping=ends).to_matrix()
    assert found.loc["country", "town"] == pytest.approx(0.9 + 2 + 5)
    assert found.loc["town", "country"] == pytest.approx(0.9 + 2 + 1)
    assert found.loc["town", "town"] == 0


def test_a_road_is_in_town_where_its_middle_is():
    table = gpd.GeoDataFrame(
        {"road_class": "x", "speed_kmh": np.nan, "direction": "both", "name": ["in", "out"]},
        geometry=[LineString([(X0, Y0), (X0 + 900, Y0)]), LineString([(X0, Y0), (X0 - 900, Y0)])],
        crs="EPSG:2154",
    )
    network = from_lines(table, snap_m=0.5)
    assert "urban" not in network.edges.columns
    town = np.array([Point(X0 + 500, Y0).buffer(600)], dtype=object)
    assert with_urban(network, town).edges["urban"].tolist() == [True, False]
    assert with_urban(network, town[:0]).edges["urban"].tolist() == [False, False]


def test_an_added_road_and_another_speed_keep_what_is_lost_at_nodes():
    network = with_profile(crossing(), at_period(urban=JUNCTION))
    faster = network.with_speed([0], 120)
    assert faster.time_ms[faster.backward[0]] == 30_000 + 10_000
    longer = network.with_road(1, 2, 90)
    assert longer.arrival_ms.tolist() == [*network.arrival_ms.tolist(), 0, 0]
    assert longer.edges["urban"].dtype == bool


def test_penalties_are_bounded():
    with pytest.raises(ValueError, match="signals"):
        Penalties(signals=-1)


def test_a_route_takes_as_long_as_the_travel_time_with_junctions_and_both_ends():
    network = with_profile(crossing(), at_period(urban=JUNCTION))
    spots = gpd.GeoSeries(
        [Point(X0 - 600, Y0 + 20), Point(X0, Y0 - 300), Point(X0 + 10, Y0 - 900)],
        index=list("ABC"), crs="EPSG:2154",
    )  # fmt: skip
    ends = Snapping(start_min=2, end_urban_min=3)
    truth = travel_times(network, spots, spots, limit_min=None, snapping=ends).to_matrix()
    for here in spots.index:
        for there in spots.index:
            way = routes(network, spots[[here]], spots[[there]], snapping=ends)
            assert way.minutes.tolist() == [truth.loc[here, there]]
