"""Parts of a whole: each rounded as everywhere, and owned to where they miss it."""

import pandas as pd
import pytest

from ctg_geo import labels
from ctg_geo.documents.decisions import _left_out
from ctg_geo.export.adding_up import missed_by
from ctg_geo.study.chapter_words import rounded_apart
from read_pages import normal


def test_the_causes_of_the_embedded_default_miss_what_is_missing_by_one():
    causes = [47.23, 75.42, 18.99]  # 47 + 75 + 19 = 141; 141.64 is told as 142
    assert missed_by(causes, sum(causes)) == 141


def test_halves_go_up_as_everywhere():
    assert missed_by([1.5, 1.5], 3.0) == 4
    assert missed_by([1.25, 1.25], 2.5, 1) == pytest.approx(2.6)
    assert missed_by([0.5, 0.5, 1.0], 2.0) == 3


@pytest.mark.parametrize(
    ("parts", "whole"),
    [([1.0, 2.0], 3.0), ([2.6, 0.4], 3.0), ([], 0.0), ([1.4, 1.4], 30.0),
     ([1.4, float("nan")], 3.0)],
)  # fmt: skip
def test_nothing_is_said_of_parts_that_make_the_whole_nor_of_what_is_not_its_parts(parts, whole):
    assert missed_by(parts, whole) is None


def test_those_left_out_are_the_sum_of_their_figures_and_not_of_what_is_left_of_a_whole():
    beyond, yes, no = "hors de portée", labels.text("words.yes"), labels.text("words.no")
    table = pd.DataFrame({
        "code_insee": ["1", "2", "3", "4"], "nom": list("ABCD"), "village": [yes, yes, no, no],
        "beyond": [1000.3, 609.33, 7713.94, 1355.8],  # 1609.63; the four make 10679.37
        "state": [beyond, beyond, beyond, labels.text("chapters.state_stop_only")],
    })  # fmt: skip
    (said,) = _left_out(table, "jeunes")
    assert "(1 610 jeunes)" in normal(said)


def test_kinds_of_a_chapter_own_to_what_they_miss():
    # 1 356 + 1 610 + 7 714 = 10 680; their sum, 10 679.37, is told as 10 679
    (said,) = rounded_apart([1355.80, 1609.63, 7713.94], "jeunes")
    assert normal(said).startswith(
        "Arrondis un à un, ces nombres font 10 680 jeunes, et non 10 679"
    )
    assert rounded_apart([1.0, 2.0], "jeunes") == []


def test_one_more_is_told_in_the_singular():
    said = [labels.text("summary.longest", title="", names=["Anse"] * count) for count in (9, 10)]
    assert said[0].endswith("… et 1 autre.")
    assert said[1].endswith("… et 2 autres.")
