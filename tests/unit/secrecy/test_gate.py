"""The gate: what outputs really show, not what was planned."""

import pandas as pd
import pytest

from ctg_geo.errors import SecrecyError
from ctg_geo.parameters import RULES
from ctg_geo.secrecy import (
    Released,
    ReleasedSum,
    assembled,
    gate,
    suppress,
    table_of_counts,
    verdict,
)

COUNTS = pd.Series({"a": 3.0, "b": 20.0, "c": 30.0})
CELLS, SUMS = table_of_counts(COUNTS, pd.DataFrame(index=COUNTS.index), RULES["caf"], whole="all")
FOUND = suppress(assembled(CELLS, SUMS))
FULL, NEED = FOUND.cells, FOUND.need


def test_what_was_planned_passes():
    shown = {name: value for name, value, mask in
             zip(FULL.names, FULL.value, FOUND.hidden, strict=True) if not mask}  # fmt: skip
    assert shown == {"c": 30.0, "all": 53.0}
    assert gate(FULL, NEED, Released(shown)).tried == 1


@pytest.mark.parametrize("shown", [{"a": 3.0}, {"b": 20.0, "c": 30.0, "all": 53.0}])
def test_a_secret_shown_or_left_over_is_refused_without_its_value(shown):
    with pytest.raises(SecrecyError, match="could be worked out") as caught:
        gate(FULL, NEED, Released(shown))
    assert caught.value.facts["cells"] == ["a"]
    assert not any(str(value) in str(caught.value) for value in (3, 20, 30, 53))


def test_a_sum_of_what_is_shown_tells_nothing_more():
    partial = ReleasedSum(("a", "b", "c"), 50.0)
    assert not verdict(FULL, NEED, Released({"b": 20.0, "c": 30.0}, [partial])).betrayed


def test_a_sum_that_its_shown_parts_do_not_make_is_taken_for_the_whole():
    whole = ReleasedSum(("a", "b", "c"), 53.0)
    found = verdict(FULL, NEED, Released({"b": 20.0, "c": 30.0}, [whole]))
    assert found.betrayed == ("a",)
    assert not verdict(FULL, NEED, Released({"c": 30.0}, [whole])).betrayed


def test_a_count_of_one_does_not_slip_into_a_large_sum():
    counts = pd.Series({"a": 1.0, "b": 800_000.0, "c": 30.0})
    cells, sums = table_of_counts(
        counts, pd.DataFrame(index=counts.index), RULES["caf"], whole=None
    )
    found = suppress(assembled(cells, sums))
    shown = {"b": 800_000.0, "c": 30.0}
    members = ("a", "b", "c")
    whole, partial = ReleasedSum(members, 800_031.0), ReleasedSum(members, 800_030.0)
    assert verdict(found.cells, found.need, Released(shown, [whole])).betrayed == ("a",)
    assert not verdict(found.cells, found.need, Released(shown, [partial])).betrayed


def test_two_groupings_that_differ_by_the_secret_commune_are_refused():
    one, other = ReleasedSum(("a", "b"), 23.0), ReleasedSum(("b",), 20.0)
    assert verdict(FULL, NEED, Released({}, [one, other])).betrayed == ("a",)
    assert not verdict(FULL, NEED, Released({}, [one])).betrayed


def test_where_nothing_is_secret_all_may_be_said():
    counts = pd.Series({"b": 20.0, "c": 30.0})
    cells, sums = table_of_counts(
        counts, pd.DataFrame(index=counts.index), RULES["caf"], whole=None
    )
    found = suppress(assembled(cells, sums))
    said = gate(found.cells, found.need, Released({"b": 20.0, "c": 30.0}))
    assert (said.tried, said.betrayed) == (0, ())


def test_a_weighted_sum_tells_what_its_weights_let_it_tell():
    sums = [ReleasedSum(("a", "b"), 43.0, (1.0, 2.0))]  # 3 + 2 × 20
    assert verdict(FULL, NEED, Released({"b": 20.0}, sums)).betrayed == ("a",)
    assert not verdict(FULL, NEED, Released({}, sums)).betrayed  # b may be 19.5 to 21


def test_no_secret_passes_beside_a_sum_of_figures_nobody_knows():
    sums = [ReleasedSum(("y", "z"), 5.0)]
    assert verdict(FULL, NEED, Released({}, sums)).betrayed == ("a",)
    assert not verdict(FULL, NEED, Released({"y": 2.0, "z": 3.0}, sums)).betrayed
