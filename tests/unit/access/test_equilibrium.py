"""The compiled loops of people who choose by crowding, on one home, by hand."""

import numpy as np
import pytest

from ctg_geo.access.equilibrium import looked


@pytest.mark.parametrize(
    ("slack", "gone", "near"),
    [
        (0.5, [0, 0, 0], [True, True, False]),  # just at the slack is within
        (0.25, [0, 0, 0], [True, False, False]),
        (0.25, [0, 0, 3], [True, False, True]),  # whoever goes there is looked at
    ],
)
def test_pairs_are_looked_at_that_cost_little_more_or_that_people_use(slack, gone, near):
    pairs = (np.array([0, 3, 3]), np.array([0, 1, 2]), np.array([1.0, 0.5, 2.0]))
    price = np.array([0.0, 1.0, 0.0])  # in all 1, 1.5 and 2
    least, found = np.empty(2), np.zeros(3, dtype=bool)
    looked(pairs, price, np.array(gone, dtype=float), slack, least, found)
    assert least.tolist() == [1, np.inf]  # nothing is within reach of the second home
    assert found.tolist() == near
