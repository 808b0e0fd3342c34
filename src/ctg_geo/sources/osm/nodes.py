"""What a tagged node of OpenStreetMap does to those who pass it.

Source: OpenStreetMap wiki, Key:barrier, Tag:highway=crossing; a barrier that is not listed
here lets everyone pass.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ctg_geo.sources.osm.access import MODES, stated

__all__ = ["NODE_KEYS", "NodeRule", "node_rule"]

# The numbers of `network.NodeKind`, which this room may not import.
_NONE, _SIGNALS, _STOP, _CROSSING, _MINI_ROUNDABOUT, _BARRIER = range(6)

_BY_HIGHWAY: Final = {
    "traffic_signals": _SIGNALS,
    "stop": _STOP,
    "give_way": _STOP,
    "crossing": _CROSSING,
    "mini_roundabout": _MINI_ROUNDABOUT,
}
_OPENS: Final = frozenset({
    "gate", "lift_gate", "swing_gate", "sliding_gate", "sliding_beam", "bump_gate", "toll_booth",
    "border_control", "sally_port", "hampshire_gate",
})  # fmt: skip
_STOPS_BICYCLES: Final = frozenset({
    "stile", "turnstile", "full-height_turnstile", "kissing_gate", "horse_stile", "fence", "wall",
    "hedge", "wicket_gate",
})  # fmt: skip
_STOPS_CARS: Final = _STOPS_BICYCLES | {
    "bollard", "block", "jersey_barrier", "cycle_barrier", "motorcycle_barrier", "chain", "log",
    "debris", "planter", "bus_trap", "sump_buster", "rope", "bar", "barrier_board", "tyres",
}  # fmt: skip
NODE_KEYS: Final = frozenset({
    "highway", "barrier", "crossing", "crossing:signals", "access", "vehicle", "motor_vehicle",
    "motorcar", "bicycle", "foot",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class NodeRule:
    """`kind` as in `network.NodeKind`; `closed` to the modes that may not pass."""

    kind: int
    closed: frozenset[str]


def node_rule(tags: Mapping[str, str]) -> NodeRule:
    """Tell what slows people down at a node, and who may not pass it.

    Examples
    --------
    >>> sorted(node_rule({"barrier": "bollard"}).closed)
    ['car']
    >>> node_rule({"barrier": "gate"})
    NodeRule(kind=5, closed=frozenset())
    """
    closed = frozenset(mode for mode in MODES if _is_closed(tags, mode))
    kind = _BY_HIGHWAY.get(tags.get("highway", ""), _NONE)
    if kind == _CROSSING:
        kind = _crossing(tags)
    if kind == _NONE and tags.get("barrier") in _OPENS and "car" not in closed:
        kind = _BARRIER
    return NodeRule(kind, closed)


def _crossing(tags: Mapping[str, str]) -> int:
    if tags.get("crossing") == "traffic_signals" or tags.get("crossing:signals") == "yes":
        return _SIGNALS
    return _NONE if tags.get("crossing") in ("no", "unmarked") else _CROSSING


def _is_closed(tags: Mapping[str, str], mode: str) -> bool:
    """Tell whether a barrier stops a mode; what is no barrier stops nobody."""
    barrier = tags.get("barrier")
    if barrier is None:
        return False
    said, _ = stated(tags, mode)  # type: ignore[arg-type]  # one of MODES
    if said is not None:
        return said == "closed"
    stops = {"car": _STOPS_CARS, "bicycle": _STOPS_BICYCLES}
    return barrier in stops.get(mode, ())
