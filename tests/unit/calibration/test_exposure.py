"""What a trip is made of must add up to its time, and to its metres, found another way."""

from dataclasses import replace

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from ctg_geo.calibration import Trips, exposure, terms_of
from ctg_geo.network import NodeKind, from_tables, with_grades, with_profile
from ctg_geo.parameters import CalibrationRules, Penalties, Period, TravelProfile
from roads_of_grid import grid, profile, trips_between

RULES = CalibrationRules()


def line(classes, *, limits=None, urban=None, kinds=None):
    """Return nodes 1 km apart on a line, an edge of each class between them."""
    count = len(classes) + 1
    names = [f"n{number}" for number in range(count)]
    places = {"x": 800_000 + 1000.0 * np.arange(count), "y": 6_400_000.0}
    junctions = pd.DataFrame(places, index=names)
    segments = pd.DataFrame(
        {
            "from_junction": names[:-1], "to_junction": names[1:], "road_class": classes,
            "length_m": 1000.0, "name": "", "direction": "both",
            "speed_kmh": [np.nan] * len(classes) if limits is None else limits,
            "speed_kind": "limit",
        }
    )  # fmt: skip
    roads = from_tables(junctions, segments, crs="EPSG:2154")
    if urban is not None:
        roads = roads.with_urban(np.array(urban))
    return roads if kinds is None else replace(roads, node_kinds=np.array(kinds, dtype=np.int8))


def one_trip(roads, start, end):
    return trips_between(roads, [start], [end], [10.0])


def test_minutes_between_nodes_are_all_told_by_the_terms():
    roads, draw = grid(), np.random.default_rng(3)
    given = profile()
    terms = terms_of(roads, given, RULES)
    start, end = draw.integers(0, roads.nodes, (2, 80))
    made = exposure(roads, terms, terms.profile, trips_between(roads, start, end, np.ones(80)))
    on_road = made.status == "road"
    assert on_road.sum() > 70
    told = made.work @ terms.values("prior")
    assert told[on_road] == pytest.approx(made.minutes[on_road], abs=0.001)  # 1 ms an edge


def test_minutes_are_those_of_networkx():
    roads = grid(8)
    terms = terms_of(roads, profile(), RULES)
    graph = with_profile(roads, terms.profile).to_networkx()
    start, end = np.array([0, 9, 20]), np.array([63, 40, 5])
    made = exposure(roads, terms, terms.profile, trips_between(roads, start, end, np.ones(3)))
    oracle = [nx.dijkstra_path_length(graph, a, b, "time_ms") / 60_000
              for a, b in zip(start, end, strict=True)]  # fmt: skip
    assert made.work @ terms.values("prior") == pytest.approx(oracle, abs=0.001)


def test_kilometres_go_to_their_class_and_surroundings():
    roads = line(["primary", "local", "primary"], urban=[False, True, True])
    terms = terms_of(roads, TravelProfile(label="t", default_kmh=60, source="t"), RULES)
    made = exposure(roads, terms, terms.profile, one_trip(roads, 0, 3))
    told = {(term.key, term.urban): km for term, km in zip(terms.terms, made.km[0], strict=True)}
    assert told == {("primary", False): 1, ("local", True): 1, ("primary", True): 1}
    assert made.dominant[0] == "primary"
    assert made.minutes[0] == 3


def test_stated_limits_are_fitted_by_their_factor_and_mean_speeds_left():
    roads = line(["primary", "local", "local"], limits=[80.0, 50.0, np.nan])
    given = TravelProfile(
        label="t", default_kmh=30, limit_factor={"rural": 0.8}, closed_classes=(), source="t"
    )
    terms = terms_of(roads, given, RULES)
    assert [(term.kind, term.key) for term in terms.terms] == [("pace", "local"), ("limit", "")]
    made = exposure(roads, terms, terms.profile, one_trip(roads, 0, 3))
    at_limit = 60 / 80 + 60 / 50  # minutes for 1 km each
    assert made.work[0] == pytest.approx([1.0, at_limit])
    assert made.minutes[0] == pytest.approx(at_limit / 0.8 + 2, abs=0.001)
    assert made.fixed_km[0] == 0
    slower = terms.profile_of(np.array([60 / 20, 1 / 0.5]))
    assert slower.limit_factor.rural == 0.5
    again = exposure(roads, terms, slower, one_trip(roads, 0, 3))
    assert again.minutes[0] == pytest.approx(at_limit / 0.5 + 3, abs=0.001)


def test_by_class_the_stated_speeds_make_way():
    roads = line(["primary", "local"], limits=[80.0, 50.0])
    rules = CalibrationRules(use_stated=False)
    terms = terms_of(roads, TravelProfile(label="t", default_kmh=30, source="t"), rules)
    assert [term.key for term in terms.terms] == ["local", "primary"]
    assert not terms.profile.use_stated


def test_slope_and_period_lengthen_the_metres_of_a_pace():
    roads = line(["path"])
    uphill = with_grades(roads, np.array([0, 2]), np.array([0.0, 1000.0]), np.array([0.0, 100.0]))
    given = TravelProfile(
        label="t", mode="foot", default_kmh=5, slope="tobler", period="p", source="t",
        periods={"p": Period(time_factor={"rural": 1.5})},
    )  # fmt: skip
    terms = terms_of(uphill, given, RULES)
    made = exposure(uphill, terms, terms.profile, one_trip(uphill, 0, 1))
    slow = np.exp(3.5 * (0.15 - 0.05))  # Tobler at 10 %, against the flat
    assert made.work[0] == pytest.approx([1.5 * slow], rel=1e-6)
    assert made.minutes[0] == pytest.approx(1.5 * slow * 12, abs=0.001)


def test_the_longest_stop_of_a_node_is_the_one_that_counts():
    kinds = [0, NodeKind.SIGNALS, NodeKind.CROSSING, 0]
    roads = line(["local", "local", "local"], kinds=kinds)
    lost = Penalties(signals=9, crossing=2)
    given = TravelProfile(
        label="t", default_kmh=60, period="p", periods={"p": Period(rural=lost)}, source="t"
    )
    terms = terms_of(roads, given, RULES)
    made = exposure(roads, terms, terms.profile, one_trip(roads, 0, 3))
    told = {term.key: 60 * work for term, work in zip(terms.terms, made.work[0], strict=True)}
    assert told == {"local": 180, "signals": 1, "crossing": 1}  # km × 60; stops
    back = exposure(roads, terms, terms.profile, one_trip(roads, 2, 0))
    assert back.work[0, 1:] * 60 == pytest.approx([1, 0])  # one starts at the crossing


def test_a_stop_beyond_the_end_of_the_trip_is_not_met():
    kinds = [NodeKind.SIGNALS] * 4
    roads = line(["local", "local", "local"], kinds=kinds)
    given = TravelProfile(
        label="t", default_kmh=60, period="p", source="t",
        periods={"p": Period(rural=Penalties(signals=9))},
    )  # fmt: skip
    terms = terms_of(roads, given, RULES)
    middle = Trips(
        roads.x[[0]] + 500, roads.y[[0]], roads.x[[2]] + 250, roads.y[[2]],
        np.array([""], dtype=object), np.array([5.0]), "EPSG:2154",
    )  # fmt: skip
    made = exposure(roads, terms, terms.profile, middle)
    assert made.work[0] * [1, 60] == pytest.approx([1.75, 2])  # km; the lights of nodes 1 and 2
    assert made.minutes[0] == pytest.approx(1.75 + 18 / 60, abs=0.001)


def test_a_trip_to_a_service_goes_to_the_nearest_place_of_the_day():
    import geopandas as gpd

    roads = line(["slow", "slow", "fast", "fast", "fast"])
    places = gpd.GeoSeries.from_xy(roads.x[[0, 5]], roads.y[[0, 5]], crs="EPSG:2154")
    trip = Trips(
        roads.x[[2]], roads.y[[2]], np.array([np.nan]), np.array([np.nan]),
        np.array(["creche"], dtype=object), np.array([5.0]), "EPSG:2154", {"creche": places},
    )  # fmt: skip
    given = TravelProfile(label="t", default_kmh=60, speed_kmh={"slow": 60, "fast": 60}, source="t")
    terms = terms_of(roads, given, RULES)
    assert exposure(roads, terms, terms.profile, trip).minutes[0] == 2
    faster = terms.profile_of(np.array([60 / 120, 60 / 20]))  # fast, slow: by name
    assert exposure(roads, terms, faster, trip).minutes[0] == pytest.approx(1.5)


def test_kilometres_at_a_stated_mean_speed_are_told_apart():
    roads = line(["primary", "local", "local"], limits=[80.0, np.nan, np.nan])
    roads = replace(roads, edges=roads.edges.assign(speed_kind="mean"))
    terms = terms_of(roads, TravelProfile(label="t", default_kmh=30, source="t"), RULES)
    made = exposure(roads, terms, terms.profile, one_trip(roads, 0, 3))
    assert (made.fixed_km[0], made.km.sum()) == (1, 2)
    assert made.fixed_min[0] == pytest.approx(60 / 80, abs=0.001)
