"""A figure made from others: what must stay open of it, by hand."""

import numpy as np
import pandas as pd
import pytest

from ctg_geo.secrecy import derived

NAN = float("nan")
VALUES = pd.Series([30.0, NAN, NAN], index=["a", "b", "c"])
STATUS = pd.Series(["projected", "secret", "not_available"], index=VALUES.index)


@pytest.mark.parametrize(
    ("fewest", "open_to"), [(5, 4), (11, 10), (15, 14), (0, 4), (1, 4), (1.5, 0.5), (2, 1)]
)
def test_a_secret_stays_open_to_one_less_than_the_fewest_that_is_told(fewest, open_to):
    """Where no rule says how few, as open as a count of the Caf."""
    cells, (low, high) = derived(VALUES, STATUS, fewest=fewest)
    assert np.isnan(low).tolist() == np.isnan(high).tolist() == [True, False, True]
    assert (low[1], high[1]) == (0, open_to)
    assert cells.names == ("a", "b", "c")
    assert cells.secret.tolist() == [False, True, False]
    assert cells.value[0] == 30
    assert cells.rows == 0
