"""What holds of scenarios whatever the territory: incremental is full, nothing is base."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ctg_geo import TravelTimes
from ctg_geo.access import decay, e2sfca
from ctg_geo.scenarios import dominators, incremental, ranks
from ctg_geo.scenarios.times import arranged

SHAPE = decay.steps([5, 10, 15], [1, 0.68, 0.22])
SMOOTH = decay.gaussian(15)


@st.composite
def territories(draw):
    """Draw pairs of homes and places, people, and supply; candidates offer nothing."""
    homes, places = draw(st.integers(1, 6)), draw(st.integers(1, 5))
    minutes = st.none() | st.integers(0, 20_000).map(lambda step: step / 1000)
    pairs = [
        (f"o{i}", f"d{j}", value)
        for i in range(homes)
        for j in range(places)
        if (value := draw(minutes)) is not None
    ]
    amount = st.integers(0, 500)
    people = pd.Series({f"o{i}": float(draw(amount)) for i in range(homes)})
    supply = pd.Series({f"d{j}": float(draw(amount)) for j in range(places)})
    frame = pd.DataFrame(pairs, columns=["origin", "destination", "minutes"])
    times = TravelTimes.from_frame(
        frame.astype({"minutes": float}), limit_min=30, origins=people.index,
        destinations=supply.index,
    )  # fmt: skip
    return times, people, supply


@st.composite
def changes(draw):
    """Draw a sequence of openings, closings, resizings, moves and people at homes."""
    kinds = st.sampled_from(["open", "close", "resize", "move", "people"])
    step = st.tuples(kinds, st.integers(0, 10), st.integers(0, 10), st.integers(0, 300))
    return draw(st.lists(step, max_size=8))


def after(steps, people, supply):
    """Make the changes on plain tables."""
    people, supply = people.copy(), supply.copy()
    for kind, one, other, size in steps:
        home, place = people.index[one % len(people)], supply.index[one % len(supply)]
        if kind in ("open", "resize"):
            supply[place] = float(size)
        elif kind == "close":
            supply[place] = 0.0
        elif kind == "move":
            to = supply.index[other % len(supply)]
            supply[place], supply[to] = 0.0, supply[to] + supply[place] * (to != place)
        else:
            people[home] = float(size)
    return people, supply


@settings(deadline=None, max_examples=50)
@given(territories(), changes(), st.sampled_from([SHAPE, SMOOTH]))
def test_incremental_access_is_that_of_a_full_computation(territory, steps, shape):
    times, people, supply = territory
    new_people, new_supply = after(steps, people, supply)
    state = incremental(times, people, supply, decay=shape)
    full = e2sfca(times, new_people, new_supply, decay=shape).access
    moved = new_people[new_people != people]
    changed = new_supply[new_supply != supply]
    found = state.with_people(moved.to_dict(), changed.to_dict())
    assert found.to_numpy() == pytest.approx(full.to_numpy(), rel=1e-9, abs=1e-9)
    assert (found >= 0).all()


@settings(deadline=None, max_examples=50)
@given(territories())
def test_incremental_access_is_brute_force_sums(territory):
    times, people, supply = territory
    minutes = times.to_matrix()
    weight = minutes.map(lambda m: 1.0 if m <= 5 else 0.68 if m <= 10 else 0.22 if m <= 15 else 0)
    expected = []
    for home in people.index:
        total = 0.0
        for place in supply.index:
            reached = sum(weight.at[i, place] * people[i] for i in people.index)
            if reached > 0:
                total += weight.at[home, place] * supply[place] / reached
        expected.append(total)
    found = incremental(times, people, supply, decay=SHAPE).access
    assert found.tolist() == pytest.approx(expected)


@settings(deadline=None, max_examples=50)
@given(territories(), st.integers(0, 10), st.integers(1, 300))
def test_a_place_opened_then_closed_is_as_if_never_there(territory, which, size):
    times, people, supply = territory
    place = supply.index[which % len(supply)]
    supply = supply.mask(supply.index == place, 0.0)
    state = incremental(times, people, supply, decay=SHAPE)
    opened = incremental(
        times, people, supply.mask(supply.index == place, float(size)), decay=SHAPE
    )
    assert np.allclose(opened.with_supply({place: 0.0}), state.access, atol=1e-12)
    assert state.with_supply({}).tolist() == state.access.tolist()


@settings(deadline=None, max_examples=50)
@given(territories(), changes())
def test_supply_is_conserved_under_changes(territory, steps):
    times, people, supply = territory
    new_people, new_supply = after(steps, people, supply)
    state = incremental(times, people, supply, decay=SHAPE)
    moved = new_people[new_people != people].to_dict()
    access = state.with_people(moved, new_supply[new_supply != supply].to_dict())
    reached = state.peopled(moved).reached > 0
    used = float((access * new_people).sum())
    assert used == pytest.approx(float(new_supply[reached].sum()), rel=1e-9, abs=1e-9)


@settings(deadline=None, max_examples=50)
@given(territories(), st.integers(1, 4))
def test_columns_put_together_are_the_times_they_came_from(territory, cut):
    times, _, _ = territory
    places = list(times.destinations)
    keep = np.array([place not in places[:cut] for place in places])
    known = times.to_destinations(keep)
    new = {p: times.to_destinations(np.array([each == p for each in places]))
           for p in places[:cut]}  # fmt: skip
    wanted = pd.Index(places[::-1], name="destination")
    found = arranged(known, new, wanted)
    assert found.destinations.tolist() == places[::-1]
    expected = times.to_matrix()[places[::-1]]
    assert found.to_matrix().to_numpy().tolist() == expected.to_numpy().tolist()


@settings(deadline=None, max_examples=50)
@given(territories(), territories())
def test_places_joined_with_no_supply_change_nothing_until_they_open(first, second):
    times, people, supply = first
    frame = second[0].to_frame()
    frame = frame[frame["origin"].isin(people.index)]
    frame["destination"] = "new " + frame["destination"].astype(str)
    names = ["new " + str(place) for place in second[0].destinations]
    more = TravelTimes.from_frame(frame, limit_min=30, origins=people.index, destinations=names)
    state = incremental(times, people, supply, decay=SHAPE).joined(more, SHAPE)
    base = e2sfca(times, people, supply, decay=SHAPE).access
    assert np.allclose(state.access, base, atol=1e-12)
    alone = e2sfca(more, people, pd.Series(7.0, index=names), decay=SHAPE).access
    opened = state.with_supply(dict.fromkeys(names, 7.0))
    assert np.allclose(opened, base + alone, atol=1e-9)


rows = st.lists(st.tuples(*[st.integers(0, 3).map(float)] * 3), min_size=2, max_size=6)
tables = rows.map(
    lambda rows: pd.DataFrame(rows, columns=list("abc"), index=[f"s{i}" for i in range(len(rows))])
)


@given(tables)
def test_domination_is_that_of_pairs_compared_one_by_one(table):
    better = {"a": "less", "b": "more", "c": "less"}
    signed = table * pd.Series({"a": 1, "b": -1, "c": 1})
    for name, by in dominators(table, better).items():
        expected = [
            other for other in table.index
            if all(signed.loc[other] <= signed.loc[name])
            and any(signed.loc[other] < signed.loc[name])
        ]  # fmt: skip
        assert list(by) == expected


@given(tables, st.permutations(range(6)))
def test_ranks_and_domination_do_not_depend_on_the_order_of_scenarios(table, order):
    better = {"a": "less", "b": "more", "c": "less"}
    shuffled = table.iloc[[at for at in order if at < len(table)]]
    assert ranks(shuffled, better).loc[table.index].equals(ranks(table, better))
    found, again = dominators(table, better), dominators(shuffled, better)
    assert {name: set(by) for name, by in found.items()} == {n: set(b) for n, b in again.items()}
