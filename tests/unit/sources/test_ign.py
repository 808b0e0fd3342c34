"""Roads of IGN, on files written in the test with the names and words of the deliveries."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from shapely.geometry import LineString, MultiLineString, box

from ctg_geo.config.road_source import BdTopoRoads, Route500Roads
from ctg_geo.errors import (
    DataError,
    MissingColumnError,
    MissingCrsError,
    NoRoadError,
    UnreadableFileError,
)
from ctg_geo.sources import read_bdtopo, read_route500

X0, Y0 = 850_000, 6_430_000
CRS = "EPSG:2154"
AREA = gpd.GeoSeries([box(X0 - 5000, Y0 - 5000, X0 + 5000, Y0 + 5000)], crs=CRS).to_crs(4326)[0]
GIVEN = {"provider": "IGN", "licence": "Licence Ouverte 2.0", "vintage": "2026"}

# Attributes of the GeoPackage delivery of BD TOPO 3, and of a plain local road.
ROAD = {
    "cleabs": "TRONROUT0000000001", "nature": "Route à 1 chaussée",
    "nom_collaboratif_gauche": "R DES LILAS", "importance": "4", "fictif": False,
    "position_par_rapport_au_sol": "0", "etat_de_l_objet": "En service",
    "sens_de_circulation": "Double sens", "prive": False, "urbain": False,
    "vitesse_moyenne_vl": 60, "acces_vehicule_leger": "Libre", "acces_pieton": None,
    "periode_de_fermeture": None, "sens_amenagement_cyclable_gauche": None,
    "sens_amenagement_cyclable_droit": None, "cpx_numero": None,
}  # fmt: skip
# The same in the Shapefile delivery.
SHORT = {
    "ID": "TRONROUT0000000001", "NATURE": "Route à 1 chaussée", "NOM_COLL_G": "R DES LILAS",
    "IMPORTANCE": "4", "FICTIF": "Non", "POS_SOL": "0", "ETAT": "En service",
    "SENS": "Double sens", "PRIVE": "Non", "URBAIN": "Non", "VIT_MOY_VL": 60,
    "ACCES_VL": "Libre", "ACCES_PED": None, "FERMETURE": None, "NUMERO": None,
}  # fmt: skip
ROUTE_500 = {
    "ID_RTE500": 1, "VOCATION": "Liaison locale", "NB_CHAUSSE": "1 chaussée",
    "NB_VOIES": "2 voies", "ETAT": "Revêtu", "ACCES": "Libre", "RES_VERT": "N'appartient pas",
    "SENS": "Double sens", "NUM_ROUTE": "D1", "RES_EUROPE": None, "LONGUEUR": 1.0,
    "CLASS_ADM": "Départementale",
}  # fmt: skip


def line(number, length=1000, z=None):
    ends = [(X0, Y0 + 10 * number), (X0 + length, Y0 + 10 * number)]
    return LineString(ends if z is None else [(*end, z) for end in ends])


def layer(base, *changes, shapes=None, crs=CRS):
    rows = [{**base, **change} for change in changes or ({},)]
    shapes = shapes or [line(number) for number in range(len(rows))]
    return gpd.GeoDataFrame(rows, geometry=shapes, crs=crs)


def bdtopo(
    tmp_path, *changes, base=ROAD, name="bdtopo.gpkg", layer_name="troncon_de_route", **more
):
    path = tmp_path / name
    table = layer(base, *changes, **more)
    if name.endswith(".gpkg"):
        table.to_file(path, layer=layer_name)
    else:
        table.to_file(path, encoding="utf-8")
    source = BdTopoRoads(kind="bdtopo", path=name, **GIVEN)
    return read_bdtopo(path, source, crs=CRS, area=AREA)


def route500(tmp_path, *changes, **more):
    path = tmp_path / "TRONCON_ROUTE.shp"
    layer(ROUTE_500, *changes, **more).to_file(path, encoding="utf-8")
    source = Route500Roads(kind="route500", path=path.name, **GIVEN)
    return read_route500(path, source, crs=CRS, area=AREA)


def modes(row):
    return row["car"], row["bicycle"], row["foot"]


@pytest.mark.parametrize(("base", "name"), [(ROAD, "bdtopo.gpkg"), (SHORT, "TRONCON_DE_ROUTE.shp")])
def test_both_deliveries_give_the_same_road(tmp_path, base, name):
    row = bdtopo(tmp_path, base=base, name=name).lines.iloc[0]
    assert (row["road_class"], row["speed_kmh"], row["speed_kind"]) == ("tertiary", 60, "mean")
    assert (row["name"], row["urban"], row["structure"]) == ("R DES LILAS", False, "")
    assert modes(row) == ("both", "both", "both")


NO = "no"


@pytest.mark.parametrize(
    ("nature", "importance", "road_class", "open_to"),
    [
        ("Type autoroutier", "1", "motorway", ("both", NO, NO)),
        ("Quasi-autoroute", "2", "trunk", ("both", NO, NO)),
        ("Bretelle", "1", "motorway_link", ("both", NO, NO)),
        ("Bretelle", "3", "secondary_link", ("both", "both", "both")),
        ("Bretelle", "5", "tertiary_link", ("both", "both", "both")),
        ("Route à 2 chaussées", "2", "primary", ("both", "both", "both")),
        ("Rond-point", "3", "secondary", ("both", "both", "both")),
        ("Route à 1 chaussée", "5", "unclassified", ("both", "both", "both")),
        ("Route à 1 chaussée", "6", "service", ("both", "both", "both")),
        ("Route empierrée", "6", "track", ("both", "both", "both")),
        ("Chemin", "6", "track", (NO, "both", "both")),
        ("Sentier", "6", "path", (NO, "both", "both")),
        ("Escalier", "6", "steps", (NO, NO, "both")),
        ("Piste cyclable", "6", "cycleway", (NO, "both", "both")),
        ("Bac ou liaison maritime", "5", "ferry", ("both", "both", "both")),
        ("Bac piéton", "5", "ferry", (NO, "both", "both")),
    ],
)
def test_nature_and_importance_make_the_class_and_who_may_go(
    tmp_path, nature, importance, road_class, open_to
):
    row = bdtopo(tmp_path, {"nature": nature, "importance": importance}).lines.iloc[0]
    assert row["road_class"] == road_class
    assert modes(row) == open_to


@pytest.mark.parametrize(
    ("change", "open_to"),
    [
        ({"sens_de_circulation": "Sens direct"}, ("forward", "forward", "both")),
        ({"sens_de_circulation": "Sens inverse"}, ("backward", "backward", "both")),
        ({"sens_de_circulation": "Sans objet"}, ("both", "both", "both")),
        ({"sens_de_circulation": "Sens direct",
          "sens_amenagement_cyclable_droit": "Double sens"}, ("forward", "both", "both")),
        ({"acces_vehicule_leger": "A péage"}, ("both", "both", "both")),
        ({"acces_vehicule_leger": "Physiquement impossible"}, (NO, "both", "both")),
        ({"acces_vehicule_leger": "Restreint aux ayants droit",
          "nature": "Piste cyclable"}, None),
        ({"acces_pieton": "Restreint aux ayants droit"}, ("both", "both", NO)),
        ({"prive": True}, ("both", "both", "both")),
    ],
)  # fmt: skip
def test_access_and_direction(tmp_path, change, open_to):
    if open_to is None:
        read = bdtopo(tmp_path, change, {})
        assert read.ledger.set_aside == {"closed_to_all": 1}
    else:
        assert modes(bdtopo(tmp_path, change).lines.iloc[0]) == open_to


@pytest.mark.parametrize(
    ("level", "structure"), [("1", "bridge"), ("-2", "tunnel"), ("0", ""), ("Gué ou radier", "")]
)
def test_what_is_off_the_ground_is_a_bridge_or_a_tunnel(tmp_path, level, structure):
    read = bdtopo(tmp_path, {"position_par_rapport_au_sol": level})
    assert read.lines["structure"].tolist() == [structure]


def test_a_speed_of_zero_or_none_is_not_stated(tmp_path):
    read = bdtopo(tmp_path, {"vitesse_moyenne_vl": 0}, {"vitesse_moyenne_vl": None}, {})
    assert read.lines["speed_kmh"].isna().tolist() == [True, True, False]


def test_the_number_of_a_road_counts_before_its_name(tmp_path):
    read = bdtopo(tmp_path, {"cpx_numero": "D533"}, {})
    assert read.lines["name"].tolist() == ["D533", "R DES LILAS"]


def test_every_feature_is_used_or_set_aside_and_said(tmp_path):
    far = LineString([(X0 + 90_000, Y0), (X0 + 91_000, Y0)])
    read = bdtopo(
        tmp_path, {}, {"etat_de_l_objet": "En construction"}, {"nature": "Tapis roulant"}, {}, {},
        shapes=[line(0, z=212.5), line(1), line(2), far, None],
    )  # fmt: skip
    assert read.ledger.read == 5
    assert read.ledger.used == 1
    # a feature without shape lies nowhere: the spatial index does not return it
    assert read.ledger.set_aside == {"not_in_use": 1, "outside": 2, "unknown_class": 1}
    (word,) = [each for each in read.findings if each.key == "ign_unknown_word"]
    assert word.facts["words"] == ["Tapis roulant (1)"]
    assert "Tapis roulant" in word.explain()
    assert not shapely.has_z(read.lines.geometry.to_numpy()).any()


def test_a_shape_of_several_lines_becomes_several(tmp_path):
    many = MultiLineString([[(X0, Y0), (X0 + 500, Y0)], [(X0 + 600, Y0), (X0 + 900, Y0)]])
    read = bdtopo(tmp_path, {}, shapes=[many])
    assert read.lines.geometry.length.tolist() == [500, 300]
    assert read.ledger.used == 1


def test_a_layer_in_degrees_is_moved_to_metres(tmp_path):
    path = tmp_path / "wgs.gpkg"
    layer(ROAD).to_crs(4326).to_file(path, layer="Troncon_de_Route")
    source = BdTopoRoads(kind="bdtopo", path=path.name, **GIVEN)
    read = read_bdtopo(path, source, crs=CRS, area=AREA)
    assert read.lines.geometry.length.tolist() == pytest.approx([1000], abs=0.01)


def test_the_layer_is_found_among_others_in_any_case(tmp_path):
    path = tmp_path / "all.gpkg"
    layer(ROAD).to_file(path, layer="commune")
    layer(ROAD, {"importance": "2"}).to_file(path, layer="TRONCON_DE_ROUTE")
    source = BdTopoRoads(kind="bdtopo", path=path.name, **GIVEN)
    assert read_bdtopo(path, source, crs=CRS, area=AREA).lines["road_class"].tolist() == ["primary"]


def test_columns_that_must_be_there_are_named_and_the_others_told(tmp_path):
    bare = {"nature": "Route à 1 chaussée", "importance": "4", "sens_de_circulation": "Double sens"}
    read = bdtopo(tmp_path, base=bare)
    (absent,) = [each for each in read.findings if each.key == "ign_absent"]
    assert "vitesse_moyenne_vl" in absent.facts["columns"]
    assert read.lines["speed_kmh"].isna().all()
    with pytest.raises(MissingColumnError, match="sens_de_circulation"):
        bdtopo(tmp_path, base={"nature": "Chemin", "importance": "4"}, name="other.gpkg")


def test_files_one_cannot_use_are_refused_in_words(tmp_path):
    with pytest.raises(DataError, match="Point"):
        bdtopo(tmp_path, {}, shapes=[shapely.Point(X0, Y0)])
    with pytest.raises(NoRoadError, match=r"far\.gpkg"):
        bdtopo(
            tmp_path, {}, name="far.gpkg", shapes=[LineString([(X0 + 9e4, Y0), (X0 + 9e4, Y0 + 9)])]
        )
    with pytest.raises(NoRoadError):
        bdtopo(tmp_path, {"etat_de_l_objet": "En projet"}, name="project.gpkg")
    bdtopo(tmp_path, {}, name="bare.shp", base=SHORT)
    (tmp_path / "bare.prj").unlink()
    bare = BdTopoRoads(kind="bdtopo", path="bare.shp", **GIVEN)
    with pytest.raises(MissingCrsError):
        read_bdtopo(tmp_path / "bare.shp", bare, crs=CRS, area=AREA)
    told = bare.model_copy(update={"crs": CRS})
    assert len(read_bdtopo(tmp_path / "bare.shp", told, crs=CRS, area=AREA).lines) == 1
    whole = (tmp_path / "bdtopo.gpkg").read_bytes()
    (tmp_path / "cut.gpkg").write_bytes(whole[: len(whole) // 3])
    source = BdTopoRoads(kind="bdtopo", path="cut.gpkg", **GIVEN)
    with pytest.raises(UnreadableFileError, match=r"cut\.gpkg"):
        read_bdtopo(tmp_path / "cut.gpkg", source, crs=CRS, area=AREA)


@pytest.mark.parametrize(
    ("change", "road_class", "open_to"),
    [
        ({}, "tertiary", ("both", "both", "both")),
        ({"VOCATION": "Liaison principale", "SENS": "Sens unique"}, "primary",
         ("forward", "forward", "both")),
        ({"VOCATION": "Liaison régionale", "SENS": "Sens inverse"}, "secondary",
         ("backward", "backward", "both")),
        ({"VOCATION": "Type autoroutier", "CLASS_ADM": "Autoroute"}, "motorway", ("both", NO, NO)),
        ({"VOCATION": "Type autoroutier", "CLASS_ADM": "Nationale"}, "trunk", ("both", NO, NO)),
        ({"VOCATION": "Bretelle"}, "motorway_link", ("both", NO, NO)),
        ({"VOCATION": "Piste cyclable"}, "cycleway", (NO, "both", "both")),
    ],
)  # fmt: skip
def test_route_500_makes_classes_of_vocations(tmp_path, change, road_class, open_to):
    row = route500(tmp_path, change).lines.iloc[0]
    assert row["road_class"] == road_class
    assert modes(row) == open_to
    assert np.isnan(row["speed_kmh"])


def test_route_500_states_the_length_that_its_shape_has_lost(tmp_path):
    read = route500(tmp_path, {"LONGUEUR": 1.3}, {"LONGUEUR": 9.9}, {"LONGUEUR": 0.0})
    assert read.lines["length_m"].tolist() == [1300, 1000, 1000]


def test_route_500_leaves_out_what_is_under_construction_or_closed(tmp_path):
    read = route500(tmp_path, {}, {"ETAT": "En construction"}, {"ACCES": "Interdit au public"})
    assert read.ledger.set_aside == {"closed_to_all": 1, "not_in_use": 1}
