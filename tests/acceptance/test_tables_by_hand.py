"""Hand-written axes, barriers and bridges over Petit Pays: what is refused, what is told.

The river runs north to south between Brive (01002) and Combe (01003), at x = 815 000; its bridge
lies on the line of the chefs-lieux. An axis runs from Alpe to Dune with an exit in each.
"""

import pytest
from pyproj import Transformer

import ctg_geo
import petit_pays as pp
from ctg_geo.errors import DataError

TO_DEGREES = Transformer.from_crs("EPSG:2154", "EPSG:4326", always_xy=True).transform
STUDY = (
    pp.STUDY.replace('roads = "line"', 'roads = "drawn"').split("[roads.line]")[0]
    + '[roads.drawn]\nkind = "schematic"\n'
    + "".join(
        f'{name} = {{ path = "{name}.csv", provider = "t", licence = "t", vintage = "2026" }}\n'
        for name in ("axes", "barriers", "bridges")
    )
)
BARRIERS = [
    ["river", "west", "01001"], ["river", "west", "01002"], ["river", "east", "01003"],
    ["river", "east", "2A*"], ["river", "east", "26*"],
]  # fmt: skip


def degrees(x_km, y_km=0.0):
    lon, lat = TO_DEGREES(pp.X0 + 1000 * x_km, pp.Y0 + 1000 * y_km)
    return [f"{lon:.6f}", f"{lat:.6f}"]


def axes():
    return [
        ["A1", str(at), f"e{at}", pp.NAMES[at], *degrees(10 * at, 1), "yes", "motorway"]
        for at in range(4)
    ]


def bridges():
    return [["river", "b1", "Brive – Combe (pont neuf)", *degrees(15)]]


def study(folder, *, axis=None, barrier=None, bridge=None):
    titles = {
        "axes": "axis,order,junction_id,name,lon,lat,is_exit,road_class",
        "barriers": "barrier,side,code_insee",
        "bridges": "barrier,junction_id,name,lon,lat",
    }
    rows = {"axes": axis or axes(), "barriers": barrier or BARRIERS, "bridges": bridge or bridges()}
    path = pp.write(folder, study=STUDY)
    for name, title in titles.items():
        lines = [title, *(",".join(row) for row in rows[name])]
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return ctg_geo.open_study(path)


def told(opened):
    assert len(opened.topology.edges)
    keys = ("point", "axis_", "barrier_", "bridge")
    found = [one for one in opened.roads.findings if one.key.startswith(keys)]
    assert all(one.explain() for one in found)
    return {one.key: one for one in found}


def refused(folder, **rows):
    """Return each defect as (row, column, value, reason), after its French has been written."""
    with pytest.raises(DataError) as error:
        study(folder, **rows).topology  # noqa: B018
    assert all(one.explain() for one in error.value.defects)
    return [(one.row, one.column, one.value, one.reason) for one in error.value.defects]


def with_cell(rows, at, column, value):
    made = [list(row) for row in rows]
    made[at][column] = value
    return made


def test_tables_that_are_right_are_not_remarked_on(tmp_path):
    assert told(study(tmp_path)) == {}


@pytest.mark.parametrize(("yes", "no"), [("VRAI", "FAUX"), ("oui", "non"), ("TRUE", "0")])
def test_yes_and_no_are_read_as_spreadsheets_write_them(tmp_path, yes, no):
    says = [yes, no, yes, yes]
    mine = [[*row[:6], said, row[7]] for row, said in zip(axes(), says, strict=True)]
    plain = [
        [*row[:6], "yes" if said == yes else "no", row[7]]
        for row, said in zip(axes(), says, strict=True)
    ]
    one, two = study(tmp_path / "mine", axis=mine), study(tmp_path / "plain", axis=plain)
    assert one.topology.edges.equals(two.topology.edges)
    assert not one.topology.edges.equals(study(tmp_path / "all").topology.edges)


def test_a_class_of_road_may_be_french(tmp_path):
    french = [[*row[:7], "autoroute"] for row in axes()]
    one, two = study(tmp_path / "mine", axis=french), study(tmp_path / "plain")
    assert one.topology.edges.equals(two.topology.edges)


@pytest.mark.parametrize(
    ("column", "value", "expected"),
    [
        (6, "parfois", ("is_exit", "parfois", "yes_no")),
        (6, "", ("is_exit", "", "yes_no")),
        (7, "motorwya", ("road_class", "motorwya", "axis_class_near")),
        (7, "chemin", ("road_class", "chemin", "axis_class")),
        (0, "", ("axis", "", "cell_void")),
        (1, "0", ("order", "0", "axis_order_twice")),
        (2, "01002", ("junction_id", "01002", "junction_is_commune")),
        (2, "e0", ("junction_id", "e0", "junction_moved")),
    ],
)
def test_a_wrong_cell_of_the_axes_is_refused(tmp_path, column, value, expected):
    assert refused(tmp_path, axis=with_cell(axes(), 1, column, value)) == [(3, *expected)]


@pytest.mark.parametrize(
    ("at", "column", "value", "expected"),
    [
        (0, 2, "01**", (2, "code_insee", "01**", "code_start_near")),
        (0, 2, "x*", (2, "code_insee", "x*", "code_start")),
        (0, 2, "1001", (2, "code_insee", "1001", "code_leading_zero")),
        (3, 1, "", (5, "side", "", "cell_void")),
        (4, 1, "East", (6, "side", "East", "barrier_three_sides")),
        (4, 0, "Rivêr", (6, "barrier", "Rivêr", "barrier_alike")),
        (4, 2, "01002", (6, "code_insee", "01002", "barrier_both_sides")),
        (4, 2, "0100*", (6, "code_insee", "0100*", "barrier_both_sides")),
        (4, 2, "2A*", (6, "code_insee", "2A*", "barrier_row_twice")),
        (4, 0, "rival", (6, "side", "east", "barrier_one_side")),
    ],
)
def test_a_wrong_cell_of_the_barriers_is_refused(tmp_path, at, column, value, expected):
    assert expected in refused(tmp_path, barrier=with_cell(BARRIERS, at, column, value))


def test_two_codes_of_one_side_may_hold_each_other(tmp_path):
    assert told(study(tmp_path, barrier=[*BARRIERS, ["river", "east", "26005"]])) == {}


@pytest.mark.parametrize(
    ("column", "value", "expected"),
    [
        (0, "Rivér", ("barrier", "Rivér", "bridge_barrier_near")),
        (0, "canal", ("barrier", "canal", "bridge_barrier")),
        (1, "e2", ("junction_id", "e2", "junction_of_axis_moved")),
    ],
)
def test_a_wrong_cell_of_the_bridges_is_refused(tmp_path, column, value, expected):
    assert refused(tmp_path, bridge=with_cell(bridges(), 0, column, value)) == [(2, *expected)]


def test_a_bridge_stands_once(tmp_path):
    (bridge,) = bridges()
    again = [bridge, ["river", "b1", "", *degrees(15, 2)], ["river", "b2", "", *bridge[3:]]]
    reasons = {(row, reason) for row, _, _, reason in refused(tmp_path, bridge=again)}
    assert reasons == {(3, "bridge_twice"), (3, "junction_moved"), (4, "bridge_same_place")}


def test_a_bridge_away_from_the_river_is_told_with_its_distance(tmp_path):
    found = told(study(tmp_path, bridge=[["river", "b1", "", *degrees(18)]]))
    assert list(found) == ["bridge_off_wall"]
    assert found["bridge_off_wall"].facts["km"] == pytest.approx(3, abs=0.06)  # 50 m of tolerance


def test_a_bridge_out_of_the_territory_is_told(tmp_path):
    found = told(study(tmp_path, bridge=[*bridges(), ["river", "b2", "", *degrees(15, 15)]]))
    assert list(found) == ["bridges_outside"]
    assert found["bridges_outside"].facts["km"] == pytest.approx(10, abs=0.01)


def test_a_point_far_from_the_commune_of_its_name_is_told(tmp_path):
    moved = [["river", "b1", "Dune Nord – Combe", *degrees(15)]]  # Dune begins at 25 km
    found = told(study(tmp_path, bridge=moved))
    assert list(found) == ["point_misnamed"]
    assert found["point_misnamed"].facts["nom"] == "Dune"
    assert found["point_misnamed"].facts["km"] == pytest.approx(10, abs=0.01)


def test_a_junction_far_away_is_told_with_its_distance_and_the_detour(tmp_path):
    rows = axes()
    rows[1] = [*rows[1][:3], "sortie 1", *degrees(10, 305), *rows[1][6:]]
    found = told(study(tmp_path, axis=rows))
    assert sorted(found) == ["axis_off_line", "points_far"]
    assert found["points_far"].facts["km"] == pytest.approx(300, abs=0.01)
    assert found["axis_off_line"].facts["direct"] == pytest.approx(20, abs=0.01)


def test_a_long_step_between_junctions_is_told(tmp_path):
    rows = [*axes(), ["A1", "4", "e4", "", *degrees(95), "no", "motorway"]]  # 30 -> 95 km
    found = told(study(tmp_path, axis=rows))
    assert sorted(found) == ["axis_step", "points_far"]
    assert found["axis_step"].facts["km"] == pytest.approx(65, abs=0.1)


def test_a_side_without_communes_is_told(tmp_path):
    rows = [row if row[1] == "west" else ["river", "east", f"4400{row[2][0]}"] for row in BARRIERS]
    rows = [row for at, row in enumerate(rows) if row not in rows[:at]]
    found = told(study(tmp_path, barrier=rows))
    assert sorted(found) == ["barrier_codes_nowhere", "barrier_void_side"]
    assert found["barrier_void_side"].facts["side"] == "east"
