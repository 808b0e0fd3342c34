"""Groups of communes by nearer pole."""

import numpy as np
import pandas as pd
import pytest

from ctg_geo.errors import ConfigError
from ctg_geo.territory import nearer_pole

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
