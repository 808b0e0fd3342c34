"""What tags of OpenStreetMap mean, after its wiki (pages named beside each table)."""

import math

import pytest

from ctg_geo.network import NodeKind
from ctg_geo.sources.osm.nodes import node_rule
from ctg_geo.sources.osm.speeds import duration_min, in_town, limit, way_speed
from ctg_geo.sources.osm.tags import way_rule


def opened(highway="residential", /, **tags):
    """Return the openings to car, bicycle and foot; `__` in a name stands for a colon."""
    given = {key.replace("__", ":"): value for key, value in tags.items()}
    rule = way_rule({"highway": highway} | given)
    return rule.car, rule.bicycle, rule.foot


# Key:highway, OSM_tags_for_routing/Access_restrictions (France), Key:motorroad
@pytest.mark.parametrize(
    ("highway", "expected"),
    [
        ("motorway", ("forward", "no", "no")),
        ("motorway_link", ("forward", "no", "no")),
        ("trunk", ("both", "no", "no")),
        ("primary", ("both", "both", "both")),
        ("tertiary_link", ("both", "both", "both")),
        ("unclassified", ("both", "both", "both")),
        ("living_street", ("both", "both", "both")),
        ("service", ("both", "both", "both")),
        ("track", ("no", "both", "both")),
        ("pedestrian", ("no", "both", "both")),
        ("path", ("no", "both", "both")),
        ("cycleway", ("no", "both", "both")),
        ("footway", ("no", "no", "both")),
        ("bridleway", ("no", "no", "both")),
        ("steps", ("no", "no", "both")),
        ("corridor", ("no", "no", "both")),
        ("busway", ("no", "no", "no")),
    ],
)
def test_a_class_alone_says_who_may_use_it(highway, expected):
    assert opened(highway) == expected


# Key:access: the more particular key wins over the more general
@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({"access": "no"}, ("no", "no", "no")),
        ({"access": "private"}, ("no", "no", "no")),
        ({"access": "no", "foot": "yes"}, ("no", "no", "both")),
        ({"access": "no", "bicycle": "designated", "foot": "yes"}, ("no", "both", "both")),
        ({"access": "private", "motor_vehicle": "yes"}, ("both", "no", "no")),
        ({"vehicle": "no"}, ("no", "no", "both")),
        ({"vehicle": "no", "bicycle": "yes"}, ("no", "both", "both")),
        ({"motor_vehicle": "no"}, ("no", "both", "both")),
        ({"motor_vehicle": "no", "motorcar": "yes"}, ("both", "both", "both")),
        ({"motor_vehicle": "yes", "motorcar": "no"}, ("no", "both", "both")),
        ({"access": "destination"}, ("both", "both", "both")),
        ({"access": "permissive"}, ("both", "both", "both")),
        ({"access": "customers"}, ("both", "both", "both")),
        ({"motor_vehicle": "agricultural;forestry"}, ("no", "both", "both")),
        ({"motor_vehicle": "agricultural;destination"}, ("both", "both", "both")),
        ({"motor_vehicle": "delivery"}, ("no", "both", "both")),
        ({"bicycle": "use_sidepath"}, ("both", "no", "both")),
        ({"bicycle": "dismount"}, ("both", "no", "both")),
        ({"foot": "no"}, ("both", "both", "no")),
        ({"access": "yes", "vehicle": "private"}, ("no", "no", "both")),
    ],
)
def test_the_most_particular_access_tag_decides(tags, expected):
    assert opened("residential", **tags) == expected


@pytest.mark.parametrize(
    ("highway", "tags", "expected"),
    [
        ("track", {"tracktype": "grade1"}, ("both", "both", "both")),
        ("track", {"tracktype": "grade2"}, ("no", "both", "both")),
        ("track", {"tracktype": "grade1", "motor_vehicle": "agricultural"}, ("no", "both", "both")),
        ("track", {"motor_vehicle": "yes"}, ("both", "both", "both")),
        ("track", {"access": "yes"}, ("no", "both", "both")),
        ("pedestrian", {"motor_vehicle": "destination"}, ("both", "both", "both")),
        ("path", {"access": "yes"}, ("no", "both", "both")),
        ("footway", {"bicycle": "yes"}, ("no", "both", "both")),
        ("footway", {"access": "yes"}, ("no", "no", "both")),
        ("bridleway", {"bicycle": "designated"}, ("no", "both", "both")),
        ("steps", {"bicycle": "yes"}, ("no", "no", "both")),
        ("trunk", {"bicycle": "yes", "foot": "yes"}, ("both", "both", "both")),
        ("primary", {"motorroad": "yes"}, ("both", "no", "no")),
        ("busway", {"bicycle": "yes"}, ("no", "both", "no")),
        ("service", {"service": "parking_aisle"}, ("both", "both", "both")),
        ("service", {"service": "driveway"}, ("both", "both", "both")),
        ("service", {"service": "driveway", "access": "private"}, ("no", "no", "no")),
        ("service", {"service": "emergency_access"}, ("no", "both", "both")),
    ],
)
def test_tags_lift_or_close_what_the_class_says(highway, tags, expected):
    assert opened(highway, **tags) == expected


# Key:oneway, Key:oneway:bicycle, Key:cycleway (opposite), Key:junction, Tag:conveying
@pytest.mark.parametrize(
    ("highway", "tags", "expected"),
    [
        ("residential", {"oneway": "yes"}, ("forward", "forward", "both")),
        ("residential", {"oneway": "1"}, ("forward", "forward", "both")),
        ("residential", {"oneway": "true"}, ("forward", "forward", "both")),
        ("residential", {"oneway": "-1"}, ("backward", "backward", "both")),
        ("residential", {"oneway": "reverse"}, ("backward", "backward", "both")),
        ("residential", {"oneway": "no"}, ("both", "both", "both")),
        ("residential", {"oneway": "alternating"}, ("both", "both", "both")),
        ("residential", {"oneway": "reversible"}, ("no", "both", "both")),
        ("residential", {"junction": "roundabout"}, ("forward", "forward", "both")),
        ("residential", {"junction": "circular"}, ("forward", "forward", "both")),
        ("residential", {"junction": "roundabout", "oneway": "no"}, ("both", "both", "both")),
        ("residential", {"junction": "roundabout", "oneway": "-1"},
         ("backward", "backward", "both")),
        ("motorway", {"oneway": "no"}, ("both", "no", "no")),
        ("motorway_link", {"oneway": "-1"}, ("backward", "no", "no")),
        ("residential", {"oneway": "yes", "oneway:bicycle": "no"}, ("forward", "both", "both")),
        ("residential", {"oneway": "-1", "oneway:bicycle": "no"}, ("backward", "both", "both")),
        ("residential", {"oneway:bicycle": "yes"}, ("both", "forward", "both")),
        ("residential", {"oneway": "yes", "oneway:bicycle": "-1"},
         ("forward", "backward", "both")),
        ("residential", {"oneway": "yes", "cycleway": "opposite"}, ("forward", "both", "both")),
        ("residential", {"oneway": "yes", "cycleway": "opposite_lane"},
         ("forward", "both", "both")),
        ("residential", {"oneway": "yes", "cycleway:left": "opposite_lane"},
         ("forward", "both", "both")),
        ("residential", {"oneway": "yes", "cycleway:left": "lane", "cycleway:left:oneway": "-1"},
         ("forward", "both", "both")),
        ("residential", {"oneway": "yes", "cycleway": "lane"}, ("forward", "forward", "both")),
        ("residential", {"oneway": "yes", "bicycle:backward": "yes"},
         ("forward", "both", "both")),
        ("residential", {"oneway": "yes", "oneway:foot": "yes"},
         ("forward", "forward", "forward")),
        ("residential", {"vehicle:backward": "no"}, ("forward", "forward", "both")),
        ("residential", {"motor_vehicle:forward": "no"}, ("backward", "both", "both")),
        ("residential", {"oneway": "yes", "motor_vehicle:forward": "no"},
         ("no", "forward", "both")),
        ("residential", {"oneway": "yes", "oneway:motor_vehicle": "no"},
         ("both", "forward", "both")),
        ("footway", {"oneway": "yes"}, ("no", "no", "both")),
        ("steps", {"conveying": "forward"}, ("no", "no", "forward")),
        ("cycleway", {"oneway": "yes"}, ("no", "forward", "both")),
    ],
)  # fmt: skip
def test_one_way_binds_vehicles_and_frees_walkers(highway, tags, expected):
    assert opened(highway, **tags) == expected


@pytest.mark.parametrize(
    ("tags", "aside"),
    [
        ({"highway": "construction"}, "not_in_use"),
        ({"highway": "proposed"}, "not_in_use"),
        ({"highway": "abandoned"}, "not_in_use"),
        ({"highway": "residential", "abandoned": "yes"}, "not_in_use"),
        ({"highway": "raceway"}, "not_a_road"),
        ({"highway": "rest_area"}, "not_a_road"),
        ({"highway": "pedestrian", "area": "yes"}, "area"),
        ({"highway": "boulevard"}, "unknown_class"),
        ({"highway": "service", "access": "private"}, "closed_to_all"),
        ({"highway": "residential", "area": "no"}, ""),
    ],
)
def test_what_is_no_road_says_why(tags, aside):
    assert way_rule(tags).aside == aside


def test_a_word_of_the_file_alone_is_a_road_once_it_is_translated():
    tags = {"highway": "residential_tunnel"}
    assert way_rule(tags).aside == "unknown_class"
    rule = way_rule(tags, {"residential_tunnel": "residential"})
    assert (rule.aside, rule.road_class, rule.car) == ("", "residential", "both")


# Key:route=ferry: a ferry that says foot or bicycle and not cars is for those
@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({}, ("both", "both", "both")),
        ({"foot": "yes"}, ("no", "both", "both")),
        ({"foot": "yes", "motor_vehicle": "yes"}, ("both", "both", "both")),
        ({"motor_vehicle": "no"}, ("no", "both", "both")),
    ],
)
def test_a_ferry_takes_those_it_says(tags, expected):
    rule = way_rule({"route": "ferry"} | tags)
    assert (rule.road_class, rule.car, rule.bicycle, rule.foot) == ("ferry", *expected)


# Key:maxspeed, Speed_limits (France)
@pytest.mark.parametrize(
    ("value", "speed", "worth"),
    [
        ("50", 50, "stated"),
        ("50 km/h", 50, "stated"),
        ("30 mph", 48.3, "stated"),
        ("30mph", 48.3, "stated"),
        ("FR:urban", 50, "stated"),
        ("FR:rural", 80, "stated"),
        ("FR:motorway", 130, "stated"),
        ("FR:zone30", 30, "stated"),
        ("FR:zone:30", 30, "stated"),
        ("FR:30", 30, "stated"),
        ("FR:zone20", 20, "stated"),
        ("DE:urban", 50, "stated"),
        ("DE:rural", 100, "stated"),
        ("walk", 6, "stated"),
        ("50;30", 30, "stated"),
        ("80; none", 80, "stated"),
        ("none", None, "silent"),
        ("signals", None, "silent"),
        ("variable", None, "silent"),
        ("DE:motorway", None, "silent"),
        ("fast", None, "odd"),
        ("50,5", None, "odd"),
        ("-50", None, "odd"),
        ("", None, "odd"),
        ("500", None, "implausible"),
        ("1", None, "implausible"),
        ("0", None, "implausible"),
        ("150", 150, "stated"),
        ("5", 5, "stated"),
    ],
)
def test_a_speed_limit_is_read_in_all_its_forms(value, speed, worth):
    found, said = limit(value)
    assert said == worth
    assert math.isnan(found) if speed is None else found == pytest.approx(speed, abs=0.05)


@pytest.mark.parametrize(
    ("tags", "oneway", "speed"),
    [
        ({"maxspeed": "50"}, "both", 50),
        ({"maxspeed:forward": "50", "maxspeed:backward": "70"}, "both", 60),
        ({"maxspeed:forward": "50", "maxspeed:backward": "70"}, "forward", 50),
        ({"maxspeed:forward": "50", "maxspeed:backward": "70"}, "backward", 70),
        ({"maxspeed": "90", "maxspeed:backward": "70"}, "both", 80),
        ({"maxspeed:forward": "70"}, "both", 70),
        ({"maxspeed:type": "FR:rural"}, "both", 80),
        ({"source:maxspeed": "FR:urban"}, "both", 50),
        ({"source:maxspeed": "sign"}, "both", None),
        ({"zone:maxspeed": "FR:30"}, "both", 30),
        ({"maxspeed": "70", "source:maxspeed": "FR:rural"}, "both", 70),
        ({"maxspeed": "none"}, "forward", None),
        ({}, "both", None),
    ],
)
def test_the_speed_of_a_way_is_that_of_its_open_directions(tags, oneway, speed):
    found, _, _ = way_speed(tags, oneway=oneway)
    assert math.isnan(found) if speed is None else found == speed


def test_what_is_not_used_of_a_limit_is_told_with_its_tag():
    assert way_rule({"highway": "primary", "maxspeed": "500"}).implausible == "maxspeed=500"
    assert way_rule({"highway": "primary", "maxspeed": "fast"}).odd == ("maxspeed=fast",)
    assert way_rule({"highway": "primary", "access": "sometimes"}).odd == ("access=sometimes",)
    assert way_rule({"highway": "primary", "oneway": "up"}).odd == ("oneway=up",)
    assert way_rule({"highway": "primary", "oneway": "yes", "maxspeed": "50"}).odd == ()


def test_what_is_decided_for_a_way_is_noted():
    assert way_rule({"highway": "service", "access": "destination"}).notes == ("destination",)
    assert way_rule({"highway": "service", "vehicle": "private"}).notes == ("private",)
    assert way_rule({"highway": "primary", "oneway": "reversible"}).notes == ("reversible",)
    noted = way_rule({"highway": "primary", "access:conditional": "no @ (Sa)"}).notes
    assert noted == ("conditional",)


@pytest.mark.parametrize(
    ("tags", "road_class", "speed", "urban"),
    [
        ({"maxspeed": "FR:urban"}, "primary", 50, True),
        ({"source:maxspeed": "FR:zone30"}, "tertiary", 30, True),
        ({"source:maxspeed": "FR:rural"}, "residential", 80, False),
        ({}, "primary", 50, True),
        ({}, "primary", 70, False),
        ({}, "primary", math.nan, False),
        ({}, "residential", math.nan, True),
        ({}, "living_street", math.nan, True),
        ({"lit": "yes"}, "tertiary", math.nan, True),
        ({"sidewalk": "both"}, "tertiary", math.nan, True),
        ({"sidewalk": "none"}, "tertiary", math.nan, False),
        ({"lit": "yes"}, "trunk", 90, False),
    ],
)
def test_built_up_is_said_by_zone_then_limit_then_class_then_pavement(
    tags, road_class, speed, urban
):
    assert in_town(tags, road_class, speed) is urban


# Durations of ferries.
@pytest.mark.parametrize(
    ("value", "minutes"),
    [("00:35", 35), ("1:05", 65), ("01:05:30", 65.5), ("20", 20), ("PT35M", 35), ("PT2H", 120)],
)
def test_durations_are_read_in_minutes(value, minutes):
    assert duration_min(value) == minutes


@pytest.mark.parametrize("value", ["", "PT", "half an hour", "12:75"])
def test_an_unclear_duration_is_none(value):
    assert math.isnan(duration_min(value))


# Key:barrier, Tag:highway=crossing
@pytest.mark.parametrize(
    ("tags", "kind", "closed"),
    [
        ({"highway": "traffic_signals"}, NodeKind.SIGNALS, ""),
        ({"highway": "stop"}, NodeKind.STOP, ""),
        ({"highway": "give_way"}, NodeKind.STOP, ""),
        ({"highway": "mini_roundabout"}, NodeKind.MINI_ROUNDABOUT, ""),
        ({"highway": "crossing", "crossing": "zebra"}, NodeKind.CROSSING, ""),
        ({"highway": "crossing", "crossing": "traffic_signals"}, NodeKind.SIGNALS, ""),
        ({"highway": "crossing", "crossing": "unmarked"}, NodeKind.NONE, ""),
        ({"highway": "bus_stop"}, NodeKind.NONE, ""),
        ({"barrier": "gate"}, NodeKind.BARRIER, ""),
        ({"barrier": "lift_gate"}, NodeKind.BARRIER, ""),
        ({"barrier": "gate", "access": "private"}, NodeKind.NONE, "car bicycle foot"),
        ({"barrier": "gate", "access": "private", "foot": "yes"}, NodeKind.NONE, "car bicycle"),
        ({"barrier": "lift_gate", "motor_vehicle": "private"}, NodeKind.NONE, "car"),
        ({"barrier": "bollard"}, NodeKind.NONE, "car"),
        ({"barrier": "bollard", "motor_vehicle": "yes"}, NodeKind.NONE, ""),
        ({"barrier": "block"}, NodeKind.NONE, "car"),
        ({"barrier": "cycle_barrier"}, NodeKind.NONE, "car"),
        ({"barrier": "kissing_gate"}, NodeKind.NONE, "car bicycle"),
        ({"barrier": "stile"}, NodeKind.NONE, "car bicycle"),
        ({"barrier": "cattle_grid"}, NodeKind.NONE, ""),
        ({"barrier": "kerb"}, NodeKind.NONE, ""),
        ({"access": "no"}, NodeKind.NONE, ""),
    ],
)
def test_a_node_slows_or_stops_those_it_should(tags, kind, closed):
    rule = node_rule(tags)
    assert (rule.kind, rule.closed) == (kind, frozenset(closed.split()))
