"""Files that are there, judged by their first and last bytes, in each format."""

import gzip
import json
import zipfile

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio
from rasterio.transform import from_origin
from shapely.geometry import Point

from ctg_geo.sources import flaw_of

LAYER = gpd.GeoDataFrame({"a": range(50)}, geometry=[Point(0, n) for n in range(50)], crs=4326)
TABLE = "code;nom;places\n" + "".join(f"2636{n};Valence;{n}\n" for n in range(9))


def write(path):
    """Write a whole file of the format its name says."""
    suffix = path.suffix
    if suffix == ".parquet":
        pd.DataFrame({"a": range(100)}).to_parquet(path)
    elif suffix == ".gpkg":
        LAYER.to_file(path)
    elif suffix == ".geojson":
        path.write_text(json.dumps(LAYER.to_geo_dict()))
    elif suffix == ".gz":
        path.write_bytes(gzip.compress(TABLE.encode()))
    elif suffix in (".zip", ".xlsx"):
        with zipfile.ZipFile(path, "w") as box:
            box.writestr("a.csv", TABLE)
    elif suffix == ".tif":
        profile = {"driver": "GTiff", "width": 300, "height": 300, "count": 1, "dtype": "uint8"}
        profile |= {"crs": "EPSG:2154", "transform": from_origin(10, 10, 1, 1)}
        with rasterio.open(path, "w", **profile) as out:
            out.write(np.random.default_rng(1).integers(0, 9, (300, 300), np.uint8), 1)
    else:
        path.write_text(TABLE)
    return path


FORMATS = ["a.parquet", "a.gpkg", "a.geojson", "a.csv.gz", "a.zip", "a.xlsx", "a.tif", "a.csv"]


@pytest.mark.parametrize("name", FORMATS)
def test_a_whole_file_has_no_flaw(tmp_path, name):
    assert flaw_of(write(tmp_path / name)) == ""


@pytest.mark.parametrize("name", [each for each in FORMATS if each != "a.tif"])
@pytest.mark.parametrize("kept", [0.5, 0.9])
def test_a_file_cut_short_is_known(tmp_path, name, kept):
    path = write(tmp_path / name)
    content = path.read_bytes()
    at = int(len(content) * kept)
    if name == "a.csv":
        at = content.index(b"Val", at)  # in the middle of a row: at its end nothing would tell
    path.write_bytes(content[:at])
    assert flaw_of(path) == "cut"


def test_a_layer_cut_between_two_shapes_is_known(tmp_path):
    path = write(tmp_path / "a.geojson")
    content = path.read_bytes()
    path.write_bytes(content[: content.index(b'}, {"id": "30"') + 1])
    assert flaw_of(path) == "cut"


@pytest.mark.parametrize("name", [*FORMATS, "a.osm.pbf"])
def test_pages_and_empty_files_are_known_whatever_the_name(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(b"\xef\xbb\xbf\n <!doctype HTML><title>Erreur</title>")
    assert flaw_of(path) == "page"
    path.write_bytes(b"")
    assert flaw_of(path) == "empty"


@pytest.mark.parametrize("name", FORMATS)
def test_another_format_under_the_name_is_known(tmp_path, name):
    other = write(tmp_path / ("b.zip" if name not in ("a.zip", "a.xlsx") else "b.parquet"))
    other.rename(tmp_path / name)
    assert flaw_of(tmp_path / name) == "kind"


def test_a_size_far_under_the_one_said_is_known(tmp_path):
    path = write(tmp_path / "a.csv")
    assert flaw_of(path, size_mb=1) == "small"
    assert flaw_of(path, size_mb=path.stat().st_size / 1e6 * 1.5) == ""


def test_a_text_whose_last_line_has_no_end_is_whole(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(TABLE.rstrip("\n"))
    assert flaw_of(path) == ""


def test_a_database_cut_in_its_header_is_cut(tmp_path):
    path = tmp_path / "a.gpkg"
    path.write_bytes(b"SQLite format 3\x00" + bytes(83))
    assert flaw_of(path) == "cut"


def test_a_database_whose_program_counts_no_pages_is_taken_as_it_is(tmp_path):
    path = tmp_path / "a.gpkg"
    head = bytearray(b"SQLite format 3\x00" + bytes(84))
    head[16:18], head[28:32] = b"\x10\x00", b"\x00\x00\x00\x09"  # 9 pages of 4096 bytes
    path.write_bytes(head)
    assert flaw_of(path) == "cut"
    head[24:28] = b"\x00\x00\x00\x01"  # the count is of another version of the file
    path.write_bytes(head)
    assert flaw_of(path) == ""


@pytest.mark.parametrize(
    ("start", "flaw"),
    [
        (b"II*\x00", "cut"),  # ends before it says where its directory is
        (b"II*\x00\x08\x00\x00\x00", "cut"),  # a directory just beyond the end
        (b"II*\x00\x07\x00\x00\x00", ""),
        (b"MM\x00*\x00\x00\x00\x07", ""),
        (b"MM\x00*\x00\x00\x00\x08", "cut"),
        (b"II+\x00\x08\x00\x00\x00" + b"\x0f" + bytes(7), ""),
        (b"II+\x00\x08\x00\x00\x00" + b"\x10" + bytes(7), "cut"),
        (b"GIF89a", "kind"),
    ],
)
def test_an_image_without_its_directory_is_cut(tmp_path, start, flaw):
    path = tmp_path / "a.tif"
    path.write_bytes(start)
    assert flaw_of(path) == flaw
