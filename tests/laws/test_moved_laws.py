"""Laws of changing year: totals stay, years in between do not matter, nor does order."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ctg_geo.provenance import Ledger
from ctg_geo.sources import Events
from ctg_geo.sources.events import COLUMNS, events_table
from ctg_geo.territory import moved

YEARS = (2010, 2022)


def event(mod, year, before, after):
    return dict(zip(COLUMNS, (f"{year}-01-01", mod, "COM", before, "COM", after, ""), strict=True))


@st.composite
def histories(draw):
    """Draw events year by year on a few communes, the key of each split, and figures of 2010."""
    alive = [f"0100{k}" for k in range(draw(st.integers(2, 6)))]
    first, rows, key = list(alive), [], {}
    years = draw(st.sets(st.integers(YEARS[0] + 1, YEARS[1]), max_size=6))
    for fresh, year in enumerate(sorted(years), start=1):
        kind = draw(st.sampled_from(["merge", "recode", "split"]))
        one = draw(st.sampled_from(alive))
        others = [code for code in alive if code != one]
        new = f"0110{fresh}"
        if kind == "merge" and others:
            into = draw(st.sampled_from(others))
            rows += [event("32", year, one, into), event("32", year, into, into)]
            alive.remove(one)
        elif kind == "recode":
            rows.append(event("41", year, one, new))
            alive[alive.index(one)] = new
        elif one not in key:
            share = draw(st.floats(0.01, 0.99))  # where nobody is, a rate has no mean
            key[one] = {one: share, new: 1 - share}
            rows += [event("21", year, one, one), event("21", year, one, new)]
            alive.append(new)
    columns = {name: np.array([row[name] for row in rows], dtype=object) for name in COLUMNS}
    events = Events("events", events_table(columns), Ledger("events", len(rows), len(rows), {}))
    values = draw(st.lists(st.integers(0, 10_000), min_size=len(first), max_size=len(first)))
    rates = draw(st.lists(st.floats(0, 1), min_size=len(first), max_size=len(first)))
    index = pd.Index(first, name="code_insee", dtype=object)
    people = [float(value) + 1 for value in values]  # a mean needs somebody to weigh by
    return events, key, pd.DataFrame({"people": people, "rate": rates}, index=index), alive


def go(table, events, key, since, to):
    kinds = {"people": "count", "rate": "rate"}
    return moved(table, events, since=since, to=to, kinds=kinds, weights="people", key=key)[0]


@given(histories())
@settings(deadline=None, max_examples=40)
def test_totals_and_weighted_totals_are_kept(history):
    events, key, table, alive = history
    got = go(table, events, key, YEARS[0], YEARS[1])
    assert set(got.index) == set(alive)
    assert got["people"].sum() == pytest.approx(table["people"].sum())
    weighted = (table["people"] * table["rate"]).sum()
    assert (got["people"] * got["rate"]).sum() == pytest.approx(weighted)


@given(histories(), st.integers(*YEARS))
@settings(deadline=None, max_examples=40)
def test_figures_are_those_of_a_ledger_kept_year_by_year(history, to):
    """Oracle: people are moved by hand, one event after the other, as a clerk would."""
    events, key, table, _ = history
    ledger = table["people"].to_dict()
    for _, day in events.table[events.table["date"] <= f"{to}-01-01"].groupby("date"):
        pairs = list(zip(day["mod"], day["before"], day["after"], strict=True))
        for mod, before, after in pairs:
            if mod == "21" and before != after:
                whole = ledger[before]
                ledger |= {part: whole * share for part, share in key[before].items()}
            elif before != after:
                ledger[after] = ledger.get(after, 0) + ledger.pop(before)
    got = go(table, events, key, YEARS[0], to)["people"].to_dict()
    assert got == pytest.approx(ledger)


@given(histories(), st.integers(*YEARS))
@settings(deadline=None, max_examples=40)
def test_by_way_of_a_year_or_straight_is_the_same(history, between):
    events, key, table, _ = history
    straight = go(table, events, key, YEARS[0], YEARS[1])
    there = go(table, events, key, YEARS[0], between)
    by_way = go(there, events, key, between, YEARS[1])
    pd.testing.assert_frame_equal(by_way, straight)


@given(histories(), st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=40)
def test_the_order_of_rows_does_not_matter(history, random):
    events, key, table, _ = history
    order = list(table.index)
    random.shuffle(order)
    shuffled = go(table.loc[order], events, key, YEARS[0], YEARS[1])
    pd.testing.assert_frame_equal(shuffled, go(table, events, key, YEARS[0], YEARS[1]))


@given(histories())
@settings(deadline=None, max_examples=40)
def test_all_communes_of_the_end_go_back_to_those_of_the_beginning_without_splits(history):
    events, key, table, _ = history
    if key or (events.table["mod"] == "32").any():
        return  # a merger cannot be undone without a key
    there = go(table, events, key, YEARS[0], YEARS[1])
    pd.testing.assert_frame_equal(go(there, events, key, YEARS[1], YEARS[0]), table)
