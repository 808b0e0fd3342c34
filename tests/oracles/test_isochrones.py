"""Areas against travel times point by point, and against roads drawn by hand."""

from itertools import pairwise

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, Point

from ctg_geo import RoadNetwork, Snapping, routes
from ctg_geo.errors import TravelError
from ctg_geo.network import from_lines, with_profile
from ctg_geo.parameters import Penalties, Period, TravelProfile
from ctg_geo.travel import isochrones
from ctg_geo.travel.reach import Direction, node_times, reached, rest
from ctg_geo.travel.snap import at_nodes, joinable

X0, Y0 = 850_000, 6_430_000
CAR = TravelProfile(label="car", speed_kmh={"main": 60}, default_kmh=30, source="test")
BUSY = CAR.model_copy(
    update={"periods": {"now": Period(rural=Penalties(junction={"main": 12, "default": 20}))},
            "period": "now"}
)  # fmt: skip
RULES = Snapping(access_kmh=30)  # as the lanes: 500 m a minute
ENDS = RULES.model_copy(update={"start_min": 0.3, "end_min": 0.2, "end_urban_min": 0.2})
LINES = [[(0, 0), (900, 40)], [(900, 40), (1800, -60)], [(0, 0), (50, 870)],
         [(900, 40), (1050, 500), (970, 1010)], [(50, 870), (970, 1010)]]  # fmt: skip

directions = st.lists(
    st.sampled_from(["both", "both", "forward", "backward"]), min_size=5, max_size=5
)
spots = st.tuples(st.integers(-100, 1900), st.integers(-150, 1150))


def network_of(lines, said="both", kinds="lane", profile=CAR):
    said = [said] * len(lines) if isinstance(said, str) else said
    kinds = [kinds] * len(lines) if isinstance(kinds, str) else kinds
    table = gpd.GeoDataFrame(
        {"road_class": kinds, "speed_kmh": np.nan, "direction": said, "name": ""},
        geometry=[LineString([(X0 + x, Y0 + y) for x, y in line]) for line in lines],
        crs="EPSG:2154",
    )
    return with_profile(from_lines(table, snap_m=0.5), profile)


def points(*xy):
    return gpd.GeoSeries([Point(X0 + x, Y0 + y) for x, y in xy], crs="EPSG:2154")


def areas(network, place, minutes, *, rules=RULES, **asked):
    found = isochrones(network, points(place), minutes=minutes, snapping=rules, **asked)
    assert found.geometry.is_valid.all()
    assert set(found.geometry.geom_type) <= {"Polygon", "MultiPolygon"}
    return list(found.geometry)


def holds(area, *xy):
    return shapely.intersects(area, points(*xy).to_numpy()).tolist()


@settings(deadline=None, max_examples=15, derandomize=True)
@given(directions, spots, st.sampled_from(["to", "from"]), st.integers(0, 999), st.booleans())
def test_inside_is_within_the_time_and_outside_is_beyond(said, place, direction, seed, busy):
    kinds = ["main", "lane", "main", "lane", "lane"]
    network = network_of(LINES, said, kinds, BUSY if busy else CAR)
    rules = ENDS if busy else RULES
    bounds = [0.8, 1.7, 3.0]
    found = areas(network, place, bounds, direction=direction, rules=rules)
    some = np.random.default_rng(seed)
    spots = points(*some.uniform((-300, -350), (2100, 1350), (150, 2)))
    there = gpd.GeoSeries([points(place)[0]] * len(spots), crs="EPSG:2154")
    ends = (spots, there) if direction == "to" else (there, spots)
    way = routes(network, *ends, snapping=rules)
    off_m = (way.origin_snaps if direction == "to" else way.destination_snaps).table["snap_m"]
    off_m = off_m.to_numpy()
    minute = np.nan_to_num(way.minutes, nan=np.inf)
    for area, bound in zip(found, bounds, strict=True):
        inside = shapely.intersects(area, spots.to_numpy())
        blurred = shapely.dwithin(area.boundary, spots.to_numpy(), 30)  # between two roads
        # round a place off the road one walks, and spends nothing at either end
        assert (minute[inside & ~blurred] <= bound + 0.001).all()
        # widths of 12.5, 50, 100, 200 m: in when the next width, four times as far at most, fits
        safe = minute + np.maximum(3 * off_m, 12.5) / 500 <= bound
        sure = safe & (off_m <= 200) & (way.status == "road")
        assert (inside | blurred)[sure].all()


@settings(deadline=None, max_examples=10, derandomize=True)
@given(directions, spots, st.sampled_from(["to", "from"]))
def test_a_longer_time_covers_a_shorter_one(said, place, direction):
    found = areas(network_of(LINES, said), place, [3, 1, 2], direction=direction)
    for small, large in pairwise(found):
        assert small.difference(large).area < 0.01  # m², the rounding of overlays
        assert small.area <= large.area + 0.01


@settings(deadline=None, max_examples=60, derandomize=True)
@given(
    directions, st.integers(0, 4), st.integers(1, 400), st.sampled_from(list(Direction)),
    st.sampled_from([CAR, BUSY]),
)  # fmt: skip
def test_each_edge_is_cut_where_the_time_runs_out(said, node, tenths_s, direction, profile):
    network = network_of(LINES, said, ["main", "lane", "main", "lane", "lane"], profile)
    lost = np.zeros(network.arcs) if network.arrival_ms is None else network.arrival_ms
    arrives = direction is Direction.TO
    place = at_nodes(network, np.array([node]), gpd.pd.RangeIndex(1))
    edges, limit_ms = joinable(network, ()), tenths_s * 100
    node_ms = node_times(network, place, limit_ms, direction)[0]
    parts = reached(network, edges, node_ms, place, limit_ms, direction)
    left = rest(edges, parts, shapely.length(network.edge_lines))
    for edge in edges:
        ends = {"start": network.edge_from[edge], "end": network.edge_to[edge]}
        ways = [(network.forward[edge], 1, "end"), (network.backward[edge], 0, "start")]
        if direction is Direction.FROM:
            ways = [(network.forward[edge], 0, "start"), (network.backward[edge], 1, "end")]
        for share in np.linspace(0.005, 0.995, 100):
            # drive to the end of the edge (or from it), and on
            times = [
                abs(share - at) * (network.time_ms[arc] - lost[arc])
                + arrives * lost[arc]
                + node_ms[ends[name]]
                for arc, at, name in ways
                if arc >= 0
            ]
            inside, outside = (
                ((p.edge == edge) & (p.low <= share) & (share <= p.high)).any()
                for p in (parts, left)
            )
            assert inside == (min(times) <= limit_ms)
            assert inside != outside


def test_the_other_bank_of_a_river_is_not_within_reach_of_a_distant_bridge():
    # two roads 100 m apart, joined 3 km away; in 3 minutes one drives 1500 m
    banks = [[(-2000, 0), (0, 0)], [(0, 0), (3000, 0)], [(3000, 0), (3000, 100)],
             [(-2000, 100), (3000, 100)]]  # fmt: skip
    (area,) = areas(network_of(banks), (0, 0), [3])
    assert holds(area, (700, 0), (700, 45), (700, -150)) == [True, True, True]
    assert holds(area, (700, 55), (700, 100), (700, 150)) == [False, False, False]
    assert not area.intersects(LineString([(X0 - 2000, Y0 + 100), (X0 + 3000, Y0 + 100)]))
    # along the road to 12.5 m before the end, the first width
    west, _, east, _ = area.bounds
    assert (west - X0, east - X0) == pytest.approx((-1487.5, 1487.5), abs=1)
    # over the bridge and back: 3000 + 100 + 2300 m, 10.8 minutes
    (later,) = areas(network_of(banks), (0, 0), [11.2])
    assert holds(later, (700, 100), (700, 250)) == [True, True]


def test_within_a_ring_road_the_hole_is_kept():
    ring = [[(0, 0), (3000, 0), (3000, 3000), (0, 3000), (0, 0)]]
    (area,) = areas(network_of(ring), (0, 0), [20])
    assert (area.geom_type, len(area.interiors)) == ("Polygon", 1)
    hole = shapely.Polygon(area.interiors[0])
    assert hole.area == pytest.approx((3000 - 400) ** 2, rel=1e-9)
    assert holds(area, (1500, 1500), (1500, 199), (1500, -199)) == [False, True, True]


def test_parts_that_do_not_touch_stay_apart():
    # a motorway that nobody joins leads to a second village
    lines = [[(0, 0), (500, 0)], [(500, 0), (4500, 0)], [(4500, 0), (5000, 0)]]
    network = network_of(lines, kinds=["lane", "motorway", "lane"])
    (area,) = areas(network, (0, 0), [15])
    assert (area.geom_type, len(area.geoms)) == ("MultiPolygon", 2)
    assert holds(area, (2500, 0), (100, 100), (4900, 100)) == [False, True, True]


def test_a_one_way_road_is_reached_from_one_side_and_reaches_the_other():
    network = network_of([[(-2000, 0), (2000, 0)]], "forward")
    (to,) = areas(network, (0, 0), [2])
    (back,) = areas(network, (0, 0), [2], direction="from")
    assert holds(to, (-900, 0), (900, 0)) == [True, False]
    assert holds(back, (-900, 0), (900, 0)) == [False, True]


def test_of_several_places_the_nearest_counts_when_asked():
    network = network_of([[(-5000, 0), (5000, 0)]])
    two = points((-3000, 0), (3000, 0))
    each = isochrones(network, two, minutes=[2], snapping=RULES)
    both = isochrones(network, two, minutes=[2], by="nearest", snapping=RULES)
    assert (len(each), len(both), both["place"].isna().all()) == (2, 1, True)
    assert both.geometry[0].symmetric_difference(each.geometry.union_all()).area < 1
    assert each.crs == "EPSG:2154"


def test_the_ground_round_a_place_off_the_road_is_its_own():
    (area,) = areas(network_of([[(-2000, 0), (2000, 0)]]), (0, 150), [1])
    assert holds(area, (0, 150), (0, 290), (0, 310)) == [True, True, False]


def test_nothing_within_reach_is_an_empty_area():
    (area,) = areas(network_of([[(-2000, 0), (2000, 0)]]), (0, 0), [0.01])
    assert area.is_empty


def test_no_place_gives_no_area():
    found = isochrones(network_of(LINES), np.array([], dtype=np.int64), minutes=[5])
    assert (len(found), list(found.columns)) == (0, ["place", "minutes", "geometry"])


@pytest.mark.parametrize(
    ("asked", "reason"),
    [({"minutes": []}, "no_bounds"), ({"minutes": [5, 0]}, "bad_limit"),
     ({"minutes": [np.inf]}, "bad_limit"), ({"minutes": [5], "width_m": -1}, "bad_limit"),
     ({"minutes": [5], "direction": "sideways"}, "bad_choice"),
     ({"minutes": [5], "by": "commune"}, "bad_choice")],
)  # fmt: skip
def test_bounds_that_are_none_are_refused(asked, reason):
    with pytest.raises(TravelError) as caught:
        isochrones(network_of(LINES), points((0, 0)), **asked)
    assert caught.value.reason == reason
    assert caught.value.explain("fr")


def test_a_network_without_places_has_no_areas():
    with pytest.raises(TravelError) as caught:
        isochrones(RoadNetwork.from_arcs([0], [1], [60], nodes=2), [0], minutes=[5])
    assert caught.value.reason == "no_roads"
