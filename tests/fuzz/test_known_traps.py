"""Traps that are known: files under a false name, bombs, links and ways out of archives."""

import io
import json
import stat
import zipfile

import numpy as np
import pytest
import rasterio
from pyproj import CRS

import feeds
import petit_pays as pp
from ctg_geo.config import load_study
from ctg_geo.config.table_source import TableSource
from ctg_geo.errors import (
    ConfigError,
    CtgGeoError,
    DataError,
    FetchError,
    MissingCrsError,
    SecrecyError,
    UnreadableFileError,
)
from ctg_geo.secrecy import read_register
from ctg_geo.sources import extract, read_gtfs
from ctg_geo.sources.layers import located, open_layer
from ctg_geo.sources.official.bulk import unzipped
from fuzz.readers import READERS

VIRTUAL = """<OGRVRTDataSource><OGRVRTLayer name="communes">
<SrcDataSource>{source}</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>"""
RASTER = """<VRTDataset rasterXSize="20" rasterYSize="20"><SRS>EPSG:2154</SRS>
<GeoTransform>0,10,0,200,0,-10</GeoTransform><VRTRasterBand dataType="Float32" band="1">
<SimpleSource><SourceFilename>{source}</SourceFilename></SimpleSource></VRTRasterBand>
</VRTDataset>"""


@pytest.mark.parametrize("name", ["communes.geojson", "communes.fgb", "topo.gpkg", "dem.tif",
                                  "TRONCON_ROUTE.shp"])  # fmt: skip
@pytest.mark.parametrize("template", [VIRTUAL, RASTER])
def test_a_virtual_file_under_another_name_opens_no_other(tmp_path, name, template):
    pp.communes().to_file(tmp_path / "private.geojson")
    (tmp_path / name).write_text(template.format(source=tmp_path / "private.geojson"))
    with pytest.raises(UnreadableFileError) as caught:
        READERS[name][1](tmp_path / name)
    assert caught.value.reason == "other_kind"
    assert name in caught.value.explain()


def test_brackets_without_end_are_no_traceback(tmp_path):
    config = pp.write(tmp_path)
    config.write_text("a = " + "[" * 100_000)
    with pytest.raises(ConfigError, match=r"study\.toml"):
        load_study(config)
    (tmp_path / "r.json").write_text("[" * 100_000)
    with pytest.raises(SecrecyError, match=r"r\.json"):
        read_register(tmp_path / "r.json")


def zipped(path, members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as box:
        for info, content in members:
            box.writestr(info, content)
    return path


def test_names_in_an_archive_lead_nowhere(tmp_path):
    inner = tmp_path / "inner"
    box = zipped(tmp_path / "a.zip", [("../../evil.csv", "x"), ("/evil2.csv", "y")])
    extract(box, "evil.csv", inner / "got.csv")
    assert [each.name for each in inner.iterdir()] == ["got.csv"]
    assert not (tmp_path / "evil.csv").exists()
    assert not (tmp_path.parent / "evil.csv").exists()


def test_a_link_in_an_archive_is_not_followed(tmp_path):
    link = zipfile.ZipInfo("data.csv")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    box = zipped(tmp_path / "a.zip", [(link, "/etc/passwd")])
    with pytest.raises(FetchError, match="data"):
        extract(box, "data.csv", tmp_path / "got.csv")
    assert not (tmp_path / "got.csv").exists()


def test_a_table_of_a_feed_that_swells_is_refused(tmp_path):
    feed = feeds.zipped(tmp_path / "bus.zip")
    with zipfile.ZipFile(feed, "a", zipfile.ZIP_DEFLATED) as box:
        box.writestr("frequencies.txt", b"0" * 400_000_000)
    with pytest.raises(UnreadableFileError, match=r"bus\.zip|frequencies"):
        read_gtfs(feed, crs="EPSG:2154")


OUTSIDE = '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'
LAUGHS = '<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]><a>&c;</a>'


@pytest.mark.parametrize("name", ["list.xlsx", "list.ods"])
@pytest.mark.parametrize("entity", [OUTSIDE, LAUGHS])
def test_entities_of_a_sheet_are_refused(tmp_path, name, entity):
    READERS[name][0](tmp_path / name)
    made = io.BytesIO()
    with zipfile.ZipFile(tmp_path / name) as box, zipfile.ZipFile(made, "w") as other:
        for each in box.namelist():
            inside = each.endswith(("sheet1.xml", "content.xml"))
            other.writestr(each, entity if inside else box.read(each))
    (tmp_path / name).write_bytes(made.getvalue())
    with pytest.raises(UnreadableFileError, match=name):
        READERS[name][1](tmp_path / name)


ODD = {"study": {"study": {"name": ["x"]}}, "service": {"creche": 5}}
MANIFESTS = (
    [], {}, {"outputs": {}, "inputs": [], "parameters": {"study": {"study": {}}}},
    {"outputs": {"ctg.gpkg": 1}, "inputs": 3, "parameters": ODD},
)  # fmt: skip


@pytest.mark.parametrize("content", MANIFESTS)
def test_a_manifest_of_any_shape_is_no_traceback(tmp_path, content):
    (tmp_path / "manifest.json").write_text(json.dumps(content))
    with pytest.raises(CtgGeoError, match=str(tmp_path)):
        READERS["manifest.json"][1](tmp_path / "manifest.json")


LIST = "nom;commune\nA;26362\n"


def spoiled_names(path, name, before, after):
    """Write a zip whose parts are called otherwise, byte for byte, than zipfile would ever do."""
    zipped(path, [(name, LIST)])
    content = path.read_bytes()
    assert content.count(before) > 0
    path.write_bytes(content.replace(before, after))


@pytest.mark.parametrize("name", ["bus.zip", "list.xlsx", "list.ods"])
def test_a_part_whose_name_is_no_text_is_told(tmp_path, name):
    spoiled_names(tmp_path / name, "é.xml", "é".encode(), b"\xcd\x01")
    with pytest.raises(UnreadableFileError, match=name):
        READERS[name][1](tmp_path / name)


@pytest.mark.parametrize("name", ["bus.zip", "list.xlsx", "list.ods"])
def test_a_part_without_a_name_is_told(tmp_path, name):
    zipped(tmp_path / name, [("a", LIST)])
    content = bytearray((tmp_path / name).read_bytes())
    entry = content.index(b"PK\x01\x02")
    content[entry + 28 : entry + 30] = b"\0\0"  # length of the name
    content[entry + 30 : entry + 32] = b"\1\0"  # of what comes after it
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UnreadableFileError, match=name):
        READERS[name][1](tmp_path / name)


def test_a_table_under_a_password_is_told(tmp_path):
    path = tmp_path / "bpe.zip"
    zipped(path, [("bpe.csv", LIST)])
    content = bytearray(path.read_bytes())
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + flags] |= 1
    path.write_bytes(content)
    source = TableSource(path="bpe.zip", provider="a", licence="a", vintage="a")
    with pytest.raises(UnreadableFileError, match="password"), unzipped(path, source):
        pass


def raster(path, *, crs="EPSG:2154", cell=(10, 0, 0, -10)):
    """Write a raster of 4 by 4 cells; `cell` is its sides, east and north of each step."""
    across, up, down, north = cell
    with rasterio.open(
        path, "w", driver="GTiff", width=4, height=4, count=1, dtype="float32", crs=crs,
        transform=rasterio.Affine(across, up, 900_000, down, north, 6_400_000),
    ) as file:  # fmt: skip
        file.write(np.ones((1, 4, 4), np.float32))


def test_cells_without_area_are_told(tmp_path):
    path = tmp_path / "dem.tif"
    raster(path, cell=(10, 10, 10, 10))
    with pytest.raises(UnreadableFileError, match="no area"):
        READERS["dem.tif"][1](path)


@pytest.mark.parametrize("encoding", ["utf-6", "gb18030"])
def test_an_encoding_that_is_not_read_is_told(tmp_path, encoding):
    path = tmp_path / "walk.graphml"
    path.write_text(f"<?xml version='1.0' encoding='{encoding}'?><graphml/>")
    with pytest.raises(UnreadableFileError, match="GraphML"):
        READERS["walk.graphml"][1](path)


PLAN = 'ENGCRS["plan de masse",EDATUM["borne"],CS[Cartesian,2],AXIS["x",east],AXIS["y",north],LENGTHUNIT["metre",1]]'  # noqa: E501


def test_a_layer_on_a_plan_of_its_own_is_told(tmp_path):
    layer = pp.communes().to_crs(2154).set_crs(PLAN, allow_override=True)
    layer.to_file(tmp_path / "communes.gpkg")
    source = TableSource(path="communes.gpkg", provider="a", licence="a", vintage="a")
    with pytest.raises(MissingCrsError, match="plan de masse"):
        located(open_layer(tmp_path / "communes.gpkg", source, geometry=True), source, "c", [])


def test_heights_on_a_plan_of_their_own_are_told(tmp_path):
    path = tmp_path / "dem.tif"
    raster(path, crs=PLAN)
    with pytest.raises(MissingCrsError, match=r"dem\.tif"):
        READERS["dem.tif"][1](path)


@pytest.mark.parametrize("told", [[], [1], "", {}, None])
def test_a_register_of_half_a_cell_is_told(tmp_path, told):
    published = {"name": "a", "shown": {"x": told}, "hidden": {}, "relations": []}
    (tmp_path / "r.json").write_text(json.dumps({"publications": [published]}))
    with pytest.raises(SecrecyError, match=r"r\.json"):
        read_register(tmp_path / "r.json")


@pytest.mark.parametrize("line", ["sep=,", '"sep=;"', "SEP=\t"])
def test_a_line_for_excel_above_the_header_is_named(tmp_path, line):
    (tmp_path / "people.csv").write_text(f"{line}\ncode_insee;people\n26001;3\n")
    with pytest.raises(UnreadableFileError) as said:
        READERS["people.csv"][1](tmp_path / "people.csv")
    assert said.value.reason == "sep_line"


def test_a_commune_without_a_name_is_told_by_its_code(tmp_path):
    communes = pp.communes()
    communes.loc[1, "nom"] = ""
    communes.to_file(tmp_path / "communes.geojson")
    with pytest.raises(DataError) as said:
        READERS["communes.geojson"][1](tmp_path / "communes.geojson")
    told = said.value.explain("fr")
    assert "vide" in told
    assert communes["code"][1] in told


def test_a_raster_whose_words_are_no_text_is_told(tmp_path):
    path = tmp_path / "dem.tif"
    mine = CRS.from_epsg(2154).to_wkt().replace("RGF93 v1 / Lambert-93", "Plan de Valence")
    mine = mine.replace('ID["EPSG",2154]', 'ID["ici",1]')
    raster(path, crs=mine)
    content = path.read_bytes()
    assert b"Plan de Valence" in content
    path.write_bytes(content.replace(b"Plan de Valence", b"Plan de Val\xa2nce"))
    with pytest.raises(CtgGeoError, match=r"dem\.tif"):
        READERS["dem.tif"][1](path)
