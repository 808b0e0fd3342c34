"""Supply shared among those who can reach it, pair by pair."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import exp, pi, sqrt
from typing import Any

__all__ = ["Mode", "Number", "access_of", "reach_min", "weight"]

Number = Fraction | float
Pairs = Mapping[tuple[str, str], Number]  # origin, destination -> milliseconds


@dataclass(frozen=True)
class Mode:
    """What one mode of care offers: its places, their pairs with homes, its measure and decay."""

    supply: Mapping[str, Number]
    pairs: Pairs
    measure: str
    decay: Mapping[str, Any]

    def weight(self, time_ms: Number) -> Number:
        """Weight of a pair: of a two-step measure, 1 within the reach."""
        if self.measure == "two_step":
            return Fraction(1) if time_ms <= 60_000 * reach_min(self.decay) else Fraction(0)
        return weight(self.decay, time_ms)

    @property
    def in_reach(self) -> dict[tuple[str, str], Number]:
        """Weights of the pairs that have one."""
        found = {pair: self.weight(spent) for pair, spent in self.pairs.items()}
        return {pair: each for pair, each in found.items() if each > 0}

    def come_and_use(self) -> tuple[Pairs, Pairs]:
        """Weights of the two sums: those who come to a place, and what they use of it."""
        weights = self.in_reach
        if self.measure == "m2sfca":
            return weights, {pair: each * each for pair, each in weights.items()}
        if self.measure == "three_step":
            drawn: dict[str, Number] = {}
            for (origin, _), each in weights.items():
                drawn[origin] = drawn.get(origin, 0) + each
            both = {pair: each / drawn[pair[0]] * each for pair, each in weights.items()}
            return both, both
        return weights, weights


def reach_min(decay: Mapping[str, Any]) -> float:
    """Minutes beyond which a decay is 0."""
    return decay["bounds_min"][-1] if decay["kind"] == "steps" else decay["reach_min"]


def weight(decay: Mapping[str, Any], time_ms: Number) -> Number:
    """Weight of a time: 0 beyond the reach, `t <= bound` in whole milliseconds."""
    if time_ms > 60_000 * reach_min(decay):
        return Fraction(0)
    if decay["kind"] == "flat":
        return Fraction(1)
    if decay["kind"] == "steps":
        steps = zip(decay["bounds_min"], decay["weights"], strict=True)
        return next(Fraction(str(each)) for bound, each in steps if time_ms <= 60_000 * bound)
    return _falling(decay, float(time_ms) / 60_000)


def _falling(decay: Mapping[str, Any], minutes: float) -> float:
    """Weight of a time within the reach, of a decay that falls all along."""
    kind = decay["kind"]
    if kind == "gaussian":
        return decay.get("at_reach", 0.01) ** ((minutes / decay["reach_min"]) ** 2)
    if kind == "exponential":
        return exp(-decay["per_min"] * minutes)
    if kind == "power":
        start = decay.get("from_min", 1.0)
        return (max(minutes, start) / start) ** -decay["exponent"]
    assert kind == "logistic", kind
    rate, half = pi / (decay["spread_min"] * sqrt(3)), decay["half_min"]
    return (1 + exp(-half * rate)) / (1 + exp((minutes - half) * rate))


def access_of(
    mode: Mode, people: Mapping[str, Number]
) -> tuple[dict[str, Number], dict[str, Number | None]]:
    """Return access by origin, and the ratio of each place (None where nobody comes)."""
    come, use = mode.come_and_use()
    comers: dict[str, Number] = dict.fromkeys(mode.supply, Fraction(0))
    for (origin, place), each in come.items():
        comers[place] += each * people[origin]
    ratio = {place: mode.supply[place] / comers[place] if comers[place] > 0 else None
             for place in mode.supply}  # fmt: skip
    access: dict[str, Number] = dict.fromkeys(people, Fraction(0))
    for (origin, place), each in use.items():
        given = ratio[place]
        if given is not None:
            access[origin] += each * given
    return access, ratio
