"""Age bands of the convention from those of the census and the grid (domain brief, age bands)."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctg_geo.contracts import Band, band, bridge

CENSUS = [band(text) for text in ("0-2", "3-5", "6-10", "11-17", "18-24", "25-39", "40-54", "80+")]
GRID = [band(text) for text in ("0-3", "4-5", "6-10", "11-17", "18-24", "25-39", "80+")]


@pytest.mark.parametrize(
    ("wanted", "parts"),
    [
        ("0-2", {"0-2": 1}),
        ("3-5", {"3-5": 1}),
        ("6-11", {"6-10": 1, "11-17": 1 / 7}),
        ("12-17", {"11-17": 6 / 7}),
        ("12-25", {"11-17": 6 / 7, "18-24": 1, "25-39": 1 / 15}),
    ],
)
def test_the_bands_of_the_convention_from_the_census(wanted, parts):
    assert bridge(band(wanted), CENSUS) == {band(k): pytest.approx(v) for k, v in parts.items()}


def test_the_bands_of_the_convention_from_the_grid():
    assert bridge(band("0-2"), GRID) == {Band(0, 3): pytest.approx(3 / 4)}
    assert bridge(band("3-5"), GRID) == {Band(0, 3): pytest.approx(1 / 4), Band(4, 5): 1}


def test_a_band_that_is_not_published_has_no_bridge():
    assert bridge(Band(55, 64), CENSUS) is None
    assert bridge(Band(20, 60), CENSUS) is None


def test_what_is_no_band_is_none():
    assert band("P20_POP0002") is None
    assert band("5-2") is None


@given(st.lists(st.integers(1, 119), min_size=1, max_size=8, unique=True), st.data())
def test_a_bridge_counts_each_cohort_once(cuts, data):
    """People one a cohort: the bridge must give back the number of cohorts asked for."""
    edges = [0, *sorted(cuts), 121]
    published = [Band(low, high - 1) for low, high in pairwise(edges)]
    low = data.draw(st.integers(0, 120))
    wanted = Band(low, data.draw(st.integers(low, 120)))
    shares = bridge(wanted, published)
    assert sum(share * one.years for one, share in shares.items()) == pytest.approx(wanted.years)
    assert all(0 < share <= 1 for share in shares.values())
