"""Results stay what they are, whoever asks again."""

import threading

import numpy as np

from ctg_geo.network import RoadNetwork
from ctg_geo.travel.hierarchy import NO_ROUTE_MS, engine_of
from ctg_geo.travel.legs import Legs

NODES = 60
RING = RoadNetwork.from_arcs(
    np.arange(NODES), (np.arange(NODES) + 1) % NODES, [1] * NODES, nodes=NODES
)
EVERY = np.arange(NODES)


def at(nodes):
    numbers = np.asarray(nodes, dtype=np.int64)
    return Legs(len(numbers), np.arange(len(numbers)), numbers, np.zeros_like(numbers))


def truth(first, last):
    """Work out the seconds round the ring, one way."""
    return (np.asarray(last)[None, :] - np.asarray(first)[:, None]) % NODES * 1000


def test_a_result_that_is_held_is_not_written_over():
    engine = engine_of(RING)
    held = [engine.matrix(at(EVERY), at([place]), np.inf) for place in range(20)]
    held += [engine.matrix(at([place]), at(EVERY), np.inf)[:, 5:9] for place in range(20)]
    for place in range(20):
        assert np.array_equal(held[place], truth(EVERY, [place]))
        assert np.array_equal(held[20 + place], truth([place], EVERY)[:, 5:9])


def test_a_part_of_a_result_keeps_it_from_being_written_over():
    engine = engine_of(RING)
    cell = engine.matrix(at(EVERY), at([7]), np.inf)[3:4].reshape(-1).view(np.int32)
    engine.matrix(at(EVERY), at([8]), np.inf)
    assert cell.tolist() == [4000]


def test_the_room_of_a_result_that_was_dropped_serves_again():
    engine = engine_of(RING)
    first = engine.matrix(at(EVERY), at([7]), np.inf)
    where = first.__array_interface__["data"][0]
    del first
    second = engine.matrix(at(EVERY), at([9]), np.inf)
    assert second.__array_interface__["data"][0] == where
    assert np.array_equal(second, truth(EVERY, [9]))


def test_many_threads_may_ask_one_engine():
    engine, wrong = engine_of(RING), []

    def asks(seed):
        rng = np.random.default_rng(seed)
        for _ in range(40):
            first, last = rng.integers(0, NODES, 30), rng.integers(0, NODES, 20)
            right = truth(first, last)
            same = np.array_equal(engine.matrix(at(first), at(last), np.inf), right)
            near = engine.nearest(at(first), at(last), 1)[1][:, 0]
            if not same or not np.array_equal(near, right.min(axis=1)):
                wrong.append(seed)

    threads = [threading.Thread(target=asks, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_points_without_a_way_onto_the_roads_have_no_route():
    nowhere = Legs(2, *np.zeros((3, 0), dtype=np.int64))
    engine = engine_of(RING)
    assert (engine.matrix(nowhere, at(EVERY), np.inf) == NO_ROUTE_MS).all()
    assert (engine.matrix(at(EVERY), nowhere, np.inf) == NO_ROUTE_MS).all()
    number, time_ms = engine.nearest(nowhere, at(EVERY), 1)
    assert (number == -1).all()
    assert (time_ms == NO_ROUTE_MS).all()
    assert (engine.nearest(at(EVERY), nowhere, 2)[0] == -1).all()
