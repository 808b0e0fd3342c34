"""What is made again and what is not: order and shape are kept, files are not trusted."""

import logging
import sys

import numpy as np
import pytest
from scipy.sparse.csgraph import dijkstra

from ctg_geo import progress
from ctg_geo.errors import TravelError
from ctg_geo.network import RoadNetwork
from ctg_geo.travel import travel_times
from ctg_geo.travel.hierarchy import NO_ROUTE_MS, engine_of, forget, prepare, ready, selection
from ctg_geo.travel.hierarchy import shape as shape_module
from ctg_geo.travel.legs import Legs

WIDE = 12  # a grid of 144 crossings


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Keep hierarchies of any size, here; begin with none in memory."""
    monkeypatch.setenv("CTG_GEO_CACHE", str(tmp_path))
    monkeypatch.setattr(prepare, "_WORTH_KEEPING", 1)
    forget()
    yield tmp_path
    forget()


def grid(seed=1):
    """Streets of a square town, with their own time each way; some of them one-way."""
    rng = np.random.default_rng(seed)
    node = np.arange(WIDE * WIDE).reshape(WIDE, WIDE)
    one = np.concatenate([node[:, :-1].ravel(), node[:-1].ravel()])
    two = np.concatenate([node[:, 1:].ravel(), node[1:].ravel()])
    back = rng.random(len(one)) < 0.8
    tail, head = np.concatenate([one, two[back]]), np.concatenate([two, one[back]])
    lon, lat = 4.9 + (node % WIDE).ravel() / 1000, 45 + (node // WIDE).ravel() / 1000
    return RoadNetwork.from_arcs(tail, head, rng.integers(0, 60, len(tail)), lon, lat)


def at(nodes):
    numbers = np.asarray(nodes, dtype=np.int64)
    return Legs(len(numbers), np.arange(len(numbers)), numbers, np.zeros_like(numbers))


def seen(times):
    return np.where(times == NO_ROUTE_MS, np.inf, times.astype(np.float64))


def check(network):
    """Compare all times with plain Dijkstra's, and return the engine that gave them."""
    engine, every = engine_of(network), at(range(network.nodes))
    assert np.array_equal(seen(engine.matrix(every, every, np.inf)), dijkstra(network.graph))
    return engine


def told(caplog):
    """Return what was told of the last hierarchy made or read."""
    return [record.getMessage() for record in caplog.records if "hierarchy" in record.name][-1]


def test_a_network_is_prepared_once(caplog):
    network = grid()
    with caplog.at_level(logging.INFO, logger="ctg_geo"):
        assert check(network) is check(network)
    assert sum("customised" in line for line in caplog.text.splitlines()) == 1


def never(*_):
    raise AssertionError("made again")


@pytest.mark.parametrize("change", ["closing", "with_speed", "with_times"])
def test_a_closure_or_a_speed_keeps_order_and_shape(monkeypatch, caplog, change):
    network = grid()
    shape = check(network).metric.shape
    monkeypatch.setattr(prepare, "shaped", never)
    changed = {
        "closing": lambda: network.closing([3, 40, 41, 100]),
        "with_speed": lambda: network.with_speed([3, 40, 41, 100], 3),
        "with_times": lambda: network.with_times(network.time_ms[::-1]),
    }[change]()
    with caplog.at_level(logging.INFO, logger="ctg_geo"):
        assert check(changed).metric.shape is shape
    assert "hierarchy of 144 nodes kept, times customised" in told(caplog)
    check(network)  # the first is as it was


def test_a_new_road_inherits_the_order_and_equals_a_rebuild(monkeypatch, caplog):
    network = grid()
    check(network)
    longer = network.with_road(0, WIDE * WIDE - 1, 1.5)
    with monkeypatch.context() as patch, caplog.at_level(logging.INFO, logger="ctg_geo"):
        patch.setattr(shape_module, "ordered", never)
        inherited = check(longer)
    assert "order inherited, times customised" in told(caplog)
    forget()
    monkeypatch.setenv("CTG_GEO_CACHE", "off")
    rebuilt, every = check(longer), at(range(longer.nodes))
    assert np.array_equal(
        inherited.matrix(every, every, np.inf), rebuilt.matrix(every, every, np.inf)
    )


def test_a_new_process_reads_both_files(caplog):
    network = grid()
    check(network)
    forget()
    assert ready(network)
    with caplog.at_level(logging.INFO, logger="ctg_geo"):
        check(network)
    assert "read, times read" in told(caplog)


def test_times_kept_for_another_order_are_not_read(caplog, folder):
    network = grid()
    longer = network.with_road(0, WIDE * WIDE - 1, 1.5)
    check(network)
    check(longer)  # its shape has the order of the other
    for path in folder.glob("shape-*"):
        path.unlink()
    forget()
    with caplog.at_level(logging.INFO, logger="ctg_geo"):
        check(longer)  # ordered afresh: the times on disk are of the order inherited
    assert "times of another order set aside" in caplog.text


def closed_in_part(network, caplog, edge=3):
    """Close an edge, check all times, and tell how they were made."""
    changed = network.closing([edge])
    caplog.clear()
    with caplog.at_level(logging.INFO, logger="ctg_geo"):
        check(changed)
    return told(caplog)


def test_a_closure_is_customised_in_part_and_another_profile_in_whole(caplog, folder):
    network = grid()
    check(network)
    assert "kept, times customised in part: " in closed_in_part(network, caplog)
    assert len(list(folder.glob("metric-*"))) == 1  # a part is not written
    other = network.with_times(network.time_ms * 2 + 1)
    with caplog.at_level(logging.INFO, logger="ctg_geo"):
        check(other)
    assert "in part" not in told(caplog)
    assert "in part" in closed_in_part(other, caplog, 40)  # from the last made in whole
    assert len(list(folder.glob("base-*"))) == 1


def test_a_new_process_starts_a_change_from_the_file(caplog):
    network = grid()
    check(network)
    forget()
    assert ready(network.closing([3]))
    assert "read, times customised in part: " in closed_in_part(network, caplog)


@pytest.mark.parametrize("how", ["altered", "cut", "swapped", "absent"])
def test_a_change_without_a_sound_base_is_customised_in_whole(folder, caplog, how):
    network = grid()
    check(network)
    forget()
    (path,) = folder.glob("base-*")
    content = path.read_bytes()
    path.write_bytes({
        "altered": content[:-64] + bytes([content[-64] ^ 1]) + content[-63:],
        "cut": content[: len(content) // 2],
        "swapped": next(folder.glob("shape-*")).read_bytes(),
        "absent": b"",
    }[how])  # fmt: skip
    if how == "absent":
        path.unlink()
    assert "in part" not in closed_in_part(network, caplog)
    assert ("cache refused, computed again" in caplog.text) == (how != "absent")
    assert "in part" in closed_in_part(network, caplog, 40)  # and it was written again


def test_a_base_of_another_order_is_not_used(caplog, folder):
    network = grid()
    longer = network.with_road(0, WIDE * WIDE - 1, 1.5)
    check(network)
    check(longer)  # its shape has the order of the other
    for path in (*folder.glob("shape-*"), *folder.glob("metric-*")):
        path.unlink()
    forget()
    assert "in part" not in closed_in_part(longer, caplog)
    assert "times of another order set aside: base-" in caplog.text


def test_nothing_kept_on_disk_holds_a_base_from_the_second_times_on(monkeypatch, caplog):
    monkeypatch.setenv("CTG_GEO_CACHE", "off")
    network = grid()
    check(network)
    assert "in part" not in closed_in_part(network, caplog)
    assert "in part" in closed_in_part(network, caplog, 40)


def test_a_small_network_is_customised_in_whole(monkeypatch, caplog):
    monkeypatch.setattr(prepare, "_WORTH_KEEPING", WIDE * WIDE + 1)
    network = grid()
    check(network)
    assert "in part" not in closed_in_part(network, caplog)


@pytest.mark.parametrize("kind", ["shape", "metric"])
@pytest.mark.parametrize("how", ["altered", "cut", "swapped"])
def test_a_damaged_file_is_told_and_the_times_are_right(folder, caplog, kind, how):
    network = grid()
    check(network)
    forget()
    (path,) = folder.glob(f"{kind}-*")
    content = path.read_bytes()
    path.write_bytes({
        "altered": content[:-64] + bytes([content[-64] ^ 1]) + content[-63:],
        "cut": content[: len(content) // 2],
        "swapped": next(folder.glob("shape-*" if kind == "metric" else "metric-*")).read_bytes(),
    }[how])  # fmt: skip
    check(network)
    assert "cache refused, computed again" in caplog.text
    forget()
    caplog.clear()
    check(network)  # and it was written again
    assert caplog.text == ""


def test_off_keeps_nothing_and_changes_nothing(monkeypatch, folder):
    monkeypatch.setenv("CTG_GEO_CACHE", "off")
    network = grid()
    check(network)
    assert not list(folder.iterdir())
    forget()
    assert not ready(network)


def test_what_may_last_is_announced_once_and_only_when_made():
    said = []
    with progress.listen(lambda items, _label, _total: iter(items), said.append):
        network = grid()
        check(network)
        check(network)
        forget()
        check(network)  # read from disk
    assert said == ["roads_prepared"]


@pytest.mark.parametrize("name", ["_ALONE", "_PIECES", "_SHARES"])
def test_a_sweep_shared_by_threads_gives_the_same_times(monkeypatch, name):
    network = grid(seed=4)
    truth = dijkstra(network.graph)
    monkeypatch.setattr(selection, "_ALONE", 0)
    monkeypatch.setattr(selection, name, {"_ALONE": 0, "_PIECES": 3, "_SHARES": 50}[name])
    engine, every, places = engine_of(network), at(range(network.nodes)), [5, 77, 140]
    number, time_ms = engine.nearest(every, at(places), 1)
    least = truth[:, places].min(axis=1)
    assert np.isinf(truth[77]).any()  # some crossings cannot be reached
    assert np.array_equal(seen(time_ms[:, 0]), least)
    which = np.where(np.isinf(least), -1, truth[:, places].argmin(axis=1))
    assert np.array_equal(number[:, 0], which)
    assert np.array_equal(seen(engine.column(every, at([77]))), truth[:, 77])
    assert np.array_equal(seen(engine.row(at([77]), every)), truth[77])


LONG = 7 * 86_400  # two such arcs last longer than 2**30 ms
TOO_LONG = 20 * 86_400  # a single one does


@pytest.mark.parametrize("seconds", [LONG, TOO_LONG])
@pytest.mark.parametrize("method", ["bounded", "hierarchy"])
@pytest.mark.parametrize("limit_min", [None, 15 * 1440, 45 * 1440])
def test_times_too_long_for_32_bits_are_left_to_the_plain_search(seconds, method, limit_min):
    network = RoadNetwork.from_arcs([0, 1, 2], [1, 2, 0], [seconds] * 3, nodes=3)
    every = [0, 1, 2]
    times = travel_times(network, every, every, limit_min=limit_min, method=method)
    truth = dijkstra(network.graph) / 60_000
    truth[truth > (limit_min or np.inf)] = np.inf
    assert times.method == "plain"
    assert times.to_matrix().to_numpy().tolist() == truth.tolist()


def test_an_arc_too_long_is_not_mistaken_for_one_that_is_closed():
    edges = [0, 1, 2], [1, 2, 0], [60, 60, 60], [4.9, 4.91, 4.92], [45, 45, 45]
    closed = RoadNetwork.from_arcs(*edges).closing([0])
    times = closed.time_ms.copy()
    times[0] = TOO_LONG * 1000
    for network, method in ((closed, "hierarchy"), (closed.with_times(times), "plain")):
        found = travel_times(network, [0], [1], limit_min=None, method="hierarchy")
        assert found.method == method
        assert len(found.to) == np.isfinite(dijkstra(network.graph)[0, 1])


def test_an_engine_asked_for_times_too_long_names_the_error():
    network = RoadNetwork.from_arcs([0, 1, 2], [1, 2, 0], [LONG] * 3, nodes=3)
    for ask in ("matrix", "nearest"):
        with pytest.raises(TravelError) as caught:
            getattr(engine_of(network), ask)(at([0]), at([1]), 1)
        assert caught.value.reason == "route_too_long"
        assert "12" in caught.value.explain("fr")


def test_without_metis_the_roads_are_refused_in_words(monkeypatch):
    monkeypatch.setitem(sys.modules, "pymetis", None)  # as on Windows
    with pytest.raises(TravelError, match="pymetis") as said:
        engine_of(grid())
    assert "WSL" in said.value.explain("fr")
