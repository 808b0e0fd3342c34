"""Communes named first: in the order of the figures as printed, equals told where the list ends."""

import pandas as pd
import pytest

from ctg_geo.export._said import as_printed
from ctg_geo.export.foremost import foremost, tied


def test_figures_printed_alike_keep_the_order_of_the_rows_whatever_floats_add():
    change = 0.1 + 0.2, 0.3, 0.4 - 0.1  # 0.30000000000000004, 0.3, 0.30000000000000004
    rows = pd.DataFrame({"before": 4.0, "after": [4.0 + each for each in change]},
                        index=["26001", "26002", "26003"])  # fmt: skip
    codes, others = foremost(as_printed(rows, 1)["change"], 2)
    assert list(codes) == ["26001", "26002"]
    assert others == 1


def test_the_order_is_that_of_the_differences_of_printed_figures():
    # 1.14 more reads as 1,1 (4,34 and 3,20: 4,3 − 3,2); 1.12 more as 1,2 (6,56 and 5,44: 6,6 − 5,4)
    rows = pd.DataFrame({"before": [3.2, 5.44], "after": [4.34, 6.56]}, index=["a", "b"])
    assert list(as_printed(rows, 1)["change"]) == [1.1, 1.2]
    assert list(foremost(as_printed(rows, 1)["change"], 5)[0]) == ["b", "a"]


def test_equals_are_parted_by_the_figure_that_comes_after():
    printed = pd.Series({"a": 0.4, "b": 0.4, "c": 0.5})
    then = pd.Series({"a": 0.38, "b": 0.42, "c": 0.46, "not printed": 9.0})
    assert list(foremost(printed, 5, then=then)[0]) == ["c", "b", "a"]


@pytest.mark.parametrize(("most", "said"), [(1, "a, et 2 autres à égalité"),
                                            (2, "a, b, et 1 autre à égalité"),
                                            (3, "a, b, c")])  # fmt: skip
def test_a_tie_at_the_cut_is_told(most, said):
    codes, others = foremost(pd.Series({"d": 0.1, "a": 0.3, "b": 0.3, "c": 0.3}), most)
    assert ", ".join(tied(list(codes), others)) == said
