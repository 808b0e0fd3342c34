"""What holds for every index of inequality, and the plain double sum it must equal."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ctg_geo.gap import concentration, gini, palma, theil, theil_split
from ctg_geo.gap.grouped import Parts, gini_by, poverty_by, theil_by
from ctg_geo.gap.shortfall import poverty

quick = settings(deadline=None, max_examples=60, derandomize=True)
row = st.tuples(
    st.integers(0, 40).map(lambda step: step / 100),  # access
    st.integers(0, 30),  # people
    st.integers(1, 5) | st.none(),  # income
    st.sampled_from(["north", "south", "hills"]),
)
tables = st.lists(row, min_size=1, max_size=10).map(
    lambda rows: pd.DataFrame(rows, columns=["access", "people", "income", "group"]).astype(
        {"access": float, "people": float, "income": float}
    )
)


def some(table):
    """Keep the tables in which an index exists."""
    assume((table["access"] * table["people"]).sum() > 0)
    return table["access"], table["people"]


@quick
@given(tables)
def test_gini_is_the_double_sum_of_its_definition(table):
    access, people = some(table)
    apart = np.abs(access.to_numpy()[:, None] - access.to_numpy()[None, :])
    weights = people.to_numpy()[:, None] * people.to_numpy()[None, :]
    mean = (access * people).sum() / people.sum()
    plain = (weights * apart).sum() / (2 * people.sum() ** 2 * mean)
    assert gini(access, people) == pytest.approx(plain, rel=1e-12, abs=1e-15)


@quick
@given(tables, st.integers(2, 5), st.floats(0.01, 100))
def test_copying_everybody_or_scaling_access_changes_no_index(table, copies, factor):
    access, people = some(table)
    twice = pd.concat([table] * copies, ignore_index=True)
    for index in (gini, theil):
        one = pytest.approx(index(access, people), rel=1e-9, abs=1e-12)
        assert index(twice["access"], twice["people"]) == one
        assert index(access, people * copies) == one
        assert index(access * factor, people) == one
    for index in (palma, concentration):
        before = index(access, people, table["income"]).value
        if isinstance(before, float):
            after = index(twice["access"] * factor, twice["people"], twice["income"]).value
            assert after == pytest.approx(before, rel=1e-9, abs=1e-12)


@quick
@given(tables)
def test_theil_within_and_between_are_the_whole(table):
    access, people = some(table)
    assume(len(set(table["group"])) > 1)
    split = theil_split(access, people, table["group"])
    assert abs(split.within + split.between - split.total) < 1e-12
    assert split.within >= 0
    assert split.between >= -1e-12
    assert split.total == theil(access, people)


@quick
@given(tables, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_no_index(table, random):
    access, people = some(table)
    order = random.sample(list(table.index), len(table))
    for index in (gini, theil):
        assert index(access[order], people) == pytest.approx(index(access, people), abs=1e-14)
    for index in (palma, concentration):
        one, two = (index(a, people, table["income"]).value for a in (access, access[order]))
        assert one == (pytest.approx(two, abs=1e-12) if isinstance(two, float) else two)


@quick
@given(tables)
def test_indices_stay_within_their_bounds(table):
    access, people = some(table)
    assert 0 <= gini(access, people) < 1
    assert 0 <= theil(access, people) <= np.log(people.sum()) + 1e-12
    found = concentration(access, people, table["income"]).value
    if isinstance(found, float):
        assert -1 < found < 1


@quick
@given(tables, st.floats(0.05, 0.5))
def test_many_groups_at_once_are_each_group_alone(table, norm):
    names, number = np.unique(table["group"], return_inverse=True)
    parts = Parts(table["access"].to_numpy(), table["people"].to_numpy(), number, len(names))
    together = {
        gini: gini_by(parts),
        theil: theil_by(parts),
        lambda a, p: poverty(a, p, norm=norm, power=2): poverty_by(parts, norm=norm, power=2),
    }
    for alone, found in together.items():
        for at, name in enumerate(names):
            some_of = table[table["group"] == name]
            value = alone(some_of["access"], some_of["people"])
            if isinstance(value, float):
                assert found[at] == pytest.approx(value, rel=1e-9, abs=1e-12)
            else:
                assert np.isnan(found[at])
