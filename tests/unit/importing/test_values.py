"""Numbers with units, masks and words, as colleagues write them."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctg_geo.importing.gazetteer import mended_code
from ctg_geo.importing.mapping import ValueRules
from ctg_geo.importing.values import amount, delivery_of

RULES = ValueRules()


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("30", 30, ""), ("30 places", 30, "places"), ("30 berceaux", 30, "places"),
        ("12,5 ETP", 12.5, "ETP"), ("1 200", 1200, ""), ("1\u202f200 places", 1200, "places"),
        ("0", 0, ""), ("45pl.", 45, "places"), ("0,500", 0.5, ""),
    ],
)  # fmt: skip
def test_a_capacity_is_its_number_and_its_unit(text, value, unit):
    found = amount(text, RULES)
    assert (found.value, found.unit, found.status, found.problem) == (value, unit, "observed", "")


def test_about_thirty_is_an_estimate():
    assert amount("environ 30 places", RULES).status == "estimated"


def test_an_unknown_unit_is_kept_and_told():
    found = amount("30 dodos", RULES)
    assert (found.value, found.unit, found.unknown_unit) == (30, "dodos", True)


@pytest.mark.parametrize(
    ("mask", "status"),
    [
        ("s", "secret"), ("S", "secret"), ("<5", "secret"), ("< 5", "secret"),
        ("moins de 5", "secret"), ("nd", "not_available"), ("", "not_available"),
        ("//", "not_applicable"), ("Non renseigné", "not_available"),
    ],
)  # fmt: skip
def test_a_mask_is_a_status_and_never_a_number(mask, status):
    found = amount(mask, RULES)
    assert math.isnan(found.value)
    assert (found.status, found.problem) == (status, "")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("trente", "not_amount"), ("20 à 30", "range"), ("20-25", "range"), ("20+5", "not_amount"),
        ("-3", "negative"), ("9" * 20, "too_large"), ("1.200", "ambiguous"), ("1,200", "ambiguous"),
        ("1e99", "not_amount"), ("=1+1", "not_amount"),
    ],
)  # fmt: skip
def test_what_is_no_capacity_is_said_and_never_guessed(text, problem):
    found = amount(text, RULES)
    assert found.problem == problem
    assert math.isnan(found.value)


@given(st.integers(0, 999_999), st.sampled_from(["", " places", " ETP", " lits"]))
def test_any_whole_number_is_read_as_itself(number, unit):
    assert amount(f"{number}{unit}", RULES).value == number


@given(st.text(max_size=30))
def test_any_text_gives_a_number_or_says_why_not(text):
    found = amount(text, RULES)
    assert math.isfinite(found.value) == (found.status in ("observed", "estimated"))
    assert not (math.isfinite(found.value) and found.problem)


@pytest.mark.parametrize(
    ("word", "way"),
    [("", "fixed"), ("Itinérant", "mobile"), ("BUS", "mobile"), ("antenne", "branch"),
     ("Multi-sites", "multi_site"), ("parfois", "")],
)  # fmt: skip
def test_ways_of_delivery_are_words_people_use(word, way):
    assert delivery_of(word, {}) == way
    assert delivery_of("parfois", {"parfois": "mobile"}) == "mobile"


@pytest.mark.parametrize(
    ("cell", "code"),
    [("1001", "01001"), ("26362", "26362"), ("26362.0", "26362"), ("2a004", "2A004"),
     ("26 362", "26362"), ("263", ""), ("2C004", ""), ("Valence", "")],
)  # fmt: skip
def test_insee_codes_get_back_what_a_spreadsheet_took(cell, code):
    assert mended_code(cell)[0] == code
