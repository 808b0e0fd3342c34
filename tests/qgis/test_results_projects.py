"""Projects beside every kind of result open in real QGIS, and draw what the tables count."""

import shutil
import sqlite3
import zipfile
from contextlib import closing

import geopandas as gpd
import pytest

import project_cases as pc
from ctg_geo import labels
from qgis_seen import classes_of, sound

pytestmark = pytest.mark.qgis

KINDS = [each for each in pc.KINDS if each != "diagnosis"]
# By kind: layer, the column its class is told in, and how many views there are at least.
TOLD = {
    "scenarios": ("ecart_plus", "size_label", 5), "evolution": ("evolution", "size_label", 4),
    "projection": ("projection", "size_label", 2),
    "tours": ("communes_proposees", "kind_label", 2),
    "site": ("candidats", "state_label", 2), "themes": ("theme_petite_enfance", "class_label", 5),
}  # fmt: skip


@pytest.fixture(scope="module", params=KINDS)
def case(request, tmp_path_factory, judge):
    """Return the kind, its folder, moved to one with spaces and accents, and what QGIS sees."""
    folder = pc.KINDS[request.param](tmp_path_factory.mktemp(request.param))
    moved = tmp_path_factory.mktemp("clé") / "réunion d'été, salle 2"
    shutil.move(folder, moved)
    return request.param, moved, judge(moved / "projet.qgz")


def test_it_opens_whole_and_prints_each_page(case):
    kind, _, told = case
    sound(told)
    assert len(told["themes"]) >= TOLD[kind][2]
    for name, shown in told["themes"].items():
        assert len(shown) > 1, name
    views = {each["name"].rsplit(" — ", 1)[0] for each in told["layouts"]} - {
        labels.text("qgis.layout_sheets")
    }
    assert views <= set(told["themes"])


def test_features_drawn_are_those_that_the_table_counts(case):
    kind, folder, told = case
    table, column, _ = TOLD[kind]
    held = gpd.read_file(folder / pc.FILES[kind], layer=table)
    counts = held[column].fillna(labels.text("map.unknown")).value_counts().to_dict()
    drawn = [{said: count for said, count in each["classes"].items() if count}
             for each in told["layers"]
             if each["source"].split("layername=")[1].split("|")[0] == table]  # fmt: skip
    assert counts in drawn
    for each in told["layers"]:
        if "classes" in each and "fiche" not in each["id"]:
            assert sum(classes_of(each).values()) == each["features"], each["name"]


def test_pages_say_what_is_estimated_where_the_data_come_from_and_how_many(case):
    _, _, told = case
    for page in told["layouts"]:
        sheet = page["sheets"][0]
        text = " ".join(sheet["text"])
        assert labels.text("map.sources", sources="")[:7] in text, page["name"]
        assert sheet["legend"], page["name"]


def test_layers_of_the_geopackage_open_styled_alone(case, judge):
    kind, folder, _ = case
    with closing(sqlite3.connect(folder / pc.FILES[kind])) as base:
        spatial = [name for (name,) in base.execute(
            "SELECT table_name FROM gpkg_contents WHERE data_type = 'features'")]  # fmt: skip
        styled = {name for (name,) in base.execute(
            "SELECT f_table_name FROM layer_styles WHERE useAsDefault = 1")}  # fmt: skip
    assert set(spatial) == styled
    told = judge(folder / pc.FILES[kind], "--tables", TOLD[kind][0])
    (layer,) = told["layers"]
    assert layer["renderer"] == "categorizedSymbol"
    assert layer["faults"] == []


def test_nothing_in_it_names_the_machine_or_the_network(case):
    _, folder, _ = case
    with zipfile.ZipFile(folder / "projet.qgz") as archive:
        text = archive.read("projet.qgs").decode()
    assert str(folder.parents[1]) not in text
    assert "http:" not in text.split("<maplayer", 1)[1].replace("http://mrcc.com", "")
