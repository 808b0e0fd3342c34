"""What the tags of one way say, as a road: pure rules, documented in ``docs/roads.md``."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from ctg_geo.sources.osm.access import CLASSES, DESTINATION, closed_ways, is_open, odd_access
from ctg_geo.sources.osm.speeds import duration_min, in_town, way_speed

__all__ = ["ASIDE", "Opening", "WayRule", "is_kept_key", "way_rule"]

Opening = Literal["both", "forward", "backward", "no"]

_NOT_IN_USE: Final = frozenset({
    "construction", "proposed", "planned", "abandoned", "disused", "razed", "demolished",
    "dismantled", "destroyed", "historic", "no",
})  # fmt: skip
_NOT_A_ROAD: Final = frozenset({
    "raceway", "escape", "rest_area", "services", "bus_stop", "emergency_bay", "bus_guideway",
    "via_ferrata", "trailhead", "street_lamp", "toll_gantry", "traffic_island",
})  # fmt: skip
ASIDE: Final = ("not_in_use", "not_a_road", "unknown_class", "area", "closed_to_all")

_FORWARD: Final = frozenset({"yes", "true", "1"})
_BACKWARD: Final = frozenset({"-1", "reverse"})
_BOTH: Final = frozenset({"no", "false", "0", "alternating"})
_REVERSIBLE: Final = "reversible"
_CAR_ONEWAY: Final = ("oneway:motorcar", "oneway:motor_vehicle", "oneway:vehicle", "oneway")
_CYCLEWAYS: Final = ("cycleway", "cycleway:left", "cycleway:right", "cycleway:both")
_FLIPPED: Final[Mapping[str, Opening]] = {"forward": "backward", "backward": "forward"}

_ACCESS: Final = ("access", "vehicle", "motor_vehicle", "motorcar", "bicycle", "foot")
_KEYS: Final = frozenset({
    "highway", "route", "area", "junction", "service", "tracktype", "motorroad", "abandoned",
    "disused", "conveying", "lit", "sidewalk", "duration", "oneway", "oneway:foot",
    "oneway:bicycle", "maxspeed", "maxspeed:forward", "maxspeed:backward", "maxspeed:type",
    "source:maxspeed", "zone:maxspeed", "zone:traffic", "cycleway:left:oneway",
    "cycleway:right:oneway", "cycleway:both:oneway", "bridge", "tunnel",
    *_CYCLEWAYS, *_CAR_ONEWAY, *_ACCESS,
    *(f"{key}:{way}" for key in _ACCESS for way in ("forward", "backward")),
})  # fmt: skip
_CONDITIONAL: Final = ":conditional"


@dataclass(frozen=True, slots=True)
class WayRule:
    """A way as a road.

    `aside` says why it is none (one of `ASIDE`), and is empty if it is one. `structure` is
    bridge, tunnel or empty. `notes` are
    facts to count (destination, conditional, reversible, private); `odd` and
    `implausible` are the tags, ``key=value``, that were not used.
    """

    aside: str
    road_class: str
    car: Opening = "no"
    bicycle: Opening = "no"
    foot: Opening = "no"
    speed_kmh: float = float("nan")
    urban: bool = False
    structure: str = ""
    ferry_min: float = float("nan")
    notes: tuple[str, ...] = ()
    odd: tuple[str, ...] = ()
    implausible: str = ""


def is_kept_key(key: str) -> bool:
    """Tell whether a tag can change the rule of a way."""
    return key in _KEYS or key.endswith(_CONDITIONAL)


def way_rule(tags: Mapping[str, str], classes: Mapping[str, str] | None = None) -> WayRule:
    """Tell what a way is, who may use it, which way, and how fast.

    Parameters
    ----------
    tags : of one way
    classes : words of ``highway`` that the file uses on its own -> a class of OpenStreetMap

    Examples
    --------
    >>> rule = way_rule({"highway": "residential", "oneway": "yes", "oneway:bicycle": "no"})
    >>> rule.car, rule.bicycle, rule.foot
    ('forward', 'both', 'both')
    """
    word = tags.get("highway", "ferry" if tags.get("route") == "ferry" else "")
    road_class = (classes or {}).get(word, word)
    aside = _aside(tags, road_class)
    if aside:
        return WayRule(aside, word)
    car, bicycle, foot = (
        _car(tags, road_class), _bicycle(tags, road_class), _foot(tags, road_class)
    )  # fmt: skip
    speed, worth, told = way_speed(tags, oneway=car)
    odd = [*odd_access(tags), *_odd_oneway(tags), *([told] if worth == "odd" else [])]
    return WayRule(
        "" if {car, bicycle, foot} != {"no"} else "closed_to_all",
        road_class, car, bicycle, foot, speed, in_town(tags, road_class, speed), _structure(tags),
        duration_min(tags.get("duration", "")) if road_class == "ferry" else float("nan"),
        _notes(tags, car), tuple(odd), told if worth == "implausible" else "",
    )  # fmt: skip


def _structure(tags: Mapping[str, str]) -> str:
    """Tell what keeps a way off the ground: one neither joins it nor climbs as the ground does."""
    if tags.get("tunnel", "no") not in ("no", "building_passage"):
        return "tunnel"
    return "bridge" if tags.get("bridge", "no") != "no" else ""


def _aside(tags: Mapping[str, str], road_class: str) -> str:
    if road_class in _NOT_IN_USE or "yes" in (tags.get("abandoned"), tags.get("disused")):
        return "not_in_use"
    if road_class in _NOT_A_ROAD:
        return "not_a_road"
    if road_class not in CLASSES:
        return "unknown_class"
    return "area" if tags.get("area") == "yes" else ""


def _car(tags: Mapping[str, str], road_class: str) -> Opening:
    if not is_open(tags, road_class, "car"):
        return "no"
    said = _oneway(tags, _CAR_ONEWAY, road_class)
    return "no" if said == _REVERSIBLE else _without(said, closed_ways(tags, "car"))


def _bicycle(tags: Mapping[str, str], road_class: str) -> Opening:
    """Bicycles follow the one-way of vehicles, unless a tag of their own frees them."""
    if not is_open(tags, road_class, "bicycle"):
        return "no"
    closed = closed_ways(tags, "bicycle")
    if "oneway:bicycle" in tags:
        return _without(_oneway(tags, ("oneway:bicycle",), ""), closed)
    if _contraflow(tags):
        return _without("both", closed)
    said = _oneway(tags, ("oneway:vehicle", "oneway"), road_class)
    return _without("both" if said == _REVERSIBLE else said, closed)


def _contraflow(tags: Mapping[str, str]) -> bool:
    """Tell whether a lane or a rule lets bicycles ride against the one-way."""
    if any(tags.get(key, "").startswith("opposite") for key in _CYCLEWAYS):
        return True
    sides = (tags.get(f"cycleway:{side}:oneway") for side in ("left", "right", "both"))
    if any(side in ("-1", "no") for side in sides):
        return True
    return tags.get("bicycle:backward") in ("yes", "designated", "permissive")


def _foot(tags: Mapping[str, str], road_class: str) -> Opening:
    """One-way is for vehicles: people on foot go both ways, but on an escalator."""
    if not is_open(tags, road_class, "foot"):
        return "no"
    closed = closed_ways(tags, "foot")
    if "oneway:foot" in tags:
        return _without(_oneway(tags, ("oneway:foot",), ""), closed)
    moving = tags.get("conveying", "")
    return _without(moving if moving in _FLIPPED else "both", closed)


def _oneway(tags: Mapping[str, str], keys: tuple[str, ...], road_class: str) -> str:
    """Return the direction of the first key that gives one, else what the way implies."""
    for key in keys:
        value = tags.get(key, "").strip()
        if value in _FORWARD:
            return "forward"
        if value in _BACKWARD:
            return "backward"
        if value in _BOTH:
            return "both"
        if value == _REVERSIBLE:
            return _REVERSIBLE
    implied = tags.get("junction") in ("roundabout", "circular")
    return "forward" if implied or road_class in ("motorway", "motorway_link") else "both"


def _without(said: str, closed: set[str]) -> Opening:
    left = ({"forward", "backward"} if said == "both" else {said}) - closed
    for way in ("forward", "backward"):
        if left == {way}:
            return way
    return "both" if left == {"forward", "backward"} else "no"


def _odd_oneway(tags: Mapping[str, str]) -> list[str]:
    known = _FORWARD | _BACKWARD | _BOTH | {_REVERSIBLE}
    keys = dict.fromkeys((*_CAR_ONEWAY, "oneway:bicycle", "oneway:foot"))
    return [f"{key}={tags[key]}" for key in keys if key in tags and tags[key].strip() not in known]


def _notes(tags: Mapping[str, str], car: Opening) -> tuple[str, ...]:
    notes = []
    said = {tags[key] for key in ("motorcar", "motor_vehicle", "vehicle", "access") if key in tags}
    if car != "no" and said & DESTINATION:
        notes.append("destination")
    if car == "no" and said & {"private"}:
        notes.append("private")
    if tags.get("oneway") == _REVERSIBLE:
        notes.append("reversible")
    if any(key.endswith(_CONDITIONAL) for key in tags):
        notes.append("conditional")
    return tuple(notes)
