"""Times by timetable against a time-expanded graph, searched by networkx."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ctg_geo.network import ordered
from ctg_geo.travel.transit.loops import FAR
from ctg_geo.travel.transit.search import Feet, Leaving, fastest, rank_of
from time_expanded import expected

STOPS, HOMES, PLACES = 5, 3, 2
walk = st.none() | st.integers(0, 12)


@st.composite
def vehicles(draw):
    """Draw vehicles as calls: stop, arrival, departure, may one board, may one alight."""
    made = []
    for _ in range(draw(st.integers(0, 7))):
        now, calls = draw(st.integers(0, 60)), []
        for _ in range(draw(st.integers(2, 5))):
            arrival = now
            departure = arrival + draw(st.integers(0, 3))
            calls.append((draw(st.integers(0, STOPS - 1)), arrival, departure,
                          draw(st.integers(0, 4)) > 0, draw(st.integers(0, 4)) > 0))  # fmt: skip
            now = departure + draw(st.integers(0, 12))
        made.append(calls)
    return made


def tables(rows, columns):
    return st.lists(st.lists(walk, min_size=columns, max_size=columns),
                    min_size=rows, max_size=rows)  # fmt: skip


@st.composite
def changes(draw):
    """Draw least times between stops, at least 1: a vehicle is not changed for in no time."""
    pairs = st.dictionaries(st.tuples(st.integers(0, STOPS - 1), st.integers(0, STOPS - 1)),
                            st.integers(1, 10), max_size=12)  # fmt: skip
    return draw(pairs)


jobs = st.fixed_dictionaries({
    "vehicles": vehicles(), "changes": changes(),
    "access": tables(HOMES, STOPS), "egress": tables(PLACES, STOPS),
    "direct": tables(PLACES, HOMES),
    "access_back": tables(PLACES, STOPS), "egress_back": tables(HOMES, STOPS),
    "direct_back": tables(PLACES, HOMES),
    "limit": st.integers(1, 60),
    "departures": st.builds(lambda first, count: list(range(first, first + count)),
                            st.integers(0, 40), st.integers(1, 12)),
    "percentile": st.sampled_from([0, 25, 50, 100]),
    "home_by": st.none() | st.integers(30, 130), "stay": st.integers(0, 15),
})  # fmt: skip


def rows(table):
    """Return a list of lists as compressed rows."""
    at = [(i, j, ms) for i, row in enumerate(table) for j, ms in enumerate(row) if ms is not None]
    first = np.searchsorted([i for i, _, _ in at], np.arange(len(table) + 1))
    return first, np.array([j for _, j, _ in at], np.int64), np.array([m for *_, m in at], np.int64)


def dense(table):
    return np.array([[FAR if each is None else each for each in row] for row in table], np.int64)


def found(job, *, compiled):
    hops = [(calls[i][0], calls[i + 1][0], calls[i][2], calls[i + 1][1], v, calls[i][3],
             calls[i + 1][4], i)
            for v, calls in enumerate(job["vehicles"]) for i in range(len(calls) - 1)]  # fmt: skip
    columns = list(zip(*hops, strict=True)) if hops else [()] * 8
    timetable = ordered(*(np.array(c, bool if k in (5, 6) else np.int64)
                          for k, c in enumerate(columns)))  # fmt: skip
    square = [[job["changes"].get((i, j)) for j in range(STOPS)] for i in range(STOPS)]
    turned = [list(row) for row in zip(*square, strict=True)]
    out = Feet(rows(job["access"]), rows(square), dense(job["egress"]), dense(job["direct"]))
    back = Feet(rows(job["egress_back"]), rows(turned), dense(job["access_back"]),
                dense(job["direct_back"]))  # fmt: skip
    departures = np.array(job["departures"], np.int64)
    leaving = Leaving(departures, rank_of(job["percentile"], len(departures)), job["limit"],
                      job["home_by"], job["stay"])  # fmt: skip
    return fastest(timetable, out, back, leaving, compiled=compiled)


@settings(deadline=None, max_examples=100)
@given(jobs)
def test_times_equal_the_best_ride_of_a_time_expanded_graph(job):
    np.testing.assert_array_equal(found(job, compiled=False), expected(job))


@settings(deadline=None, max_examples=25)
@given(jobs)
def test_compiled_loops_give_the_same_times(job):
    np.testing.assert_array_equal(found(job, compiled=True), expected(job))


def busy(seed):
    """Draw a job where many vehicles run, so that changes and hours decide."""
    draw = np.random.default_rng(seed)

    def table(rows, columns, most, void):
        return [[None if draw.random() < void else int(draw.integers(0, most))
                 for _ in range(columns)] for _ in range(rows)]  # fmt: skip

    runs = []
    for _ in range(12):
        now, calls = int(draw.integers(0, 50)), []
        for _ in range(4):
            departure = now + int(draw.integers(0, 2))
            calls.append((int(draw.integers(0, STOPS)), now, departure, draw.random() > 0.1,
                          draw.random() > 0.1))  # fmt: skip
            now = departure + int(draw.integers(0, 8))
        runs.append(calls)
    square = {(i, j): int(draw.integers(1, 6)) for i in range(STOPS) for j in range(STOPS)
              if draw.random() < 0.5}  # fmt: skip
    return {
        "vehicles": runs, "changes": square,
        "access": table(HOMES, STOPS, 8, 0.6), "egress": table(PLACES, STOPS, 8, 0.6),
        "direct": table(PLACES, HOMES, 60, 0.5), "access_back": table(PLACES, STOPS, 8, 0.6),
        "egress_back": table(HOMES, STOPS, 8, 0.6), "direct_back": table(PLACES, HOMES, 60, 0.5),
        "limit": int(draw.integers(15, 50)),
        "departures": list(range(first := int(draw.integers(0, 20)), first + 8)),
        "percentile": [0, 25, 50, 100][seed % 4],
        "home_by": None if seed % 3 == 0 else int(draw.integers(40, 80)),
        "stay": int(draw.integers(0, 10)),
    }  # fmt: skip


@pytest.mark.parametrize("seeds", [range(at, at + 25) for at in range(0, 100, 25)])
def test_times_are_exact_where_many_vehicles_run(seeds):
    reached = 0
    for seed in seeds:
        job = busy(seed)
        wanted = expected(job)
        reached += int((wanted < FAR).sum())
        np.testing.assert_array_equal(found(job, compiled=False), wanted)
    assert reached > 20, "the cases hold too few ways to tell anything"
