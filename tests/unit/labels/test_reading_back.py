"""The facts of a printed text are read back, and it is told again of several."""

import pytest

from ctg_geo.labels import retold, text
from ctg_geo.labels.reading_back import facts_of


@pytest.mark.parametrize(
    ("template", "printed", "facts"),
    [
        ("{a} et {b}.", "Alpe et Brive.", {"a": "Alpe", "b": "Brive"}),
        ("{a} : {n:~lieu|lieux}", "Alpe : 1 lieu", {"a": "Alpe", "n": "1"}),
        ("{n:0~unit} {n:?manque|manquent}", "3 places manquent", {"n": "3", "unit": "places"}),
        ("{a} ({a})", "Alpe (Alpe)", {"a": "Alpe"}),
        ("{a} ({a})", "Alpe (Brive)", None),
        ("{a} (a+b)", "x (aab)", None),  # a text is no pattern
    ],
)
def test_facts_are_read_as_they_were_printed(template, printed, facts):
    assert facts_of(template, printed) == facts


def test_a_text_of_no_template_is_left_as_it_is():
    assert retold("findings.flat", "Autre chose.", named=2) == "Autre chose."
    assert retold("findings.no_such_key", "Autre chose.", named=2) == "Autre chose."


def test_one_type_of_the_national_file_is_told_in_the_singular():
    assert text("themes.file_bpe_short", codes="D504", count=1).endswith(", type D504")
    assert text("themes.file_bpe_short", codes="D504, D505", count=2).endswith("types D504, D505")
