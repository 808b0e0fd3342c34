"""Roads as a GeoPackage: what a planner checks in QGIS."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from xml.etree import ElementTree as ET

import geopandas as gpd
import numpy as np
import pytest

from ctg_geo import RoadNetwork
from ctg_geo.errors import OutputError
from ctg_geo.export import write_roads
from ctg_geo.export.road_style import road_word
from ctg_geo.network import NodeKind
from ctg_geo.quality import Finding
from ctg_geo.sources.osm.access import CLASSES


@pytest.fixture
def network():
    """Return roads 4 - 0 - 1 both ways, 1 -> 2 one way out of this part, and 2 - 3 both ways."""
    roads = RoadNetwork.from_arcs(
        [0, 1, 0, 4, 1, 2, 3], [1, 0, 4, 0, 2, 3, 2], [60, 120, 9, 9, 30, 0, 0],
        [4.90, 4.91, 4.92, 4.93, 4.89], [45.0] * 5,
    )  # fmt: skip
    edges = roads.edges.assign(
        length_m=1000.0, speed_kmh=[50.0, np.nan, np.nan, np.nan], name=["Rue A", "", "", ""],
        road_class=["primary", "track", "residential", "goat_trail"],
        urban=[True, False, False, False],
    )  # fmt: skip
    kinds = np.array([NodeKind.SIGNALS, 0, 0, NodeKind.BARRIER, 0], dtype=np.int8)
    return replace(roads, edges=edges, node_kinds=kinds)


@pytest.fixture
def written(network, tmp_path):
    path = tmp_path / "out" / "routes.gpkg"
    finding = Finding("info", "osm_barriers", "x.osm", facts={"count": 1, "left": 2})
    write_roads(path, network, study="Ici", profile="Voiture", findings=[finding])
    return path


def test_each_road_tells_its_speeds_and_minutes_each_way(written):
    table = gpd.read_file(written, layer="routes").set_index("road_class")
    first = table.loc["primary"]
    assert (first["stated_kmh"], first["forward_kmh"], first["backward_kmh"]) == (50, 60, 30)
    assert (first["forward_min"], first["backward_min"]) == (1, 2)
    assert (first["road_name"], first["class_label"]) == ("Rue A", "Route principale")
    one_way = table.loc["residential"]
    assert one_way[["stated_kmh", "backward_kmh", "backward_min"]].isna().all()
    assert one_way["forward_kmh"] == 120
    assert table["road_status"].tolist() == ["observé", "estimé", "estimé", "estimé"]
    assert table["urban"].tolist() == ["oui", "non", "non", "non"]
    assert np.isnan(table.loc["goat_trail", "forward_kmh"])  # no time: no speed
    assert table.loc["goat_trail", "class_label"] == "goat_trail"


def test_each_road_tells_its_part_of_the_network(written):
    table = gpd.read_file(written, layer="routes").set_index("road_class")
    assert table["part"].fillna(0).tolist() == [1, 1, 0, 2]
    assert table["main_part"].tolist() == ["oui", "oui", "non", "non"]
    nodes = gpd.read_file(written, layer="noeuds")
    assert nodes["part"].tolist() == [1, 1, 2, 2, 1]
    assert nodes["kind_label"].tolist()[:4:3] == ["Feux", "Barrière qui s’ouvre"]


def test_every_column_has_a_french_title_and_each_map_layer_a_default_style(written):
    with closing(sqlite3.connect(written)) as base:
        titled = set(base.execute("SELECT table_name, column_name FROM gpkg_data_columns"))
        columns = {
            (layer, name)
            for layer in ("routes", "noeuds", "constats")
            for _, name, *_ in base.execute(f"PRAGMA table_info({layer})")
        }
        styles = dict(base.execute("SELECT f_table_name, styleQML FROM layer_styles"))
        defaults = [row for (row,) in base.execute("SELECT useAsDefault FROM layer_styles")]
    assert {each for each in columns if each[1] not in ("fid", "geom")} == titled
    assert styles.keys() == {"routes", "noeuds"}
    assert defaults == [1, 1]
    for qml in styles.values():
        root = ET.fromstring(qml)  # noqa: S314  (our own style)
        symbols = {each.get("name") for each in root.iter("symbol")}
        assert {each.get("symbol") for each in root.iter("category")} == symbols


def test_every_class_of_openstreetmap_has_a_word_and_a_stroke(written):
    with closing(sqlite3.connect(written)) as base:
        query = "SELECT styleQML FROM layer_styles WHERE f_table_name = 'routes'"
        ((qml,),) = base.execute(query)
    drawn = {each.get("value") for each in ET.fromstring(qml).iter("category")}  # noqa: S314
    assert {road_word(each) for each in CLASSES if each != "busway"} <= drawn
    assert "" in drawn  # and one for all others


def test_the_same_roads_give_the_same_bytes(written, network, tmp_path):
    again = tmp_path / "again.gpkg"
    finding = Finding("info", "osm_barriers", "x.osm", facts={"count": 1, "left": 2})
    write_roads(again, network, study="Ici", profile="Voiture", findings=[finding])
    assert again.read_bytes() == written.read_bytes()


def test_a_run_that_breaks_leaves_the_former_file_whole(written, network, monkeypatch):
    former = written.read_bytes()

    def broken(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("ctg_geo.export.roads.write_geopackage", broken)
    with pytest.raises(OutputError, match=r"routes\.gpkg"):
        write_roads(written, network, study="Ici", profile="Voiture")
    assert written.read_bytes() == former
    assert [each.name for each in written.parent.iterdir()] == ["routes.gpkg"]


def test_a_folder_is_no_file(network, tmp_path):
    with pytest.raises(OutputError) as caught:
        write_roads(tmp_path, network, study="Ici", profile="Voiture")
    assert caught.value.explain("fr")


def test_roads_without_kinds_or_built_up_areas_are_written_too(tmp_path):
    roads = RoadNetwork.from_arcs([0, 1], [1, 0], [60, 75], [4.9, 4.91], [45.0] * 2)
    path = tmp_path / "routes.gpkg"
    write_roads(path, roads, study="Ici", profile="Voiture")
    assert gpd.read_file(path, layer="routes")["urban"].isna().all()
    assert gpd.read_file(path, layer="noeuds")["kind"].tolist() == [0, 0]


def test_schematic_roads_say_so_in_the_name_of_their_layer(network, tmp_path):
    path = tmp_path / "routes.gpkg"
    write_roads(path, replace(network, schematic=True), study="Ici", profile="Voiture")
    table = gpd.read_file(path, layer="routes_schematiques")
    assert set(table["road_status"]) == {"estimé"}
    with closing(sqlite3.connect(path)) as base:
        styled = {row for (row,) in base.execute("SELECT f_table_name FROM layer_styles")}
    assert styled == {"routes_schematiques", "noeuds"}
