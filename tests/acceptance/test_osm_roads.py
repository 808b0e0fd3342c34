"""Petit Pays on a road of OpenStreetMap: the times and shares worked out by hand hold."""

import gzip
import re

import pytest
from pyproj import Transformer

import petit_pays as pp
from ctg_geo import open_study
from ctg_geo.cli import main

STUDY = pp.STUDY[: pp.STUDY.index("[roads.line]")].replace('roads = "line"', 'roads = "osm"')
ROADS = """
[roads.osm]
kind = "osm"
path = "{file}"
provider = "test"
licence = "test"
vintage = "2026"
"""


def osm(*ways):
    """Write ways between chefs-lieux: (first, last, highway)."""
    to_degrees = Transformer.from_crs("EPSG:2154", "EPSG:4326", always_xy=True)
    lines = ['<osm version="0.6">']
    for k in range(len(pp.CODES)):
        lon, lat = to_degrees.transform(pp.X0 + pp.STEP * k, pp.Y0)
        lines.append(f'<node id="{k + 1}" version="1" lon="{lon:.7f}" lat="{lat:.7f}"/>')
    for number, (first, last, highway) in enumerate(ways, start=1):
        nodes = "".join(f'<nd ref="{k + 1}"/>' for k in range(first, last + 1))
        tags = f'<tag k="highway" v="{highway}"/><tag k="maxspeed" v="60"/>'
        lines.append(f'<way id="{number}" version="1">{nodes}{tags}</way>')
    return ("\n".join([*lines, "</osm>"])).encode()


@pytest.fixture
def study(tmp_path):
    """Write Petit Pays with a road file; return its TOML."""

    def go(content, file="roads.osm"):
        config = pp.write(tmp_path / "pays", study=STUDY + ROADS.format(file=file))
        (config.parent / file).write_bytes(content)
        return config

    return go


@pytest.mark.parametrize(
    ("file", "packed"), [("roads.osm", bytes), ("roads.osm.gz", gzip.compress)]
)
def test_the_shares_worked_out_by_hand_hold_on_openstreetmap(study, file, packed):
    found = open_study(study(packed(osm((0, 4, "tertiary"))), file)).diagnose("creche")
    table = found.communes
    assert set(table.index) == set(pp.CODES[:4])
    for code in pp.CODES[:4]:
        assert table.loc[code, "access_per_100"] == pytest.approx(100 * pp.ACCESS[code], rel=1e-9)


def test_an_extract_that_stops_short_says_whom_it_leaves_out(study):
    opened = open_study(study(osm((0, 2, "tertiary"))))
    assert opened.topology.nodes == 2
    said = {each.key: each.facts for each in opened.findings}["roads_uncovered"]
    assert said["codes"] == ["26005", "2A004"]
    assert said["share"] == pytest.approx(500 / 2040)


def test_a_footpath_brings_no_car_to_a_commune(study):
    opened = open_study(study(osm((0, 2, "tertiary"), (2, 4, "footway"))))
    assert opened.topology.nodes == 2
    said = {each.key: each.facts for each in opened.findings}["roads_uncovered"]
    assert said["codes"] == ["26005", "2A004"]


def test_a_file_cut_in_half_is_refused_in_words(study, tmp_path, capsys):
    whole = gzip.compress(osm((0, 4, "tertiary")))
    config = study(whole[: len(whole) // 2], "roads.osm.gz")
    code = main(["diagnose", str(config), "-s", "creche", "-o", str(tmp_path / "out")])
    said = re.sub(r"[\u00a0\u202f]", " ", capsys.readouterr().err)
    assert code == 1
    assert "roads.osm.gz" in said
    assert "endommagé ou incomplet" in said
    assert not (tmp_path / "out").exists()
