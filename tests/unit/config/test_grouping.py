"""How groups are declared: each mistake is refused, with what is expected."""

import pytest
from pydantic import ValidationError

from ctg_geo.config.grouping import Grouping

INCOME = {"label": "revenu", "kind": "indicator", "indicator": "median_income"}


@pytest.mark.parametrize(
    ("given", "groups"),
    [
        ({**INCOME, "quantiles": 3}, ("1", "2", "3")),
        ({**INCOME, "bounds": [20_000, 25_000]}, ("1", "2", "3")),
        ({**INCOME, "classes": {"rural": [5, 6, 7], "urbain": [1, 2]}}, ("rural", "urbain")),
        ({"label": "QPV", "kind": "qpv"}, ("qpv", "other")),
        ({"label": "bassin", "poles": {"n": "01001", "s": "01002"}}, ("n", "s")),
    ],
)
def test_the_groups_of_a_grouping_are_known_before_anything_is_read(given, groups):
    assert Grouping.model_validate(given).groups == groups


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        ({"label": "x"}, "grouping_poles"),
        (INCOME, "grouping_indicator"),
        ({**INCOME, "quantiles": 3, "bounds": [1]}, "grouping_indicator"),
        ({"label": "x", "kind": "indicator", "quantiles": 3}, "grouping_indicator"),
        ({**INCOME, "bounds": [2, 1]}, "grouping_bounds"),
        ({**INCOME, "bounds": [1, 1]}, "grouping_bounds"),
        ({**INCOME, "classes": {"a": [1], "b": [1]}}, "grouping_values"),
        ({**INCOME, "classes": {"unknown": [1]}}, "grouping_values"),
        ({**INCOME, "quantiles": 3, "names": {"4": "x"}}, "names"),
        ({**INCOME, "quantiles": 3, "poles": {"n": "01001", "s": "01002"}}, "grouping_no_poles"),
        ({"label": "x", "kind": "qpv", "quantiles": 2}, "grouping_no_indicator"),
    ],
)
def test_a_contradiction_is_refused_by_its_name(given, kind):
    with pytest.raises(ValidationError) as caught:
        Grouping.model_validate(given)
    assert [each["type"] for each in caught.value.errors()] == [kind]
