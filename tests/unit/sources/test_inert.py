"""Text that a spreadsheet never takes for a formula, and that comes back as it was."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctg_geo.sources.inert import inert, original

ACTIVE = st.text(alphabet="=+-@\t\r\n' '0123456789,.ab", max_size=10) | st.text(max_size=10)


@given(ACTIVE)
def test_what_is_written_comes_back_as_it_was(text):
    assert original(inert(text)) == text


@given(ACTIVE)
def test_nothing_written_starts_a_formula(text):
    # OWASP, CSV injection: = + - @ tab and carriage return, blanks before them included
    said = inert(text)
    if not re.fullmatch(r"-[0-9]+([.,][0-9]+)?", said):
        assert not said.lstrip().startswith(("=", "+", "-", "@"))
        assert not said.startswith(("\t", "\r", "\n"))


@pytest.mark.parametrize("text", ["-3", "-3,5", "-0.25", "Les Lucioles", "", "L'île", "3-4"])
def test_numbers_and_plain_words_are_left(text):
    assert inert(text) == text


def test_an_apostrophe_that_people_type_is_left():
    assert original("'quoted'") == "'quoted'"
