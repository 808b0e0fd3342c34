"""Forbidden turns: every kernel, and routes, against a search over arcs by networkx."""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Transformer
from shapely.geometry import Point

from by_arcs import by_arcs, forbidden
from ctg_geo import RoadNetwork, routes, travel_times
from ctg_geo.errors import TravelError
from ctg_geo.network import NO_ARC, Turns
from ctg_geo.parameters import Snapping
from ctg_geo.travel import isochrones, matrix, nearest, reach, surface
from ctg_geo.travel.bounded import bounded
from ctg_geo.travel.hierarchy import engine_of
from ctg_geo.travel.legs import legs_in, legs_out
from ctg_geo.travel.query import snapped
from ctg_geo.travel.reach import Direction, node_times, reached
from ctg_geo.travel.snap import at_nodes, joinable

X0, Y0 = 850_000, 6_430_000
SPOTS = [(0, 0), (913, 41), (1777, -67), (53, 871), (967, 1013), (1801, 893), (450, 1700)]
NODES = len(SPOTS)
TO_DEGREES = Transformer.from_crs("EPSG:2154", "EPSG:4326", always_xy=True)
LON, LAT = TO_DEGREES.transform(*np.array([(X0 + x, Y0 + y) for x, y in SPOTS]).T)
RULES = Snapping(access_kmh=30)
METHODS = ("plain", "bounded", "hierarchy")

checked = settings(deadline=None, max_examples=50, derandomize=True)


@st.composite
def networks(draw, most=18):
    """Draw arcs among few nodes, some parallel, opposite or loops, and turns nobody may take."""
    node, time_ms = st.integers(0, NODES - 1), st.sampled_from([0, 1, 2]) | st.integers(0, 400)
    arcs = draw(st.lists(st.tuples(node, node, time_ms), min_size=1, max_size=most))
    tail, head, times = (np.array(part) for part in zip(*arcs, strict=True))
    network = RoadNetwork.from_arcs(tail, head, times / 1000, LON, LAT)
    network = with_turns(draw, network)
    if draw(st.booleans()):
        lost = np.minimum(draw(st.integers(0, 50)) * (1 + head), network.time_ms)
        network = replace(network, arrival_ms=lost)
    return network


def with_turns(draw, network):
    meet = np.argwhere(network.head[:, None] == network.tail)
    if not len(meet):
        return network
    shut = draw(st.lists(st.sampled_from(meet.tolist()), max_size=15))
    return network.with_turns([one for one, _ in shut], [other for _, other in shut])


@st.composite
def along(draw, network, most=4):
    """Draw points on the edges of a network, and at some of its ends."""
    edge = st.integers(0, len(network.edges) - 1)
    share = st.sampled_from([0.0, 0.125, 0.4, 0.5, 0.85, 1.0])
    some = draw(st.lists(st.tuples(edge, share), min_size=1, max_size=most, unique=True))
    lines = network.edge_lines
    return gpd.GeoSeries(
        [lines[each].interpolate(at, normalized=True) for each, at in some], crs=network.crs
    )


def expected(network, starts, ends):
    start = snapped(network, starts, RULES, name="origin")
    end = snapped(network, ends, RULES, name="destination")
    return by_arcs(network, start, end)


def minutes_of(network, starts, ends, method, limit_min=None):
    times = travel_times(network, starts, ends, limit_min=limit_min, snapping=RULES, method=method)
    return times.to_matrix().to_numpy()


def in_ms(minutes):
    return np.where(np.isfinite(minutes), np.rint(minutes * 60_000), np.inf)


EVERY = list(range(NODES))


@checked
@given(networks())
def test_between_nodes_every_kernel_finds_what_a_search_over_arcs_finds(network):
    right = expected(network, EVERY, EVERY)
    for method in METHODS:
        assert (in_ms(minutes_of(network, EVERY, EVERY, method, 9)) == right).all()
        table = matrix(network, EVERY, EVERY, limit_min=None, method=method).minutes
        assert (in_ms(table) == right).all()
    for node in (0, 3):
        some = matrix(network, EVERY, [node], limit_min=None, method="hierarchy").minutes
        assert (in_ms(some)[:, 0] == right[:, node]).all()
        some = matrix(network, [node], EVERY, limit_min=None, method="hierarchy").minutes
        assert (in_ms(some)[0] == right[node]).all()


@checked
@given(networks(), st.data())
def test_between_points_on_roads_too(network, data):
    starts, ends = data.draw(along(network)), data.draw(along(network))
    for one, other in ((starts, ends), (EVERY, ends), (starts, EVERY)):
        right = expected(network, one, other)
        for method in METHODS:
            found = minutes_of(network, one, other, method, 9)
            assert (in_ms(found) == right).all(), method


@checked
@given(networks(), st.data(), st.integers(0, 900), st.booleans())
def test_a_bounded_search_stays_within_its_limit(network, data, limit_ms, reverse):
    place = snapped(network, data.draw(along(network, most=1)), RULES, name="place")
    every = at_nodes(network, np.arange(NODES), gpd.pd.RangeIndex(NODES))
    legs = legs_in(network, place) if reverse else legs_out(network, place)
    node, time_ms = bounded(network, legs, limit_ms, reverse=reverse, most=10_000)
    reached_ms = np.full(network.routing.nodes, np.inf)
    reached_ms[node] = time_ms
    if reverse:
        found, right = reached_ms[:NODES], by_arcs(network, every, place)[:, 0]
    else:
        found = reached_ms[network.routing.arrive(np.arange(NODES))]
        right = by_arcs(network, place, every)[0]
    assert (found == np.where(right <= limit_ms, right, np.inf)).all()


@checked
@given(networks(), st.data(), st.integers(1, 3))
def test_the_nearest_are_those_of_the_times(network, data, k):
    starts, places = data.draw(along(network)), data.draw(along(network))
    right = np.sort(expected(network, starts, places), axis=1)
    right = np.pad(right, ((0, 0), (0, k)), constant_values=np.inf)[:, :k]
    for method in METHODS:
        found = nearest(
            network, starts, places, k=k, limit_min=9, snapping=RULES, method=method
        ).minutes.to_numpy()
        assert (in_ms(np.nan_to_num(found, nan=np.inf)) == right).all(), method


@checked
@given(networks(), st.data())
def test_a_route_lasts_as_long_as_said_and_takes_no_forbidden_turn(network, data):
    starts, ends = data.draw(along(network)), data.draw(along(network))
    shut = forbidden(network)
    for froms, tos in ((starts, ends), (EVERY, EVERY[::-1]), (starts, EVERY), (EVERY, ends)):
        count = min(len(froms), len(tos))
        one, other = froms[:count], tos[:count]
        right = np.diag(expected(network, one, other))
        way = routes(network, one, other, snapping=RULES)
        assert (np.where(way.time_ms < 0, np.inf, way.time_ms) == right).all()
        for i in np.flatnonzero(way.status == "road"):
            part = slice(way.start[i], way.start[i + 1])
            edge, ahead = way.edge[part], way.forward[part]
            arcs = np.where(ahead, network.forward[edge], network.backward[edge])
            assert (arcs != NO_ARC).all()
            assert (network.head[arcs[:-1]] == network.tail[arcs[1:]]).all()
            assert not shut & set(zip(arcs[:-1].tolist(), arcs[1:].tolist(), strict=True))
            driven = np.abs(way.share_to[part] - way.share_from[part])
            lost = 0 if network.arrival_ms is None else network.arrival_ms[arcs]
            passed = np.arange(len(arcs)) < len(arcs) - (way.destination_snaps.edge[i] >= 0)
            total = (driven * (network.time_ms[arcs] - lost) + lost * passed).sum()
            access = way.origin_snaps.access_ms[i] + way.destination_snaps.access_ms[i]
            assert total + access == pytest.approx(way.time_ms[i], abs=1.001)


@checked
@given(networks(), st.data())
def test_closings_speeds_and_new_roads_keep_the_turns(network, data):
    edge = st.lists(st.integers(0, len(network.edges) - 1), max_size=3)
    engine_of(network)
    closed = network.closing(data.draw(edge))
    slower = network.with_speed(data.draw(edge), 7)
    longer = network.with_road(data.draw(st.sampled_from(EVERY)), 2, 0.05)
    for changed in (closed, slower, longer, longer.closing([0]), network.with_times(
        network.time_ms * 2)):  # fmt: skip
        assert forbidden(changed) == forbidden(network)
        right = expected(changed, EVERY, EVERY)
        for method in METHODS:
            assert (in_ms(minutes_of(changed, EVERY, EVERY, method, 999)) == right).all()


@checked
@given(networks(), st.data(), st.integers(0, 900), st.sampled_from(list(Direction)))
def test_an_edge_is_reached_up_to_where_the_time_runs_out(network, data, limit_ms, direction):
    place = snapped(network, data.draw(along(network, most=1)), RULES, name="place")
    edges = joinable(network, ())
    node_ms = node_times(network, place, limit_ms, direction)[0]
    nodes = at_nodes(network, np.arange(NODES), gpd.pd.RangeIndex(NODES))
    ends = (nodes, place) if direction is Direction.TO else (place, nodes)
    right = by_arcs(network, *ends).ravel()
    found = reach.at_nodes(network, node_ms, direction)
    assert (found == np.where(right <= limit_ms, right, np.inf)).all()
    parts = reached(network, edges, node_ms, place, limit_ms, direction)
    for edge in edges[:6]:
        share = np.array([0.1, 0.3, 0.6, 0.95])
        spots = replace(
            at_nodes(network, np.zeros(4, dtype=int), gpd.pd.RangeIndex(4)),
            edge=np.full(4, edge), share=share, x=np.full(4, -1e9), y=np.full(4, -1e9),
        )  # fmt: skip
        ends = (spots, place) if direction is Direction.TO else (place, spots)
        right = by_arcs(network, *ends).ravel()
        mine = parts.edge == edge
        inside = ((parts.low[mine] <= share[:, None]) & (share[:, None] <= parts.high[mine])).any(1)
        assert (right[inside] <= limit_ms + 2).all()
        assert (right[~inside] >= limit_ms - 2).all()


def crossing(turns=()):
    """Return four roads that meet at node 0, of 60, 30, 20 and 15 s, ways 0 to 7 out and in."""
    ends = [(0, -1000), (0, 1000), (-1000, 0), (1000, 0)]
    x, y = np.array([(0, 0), *ends]).T
    lon, lat = TO_DEGREES.transform(X0 + x, Y0 + y)
    out, into = np.zeros(4, dtype=int), np.arange(1, 5)
    seconds = np.array([60, 30, 20, 15])
    made = RoadNetwork.from_arcs(
        np.concatenate([out, into]), np.concatenate([into, out]), np.tile(seconds, 2), lon, lat
    )
    return made.with_turns(*np.array(turns).T) if len(turns) else made


SOUTH, NORTH, WEST, EAST = range(4)
IN = 4


def test_by_hand_a_forbidden_turn_is_driven_round_by_turning_further_on():
    # from the south no left turn into the west: to the east and back, 60 + 15 + 15 + 20 s
    roads = crossing([(IN + SOUTH, WEST)])
    way = routes(roads, [1], [3])
    assert way.minutes.tolist() == [110 / 60]
    assert way.edge.tolist() == [SOUTH, EAST, EAST, WEST]
    assert travel_times(roads, [2, 4], [3], limit_min=None).minutes.tolist() == [50 / 60, 35 / 60]
    assert travel_times(roads, [0], [3], limit_min=None).minutes.tolist() == [20 / 60]
    assert travel_times(roads, [1], [0], limit_min=None).minutes.tolist() == [1]


def test_by_hand_where_only_straight_on_is_allowed_one_turns_round_after_it():
    # from the south, north only: back to the crossing, and then anywhere: 60 + 30 + 30 + 15 s
    roads = crossing([(IN + SOUTH, each) for each in (WEST, EAST, SOUTH)])
    assert routes(roads, [1], [4]).edge.tolist() == [SOUTH, NORTH, NORTH, EAST]
    assert routes(roads, [1], [4]).minutes.tolist() == [135 / 60]


def test_a_turn_that_leaves_no_way_on_makes_no_route():
    roads = crossing([(IN + SOUTH, each) for each in range(4)])
    assert routes(roads, [1, 0], [3, 1]).minutes.tolist() == pytest.approx([np.nan, 1], nan_ok=True)
    assert not roads.part.any()  # parts are those of the roads


def test_roads_without_forbidden_turns_are_searched_as_they_are():
    roads = crossing()
    assert roads.turns is None
    assert roads.routing.tail is roads.tail
    assert roads.routing.head is roads.head
    assert roads.routing.time_ms is roads.time_ms
    assert roads.routing.graph is roads.graph
    nodes = np.arange(5)
    assert roads.routing.arrive(nodes) is nodes
    assert crossing([(4, 1)]).with_turns([], []).turns is None


def test_only_the_nodes_of_forbidden_turns_are_drawn_out():
    roads = crossing([(IN + SOUTH, WEST), (IN + SOUTH, WEST), (IN + NORTH, WEST)])
    assert (len(roads.turns.arc_in), roads.nodes, roads.arcs) == (2, 5, 8)
    assert roads.routing.nodes == 5 + 2 + 1 + 1 + 1
    assert roads.routing.tail[:8].tolist() == [8, 8, 7, 8, 1, 2, 3, 4]
    assert roads.routing.head[:8].tolist() == [1, 2, 3, 4, 5, 6, 0, 0]


@pytest.mark.parametrize(
    ("arc_in", "arc_out", "reason"),
    [([4], [0, 1], "turn_lengths"), ([8], [0], "no_arc"), ([4], [-1], "no_arc"),
     ([0], [1], "no_turn"), ([0.5], [1], "not_whole")],
)  # fmt: skip
def test_turns_that_cannot_be_are_refused_by_name(arc_in, arc_out, reason):
    with pytest.raises(TravelError) as caught:
        crossing().with_turns(arc_in, arc_out)
    assert caught.value.reason == reason
    assert str(caught.value)
    assert caught.value.explain("fr")


def test_an_isochrone_and_a_surface_stop_at_a_forbidden_turn():
    roads = crossing([(IN + SOUTH, WEST)])
    spots = gpd.GeoSeries([Point(X0, Y0 - 500), Point(X0 - 500, Y0)], crs=roads.crs)
    # from half way up the southern road 30 s to the crossing; west only by the east, 30 s more
    ask = {"direction": "from", "width_m": 50, "snapping": Snapping(access_kmh=150)}
    near, far = isochrones(roads, spots[:1], minutes=[44 / 60, 75 / 60], **ask).geometry
    free, _ = isochrones(crossing(), spots[:1], minutes=[44 / 60, 75 / 60], **ask).geometry
    assert [each.intersects(spots[1]) for each in (near, far, free)] == [False, True, True]
    grid = surface(
        roads, spots[:1], cell_m=100, limit_min=None, direction="from", snapping=RULES,
        bounds=(X0 - 600, Y0 - 100, X0 - 500, Y0),
    )  # fmt: skip
    there = gpd.GeoSeries([Point(X0 - 550, Y0 - 50)], crs=roads.crs)
    times = travel_times(roads, spots[:1], there, limit_min=None, snapping=RULES)
    assert grid.minutes[0, 0] == np.float32(times.minutes[0])
    assert times.minutes[0] == pytest.approx((60 + 11 + 50 / 30 * 3.6) / 60, abs=1e-3)


def test_turns_are_a_pair_of_lists():
    with pytest.raises(AssertionError):
        Turns(np.array([1]), np.array([1, 2]))
