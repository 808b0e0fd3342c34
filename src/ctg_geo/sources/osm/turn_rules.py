"""What a turn restriction of OpenStreetMap says, and to whom.

Source: OpenStreetMap wiki, Relation:restriction. A restriction binds vehicles; one of a vehicle
(``restriction:bicycle``) says more than the general one; ``except`` frees those it names.
Walkers are never bound.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ctg_geo.parameters import Mode

__all__ = ["BOUND", "SEVERAL_FROM", "SEVERAL_TO", "TurnRule", "turn_rule"]

BOUND: Final[tuple[Mode, ...]] = ("car", "bicycle")
SEVERAL_FROM, SEVERAL_TO = "no_entry", "no_exit"  # the kinds that may name several ways
_KINDS: Final = frozenset({
    "no_left_turn", "no_right_turn", "no_straight_on", "no_u_turn", SEVERAL_FROM, SEVERAL_TO,
    "only_left_turn", "only_right_turn", "only_straight_on", "only_u_turn",
})  # fmt: skip
_VEHICLES: Final[Mapping[Mode, tuple[str, ...]]] = {  # the most particular first
    "car": ("motorcar", "motor_vehicle", "vehicle"),
    "bicycle": ("bicycle", "vehicle"),
}
_GENERAL: Final = "restriction"
_CONDITIONAL: Final = ":conditional"
_HOURS: Final = frozenset({"day_on", "day_off", "hour_on", "hour_off"})
_NO_RESTRICTION: Final = frozenset({"none", "no"})


@dataclass(frozen=True, slots=True)
class TurnRule:
    """The kind that binds each mode; if none is bound, `aside` says why."""

    kinds: Mapping[Mode, str]
    aside: str = ""

    @property
    def word(self) -> str:
        """The kind in a word, and who is free of it."""
        kind = next(iter(self.kinds.values()), "")
        free = [
            word for mode, word in (("car", "motorcar"), ("bicycle", "bicycle"))
            if mode not in self.kinds
        ]  # fmt: skip
        return f"{kind} (except {free[0]})" if len(free) == 1 else kind


def turn_rule(tags: Mapping[str, str]) -> TurnRule:
    """Tell whom a restriction binds, and to what.

    Examples
    --------
    >>> turn_rule({"restriction": "no_left_turn", "except": "bicycle"}).kinds
    {'car': 'no_left_turn'}
    >>> turn_rule({"restriction:conditional": "no_left_turn @ (07:00-09:00)"}).aside
    'turn_conditional'
    """
    if _HOURS & set(tags):
        return TurnRule({}, "turn_conditional")
    said = {mode: kind for mode in BOUND if (kind := _said(tags, mode))}
    kinds = {mode: kind for mode, kind in said.items() if kind in _KINDS}
    if kinds:
        return TurnRule(kinds)
    if said:
        return TurnRule({}, "turn_kind")
    if any(key.endswith(_CONDITIONAL) for key in tags):
        return TurnRule({}, "turn_conditional")
    named = any(key.split(":")[0] == _GENERAL for key in tags)
    return TurnRule({}, "turn_others" if named else "turn_kind")


def _said(tags: Mapping[str, str], mode: Mode) -> str:
    """Return the most particular value for a mode; empty if there is none, or it is exempt."""
    vehicles = _VEHICLES[mode]
    keys = (*(f"{_GENERAL}:{vehicle}" for vehicle in vehicles), _GENERAL)
    kind = next((tags[key].strip() for key in keys if key in tags), "")
    exempt = {each.strip() for each in tags.get("except", "").split(";")}
    return "" if kind in _NO_RESTRICTION or exempt & set(vehicles) else kind
