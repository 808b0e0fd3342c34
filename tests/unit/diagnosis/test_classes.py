"""Map classes: a value on a bound belongs to the class its legend says."""

import numpy as np
import pandas as pd
import pytest

from ctg_geo.diagnosis.classes import class_of, map_classes
from ctg_geo.parameters import FlatRule, Norm, Service

DESK = Service(
    label="Desk",
    place_label="Desk",
    demand="population",
    people_label="people",
    unit="desks",
    norm=Norm(within_min=30, source="test"),
    max_min=60,
)
CRECHE = DESK.model_copy(
    update={
        "norm": Norm(within_min=15, per_100=40, source="test"),
        "decay": FlatRule(kind="flat", reach_min=15),
    }
)


def time_class(*minutes):
    return class_of(pd.DataFrame({"nearest_min": minutes}, dtype=float), DESK).tolist()


def supply_class(*per_100):
    return class_of(pd.DataFrame({"access_per_100": per_100}, dtype=float), CRECHE).tolist()


def test_times_fall_from_beyond_to_on_the_spot():
    bounds = [(each.low, each.high) for each in map_classes(DESK)]
    assert bounds == [
        (60, np.inf), (30, 60), (20, 30), (15, 20), (10, 15), (5, 10), (0, 5),
    ]  # fmt: skip


def test_a_time_on_a_bound_belongs_to_the_nearer_class():
    assert time_class(60, 30, 20, 5, 0) == [1, 2, 3, 6, 6]
    assert time_class(30.001, 5.001, np.nan) == [1, 5, 0]


def test_a_norm_between_two_classes_is_a_bound_itself():
    quarter = DESK.model_copy(update={"norm": Norm(within_min=25, source="test")})
    classes = map_classes(quarter)
    assert [each.low for each in classes] == [60, 30, 25, 20, 15, 10, 5, 0]
    assert [each.level for each in classes] == [-4, -2, -1, 1, 2, 3, 4, 5]


def test_supply_is_cut_at_shares_of_the_norm():
    bounds = [(each.low, each.high) for each in map_classes(CRECHE)]
    assert bounds == [(0, 0), (0, 20), (20, 32), (32, 40), (40, 50), (50, np.inf)]


def test_supply_on_a_bound_belongs_to_the_better_class():
    assert supply_class(0, 0.001, 20, 32, 40, 50, 1e6) == [0, 1, 2, 3, 4, 5, 5]
    assert supply_class(19.999, 31.999, 39.999, 49.999) == [1, 2, 3, 4]


@pytest.mark.parametrize("service", [DESK, CRECHE])
def test_classes_below_and_above_the_norm_part_exactly_at_the_norm(service):
    norm = service.norm.per_100 or service.norm.within_min
    for each in map_classes(service)[1:]:
        worse = each.high <= norm if service.judged_on_supply else each.low >= norm
        assert (each.level < 0) == worse
    levels = [each.level for each in map_classes(service)]
    assert levels == sorted(levels)
    assert 0 not in levels


def test_every_commune_has_a_class_on_its_own_index():
    table = pd.DataFrame({"nearest_min": [3.0, np.nan]}, index=["26001", "26002"])
    found = class_of(table, DESK)
    assert (found.name, found.to_dict()) == ("class", {"26001": 6, "26002": 0})
