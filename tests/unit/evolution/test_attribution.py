"""The parts of a change: laws, and the same by going through every order."""

from itertools import permutations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ctg_geo.evolution import attributed

CAUSES = ("people", "supply", "roads")
STATES = [frozenset(c for k, c in enumerate(CAUSES) if n >> k & 1) for n in range(8)]
VALUES = st.lists(st.floats(-1e6, 1e6), min_size=8, max_size=8)


def by_orders(value):
    """Switch the causes in each of the six orders, and average what each one brings."""
    parts = dict.fromkeys(CAUSES, 0.0)
    orders = list(permutations(CAUSES))
    for order in orders:
        done = frozenset()
        for cause in order:
            parts[cause] += (value[done | {cause}] - value[done]) / len(orders)
            done |= {cause}
    return parts


@given(VALUES)
def test_the_parts_are_the_mean_over_all_orders_and_sum_to_the_change(values):
    value = dict(zip(STATES, values, strict=True))
    parts = attributed(lambda late: np.array([value[late]]), CAUSES)
    largest = max(1.0, *map(abs, values))
    for cause, expected in by_orders(value).items():
        assert abs(parts[cause][0] - expected) <= 1e-9 * largest
    change = value[frozenset(CAUSES)] - value[frozenset()]
    assert abs(sum(part[0] for part in parts.values()) - change) <= 1e-9 * largest


@given(VALUES, VALUES)
def test_parts_add_up_over_communes(first, second):
    def of(values):
        value = dict(zip(STATES, values, strict=True))
        return attributed(lambda late: np.array([value[late]]), CAUSES)

    both = of(np.add(first, second))
    for cause in CAUSES:
        assert np.isclose(
            both[cause], of(first)[cause] + of(second)[cause], rtol=1e-9, atol=1e-3
        ).all()


def test_a_cause_that_changes_nothing_has_no_part():
    parts = attributed(lambda late: np.array([7.0 * ("roads" in late)]), CAUSES)
    assert parts["people"].tolist() == parts["supply"].tolist() == [0.0]
    assert np.isclose(parts["roads"], 7.0)


def test_what_is_not_defined_in_a_state_has_no_part():
    parts = attributed(lambda late: np.array([np.nan if late else 1.0, 1.0]), CAUSES)
    assert np.isnan(parts["people"][0])
    assert parts["people"][1] == 0.0
