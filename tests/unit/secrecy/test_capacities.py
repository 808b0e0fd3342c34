"""Capacities of operators, told by commune where three or more make them, by hand."""

import numpy as np
import pandas as pd

from ctg_geo.parameters import RULES
from ctg_geo.quality import Finding
from ctg_geo.secrecy import hide_capacities
from secrecy_cases import people, territory

RULE = RULES["enterprises"]  # three units, none above 85 %
BEFORE = Finding("info", "control", "population")


def places(*rows):
    """Return places of commune, service, capacity; the last tells the file."""
    table = pd.DataFrame(rows, columns=["code_insee", "service", "capacity", "from_file"])
    table["capacity_status"] = ["not_available" if np.isnan(each) else "observed"
                                for each in table["capacity"]]  # fmt: skip
    return table.assign(nom="x")


def hidden(table, each, rules=None):
    land = territory(people(kids=[9, 9, 9, 9, 9]), [BEFORE], table)
    kept = table.copy()
    found = hide_capacities(land, rules or {"c.csv": RULE}, each)
    pd.testing.assert_frame_equal(land.equipements, kept)  # what is given is left as it was
    return found


PLACES = places(
    ("a", "creche", 20.0, "c.csv"), ("a", "creche", 10.0, "c.csv"), ("a", "creche", 15.0, "c.csv"),
    ("b", "creche", 90.0, "c.csv"), ("b", "creche", 4.0, "c.csv"), ("b", "creche", 6.0, "c.csv"),
    ("c", "creche", 30.0, "c.csv"), ("c", "creche", 31.0, "c.csv"), ("c", "other", 32.0, "c.csv"),
    ("a", "creche", np.nan, "c.csv"), ("a", "creche", 70.0, "public.csv"),
)  # fmt: skip


def test_a_mean_is_told_where_three_share_and_none_dominates():
    """a: 45 in three. b: 90 of 100 in one. c: two of one service, one of another."""
    found = hidden(PLACES, {"c.csv": 12.0})
    assert found.equipements["capacity"].tolist()[:9] == [15.0] * 3 + [12.0] * 6
    assert np.isnan(found.equipements["capacity"][9]), "what is not known is not assumed"
    assert found.equipements["capacity"][10] == 70, "a file under no rule is left alone"
    status = found.equipements["capacity_status"].tolist()
    assert status == ["estimated"] * 9 + ["not_available", "observed"]
    assert found.findings == (BEFORE, Finding(
        "warning", "secret_capacities", "equipements", "c.csv",
        {"file": "c.csv", "count": 6, "of": 9, "rule": RULE.label},
    ))  # fmt: skip


def test_without_one_to_assume_a_secret_capacity_is_unknown():
    found = hidden(PLACES, {"public.csv": 12.0})
    assert found.equipements["capacity"].isna().tolist() == [False] * 3 + [True] * 7 + [False]
    status = found.equipements["capacity_status"].tolist()
    assert status == ["estimated"] * 3 + ["secret"] * 6 + ["not_available", "observed"]


def test_a_file_without_capacities_is_passed_over_and_the_next_one_is_not():
    rules = {"none.csv": RULE, "blank.csv": RULE, "c.csv": RULE}
    table = pd.concat([places(("a", "creche", np.nan, "blank.csv")), PLACES], ignore_index=True)
    found = hidden(table, {}, rules)
    assert [each.identifier for each in found.findings] == ["", "c.csv"]
    assert found.equipements["capacity"].isna().sum() == 8
