"""Typed cells become the text that a CSV of the same table would hold."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctg_geo.sources.cells import as_text, cell, detail


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, ""), (np.nan, ""), (pd.NA, ""), (pd.NaT, ""), (1001, "1001"), (1001.0, "1001"),
        (12.5, "12.5"), ("01001", "01001"), (np.float64(3), "3"), (True, "True"), (np.inf, "inf"),
    ],
)  # fmt: skip
def test_a_cell_is_written_as_a_person_would(value, said):
    assert cell(value) == said


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_no_digit_of_a_number_is_lost(number):
    assert float(cell(number)) == number


def test_whole_numbers_with_a_gap_stay_whole():
    frame = as_text(pd.DataFrame({"a": [1, None, 3]}))
    assert frame["a"].tolist() == ["1", "", "3"]


def test_what_a_library_says_is_told_on_one_short_line():
    assert detail(ValueError("a\n   b")) == "a b"
    assert len(detail(ValueError("x" * 999))) == 160
    assert detail(ValueError()) == "ValueError"
