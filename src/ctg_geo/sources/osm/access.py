"""Who may use a way of OpenStreetMap: class of road, and what its access tags say.

Source: OpenStreetMap wiki, Key:access and OSM_tags_for_routing/Access_restrictions (France).
"""

from collections.abc import Mapping
from typing import Final, Literal

from ctg_geo.parameters import MODES, Mode

__all__ = ["CLASSES", "MODES", "Mode", "Verdict", "closed_ways", "is_open", "odd_access", "stated"]

Verdict = Literal["open", "closed"]

_ALL: Final = frozenset(MODES)
_SLOW: Final = frozenset({"bicycle", "foot"})
_CAR: Final = frozenset({"car"})
_FOOT: Final = frozenset({"foot"})
_NONE: Final[frozenset[str]] = frozenset()

# The better of two ways drawn on the same nodes stands first. In France a trunk road is a
# road for motor vehicles only (wiki: Key:motorroad).
CLASSES: Final[Mapping[str, frozenset[str]]] = {
    "motorway": _CAR, "motorway_link": _CAR, "trunk": _CAR, "trunk_link": _CAR,
    "primary": _ALL, "primary_link": _ALL, "secondary": _ALL, "secondary_link": _ALL,
    "tertiary": _ALL, "tertiary_link": _ALL, "unclassified": _ALL, "residential": _ALL,
    "living_street": _ALL, "road": _ALL, "service": _ALL, "ferry": _ALL, "busway": _NONE,
    "track": _SLOW, "pedestrian": _SLOW, "cycleway": _SLOW, "path": _SLOW, "bridleway": _FOOT,
    "footway": _FOOT, "steps": _FOOT, "corridor": _FOOT, "platform": _FOOT, "elevator": _FOOT,
}  # fmt: skip

_KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    "car": ("motorcar", "motor_vehicle", "vehicle", "access"),
    "bicycle": ("bicycle", "vehicle", "access"),
    "foot": ("foot", "access"),
}
# Only these lift what the class of the road forbids: access=yes does not put cars on a path.
_LIFTING: Final[Mapping[str, tuple[str, ...]]] = {
    "car": ("motorcar", "motor_vehicle", "vehicle"),
    "bicycle": ("bicycle",),
    "foot": ("foot",),
}
DESTINATION: Final = frozenset({"destination", "customers", "visitors"})
_OPEN: Final = DESTINATION | {
    "yes", "permissive", "designated", "official", "public", "allowed", "discouraged",
}  # fmt: skip
_CLOSED: Final = frozenset({
    "no", "private", "agricultural", "forestry", "emergency", "military", "psv", "bus", "taxi",
    "delivery", "permit", "residents", "employees", "staff", "restricted", "service", "hgv",
    "use_sidepath", "dismount", "closed", "customers_only", "none",
})  # fmt: skip


def _verdict(value: str) -> Verdict | None:
    """Say whether a value of an access tag opens or closes; None where it says neither.

    Of a list, one open value opens.
    """
    parts = {part.strip() for part in value.split(";")}
    if parts & _OPEN:
        return "open"
    return "closed" if parts & _CLOSED else None


def stated(tags: Mapping[str, str], mode: Mode) -> tuple[Verdict | None, str]:
    """Return what the most particular access tag says for a mode, and its key.

    Examples
    --------
    >>> stated({"access": "no", "motor_vehicle": "destination"}, "car")
    ('open', 'motor_vehicle')
    >>> stated({"access": "private"}, "foot")
    ('closed', 'access')
    """
    for key in _KEYS[mode]:
        said = _verdict(tags[key]) if key in tags else None
        if said is not None:
            return said, key
    return None, ""


def is_open(tags: Mapping[str, str], road_class: str, mode: Mode) -> bool:
    """Tell whether a mode may use a way, in one direction at least."""
    if mode == "bicycle" and road_class == "steps":
        return False
    said, key = stated(tags, mode)
    if said == "closed":
        return False
    if said == "open" and key in _LIFTING[mode]:
        return True
    return _by_class(tags, road_class, mode)


def _by_class(tags: Mapping[str, str], road_class: str, mode: Mode) -> bool:
    """Tell what the class of a way allows where no access tag of its own says more."""
    if mode != "car":
        return mode in CLASSES[road_class] and tags.get("motorroad") != "yes"
    if road_class == "track":
        return tags.get("tracktype") == "grade1"
    if road_class == "ferry":
        return not {"foot", "bicycle"} & set(tags)
    return "car" in CLASSES[road_class] and tags.get("service") != "emergency_access"


def closed_ways(tags: Mapping[str, str], mode: Mode) -> set[str]:
    """Return the directions that tags such as ``motor_vehicle:backward=no`` close to a mode."""
    closed = set()
    for direction in ("forward", "backward"):
        for key in _KEYS[mode]:
            said = _verdict(tags.get(f"{key}:{direction}", ""))
            if said is not None:
                closed |= {direction} if said == "closed" else set()
                break
    return closed


def odd_access(tags: Mapping[str, str]) -> list[str]:
    """List the access tags whose value is not understood: they count as absent."""
    keys = dict.fromkeys(key for mode in MODES for key in _KEYS[mode])
    return [f"{key}={tags[key]}" for key in keys if key in tags and _verdict(tags[key]) is None]
