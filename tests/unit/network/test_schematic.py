"""Schematic roads on squares of 4 km, every length and time worked out by hand."""

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from ctg_geo.network import schematic_roads
from ctg_geo.parameters import SchematicRules

SIDE = 4000.0
# No detour of its own, 64 km/h everywhere, no shortcut: what is left is the structure.
PLAIN = SchematicRules(total_detour=1.0, urban_density_km2=1e12, shortcut_km=0, exit_km=3)
NO_AXES = pd.DataFrame(
    {
        name: pd.Series(dtype=kind)
        for name, kind in {
            "axis": object,
            "order": float,
            "junction_id": object,
            "x": float,
            "y": float,
            "is_exit": bool,
            "road_class": object,
        }.items()
    }
)
NO_BARRIERS = pd.DataFrame(columns=["barrier", "side", "code_insee"], dtype=object)
NO_BRIDGES = pd.DataFrame(
    {name: pd.Series(dtype=object) for name in ("barrier", "junction_id")}
    | {name: pd.Series(dtype=float) for name in ("x", "y")}
)
RIVER = pd.DataFrame(
    {
        "barrier": "river",
        "side": ["west", "east"],
        "code_insee": ["A*", "B*"],
    }
)


def squares(cells, gap_m=0.0):
    """Communes as squares: code -> (column, row), the chef-lieu in the middle."""
    shapes = [
        shapely.box(SIDE * i + gap_m, SIDE * j + gap_m, SIDE * (i + 1), SIDE * (j + 1))
        for i, j in cells.values()
    ]
    index = pd.Index(list(cells), name="code_insee")
    communes = gpd.GeoDataFrame(
        {"nom": list(cells), "population": 500.0}, geometry=shapes, index=index, crs="EPSG:2154"
    )
    middles = [shapely.Point(SIDE * (i + 0.5), SIDE * (j + 0.5)) for i, j in cells.values()]
    return communes, gpd.GeoSeries(middles, index=index, crs="EPSG:2154")


def roads(cells, axes=NO_AXES, barriers=NO_BARRIERS, bridges=NO_BRIDGES, *, rules=PLAIN, gap_m=0.0):
    communes, points = squares(cells, gap_m)
    return schematic_roads(communes, points, axes, barriers, bridges, rules=rules)


def joined(segments):
    return {
        frozenset(pair)
        for pair in zip(segments["from_junction"], segments["to_junction"], strict=True)
    }


def shortest_m(segments, start, end):
    names = sorted({*segments["from_junction"], *segments["to_junction"]})
    number = {name: at for at, name in enumerate(names)}
    i, j = segments["from_junction"].map(number), segments["to_junction"].map(number)
    graph = coo_array((segments["length_m"], (i, j)), shape=(len(names), len(names))).tocsr()
    return dijkstra(graph, directed=False, indices=number[start])[number[end]]


def test_neighbours_are_joined_and_others_are_not():
    _, segments = roads({"A1": (0, 0), "A2": (1, 0), "A3": (2, 0)})
    assert joined(segments) == {frozenset({"A1", "A2"}), frozenset({"A2", "A3"})}
    assert list(segments["length_m"]) == [4000.0, 4000.0]
    assert list(segments["speed_kmh"]) == [64.0, 64.0]  # 0.8 × 80


def test_communes_that_touch_at_a_corner_are_not_joined():
    _, segments = roads({"A1": (0, 0), "A2": (1, 1), "A3": (0, 1)})
    assert frozenset({"A1", "A2"}) not in joined(segments)


def test_a_sliver_between_two_communes_does_not_part_them():
    _, segments = roads({"A1": (0, 0), "A2": (1, 0)}, gap_m=20.0)
    assert joined(segments) == {frozenset({"A1", "A2"})}


def test_a_gap_wider_than_the_tolerance_parts_them():
    _, segments = roads({"A1": (0, 0), "A2": (2, 0), "A3": (3, 0)})
    assert joined(segments) == {frozenset({"A2", "A3"})}


def test_a_river_without_a_bridge_stops_the_link():
    cells = {"A1": (0, 0), "A2": (0, 1), "B1": (1, 0), "B2": (1, 1)}
    _, segments = roads(cells, barriers=RIVER)
    assert joined(segments) == {frozenset({"A1", "A2"}), frozenset({"B1", "B2"})}


@pytest.mark.parametrize("rules", [PLAIN, PLAIN.model_copy(update={"shortcut_km": 50})])
def test_a_river_with_communes_on_one_side_only_is_no_wall(rules):
    cells = {"A1": (0, 0), "A2": (1, 0)}
    assert joined(roads(cells, barriers=RIVER, rules=rules)[1]) == {frozenset({"A1", "A2"})}
    alone, segments = roads({"A1": (0, 0)}, barriers=RIVER, rules=rules)
    assert list(alone.index) == ["A1"]
    assert segments.empty


def test_a_bridge_is_the_only_way_across():
    cells = {"A1": (0, 0), "A2": (0, 1), "B1": (1, 0), "B2": (1, 1)}
    bridges = pd.DataFrame(
        {"barrier": ["river"], "junction_id": ["pont"], "x": [SIDE], "y": [SIDE / 2]}
    )
    _, segments = roads(cells, barriers=RIVER, bridges=bridges)
    assert {frozenset({"A1", "pont"}), frozenset({"B1", "pont"})} <= joined(segments)
    assert shortest_m(segments, "A1", "B1") == 4000.0
    assert shortest_m(segments, "A2", "B2") == 12000.0  # down, across, up


def test_an_exit_joins_the_chef_lieu_beside_it_and_the_axis():
    axes = pd.DataFrame(
        {
            "axis": "A7",
            "order": [1.0, 2.0],
            "junction_id": ["A7-1", "A7-2"],
            "x": [2000.0, 10000.0],
            "y": [3000.0, 3000.0],
            "is_exit": True,
            "road_class": "motorway",
        }
    )
    junctions, segments = roads({"A1": (0, 0), "A2": (1, 0), "A3": (2, 0)}, axes)
    assert {"A7-1", "A7-2"} <= set(junctions.index)
    assert {frozenset({"A1", "A7-1"}), frozenset({"A3", "A7-2"})} <= joined(segments)
    motorway = segments[segments["road_class"] == "motorway"]
    assert list(motorway["length_m"]) == [8000.0]
    assert list(motorway["speed_kmh"]) == [104.0]  # 0.8 × 130
    assert list(motorway["name"]) == ["A7"]


def test_an_exit_serves_nothing_beyond_its_reach():
    axes = NO_AXES.copy()
    axes.loc[0] = ["A7", 1.0, "A7-1", 2000.0, 30000.0, True, "motorway"]
    _, segments = roads({"A1": (0, 0), "A2": (1, 0)}, axes.astype({"is_exit": bool}))
    assert joined(segments) == {frozenset({"A1", "A2"})}


def test_a_direct_link_is_added_where_the_way_round_is_long():
    cells = {"A1": (0, 0), "A2": (1, 0), "A3": (1, 1)}
    corner = frozenset({"A1", "A3"})  # 8 km by A2, 5.7 km straight: 1.41 times
    rules = PLAIN.model_copy(update={"shortcut_km": 6.0, "shortcut_ratio": 1.4})
    assert corner in joined(roads(cells, rules=rules)[1])
    rules = PLAIN.model_copy(update={"shortcut_km": 6.0, "shortcut_ratio": 1.42})
    assert corner not in joined(roads(cells, rules=rules)[1])


def test_no_direct_link_crosses_a_river():
    cells = {"A1": (0, 0), "A2": (0, 1), "B1": (1, 0), "B2": (1, 1)}
    rules = PLAIN.model_copy(update={"shortcut_km": 6.0, "shortcut_ratio": 1.01})
    _, segments = roads(cells, barriers=RIVER, rules=rules)
    assert joined(segments) == {frozenset({"A1", "A2"}), frozenset({"B1", "B2"})}


def test_the_network_as_a_whole_has_the_published_detour():
    rules = PLAIN.model_copy(update={"total_detour": 1.3})
    _, segments = roads({"A1": (0, 0), "A2": (1, 0)}, rules=rules)
    assert list(segments["length_m"]) == [5200.0]  # 4 000 × 1.3, the way itself being straight


def test_built_up_areas_slow_the_ends_of_a_link():
    # 500 people at 159.155 per km²: a disc of 1 km of radius at each end.
    rules = PLAIN.model_copy(update={"urban_density_km2": 159.155})
    _, segments = roads({"A1": (0, 0), "A2": (1, 0)}, rules=rules)
    hours = 2 / rules.speed_small_town_kmh + 2 / 64
    assert segments["speed_kmh"].iloc[0] == pytest.approx(4 / hours, abs=0.01)


def test_a_commune_of_unknown_population_has_no_built_up_area():
    communes, points = squares({"A1": (0, 0), "A2": (1, 0)})
    communes["population"] = float("nan")
    rules = PLAIN.model_copy(update={"urban_density_km2": 159.155})
    _, segments = schematic_roads(communes, points, NO_AXES, NO_BARRIERS, NO_BRIDGES, rules=rules)
    assert list(segments["speed_kmh"]) == [64.0]


def test_the_order_of_rows_does_not_matter():
    cells = {"A1": (0, 0), "A2": (1, 0), "A3": (1, 1), "A4": (0, 1)}
    rules = PLAIN.model_copy(update={"shortcut_km": 6.0, "shortcut_ratio": 1.1})
    shuffled = {code: cells[code] for code in ("A3", "A1", "A4", "A2")}
    one, other = roads(cells, rules=rules), roads(shuffled, rules=rules)
    for table, again in zip(one, other, strict=True):
        pd.testing.assert_frame_equal(table, again)
    assert one[1].index.is_monotonic_increasing
    assert one[1].index.is_unique
