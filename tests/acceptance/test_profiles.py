"""Cars, bicycles and walkers over one file of OpenStreetMap: whole studies, times by hand."""

import re
import tomllib
from pathlib import Path

import numpy as np
import pytest
import rasterio
from pyproj import Transformer
from rasterio.transform import from_origin

import petit_pays as pp
from ctg_geo import open_study, travel_times
from ctg_geo.cli import main
from ctg_geo.parameters import MODES, TravelProfile

CONFIG = Path(__file__).parents[2] / "config"

STUDY = (
    pp.STUDY[: pp.STUDY.index("[roads.line]")].replace('roads = "line"', 'roads = "osm"')
    + """
[roads.osm]
kind = "osm"
path = "roads.osm"
provider = "test"
licence = "test"
vintage = "2026"
"""
)
RELIEF = """
[sources.relief]
path = "dem.tif"
provider = "test"
licence = "test"
vintage = "2026"
"""
PROFILES = """
[profiles.car]
label = "Voiture"
default_kmh = 60
limit_factor = { rural = 0.5 }
periods = { calm = {}, rush = { time_factor = { rural = 2 } } }
period = "calm"
source = "test"

[profiles.bicycle]
label = "Vélo"
mode = "bicycle"
default_kmh = 15
use_stated = false
slope = "parkin_rotheram"
source = "test"

[profiles.foot]
label = "À pied"
mode = "foot"
default_kmh = 5
use_stated = false
slope = "tobler"
source = "test"
"""


def osm():
    """Write a road of 80 km/h along all chefs-lieux."""
    to_degrees = Transformer.from_crs("EPSG:2154", "EPSG:4326", always_xy=True)
    lines = ['<osm version="0.6">']
    for k in range(len(pp.CODES)):
        lon, lat = to_degrees.transform(pp.X0 + pp.STEP * k, pp.Y0)
        lines.append(f'<node id="{k + 1}" version="1" lon="{lon:.7f}" lat="{lat:.7f}"/>')
    tags = '<tag k="highway" v="secondary"/><tag k="maxspeed" v="80"/>'
    for k in range(len(pp.CODES) - 1):
        ends = f'<nd ref="{k + 1}"/><nd ref="{k + 2}"/>'
        lines.append(f'<way id="{k + 1}" version="1">{ends}{tags}</way>')
    return "\n".join([*lines, "</osm>"])


def relief(path):
    """Write a plane that climbs 2 % towards the east."""
    cell, wide, high = 500.0, 140, 40
    heights = 100 + 0.02 * cell * (np.arange(wide) + 0.5)
    with rasterio.open(
        path, "w", driver="GTiff", width=wide, height=high, count=1, dtype="float32",
        crs="EPSG:2154", transform=from_origin(pp.X0 - 10_000, pp.Y0 + 10_000, cell, cell),
    ) as file:  # fmt: skip
        file.write(np.tile(heights, (high, 1)).astype("float32"), 1)


@pytest.fixture
def study(tmp_path):
    def go(more="", profiles=PROFILES):
        config = pp.write(tmp_path / "pays", study=STUDY + more, profiles=profiles)
        (config.parent / "roads.osm").write_text(osm())
        relief(config.parent / "dem.tif")
        return config

    return go


def minutes(opened, profile):
    points = opened.territory.points
    found = travel_times(opened.network(profile), points, points, limit_min=None)
    return found.to_matrix().loc[list(pp.CODES), list(pp.CODES)].to_numpy()


@pytest.mark.parametrize(
    ("profile", "per_step"), [("car", 15), ("car.rush", 30), ("bicycle", 40), ("foot", 120)]
)
def test_each_mode_has_its_own_times(study, profile, per_step):
    found = minutes(open_study(study()), profile)
    step = np.arange(len(pp.CODES))
    expected = per_step * np.abs(step[:, None] - step[None, :]).astype(float)
    assert found == pytest.approx(expected, rel=1e-3)


def test_a_climb_of_two_per_cent_is_felt_on_foot_and_by_bicycle_but_not_by_car(study):
    opened = open_study(study(RELIEF))
    up, down = minutes(opened, "foot")[1, 2], minutes(opened, "foot")[2, 1]
    assert up == pytest.approx(120 * np.exp(3.5 * 0.02), rel=2e-3)
    assert down == pytest.approx(120 * np.exp(-3.5 * 0.02), rel=2e-3)
    up, down = minutes(opened, "bicycle")[1, 2], minutes(opened, "bicycle")[2, 1]
    assert up == pytest.approx(40 * 6.01 / (6.01 - 2 * 0.4002), rel=2e-3)
    assert down == pytest.approx(40 * 6.01 / (6.01 + 2 * 0.2379), rel=2e-3)
    assert minutes(opened, "car")[1, 2] == pytest.approx(15, rel=1e-3)
    keys = [each.key for each in opened.findings]
    assert "relief" in keys
    assert "flat" not in keys
    assert "relief" in [each.role for each in opened.inputs]


def test_without_heights_times_on_foot_are_flat_and_a_finding_says_so_once(study):
    opened = open_study(study())
    minutes(opened, "foot"), minutes(opened, "bicycle")
    assert [each.key for each in opened.findings].count("flat") == 1


def test_a_service_on_foot_is_diagnosed_on_foot(study):
    config = study()
    services = config.parent / "services.toml"
    services.write_text(
        services.read_text().replace('unit = "places"', 'unit = "places"\nprofile = "foot"', 1)
    )
    found = open_study(config).diagnose("creche")
    # the next crèche is two hours away on foot, further than anybody is counted to go
    assert found.communes["nearest_min"].dropna().to_dict() == {"01001": 0, "01003": 0}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ('period = "calm"', ["profiles.car", "period"]),
        ('mode = "foot"', ["profiles.foot.mode"]),
        ('slope = "tobler"', ["profiles.foot.slope"]),
    ],
)
def test_a_wrong_setting_is_named_in_words(study, capsys, wrong, said):
    bad = {'period = "calm"': 'period = "nuit"', 'mode = "foot"': 'mode = "pieds"',
           'slope = "tobler"': 'slope = "tobbler"'}[wrong]  # fmt: skip
    config = study(profiles=PROFILES.replace(wrong, bad))
    assert main(["check", str(config)]) == 1
    told = re.sub(r"[\u00a0\u202f]", " ", capsys.readouterr().err)
    assert all(each in told for each in said), told


def test_an_unknown_period_of_a_service_is_named_with_the_known_ones(study, capsys):
    config = study()
    services = config.parent / "services.toml"
    services.write_text(
        services.read_text().replace('unit = "places"', 'unit = "places"\nprofile = "car.nuit"', 1)
    )
    assert main(["check", str(config)]) == 1
    told = capsys.readouterr().err
    assert "car.nuit" in told
    assert "car.calm, car.rush" in told


def test_a_dense_commune_is_a_town(study):
    more = STUDY.replace('kind = "osm"', 'kind = "osm"\nurban = { density_km2 = 4 }')
    config = study()
    config.write_text(more)
    opened = open_study(config)
    # Alpe and Brive have 10 and 5 people per km²; the road between them begins and ends there
    assert opened.topology.edges["urban"].tolist()[0]
    assert not opened.topology.edges["urban"].iloc[2:].any()


def test_the_profiles_of_the_project_have_a_source_and_are_slower_at_the_rush_hour():
    table = tomllib.loads((CONFIG / "profiles.toml").read_text(encoding="utf-8"))["profiles"]
    profiles = {key: TravelProfile.model_validate(each) for key, each in table.items()}
    assert {each.mode for each in profiles.values()} == set(MODES)
    calm, rush = (profiles["car"].at(period) for period in ("off_peak", "peak"))
    for kind, seconds in calm.now.urban.junction.items():
        assert rush.now.urban.junction[kind] >= seconds
