"""Polygons of IRIS, under the names of each edition of Contours… IRIS."""

import geopandas as gpd
import pytest
from shapely.geometry import MultiPolygon, box

from ctg_geo.config.people_source import IrisSource
from ctg_geo.errors import MissingColumnError
from ctg_geo.sources import read_iris

SAID = {"path": "x", "provider": "IGN", "licence": "test", "vintage": "2026"}
EDITIONS = [("code_iris", "code_insee"), ("CODE_IRIS", "INSEE_COM"), ("DCOMIRIS", "DEPCOM")]


def layer(iris="code_iris", commune="code_insee"):
    shapes = [MultiPolygon([box(4.8 + k / 10, 44.9, 4.9 + k / 10, 45.0)]) for k in range(2)]
    columns = {
        iris: ["263620101", "262810000"],
        commune: ["26362", "26281"],
        "nom_iris": ["Centre", "Romans-sur-Isère"],
    }
    return gpd.GeoDataFrame(columns, geometry=shapes, crs="EPSG:4326")


@pytest.mark.parametrize(("iris", "commune"), EDITIONS)
def test_each_edition_is_read_under_its_own_names(tmp_path, iris, commune):
    layer(iris, commune).to_file(tmp_path / "iris.gpkg", layer="contours_iris")
    found, said = read_iris(tmp_path / "iris.gpkg", IrisSource(**SAID), crs="EPSG:2154")
    assert found["code_insee"].to_dict() == {"262810000": "26281", "263620101": "26362"}
    assert said == []
    # 0.1° by 0.1° around 45° north: some 7.9 km by 11.1 km
    assert found.area.to_list() == pytest.approx([87.5e6] * 2, rel=0.02)


@pytest.mark.parametrize("encoding", ["WKB", "geoarrow"])
def test_the_geoparquet_of_all_france_is_read(tmp_path, encoding):
    """The editions in GeoParquet name their shapes `geometrie`, in either encoding, with boxes."""
    path = tmp_path / "contours_iris.parquet"
    made = layer().rename_geometry("geometrie")
    made.to_parquet(path, geometry_encoding=encoding, write_covering_bbox=True)
    found, _ = read_iris(path, IrisSource(**SAID), crs="EPSG:2154")
    assert list(found.index) == ["262810000", "263620101"]


def test_names_of_ones_own_are_said_and_others_refused(tmp_path):
    path = tmp_path / "iris.gpkg"
    layer("zone", "ville").to_file(path, layer="contours_iris")
    with pytest.raises(MissingColumnError, match="code_iris / dcomiris"):
        read_iris(path, IrisSource(**SAID), crs="EPSG:2154")
    columns = {"code_iris": "zone", "code_insee": "ville"}
    found, _ = read_iris(path, IrisSource(columns=columns, **SAID), crs="EPSG:2154")
    assert len(found) == 2
