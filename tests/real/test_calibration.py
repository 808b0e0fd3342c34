"""Speeds found again on real roads of OpenStreetMap, from times made with other speeds."""

import tomllib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ctg_geo import sources
from ctg_geo.calibration import calibrate
from ctg_geo.network import from_edges, from_tables
from ctg_geo.parameters import CalibrationRules, Surroundings, TravelProfile
from roads_of_grid import observed

TRUTH = {"trunk": 71.0, "primary": 52.0, "secondary": 47.0, "tertiary": 43.0, "unclassified": 32.0,
         "residential": 22.0}  # fmt: skip
START = {"trunk": 85.0, "primary": 65.0, "secondary": 55.0, "tertiary": 40.0, "unclassified": 25.0,
         "residential": 25.0}  # fmt: skip
PROFILES = Path(__file__).parents[2] / "config" / "profiles.toml"
WELL_KNOWN = 0.05  # share of the kilometres driven


def car(speeds):
    return TravelProfile(label="Voiture", default_kmh=30, speed_kmh=speeds, source="test")


@pytest.fixture(scope="module")
def corsica(shared):
    folder = shared / "roads" / "france_corsica_melun"
    nodes = pd.read_parquet(folder / "corsica_nodes.parquet")
    links = pd.read_parquet(folder / "corsica_links.parquet")
    links = links[links["modes"].str.contains("car")]
    junctions = nodes.set_index(nodes["id"].astype(str))[["x", "y"]]
    segments = pd.DataFrame(
        {
            "from_junction": links["from_id"].astype(str),
            "to_junction": links["to_id"].astype(str),
            "road_class": links["highway"].fillna("unknown").astype(object),
            "length_m": links["length_m"], "speed_kmh": np.nan, "name": "", "direction": "forward",
        }
    )  # fmt: skip
    return from_tables(junctions, segments.reset_index(drop=True), crs="EPSG:2154")


@pytest.mark.shared
def test_known_speeds_come_back_where_they_were_driven(corsica):
    """To 3 % for classes of 5 % of the kilometres; the others come nearer to the truth."""
    trips = observed(corsica, car(TRUTH), origins=60, each=20, noise=0.05, outliers=0.05)
    found = calibrate(corsica, car(START), trips, rules=CalibrationRules(folds=3, draws=50))
    table = found.speeds.set_index("key")
    share = table["km"] / table["km"].sum()
    known = [key for key in TRUTH if share[key] >= WELL_KNOWN]
    assert len(known) >= 3
    for key in known:
        assert found.profile.speed_kmh[key] == pytest.approx(TRUTH[key], rel=0.03)
    for key in set(TRUTH) - set(known):
        wrong = abs(found.profile.speed_kmh[key] - TRUTH[key])
        assert table.at[key, "status"] == "kept" or wrong < abs(START[key] - TRUTH[key])
    assert found.improves
    assert found.error("unseen", "mape") < found.error("before", "mape")


@pytest.mark.shared
def test_limits_and_stops_come_back_on_roads_that_state_limits(shared):
    """Liechtenstein, the shipped car profile: drivers a tenth nearer the limit outside towns."""
    path = shared / "roads" / "osm" / "liechtenstein.osm.pbf"
    read = sources.read_osm(path, crs="EPSG:2154")
    roads = from_edges(read.nodes, read.edges, crs="EPSG:2154", mode="car")
    start = TravelProfile.model_validate(
        tomllib.loads(PROFILES.read_text(encoding="utf-8"))["profiles"]["car"]
    )
    truth = start.model_copy(
        update={
            "limit_factor": Surroundings(rural=0.9, urban=0.85),
            "speed_kmh": start.speed_kmh | {"residential": 20.0, "unclassified": 32.0},
        }
    )
    trips = observed(roads, truth, origins=60, each=12, noise=0.05, outliers=0.05)
    found = calibrate(roads, start, trips, rules=CalibrationRules(folds=2, draws=50))
    assert found.settled
    assert found.profile.limit_factor.rural == pytest.approx(0.9, rel=0.03)
    assert found.profile.limit_factor.urban == pytest.approx(0.85, rel=0.06)
    assert found.profile.urban_kmh["residential"] == pytest.approx(20, rel=0.08)
    assert found.profile.speed_kmh["unclassified"] == pytest.approx(32, rel=0.08)
    assert found.improves
    assert TravelProfile.model_validate(found.profile.model_dump()) == found.profile
