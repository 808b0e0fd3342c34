"""What holds for every table of travel times."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ctg_geo import RoadNetwork, TravelTimes, travel_times
from ctg_geo.errors import TravelError
from ctg_geo.travel import MS_PER_MIN

NODES = 8
EVERY = list(range(NODES))
node = st.integers(0, NODES - 1)
drawn_arcs = st.lists(st.tuples(node, node, st.integers(0, 90_000)), min_size=1, max_size=25)
quick = settings(deadline=None, max_examples=30, derandomize=True)


def network_of(arcs):
    tail, head, time_ms = (np.array(part) for part in zip(*arcs, strict=True))
    lon = 4.9 + 0.01 * np.arange(NODES)
    return RoadNetwork.from_arcs(tail, head, time_ms / 1000, lon, np.full(NODES, 45.0))


def matrix_of(arcs, limit_min=None):
    return travel_times(network_of(arcs), EVERY, EVERY, limit_min=limit_min).to_matrix().to_numpy()


@st.composite
def tables(draw):
    """Draw times given in milliseconds, some pairs absent, some rows and columns empty."""
    shape = draw(st.tuples(st.integers(1, 5), st.integers(1, 5)))
    cell = st.none() | st.integers(0, 5_000_000)
    cells = {(i, j): draw(cell) for i in range(shape[0]) for j in range(shape[1])}
    rows = [(f"o{i}", f"d{j}", ms / MS_PER_MIN) for (i, j), ms in cells.items() if ms is not None]
    frame = pd.DataFrame(rows, columns=["origin", "destination", "minutes"])
    frame = frame.astype({"minutes": float})
    return frame, [f"o{i}" for i in range(shape[0])], [f"d{j}" for j in range(shape[1])]


def times_of(table, limit_min=None):
    frame, origins, destinations = table
    return TravelTimes.from_frame(
        frame, limit_min=limit_min, origins=origins, destinations=destinations
    )


@quick
@given(drawn_arcs)
def test_a_detour_is_never_shorter_than_the_way(arcs):
    minutes = matrix_of(arcs)
    for middle in EVERY:
        by_way_of = minutes[:, [middle]] + minutes[[middle], :]
        assert (minutes <= by_way_of + 1e-9).all()


@quick
@given(drawn_arcs)
def test_on_the_spot_is_0(arcs):
    assert (np.diag(matrix_of(arcs)) == 0).all()


@quick
@given(drawn_arcs)
def test_roads_turned_round_turn_the_times_round(arcs):
    turned = [(head, tail, time_ms) for tail, head, time_ms in arcs]
    assert (matrix_of(turned) == matrix_of(arcs).T).all()


@quick
@given(drawn_arcs)
def test_two_way_roads_take_as_long_there_as_back(arcs):
    minutes = matrix_of(arcs + [(head, tail, time_ms) for tail, head, time_ms in arcs])
    assert (minutes == minutes.T).all()


@quick
@given(drawn_arcs, st.tuples(node, node, st.integers(0, 90_000)))
def test_one_more_road_never_lengthens_a_time(arcs, more):
    assert (matrix_of([*arcs, more]) <= matrix_of(arcs)).all()


@quick
@given(drawn_arcs, st.integers(1, 5))
def test_roads_k_times_slower_make_times_k_times_longer(arcs, k):
    slower = [(tail, head, time_ms * k) for tail, head, time_ms in arcs]
    assert matrix_of(slower) == pytest.approx(matrix_of(arcs) * k)


@quick
@given(drawn_arcs, st.randoms(use_true_random=False))
def test_the_order_of_arcs_does_not_matter(arcs, random):
    assert (matrix_of(random.sample(arcs, len(arcs))) == matrix_of(arcs)).all()


@quick
@given(drawn_arcs, st.floats(0.001, 5))
def test_a_limit_only_removes_what_is_beyond_it(arcs, limit_min):
    every, kept = matrix_of(arcs), matrix_of(arcs, limit_min)
    # at a rounding of the limit itself, either answer is right
    assume((np.abs(every[np.isfinite(every)] - limit_min) > 1e-9).all())
    assert (kept == np.where(every <= limit_min, every, np.inf)).all()


@quick
@given(drawn_arcs, st.permutations(EVERY))
def test_names_of_points_do_not_matter(arcs, order):
    named = pd.Series(order, index=[f"c{number}" for number in order])
    by_name = travel_times(network_of(arcs), named, named, limit_min=None).to_matrix()
    names = [f"c{number}" for number in EVERY]
    assert (by_name.loc[names, names].to_numpy() == matrix_of(arcs)).all()


@quick
@given(tables())
def test_a_table_goes_in_and_comes_out_the_same(table):
    frame, origins, destinations = table
    out = times_of(table).to_frame()
    expected = frame.sort_values(["origin", "destination"], ignore_index=True)
    assert out.to_numpy().tolist() == expected.to_numpy().tolist()
    assert times_of((out, origins, destinations)).to_frame().equals(out)


@quick
@given(tables(), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(table, random):
    frame, origins, destinations = table
    order = random.sample(range(len(frame)), len(frame))
    shuffled = times_of((frame.iloc[order], origins, destinations))
    assert shuffled.to_frame().equals(times_of(table).to_frame())


@quick
@given(tables())
def test_a_matrix_is_infinite_exactly_where_no_pair_is(table):
    frame, origins, destinations = table
    matrix = times_of(table).to_matrix()
    assert matrix.index.tolist() == origins
    assert matrix.columns.tolist() == destinations
    known = {(row.origin, row.destination): row.minutes for row in frame.itertuples()}
    for origin in origins:
        for destination in destinations:
            expected = known.get((origin, destination), np.inf)
            assert matrix.at[origin, destination] == expected


@quick
@given(tables(), st.data())
def test_every_time_is_within_a_limit_equal_to_it(table, data):
    times = times_of(table)
    positive = [value for value in times.minutes.tolist() if value > 0]
    assume(positive)
    limit = data.draw(st.sampled_from(positive))
    expected = times.to_frame().query("minutes <= @limit")["minutes"].tolist()
    assert times.within(limit).minutes.tolist() == expected
    assert times_of(table, limit).minutes.tolist() == expected


@quick
@given(tables(), st.floats(0.1, 100), st.floats(0.1, 100))
def test_within_twice_is_within_the_shorter(table, one, two):
    shorter, longer = sorted((one, two))
    times = times_of(table)
    once, twice = times.within(shorter), times.within(longer).within(shorter)
    assert twice.to_frame().equals(once.to_frame())
    assert twice.limit_min == shorter
    assert times.limit_min is None


@quick
@given(tables(), st.floats(0.1, 50), st.floats(0.001, 50))
def test_nothing_is_told_beyond_what_is_known(table, known, more):
    times = times_of(table, known)
    with pytest.raises(TravelError) as caught:
        times.within(known + more)
    assert caught.value.reason == "limit"
    assert caught.value.facts == {"asked": known + more, "known": known}


@quick
@given(tables(), st.sampled_from([0.5, 0.8, 1.0, 1.25, 3.0]))
def test_scaling_multiplies_times_and_limit_and_keeps_the_pairs(table, factor):
    times = times_of(table, 60)
    slower = times.scaled(factor)
    assert slower.limit_min == pytest.approx(60 * factor)
    assert slower.to.tolist() == times.to.tolist()
    assert slower.minutes.tolist() == pytest.approx(
        (times.minutes * factor).tolist(), abs=0.5 / MS_PER_MIN + 1e-9
    )


@quick
@given(tables(), st.data())
def test_times_to_some_destinations_are_those_columns(table, data):
    _, _, destinations = table
    size = len(destinations)
    kept = np.array(data.draw(st.lists(st.booleans(), min_size=size, max_size=size)))
    times = times_of(table)
    some = times.to_destinations(kept)
    assert some.to_matrix().equals(times.to_matrix().loc[:, kept])
    assert some.destination_snaps.index.tolist() == some.destinations.tolist()
