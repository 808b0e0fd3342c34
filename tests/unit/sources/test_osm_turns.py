"""Turn restrictions of a file: which turns they forbid, to whom, and those that do not count."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ctg_geo.network import from_edges
from ctg_geo.sources import read_osm
from ctg_geo.sources.osm.turn_rules import turn_rule
from osm_town import CRS, relation, road, xml

# a crossing of four streets, 11, and what lies behind it
#          12
#    1 --- 11 --- 21 --- 31
#          10
WEST, EAST, SOUTH, NORTH, FAR = 1, 2, 3, 4, 5
TOWN = [road(WEST, 1, 11), road(EAST, 11, 21), road(SOUTH, 10, 11), road(NORTH, 12, 11),
        road(FAR, 21, 31)]  # fmt: skip
ARMS = {1: WEST, 21: EAST, 10: SOUTH, 12: NORTH}


def turn(one, other, *, via=11, number=1, **tags):
    members = [("w", one, "from"), ("n", via, "via"), ("w", other, "to")]
    return relation(number, members, **tags)


@pytest.fixture
def read(tmp_path):
    return lambda *relations, ways=TOWN, **given: read_in(tmp_path, *relations, ways=ways, **given)


def read_in(folder, *relations, ways=TOWN, **given):
    path = Path(folder) / "town.osm"
    path.write_text(xml(ways, relations="".join(relations), **given), encoding="utf-8")
    return read_osm(path, crs=CRS)


def shut(found, mode="car"):
    """Return the forbidden turns of a mode, as ids of three nodes: from, over, to."""
    nodes = found.nodes.assign(x=found.nodes["node_id"])
    network = from_edges(nodes, found.edges, crs=CRS, mode=mode, turns=found.turns)
    if network.turns is None:
        return set()
    into, out = network.turns.arc_in, network.turns.arc_out
    ends = network.tail[into], network.head[into], network.head[out]
    assert (network.head[into] == network.tail[out]).all()
    return set(zip(*(network.x[end].astype(int).tolist() for end in ends), strict=True))


def aside(found):
    return dict(found.report.restrictions_aside)


def test_no_left_turn_forbids_this_turn_and_no_other(read):
    found = read(turn(SOUTH, WEST, restriction="no_left_turn"))
    assert shut(found) == shut(found, "bicycle") == {(10, 11, 1)}
    assert shut(found, "foot") == set()
    assert found.report.restrictions == {"no_left_turn": 1}
    assert (found.turn_ledger.read, found.turn_ledger.used) == (1, 1)


def test_only_straight_on_forbids_all_other_ways_and_turning_round(read):
    found = read(turn(SOUTH, NORTH, restriction="only_straight_on"))
    assert shut(found) == {(10, 11, 1), (10, 11, 21), (10, 11, 10)}


def test_no_u_turn_on_one_way_forbids_turning_round(read):
    assert shut(read(turn(SOUTH, SOUTH, restriction="no_u_turn"))) == {(10, 11, 10)}


def test_no_entry_has_several_ways_in_and_no_exit_several_out(read):
    way_in = [("w", SOUTH, "from"), ("w", NORTH, "from"), ("n", 11, "via"), ("w", WEST, "to")]
    assert shut(read(relation(1, way_in, restriction="no_entry"))) == {(10, 11, 1), (12, 11, 1)}
    way_out = [("w", SOUTH, "from"), ("n", 11, "via"), ("w", NORTH, "to"), ("w", WEST, "to")]
    assert shut(read(relation(1, way_out, restriction="no_exit"))) == {(10, 11, 12), (10, 11, 1)}
    for members, kind in ((way_in, "no_left_turn"), (way_out, "only_straight_on")):
        assert aside(read(relation(1, members, restriction=kind))) == {"turn_members": 1}


@pytest.mark.parametrize(
    ("tags", "car", "bicycle"),
    [
        ({"restriction": "no_left_turn"}, True, True),
        ({"restriction": "no_left_turn", "except": "bicycle"}, True, False),
        ({"restriction": "no_left_turn", "except": "psv; bicycle"}, True, False),
        ({"restriction": "no_left_turn", "except": "motorcar"}, False, True),
        ({"restriction": "no_left_turn", "except": "motor_vehicle"}, False, True),
        ({"restriction": "no_left_turn", "except": "hgv;psv"}, True, True),
        ({"restriction:motorcar": "no_left_turn"}, True, False),
        ({"restriction:motor_vehicle": "no_left_turn"}, True, False),
        ({"restriction:vehicle": "no_left_turn"}, True, True),
        ({"restriction:bicycle": "no_left_turn"}, False, True),
        ({"restriction": "no_left_turn", "restriction:bicycle": "none"}, True, False),
        ({"restriction": "none", "restriction:bicycle": "no_left_turn"}, False, True),
    ],
)
def test_a_restriction_binds_those_it_names(read, tags, car, bicycle):
    kinds = turn_rule(tags).kinds
    assert ("car" in kinds, "bicycle" in kinds) == (car, bicycle)
    found = read(turn(SOUTH, WEST, **{key.replace(":", "__"): tags[key] for key in tags}))
    assert shut(found, "car") == ({(10, 11, 1)} if car else set())
    assert shut(found, "bicycle") == ({(10, 11, 1)} if bicycle else set())
    assert shut(found, "foot") == set()


@pytest.mark.parametrize(
    ("tags", "reason"),
    [
        ({"restriction:hgv": "no_left_turn"}, "turn_others"),
        ({"restriction:foot": "no_left_turn"}, "turn_others"),
        ({"restriction": "no_left_turn", "except": "vehicle"}, "turn_others"),
        ({"restriction": "no_left_turn", "except": "motorcar;bicycle"}, "turn_others"),
        ({"restriction:conditional": "no_left_turn @ (07:00-09:00)"}, "turn_conditional"),
        ({"restriction": "none", "restriction:conditional": "no_exit @ (Su)"}, "turn_conditional"),
        ({"restriction": "no_left_turn", "hour_on": "07:00"}, "turn_conditional"),
        ({"restriction": "no_right_turn_on_red"}, "turn_kind"),
        ({"restriction": ""}, "turn_others"),
        ({}, "turn_kind"),
    ],
)
def test_what_binds_nobody_says_why(tags, reason):
    assert turn_rule(tags).aside == reason


def test_two_words_of_one_relation_bind_each_its_own(read):
    found = read(
        turn(SOUTH, WEST, restriction="no_left_turn", restriction__bicycle="only_left_turn")
    )
    assert shut(found, "car") == {(10, 11, 1)}
    assert shut(found, "bicycle") == {(10, 11, 12), (10, 11, 21), (10, 11, 10)}


@pytest.mark.parametrize(
    ("relations", "reason"),
    [
        (relation(1, [("w", SOUTH, "from"), ("w", EAST, "via"), ("w", FAR, "to")],
                  restriction="no_u_turn"), "turn_via_way"),
        (relation(1, [("w", SOUTH, "from"), ("w", WEST, "to")], restriction="no_left_turn"),
         "turn_members"),
        (relation(1, [("n", 11, "via"), ("w", WEST, "to")], restriction="no_left_turn"),
         "turn_members"),
        (relation(1, [("n", 11, "via")], restriction="no_left_turn"), "turn_members"),
        (relation(1, [("w", SOUTH, "from"), ("n", 11, "via"), ("n", 21, "via"), ("w", EAST, "to")],
                  restriction="no_left_turn"), "turn_members"),
        (turn(SOUTH, FAR, restriction="no_right_turn"), "turn_not_at_end"),
        (turn(SOUTH, WEST, via=21, restriction="no_left_turn"), "turn_not_at_end"),
        (turn(SOUTH, WEST, via=99, restriction="no_left_turn"), "turn_not_at_end"),
        (turn(SOUTH, 99, restriction="no_left_turn"), "turn_elsewhere"),
        (turn(SOUTH, WEST, restriction="no_nonsense"), "turn_kind"),
        (turn(SOUTH, WEST, restriction__hgv="no_left_turn"), "turn_others"),
    ],
)  # fmt: skip
def test_what_is_not_clear_is_not_applied_and_counted(read, relations, reason):
    found = read(relations)
    assert aside(found) == {reason: 1}
    assert found.report.restrictions == {}
    assert shut(found) == shut(found, "bicycle") == set()
    assert (found.turn_ledger.read, found.turn_ledger.used) == (1, 0)


def test_a_way_that_goes_on_past_the_crossing_is_not_clear(read):
    through = [road(WEST, 1, 11, 21), road(SOUTH, 10, 11), road(NORTH, 11, 12)]
    found = read(turn(SOUTH, WEST, restriction="no_left_turn"), ways=through)
    assert aside(found) == {"turn_not_at_end": 1}


def test_a_way_set_aside_or_twice_over_the_crossing_is_told(read):
    ways = [*TOWN[1:], road(WEST, 1, 11, highway="raceway")]
    found = read(turn(SOUTH, WEST, restriction="no_left_turn"), ways=ways)
    assert aside(found) == {"turn_elsewhere": 1}
    loop = [road(WEST, 11, 1, 2, 11), road(SOUTH, 10, 11)]
    found = read(turn(SOUTH, WEST, restriction="no_left_turn"), ways=loop)
    assert aside(found) == {"turn_not_at_end": 1}


def test_only_into_a_way_that_is_closed_to_a_mode_does_not_bind_it(read):
    ways = [*TOWN[:3], road(NORTH, 12, 11, oneway="yes"), TOWN[4]]
    found = read(turn(SOUTH, NORTH, restriction="only_straight_on"), ways=ways)
    assert aside(found) == {"turn_closed": 1}
    assert shut(found) == set()
    ways[3] = road(NORTH, 12, 11, oneway="yes", oneway__bicycle="no")
    found = read(turn(SOUTH, NORTH, restriction="only_straight_on"), ways=ways)
    assert found.report.restrictions == {"only_straight_on": 1}
    assert shut(found, "car") == set()
    assert shut(found, "bicycle") == {(10, 11, 1), (10, 11, 21), (10, 11, 10)}


def test_a_turn_against_a_one_way_is_none(read):
    ways = [road(WEST, 1, 11, oneway="yes"), *TOWN[1:]]
    found = read(turn(SOUTH, WEST, restriction="no_left_turn"), ways=ways)
    assert shut(found) == set()
    assert found.turn_ledger.used == 1


def test_a_barrier_on_the_crossing_end_of_a_way_keeps_the_turn(read):
    ways = [road(SOUTH, 10, 11), road(NORTH, 11, 12), road(FAR, 12, 22)]
    found = read(turn(SOUTH, SOUTH, restriction="no_u_turn"), ways=ways,
                 tags={11: {"barrier": "bollard"}})  # fmt: skip
    # bicycles pass the bollard: turning round is forbidden where the way meets it
    assert {over for _, over, _ in shut(found, "bicycle")} == {11}
    assert found.report.restrictions == {"no_u_turn": 1}


def test_findings_say_what_counts_and_what_does_not(read):
    found = read(
        turn(SOUTH, WEST, number=1, restriction="no_left_turn"),
        turn(SOUTH, WEST, number=2, restriction="no_left_turn", hour_on="7"),
        turn(SOUTH, 99, number=3, restriction="no_left_turn"),
    )
    said = {each.key: each.explain() for each in found.findings}
    assert "no_left_turn (1)" in said["osm_restrictions"]
    assert "à certaines heures" in said["osm_restrictions_left"]
    assert "1 interdiction" in said["osm_restrictions_left"]
    ledger = found.turn_ledger
    assert (ledger.read, ledger.used) == (3, 1)
    assert ledger.set_aside == {"turn_conditional": 1, "turn_elsewhere": 1}


arm = st.sampled_from(sorted(ARMS))
drawn = st.lists(
    st.tuples(arm, arm, st.sampled_from(["no_left_turn", "no_u_turn", "only_straight_on"]),
              st.sampled_from(["", "bicycle", "motorcar", "hgv"])), max_size=6,
)  # fmt: skip


@settings(deadline=None, max_examples=60, derandomize=True)
@given(drawn)
def test_any_restrictions_of_a_crossing_leave_the_turns_that_all_of_them_allow(restrictions):
    relations = [
        turn(ARMS[one], ARMS[other], number=number, restriction=kind, **{"except": free})
        for number, (one, other, kind, free) in enumerate(restrictions, start=1)
    ]
    with tempfile.TemporaryDirectory() as folder:
        found = read_in(folder, *relations)
    for mode, word in (("car", "motorcar"), ("bicycle", "bicycle")):
        allowed = {
            (one, 11, other)
            for one in ARMS
            for other in ARMS
            if all(
                free == word or one != start or (other == end) == kind.startswith("only")
                for start, end, kind, free in restrictions
            )
        }
        assert shut(found, mode) == {(a, 11, b) for a in ARMS for b in ARMS} - allowed
    assert found.turn_ledger.used == len(restrictions)
