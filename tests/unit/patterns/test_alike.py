"""Figures that are nearly the same: named with the one that is kept."""

import numpy as np
import pandas as pd

from ctg_geo.patterns import alike


def test_a_figure_is_nearly_another_in_any_unit_and_turned_round():
    first = np.arange(20.0)
    figures = pd.DataFrame({
        "time": first, "other": first % 3, "hours": first / 60, "near": -first,
        "constant": 1.0, "constant_too": 2.0,
    })  # fmt: skip
    assert alike(figures, above=0.99) == {"time": ("hours", "near")}


def test_figures_are_not_chained():
    """b is like a and c like b, but c is not like a: both a and c stay."""
    angle = {"a": 0.0, "b": 0.12, "c": 0.24}  # the correlation is the cosine of the angle between
    ways = np.array([[1.0, -1, 0, 0], [0, 0, 1, -1]])
    figures = pd.DataFrame({
        name: np.cos(turn) * ways[0] + np.sin(turn) * ways[1] for name, turn in angle.items()
    })  # fmt: skip
    assert alike(figures, above=0.99) == {"a": ("b",)}


def test_unknown_values_are_left_out_and_two_communes_prove_nothing():
    figures = pd.DataFrame({"a": [1.0, 2, 3, 9], "b": [2.0, 4, 6, np.nan]})
    assert alike(figures, above=0.99) == {"a": ("b",)}
    assert alike(figures.iloc[[0, 1, 3]], above=0.99) == {}
