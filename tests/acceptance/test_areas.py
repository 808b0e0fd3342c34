"""Isochrones and surfaces through the command line: what the files say and hold."""

import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyogrio
import pytest
import rasterio

import petit_pays as pp
from ctg_geo.cli import main

DEFAULT = Path(__file__).parents[2] / "config" / "valence_romans.toml"


@pytest.fixture(scope="module")
def country(tmp_path_factory):
    return str(pp.write(tmp_path_factory.mktemp("pays")))


def test_isochrones_are_written_with_titles_and_the_longest_first(country, tmp_path, capsys):
    out = tmp_path / "zones" / "creche.gpkg"
    asked = ["isochrones", country, "-s", "creche", "--minutes", "5,10", "--each", "-o", str(out)]
    assert main([*asked, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["service"], told["schematic"]) == ("creche", False)
    table = gpd.read_file(out, layer="isochrones")
    assert table.crs == "EPSG:2154"
    assert table["minutes"].tolist() == sorted(table["minutes"], reverse=True)
    assert set(table["minutes"]) == {5, 10}
    assert table["place_nom"].notna().all()
    assert set(table["times"]) == {"temps calculés sur un réseau réel, vitesses moyennes relevées"}
    assert set(table["profile"]) == {"Voiture"}
    said = pyogrio.read_info(out, layer="isochrones")["layer_metadata"]["DESCRIPTION"]
    assert "Voiture" in said
    assert "Sources" in said
    assert table.geometry.is_valid.all()
    first = out.read_bytes()
    assert main([*asked, "-q"]) == 0
    assert out.read_bytes() == first


def test_without_each_there_is_one_area_a_time_the_nearest_place_counting(country, tmp_path):
    out = tmp_path / "creche.gpkg"
    assert main(["isochrones", country, "-s", "creche", "-m", "5,10", "-o", str(out), "-q"]) == 0
    table = gpd.read_file(out, layer="isochrones")
    assert table["minutes"].tolist() == [10, 5]
    assert "place_nom" not in table
    # crèches 20 km apart on a road of 60 km/h: 5 km of road on each side, ends of it apart
    assert table.geometry[1].geom_type == "MultiPolygon"
    assert len(table.geometry[1].geoms) == 3


def test_a_surface_covers_the_territory_and_says_its_unit(country, tmp_path):
    out = tmp_path / "creche.tif"
    assert main(["surface", country, "-s", "creche", "--cell", "500", "-o", str(out), "-q"]) == 0
    with rasterio.open(out) as file:
        assert (file.units, file.res, file.crs) == (("min",), (500, 500), "EPSG:2154")
        band = file.read(1)
    assert np.nanmin(band) >= 0
    assert np.isfinite(band).any()


def test_times_over_schematic_roads_say_so_in_both_files(tmp_path, capsys):
    zones, temps = tmp_path / "zones.gpkg", tmp_path / "temps.tif"
    asked = [str(DEFAULT), "--service", "creche"]
    assert main(["isochrones", *asked, "--minutes", "5", "--out", str(zones)]) == 0
    assert main(["surface", *asked, "--cell", "2000", "--out", str(temps)]) == 0
    assert capsys.readouterr().out.count("temps schématiques") >= 2
    table = gpd.read_file(zones, layer="isochrones")
    assert set(table["times"]) == {"temps schématiques (réseau généré, non relevé)"}
    assert (
        "schématiques"
        in pyogrio.read_info(zones, layer="isochrones")["layer_metadata"]["DESCRIPTION"]
    )
    with rasterio.open(temps) as file:
        assert "temps schématiques" in file.descriptions[0]
        assert file.tags()["roads"] == "réseau schématique"


@pytest.mark.parametrize(
    "wrong",
    [["--minutes", "cinq"], ["--out", "zones.shp"]],
)
def test_what_is_not_understood_is_said_in_french(country, tmp_path, capsys, wrong):
    asked = ["isochrones", country, "-s", "creche", "-o", str(tmp_path / "a.gpkg")]
    assert main([*asked, *wrong]) == 2
    assert wrong[1] in capsys.readouterr().err


def test_a_duration_of_nothing_and_an_unknown_service_stop_the_work(country, tmp_path, capsys):
    out = str(tmp_path / "a.gpkg")
    assert main(["isochrones", country, "-s", "creche", "-m", "0", "-o", out]) == 2
    assert main(["isochrones", country, "-s", "piscine", "-o", out]) == 2
    assert "piscine" in capsys.readouterr().err
    assert not (tmp_path / "a.gpkg").exists()


@pytest.mark.parametrize("cell", ["0", "-5", "nan", "1e9"])
def test_a_cell_of_no_use_is_refused_before_any_work(country, tmp_path, capsys, cell):
    out = str(tmp_path / "a.tif")
    assert main(["surface", country, "-s", "creche", "--cell", cell, "-o", out]) == 2
    assert "n’est pas le côté d’une cellule" in capsys.readouterr().err
    assert not (tmp_path / "a.tif").exists()


def test_areas_and_surfaces_carry_no_count_of_people(tmp_path):
    """Whatever people there are, secret or not, and wherever, the files are the same."""
    files = []
    for number, text in enumerate((pp.POPULATION, "code_insee,inhabitants,under_3\n" + "".join(
            f"{code},{7 * at + 5},{at}\n" for at, code in enumerate(pp.CODES)))):  # fmt: skip
        study = pp.STUDY.replace('path = "population.csv"', 'path = "population.csv"\n'
                                 'secrecy = "caf"')  # fmt: skip
        config = str(pp.write(tmp_path / str(number) / "pays", study=study, population=text))
        areas, times = tmp_path / str(number) / "a.gpkg", tmp_path / str(number) / "t.tif"
        ask = ["-s", "creche", "-q", "-o"]
        assert main(["isochrones", config, "-m", "5,10", *ask, str(areas)]) == 0
        assert main(["surface", config, "--cell", "2000", *ask, str(times)]) == 0
        files.append((areas.read_bytes(), times.read_bytes()))
        columns = set(gpd.read_file(areas, layer="isochrones").columns)
        assert columns == {"minutes", "area_km2", "profile", "times", "geometry"}
    assert files[0] == files[1]
