"""The door of every measure: values in order, complete, and named where they are not."""

import numpy as np
import pandas as pd
import pytest

from ctg_geo.access.aligned import aligned, known
from ctg_geo.errors import DataError, UnknownCodeError

INDEX = pd.Index(["a", "b", "c"])


def test_values_come_in_the_order_asked_for_zero_among_them():
    found = aligned(pd.Series({"c": 3, "x": -9, "a": 0, "b": 2}), INDEX, table="demand")
    assert (found.tolist(), found.dtype) == ([0, 2, 3], np.float64)
    assert aligned(pd.Series([0, 2, 3], INDEX), INDEX, table="demand").tolist() == [0, 2, 3]


@pytest.mark.parametrize(("name", "column"), [(None, "demand"), ("children", "children")])
def test_each_value_that_is_no_amount_is_named_with_its_code(name, column):
    values = pd.Series({"c": np.inf, "b": np.nan, "a": -0.5}, name=name)
    with pytest.raises(DataError) as caught:
        aligned(values, INDEX, table="demand")
    told = [(each.file, each.column, each.value, each.facts["index"])
            for each in caught.value.defects]  # fmt: skip
    assert told == [("demand", column, "-0.5", "a"), ("demand", column, "nan", "b"),
                    ("demand", column, "inf", "c")]  # fmt: skip


def test_codes_that_a_table_lacks_are_counted_and_named():
    with pytest.raises(UnknownCodeError) as caught:
        known(pd.Index(["a", "y", "z"]), INDEX, table="supply")
    assert caught.value.codes == ("y", "z")
    known(INDEX[:2], INDEX, table="supply")
