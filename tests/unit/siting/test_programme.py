"""Linear expressions of a programme, by hand."""

import numpy as np
import pytest

from ctg_geo.siting.fair.programme import Expression


def test_an_expression_is_the_sum_of_its_columns_and_of_its_constant():
    made = Expression(np.array([0, 2], dtype=np.int32), np.array([2.0, -1.0]), 0.5)
    assert made.at(np.array([3.0, 100, 4])) == pytest.approx(2.5)
    assert Expression(made.columns, made.values).at(np.array([3.0, 100, 4])) == pytest.approx(2)
