"""A diagnosis and its sums by group, on five communes ten minutes apart, by hand.

Children: 100, 50, 0, 30 in the territory (a, b, c, d), 20 in the buffer (e). Crèches: 20 places
in a, 6 in c, 4 in e. Within 15 minutes is one's own commune and its neighbours, so that
a place in a is shared by a + b = 150, in c by b + c + d = 80, in e by d + e = 50. Places
per 100 children: a 40/3, b 40/3 + 7.5, c 7.5, d 7.5 + 8.
"""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import LineString, Point, box

from ctg_geo import by_group, diagnose
from ctg_geo.network import from_lines, with_profile
from ctg_geo.parameters import FlatRule, Norm, Robustness, Service, Snapping, TravelProfile
from ctg_geo.territory import Territory

CODES = list("abcde")
X0, Y0, STEP = 850_000, 6_430_000, 10_000
CAR = TravelProfile(label="car", default_kmh=60, source="test")
CRECHE = Service(
    label="Crèches",
    place_label="Crèche",
    demand="children",
    people_label="enfants",
    unit="places",
    norm=Norm(within_min=15, per_100=15, source="test"),
    decay=FlatRule(kind="flat", reach_min=15),
)
DESK = CRECHE.model_copy(update={"norm": Norm(within_min=5, source="test"), "decay": None})
GROUPS = pd.DataFrame({"bassin": ["west", "west", "east", "east", "east"]}, index=CODES)


def line_of_roads():
    shapes = [
        LineString([(X0 + STEP * k, Y0), (X0 + STEP * (k + 1), Y0)]) for k in range(len(CODES) - 1)
    ]
    table = gpd.GeoDataFrame(
        {
            "road_class": ["local"] * len(shapes),
            "speed_kmh": np.nan,
            "direction": "both",
            "name": "",
        },
        geometry=shapes,
        crs="EPSG:2154",
    )
    return with_profile(from_lines(table, snap_m=0.5), CAR)


def territory(children, status):
    points = gpd.GeoSeries(
        [Point(X0 + STEP * k, Y0) for k in range(len(CODES))], index=CODES, crs="EPSG:2154"
    )
    communes = gpd.GeoDataFrame(
        {"nom": CODES, "inside": [True] * 4 + [False], "rim": [False] * 4 + [True]},
        geometry=[box(p.x - 5000, p.y - 5000, p.x + 5000, p.y + 5000) for p in points],
        index=CODES,
        crs="EPSG:2154",
    )
    people = pd.DataFrame(
        {
            "population": [1000.0, 500.0, 40.0, 300.0, 200.0],
            "population_status": "observed",
            "children": children,
            "children_status": status,
        },
        index=CODES,
    )
    places = gpd.GeoDataFrame(
        {
            "service": "creche",
            "nom": ["c1", "c2", "c3"],
            "code_insee": ["a", "c", "e"],
            "delivery": "fixed",
            "capacity": [20.0, 6.0, 4.0],
            "capacity_status": "observed",
            "location_status": "observed",
        },
        geometry=points[["a", "c", "e"]].to_numpy(),
        index=["c1", "c2", "c3"],
        crs="EPSG:2154",
    )
    observed = pd.Series("observed", CODES)
    return Territory("test", communes, points, observed, people, places, (), ())


def diagnosis(
    service=CRECHE, children=(100.0, 50.0, 0.0, 30.0, 20.0), status="observed", off_road=()
):
    whole = territory(list(children), status)
    for code in off_road:
        whole.points[code] = Point(whole.points[code].x, Y0 + 1500)
    return diagnose(
        whole,
        line_of_roads(),
        "creche",
        service,
        groups=GROUPS,
        snapping=Snapping(),
        robustness=Robustness(),
    )


def test_each_commune_is_told_its_access_and_what_it_lacks():
    table = diagnosis().communes
    assert table.index.tolist() == ["a", "b", "c", "d"]
    assert table["access_per_100"].tolist() == pytest.approx([40 / 3, 40 / 3 + 7.5, 7.5, 15.5])
    assert table["below"].tolist() == [True, False, True, False]
    assert table["missing"].tolist() == pytest.approx([15 - 40 / 3, 0, 0, 0])
    assert table["concerned"].tolist() == [100, 0, 0, 0]
    assert table["nearest_min"].tolist() == [0, 10, 0, 10]


def test_groups_add_up_their_own_communes_and_places():
    table = by_group(diagnosis(), "bassin")
    assert table.index.tolist() == ["east", "west"]
    expected = {
        "communes": (2, 2),
        "below": (1, 1),
        "demand": (30, 150),
        "places": (1, 1),
        "supply": (6, 20),
        "supply_per_100": (20, 40 / 3),
        "access_per_100": (15.5, (100 * 40 / 3 + 50 * (40 / 3 + 7.5)) / 150),
        "missing": (0, 15 - 40 / 3),
        "concerned": (0, 100),
        "concerned_share": (0, 100 / 150),
        "within_share": (1, 1),
        "mean_min": (10, 50 * 10 / 150),
    }
    for column, values in expected.items():
        assert table[column].tolist() == pytest.approx(list(values)), column


def test_the_whole_is_the_sum_of_the_groups():
    groups, whole = by_group(diagnosis(), "bassin"), by_group(diagnosis(), None)
    for column in ("communes", "below", "demand", "places", "supply", "missing", "concerned"):
        assert whole[column].sum() == pytest.approx(groups[column].sum()), column
    weighed = (groups["access_per_100"] * groups["demand"]).sum() / groups["demand"].sum()
    assert whole["access_per_100"].iloc[0] == pytest.approx(weighed)


def test_a_service_judged_on_time_has_no_supply_to_share():
    table = by_group(diagnosis(DESK), "bassin")
    assert table["concerned"].tolist() == [30, 50]
    assert table["within_share"].tolist() == pytest.approx([0, 100 / 150])
    assert table[["supply", "access_per_100", "missing"]].isna().all(axis=None)


def test_a_secret_number_is_in_no_sum_though_it_shares_the_places():
    # the others have 170 children for 1 740 inhabitants; d has 300 inhabitants
    known = ["observed"] * 5
    found = diagnosis(
        children=(100.0, 50.0, 0.0, np.nan, 20.0), status=[*known[:3], "secret", *known[4:]]
    )
    guessed = 170 / 1740 * 300
    assert found.demand["d"] == pytest.approx(guessed)
    expected = 100 * (6 / (50 + guessed) + 4 / (20 + guessed))
    assert found.communes.at["d", "access_per_100"] == pytest.approx(expected)
    assert found.communes.loc["d", ["demand", "missing", "concerned"]].isna().all()
    east = by_group(found, "bassin").loc["east"]
    assert east["demand"] == 0
    assert np.isnan(east["access_per_100"])
    assert np.isnan(east["within_share"])
    assert by_group(found, None)["demand"].tolist() == [150]


def test_a_verdict_far_from_the_norm_is_certain_and_one_at_the_edge_is_not():
    certainty = diagnosis().communes["certainty"]
    # c has half the norm and keeps its neighbours: below in all 9 variants.
    # a has 13.3: at 0.8 and 1 of the times, 1.15 times that is 15.33, above; 10 min × 1.25 is
    # 12.5 min, still within 15: the catchments never change. 3 of 9 variants lift it.
    assert certainty["c"] == 1
    assert certainty["a"] == pytest.approx(6 / 9)


def test_nothing_is_certain_of_a_commune_without_a_road_nearby_and_the_result_says_so():
    beside, away = diagnosis(DESK), diagnosis(DESK, off_road="d")
    assert beside.communes["certainty"]["d"] > 0
    assert away.communes["certainty"]["d"] == 0
    assert away.communes["certainty"]["a"] == beside.communes["certainty"]["a"]
    assert ("off_road" in beside.estimated, "off_road" in away.estimated) == (False, True)
