"""Speeds, durations and built-up areas, as the tags of OpenStreetMap write them.

Source: OpenStreetMap wiki, Key:maxspeed, Speed_limits (France: decree 2018-487 for 80 km/h)
and Key:duration.
"""

import re
from collections.abc import Mapping
from typing import Final, Literal

__all__ = ["duration_min", "in_town", "limit", "way_speed"]

Worth = Literal["stated", "silent", "odd", "implausible"]

_NAN: Final = float("nan")
_FASTEST_KMH: Final = 150
_SLOWEST_KMH: Final = 5
_TO_KMH: Final = {"": 1.0, "km/h": 1.0, "kmh": 1.0, "kph": 1.0, "mph": 1.609344, "knots": 1.852}
_NUMBER: Final = re.compile(r"(\d+(?:\.\d+)?)\s*(km/h|kmh|kph|mph|knots)?")
_ZONE: Final = re.compile(r"(?:[a-z]{2}(?:-[a-z]+)?:)?(?:zone:?|bicycle_road:?)?(20|30)")
_SILENT: Final = frozenset({"none", "signals", "variable", "unknown", "implicit", "sign", "no"})
_CONTEXT_KMH: Final = {
    "fr:rural": 80.0, "fr:motorway": 130.0, "fr:trunk": 110.0, "fr:dual_carriageway": 110.0,
    "fr:living_street": 20.0, "fr:walk": 20.0, "walk": 6.0, "de:walk": 6.0,
    "de:living_street": 6.0, "de:rural": 100.0, "ch:rural": 80.0, "ch:motorway": 120.0,
    "it:rural": 90.0, "it:motorway": 130.0, "lu:rural": 90.0, "lu:motorway": 130.0,
    "es:rural": 90.0, "es:motorway": 120.0,
}  # fmt: skip
_URBAN_KMH: Final = 50.0
_CONTEXT_KEYS: Final = ("maxspeed:type", "source:maxspeed", "zone:maxspeed", "zone:traffic")
_TOWN_CLASSES: Final = frozenset({"residential", "living_street", "pedestrian"})
_RURAL_KMH: Final = 70


def limit(value: str) -> tuple[float, Worth]:
    """Read one value of ``maxspeed``: km/h (NaN if it gives none), and what it is worth.

    The lowest of a list holds. A limit under 5 or over 150 km/h is implausible.

    Examples
    --------
    >>> limit("FR:rural"), limit("50;30"), limit("none")
    ((80.0, 'stated'), (30.0, 'stated'), (nan, 'silent'))
    """
    read = [_one(part.strip().casefold()) for part in value.split(";")]
    speeds = [speed for speed, _ in read if speed == speed]  # noqa: PLR0124  (NaN)
    if not speeds:
        return _NAN, "odd" if ("odd" in {worth for _, worth in read}) else "silent"
    lowest = min(speeds)
    if _SLOWEST_KMH <= lowest <= _FASTEST_KMH:
        return lowest, "stated"
    return _NAN, "implausible"


def _one(value: str) -> tuple[float, Worth]:
    if number := _NUMBER.fullmatch(value):
        return round(float(number[1]) * _TO_KMH[number[2] or ""], 1), "stated"
    if value in _CONTEXT_KMH:
        return _CONTEXT_KMH[value], "stated"
    if zone := _ZONE.fullmatch(value):
        return float(zone[1]), "stated"
    if re.fullmatch(r"[a-z]{2}(-[a-z]+)?:urban", value):
        return _URBAN_KMH, "stated"
    return _NAN, "silent" if value in _SILENT or value.endswith(":motorway") else "odd"


def way_speed(tags: Mapping[str, str], *, oneway: str) -> tuple[float, Worth, str]:
    """Return the speed limit of a way (km/h, NaN if not stated), its worth, and the tag told.

    An edge has one speed: where the two directions differ it is their mean, or that of the
    only open direction (`oneway`: forward, backward, else both).
    """
    base = _stated(tags, "maxspeed", *_CONTEXT_KEYS)
    ways = ("forward", "backward") if oneway not in ("forward", "backward") else (oneway,)
    each = [_stated(tags, f"maxspeed:{way}") for way in ways]
    read = [one if one[1] != "silent" else base for one in each]
    speeds = [speed for speed, _, _ in read if speed == speed]  # noqa: PLR0124  (NaN)
    if speeds:
        return sum(speeds) / len(speeds), "stated", ""
    return next((one for one in read if one[1] != "silent"), base)


def _stated(tags: Mapping[str, str], *keys: str) -> tuple[float, Worth, str]:
    """Read the first key that gives a speed; only ``maxspeed`` itself can be odd."""
    told: tuple[float, Worth, str] = (_NAN, "silent", "")
    for key in keys:
        if key not in tags:
            continue
        speed, worth = limit(tags[key])
        if worth == "stated":
            return speed, worth, ""
        if key not in _CONTEXT_KEYS and worth != "silent":
            told = (_NAN, worth, f"{key}={tags[key]}")
    return told


def in_town(tags: Mapping[str, str], road_class: str, speed_kmh: float) -> bool:
    """Tell whether a way runs through a built-up area, by the first of these that decides.

    A zone word (``FR:urban``, ``FR:zone30``, ``FR:rural``); a limit of 50 km/h or less, or
    of 70 or more; a residential class; street lamps or a pavement.
    """
    words = " ".join(tags.get(key, "") for key in ("maxspeed", *_CONTEXT_KEYS)).casefold()
    if ":urban" in words or "zone" in words:
        return True
    if ":rural" in words or ":motorway" in words or speed_kmh >= _RURAL_KMH:
        return False
    if speed_kmh <= _URBAN_KMH or road_class in _TOWN_CLASSES:
        return True
    pavement = tags.get("sidewalk", "no") in ("both", "left", "right", "yes", "separate")
    return tags.get("lit") == "yes" or pavement


def duration_min(value: str) -> float:
    """Read a duration (``00:35``, ``1:05:00``, ``35``, ``PT35M``) in minutes; NaN if unclear.

    Examples
    --------
    >>> duration_min("01:05"), duration_min("PT1H5M"), duration_min("65")
    (65.0, 65.0, 65.0)
    """
    if clock := re.fullmatch(r"(\d+):([0-5]\d)(?::([0-5]\d))?", value):
        return 60 * int(clock[1]) + int(clock[2]) + int(clock[3] or 0) / 60
    if iso := re.fullmatch(r"PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?", value):
        found = 60 * int(iso[1] or 0) + int(iso[2] or 0) + int(iso[3] or 0) / 60
        return found or _NAN
    return float(value) if re.fullmatch(r"\d+(\.\d+)?", value) else _NAN
