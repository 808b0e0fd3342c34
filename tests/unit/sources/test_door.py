"""Cells at the door: what is a number, what is a code, what is a repeat."""

import re
from decimal import Decimal, InvalidOperation

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctg_geo.config.table_source import TableSource
from ctg_geo.errors import DataError, MissingColumnError
from ctg_geo.sources.door import RawTable, without_repeats
from ctg_geo.sources.inert import inert

SIGNS = st.text("0123456789.,-+eE ab\u00a0", min_size=1, max_size=9)


def table(values, **settings):
    """Return a table of one column of text, as a CSV with a header would give it."""
    source = TableSource(path="t.csv", provider="t", licence="t", vintage="t", **settings)
    frame = pd.DataFrame({"a": values}, dtype=object)
    row = np.arange(len(frame), dtype=np.int64) + 2
    decimals = (source.decimal,)
    return RawTable("t.csv", frame, row, source, decimals=decimals)


def oracle(text):
    """Return the number a planner writes, by exact decimal arithmetic; None if it is none."""
    if not re.fullmatch(r"[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?", text):
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


@given(SIGNS)
def test_a_number_is_what_decimal_arithmetic_says_or_is_refused(text):
    raw = table([text])
    value = raw.numbers("a", minimum=None).value[0]
    expected = oracle(text.strip())
    if not text.strip():
        assert np.isnan(value)
        assert raw.defects == []
    elif expected is None or abs(expected) > 10**9:
        assert len(raw.defects) == 1
    else:
        assert raw.defects == []
        assert value == float(expected)


@given(st.floats(-1e9, 1e9), st.sampled_from([".", ","]))
def test_a_number_written_comes_back_as_it_was(number, sign):
    said = f"{number:.6f}".replace(".", sign)
    raw = table([said], decimal=sign)
    assert raw.numbers("a", minimum=None).value[0] == float(f"{number:.6f}")
    assert raw.defects == []


@given(st.integers(1, 999), st.integers(0, 999))
def test_a_point_that_may_part_thousands_is_never_guessed(thousands, units):
    raw = table([f"{thousands}.{units:03}"], decimal=",")
    raw.numbers("a")
    assert [defect.reason for defect in raw.defects] == ["point_ambiguous"]


@given(st.integers(1000, 10**8))
def test_a_number_with_thousands_parted_is_refused_whatever_parts_them(number):
    for sign, reason in ((" ", "spaced_number"), ("\u202f", "spaced_number"),
                         (",", "comma_ambiguous")):  # fmt: skip
        raw = table([f"{number:,}".replace(",", sign)])
        raw.numbers("a")
        assert [defect.reason for defect in raw.defects] == [reason]


@given(st.text("0123456789ABab ", max_size=6))
def test_a_code_has_five_digits_or_is_corsican(text):
    raw = table([text])
    raw.codes("a")
    bare = text.strip()
    right = (len(bare) == 5 and bare.isdigit()) or (
        len(bare) == 5 and bare[:2] in ("2A", "2B") and bare[2:].isdigit()
    )
    assert (raw.defects == []) == right


@given(st.integers(1000, 9999), st.sampled_from(["", ".0", ",0", ".00"]))
def test_the_mend_of_a_code_read_as_a_number_is_the_code(number, tail):
    raw = table([f"{number}{tail}"])
    raw.codes("a")
    (defect,) = raw.defects
    assert defect.facts["mend"] == f"{number:05}"
    assert f"Écrire {number:05}" in defect.explain()
    assert defect.row == 2


def test_a_masked_cell_is_secret_an_empty_one_not_available():
    numbers = table(["s", "", " <5 ", "0", "N.D."], masked=("s", "<5", "n.d.")).numbers("a")
    assert numbers.status.tolist() == ["secret", "not_available", "secret", "observed", "secret"]
    assert np.isnan(numbers.value[[0, 1, 2, 4]]).all()
    assert numbers.value[3] == 0


def test_a_cell_that_says_it_is_missing_is_not_available():
    numbers = table(["nd", "N/A", "non disponible", "s"]).numbers("a")
    assert numbers.status.tolist() == [*["not_available"] * 3, "secret"]
    assert np.isnan(numbers.value).all()


def test_a_cell_without_object_is_not_applicable_and_no_zero():
    numbers = table(["//", "///", "0"]).numbers("a")
    assert numbers.status.tolist() == ["not_applicable", "not_applicable", "observed"]
    assert np.isnan(numbers.value[:2]).all()


def test_all_wrong_cells_are_told_in_the_order_of_the_file():
    raw = table(["x", "1", "-2", "y"])
    raw.numbers("a")
    with pytest.raises(DataError) as caught:
        raw.raise_defects()
    assert [defect.row for defect in caught.value.defects] == [2, 4, 5]


def test_of_many_defects_the_first_are_shown_and_the_others_counted():
    raw = table(["x"] * 40)
    raw.numbers("a")
    with pytest.raises(DataError) as caught:
        raw.raise_defects()
    said = caught.value.explain()
    assert len(said.splitlines()) == 13
    assert "28" in said.splitlines()[-1]


def test_a_missing_column_names_those_there_are():
    with pytest.raises(MissingColumnError, match=r"missing columns: b.*file: a\.") as caught:
        table(["1"]).require(["a", "b"])
    assert caught.value.facts["missing"] == ["b"]


def test_a_column_that_two_figures_are_made_of_is_missed_once():
    with pytest.raises(MissingColumnError) as caught:
        table(["1"]).require(["b", "a", "b"])
    assert caught.value.facts["missing"] == ["b"]


@given(st.lists(st.sampled_from(["01001", "01002", "2A004", ""]), max_size=8))
def test_repeats_are_kept_once_and_each_row_is_accounted_for(codes):
    raw = table(codes, duplicates="keep_identical")
    kept = without_repeats(raw, "a", ["a"])
    named = [code for code in codes if code]
    assert sorted(np.array(codes, dtype=object)[kept & (np.array(codes) != "")]) == sorted(
        set(named)
    )
    dropped = sum(int(finding.facts["count"]) for finding in raw.findings)
    assert kept.sum() + dropped == len(codes)


def test_a_commune_may_stand_once_for_each_part_of_a_table():
    raw = table(["01001", "01001", "01001"])
    raw.frame["kind"] = ["a", "b", "a"]
    with pytest.raises(DataError) as caught:
        without_repeats(raw, "a", ["a", "kind"], within="kind")
    assert [defect.row for defect in caught.value.defects] == [4]


@given(st.text(alphabet="=+-@ '0123456789,.abé", max_size=10))
def test_a_name_that_our_exports_made_inert_comes_back(name):
    assert table([inert(name.strip())]).text("a")[0] == name.strip()


def test_an_apostrophe_of_ones_own_stays():
    assert list(table(["'t Huis", "L'Île", "'26362"]).text("a")) == ["'t Huis", "L'Île", "'26362"]
