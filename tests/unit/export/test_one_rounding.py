"""A figure of a sentence is that of its table, rounded as a reader rounds it: half goes up."""

from decimal import ROUND_HALF_UP, Decimal

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctg_geo import labels
from ctg_geo.export._certainty import percent_of_draws, share_of_draws
from ctg_geo.export.tables import spreadsheet

SHARES = pd.Series(range(1001)) / 1000


def read(said):
    return Decimal(said.replace("\u202f", "").replace("%", "").replace(",", ".").replace("−", "-"))


def cells(column, decimals):
    content = spreadsheet(pd.DataFrame({"x": column}), str, {"x": decimals})
    return [Decimal(each.replace(",", ".")) for each in content.decode("utf-8-sig").split()[1:]]


def by_hand(value, decimals):
    return value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


@pytest.mark.parametrize("confidence", [0.95, 0.9])
def test_every_share_of_the_draws_is_told_as_its_tables_round(confidence):
    shares, percents = cells(SHARES, 3), cells(100 * SHARES.map(share_of_draws), 1)
    for share, cell, percent in zip(SHARES, shares, percents, strict=True):
        assert cell * 100 == percent == Decimal(str(share)) * 100
        told = read(percent_of_draws(share, confidence))
        assert told == by_hand(percent, -told.as_tuple().exponent)
        assert (told >= 100 * Decimal(str(confidence))) == (share >= confidence)


@given(
    st.decimals(-10_000, 10_000, places=3, allow_nan=False, allow_infinity=False),
    st.integers(0, 2),
)
def test_sentences_and_tables_round_alike_and_as_by_hand(value, decimals):
    (cell,) = cells(pd.Series([float(value)]), decimals)
    assert cell == by_hand(value, decimals)
    assert read(labels.number(float(value), decimals)) == cell


@given(st.floats(-1e6, 1e6), st.integers(0, 3))
def test_rounding_moves_a_figure_by_half_a_unit_at_most(value, decimals):
    moved = abs(labels.rounded(value, decimals) - value)
    assert moved <= 0.5 * 10**-decimals * (1 + 1e-5)
    assert labels.rounded(-value, decimals) == -labels.rounded(value, decimals)
