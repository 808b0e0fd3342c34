"""Communes and events as IGN, Etalab, API Géo and Insee publish them, in small."""

import json

import geopandas as gpd
import pytest
from shapely.geometry import MultiPolygon, box

import mvt
from ctg_geo.config.study_file import MergersSource, PolygonSource, SplitsSource
from ctg_geo.errors import DataError, MissingColumnError
from ctg_geo.sources import read_communes, read_events, read_splits

MADE = {"provider": "test", "licence": "test", "vintage": "test"}
SHAPES = [MultiPolygon([box(4.8 + k / 10, 44.9, 4.9 + k / 10, 45.0)]) for k in range(3)]
L93 = gpd.GeoSeries(SHAPES, crs="EPSG:4326").to_crs("EPSG:2154")


def read(path, form, **more):
    source = PolygonSource(path=path.name, format=form, **MADE, **more)
    return read_communes(path, source, crs="EPSG:2154")


def admin_express_3(path):
    """Edition 3.2, GeoPackage, Lambert 93: small letters, several layers."""
    frame = gpd.GeoDataFrame(
        {"id": ["COMMUNE_1", "COMMUNE_2", "COMMUNE_3"], "nom": ["Valence", "Romans", "Île"],
         "nom_m": ["VALENCE", "ROMANS", "ILE"], "insee_com": ["26362", "26281", "29083"],
         "statut": ["Préfecture", "Commune simple", "Commune simple"],
         "population": [64_000, 33_000, 300], "insee_can": ["98", "99", "15"],
         "siren_epci": ["200068781", "200068781", "NR"]},
        geometry=L93.to_numpy(), crs="EPSG:2154",
    )  # fmt: skip
    frame.to_file(path, layer="commune", driver="GPKG")
    frame[["id", "geometry"]].to_file(path, layer="epci", driver="GPKG")
    frame.assign(geometry=frame.centroid).to_file(path, layer="chflieu_commune", driver="GPKG")


def admin_express_4(path):
    """Edition 4.0, GeoParquet, WGS 84: long names, `geometrie`."""
    frame = gpd.GeoDataFrame(
        {"cleabs": ["C1", "C2", "C3"], "code_insee": ["26362", "26281", "29083"],
         "nom_officiel": ["Valence", "Romans", "Île"],
         "code_insee_du_departement": ["26", "26", "29"], "population": [64_000, 33_000, 300],
         "codes_siren_des_epci": ["200068781", "200054781/200057867", None]},
        geometry=SHAPES, crs="EPSG:4326",
    ).rename_geometry("geometrie")  # fmt: skip
    frame.to_parquet(path)


def test_admin_express_3_in_a_geopackage_of_several_layers(tmp_path):
    path = tmp_path / "ADE-COG_3-2_GPKG_LAMB93_FXX.gpkg"
    admin_express_3(path)
    got = read(path, "admin_express")
    assert got.table["nom"].to_dict() == {"26281": "Romans", "26362": "Valence", "29083": "Île"}
    assert got.table["epci"].tolist() == ["200068781", "200068781", ""]
    assert got.table.geometry["26362"].area == pytest.approx(L93.iloc[0].area)
    assert got.aside == {}


def test_admin_express_3_in_a_shapefile_has_capitals(tmp_path):
    path = tmp_path / "COMMUNE.shp"
    frame = gpd.GeoDataFrame(
        {"ID": ["1"], "NOM": ["Valence"], "INSEE_COM": ["26362"], "SIREN_EPCI": ["200068781"]},
        geometry=[SHAPES[0]], crs="EPSG:4326",
    )  # fmt: skip
    frame.to_file(path, encoding="utf-8")
    got = read(path, "admin_express").table
    assert got.loc["26362", ["nom", "epci"]].tolist() == ["Valence", "200068781"]


def test_admin_express_4_in_geoparquet_keeps_the_first_of_several_epci_and_says_so(tmp_path):
    path = tmp_path / "commune.parquet"
    admin_express_4(path)
    got = read(path, "admin_express")
    assert got.table["epci"].to_dict() == {"26281": "200054781", "26362": "200068781", "29083": ""}
    assert [each.key for each in got.findings] == ["several_epci"]


def test_contours_of_etalab_without_the_arrondissements_that_lie_upon_their_commune(tmp_path):
    path = tmp_path / "communes-50m.geojson"
    frame = gpd.GeoDataFrame(
        {"code": ["75056", "75101", "26362"], "nom": ["Paris", "Paris 1er", "Valence"],
         "departement": ["75", "75", "26"], "region": ["11", "11", "84"],
         "epci": ["200054781", None, "200068781"], "plm": [True, None, None],
         "commune": [None, "75056", None]},
        geometry=SHAPES, crs="EPSG:4326",
    )  # fmt: skip
    frame.to_file(path, driver="GeoJSON")
    got = read(path, "contours_etalab")
    assert got.table.index.tolist() == ["26362", "75056"]
    assert got.aside == {"arrondissement": 1}
    assert len(got.table) + sum(got.aside.values()) == 3


def api_geo(path, shapes):
    features = [
        {"type": "Feature", "geometry": shape.__geo_interface__,
         "properties": {"nom": "Valence", "code": "26362", "codeEpci": "200068781",
                        "population": 64_000,
                        "centre": {"type": "Point", "coordinates": [4.9, 44.9]},
                        "mairie": {"type": "Point", "coordinates": [4.9, 44.9]}}}
        for shape in shapes
    ]  # fmt: skip
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))


def test_the_answer_of_api_geo(tmp_path):
    path = tmp_path / "api_geo_communes_26.geojson"
    api_geo(path, SHAPES[:1])
    got = read(path, "api_geo").table
    assert got.loc["26362", ["nom", "epci"]].tolist() == ["Valence", "200068781"]


def test_the_answer_of_api_geo_with_points_is_refused(tmp_path):
    path = tmp_path / "api_geo_communes_26.geojson"
    api_geo(path, [SHAPES[0].centroid])
    with pytest.raises(DataError, match="Point"):
        read(path, "api_geo")


def test_columns_of_the_source_replace_those_of_the_provider(tmp_path):
    path = tmp_path / "commune.parquet"
    admin_express_4(path)
    got = read(path, "admin_express", columns={"nom": "cleabs"}).table
    assert got["nom"].tolist() == ["C2", "C1", "C3"]


def test_a_file_of_another_provider_is_refused_with_the_names_of_all_editions(tmp_path):
    path = tmp_path / "api_geo_communes_26.geojson"
    api_geo(path, SHAPES[:1])
    with pytest.raises(MissingColumnError, match="code_insee / INSEE_COM"):
        read(path, "admin_express")


def events(path, form="cog_mouvements", **more):
    return read_events(path, MergersSource(path=path.name, format=form, **MADE, **more))


def test_the_events_of_the_cog_and_its_rows_accounted_for(tmp_path):
    path = tmp_path / "v_mvt_commune_2026.csv"
    twice = mvt.VALHERBASSE[0]
    path.write_text(mvt.text(*mvt.VALHERBASSE, twice, *mvt.RENAMED), encoding="utf-8")
    got = events(path)
    assert got.ledger.read == 8
    assert got.ledger.set_aside == {"repeats": 1}
    assert got.dated
    first = got.table.iloc[0]
    assert (first["date"], first["mod"]) == ("2019-01-01", "32")


def test_headings_in_small_letters_as_older_editions_have_them(tmp_path):
    path = tmp_path / "mvtcommune2020.csv"
    text = mvt.text(*mvt.VALHERBASSE)
    path.write_text(text.replace(mvt.HEADER, mvt.HEADER.lower()), encoding="utf-8")
    assert len(events(path).table) == 6


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (mvt.row("99", "2019-01-01", "26184", "26210"), r"row 2, column MOD: '99'.*Known: 10"),
        (mvt.row("32", "2019-13-01", "26184", "26210"), r"DATE_EFF: '2019-13-01' is not a date"),
        (mvt.row("32", "2019-01-01", "6184", "26210"), r"COM_AV.*06184"),
        (mvt.row("32", "2019-01-01", "26184", "26210", av="XXX"), r"TYPECOM_AV: 'XXX'"),
    ],
)
def test_a_row_that_is_no_event_is_refused_with_its_place(tmp_path, row, said):
    path = tmp_path / "v_mvt_commune_2026.csv"
    path.write_text(mvt.text(row), encoding="utf-8")
    with pytest.raises(DataError, match=said):
        events(path)


COG = """"TYPECOM","COM","REG","DEP","CTCD","ARR","TNCC","NCC","NCCENR","LIBELLE","CAN","COMPARENT"
"COM","26210","84","26","26D","263","1","VALHERBASSE","Valherbasse","Valherbasse","2605",
"COMD","26210",,,,,"0","MONTRIGAUD","Montrigaud","Montrigaud",,"26210"
"COMD","26184",,,,,"0","MIRIBEL","Miribel","Miribel",,"26210"
"COM","75056","11","75","75C","751","0","PARIS","Paris","Paris","75ZZ",
"ARM","75101","11","75","75C","751","0","PARIS 1","Paris 1","Paris 1er Arrondissement",,"75056"
"""


def test_delegated_communes_of_the_cog_stand_for_their_commune(tmp_path):
    path = tmp_path / "v_commune_2026.csv"
    path.write_text(COG, encoding="utf-8")
    got = events(path, "cog")
    pairs = {(each.before, each.after) for each in got.table.itertuples()}
    assert {("26184", "26210"), ("75101", "75056")} < pairs
    assert not got.dated
    assert (got.ledger.read, got.ledger.used) == (5, 2)
    assert got.ledger.set_aside == {"whole_communes": 2, "same_code": 1, "other_types": 0}


OLD = "old,new,when\n26184,26210,2019-01-01\n26297,26210,01/01/2019\n01001,01001,2019\n"
COLUMNS = {"old_code": "old", "code_insee": "new", "date": "when"}


def test_a_table_of_old_codes_with_dates_in_three_forms(tmp_path):
    path = tmp_path / "communes_nouvelles.csv"
    path.write_text(OLD)
    got = events(path, None, columns=COLUMNS)
    assert set(got.table["date"]) == {"2019-01-01"}
    assert got.ledger.set_aside == {"same_code": 1}


def test_chains_are_followed_where_dated_and_refused_where_not(tmp_path):
    path = tmp_path / "communes_nouvelles.csv"
    path.write_text("old,new,when\n01001,01002,2016\n01002,01003,2019\n")
    assert len(events(path, None, columns=COLUMNS).table) == 4
    undated = {name: column for name, column in COLUMNS.items() if name != "date"}
    with pytest.raises(DataError, match="01002"):
        events(path, None, columns=undated)


def splits(path, text):
    path.write_text(text)
    columns = {"old_code": "old", "code_insee": "new", "share": "share"}
    return read_splits(path, SplitsSource(path=path.name, columns=columns, **MADE))


def test_the_key_of_splits(tmp_path):
    key = splits(tmp_path / "k.csv", "old,new,share\n14001,14001,0.7\n14001,14002,0.3\n")
    assert key == {"14001": {"14001": 0.7, "14002": 0.3}}


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("14001,14001,0.7\n14001,14002,0.2\n", r"14001.*0\.9"),
        ("14001,14001,\n14001,14002,1\n", "row 2, column share"),
        ("14001,14001,0.5\n14001,14001,0.5\n", "two shares"),
    ],
)
def test_shares_that_do_not_make_a_whole_are_refused(tmp_path, rows, said):
    with pytest.raises(DataError, match=said):
        splits(tmp_path / "k.csv", "old,new,share\n" + rows)


def test_names_of_the_past_are_kept_with_their_codes(tmp_path):
    path = tmp_path / "communes_nouvelles.csv"
    path.write_text("old,new,name\n26184,26210,Miribel\n26210,26210,Montrigaud\n", encoding="utf-8")
    got = events(path, None, columns={"old_code": "old", "code_insee": "new", "old_nom": "name"})
    assert got.former == (("26184", "Miribel"), ("26210", "Montrigaud"))
    assert got.ledger.set_aside == {"same_code": 1}


def test_events_of_the_cog_know_the_names_before(tmp_path):
    path = tmp_path / "v_mvt_commune.csv"
    path.write_text(mvt.text(*mvt.VALHERBASSE), encoding="utf-8")
    former = events(path).former
    assert ("26184", "Miribel") in former
    assert ("26210", "Montrigaud") in former
