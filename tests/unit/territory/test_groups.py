"""Groups of communes by nearer pole."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctg_geo.errors import ConfigError
from ctg_geo.territory import by_bounds, nearer_pole, quantile_bounds

POLES = {"nord": "26281", "sud": "26362"}
MINUTES = pd.DataFrame(
    {"26362": [20.0, 5.0, 12.0, np.inf, 0.0], "26281": [10.0, np.inf, 12.0, np.inf, 30.0]},
    index=["26001", "26002", "26003", "26004", "26362"],
)


def test_a_commune_goes_with_its_nearer_pole():
    group = nearer_pole(MINUTES, POLES, override={})
    assert group[["26001", "26002", "26362"]].tolist() == ["nord", "sud", "sud"]


def test_on_a_tie_the_first_group_wins_whatever_the_order_of_columns():
    assert nearer_pole(MINUTES, POLES, override={})["26003"] == "nord"
    turned = dict(reversed(POLES.items()))
    assert nearer_pole(MINUTES, turned, override={})["26003"] == "sud"


def test_a_commune_that_reaches_no_pole_is_in_no_group():
    assert nearer_pole(MINUTES, POLES, override={})["26004"] == ""


def test_a_list_counts_more_than_the_time_even_without_a_route():
    group = nearer_pole(MINUTES, POLES, override={"26001": "sud", "26004": "nord"})
    assert group.tolist() == ["sud", "sud", "nord", "nord", "sud"]


def test_a_list_that_names_strangers_is_refused_with_their_codes():
    with pytest.raises(ConfigError, match="38001, 38002") as caught:
        nearer_pole(MINUTES, POLES, override={"38002": "nord", "38001": "sud"})
    assert caught.value.reason == "override_commune"


@given(
    values=st.lists(st.integers(-5, 20).map(float) | st.just(float("nan")), min_size=1),
    count=st.integers(2, 5),
)
def test_quantiles_part_all_known_communes_and_never_equal_ones(values, count):
    figure = pd.Series(values)
    bounds = quantile_bounds(figure, count)
    groups = by_bounds(figure, bounds, unknown="?")
    assert list(bounds) == sorted(set(bounds))
    assert len(bounds) < count
    assert ((groups == "?") == figure.isna()).all()
    assert (figure.groupby(figure).size().index.size) == pd.DataFrame(
        {"value": figure, "group": groups}
    ).dropna().drop_duplicates()["value"].size, "equal values are in one group"
    known = set(groups[figure.notna()])
    assert known == {str(each) for each in range(1, len(bounds) + 2)} or not known


@given(st.permutations(range(12)))
def test_terciles_of_different_values_are_of_the_same_size(order):
    figure = pd.Series([float(each) for each in order])
    groups = by_bounds(figure, quantile_bounds(figure, 3), unknown="?")
    assert groups.value_counts().to_dict() == {"1": 4, "2": 4, "3": 4}
    assert groups.to_list() == [str(each // 4 + 1) for each in order]
