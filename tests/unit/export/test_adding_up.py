"""Figures told together: parts printed sum to the whole printed, and words agree with numbers."""

from hypothesis import given
from hypothesis import strategies as st

from ctg_geo import labels
from ctg_geo.export.adding_up import parts_of

AMOUNT = st.floats(-1e4, 1e4, allow_nan=False)


@given(st.lists(AMOUNT, min_size=1, max_size=7), st.integers(0, 2))
def test_parts_as_printed_sum_to_the_whole_as_printed(amounts, decimals):
    parts = {str(at): each for at, each in enumerate(amounts)}
    told = parts_of(parts, decimals)
    unit = 10.0**-decimals
    whole = sum(told.values())
    assert abs(whole - sum(amounts)) <= unit / 2 + 1e-6
    assert abs(whole / unit - round(whole / unit)) <= 1e-6
    assert all(abs(told[key] - parts[key]) <= 1.5 * unit + 1e-6 for key in parts)
    assert all(not told[key] for key in parts if not parts[key])


def test_a_whole_that_is_just_a_half_goes_up_as_everywhere():
    assert parts_of({"a": 0.5}, 0) == {"a": 1.0}
    assert sum(parts_of({"a": 1.25, "b": 1.25}, 0).values()) == 3


def test_the_causes_of_the_embedded_default_sum_to_what_is_missing():
    causes = {"distance": 47.23, "saturation": 75.41, "lack": 18.99}  # 141.63, told as 142
    assert sum(parts_of(causes, 0).values()) == 142


def test_one_more_is_told_in_the_singular():
    said = [labels.text("summary.longest", title="", names=["Anse"] * count) for count in (9, 10)]
    assert said[0].endswith("… et 1 autre.")
    assert said[1].endswith("… et 2 autres.")
