"""Each way to the times on its own, where it ends: giving up, islands, real graphs."""

import gzip

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse.csgraph import dijkstra

from ctg_geo.errors import TravelError
from ctg_geo.network import RoadNetwork
from ctg_geo.travel import travel_times
from ctg_geo.travel.bounded import bounded
from ctg_geo.travel.hierarchy import NO_ROUTE_MS, Engine, customised, engine_of, shaped
from ctg_geo.travel.hierarchy.engine import longest_route_ms
from ctg_geo.travel.legs import Legs

LINE = RoadNetwork.from_arcs(range(99), range(1, 100), [1] * 99, nodes=100)  # one way, 1 s each


def at(nodes):
    numbers = np.asarray(nodes, dtype=np.int64)
    return Legs(len(numbers), np.arange(len(numbers)), numbers, np.zeros_like(numbers))


def seen(times):
    return np.where(times == NO_ROUTE_MS, np.inf, times.astype(np.float64))


@pytest.mark.parametrize(("start", "reverse"), [(0, False), (99, True)])
@pytest.mark.parametrize(("limit_ms", "reached"), [(0, 1), (999, 1), (1000, 2), (9500, 10)])
def test_a_bounded_search_finds_what_is_within_its_limit(start, reverse, limit_ms, reached):
    nodes, time_ms = bounded(LINE, at([start]), limit_ms, reverse=reverse, most=50)
    assert np.abs(nodes - start).tolist() == list(range(reached))
    assert time_ms.tolist() == [1000 * step for step in range(reached)]


@pytest.mark.parametrize(("start", "reverse"), [(0, False), (99, True)])
@pytest.mark.parametrize(("most", "gives_up"), [(9, True), (10, False)])
def test_a_bounded_search_gives_up_beyond_as_many_nodes_as_it_may(start, reverse, most, gives_up):
    found = bounded(LINE, at([start]), 9500, reverse=reverse, most=most)
    assert (found is None) == gives_up


@pytest.mark.parametrize("places", [([0], list(range(100))), (list(range(100)), [99])])
def test_where_the_bounded_search_gives_up_the_hierarchy_answers_and_is_told(places):
    near, far = (
        travel_times(LINE, *places, limit_min=limit / 60, method="bounded") for limit in (3, 50)
    )
    assert (near.method, far.method) == ("bounded", "hierarchy")  # 5 nodes of 100 are its most
    assert (len(near.to), len(far.to)) == (4, 51)


def test_a_place_on_an_island_is_reached_by_its_islanders_only():
    # 0-1 are the mainland, 2-3 the island; 4 has a ferry out but none back
    roads = RoadNetwork.from_arcs([0, 1, 2, 3, 4], [1, 0, 3, 2, 0], [60] * 5, nodes=5)
    for method in ("plain", "bounded", "hierarchy"):
        times = travel_times(roads, range_of(5), [3, 4], limit_min=60, method=method).to_matrix()
        assert times[3].tolist() == [np.inf, np.inf, 1, 0, np.inf]
        assert times[4].tolist() == [np.inf, np.inf, np.inf, np.inf, 0]
    number, time_ms = engine_of(roads).nearest(at(range(5)), at([3, 0]), 2)
    assert number.tolist() == [[1, -1], [1, -1], [0, -1], [0, -1], [1, -1]]
    assert seen(time_ms)[:, 0].tolist() == [0, 60_000, 60_000, 0, 60_000]


def range_of(count):
    return list(range(count))


@pytest.mark.parametrize(
    ("bad", "reason"), [(np.nan, "not_finite"), (-1, "negative_time"), (np.inf, "not_finite")]
)
def test_a_bad_time_is_refused_by_the_number_of_its_arc(bad, reason):
    for make in (
        lambda: RoadNetwork.from_arcs([0, 1, 2], [1, 2, 0], [1, bad, 1], nodes=3),
        lambda: LINE.with_times([1000, bad, *[1000] * 97]),
    ):
        with pytest.raises(TravelError) as caught:
            make()
        assert (caught.value.reason, caught.value.facts) == (reason, {"arc": 1})
        assert "1" in caught.value.explain("fr")


@pytest.mark.parametrize("length", [2, 3, 300, 700])
@pytest.mark.parametrize("shape", ["path", "ring", "comb", "star", "lollipop"])
def test_long_dead_ends_bends_and_rings_are_ordered_whole_and_exactly(shape, length):
    tail, head, nodes = drawn(shape, length)
    rng = np.random.default_rng(length)
    times = rng.integers(0, 9, 2 * len(tail))
    roads = RoadNetwork.from_arcs(
        np.concatenate([tail, head]), np.concatenate([head, tail]), times / 1000, nodes=nodes
    )
    position = engine_of(roads).metric.shape.position
    assert sorted(position) == range_of(nodes)
    some = rng.choice(nodes, min(nodes, 40), replace=False)
    times = engine_of(roads).matrix(at(range(nodes)), at(some), np.inf)
    assert np.array_equal(seen(times), dijkstra(roads.graph)[:, some])


def drawn(shape, length):
    step = np.arange(length - 1)
    path = step, step + 1
    more = {
        "path": ([], []),
        "ring": ([length - 1], [0]),
        "comb": (np.arange(length), np.arange(length) + length),  # a dead end at each
        "star": (np.repeat(0, length), np.arange(length) + length),
        "lollipop": ([length - 1], [length // 2]),
    }[shape]
    tail, head = (
        np.concatenate([a, np.array(b, dtype=int)]) for a, b in zip(path, more, strict=True)
    )
    return tail, head, int(max(tail.max(), head.max())) + 1


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_any_order_gives_the_same_times(data):
    nodes = data.draw(st.integers(1, 12))
    node = st.integers(0, nodes - 1)
    drawn_arcs = data.draw(st.lists(st.tuples(node, node, st.integers(0, 30)), max_size=30))
    arcs = np.array(drawn_arcs, dtype=np.int64).reshape(-1, 3)
    rank = np.array(data.draw(st.permutations(range(nodes))))
    roads = RoadNetwork.from_arcs(arcs[:, 0], arcs[:, 1], arcs[:, 2] / 1000, nodes=nodes)
    metric = customised(shaped(nodes, roads.tail, roads.head, rank), roads.time_ms)
    every = at(range(nodes))
    times = Engine(metric, 0).matrix(every, every, np.inf)
    assert np.array_equal(seen(times), dijkstra(roads.graph))


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_no_fastest_route_is_longer_than_the_bound(data):
    nodes = data.draw(st.integers(2, 10))
    node, ms = st.integers(0, nodes - 1), st.integers(0, 2**29)
    drawn_arcs = data.draw(st.lists(st.tuples(node, node, ms), min_size=1, max_size=30))
    arcs = np.array(drawn_arcs, dtype=np.int64)
    roads = RoadNetwork.from_arcs(arcs[:, 0], arcs[:, 1], arcs[:, 2] / 1000, nodes=nodes)
    metric = customised(shaped(nodes, roads.tail, roads.head), roads.time_ms)
    bound = longest_route_ms(metric, roads.head.astype(np.int32), roads.time_ms.astype(np.int32))
    truth = dijkstra(roads.graph)
    if bound < 2**30 - 1:
        assert truth[np.isfinite(truth)].max() <= bound


def weighted(path):
    with gzip.open(path, "rt") as file:
        rows = [line.split()[1:4] for line in file if line.startswith("a")]
    return np.array(rows, dtype=np.int64)


@pytest.mark.shared
@pytest.mark.parametrize("name", ["south_seattle_car", "bremen_dist"])
def test_real_weighted_graphs_agree_with_scipy_from_forty_places(shared, name):
    arcs = weighted(shared / "roads" / "fast_paths" / f"{name}.gr.gz")
    nodes = int(arcs[:, :2].max()) + 1
    seconds = arcs[:, 2] / 1000
    assert (seconds == 0).sum() == {"south_seattle_car": 0, "bremen_dist": 21}[name]
    agree(RoadNetwork.from_arcs(arcs[:, 0], arcs[:, 1], seconds, nodes=nodes), 40)
    seconds[-1] = -0.001
    with pytest.raises(TravelError, match=f"arc {len(arcs) - 1:,}: the time is negative"):
        RoadNetwork.from_arcs(arcs[:, 0], arcs[:, 1], seconds, nodes=nodes)


@pytest.mark.shared
def test_a_large_topology_with_any_times_agrees_with_scipy(shared):
    import lzma

    with lzma.open(shared / "roads" / "dimacs_topology" / "NY.gr.xz", "rb") as file:
        head, _, body = file.read().partition(b"\n")
    nodes, edges = (int(word) for word in head.split()[2:4])
    ends = np.array(body.split(), dtype=np.int64).reshape(edges, 2) - 1
    times = np.random.default_rng(7).integers(0, 30_000, 2 * edges)
    both = np.concatenate([ends, ends[:, ::-1]])
    agree(RoadNetwork.from_arcs(both[:, 0], both[:, 1], times / 1000, nodes=nodes), 6)


def agree(roads, count):
    """Compare matrix, column, row, nearest and rows of pairs with scipy."""
    some = np.random.default_rng(5).choice(roads.nodes, count, replace=False)
    engine, every, places = engine_of(roads), at(range(roads.nodes)), at(some)
    out, back = dijkstra(roads.graph, indices=some), dijkstra(roads.graph.T.tocsr(), indices=some)
    assert np.array_equal(seen(engine.matrix(places, every, np.inf)), out)
    assert np.array_equal(seen(engine.matrix(every, places, np.inf)), back.T)
    assert np.array_equal(seen(engine.row(at(some[:1]), every)), out[0])
    assert np.array_equal(seen(engine.column(every, at(some[:1]))), back[0])
    number, time_ms = engine.nearest(every, places, 1)
    assert np.array_equal(seen(time_ms[:, 0]), back.min(axis=0))
    reached = np.isfinite(back.min(axis=0))
    assert np.array_equal(number[:, 0], np.where(reached, back.argmin(axis=0), -1))
    second = engine.nearest(every, places, 2)[1][:, 1]
    assert np.array_equal(seen(second), np.sort(back, axis=0)[1])
    limit_ms = float(np.median(back[np.isfinite(back)]))
    pairs = travel_times(
        roads, np.arange(roads.nodes), some, limit_min=limit_ms / 60_000, method="hierarchy"
    )
    assert len(pairs.to) == (back <= limit_ms).sum()
    assert pairs.time_ms.sum() == back[back <= limit_ms].sum()
