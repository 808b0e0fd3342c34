"""Rates on secret figures, and classes that would tell them."""

import pandas as pd

from ctg_geo import contracts
from ctg_geo.parameters import RULES
from ctg_geo.secrecy import assembled, betraying, count_cell, rates, suppress


def test_a_rate_has_the_worst_status_of_its_two_figures():
    index = list("abcdef")
    numerator = pd.Series([5.0, 5, 5, 5, None, 0], index=index)
    denominator = pd.Series([10.0, None, 0, 20, 10, 10], index=index)
    said = pd.Series(contracts.OBSERVED, index=index)
    below = said.copy()
    below["b"], below["d"] = contracts.SECRET, contracts.ESTIMATED
    above = said.copy()
    above["e"] = contracts.NOT_AVAILABLE
    found = rates(numerator, denominator, numerator_status=above, denominator_status=below)
    assert found["status"].tolist() == [
        "observed", "secret", "not_applicable", "estimated", "not_available", "observed",
    ]  # fmt: skip
    assert found["rate"].tolist()[::5] == [0.5, 0.0]
    assert found["rate"].isna().tolist() == [False, True, True, False, True, False]


def test_a_class_that_narrows_a_secret_is_hidden():
    # 8 places; 2 children are 400 per 100: of a class 300-500, 1,6 to 2,7 children
    found = suppress(assembled([count_cell(name, 2.0, RULES["caf"]) for name in "ab"], []))
    classes = pd.DataFrame({"low": [3.0, 0.5], "high": [5.0, float("inf")]}, index=["a", "b"])
    places = pd.Series({"a": 8.0, "b": 8.0})
    assert betraying(found, places, classes).tolist() == [True, False]


def test_classes_that_are_safe_alone_but_not_together_are_all_hidden():
    cells = [count_cell("a", 3.0, RULES["caf"]), count_cell("b", 20.0, RULES["caf"]),
             count_cell("all", 23.0, RULES["caf"])]  # fmt: skip
    from ctg_geo.secrecy import Sum

    found = suppress(assembled(cells, [Sum("all", {"a": 1, "b": 1})]))
    # the class of b, of whom 10 have a place: 0,5 to 0,51 makes 19,6 to 20; a is 3 to 3,4
    classes = pd.DataFrame({"low": [0.5], "high": [0.51]}, index=["b"])
    assert betraying(found, pd.Series({"b": 10.0}), classes).tolist() == [True]
