"""The project of all themes opens in real QGIS, a group a theme, a sheet a commune."""

import pytest

import petit_pays as pp
from ctg_geo import labels
from ctg_geo.cli import main
from project_cases import THEMES
from qgis_seen import SHEETS, sound

pytestmark = pytest.mark.qgis


@pytest.fixture(scope="module")
def told(tmp_path_factory, judge):
    folder = tmp_path_factory.mktemp("themes")
    config = pp.write(folder / "pays", services=pp.SERVICES + THEMES)
    out = folder / "clé d'été"
    assert main(["diagnose", str(config), "--all", "-o", str(out), "-q"]) == 0
    return judge(out / "projet.qgz", "--sheets", "3")


def test_it_opens_whole(told):
    sound(told)


def test_each_theme_is_a_group_with_its_people_places_and_services(told):
    assert {"Petite enfance", "Accès aux droits"} <= set(told["groups"])
    assert {"Petite enfance : enfants", "Petite enfance : Crèches"} <= {
        each.replace("\u00a0", " ") for each in told["themes"]
    }
    sources = " ".join(each["source"] for each in told["layers"])
    assert "creche/ctg.gpkg" in sources
    assert "france_services/ctg.gpkg" in sources


def test_a_sheet_tells_every_service(told):
    atlas = next(each for each in told["layouts"] if each["name"] == SHEETS)
    assert atlas["atlas"] == 4
    for sheet in atlas["sheets"]:
        (table,) = sheet["tables"]
        assert [line[1] for line in table] == ["Crèches", "France services"]
    assert labels.text("sheets.all_services") in atlas["sheets"][0]["text"]
