"""What holds for every timetable: more of it never makes a way longer."""

import numpy as np
import pytest

from ctg_geo.network import Hops, ordered
from ctg_geo.travel.transit.loops import FAR
from ctg_geo.travel.transit.search import Feet, Leaving, fastest

STOPS, HOMES, PLACES, MINUTE = 8, 5, 4, 60_000


def case(seed):
    """Draw a timetable and walks, in minutes."""
    draw = np.random.default_rng(seed)
    rows = []
    for vehicle in range(25):
        now, way = int(draw.integers(0, 70)), draw.permutation(STOPS)[:4]
        for position in range(3):
            arrival = now + int(draw.integers(1, 8))
            rows.append((way[position], way[position + 1], now, arrival, vehicle, position))
            now = arrival
    tail, head, leaves, arrives, vehicle, position = np.array(rows, np.int64).T
    every = np.ones(len(rows), bool)
    hops = ordered(tail, head, leaves * MINUTE, arrives * MINUTE, vehicle, every, every, position)

    def walks(count, to):
        table = draw.integers(1, 20, (count, to)) * MINUTE
        row, end = np.nonzero(table < 8 * MINUTE)
        first = np.searchsorted(row, np.arange(count + 1))
        return first, end, table[row, end]

    def dense(count):
        table = draw.integers(1, 20, (PLACES, count)) * MINUTE
        return np.where(table < 8 * MINUTE, table, FAR)

    direct = np.where(draw.random((PLACES, HOMES)) < 0.3, 50 * MINUTE, FAR)
    return hops, [Feet(walks(HOMES, STOPS), walks(STOPS, STOPS), dense(STOPS), direct)
                  for _ in range(2)]  # fmt: skip


def times(case, *, limit=40, rank=0, home_by=75, stay=5, hops=None):
    made, (out, back) = case
    departures = np.arange(10, 30, dtype=np.int64) * MINUTE
    hour = None if home_by is None else home_by * MINUTE
    leaving = Leaving(departures, rank, limit * MINUTE, hour, stay * MINUTE)
    return fastest(made if hops is None else hops, out, back, leaving, compiled=False)


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("rank", [0, 9])
def test_more_of_what_runs_never_lengthens_a_time(seed, rank):
    given = case(seed)
    found = times(given, rank=rank)
    less: Hops = given[0].only(given[0].vehicle % 3 != 0)
    assert (found <= times(given, rank=rank, hops=less)).all()
    assert (found <= times(given, rank=rank, limit=30)).all()
    assert (found <= times(given, rank=rank, home_by=65)).all()
    assert (found <= times(given, rank=rank, stay=15)).all()
    assert (times(given, rank=rank, home_by=None) <= found).all()
    assert (found <= times(given, rank=rank + 3)).all()


@pytest.mark.parametrize("seed", range(6))
def test_names_of_vehicles_and_order_of_rows_do_not_matter(seed):
    made, feet = case(seed)
    draw = np.random.default_rng(seed)
    order = draw.permutation(len(made))
    renamed = draw.permutation(made.vehicle.max() + 1)
    again = ordered(made.tail[order], made.head[order], made.departure_ms[order],
                    made.arrival_ms[order], renamed[made.vehicle][order], made.boards[order],
                    made.alights[order], made.position[order])  # fmt: skip
    np.testing.assert_array_equal(times((again, feet)), times((made, feet)))


def test_cases_tell_something():
    found = [times(case(seed)) for seed in range(12)]
    freely = [times(case(seed), home_by=None) for seed in range(12)]
    assert sum(int((each < FAR).sum()) for each in found) > 20
    assert sum(int((a < b).sum()) for a, b in zip(freely, found, strict=True)) > 5


def test_a_day_without_anything_leaves_walks():
    made, (out, back) = case(0)
    none = made.only(np.zeros(len(made), bool))
    found = times((none, [out, back]), limit=60, home_by=None)
    np.testing.assert_array_equal(found, out.direct_ms)
