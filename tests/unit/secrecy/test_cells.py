"""Tables as one linear system, and what is known of each cell, by hand."""

import numpy as np
import pytest

from ctg_geo.secrecy import Cell, Sum, assembled

INF = float("inf")
NAN = float("nan")
KINDS = [
    Cell("secret", 3.0, 1.0, 4.0, secret=True, share=0.5, width=2.0),
    Cell("shown", 20.0, 5.0),
    Cell("rounded", NAN, 5.0, told=(22.5, 27.5)),
    Cell("lost", NAN, 2.0, 9.0),
    Cell("outside", 7.0, 5.0, fixed=True),
    Cell("open secret", 2.0, 1.0, 4.0, secret=True, fixed=True),
    Cell("none", 0.0, 0.0, 0.0),
    Cell("masked", NAN, 1.0, 4.0, secret=True),
]
CELLS = assembled(
    KINDS, [Sum("shown", {"secret": 2.0, "rounded": 1.0}), Sum("lost", {"none": -1.5})]
)


def told(mask):
    return [name for name, each in zip(CELLS.names, mask, strict=True) if each]


def test_a_cell_of_which_nothing_is_said_may_be_anything_from_0_and_is_free():
    plain = Cell("x", 3.0)
    assert (plain.low, plain.high, plain.told, plain.share, plain.width) == (0, INF, None, 1, INF)
    assert not plain.secret
    assert not plain.fixed


def test_cells_stand_as_they_came():
    assert len(CELLS) == 8
    assert CELLS.rows == 2
    assert repr(CELLS) == "<Cells: 8, 3 secret, 2 sums>"
    assert CELLS.positions(["lost", "x", "secret"]).tolist() == [3, -1, 0]
    assert CELLS.share.tolist() == [0.5, *[1.0] * 7]
    assert CELLS.width.tolist() == [2.0, *[INF] * 7]


def test_each_sum_is_a_row_that_makes_nothing():
    rows = CELLS.relations.toarray().tolist()
    assert rows == [[2, -1, 1, 0, 0, 0, 0, 0], [0, 0, 0, -1, 0, 0, -1.5, 0]]
    assert assembled(KINDS, []).relations.shape == (0, 8)


def test_what_showing_tells_is_the_value_an_interval_or_nothing():
    assert CELLS.told_low.tolist()[:7] == [3, 20, 22.5, 2, 7, 2, 0]
    assert CELLS.told_high.tolist()[:7] == [3, 20, 27.5, 9, 7, 2, 0]
    assert told(CELLS.unknown) == ["lost", "masked"]
    assert (CELLS.told_low[7], CELLS.told_high[7]) == (1, 4)


def test_secrets_and_what_nobody_knows_are_held_and_the_rest_may_be_chosen():
    assert told(CELLS.held) == ["secret", "lost", "masked"]
    assert told(CELLS.choices) == ["shown", "rounded"]


def test_hiding_a_cell_opens_it_to_what_its_rule_leaves():
    assert CELLS.above.tolist() == [1, INF, INF, 0, INF, 2, 0, 0]
    assert CELLS.below.tolist() == [2, 15, 17.5, 0, 2, 1, 0, 0]


@pytest.mark.parametrize("side", [1, -1])
def test_hiding_opens_nothing_where_more_than_the_rule_is_told_to_be_open(side):
    wide = [Cell("a", NAN, -2.0, 2.0, told=(-5.0, 5.0)), Cell("b", NAN, told=(-INF, INF))]
    cells = assembled(wide, [])
    assert (cells.above if side > 0 else cells.below).tolist() == [0, 0]


def test_an_outsider_starts_from_what_is_told_or_from_the_rules_where_it_is_hidden():
    low, high = CELLS.known(np.ones(8, dtype=bool))
    assert low.tolist() == [1, 5, 5, 2, 7, 2, 0, 1]  # what is known outside stays so
    assert high.tolist() == [4, INF, INF, 9, 7, 2, 0, 4]
    low, high = CELLS.known(np.zeros(8, dtype=bool))
    assert low.tolist() == CELLS.told_low.tolist()
    assert high.tolist() == CELLS.told_high.tolist()


def test_some_of_the_cells_keep_all_that_is_known_of_them():
    some = CELLS.only(np.array([7, 0, 1]))
    assert some.names == ("masked", "secret", "shown")
    assert some.relations.toarray().tolist() == [[0, 2, -1], [0, 0, 0]]
    for each in ("value", "low", "high", "told_low", "told_high", "secret", "fixed", "unknown",
                 "share", "width"):  # fmt: skip
        np.testing.assert_array_equal(getattr(some, each), getattr(CELLS, each)[[7, 0, 1]])
