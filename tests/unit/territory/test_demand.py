"""Who needs a service: what is unknown is estimated aloud, or refused."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import Point

from ctg_geo.errors import ConfigError, DataError
from ctg_geo.territory import Territory, demand

CODES = ["26001", "26002", "26003"]


def territory(**columns):
    """Return a territory of three communes with these figures and statuses."""
    points = gpd.GeoSeries([Point(850_000, 6_430_000)] * 3, index=CODES, crs="EPSG:2154")
    communes = gpd.GeoDataFrame({"inside": True}, geometry=points, index=CODES)
    return Territory(
        name="test",
        communes=communes,
        points=points,
        point_status=pd.Series("observed", CODES),
        population=pd.DataFrame(columns, index=CODES),
        equipements=gpd.GeoDataFrame(geometry=[], crs="EPSG:2154"),
        findings=(),
        ledgers=(),
    )


KNOWN = {"population": [1000.0, 500.0, 200.0], "population_status": "observed"}


def test_what_is_known_is_taken_as_it_is_and_nothing_is_said():
    given = territory(children=[30.0, 0.0, 8.0], children_status="observed", **KNOWN)
    people, status, said = demand(given, "children")
    assert people.tolist() == [30, 0, 8]
    assert status.tolist() == ["observed"] * 3
    assert said == []


def test_a_secret_figure_is_shared_at_the_mean_rate_and_stays_secret():
    given = territory(
        children=[30.0, 15.0, np.nan], children_status=["observed", "estimated", "secret"], **KNOWN
    )
    people, status, said = demand(given, "children")
    # 45 children for the 1 500 inhabitants of the others: 3 %, of 200 inhabitants
    assert people.tolist() == pytest.approx([30, 15, 6])
    assert status.tolist() == ["observed", "estimated", "secret"]
    assert [(finding.key, finding.identifier) for finding in said] == [
        ("demand_estimated", "26003")
    ]
    assert said[0].facts["status"] == "secret"


def test_the_table_keeps_its_hole():
    given = territory(
        children=[30.0, 15.0, np.nan],
        children_status=["observed", "observed", "not_available"],
        **KNOWN,
    )
    _, _, said = demand(given, "children")
    assert given.population["children"].isna().tolist() == [False, False, True]
    assert said[0].facts["status"] == "not_available"


def test_a_commune_without_inhabitants_known_does_not_bend_the_rate():
    given = territory(
        children=[30.0, 99.0, np.nan],
        children_status=["observed", "observed", "secret"],
        population=[1000.0, np.nan, 200.0],
        population_status=["observed", "not_available", "observed"],
    )
    assert demand(given, "children")[0]["26003"] == pytest.approx(6)


def test_with_no_inhabitants_to_estimate_from_it_is_refused_by_commune():
    given = territory(
        children=[30.0, np.nan, np.nan],
        children_status=["observed", "secret", "secret"],
        population=[1000.0, 500.0, np.nan],
        population_status=["observed", "observed", "not_available"],
    )
    with pytest.raises(DataError, match="26003") as caught:
        demand(given, "children")
    assert [defect.value for defect in caught.value.defects] == ["26003"]


def test_inhabitants_themselves_are_never_estimated():
    given = territory(
        population=[1000.0, np.nan, 200.0],
        population_status=["observed", "not_available", "observed"],
    )
    with pytest.raises(DataError, match="26002"):
        demand(given, "population")


def test_without_a_column_of_inhabitants_every_hole_is_refused():
    given = territory(children=[np.nan, np.nan, 8.0], children_status="secret")
    with pytest.raises(DataError) as caught:
        demand(given, "children")
    assert [defect.value for defect in caught.value.defects] == ["26001", "26002"]


def test_a_figure_that_is_not_declared_is_refused_with_those_that_are():
    with pytest.raises(ConfigError, match="population") as caught:
        demand(territory(**KNOWN), "youth")
    assert caught.value.facts == {"value": "youth", "known": ["population"]}
