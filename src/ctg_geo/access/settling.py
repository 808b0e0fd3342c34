"""Prices of sites at which nobody gains by another choice, by Newton's method on soft choices.

People choose sites by ``exp(-(price + trip) / ε)``; the prices at which the load of each site
is what its price says (``load = room × price``) are where a concave sum is largest, and ε is
lowered until choosing so costs no more than the tolerance. Only pairs near the best of their
origin are looked at; whether those left out matter is asked of all pairs at the end.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["Agents", "near", "settled"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.integer]

_FIRST_SOFT, _LAST_SOFT, _SOFTER = 3e-3, 1e-7, 0.3
_SLACK = 0.1  # pairs looked at: this much over the best
_STEPS = 60
_ARMIJO = 1e-4
_SHORTEST = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class Agents:
    """Who may go where, at what cost of the trip, and how much room there is."""

    start: Ints
    to: Ints
    cost: Floats  # by pair
    people: Floats  # by origin
    room: Floats  # by site: people for a price of 1; over 0 at every site of `to`

    def price(self, load: Floats) -> Floats:
        """Return the congestion of each site under a load; 0 where there is no room."""
        return np.divide(load, self.room, out=np.zeros_like(load), where=self.room > 0)

    def least(self, price: Floats) -> Floats:
        """Return the least cost of each origin; infinite where it reaches nothing."""
        found = np.full(len(self.people), np.inf)
        filled = np.flatnonzero(np.diff(self.start) > 0)
        if len(filled):
            found[filled] = np.minimum.reduceat(price[self.to] + self.cost, self.start[filled])
        return found

    def by_pair(self, values: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Repeat values of origins for each of their pairs."""
        return np.repeat(values, np.diff(self.start))


@dataclass(frozen=True, slots=True, eq=False)
class _Soft:
    """What people choose at some prices, softly."""

    value: float  # the concave sum
    chosen: Floats  # by pair
    load: Floats  # by site
    surplus: Floats  # by site, load less what its price says


def near(agents: Agents, price: Floats, slack: float) -> Agents:
    """Keep the pairs that cost at most `slack` more than the best, of origins with people."""
    return _only(agents, _close(agents, price, slack))


def _close(agents: Agents, price: Floats, slack: float) -> npt.NDArray[np.bool_]:
    allowed = np.where(agents.people > 0, agents.least(price) + slack, -np.inf)
    return np.asarray(price[agents.to] + agents.cost <= agents.by_pair(allowed))


def _only(agents: Agents, kept: npt.NDArray[np.bool_]) -> Agents:
    start = np.concatenate(([0], np.cumsum(kept)))[agents.start]
    return Agents(start, agents.to[kept], agents.cost[kept], agents.people, agents.room)


def settled(
    agents: Agents, price: Floats, tolerance: float, rounds: int
) -> tuple[Floats, float, int]:
    """Return the load of each site, what people could save on average, and the rounds taken."""
    excess, load = np.inf, np.zeros(len(agents.room))
    looked_at = np.zeros(len(agents.to), dtype=bool)
    for turn in range(1, rounds + 1):
        looked_at |= _close(agents, price, _SLACK)  # never fewer: two sets could take turns
        load, spent = _round(_only(agents, looked_at), price, tolerance)
        price = agents.price(load)
        least = agents.least(price)
        goers = agents.people[np.isfinite(least)]
        best = float(goers @ least[np.isfinite(least)])
        excess = max((spent - best) / float(goers.sum()), 0.0) if goers.sum() > 0 else 0.0
        if excess <= tolerance:
            return load, excess, turn
    return load, excess, rounds


def _round(some: Agents, price: Floats, tolerance: float) -> tuple[Floats, float]:
    """Settle on some pairs; return the load, and what all people spend."""
    soft = _FIRST_SOFT
    everybody = float(some.people.sum())
    while True:
        price, found = _climbed(some, price, soft, tolerance * everybody / 10)
        paid = some.price(found.load)
        spent = float(found.chosen @ (paid[some.to] + some.cost))
        known = some.least(paid)
        best = float(some.people[np.isfinite(known)] @ known[np.isfinite(known)])
        if spent - best <= tolerance * everybody / 2 or soft < _LAST_SOFT:
            return found.load, spent
        soft *= _SOFTER


def _climbed(agents: Agents, price: Floats, soft: float, enough: float) -> tuple[Floats, _Soft]:
    """Climb to the prices where the concave sum is largest, by damped steps of Newton."""
    here = _softly(agents, price, soft)
    for _ in range(_STEPS):
        if float(agents.price(np.abs(here.surplus)) @ here.load) <= enough:
            break
        step = _step(agents, here, soft)
        gain = float(step @ here.surplus)
        share, found = 1.0, _softly(agents, price + step, soft)
        while found.value < here.value + _ARMIJO * share * gain and share > _SHORTEST:
            share /= 2
            found = _softly(agents, price + share * step, soft)
        price, here = price + share * step, found
    return price, here


def _softly(agents: Agents, price: Floats, soft: float) -> _Soft:
    least = agents.least(price)
    weight = np.exp((agents.by_pair(least) - price[agents.to] - agents.cost) / soft)
    filled = np.flatnonzero(np.diff(agents.start) > 0)
    people, total = agents.people[filled], np.add.reduceat(weight, agents.start[filled])
    per_weight = np.zeros(len(agents.people))
    per_weight[filled] = people / total
    chosen = weight * agents.by_pair(per_weight)
    value = people @ (least[filled] - soft * np.log(total)) - agents.room @ price**2 / 2
    load = np.bincount(agents.to, chosen, len(agents.room)).astype(np.float64, copy=False)
    return _Soft(float(value), chosen, load, load - agents.room * price)


def _step(agents: Agents, here: _Soft, soft: float) -> Floats:
    """Solve for the step of Newton; sites without room keep their price."""
    from scipy.sparse import csr_array, diags_array  # noqa: PLC0415  (heavy)
    from scipy.sparse.linalg import spsolve  # noqa: PLC0415

    shape = len(agents.people), len(agents.room)
    chosen = csr_array((here.chosen, agents.to, agents.start), shape=shape)
    per_person = np.divide(1.0, agents.people, out=np.zeros(shape[0]), where=agents.people > 0)
    share = diags_array(per_person) @ chosen
    firm = diags_array(here.load / soft + np.where(agents.room > 0, agents.room, 1.0))
    slope = firm - (share.T @ chosen) / soft
    return np.asarray(spsolve(slope.tocsc(), here.surplus))
