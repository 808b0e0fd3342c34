"""Changes rounded together, and their classes by sign and size."""

from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctg_geo.evolution import PARTS
from ctg_geo.export.adding_up import adding_up
from ctg_geo.export.change_classes import change_bounds, change_class, change_entries

SOME = st.floats(-1e5, 1e5, allow_nan=False)


@given(SOME, st.tuples(SOME, SOME, SOME), st.sampled_from([0, 1, 2]))
def test_what_is_printed_adds_up_and_is_never_off_by_more_than_a_unit_and_a_half(
    before, parts, decimals
):
    after = before + sum(parts)
    given_ = {"before": before, "after": after, "change": after - before,
              **dict(zip(PARTS, parts, strict=True))}  # fmt: skip
    told = adding_up(given_, decimals)
    said = {name: Decimal(f"{value:.{decimals}f}") for name, value in told.items()}
    assert said["after"] - said["before"] == said["change"] == sum(said[each] for each in PARTS)
    for name, value in given_.items():
        assert abs(told[name] - value) <= 1.5 * 10**-decimals + 1e-6


def test_the_case_that_looked_wrong_by_rounding_and_a_nil_part_stays_nil():
    told = adding_up({"before": 17.649, "after": 18.151, "change": 0.502, "by_people": -0.349,
                      "by_supply": 0.851, "by_roads": 0.0}, 1)  # fmt: skip
    assert (told["before"], told["after"], told["change"]) == (17.6, 18.2, 0.6)
    assert told["by_roads"] == 0
    assert told["by_people"] + told["by_supply"] == pytest.approx(0.6)


def test_a_change_is_classed_by_sign_and_size_with_the_same_bounds_both_ways():
    change = pd.Series([-9.0, -1.0, 0.0, 0.04, 0.3, 2.0, 12.0, np.nan])
    bounds = change_bounds(change)
    assert bounds == (1.0, 5.0)  # thirds of 0.3, 1, 2, 9, 12 are 1.33 and 6.67, to round ones
    assert change_class(change, bounds).tolist()[:-1] == [
        "less_3", "less_2", "same", "same", "more_1", "more_2", "more_3",
    ]  # fmt: skip
    assert pd.isna(change_class(change, bounds).iloc[-1])
    keys = [each.key for each in change_entries(bounds)]
    assert keys == ["less_3", "less_2", "less_1", "same", "more_1", "more_2", "more_3"]
    assert len({each.colour for each in change_entries(bounds)}) == len(keys)


def test_without_a_change_or_with_one_size_there_is_no_bound():
    assert change_bounds(pd.Series([0.0, 0.01, np.nan])) == ()
    assert change_bounds(pd.Series([2.0, 2.0, -2.0])) == ()
    assert [each.key for each in change_entries(())] == ["less_1", "same", "more_1"]
