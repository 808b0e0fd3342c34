"""Criteria that are not known conclude nothing; costs of nothing are nothing."""

from types import SimpleNamespace

import numpy as np
import pandas as pd

from ctg_geo import labels
from ctg_geo.export._said import words
from ctg_geo.export.scenario_ranking import _apart, criterion_decimals
from ctg_geo.scenarios import dominators, ranks
from read_pages import normal


def test_an_unknown_criterion_of_either_concludes_nothing():
    table = pd.DataFrame({"missing": [3.0, 2, 1], "cost": [10.0, np.nan, 20]}, index=list("abc"))
    better = {"missing": "less", "cost": "less"}
    assert dominators(table, better) == {"a": (), "b": (), "c": ()}
    assert ranks(table, better)["cost"].isna().tolist() == [False, True, False]


def test_equals_do_not_dominate_each_other_and_share_a_rank():
    table = pd.DataFrame({"missing": [2.0, 2.0 + 1e-13]}, index=list("ab"))
    assert dominators(table, {"missing": "less"}) == {"a": (), "b": ()}
    assert ranks(table, {"missing": "less"})["missing"].tolist() == [1.0, 1.0]


def test_beyond_any_limit_is_worse_than_any_time():
    table = pd.DataFrame({"longest": [np.inf, 50.0]}, index=list("ab"))
    assert dominators(table, {"longest": "less"}) == {"a": ("b",), "b": ()}
    assert ranks(table, {"longest": "less"})["longest"].tolist() == [2.0, 1.0]


def test_scenarios_of_different_rank_never_print_alike_where_decimals_can_part_them():
    value = pd.Series([2.301, 2.299, 2.301, 5.0], index=["", "a", "b", "c"])
    rank = pd.Series([2.0, 1.0, 2.0, 4.0], index=value.index)
    assert _apart(value, rank, 1) == 3
    assert _apart(value, pd.Series(1.0, index=value.index), 1) == 1
    near = pd.Series([2.0, 2.0 + 1e-9], index=["", "a"])
    assert _apart(near, pd.Series([1.0, 2.0], index=near.index), 1) == 1


def test_a_price_is_of_one_of_what_is_counted():
    said = words("cost.missing", cost=35_000.0, one=labels.one_of("places"), count=20.0,
                 unit="places")  # fmt: skip
    assert normal(said) == "Soit 35 000 € par place, pour 20,0 places de moins qui manquent."


def test_a_criterion_has_the_same_decimals_wherever_it_is_told():
    floor = pd.DataFrame({"floor": [0.983, 0.479, 0.978, np.nan]}, index=["", "a", "b", "c"])
    made = SimpleNamespace(criteria=floor, rank=ranks(floor, {"floor": "more"}))
    assert criterion_decimals(made, "floor") == 3  # with two, ranks 1 and 2 would both read 0,98
    made = SimpleNamespace(criteria=floor[:2], rank=ranks(floor[:2], {"floor": "more"}))
    assert criterion_decimals(made, "floor") == 2
