"""Suppression against the attacker on many tables, and against every choice on small ones."""

import itertools

import numpy as np
import pandas as pd
import pytest

from ctg_geo.parameters import RULES
from ctg_geo.secrecy import assembled, inferred, suppress, table_of_counts

TABLES, BATCH = 1000, 100
SIZES = [0, 0, 1, 2, 3, 4, 5, 6, 8, 12, 20, 50, 200]


def hierarchical(seed):
    """Return a table of 2 to 12 counts in up to three levels, sometimes split across them."""
    random = np.random.default_rng(seed)
    size = int(random.integers(2, 13))
    names = [f"c{at}" for at in range(size)]
    counts = pd.Series(random.choice(SIZES, size).astype(float), index=names)
    level, columns = np.arange(size), {}
    for depth in range(int(random.integers(0, 3))):
        level = level // int(random.integers(2, 5))
        columns[f"level {depth}"] = [f"g{each}" for each in level]
    if random.random() < 0.3:
        columns["across"] = [f"x{each}" for each in random.integers(0, 3, size)]
    rule = RULES[str(random.choice(["caf", "fiscal", "enterprises"]))]
    groups = pd.DataFrame(columns, index=counts.index)
    return assembled(*table_of_counts(counts, groups, rule, whole="all"))


def safe(found, hidden):
    """Let the attacker judge: every secret stays as open as its rule asks."""
    cells = found.cells
    secret = np.flatnonzero(cells.secret)
    least, most = inferred(cells.relations, *cells.known(hidden), secret)
    low, high = found.need[0][secret], found.need[1][secret]
    return bool((least <= low + 1e-5).all() and (most >= high - 1e-5).all())


@pytest.mark.parametrize("first", range(0, TABLES, BATCH))
def test_the_attacker_recovers_no_protected_cell_of_a_thousand_tables(first):
    tried = 0
    for seed in range(first, first + BATCH):
        table = hierarchical(seed)
        found = suppress(table, exact_up_to=0 if seed % 2 else 250)
        assert safe(found, found.hidden), f"table {seed}: {found}"
        exactly = found.cells.secret & (found.need[0] == found.need[1])
        assert not exactly.any(), "a need that is a point protects nothing"
        tried += int(found.cells.secret.sum())
    assert tried > BATCH, "too few secrets to prove anything"


def fewest(found):
    """Try every choice, the smallest first."""
    choices = np.flatnonzero(found.cells.choices)
    for count in range(len(choices) + 1):
        for chosen in itertools.combinations(choices, count):
            hidden = found.cells.held.copy()
            hidden[list(chosen)] = True
            if safe(found, hidden):
                return count
    raise AssertionError("not even hiding everything is safe")


def test_on_small_tables_the_exact_choice_is_minimal_and_the_heuristic_close():
    best = quick = tables = 0
    for seed in itertools.count(5000):
        table = hierarchical(seed)
        if int(table.choices.sum()) > 8 or not table.secret.any():
            continue
        exact, heuristic = suppress(table), suppress(table, exact_up_to=0)
        least = fewest(exact)
        assert exact.method == "exact"
        assert int(exact.secondary.sum()) == least, f"table {seed}"
        assert int(heuristic.secondary.sum()) <= least + 1, f"table {seed}"
        best, quick, tables = best + least, quick + int(heuristic.secondary.sum()), tables + 1
        if tables == 30:
            break
    assert best > 30
    assert quick <= 1.2 * best


@pytest.mark.parametrize("seed", range(6))
def test_on_tables_across_the_heuristic_is_within_a_fifth_of_the_proven_fewest(seed):
    random = np.random.default_rng(seed)
    names = [f"{row}{column}" for row in "abcdef" for column in "uvwxyz"]
    counts = pd.Series(random.negative_binomial(1, 0.03, len(names)).astype(float), index=names)
    groups = pd.DataFrame({"row": [n[0] for n in names], "column": [n[1] for n in names]}, names)
    table = assembled(*table_of_counts(counts, groups, RULES["caf"], whole="all"))
    exact, heuristic = suppress(table), suppress(table, exact_up_to=0)
    assert exact.method == "exact"
    assert safe(exact, exact.hidden)
    assert safe(heuristic, heuristic.hidden)
    assert heuristic.hidden.sum() <= 1.2 * exact.hidden.sum()
