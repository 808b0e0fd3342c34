"""What two states tell together: a difference of two counts, each large enough, may be few."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from ctg_geo.scenarios.measures import by_commune, untold
from ctg_geo.scenarios.people_groups import told_communes

HOMES = pd.DataFrame(
    {"code_insee": ["a", "a", "a", "b", "b"], "demand": [20.0, 3, 20, 30, 30], "nearest_min": 5.0},
    index=["a1", "a2", "a3", "b1", "b2"],
)


def state(*below, fewest=5.0, judged=True):
    homes = HOMES.assign(below=[home in below for home in HOMES.index])
    people = homes.groupby("code_insee")["demand"].sum()
    concerned = homes["demand"].where(homes["below"], 0.0).groupby(homes["code_insee"]).sum()
    communes = pd.DataFrame(
        {"demand": people, "concerned": concerned, "access_per_100": 10.0, "time_mean": 5.0,
         "missing": 1.0, "beyond_share": concerned / people, "unreached_share": 0.0,
         "nearest_status": "observed"},
    )  # fmt: skip
    service = SimpleNamespace(judged=judged)
    return SimpleNamespace(homes=homes, communes=communes, fewest=fewest, service=service)


def test_a_count_is_hidden_where_its_difference_between_states_is_of_few():
    # 20 then 23 children of a under the norm: both may be told, not together
    states = [state("a1", "b1"), state("a1", "a2", "b1", "b2")]
    hidden = untold(states)
    assert hidden.tolist() == ["a"]
    for each in states:
        table = by_commune(each, hidden)
        assert table.loc["a", ["missing", "concerned", "concerned_share"]].isna().all()
        assert table.loc["b", ["missing", "concerned", "concerned_share"]].notna().all()
        assert table["people"].notna().all()


def test_a_count_is_hidden_where_those_served_in_every_state_are_few():
    states = [state("a1"), state("a1", "a2")]
    for each in states:
        each.homes["demand"] = [20.0, 20, 3, 30, 30]
    assert untold(states).tolist() == ["a"]  # the 3 of a3: 43 people less 40


def test_nothing_is_hidden_where_no_rule_asks_for_it():
    states = [state("a1", fewest=0.0), state("a1", "a2", fewest=0.0)]
    assert untold(states).empty
    assert untold([state("a1", "a2", "a3"), state()]).tolist() == []


def test_a_count_hidden_in_one_state_is_hidden_in_all():
    states = [state("b1"), state("b1")]
    states[1].communes.loc["b", "concerned"] = np.nan
    assert "b" in untold(states)


@pytest.mark.parametrize(("group", "told"), [
    (["in", "out", "out", "in", "out"], ["b"]),
    (["in"] * 5, ["a", "b"]),
])  # fmt: skip
def test_people_of_a_group_are_told_where_enough_are_judged_alike(group, told):
    homes = pd.Series(group, index=HOMES.index)
    assert told_communes([state("a1", "a2"), state("a1", "a2")], homes).tolist() == told


def test_a_service_without_a_norm_has_no_count_to_hide():
    states = [state(judged=False), state(judged=False)]
    for each in states:
        each.communes["concerned"] = np.nan
    assert untold(states).empty
