"""Speeds found again on the real roads of Corsica (OpenStreetMap), from times made with others."""

import numpy as np
import pandas as pd
import pytest

from ctg_geo.calibration import calibrate
from ctg_geo.network import from_tables
from ctg_geo.parameters import CalibrationRules, TravelProfile
from roads_of_grid import observed

TRUTH = {"trunk": 71.0, "primary": 52.0, "secondary": 47.0, "tertiary": 43.0, "unclassified": 32.0,
         "residential": 22.0}  # fmt: skip
START = {"trunk": 85.0, "primary": 65.0, "secondary": 55.0, "tertiary": 40.0, "unclassified": 25.0,
         "residential": 25.0}  # fmt: skip
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
