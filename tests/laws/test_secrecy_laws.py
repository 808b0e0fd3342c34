"""What holds of every table, degenerate ones included."""

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from ctg_geo.parameters import RULES, SecrecyRule
from ctg_geo.secrecy import Released, assembled, suppress, table_of_counts, verdict

WITH_ZERO = SecrecyRule(label="x", threshold=5, zero_secret=True, source="test")
HALF = SecrecyRule(label="x", threshold=11, protection=0.5, source="test")

tables = st.lists(
    st.tuples(st.integers(0, 30) | st.just(0) | st.none(), st.integers(0, 2), st.integers(0, 2)),
    min_size=1, max_size=9,
)  # fmt: skip
rules = st.sampled_from([RULES["caf"], RULES["fiscal"], WITH_ZERO, HALF])


def build(rows, rule, *, columns, whole):
    names = [f"c{at}" for at in range(len(rows))]
    counts = pd.Series([np.nan if row[0] is None else float(row[0]) for row in rows], index=names)
    groups = pd.DataFrame({f"g{at}": [str(row[at]) for row in rows] for at in columns}, names)
    return assembled(*table_of_counts(counts, groups, rule, whole=whole))


def told(found):
    cells = found.cells
    return {cells.names[at]: cells.value[at] for at in np.flatnonzero(~found.hidden)}


@settings(max_examples=80, deadline=None)
@given(tables, rules, st.sampled_from([(), (1,), (1, 2)]), st.sampled_from(["all", None]),
       st.sampled_from([0, 250]))  # fmt: skip
def test_every_table_can_be_published_and_the_attacker_agrees(rows, rule, columns, whole, most):
    table = build(rows, rule, columns=columns, whole=whole)
    found = suppress(table, exact_up_to=most)
    assert (found.hidden[found.cells.secret]).all()
    assert (found.hidden[found.cells.unknown]).all()
    shown = told(found)
    assert not verdict(found.cells, found.need, Released(shown)).betrayed
    if not table.rows:
        assert not found.secondary.any(), "without a sum nothing gives a secret away"
    if not rule.zero_secret:
        zero = found.cells.value == 0
        assert not found.hidden[zero & ~table.secret & ~table.unknown].any()


@settings(max_examples=25, deadline=None)
@given(tables, rules)
def test_the_exact_choice_never_hides_more_cells_than_the_heuristic(rows, rule):
    table = build(rows, rule, columns=(1, 2), whole="all")
    exact, heuristic = suppress(table), suppress(table, exact_up_to=0)
    assert exact.hidden.sum() <= heuristic.hidden.sum()


@settings(max_examples=25, deadline=None)
@given(tables, rules)
def test_showing_any_more_cell_of_the_exact_choice_betrays_a_secret(rows, rule):
    found = suppress(build(rows, rule, columns=(1,), whole="all"))
    shown = told(found)
    for at in np.flatnonzero(found.secondary):
        more = shown | {found.cells.names[at]: found.cells.value[at]}
        assert verdict(found.cells, found.need, Released(more)).betrayed
