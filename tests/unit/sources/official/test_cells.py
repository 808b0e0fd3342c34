"""Grids and rasters of people, in the exact format of their publisher."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio
from pyproj import Transformer
from rasterio.transform import from_origin
from shapely.geometry import box

from ctg_geo.config.people_source import CellsSource
from ctg_geo.errors import ConfigError, DataError, MissingColumnError, UnreadableFileError
from ctg_geo.sources.official.people import read_cells

FACTS = {"path": "x", "provider": "Insee", "licence": "LO", "vintage": "2019"}
HEAD_2019 = (
    "idcar_200m,idcar_1km,idcar_nat,i_est_200,i_est_1km,lcog_geo,ind,men,men_pauv,men_1ind,men_5ind,"
    "men_prop,men_fmp,ind_snv,men_surf,men_coll,men_mais,log_av45,log_45_70,log_70_90,log_ap90,"
    "log_inc,log_soc,ind_0_3,ind_4_5,ind_6_10,ind_11_17,ind_18_24,ind_25_39,ind_40_54,ind_55_64,"
    "ind_65_79,ind_80p,ind_inc"
)
HEAD_2017 = HEAD_2019.title().replace("Lcog_Geo", "lcog_geo").replace("80P", "80p")
HEAD_2017 = HEAD_2017.replace("Idcar_200M", "Idcar_200m").replace("1Km", "1km")
HEAD_2015 = (
    HEAD_2017.replace("Idcar_200m", "IdINSPIRE").replace("I_Est_200", "I_est_cr")
    .replace("lcog_geo", "Depcom")
)  # fmt: skip
# Three cells around (N2500000, E3900000), near Valence, and one in Corsica.
CELLS = [
    (2500000, 3900000, 0, "26362", "10.5", "3"),
    (2500000, 3900200, 1, "2636226004", "4", "0"),
    (2500200, 3900000, 0, "26004", "21", "1.5"),
    (2000000, 4200000, 0, "2A004", "9", "0"),
]
MOVE = Transformer.from_crs("EPSG:3035", "EPSG:2154", always_xy=True)
BOUNDS = MOVE.transform_bounds(3899000, 2499000, 3902000, 2502000)


def rows(size="200m"):
    made = []
    for north, east, flag, listed, people, young in CELLS:
        cell = f"CRS3035RES{size}N{north}E{east}"
        big = f"CRS3035RES1000mN{north // 1000 * 1000}E{east // 1000 * 1000}"
        rest = [
            "3",
            "0",
            "1",
            "0",
            "2",
            "0",
            "50000.5",
            "200",
            "0",
            "3",
            "1",
            "1",
            "1",
            "0",
            "0",
            "0",
        ]
        ages = [young, "1", "2", "1.5", "0", "1", "1", "1", "1", "0", "0"]
        made.append(",".join([cell, big, cell, str(flag), "0", listed, people, *rest, *ages]))
    return made


def source(**more):
    return CellsSource(format="filosofi", **FACTS, **more)


def read(path, given=None):
    return read_cells(path, given or source(), bounds=BOUNDS, crs="EPSG:2154")


@pytest.mark.parametrize("head", [HEAD_2019, HEAD_2017, HEAD_2015])
def test_the_headings_of_each_year_give_the_same_cells(tmp_path, head):
    assert len(head.split(",")) == len(rows()[0].split(","))
    path = tmp_path / "carreaux_200m_met.csv"
    path.write_text("\n".join([head, *rows()]))
    found = read(path)
    assert list(found.table["persons"]) == [10.5, 4, 21]
    assert list(found.table["0-3"]) == [3, 0, 1.5]
    assert list(found.table["imputed"]) == [False, True, False]
    assert list(found.table["listed"]) == ["26362", "2636226004", "26004"]
    assert [str(each) for each in found.bands][-1] == "80+"
    assert found.rows == 4
    assert found.aside == {"beyond_buffer": 1}
    assert found.shapes[0].bounds == (3900000, 2500000, 3900200, 2500200)
    assert found.crs == "EPSG:3035"


def test_a_geopackage_and_a_parquet_file_give_the_same_as_the_csv(tmp_path):
    csv = tmp_path / "carreaux.csv"
    csv.write_text("\n".join([HEAD_2019, *rows()]))
    frame = pd.read_csv(csv, dtype={"lcog_geo": str})
    frame.to_parquet(tmp_path / "carreaux.parquet")
    shapes = [box(e, n, e + 200, n + 200) for n, e, *_ in CELLS]
    layer = gpd.GeoDataFrame(frame, geometry=shapes, crs="EPSG:3035").to_crs("EPSG:2154")
    layer.to_file(tmp_path / "carreaux.gpkg", layer="carreaux_200m_met")
    expected = read(csv)
    for name in ("carreaux.parquet", "carreaux.gpkg"):
        found = read(tmp_path / name)
        pd.testing.assert_frame_equal(found.table, expected.table)
        assert found.aside == expected.aside


def test_kilometre_cells_are_read_by_their_own_identifier(tmp_path):
    head = "idcar_1km,i_est_1km,lcog_geo,ind,ind_0_3"
    text = f"{head}\nCRS3035RES1000mN2500000E3900000,1,26362,80,4"
    path = tmp_path / "carreaux_1km_met.csv"
    path.write_text(text)
    found = read(path)
    assert found.shapes[0].area == 1e6
    assert list(found.table["imputed"]) == [True]


def test_a_masked_cell_is_unknown_and_told(tmp_path):
    path = tmp_path / "c.csv"
    text = "idcar_200m,i_est_200,ind,ind_0_3\nCRS3035RES200mN2500000E3900000,0,12,s\n"
    path.write_text(text)
    found = read(path)
    assert found.table["0-3"].isna().all()
    assert [each.key for each in found.findings] == ["cells_masked"]


def test_broken_identifiers_repeats_and_flags_are_told_by_row(tmp_path):
    head = "idcar_200m,i_est_200,ind\n"
    good = "CRS3035RES200mN2500000E3900000"
    for text, said in (
        (f"{good},0,1\nCRS3035N25E39,0,2\n", "row 3, column idcar_200m"),
        (f"{good},0,1\n{good},0,2\n", "row 3, column idcar_200m"),
        (f"{good},2,1\n", "row 2, column i_est_200"),
        (f"{good},0,-1\n", "row 2, column ind"),
    ):
        path = tmp_path / "c.csv"
        path.write_text(head + text)
        with pytest.raises(DataError, match=said):
            read(path)


def test_a_grid_without_people_is_refused(tmp_path):
    path = tmp_path / "c.csv"
    path.write_text("idcar_200m,men\nCRS3035RES200mN2500000E3900000,1\n")
    with pytest.raises(MissingColumnError, match="ind"):
        read(path)


def test_a_zip_of_several_grids_asks_which(tmp_path):
    import zipfile

    path = tmp_path / "Filosofi2019_carreaux_200m_csv.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for place in ("met", "mart"):
            archive.writestr(f"carreaux_200m_{place}.csv", "\n".join([HEAD_2019, *rows()]))
    with pytest.raises(ConfigError, match="carreaux_200m_mart"):
        read(path)
    found = read(path, source(layer="carreaux_200m_met.csv"))
    assert len(found.table) == 3


def raster(path, crs, transform, values, nodata):
    with rasterio.open(
        path, "w", driver="GTiff", height=values.shape[0], width=values.shape[1], count=1,
        dtype=values.dtype, crs=crs, transform=transform, nodata=nodata,
    ) as out:  # fmt: skip
        out.write(values, 1)


@pytest.mark.parametrize(
    ("crs", "cell", "nodata"), [("ESRI:54009", 100.0, -200.0), ("EPSG:4326", 1 / 1200, -99999.0)]
)
def test_a_raster_gives_its_cells_and_loses_nobody(tmp_path, crs, cell, nodata):
    """GHSL is in Mollweide with -200, WorldPop in degrees with -99999."""
    move = Transformer.from_crs("EPSG:2154", crs, always_xy=True)
    x, y = move.transform(850_000, 6_430_000)
    values = np.zeros((40, 50), dtype=np.float32)
    values[10:20, 10:30] = 2.5
    values[0, 0], values[15, 15] = nodata, 0
    path = tmp_path / "pop.tif"
    raster(path, crs, from_origin(x - 25 * cell, y + 20 * cell, cell, cell), values, nodata)
    given = CellsSource(format="population_raster", **FACTS)
    bounds = (840_000, 6_420_000, 860_000, 6_440_000)
    found = read_cells(path, given, bounds=bounds, crs="EPSG:2154")
    assert found.table["persons"].sum() == pytest.approx(199 * 2.5)
    assert found.rows == len(found.table) + sum(found.aside.values()) == 2000
    assert found.aside == {"nobody": 1800, "no_value": 1}
    first = found.shapes[0].bounds
    assert first[0] == pytest.approx(x - 15 * cell)
    assert first[3] == pytest.approx(y + 10 * cell)


def test_only_the_window_of_the_study_is_read(tmp_path):
    values = np.ones((200, 200), dtype=np.float32)
    path = tmp_path / "pop.tif"
    raster(path, "EPSG:2154", from_origin(800_000, 6_500_000, 100, 100), values, -1)
    given = CellsSource(format="population_raster", **FACTS)
    bounds = (805_000, 6_495_000, 806_000, 6_496_000)
    found = read_cells(path, given, bounds=bounds, crs="EPSG:2154")
    assert found.rows < 200
    assert found.table["persons"].sum() >= 100


def test_a_raster_elsewhere_or_of_undeclared_negatives_is_told(tmp_path):
    values = np.array([[1, -200], [-200, 3]], dtype=np.float32)
    path = tmp_path / "pop.tif"
    raster(path, "EPSG:2154", from_origin(800_000, 6_500_000, 100, 100), values, None)
    given = CellsSource(format="population_raster", **FACTS)
    bounds = (799_000, 6_499_000, 801_000, 6_501_000)
    found = read_cells(path, given, bounds=bounds, crs="EPSG:2154")
    assert list(found.table["persons"]) == [1, 3]
    assert [each.key for each in found.findings] == ["raster_negative"]
    with pytest.raises(UnreadableFileError, match="does not cover"):
        read_cells(path, given, bounds=(1e5, 6e6, 1.1e5, 6.01e6), crs="EPSG:2154")
