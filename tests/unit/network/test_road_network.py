"""Arcs become edges; what cannot be a network is refused."""

from dataclasses import replace

import numpy as np
import pytest

from ctg_geo import RoadNetwork
from ctg_geo.errors import TravelError
from ctg_geo.network import NO_ARC, fastest

LON, LAT = [4.90, 4.91, 4.92], [45.0, 45.0, 45.0]


def network(*arcs):
    tail, head, seconds = zip(*arcs, strict=True)
    return RoadNetwork.from_arcs(tail, head, seconds, LON, LAT)


def edges_of(roads):
    """Return each edge as its two ends and the milliseconds each way, None where closed."""
    return sorted(
        (
            int(start),
            int(end),
            int(roads.time_ms[there]),
            None if back == NO_ARC else int(roads.time_ms[back]),
        )
        for start, end, there, back in zip(
            roads.edge_from, roads.edge_to, roads.forward, roads.backward, strict=True
        )
    )


def test_two_opposite_arcs_are_one_edge_with_a_time_each_way():
    assert edges_of(network((0, 1, 60), (1, 0, 75))) == [(0, 1, 60_000, 75_000)]


def test_an_arc_alone_is_an_edge_closed_the_other_way_whatever_its_direction():
    assert edges_of(network((0, 1, 60), (2, 1, 30))) == [(0, 1, 60_000, None), (2, 1, 30_000, None)]


def test_of_parallel_arcs_the_fastest_pairs_with_the_fastest_and_the_rest_stay_alone():
    roads = network((0, 1, 90), (1, 0, 50), (0, 1, 40), (0, 1, 60), (1, 0, 70))
    assert edges_of(roads) == [
        (0, 1, 40_000, 50_000),
        (0, 1, 60_000, 70_000),
        (0, 1, 90_000, None),
    ]


def test_arcs_that_are_not_opposite_are_never_paired():
    roads = network((0, 1, 10), (1, 2, 20), (2, 0, 30))
    assert edges_of(roads) == [(0, 1, 10_000, None), (1, 2, 20_000, None), (2, 0, 30_000, None)]


def test_every_loop_is_an_edge_of_its_own():
    assert edges_of(network((1, 1, 5), (1, 1, 5))) == [(1, 1, 5_000, None)] * 2


def test_seconds_are_rounded_to_the_millisecond():
    assert network((0, 1, 1.2344), (1, 2, 0.0006), (2, 0, 0)).time_ms.tolist() == [1234, 1, 0]


def test_a_network_may_have_nodes_and_no_arc():
    roads = RoadNetwork.from_arcs([], [], [], LON, LAT)
    assert (roads.nodes, roads.arcs, len(roads.edges)) == (3, 0, 0)
    assert roads.graph.nnz == 0


def test_a_part_without_a_way_back_is_not_the_largest_part():
    roads = network((0, 1, 1), (1, 0, 1), (1, 2, 1))
    assert roads.part.tolist() == [0, 0, 1]


def test_other_times_replace_the_metric_and_nothing_else():
    roads = network((0, 1, 60), (1, 0, 75))
    assert roads.graph.toarray()[0, 1] == 60_000
    slower = roads.with_times([120_000, 1])
    assert edges_of(slower) == [(0, 1, 120_000, 1)]
    assert slower.graph.toarray()[0, 1] == 120_000
    assert edges_of(roads) == [(0, 1, 60_000, 75_000)]
    assert slower.edges is roads.edges


@pytest.mark.parametrize(
    ("times", "reason"),
    [
        ([1], "arc_count"),
        ([1, 2, 3], "arc_count"),
        ([1, -1], "negative_time"),
        ([1, np.nan], "not_finite"),
        ([1, 2**31], "too_long"),
    ],
)
def test_times_that_cannot_be_are_refused(times, reason):
    with pytest.raises(TravelError) as caught:
        network((0, 1, 60), (1, 0, 75)).with_times(times)
    assert caught.value.reason == reason


def test_the_fastest_of_parallel_arcs_is_kept_and_zero_is_a_time():
    arrays = (np.array(part) for part in ([0, 0, 0, 1], [1, 1, 1, 0], [9, 4, 7, 0]))
    matrix = fastest(2, *arrays)
    assert matrix.nnz == 2
    assert dict(zip(matrix.indices.tolist(), matrix.data.tolist(), strict=True)) == {1: 4, 0: 0}


def test_networkx_gets_the_fastest_of_parallel_arcs_and_every_node():
    graph = network((0, 1, 60), (0, 1, 30), (1, 0, 75)).to_networkx()
    assert sorted(graph.edges(data="time_ms")) == [(0, 1, 30_000), (1, 0, 75_000)]
    assert sorted(graph.nodes) == [0, 1, 2]
    assert graph.nodes[0]["x"] < graph.nodes[2]["x"]


def test_a_table_of_edges_tells_the_minutes_each_way():
    table = network((0, 1, 60), (1, 0, 75), (1, 2, 30)).to_frame().sort_values("length_m")
    by_ends = {
        (row.forward_min, None if np.isnan(row.backward_min) else row.backward_min)
        for row in table.itertuples()
    }
    assert by_ends == {(1.0, 1.25), (0.5, None)}
    assert str(table.crs) == "EPSG:2154"
    assert table.geometry.length.tolist() == pytest.approx(table["length_m"].tolist())


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"tail": [0.5, 1.0]}, "not_whole"),
        ({"head": [["1", "2"]]}, "not_whole"),
        ({"tail": [0]}, "arc_lengths"),
        ({"seconds": [1, 2, 3]}, "arc_lengths"),
        ({"lon": [4.9, 4.91]}, "node_lengths"),
        ({"tail": [0, -1]}, "node_range"),
        ({"head": [1, 3]}, "node_range"),
        ({"lon": [4.9, np.nan, 4.92]}, "coordinates"),
        ({"lat": [45, np.inf, 45]}, "coordinates"),
        ({"lat": [45, 145, 45]}, "lon_lat"),
        ({"lon": [4.9, 4.91, -181]}, "lon_lat"),
        ({"crs": "EPSG:4326"}, "geographic"),
        ({"seconds": [1, np.nan]}, "not_finite"),
        ({"seconds": [np.inf, 1]}, "not_finite"),
        ({"seconds": [1, -0.001]}, "negative_time"),
        ({"seconds": [1, 2_147_484]}, "too_long"),
    ],
)
def test_arrays_that_are_no_network_are_refused(changes, reason):
    arrays = {"tail": [0, 1], "head": [1, 2], "seconds": [60, 90], "lon": LON, "lat": LAT}
    with pytest.raises(TravelError) as caught:
        RoadNetwork.from_arcs(**{**arrays, **changes})
    assert caught.value.reason == reason
    assert str(caught.value)
    assert caught.value.explain("fr")


def test_a_refusal_names_the_arc_and_the_node():
    with pytest.raises(TravelError, match=r"head, arc 1: node 7 .*there are 3") as caught:
        RoadNetwork.from_arcs([0, 1], [1, 7], [60, 90], LON, LAT)
    assert caught.value.facts == {"name": "head", "arc": 1, "node": 7, "nodes": 3}


def test_other_times_keep_what_is_lost_on_arrival_as_far_as_they_allow():
    lost = np.array([20_000, 20_000], dtype=np.int32)
    roads = replace(network((0, 1, 60), (1, 2, 90)), arrival_ms=lost)
    assert roads.with_times([70_000, 15_000]).arrival_ms.tolist() == [20_000, 15_000]
