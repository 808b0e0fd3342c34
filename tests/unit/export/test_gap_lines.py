"""Sentences about areas own to it where rounding parts them from the whole."""

from types import SimpleNamespace

import pandas as pd
import pytest

from ctg_geo.export._gap_lines import _rounded, _why
from read_pages import normal


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


def causes(parts, care=()):
    """Return what the sentences of causes read: one commune, all of its parts."""
    modes = {key: SimpleNamespace(label=key) for key in care}
    service = SimpleNamespace(unit="places", care=modes)
    table = pd.DataFrame({f"gap_{name}": [value] for name, value in parts.items()})
    whole = publication(sum(parts.values()))
    whole.diagnosis.service = service
    return [normal(each) for each in _why(whole, SimpleNamespace(communes=table))]


def test_causes_are_rounded_one_by_one_and_own_to_what_they_miss():
    (said,) = causes({"distance": 47.23, "saturation": 75.42, "lack": 18.99})
    assert "distance (47), à la saturation (75) et à une offre insuffisante" in said
    assert said.endswith(" Arrondies une à une, ces parts font 141 places, et non 142.")
    (said,) = causes({"distance": 47.0, "saturation": 75.4, "lack": 19.0})
    assert "Arrondies" not in said


def test_modes_whose_parts_miss_those_of_the_whole_are_owned_to_once():
    parts = {"distance_a": 1.4, "distance_b": 1.4, "saturation_a": 2.0, "saturation_b": 1.0,
             "lack": 3.0}  # fmt: skip
    said = causes(parts, care="ab")  # distance: 1 and 1 for 2.8, told as 3; 2.8 + 3 + 3 is 8.8
    assert "distance (3), à la saturation (3)" in said[0]
    assert said[1].strip() == "– a : distance 1, saturation 2."
    assert "à une unité près" in said[3]
    assert len(said) == 4
    assert len(causes(parts | {"distance_a": 1.0, "distance_b": 2.0}, care="ab")) == 3
