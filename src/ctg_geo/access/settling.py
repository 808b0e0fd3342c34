"""Loads of sites at which nobody gains by another choice: one convex problem, solved to a gap.

The settled loads D make ``Σ D² / (2 room) + Σ cost × people`` least (Beckmann: each site's price
is the slope of its term). Its dual is concave in the prices: what all people spend at their best,
less ``Σ room × price² / 2``. What people could still save at the prices of a load is the gap
between the two, so that a small excess *proves* that the answer is right.

Two ways down take turns, and neither ever goes up. Sweeps let one origin after the other choose
again, exactly; by themselves they settle always, but sometimes slowly. A leap moves all at once:
people are made a little reluctant to leave the shares they are used to (the proximal point
method, Rockafellar 1976), which makes the dual smooth, and Newton's method climbs it (Li, Sun &
Toh 2018). A leap that does not lower the sum is not made, and the next is more reluctant. Pairs
far from the best of their origin rest; whether they matter is asked of all pairs every round.
"""

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from typing import Any

import numpy as np
import numpy.typing as npt

from ctg_geo.access.equilibrium import chosen, looked, sweep
from ctg_geo.access.weights import announced

__all__ = ["Agents", "settled"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.integer]

_FIRST_SWEEPS, _SWEEPS, _ROUNDS_SWEPT = 2, 10, 2
_WIDEST, _NARROWEST, _WIDE = 0.03, 1e-3, 30.0  # pairs looked at: so much over the best
_SOFT, _SOFTER, _HARDER, _EASY = 5e-3, 3.0, 0.3, 5  # reluctance; eased after a leap of few steps
_STEPS = 25
_ARMIJO, _SHORTEST, _ROUNDING = 1e-4, 1e-9, 1e-14
_MANY = 20_000  # pairs: below, plain Python is as quick as a compiler


@dataclass(frozen=True, slots=True, eq=False)
class Agents:
    """Who may go where, at what cost of the trip, and how much room there is."""

    start: Ints
    to: Ints
    cost: Floats  # by pair
    people: Floats  # by origin; over 0 where there are pairs
    room: Floats  # by site: people for a price of 1; over 0 at every site of `to`

    def price(self, load: Floats) -> Floats:
        """Return the congestion of each site under a load; 0 where there is no room."""
        return np.divide(load, self.room, out=np.zeros_like(load), where=self.room > 0)

    def least(self, price: Floats) -> Floats:
        """Return the least cost of each origin; infinite where it reaches nothing."""
        found = np.full(len(self.people), np.inf)
        filled = np.flatnonzero(np.diff(self.start) > 0)
        found[filled] = np.minimum.reduceat(price[self.to] + self.cost, self.start[filled])
        return found

    def spent(self, load: Floats, gone: Floats) -> float:
        """Return what all people spend under a load; `gone` is people by pair."""
        return float(load @ self.price(load) + gone @ self.cost)

    def total(self, load: Floats, gone: Floats) -> float:
        """Return the sum that the settled state makes least."""
        return float(load @ self.price(load) / 2 + gone @ self.cost)

    def by_pair(self, values: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Repeat values of origins for each of their pairs."""
        return np.repeat(values, np.diff(self.start))

    def only(self, at: Ints) -> "Agents":
        """Keep the pairs at these places, in order."""
        start = np.searchsorted(at, self.start)
        return Agents(start, self.to[at], self.cost[at], self.people, self.room)


@dataclass(frozen=True, slots=True, eq=False)
class _Choice:
    """What people choose at some prices."""

    price: Floats
    value: float  # of the concave sum
    share: Floats  # by pair
    load: Floats  # by site
    surplus: Floats  # by site: load less what its price says; the slope of the sum


def settled(agents: Agents, tolerance: float, rounds: int) -> tuple[Floats, float, int]:
    """Return the load of each site, the excess, and the rounds taken.

    Parameters
    ----------
    agents : with somebody who has somewhere to go
    tolerance : stop where the excess is not over this: what people could save, as a share of
        what they spend
    rounds : stop after so many
    """
    loops = _compiled() if len(agents.to) > _MANY and find_spec("numba") else _PLAIN
    gone, slack, soft = np.zeros(len(agents.to)), _WIDEST, _SOFT
    load = _swept(agents, gone, _FIRST_SWEEPS, loops)
    for turn in itertools.count():
        least, near = _looked(agents, agents.price(load), gone, slack, loops)
        excess = _excess(agents, load, gone, least)
        if excess <= tolerance or turn == rounds:
            break
        at = np.flatnonzero(near)
        some, here = agents.only(at), gone[at]
        load = _swept(some, here, _SWEEPS, loops)
        if turn >= _ROUNDS_SWEPT:
            here, load, soft = _leapt(some, here, load, soft, tolerance, loops)
        gone[at] = here
        slack = min(max(_WIDE * excess, _NARROWEST), _WIDEST)
    return load, excess, turn


@dataclass(frozen=True, slots=True)
class _Loops:
    """The loops over pairs, as they are or compiled."""

    sweep: Callable[..., None]
    choose: Callable[..., float]
    look: Callable[..., None]


_PLAIN = _Loops(sweep, chosen, looked)


@lru_cache(maxsize=1)
def _compiled() -> _Loops:
    from ctg_geo.travel.hierarchy.compiled import kernel  # noqa: PLC0415  (heavy)

    announced()
    return _Loops(kernel(sweep), kernel(chosen), kernel(looked))


def _looked(
    agents: Agents, price: Floats, gone: Floats, slack: float, loops: _Loops
) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """Return the least cost of each origin, and which pairs are near it or used."""
    least, near = np.empty(len(agents.people)), np.empty(len(agents.to), dtype=bool)
    loops.look((agents.start, agents.to, agents.cost), price, gone, slack, least, near)
    return least, near


def _excess(agents: Agents, load: Floats, gone: Floats, least: Floats) -> float:
    """Return the share of what people spend that they could save: they spend over their least."""
    some = np.isfinite(least)
    spent = agents.spent(load, gone)
    return max(float(spent - agents.people[some] @ least[some]) / spent, 0.0)


def _swept(agents: Agents, gone: Floats, times: int, loops: _Loops) -> Floats:
    """Let every origin choose again, so many times; change `gone`, return the load."""
    load = np.asarray(np.bincount(agents.to, gone, len(agents.room)), np.float64)
    work = np.empty(int(np.diff(agents.start).max()))
    pairs = agents.start, agents.to, agents.cost
    for _ in range(times):
        loops.sweep(pairs, agents.people, agents.room, load, gone, work)
    return load


def _leapt(
    agents: Agents, gone: Floats, load: Floats, soft: float, tolerance: float, loops: _Loops
) -> tuple[Floats, Floats, float]:  # fmt: skip
    """Return people by pair, loads and the next reluctance, after a leap if it leads down."""
    people = agents.by_pair(agents.people)
    total = _Sum(agents, gone / people, soft, loops.choose)
    found, steps = _climbed(total, agents.price(load), tolerance / 4 * agents.spent(load, gone))
    landed = found.share * people
    if agents.total(found.load, landed) >= agents.total(load, gone):
        return gone, load, soft * _SOFTER
    return landed, found.load, soft * (_HARDER if steps <= _EASY else 1.0)


@dataclass(frozen=True, slots=True, eq=False)
class _Sum:
    """The concave sum of a round: people choose, reluctant to leave their shares."""

    agents: Agents
    before: Floats  # by pair
    soft: float
    choose: Callable[..., float]

    def at(self, price: Floats) -> _Choice:
        """Return what people choose at some prices."""
        one = self.agents
        share, load = np.zeros(len(one.to)), np.empty(len(one.room))
        pairs = one.start, one.to, one.cost
        spent = self.choose(pairs, one.people, price, self.before, self.soft, share, load)
        value = spent - one.room @ price**2 / 2
        return _Choice(price, float(value), share, load, load - one.room * price)

    def step(self, here: _Choice) -> Floats:
        """Return the step of Newton.

        People who hesitate between sites make their prices depend on each other.
        """
        from scipy.sparse import csr_array, diags_array  # noqa: PLC0415  (heavy)
        from scipy.sparse.linalg import spsolve  # noqa: PLC0415

        one, used = self.agents, here.share > 0
        count = np.concatenate(([0], np.cumsum(used)))
        sites = np.diff(count[one.start])
        hesitant = used & one.by_pair(sites > 1)
        start = np.concatenate(([0], np.cumsum(hesitant)))[one.start]
        shape = len(one.people), len(one.room)
        chosen_by = csr_array((np.ones(start[-1]), one.to[hesitant], start), shape=shape)
        firm = one.people / self.soft
        own = np.where(one.room > 0, one.room, 1.0) + chosen_by.T @ firm
        spread = diags_array(firm / np.maximum(sites, 1)) @ chosen_by
        slope = diags_array(own) - chosen_by.T @ spread
        return np.asarray(spsolve(slope.tocsc(), here.surplus))


def _climbed(total: _Sum, price: Floats, enough: float) -> tuple[_Choice, int]:
    """Climb to the prices where the sum is largest, by damped steps of Newton; count them."""
    agents, here = total.agents, total.at(price)
    for step in range(_STEPS):
        if float(agents.price(np.abs(here.surplus)) @ here.load) <= enough:
            return here, step
        way = total.step(here)
        gain, part = float(way @ here.surplus), 1.0
        found = total.at(here.price + way)
        lost = _ROUNDING * abs(here.value)
        while found.value < here.value + _ARMIJO * part * gain - lost and part > _SHORTEST:
            part /= 3
            found = total.at(here.price + part * way)
        if found.value <= here.value:  # as far as floats can tell
            return here, _STEPS
        here = found
    return here, _STEPS
