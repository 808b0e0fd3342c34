"""Places that are there part of the week count for that part only."""

import geopandas as gpd
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import Point

from ctg_geo.parameters import Norm, Presence, Service
from ctg_geo.territory.presence import present, share_of_time

RULE = Presence(reference_hours=25, least_share=0.5, source="test")


def service(norm=None, **more):
    reason = {} if norm else {"no_norm": "test"}
    return Service(
        label="x", place_label="x", demand="d", people_label="p", unit="places", norm=norm,
        presence=RULE, **reason, **more,
    )  # fmt: skip


ON_SUPPLY = service(
    Norm(within_min=15, per_100=10, source="test"), decay={"kind": "flat", "reach_min": 15}
)
ON_TIME = service()


def places(*rows):
    table = pd.DataFrame(rows, columns=["nom", "delivery", "capacity", "hours_per_week"])
    table["capacity_status"] = "observed"
    return gpd.GeoDataFrame(table, geometry=[Point(0, 0)] * len(table), crs="EPSG:2154")


def test_a_stop_of_two_hours_and_a_half_counts_a_tenth_of_its_places():
    found, said = present(places(("halte", "mobile", 20.0, 2.5)), ON_SUPPLY)
    assert found["capacity"].tolist() == [2.0]
    assert found["capacity_status"].tolist() == ["estimated"]
    assert said == []


def test_a_service_judged_on_time_does_not_count_a_place_that_is_hardly_there():
    given_ = places(("halte", "mobile", None, 2.5), ("maison", "fixed", None, 30))
    found, said = present(given_, ON_TIME)
    assert found["nom"].tolist() == ["maison"]
    assert [each.key for each in said] == ["seldom_there"]
    assert "10" in said[0].explain()


def test_the_share_that_counts_is_included():
    found, _ = present(places(("demi", "fixed", None, 12.5)), ON_TIME)
    assert len(found) == 1


def test_unknown_hours_never_count_for_a_stop_and_are_told():
    found, said = present(places(("halte", "mobile", 20.0, None)), ON_SUPPLY)
    assert found.empty
    assert [(each.key, each.severity) for each in said] == [("stop_without_hours", "warning")]


def test_a_fixed_place_of_unknown_hours_counts_whole_and_it_is_said():
    found, said = present(places(("maison", "fixed", 20.0, None)), ON_SUPPLY)
    assert found["capacity"].tolist() == [20.0]
    assert found["capacity_status"].tolist() == ["observed"]
    assert [each.key for each in said] == ["hours_assumed_full"]


def test_without_a_rule_nothing_changes():
    given_ = places(("halte", "mobile", 20.0, 2.5))
    plain = ON_SUPPLY.model_copy(update={"presence": None})
    found, said = present(given_, plain)
    assert found is given_
    assert said == []


@given(st.lists(st.floats(0, 168), min_size=1, max_size=8), st.floats(1, 168))
def test_a_share_of_time_is_never_more_than_whole_and_grows_with_hours(hours, reference):
    share = share_of_time(pd.Series(sorted(hours)), reference_hours=reference)
    assert share.between(0, 1).all()
    assert share.is_monotonic_increasing


@pytest.mark.parametrize("hours", [0.5, 6.25, 12.5, 25.0, 60.0])
def test_all_that_is_read_is_used_or_told(hours):
    given_ = places(("a", "fixed", 4.0, hours), ("b", "mobile", 4.0, None))
    for each in (ON_SUPPLY, ON_TIME):
        found, said = present(given_, each)
        told = {one.identifier for one in said} & {"0", "1"}
        assert len(found) + len(told) == 2
