"""A BD TOPO or a ROUTE 500 becomes nodes and edges, and every road of it is accounted for."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Transformer
from shapely.geometry import LineString, MultiLineString, Point, box

import ign
from ctg_geo.config.road_source import BdTopoRoads, Route500Roads
from ctg_geo.errors import (
    ConfigError,
    DataError,
    MissingColumnError,
    MissingCrsError,
    MissingFileError,
    NoRoadError,
    UnreadableFileError,
)
from ctg_geo.network import from_edges
from ctg_geo.sources import read_bdtopo, read_route500

CRS = "EPSG:2154"
X, Y = 850_000, 6_430_000  # near Valence
SAID = {"path": "any", "provider": "IGN", "licence": "test", "vintage": "2026"}


def at(*places, z=210.0):
    return ign.line(*[(X + x, Y + y) for x, y in places], z=z)


def degrees(shape):
    to = Transformer.from_crs(CRS, "EPSG:4326", always_xy=True)
    return shapely.transform(shape, lambda xy: np.stack(to.transform(*xy.T), axis=1))


def around(x0, y0, x1, y1):
    return degrees(box(X + x0, Y + y0, X + x1, Y + y1))


def bdtopo(path, *, area=None, **key):
    return read_bdtopo(path, BdTopoRoads(kind="bdtopo", **SAID, **key), crs=CRS, area=area)


def route500(path, *, area=None, **key):
    return read_route500(path, Route500Roads(kind="route500", **SAID, **key), crs=CRS, area=area)


def told(found, key):
    return [each.facts for each in found.findings if each.key == key]


def pairs(found):
    """Return the ends of each edge, in metres from (X, Y)."""
    spots = np.stack([found.nodes["x"] - X, found.nodes["y"] - Y], axis=1).round(1)
    ends = found.edges[["from_node", "to_node"]].to_numpy()
    return [tuple(tuple(spots[node].tolist()) for node in pair) for pair in ends]


STREET = [
    (at((0, 0), (100, 0)), {"nom_collaboratif_gauche": "Rue Émile Augier", "urbain": True}),
    (at((100, 0), (100, 50)), {"sens_de_circulation": "Sens direct", "cpx_numero": "D533"}),
    (at((100, 0), (200, 0)), {"vitesse_moyenne_vl": 0, "importance": "5"}),
]


@pytest.fixture(params=["gpkg", "shp"])
def write(request, tmp_path):
    """Write a BD TOPO in each form of its delivery."""
    if request.param == "gpkg":
        return lambda roads, **more: ign.bdtopo_gpkg(tmp_path / "BDT_D026.gpkg", roads, **more)
    return lambda roads, **more: ign.bdtopo_shp(tmp_path / "TRONCON_DE_ROUTE.shp", roads, **more)


def test_both_forms_of_delivery_give_the_same_roads(write):
    found = bdtopo(write(STREET))
    edges = found.edges
    assert pairs(found) == [((0, 0), (100, 0)), ((100, 0), (100, 50)), ((100, 0), (200, 0))]
    assert edges["length_m"].tolist() == [100, 50, 100]
    assert edges["road_class"].tolist() == ["tertiary", "tertiary", "unclassified"]
    assert edges["name"].tolist() == ["Rue Émile Augier", "D533", ""]
    assert edges["urban"].tolist() == [True, False, False]
    assert edges["car"].tolist() == ["both", "forward", "both"]
    assert edges["road_id"].tolist() == [f"TRONROUT{n:016d}" for n in range(3)]
    assert edges["speed_kind"].eq("mean").all()
    assert edges["speed_kmh"].tolist()[:2] == [60, 60]
    assert np.isnan(edges["speed_kmh"].iloc[2])
    assert found.nodes["kind"].tolist() == [0, 0, 0, 0]
    assert not any(line.has_z for line in edges.geometry)
    assert (found.ledger.read, found.ledger.used, found.ledger.set_aside) == (3, 3, {})
    assert not told(found, "ign_odd")
    assert not told(found, "ign_absent")
    assert told(found, "ign_used")[0]["stated"] == pytest.approx(150 / 250)
    assert from_edges(found.nodes, edges, crs=CRS, mode="car").arcs == 5


def test_a_mean_speed_of_cars_is_not_given_where_no_car_goes(write):
    closed = {"acces_vehicule_leger": "Physiquement impossible", "vitesse_moyenne_vl": 20}
    found = bdtopo(write([(at((0, 0), (9, 0)), closed), (at((9, 0), (20, 0)), {})]))
    assert found.edges["car"].tolist() == ["no", "both"]
    assert np.isnan(found.edges["speed_kmh"].iloc[0])


def test_every_road_of_the_file_is_accounted_for(write):
    roads = [
        *STREET,
        (at((0, 9), (50, 9)), {"etat_de_l_objet": "En projet"}),
        (at((0, 8), (50, 8)), {"prive": True}),
        (at((0, 7), (50, 7)), {"nature": "Téléphérique"}),
        (at((0, 6), (50, 6)), {"nature": "Téléphérique"}),
        (None, {}),
        (at((0, 0), (100, 0)), {"cleabs": "TRONROUT0000000000000000"}),
        (at((90_000, 0), (90_100, 0)), {}),
    ]
    found = bdtopo(write(roads), area=around(-10, -10, 300, 300))
    assert (found.ledger.read, found.ledger.used) == (10, 3)
    assert found.ledger.set_aside == {
        "closed_to_all": 1, "no_geometry": 1, "not_in_service": 1, "outside": 1, "repeated": 1,
        "unknown_nature": 2,
    }  # fmt: skip
    assert told(found, "road_without_geometry") == [{"count": 1, "rows": ["8"]}]
    assert told(found, "ign_left") == [{"count": 2, "column": "nature", "value": "Téléphérique"}]
    assert told(found, "ign_repeated") == [{"count": 1, "rows": ["9"]}]
    assert told(found, "ign_access")[0]["private"] == 1
    assert told(found, "ign_left_out") == [{"works": 1, "closed": 1}]
    for each in found.findings:
        assert "{" not in each.explain()


def test_an_unknown_value_is_told_once_with_its_count(write):
    odd = {"acces_vehicule_leger": "Sur demande"}
    places = [at((n, 0), (n + 1, n)) for n in range(5)]
    found = bdtopo(write([(place, odd | {"importance": str(n + 1)})
                          for n, place in enumerate(places)]))  # fmt: skip
    assert told(found, "ign_odd") == [
        {"count": 5, "column": "acces_vehicule_leger", "value": "Sur demande"}
    ]


def test_only_roads_that_touch_the_area_are_read(write):
    ring = at((-500, -500), (-500, 500), (500, 500))  # its rectangle touches, it does not
    found = bdtopo(write([*STREET, (ring, {})]), area=around(-10, -10, 99, 10))
    assert pairs(found) == [((0, 0), (100, 0))]
    assert found.ledger.set_aside == {"outside": 3}


def test_roads_in_degrees_are_moved_to_the_crs_of_the_study(tmp_path):
    path = ign.bdtopo_gpkg(tmp_path / "degrees.gpkg", STREET, crs="EPSG:4326")
    found = bdtopo(path, area=around(-10, -10, 300, 300))
    assert pairs(found) == [((0, 0), (100, 0)), ((100, 0), (100, 50)), ((100, 0), (200, 0))]
    assert found.edges["length_m"].to_numpy() == pytest.approx([100, 50, 100], abs=1e-3)


def test_a_road_of_several_parts_gives_an_edge_for_each(write):
    parts = MultiLineString([at((0, 0), (10, 0)), at((20, 0), (10, 0)), at((40, 0), (50, 0))])
    one_way = {"sens_de_circulation": "Sens inverse"}
    found = bdtopo(write([(parts, one_way), (at((50, 0), (60, 0)), {})]))
    assert pairs(found)[:3] == [((0, 0), (10, 0)), ((20, 0), (10, 0)), ((40, 0), (50, 0))]
    assert found.edges["car"].tolist() == ["backward"] * 3 + ["both"]
    assert (found.ledger.read, found.ledger.used) == (2, 2)


def test_parts_of_a_road_that_was_cut_keep_its_identifier_and_are_no_repeat(write):
    same = {"cleabs": "TRONROUT0000000000000007"}
    found = bdtopo(write([(at((0, 0), (10, 0)), same), (at((10, 0), (20, 0)), same)]))
    assert pairs(found) == [((0, 0), (10, 0)), ((10, 0), (20, 0))]
    assert found.ledger.set_aside == {}


def test_a_road_without_length_is_left_and_told(write):
    found = bdtopo(write([*STREET, (at((5, 5), (5, 5)), {})]))
    assert found.ledger.set_aside == {"without_length": 1}
    assert told(found, "road_without_length") == [{"count": 1, "rows": ["4"]}]


def test_a_bridge_joins_its_ramps_and_not_the_road_below(write):
    bridge = {"position_par_rapport_au_sol": "1"}
    roads = [
        (at((0, 0), (40, 0), z=200), {}), (at((40, 0), (60, 0), z=206), bridge),
        (at((60, 0), (99, 0), z=206), {}), (at((50, -50), (50, 50), z=200), {}),
    ]  # fmt: skip
    found = bdtopo(write(roads))
    assert pairs(found) == [
        ((0, 0), (40, 0)), ((40, 0), (60, 0)), ((60, 0), (99, 0)), ((50, -50), (50, 50)),
    ]  # fmt: skip
    assert told(found, "ign_uneven") == [{"count": 1}]
    assert found.edges["structure"].tolist() == ["", "bridge", "", ""]


def test_heights_that_ign_does_not_know_are_not_uneven(write):
    found = bdtopo(write([(at((0, 0), (9, 0)), {}), (at((9, 0), (20, 0), z=-1000), {})]))
    assert not told(found, "ign_uneven")


@pytest.mark.parametrize(("gap", "nodes"), [(0.0, 3), (0.09, 3), (0.11, 4)])
def test_ends_within_the_precision_of_the_source_are_one_node(write, gap, nodes):
    found = bdtopo(write([(at((0, 0), (10, 0)), {}), (at((10 + gap, 0), (20, 0)), {})]))
    assert len(found.nodes) == nodes


def test_a_speed_that_no_car_has_is_replaced_and_told(write):
    found = bdtopo(write([(at((0, 0), (9, 0)), {"vitesse_moyenne_vl": 999}), *STREET]))
    assert np.isnan(found.edges["speed_kmh"].iloc[0])
    assert told(found, "ign_fast") == [{"count": 1}]


def test_a_speed_that_is_no_number_is_refused_with_its_row(tmp_path):
    roads = [(shape, {"vitesse_moyenne_vl": "vite" if n == 1 else "50"})
             for n, (shape, _) in enumerate(STREET)]  # fmt: skip
    with pytest.raises(DataError, match=r"row 2, column vitesse_moyenne_vl.*vite"):
        bdtopo(ign.bdtopo_gpkg(tmp_path / "words.gpkg", roads))


def test_a_point_among_roads_is_refused_with_its_row(tmp_path):
    roads = [*STREET, (Point(X, Y, 0), {})]
    with pytest.raises(DataError, match=r"row 4, column geometry.*Point"):
        bdtopo(ign.bdtopo_gpkg(tmp_path / "points.gpkg", roads))


def test_missing_columns_are_named_in_both_forms(write):
    path = write(STREET, drop=("nature", "vitesse_moyenne_vl", "prive"))
    with pytest.raises(MissingColumnError) as caught:
        bdtopo(path)
    assert caught.value.facts["missing"] == ["NATURE", "vitesse_moyenne_vl (VIT_MOY_VL)"]
    assert "colonnes de BD TOPO absentes" in caught.value.explain().replace("\u00a0", " ")


def test_columns_that_only_say_more_are_told_where_absent(write):
    found = bdtopo(write(STREET, drop=("prive", "acces_pieton")))
    assert told(found, "ign_absent") == [
        {"columns": ["PRIVE", "acces_pieton (ACCES_PED)"], "product": "BD TOPO"}
    ]
    assert found.ledger.used == 3


def test_the_layer_is_found_whatever_its_case(tmp_path):
    path = ign.bdtopo_gpkg(tmp_path / "a.gpkg", STREET, layer="TRONCON_DE_ROUTE")
    assert bdtopo(path).ledger.used == 3
    assert bdtopo(path, layer="Troncon_de_Route").ledger.used == 3


def test_a_file_without_the_layer_says_those_it_has(tmp_path):
    path = ign.bdtopo_gpkg(tmp_path / "a.gpkg", STREET, layer="voies")
    assert bdtopo(path, layer="voies").ledger.used == 3
    with pytest.raises(ConfigError, match=r"troncon_de_route.*voies"):
        read_bdtopo(
            ign.bdtopo_gpkg(tmp_path / "b.gpkg", STREET, layer="voies2"),
            BdTopoRoads(kind="bdtopo", layer="troncon_de_route", **SAID), crs=CRS,
        )  # fmt: skip


def test_a_layer_without_crs_is_refused_unless_the_source_says_it(tmp_path):
    path = ign.bdtopo_shp(tmp_path / "TRONCON_DE_ROUTE.shp", STREET)
    path.with_suffix(".prj").unlink()
    with pytest.raises(MissingCrsError, match=r"TRONCON_DE_ROUTE\.shp"):
        bdtopo(path, area=around(-10, -10, 300, 300))
    with pytest.raises(MissingCrsError):
        bdtopo(path)
    found = bdtopo(path, area=around(-10, -10, 300, 300), crs="EPSG:2154")
    assert found.ledger.used == 3


def test_words_in_another_encoding_are_told_and_the_key_mends_them(tmp_path):
    path = ign.bdtopo_shp(tmp_path / "TRONCON_DE_ROUTE.shp", STREET, encoding="cp1252")
    path.with_suffix(".cpg").write_text("UTF-8")
    assert bdtopo(path, encoding="cp1252").ledger.used == 3
    with pytest.raises(UnreadableFileError, match=r"utf-8.*key encoding"):
        bdtopo(path)


def test_accents_that_are_broken_are_shown_with_the_mend(tmp_path):
    path = ign.bdtopo_shp(tmp_path / "TRONCON_DE_ROUTE.shp", STREET)
    with pytest.raises(NoRoadError, match=r"none of the 3.*column nature: Route Ã.*encoding"):
        bdtopo(path, encoding="cp1252")


def test_a_file_of_elsewhere_says_both_extents(write):
    area = degrees(box(X + 90_000, Y, X + 90_100, Y + 100))
    west, south = area.bounds[:2]
    with pytest.raises(NoRoadError, match=rf"4\.9.*{west:.2f}, {south:.2f}"):
        bdtopo(write(STREET), area=area)


def test_a_file_whose_roads_are_all_closed_is_refused(write):
    with pytest.raises(NoRoadError, match="none of the 1"):
        bdtopo(write([(at((0, 0), (9, 0)), {"prive": True})]))


def test_a_file_without_any_shape_is_refused(write):
    with pytest.raises(UnreadableFileError):
        bdtopo(write([(None, {})]), area=around(-10, -10, 300, 300))


def test_an_empty_shape_is_told_as_a_missing_one(tmp_path):
    path = ign.bdtopo_gpkg(tmp_path / "void.gpkg", [*STREET, (LineString(), {})])
    for area in (None, around(-10, -10, 300, 300)):
        found = bdtopo(path, area=area)
        assert found.ledger.set_aside == {"no_geometry": 1}
        assert told(found, "road_without_geometry") == [{"count": 1, "rows": ["4"]}]


def test_a_copy_in_another_format_reads_the_same(tmp_path):
    gpkg = ign.bdtopo_gpkg(tmp_path / "a.gpkg", [*STREET, (None, {})])
    layer = gpd.read_file(gpkg, layer="troncon_de_route")
    layer.to_file(tmp_path / "a.geojson")
    for area in (None, around(-10, -10, 99, 10)):
        expected, found = bdtopo(gpkg, area=area), bdtopo(tmp_path / "a.geojson", area=area)
        assert found.ledger.set_aside == expected.ledger.set_aside
        assert pairs(found) == pairs(expected)


@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.9])
def test_a_geopackage_cut_anywhere_is_refused(tmp_path, share):
    roads = [(at((n, 0), (n + 1, n % 7 + 1)), {}) for n in range(400)]
    path = ign.bdtopo_gpkg(tmp_path / "cut.gpkg", roads)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(UnreadableFileError, match=r"cut\.gpkg"):
        bdtopo(path, area=around(-10, -10, 500, 300))


@pytest.mark.parametrize("suffix", [".shp", ".dbf"])
@pytest.mark.parametrize("share", [0.0, 0.5, 0.95])
def test_a_shapefile_cut_anywhere_is_refused(tmp_path, suffix, share):
    roads = [(at((n, 0), (n + 1, n % 7 + 1)), {}) for n in range(400)]
    path = ign.bdtopo_shp(tmp_path / "TRONCON_DE_ROUTE.shp", roads)
    part = path.with_suffix(suffix)
    whole = part.read_bytes()
    part.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises((UnreadableFileError, MissingColumnError)):
        bdtopo(path, area=around(-10, -10, 500, 300))


def test_a_missing_file_or_a_folder_is_said(tmp_path):
    with pytest.raises(MissingFileError):
        bdtopo(tmp_path / "none.gpkg")
    with pytest.raises(UnreadableFileError, match="folder"):
        bdtopo(tmp_path)


MAIN = [
    (at((0, 0), (1000, 0)), {"NUM_ROUTE": "D68", "LONGUEUR": 1.25}),
    (at((1000, 0), (2000, 0)), {"SENS": "Sens inverse", "VOCATION": "Liaison régionale"}),
    (at((1000, 0), (1000, 500)), {"VOCATION": "Type autoroutier", "CLASS_ADM": "Autoroute",
                                  "ACCES": "A péage", "NB_CHAUSSE": "2 chaussées"}),
]  # fmt: skip


def test_a_route_500_becomes_main_roads_without_speed(tmp_path):
    found = route500(ign.route500_shp(tmp_path / "TRONCON_ROUTE.shp", MAIN))
    edges = found.edges
    assert edges["road_class"].tolist() == ["tertiary", "secondary", "motorway"]
    assert edges["car"].tolist() == ["both", "backward", "both"]
    assert edges["foot"].tolist() == ["both", "both", "no"]
    assert edges["name"].tolist() == ["D68", "D999", "D999"]
    assert edges["speed_kmh"].isna().all()
    assert edges["speed_kind"].eq("limit").all()
    assert len(found.nodes) == 4
    assert (found.ledger.read, found.ledger.used) == (3, 3)
    assert told(found, "ign_used_no_speed")[0]["product"] == "ROUTE 500"
    assert not told(found, "ign_odd")
    assert told(found, "ign_access")[0]["toll"] == 1


def test_a_stated_length_serves_where_it_is_likely(tmp_path):
    roads = [
        (at((0, 0), (1000, 0)), {"LONGUEUR": 1.25}),  # a road that winds more than its drawing
        (at((0, 1), (1004, 1)), {"LONGUEUR": 1.0}),  # rounded
        (at((0, 2), (1000, 2)), {"LONGUEUR": 1000.0}),  # in metres
        (MultiLineString([at((0, 3), (300, 3)), at((300, 3), (1000, 3))]), {"LONGUEUR": 2.0}),
    ]
    found = route500(ign.route500_shp(tmp_path / "TRONCON_ROUTE.shp", roads))
    assert found.edges["length_m"].to_numpy() == pytest.approx([1250, 1004, 1000, 600, 1400])
    assert told(found, "ign_length") == [{"count": 1}]


def test_missing_columns_of_route_500_are_named(tmp_path):
    path = ign.route500_shp(tmp_path / "TRONCON_ROUTE.shp", MAIN, drop=("VOCATION", "ACCES"))
    with pytest.raises(MissingColumnError) as caught:
        route500(path)
    assert caught.value.facts["missing"] == ["VOCATION", "ACCES"]


def test_route_500_without_lengths_uses_the_drawing(tmp_path):
    path = ign.route500_shp(tmp_path / "TRONCON_ROUTE.shp", MAIN, drop=("LONGUEUR",))
    assert route500(path).edges["length_m"].tolist() == [1000, 1000, 500]


@st.composite
def grids(draw):
    """Roads along the sides of a grid, each with its sense, in any order."""
    spot = st.tuples(st.integers(0, 3), st.integers(0, 3))
    ends = st.tuples(spot, spot).filter(lambda pair: pair[0] != pair[1])
    sense = st.sampled_from(["Double sens", "Sens direct", "Sens inverse", "Sans objet"])
    return draw(st.lists(st.tuples(ends, sense), min_size=1, max_size=12))


@settings(max_examples=40, deadline=None)
@given(grids())
def test_every_step_that_a_road_allows_is_possible_and_no_other(tmp_path_factory, roads):
    path = tmp_path_factory.mktemp("ign") / "any.gpkg"
    ign.bdtopo_gpkg(path, [(at(*[(100 * x, 100 * y) for x, y in ends]),
                            {"sens_de_circulation": sense}) for ends, sense in roads])  # fmt: skip
    found = bdtopo(path)
    allowed = set()
    for (one, two), sense in roads:
        allowed |= {(one, two)} if sense != "Sens inverse" else set()
        allowed |= {(two, one)} if sense != "Sens direct" else set()
    network = from_edges(found.nodes, found.edges, crs=CRS, mode="car")
    spot = [(round((x - X) / 100), round((y - Y) / 100))
            for x, y in zip(network.x, network.y, strict=True)]  # fmt: skip
    steps = {(spot[a], spot[b]) for a, b in zip(network.tail, network.head, strict=True)}
    assert steps == allowed
    assert len(found.nodes) == len({place for ends, _ in roads for place in ends})


def test_pieces_keep_the_whole_length(tmp_path):
    rng = np.random.default_rng(3)
    roads = [(at(*rng.uniform(0, 900, (4, 2)).round(1).tolist()), {}) for _ in range(50)]
    found = bdtopo(ign.bdtopo_gpkg(tmp_path / "any.gpkg", roads))
    expected = sum(np.hypot(*np.diff(shapely.get_coordinates(shape), axis=0).T).sum()
                   for shape, _ in roads)  # fmt: skip
    assert found.edges["length_m"].sum() == pytest.approx(expected)
