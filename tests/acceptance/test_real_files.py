"""The same job on larger open files beside the project: skipped, loudly, where absent."""

import json
from pathlib import Path

import geopandas as gpd
import pytest

from ctg_geo.cli import main

HERE = Path(__file__).parents[1]
STUDY = HERE / "real" / "valence_romans_real.toml"
SHARED = HERE.parents[1] / "shared" / "data"

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not SHARED.is_dir(), reason=f"reference data not found: {SHARED}"),
]


@pytest.fixture(scope="module")
def real(tmp_path_factory):
    out = tmp_path_factory.mktemp("real")
    assert main(["diagnose", str(STUDY), "--out", str(out), "--quiet"]) == 0
    return out


def test_the_54_communes_are_diagnosed_on_real_roads(real):
    for service in ("creche", "france_services"):
        communes = gpd.read_file(real / service / "ctg.gpkg", layer="communes")
        assert len(communes) == 54
        assert not communes["estimated"].str.contains("schématiques").any()
        assert communes["nearest_min"].notna().all()


def test_every_row_of_every_file_is_used_or_set_aside(real):
    content = json.loads((real / "creche" / "manifest.json").read_text(encoding="utf-8"))
    ledgers = {each["table"]: each for each in content["rows"]}
    people = ledgers["communes_population_births_2021_2022_07_26_38.csv"]
    assert people["read"] == 1222
    assert people["set_aside"]["repeats"] == 12, "communes with two postcodes count once"
    assert people["used"] == 294
    assert ledgers["vra_and_neighbours_15km.geojson.gz"]["used"] == 294


def test_repeated_communes_count_once_and_births_add_up(real):
    communes = gpd.read_file(real / "creche" / "ctg.gpkg", layer="communes")
    assert communes["demand"].sum() == 3 * 2377
    assert communes["population"].sum() == 223_777


def test_codes_of_2013_are_moved_to_the_communes_of_today_and_said(real):
    findings = gpd.read_file(real / "creche" / "ctg.gpkg", layer="constats")
    moved = findings[findings["key"] == "code_moved"]
    assert len(moved) >= 1
    assert moved["message"].str.contains("a été ramené à la commune actuelle").all()


def test_an_old_layer_of_communes_is_brought_to_today(tmp_path):
    """In the 2018 layer Valherbasse is still three communes; together they are its polygon."""
    old = SHARED / "communes" / "communes_26_cog2018_generalised.geojson.gz"
    text = STUDY.read_text(encoding="utf-8")
    for name in ("shared/data", "shared/facts"):
        text = text.replace(f"../../../{name}", (HERE.parents[1] / name).as_posix())
    config = HERE.parent / "config"
    text = text.replace("../../config", config.as_posix())
    text = text.replace(
        (SHARED / "communes" / "vra_and_neighbours_15km.geojson.gz").as_posix(), old.as_posix()
    )
    text = text.replace('nom = "nom", epci = "epci" }', 'nom = "nom" }')
    inside = '["26210", "26281", "26362"]'
    text = text.replace('inside = { epci = "200068781" }', f"inside = {{ communes = {inside} }}")
    study = tmp_path / "old.toml"
    study.write_text(text, encoding="utf-8")
    out = tmp_path / "out"
    assert main(["diagnose", str(study), "-s", "creche", "-o", str(out), "-q"]) == 0
    communes = gpd.read_file(out / "ctg.gpkg", layer="communes").set_index("code_insee")
    today = gpd.read_file(f"/vsigzip/{SHARED}/communes/vra_and_neighbours_15km.geojson.gz")
    whole = today.set_index("code").geometry.to_crs(2154)["26210"].area
    assert communes.geometry["26210"].area == pytest.approx(whole, rel=0.02)
    findings = gpd.read_file(out / "ctg.gpkg", layer="constats")
    moved = findings.loc[findings["key"] == "code_moved", "identifier"]
    assert {"26184", "26297"} <= set(moved)


def test_times_on_assumed_speeds_say_that_they_are_estimates(real):
    communes = gpd.read_file(real / "france_services" / "ctg.gpkg", layer="communes")
    assert communes["estimated"].str.contains("vitesses supposées").all()
    assert (communes["nearest_status"] == "estimé").all()
    assert (communes["result_status"] == "estimé").all()
