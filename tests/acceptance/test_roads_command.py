"""`ctg-geo roads`: what a road file gave, in words, in figures and in a GeoPackage."""

import json
import re

import geopandas as gpd
import pytest
from pyproj import Transformer

import petit_pays as pp
from ctg_geo import open_study
from ctg_geo.cli import main
from ctg_geo.config import load_study
from ctg_geo.study import read_roads
from osm_town import relation

STUDY = pp.STUDY[: pp.STUDY.index("[roads.line]")].replace('roads = "line"', 'roads = "osm"')
ROADS = """
[roads.osm]
kind = "osm"
path = "roads.osm"
provider = "test"
licence = "test"
vintage = "2026"
"""


def osm(relations=""):
    """Write the road of Petit Pays, a footpath, a raceway, and a way at the end of the world."""
    to_degrees = Transformer.from_crs("EPSG:2154", "EPSG:4326", always_xy=True)
    places = [to_degrees.transform(pp.X0 + pp.STEP * k, pp.Y0) for k in range(len(pp.CODES))]
    places += [to_degrees.transform(pp.X0, pp.Y0 + 900), (9.0, 50.0), (9.01, 50.0)]
    nodes = "".join(
        f'<node id="{at}" version="1" lon="{lon:.7f}" lat="{lat:.7f}"/>'
        for at, (lon, lat) in enumerate(places, start=1)
    )
    ways = [((1, 2, 3, 4, 5), "tertiary"), ((1, 6), "footway"), ((2, 6), "raceway"),
            ((7, 8), "primary")]  # fmt: skip
    lines = [
        f'<way id="{at}" version="1">' + "".join(f'<nd ref="{node}"/>' for node in way)
        + f'<tag k="highway" v="{word}"/></way>'
        for at, (way, word) in enumerate(ways, start=1)
    ]  # fmt: skip
    return f'<osm version="0.6">{nodes}{"".join(lines)}{relations}</osm>'.encode()


@pytest.fixture
def config(tmp_path):
    """Write Petit Pays with a road file, and people and places that nobody could read."""
    path = pp.write(tmp_path / "pays", study=STUDY + ROADS, population="?", creches="?", desks="?")
    (path.parent / "roads.osm").write_bytes(osm())
    return path


def plain(text):
    return re.sub(r"[\u00a0\u202f]", " ", text)


def test_the_account_is_told_in_words_and_the_roads_are_written(config, tmp_path, capsys):
    out = tmp_path / "routes.gpkg"
    assert main(["roads", str(config), "--out", str(out)]) == 0
    said = plain(capsys.readouterr().out)
    assert "roads.osm : 4 lignes lues = 2 utilisées + 2 signalées" in said
    assert "1 hors du territoire" in said
    assert "1 objet qui n’est pas une route" in said
    assert "voiture : 1 tronçon (40 km), 2 nœuds, 2 arcs ; 100,0 %" in said
    assert "marche : 2 tronçons (41 km), 3 nœuds, 4 arcs" in said
    table = gpd.read_file(out, layer="routes")
    assert table["forward_kmh"].tolist() == [60]
    assert table["length_m"].tolist() == pytest.approx([4 * pp.STEP], abs=1)


def test_the_account_adds_up_for_machines(config, tmp_path, capsys):
    assert main(["roads", str(config), "--out", str(tmp_path / "r.gpkg"), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    rows = told["rows"]
    assert (rows["read"], rows["used"]) == (4, 2)
    assert rows["set_aside"] == {"not_a_road": 1, "outside": 1}
    assert told["modes"]["car"]["arcs"] == 2
    assert told["modes"]["car"]["strong"] == 1
    assert told["restrictions"] == {
        "table": "roads.osm (restrictions)", "read": 0, "used": 0, "set_aside": {},
    }  # fmt: skip


def test_turn_restrictions_are_told_honoured_and_not(config, tmp_path, capsys):
    round_ = [("w", 1, "from"), ("n", 5, "via"), ("w", 1, "to")]
    relations = relation(1, round_, restriction="no_u_turn") + relation(
        2, round_[::2], restriction="no_u_turn"
    )
    (config.parent / "roads.osm").write_bytes(osm(relations))
    command = ["roads", str(config), "--out", str(tmp_path / "routes.gpkg")]
    assert main(command) == 0
    said = plain(capsys.readouterr().out)
    assert "tourner : 2 lues = 1 respectée + 1 signalée" in said
    assert "1 incomplète ou à plusieurs voies" in said
    assert main([*command, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)["restrictions"]
    assert (told["read"], told["used"], told["set_aside"]) == (2, 1, {"turn_members": 1})
    network = read_roads(load_study(config)).network
    assert network.turns is not None


def test_the_roads_are_those_of_the_study(tmp_path):
    path = pp.write(tmp_path / "pays", study=STUDY + ROADS)
    (path.parent / "roads.osm").write_bytes(osm())
    alone, whole = read_roads(load_study(path)).network, open_study(path).topology
    assert (alone.x.tolist(), alone.y.tolist()) == (whole.x.tolist(), whole.y.tolist())
    assert (alone.tail.tolist(), alone.head.tolist()) == (whole.tail.tolist(), whole.head.tolist())
    assert alone.edges.equals(whole.edges)


def test_tables_of_roads_and_schematic_roads_are_told_too(tmp_path, capsys):
    path = pp.write(tmp_path / "pays")
    assert main(["roads", str(path), "-o", str(tmp_path / "r.gpkg")]) == 0
    said = plain(capsys.readouterr().out)
    assert "segments.csv : 4 lignes lues = 4 utilisées + 0 signalée" in said
    assert "voiture : 4 tronçons (40 km), 5 nœuds, 8 arcs ; 100,0 %" in said


def test_a_profile_that_is_not_declared_is_misuse(config, tmp_path, capsys):
    out = tmp_path / "routes.gpkg"
    assert main(["roads", str(config), "-o", str(out), "--profile", "cheval"]) == 2
    assert "« cheval » n’est pas déclaré" in plain(capsys.readouterr().err)
    assert not out.exists()


def test_a_road_file_that_is_not_there_is_named(config, tmp_path, capsys):
    (config.parent / "roads.osm").unlink()
    out = tmp_path / "routes.gpkg"
    assert main(["roads", str(config), "-o", str(out)]) == 1
    assert "roads.osm" in capsys.readouterr().err
    assert not out.exists()
