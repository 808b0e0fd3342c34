"""Sentences about areas own to it where rounding parts them from the whole."""

from types import SimpleNamespace

import pandas as pd
import pytest

from ctg_geo.export._gap_lines import _rounded


def publication(whole):
    groups = {"": pd.DataFrame({"missing": [whole]})}
    service = SimpleNamespace(unit="places")
    return SimpleNamespace(groups=groups, diagnosis=SimpleNamespace(service=service))


def test_areas_that_print_to_another_sum_than_the_whole_say_so():
    (said,) = _rounded(publication(3.0), [1.5 - 0.1, 1.5 + 0.1 - 0.2, 0.2])
    assert "font 2 places" in said.replace("\u00a0", " ")


@pytest.mark.parametrize("parts", [[1.0, 2.0], [2.6, 0.4]])
def test_areas_that_print_to_the_whole_say_nothing(parts):
    assert _rounded(publication(3.0), parts) == []


def test_areas_that_are_not_the_whole_are_not_held_against_it():
    assert _rounded(publication(30.0), [1.4, 1.4]) == []
