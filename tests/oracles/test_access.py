"""Access measures against plain loops, and against published results."""

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ctg_geo import TravelTimes
from ctg_geo.access import (
    bfca,
    cumulative_supply,
    e2sfca,
    gravity,
    nearest,
    population_within,
    three_step,
    two_step,
)
from ctg_geo.access.decay import exponential, flat, gaussian, steps


@st.composite
def territories(draw):
    """Draw times (some pairs absent), demand (zeros allowed) and supply."""
    origins, destinations = draw(st.integers(1, 5)), draw(st.integers(1, 4))
    minutes = st.none() | st.integers(0, 2_400_000).map(lambda ms: ms / 60_000)
    matrix = draw(
        st.lists(
            st.lists(minutes, min_size=destinations, max_size=destinations),
            min_size=origins,
            max_size=origins,
        )
    )
    amount = st.floats(0, 1000).map(lambda value: round(value, 3))
    demand = draw(st.lists(amount, min_size=origins, max_size=origins))
    supply = draw(st.lists(amount, min_size=destinations, max_size=destinations))
    return matrix, demand, supply


def tables(territory):
    """Return the drawn territory as the measures take it."""
    matrix, demand, supply = territory
    names = [f"o{i}" for i in range(len(matrix))], [f"d{j}" for j in range(len(matrix[0]))]
    pairs = [
        (names[0][i], names[1][j], value)
        for i, row in enumerate(matrix)
        for j, value in enumerate(row)
        if value is not None
    ]
    frame = pd.DataFrame(pairs, columns=["origin", "destination", "minutes"])
    frame = frame.astype({"minutes": float})
    times = TravelTimes.from_frame(frame, limit_min=45, origins=names[0], destinations=names[1])
    return times, pd.Series(demand, names[0]), pd.Series(supply, names[1])


def by_loops(territory, weigh):
    """E2SFCA as its authors write it: two sums, one after the other."""
    matrix, demand, supply = territory
    origins, destinations = range(len(matrix)), range(len(matrix[0]))
    weight = [[0.0 if t is None else weigh(t) for t in row] for row in matrix]
    ratio = []
    for j in destinations:
        reached = sum(weight[k][j] * demand[k] for k in origins)
        ratio.append(supply[j] / reached if reached > 0 else 0.0)
    return [sum(weight[i][j] * ratio[j] for j in destinations) for i in origins]


def in_zones(minutes):
    return 1.0 if minutes <= 10 else 0.68 if minutes <= 20 else 0.22 if minutes <= 30 else 0.0


@settings(deadline=None, max_examples=200)
@given(territories())
def test_e2sfca_equals_plain_loops(territory):
    times, demand, supply = tables(territory)
    found = e2sfca(times, demand, supply, decay=steps([10, 20, 30], [1, 0.68, 0.22])).access
    assert found.tolist() == pytest.approx(by_loops(territory, in_zones), rel=1e-12)


@settings(deadline=None, max_examples=100)
@given(territories())
def test_e2sfca_with_a_gaussian_equals_plain_loops(territory):
    times, demand, supply = tables(territory)
    scale = 30 / np.sqrt(-np.log(0.01))
    found = e2sfca(times, demand, supply, decay=gaussian(30)).access
    expected = by_loops(territory, lambda t: np.exp(-((t / scale) ** 2)) if t <= 30 else 0.0)
    assert found.tolist() == pytest.approx(expected, rel=1e-9)


@settings(deadline=None, max_examples=100)
@given(territories())
def test_2sfca_equals_plain_loops(territory):
    times, demand, supply = tables(territory)
    found = two_step(times, demand, supply, reach_min=15).access
    expected = by_loops(territory, lambda t: 1.0 if t <= 15 else 0.0)
    assert found.tolist() == pytest.approx(expected, rel=1e-12)


@settings(deadline=None, max_examples=100)
@given(territories())
def test_nearest_cumulative_and_share_equal_plain_loops(territory):
    matrix, people, offer = territory
    times, demand, supply = tables(territory)
    minutes = nearest(times)["minutes"]
    shortest = [min((t for t in row if t is not None), default=np.nan) for row in matrix]
    assert minutes.tolist() == pytest.approx(shortest, nan_ok=True)
    within = [
        sum(s for t, s in zip(row, offer, strict=True) if t is not None and t <= 20)
        for row in matrix
    ]
    assert cumulative_supply(times, supply, within_min=20).tolist() == pytest.approx(within)
    served = sum(p for p, t in zip(people, shortest, strict=True) if t <= 20)
    expected = served / sum(people) if sum(people) else np.nan
    assert population_within(minutes, demand, within_min=20) == pytest.approx(expected, nan_ok=True)


def chicago(shared):
    """Return times that are kilometres, as the published case takes them, and the tracts."""
    folder = shared / "reference" / "access_chicago"
    tracts = pd.read_csv(folder / "tracts.csv", dtype={"geoid": str}).set_index("geoid")
    x, y = (tracts[axis].to_numpy() / 1000 for axis in ("x", "y"))
    km = np.hypot(x[:, None] - x, y[:, None] - y)
    row, column = np.nonzero(km <= 30)
    pairs = pd.DataFrame(
        {
            "origin": tracts.index[row],
            "destination": tracts.index[column],
            "minutes": km[row, column],
        }
    )
    times = TravelTimes.from_frame(
        pairs, limit_min=30, origins=tracts.index, destinations=tracts.index
    )
    expected = pd.read_csv(folder / "expected_doc.csv", dtype={"geoid": str}).set_index("geoid")
    return times, tracts, expected, km


@pytest.mark.shared
def test_2sfca_of_chicago_equals_the_published_result(shared):
    times, tracts, expected, _ = chicago(shared)
    found = two_step(times, tracts["pop"], tracts["doc"], reach_min=15).access
    reference = expected["2sfca_doc"].reindex(found.index)
    assert len(found) == 1930
    assert np.allclose(found, reference, rtol=1e-9, atol=0)


@pytest.mark.shared
def test_e2sfca_of_chicago_equals_the_formula_written_out(shared):
    times, tracts, _, km = chicago(shared)
    found = e2sfca(
        times, tracts["pop"], tracts["doc"], decay=steps([5, 10, 15], [1, 0.68, 0.22])
    ).access
    weight = np.select([km <= 5, km <= 10, km <= 15], [1, 0.68, 0.22], 0.0)
    people, doctors = tracts["pop"].to_numpy(float), tracts["doc"].to_numpy(float)
    expected = weight @ (doctors / (people @ weight))
    assert np.allclose(found, expected, rtol=1e-9, atol=0)


def belo_horizonte(shared):
    """Return times, cells, and the published case."""
    folder = shared / "reference" / "accessibility_bho"
    matrix = pd.read_parquet(folder / "travel_matrix.parquet")
    matrix = matrix.rename(
        columns={"from_id": "origin", "to_id": "destination", "travel_time": "minutes"}
    )
    cells = pd.read_csv(folder / "land_use_data.csv").set_index("id")
    return matrix, cells, json.loads((folder / "expected.json").read_text(encoding="utf-8"))


@pytest.mark.shared
def test_2sfca_of_belo_horizonte_equals_the_published_result(shared):
    matrix, cells, published = belo_horizonte(shared)
    ids = published["meta"]["subset_ids"]
    some = matrix[matrix["origin"].isin(ids) & matrix["destination"].isin(ids)]
    times = TravelTimes.from_frame(some, limit_min=None, origins=ids, destinations=ids)
    found = two_step(times, cells["population"], cells["jobs"], reach_min=45).access
    case = next(each for each in published["cases"] if each["name"] == "2sfca")
    assert case["ids"] == ids
    assert found.round(4).tolist() == case["expected_round4"]


@pytest.mark.shared
def test_2sfca_of_all_belo_horizonte_equals_the_formula_written_out(shared):
    matrix, cells, _ = belo_horizonte(shared)
    times = TravelTimes.from_frame(
        matrix, limit_min=None, origins=cells.index, destinations=cells.index
    )
    found = two_step(times, cells["population"], cells["jobs"], reach_min=45).access
    near = matrix[matrix["minutes"] <= 45]
    people = cells["population"].reindex(near["origin"]).to_numpy(float)
    reached = pd.Series(people).groupby(near["destination"].to_numpy()).sum()
    ratio = (cells["jobs"] / reached.reindex(cells.index)).replace(np.inf, np.nan).fillna(0)
    shares = pd.Series(ratio.reindex(near["destination"]).to_numpy())
    expected = shares.groupby(near["origin"].to_numpy()).sum().reindex(cells.index).fillna(0)
    assert len(found) == 898
    assert np.allclose(found, expected, rtol=1e-9, atol=0)


@pytest.mark.shared
def test_bfca_of_belo_horizonte_equals_the_published_result(shared):
    matrix, cells, published = belo_horizonte(shared)
    ids = published["meta"]["subset_ids"]
    some = matrix[matrix["origin"].isin(ids) & matrix["destination"].isin(ids)]
    times = TravelTimes.from_frame(some, limit_min=None, origins=ids, destinations=ids)
    found = bfca(times, cells["population"], cells["jobs"], decay=flat(45)).access
    assert found.round(4).tolist() == [0.0094, 0.1993, 0.1993, 0.1147, 0.0]


@pytest.mark.shared
def test_exponential_gravity_of_belo_horizonte_equals_the_published_result(shared):
    matrix, cells, published = belo_horizonte(shared)
    case = next(each for each in published["cases"] if each["name"] == "gravity exponential")
    some = matrix[matrix["origin"].isin(case["ids"])]
    times = TravelTimes.from_frame(
        some, limit_min=None, origins=case["ids"], destinations=cells.index
    )
    for rate, expected in case["expected_round2"].items():
        found = gravity(times, cells["jobs"], decay=exponential(np.inf, per_min=float(rate)))
        assert found.round(2).tolist() == expected


@pytest.mark.shared
def test_3sfca_of_chicago_equals_the_published_result(shared):
    times, tracts, expected, _ = chicago(shared)
    found = three_step(
        times, tracts["pop"], tracts["doc"], decay=steps([5, 10, 15], [1, 0.68, 0.22])
    ).access
    assert np.allclose(found, expected["3sfca_doc"].reindex(found.index), rtol=1e-9, atol=0)


@pytest.mark.shared
def test_the_ratio_of_floating_catchments_of_chicago_equals_the_published_result(shared):
    times, tracts, expected, _ = chicago(shared)
    doctors, people = (
        cumulative_supply(times, tracts[column], within_min=15) for column in ("doc", "pop")
    )
    reference = expected["fca_doc"].reindex(times.origins)
    assert np.allclose(doctors / people, reference, rtol=1e-9, atol=0)
