"""A file of OpenStreetMap becomes nodes and edges, and every way of it is accounted for."""

import bz2
import gzip
import itertools

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, Point, box

from ctg_geo.errors import MissingFileError, NoRoadError, UnreadableFileError
from ctg_geo.network import NO_ARC, NodeKind, connected_share, from_edges
from ctg_geo.parameters import MODES
from ctg_geo.sources import read_osm, uncovered
from osm_town import CRS, ROAD, STEP, TO_METRES, place, road, xml


@pytest.fixture
def read(tmp_path):
    def _read(ways, *, area=None, classes=None, **given):
        path = tmp_path / "town.osm"
        path.write_text(xml(ways, **given), encoding="utf-8")
        return read_osm(path, crs=CRS, area=area, classes=classes)

    return _read


def pairs(found):
    """Return the ends of each edge, as ids of the file."""
    ids = found.nodes["node_id"].to_numpy()
    ends = found.edges[["from_node", "to_node"]].to_numpy()
    return [tuple(pair) for pair in ids[ends].tolist()]


def ways_open(found, mode):
    """Return the arcs of a mode, as pairs of ids of the file."""
    kept = from_edges(found.nodes.assign(x=found.nodes["node_id"]), found.edges, crs=CRS, mode=mode)
    return sorted(zip(kept.x[kept.tail].tolist(), kept.x[kept.head].tolist(), strict=True))


def planar_m(nodes):
    """Length of a way through nodes, in the projected CRS."""
    return LineString([TO_METRES.transform(*place(node)) for node in nodes]).length


def test_ways_are_cut_where_others_pass_and_nowhere_else(read):
    found = read([road(1, 0, 10, 20, 30), road(2, 20, 21, 22)])
    assert pairs(found) == [(0, 20), (20, 30), (20, 22)]
    assert found.nodes["node_id"].tolist() == [0, 20, 22, 30]
    assert found.edges["way_id"].tolist() == [1, 1, 2]
    expected = [planar_m([0, 10, 20]), planar_m([20, 30]), planar_m([20, 21, 22])]
    assert found.edges["length_m"].tolist() == pytest.approx(expected)
    assert found.edges.geometry.length.tolist() == pytest.approx(expected)
    assert shapely.get_num_coordinates(found.edges.geometry.to_numpy()).tolist() == [3, 2, 3]


def test_a_way_that_crosses_itself_is_cut_there(read):
    assert pairs(read([road(1, 0, 10, 11, 1, 10, 20)])) == [(0, 10), (10, 10), (10, 20)]


def test_ways_that_cross_without_a_common_node_do_not_meet(read):
    assert pairs(read([road(1, 0, 11), road(2, 10, 1)])) == [(0, 11), (10, 1)]


def test_a_closed_way_alone_is_one_edge(read):
    assert pairs(read([road(1, 0, 10, 11, 0)])) == [(0, 0)]


@pytest.mark.parametrize(
    ("tags", "car", "bicycle", "foot"),
    [
        ({}, "both", "both", "both"),
        ({"oneway": "yes"}, "forward", "forward", "both"),
        ({"oneway": "-1"}, "backward", "backward", "both"),
        ({"oneway": "yes", "oneway:bicycle": "no"}, "forward", "both", "both"),
        ({"oneway": "yes", "cycleway": "opposite_lane"}, "forward", "both", "both"),
        ({"junction": "roundabout"}, "forward", "forward", "both"),
        ({"vehicle": "no"}, "no", "no", "both"),
        ({"motor_vehicle": "no"}, "no", "both", "both"),
        ({"foot": "no", "bicycle": "no"}, "both", "no", "no"),
    ],
)
def test_each_mode_goes_the_ways_that_are_open_to_it(read, tags, car, bicycle, foot):
    found = read([(1, (0, 10), ROAD | tags)])
    arcs = {"both": [(0, 10), (10, 0)], "forward": [(0, 10)], "backward": [(10, 0)], "no": []}
    for mode, said in zip(MODES, (car, bicycle, foot), strict=True):
        assert found.edges[mode].tolist() == [said]
        assert ways_open(found, mode) == arcs[said]
        assert found.report.arcs[mode] == len(arcs[said])


def test_an_edge_carries_what_its_way_says(read):
    found = read([road(1, 0, 10, highway="tertiary", name="Rue Pasteur", maxspeed="50"),
                  road(2, 10, 20, highway="secondary", ref="D 533", source__maxspeed="FR:rural"),
                  road(3, 20, 30, highway="track")])  # fmt: skip
    edges = found.edges
    assert edges["road_class"].tolist() == ["tertiary", "secondary", "track"]
    assert edges["name"].tolist() == ["Rue Pasteur", "D 533", ""]
    assert edges["speed_kmh"].tolist()[:2] == [50, 80]
    assert np.isnan(edges["speed_kmh"].iloc[2])
    assert edges["urban"].tolist() == [True, False, False]
    assert edges.crs == CRS


def test_the_table_of_edges_holds_what_a_network_needs(read):
    found = read([road(1, 0, 10, 20), road(2, 10, 11)], tags={10: {"highway": "traffic_signals"}})
    network = from_edges(found.nodes, found.edges, crs=CRS, mode="car")
    assert (network.nodes, network.arcs) == (4, 6)
    assert network.node_kinds.tolist() == [0, NodeKind.SIGNALS, 0, 0]
    assert connected_share(network) == 1.0


def test_the_connected_share_counts_nodes_of_the_largest_part(read):
    found = read([road(1, 0, 10, 20), road(2, 10, 11), road(3, 40, 50, oneway="yes")])
    network = from_edges(found.nodes, found.edges, crs=CRS, mode="car")
    assert connected_share(network) == pytest.approx(4 / 6)


def test_a_node_that_slows_people_down_ends_an_edge(read):
    found = read([road(1, 0, 10, 20)], tags={10: {"highway": "crossing"}})
    assert pairs(found) == [(0, 10), (10, 20)]
    assert found.nodes["kind"].tolist() == [0, NodeKind.CROSSING, 0]


def test_a_bollard_stops_cars_and_lets_the_others_pass(read):
    found = read([road(1, 0, 10, 20)], tags={10: {"barrier": "bollard"}})
    car, foot = (from_edges(found.nodes, found.edges, crs=CRS, mode=m) for m in ("car", "foot"))
    assert connected_share(car) == pytest.approx(2 / 4)  # from 0, as far as the bollard; and 10-20
    assert connected_share(foot) == 1.0
    assert foot.edges["length_m"].sum() == pytest.approx(planar_m([0, 10, 20]), abs=1e-6)
    assert car.edges["length_m"].sum() == pytest.approx(planar_m([0, 10, 20]) - 1, abs=1e-6)
    assert found.report.barriers.applied == 1


def test_two_bollards_on_one_edge_both_stop_cars(read):
    found = read(
        [road(1, 0, 10, 20, 30)], tags={10: {"barrier": "bollard"}, 20: {"barrier": "block"}}
    )
    car = from_edges(found.nodes, found.edges, crs=CRS, mode="car")
    assert car.part.max() + 1 == 3
    assert found.edges["length_m"].sum() == pytest.approx(planar_m([0, 10, 20, 30]), abs=1e-6)
    for mode in MODES:
        network = from_edges(found.nodes, found.edges, crs=CRS, mode=mode)
        ends = shapely.get_coordinates(shapely.get_point(network.edge_lines, 0))
        at = np.stack([network.x[network.edge_from], network.y[network.edge_from]], axis=1)
        assert np.abs(ends - at).max() < 1e-6


def test_a_bollard_between_two_ways_stops_cars(read):
    found = read([road(1, 0, 10), road(2, 10, 20)], tags={10: {"barrier": "bollard"}})
    car = from_edges(found.nodes, found.edges, crs=CRS, mode="car")
    assert car.part.max() == 1


def test_a_barrier_at_a_junction_is_not_applied_but_counted(read):
    ways = [road(1, 0, 10, 20), road(2, 10, 11)]
    for barrier in ({"barrier": "bollard"}, {"barrier": "gate", "access": "private"}):
        found = read(ways, tags={10: barrier})
        car = from_edges(found.nodes, found.edges, crs=CRS, mode="car")
        assert connected_share(car) == 1.0
        assert (found.report.barriers.applied, found.report.barriers.at_junction) == (0, 1)
    assert read(ways, tags={10: {"barrier": "gate"}}).nodes["kind"].tolist() == [0, 0, 0, 0]


def test_a_gate_that_may_be_opened_is_a_node_that_slows(read):
    found = read([road(1, 0, 10, 20)], tags={10: {"barrier": "gate"}})
    assert found.nodes["kind"].tolist() == [0, NodeKind.BARRIER, 0]
    assert pairs(found) == [(0, 10), (10, 20)]


def test_every_way_that_is_not_used_has_its_reason(read):
    found = read([
        road(1, 0, 10), road(2, 10, 20, highway="construction"), road(3, 0, 1, access="private"),
        road(4, 1, 11, 2, 1, area="yes"), road(5, 1, 2, highway="boulevard"), road(6, 10, 0),
        road(7, 0, 80, 81), (8, (3, 4), {"route": "bus"}), (9, (3, 4), {"building": "yes"}),
    ], nodes=[0, 1, 2, 3, 4, 10, 11, 20])  # fmt: skip
    aside = {"not_in_use": 1, "closed_to_all": 1, "area": 1, "unknown_class": 1, "repeated": 1,
             "missing_nodes": 1}  # fmt: skip
    assert found.report.aside == aside
    assert (found.ledger.read, found.ledger.used) == (7, 1)
    assert found.ledger.set_aside == aside
    assert pairs(found) == [(0, 10)]
    words = {"highway=boulevard": 1, "highway=construction": 1}
    assert found.report.words == words


def test_the_better_class_of_two_ways_on_the_same_nodes_is_kept(read):
    ways = [road(1, 0, 10, 20, 30, highway="track", tracktype="grade1"),
            road(2, 20, 10, 0, highway="secondary")]  # fmt: skip
    found = read(ways)
    classes = dict(zip(pairs(found), found.edges["road_class"], strict=True))
    assert classes == {(20, 0): "secondary", (20, 30): "track"}
    assert (found.report.repeated, found.report.shared) == (2, 0)


def test_a_second_way_open_to_others_is_kept_beside_the_first(read):
    found = read([road(1, 0, 10, highway="motorway"), road(2, 0, 10, highway="cycleway")])
    assert sorted(found.edges["road_class"]) == ["cycleway", "motorway"]
    assert (found.report.repeated, found.report.shared) == (0, 1)


def test_two_one_ways_drawn_on_the_same_nodes_are_both_kept(read):
    found = read([road(1, 0, 10, oneway="yes"), road(2, 10, 0, oneway="yes")])
    assert ways_open(found, "car") == [(0, 10), (10, 0)]


def test_a_way_with_missing_nodes_is_cut_there_and_counted(read):
    found = read([road(1, 0, 10, 20, 30, 40, 50), road(2, 50, 51)],
                 nodes=[0, 10, 30, 40, 50, 51])  # fmt: skip
    assert pairs(found) == [(0, 10), (30, 50), (50, 51)]
    assert (found.report.cut_ways, found.report.missing_nodes) == (1, 1)
    assert found.ledger.used == 2
    assert "osm_cut_ways" in [each.key for each in found.findings]


def test_a_node_given_twice_in_a_row_changes_nothing(read):
    assert pairs(read([road(1, 0, 10, 10, 20)])) == [(0, 20)]


def test_nodes_at_one_spot_on_a_way_are_one_node(tmp_path):
    text = xml([road(1, 0, 10, 20), road(2, 99, 11)]).replace(
        f'id="99" lon="{place(99)[0]:.7f}" lat="{place(99)[1]:.7f}"',
        f'id="99" lon="{place(10)[0]:.7f}" lat="{place(10)[1]:.7f}"',
    ).replace('<nd ref="10"/>', '<nd ref="10"/><nd ref="99"/>')  # fmt: skip
    path = tmp_path / "twin.osm"
    path.write_text(text, encoding="utf-8")
    found = read_osm(path, crs=CRS)
    assert pairs(found) == [(0, 10), (10, 20), (10, 11)]
    assert found.edges["length_m"].min() > 0


def test_only_ways_near_the_area_are_kept(read):
    ways = [road(1, 0, 10), road(2, 10, 20), road(3, 50, 60)]
    lon, lat = place(0)
    found = read(ways, area=box(lon - STEP, lat - STEP, lon + STEP / 2, lat + STEP))
    assert pairs(found) == [(0, 10)]
    assert found.ledger.set_aside == {"outside": 2}
    corner = shapely.Polygon([place(0), place(60), place(64), place(63), place(1), place(0)])
    kept = read([*ways, road(4, 4, 14)], area=corner)  # in the bounds, not in the shape
    assert kept.ledger.set_aside == {"outside": 1}
    assert 4 not in kept.edges["way_id"].tolist()


def test_a_ferry_goes_at_the_speed_of_its_duration(read):
    ways = [road(1, 0, 10), (2, (10, 20, 30), {"route": "ferry", "duration": "00:05"}),
            (3, (10, 11), {"route": "ferry"}),
            (4, (10, 15), {"route": "ferry", "duration": "00:00:10"})]  # fmt: skip
    found = read(ways)
    by_way = found.edges.set_index("way_id")["speed_kmh"]
    assert by_way[2] == pytest.approx(planar_m([10, 20, 30]) / 1000 * 12)
    assert np.isnan(by_way[3])
    assert np.isnan(by_way[4])  # 200 km/h
    assert found.report.untimed_ferries == 2


def test_a_word_of_the_file_is_translated(read):
    ways = [road(1, 0, 10), road(2, 10, 20, highway="residential_bridge")]
    told = [each for each in read(ways).findings if each.key == "osm_unknown_class"]
    assert "residential_bridge" in told[0].explain()
    found = read(ways, classes={"residential_bridge": "residential"})
    assert found.ledger.used == 2
    assert found.edges["road_class"].tolist() == ["residential", "residential"]


def test_findings_speak_french_of_what_was_decided(read):
    found = read([
        road(1, 0, 10, maxspeed="999"), road(2, 10, 20, access="destination"),
        road(3, 20, 30, oneway="perhaps"),
    ])  # fmt: skip
    said = {each.key: each.explain() for each in found.findings}
    assert "maxspeed=999 (1)" in said["osm_implausible"]
    assert "oneway=perhaps (1)" in said["osm_odd_tags"]
    assert said["osm_access"].startswith("Accès\u00a0: 1 voie réservée aux riverains")
    assert "3 voies lues, 3 utilisées en 3 tronçons" in said["osm_used"]


def test_compressed_files_read_alike(tmp_path):
    text = xml([road(1, 0, 10, 20), road(2, 10, 11)]).encode()
    (tmp_path / "a.osm").write_bytes(text)
    (tmp_path / "a.osm.gz").write_bytes(gzip.compress(text))
    (tmp_path / "a.osm.bz2").write_bytes(bz2.compress(text))
    plain, *packed = (read_osm(path, crs=CRS) for path in sorted(tmp_path.iterdir()))
    for each in packed:
        pd.testing.assert_frame_equal(each.nodes, plain.nodes)
        pd.testing.assert_frame_equal(pd.DataFrame(each.edges), pd.DataFrame(plain.edges))


GOOD = xml([road(1, 0, 10)])


@pytest.mark.parametrize(
    ("name", "content", "mend"),
    [
        ("a.osm", "", "empty"),
        ("a.osm.pbf", "hello " * 99, "Download it again"),
        ("a.osm", GOOD[: len(GOOD) // 2], "Download it again"),
        ("a.osm", "<html></html>", "Download it again"),
        ("a.osm", GOOD.replace('lat="44.9', 'lat="x44.9'), "Download it again"),
        ("a.osm", GOOD.replace('id="10"', 'id="ten"'), "Download it again"),
        ("a.osm", '<osm version="0.6"></osm>', "no road"),
        ("a.osm", GOOD.replace("highway", "building"), "no road"),
        ("a.osm", GOOD.replace("<node", "<!-- ").replace("</node>", "-->"), "osmium sort"),
        ("a.osm", GOOD.replace('lat="44.9', 'lat="94.9'), r"node 0 .*lat = 94.9000.*-90 to 90"),
        ("a.osm", GOOD.replace('lon="4.9', 'lon="194.9'), r"node 0 .*lon = 194.9000"),
        ("a.txt", GOOD, r"ends in one of: \.osm\.pbf"),
    ],
)
def test_a_file_that_cannot_be_read_is_named_with_its_mend(tmp_path, name, content, mend):
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    with pytest.raises(UnreadableFileError, match=mend) as caught:
        read_osm(path, crs=CRS)
    assert str(caught.value).startswith(name)
    assert caught.value.explain("fr").startswith(name)


def test_a_compressed_file_cut_in_half_is_named(tmp_path):
    path = tmp_path / "half.osm.gz"
    text = xml([road(n, *range(0, 100, 10)) for n in range(1, 200)]).encode()
    path.write_bytes(gzip.compress(text)[:-300])
    with pytest.raises(UnreadableFileError, match=r"^half\.osm\.gz.*Download it again"):
        read_osm(path, crs=CRS)


def test_a_missing_file_or_a_folder_is_said(tmp_path):
    with pytest.raises(MissingFileError):
        read_osm(tmp_path / "none.osm", crs=CRS)
    with pytest.raises(UnreadableFileError, match="folder"):
        read_osm(tmp_path, crs=CRS)


def test_an_extract_of_elsewhere_says_both_extents(read):
    with pytest.raises(NoRoadError, match=r"4\.90, 44\.90, .*7\.00, 43\.00, 8\.00, 44\.00"):
        read([road(1, 0, 10)], area=box(7, 43, 8, 44))


def test_an_extract_whose_roads_are_all_closed_is_refused(read):
    with pytest.raises(NoRoadError, match="none of the 1 ways"):
        read([road(1, 0, 10, access="private")])


@pytest.mark.parametrize(("lat", "lon"), [("-90", "4.9"), ("-30", "-51.2")])
def test_roads_outside_the_domain_of_the_crs_are_refused(tmp_path, lat, lon):
    path = tmp_path / "far.osm"
    text = GOOD.replace('lat="44.9000000', f'lat="{lat}').replace('lon="4.9', f'lon="{lon}')
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UnreadableFileError, match=r"domain of EPSG:2154.*study\.crs"):
        read_osm(path, crs=CRS)


ROADS = gpd.GeoSeries([LineString([(0, 0), (1000, 0)])], crs=CRS)


def near(*distances):
    codes = [f"26{n:03d}" for n in range(len(distances))]
    return gpd.GeoSeries([Point(500, each) for each in distances], index=codes, crs=CRS)


def test_people_beyond_the_roads_are_counted():
    people = pd.Series([700.0, 200.0, 100.0], index=["26000", "26001", "26002"])
    (told,) = uncovered(near(0, 1999, 2001), people, ROADS, file="a.osm.pbf")
    assert (told.facts["count"], told.facts["codes"]) == (1, ["26002"])
    assert told.facts["share"] == pytest.approx(0.1)
    assert "10" in told.explain()
    assert uncovered(near(0, 1999), people, ROADS, file="a.osm.pbf") == []


def test_roads_that_reach_nobody_are_refused():
    people = pd.Series([1.0, 1.0], index=["26000", "26001"])
    with pytest.raises(NoRoadError, match=r"a\.osm\.pbf.*nearest is 5 km"):
        uncovered(near(5000, 9000), people, ROADS, file="a.osm.pbf")


@st.composite
def networks(draw):
    """Ways through random nodes of a grid, with random one-ways."""
    walk = st.lists(st.integers(0, 59), min_size=2, max_size=8)
    ways = draw(st.lists(walk.filter(lambda nodes: len(set(nodes)) > 1), min_size=1, max_size=6))
    tags = st.sampled_from([{}, {"oneway": "yes"}, {"oneway": "-1"}, {"highway": "footway"}])
    return [(n, tuple(way), ROAD | draw(tags)) for n, way in enumerate(ways, start=1)]


def roads_of(ways, folders):
    path = folders.mktemp("osm") / "any.osm"
    path.write_text(xml(ways), encoding="utf-8")
    return read_osm(path, crs=CRS)


@settings(max_examples=60, deadline=None)
@given(networks())
def test_pieces_keep_the_roads_whole(tmp_path_factory, ways):
    found = roads_of(ways, tmp_path_factory)
    drawn, kept = {}, set()
    for _, way, _ in ways:
        for one, two in itertools.pairwise(way):
            if one != two:
                drawn.setdefault(frozenset((one, two)), planar_m([one, two]))
                kept |= {one, two}
    total = sum(drawn.values())
    pieces = found.edges.geometry.to_numpy()
    united = shapely.length(shapely.line_merge(shapely.union_all(pieces)))
    assert found.edges["length_m"].sum() >= united - 1e-6
    if found.report.shared == 0:
        assert found.edges["length_m"].sum() == pytest.approx(total)
    on_edges = {tuple(np.round(xy, 3)) for xy in shapely.get_coordinates(pieces)}
    assert on_edges == {tuple(np.round(TO_METRES.transform(*place(node)), 3)) for node in kept}
    assert found.ledger.read == found.ledger.used + sum(found.ledger.set_aside.values())


@settings(max_examples=60, deadline=None)
@given(networks())
def test_every_step_that_a_way_allows_is_possible_and_no_other(tmp_path_factory, ways):
    found = roads_of(ways, tmp_path_factory)
    allowed = set()
    for _, way, tags in ways:
        for one, two in itertools.pairwise(way):
            if one == two or tags["highway"] == "footway":
                continue
            allowed |= {(one, two)} if tags.get("oneway") != "-1" else set()
            allowed |= {(two, one)} if tags.get("oneway") != "yes" else set()
    at = {tuple(np.round(TO_METRES.transform(*place(node)), 3)): node for node in range(60)}
    network = from_edges(found.nodes, found.edges, crs=CRS, mode="car")
    steps = set()
    for edge, line in enumerate(network.edge_lines):
        nodes = [at[tuple(np.round(xy, 3))] for xy in line.coords]
        for one, two in itertools.pairwise(nodes):
            steps |= {(one, two)} if network.forward[edge] != NO_ARC else set()
            steps |= {(two, one)} if network.backward[edge] != NO_ARC else set()
    assert steps == allowed
