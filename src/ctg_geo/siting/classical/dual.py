"""What no plan can better: origins pay a price to be served, and sites open where it pays.

Lagrangian relaxation of "each origin is served once" (Geoffrion 1974; Cornuéjols, Fisher &
Nemhauser 1977), by the subgradient method, in float64; what rounding could add is taken off.
"""

import math
import time
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from ctg_geo.siting.classical.problem import Problem, loops
from ctg_geo.siting.classical.search import Found, polished, tries
from ctg_geo.siting.classical.sites import Choice

__all__ = ["Dual", "bounded", "cheapest_set"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Near = tuple[npt.NDArray[np.int32], npt.NDArray[np.generic]]

_EPSILON = 2.0**-52
_PATIENCE = 15  # rounds without a better bound before the step is halved
_SHORTEST = 0.002
_INERTIA = 0.7
_NEAR = 1.05  # of the best: a plan worth polishing
_POLISHED = 20  # plans of the relaxation that swaps are tried on


@dataclass(frozen=True, slots=True, eq=False)
class Dual:
    """Prices of the origins, and the bound they prove."""

    bound: float
    price: Floats  # by origin
    worth: Floats  # by site, with its share of the budget: what opening it changes
    opened: Mask  # by site: opened at these prices


@dataclass(slots=True, eq=False)
class _Climb:
    problem: Problem
    near: Near
    scale: float  # of one euro, in costs
    allowed: Mask
    price: Floats
    euro: float = 0.0
    times: Ints = field(init=False)  # by origin: open sites that its price would pay for
    way: Floats = field(init=False)

    def __post_init__(self) -> None:
        """Begin without a way."""
        self.times = np.zeros(len(self.price), dtype=np.int64)
        self.way = np.zeros(len(self.price))

    def moved(self, now: Dual, reach: float) -> bool:
        """Move the prices once, as far as `reach` allows; False where they have nowhere to go."""
        problem = self.problem
        ceiling = problem.weight * problem.base
        loops().served(problem.cost, self.near, problem.weight, self.price, now.opened,
                       self.times)  # fmt: skip
        wrong = 1.0 - self.times
        wrong = np.where(self.price >= ceiling, np.minimum(wrong, 0.0), wrong)
        over = _over(problem, np.flatnonzero(now.opened), self.scale)
        self.way = wrong + _INERTIA * self.way
        length = float((problem.weight * self.way * self.way).sum()) + over * over
        if length == 0:
            return False
        stride = reach / length
        self.price = np.clip(self.price + stride * self.way * problem.weight, 0.0, ceiling)
        self.euro = max(0.0, self.euro + stride * over)
        return True

    def dual(self) -> Dual:
        """Return the bound of the present prices."""
        problem, choice = self.problem, self.problem.choice
        worth = np.zeros(len(problem.by_site))
        loops().relax(problem.cost, self.near, problem.weight, self.price, worth)
        size = float(np.abs(worth).sum() + self.price.sum())
        if self.euro:
            worth += self.euro * self.scale * choice.price
        worth[~self.allowed] = np.inf
        opened = cheapest_set(worth, choice)
        total = float(self.price.sum() + worth[opened].sum())
        if self.euro:
            total -= self.euro * self.scale * choice.budget
            size += self.euro * self.scale * choice.budget
        slack = 2 * _EPSILON * (len(self.price) + len(worth)) * size
        return Dual(total - slack, self.price, worth, opened)


def cheapest_set(worth: Floats, choice: Choice) -> Mask:
    """Return the set of sites of least worth that keeps floors and number (not the budget)."""
    order = np.argsort(worth, kind="stable")
    opened = np.zeros(len(worth), dtype=bool)
    for group, least in enumerate(choice.least):
        opened[order[choice.group[order] == group][:least]] = True
    rest = order[~opened[order]][: choice.most - int(opened.sum())]
    opened[rest if choice.exactly else rest[worth[rest] < 0]] = True
    return opened


def bounded(
    problem: Problem,
    best: Found,
    *,
    rounds: int,
    start: Dual | None = None,
    allowed: Mask | None = None,
    until: float = math.inf,
) -> tuple[Dual, Found]:
    """Raise the bound for a number of rounds; return it, and the best plan met on the way.

    `allowed` are the sites that a better plan than `best` may open; `until`, on the monotonic
    clock, is a last resort.
    """
    sites = len(problem.by_site)
    every = np.ones(sites, dtype=bool) if allowed is None else allowed
    first = _first_prices(problem, best) if start is None else start.price.copy()
    climb = _Climb(problem, _nearest(problem), _scale(problem, best), every, first)
    top = climb.dual()
    step, quiet, tried = 1.0, 0, {best.chosen.tobytes()}
    now = top
    for at in range(rounds):
        if top.bound > best.value - problem.least_gain(best.value) or time.monotonic() > until:
            break
        if not climb.moved(now, step * max(best.value - now.bound, 1e-6 * abs(best.value))):
            break
        now = climb.dual()
        if now.bound > top.bound:
            quiet = 0 if now.bound > top.bound + 1e-7 * abs(top.bound) else quiet + 1
            top = now
        else:
            quiet += 1
        if quiet >= _PATIENCE:
            step, quiet = step / 2, 0
            climb.price, climb.way = top.price.copy(), np.zeros(len(climb.way))
            now = top
            if step < _SHORTEST:
                break
        if at % 5 == 0 and len(tried) <= tries(problem, _POLISHED):
            best = _tried(problem, np.flatnonzero(now.opened), best, tried)
    return top, best


def _over(problem: Problem, chosen: Ints, scale: float) -> float:
    if not np.isfinite(problem.choice.budget):
        return 0.0
    return scale * float(problem.choice.price[chosen].sum() - problem.choice.budget)


def _scale(problem: Problem, best: Found) -> float:
    """Return what makes euros of the size of costs."""
    price = problem.choice.price
    if not np.isfinite(problem.choice.budget) or not price.any():
        return 0.0
    return float(best.value / max(1, len(best.chosen)) / price.mean() + 1e-12)


def _tried(problem: Problem, chosen: Ints, best: Found, tried: set[bytes]) -> Found:
    mark = chosen.tobytes()
    if mark in tried or not problem.choice.allows(chosen):
        return best
    if problem.value(chosen) > _NEAR * best.value:
        return best
    tried.add(mark)
    found = polished(problem, chosen)
    return found if found.value < best.value else best


def _first_prices(problem: Problem, best: Found) -> Floats:
    """Return prices halfway between the nearest and second nearest site of a good plan."""
    _, _, d1, d2 = problem.state(best.chosen)
    second = np.where(d2 < problem.base.max(initial=0.0), d2, d1)
    return problem.weight * (d1 + 0.5 * (second - d1))


def _nearest(problem: Problem) -> Near:
    """Return some sites of each origin by rising cost: as many as prices usually reach."""
    sites = problem.cost.shape[1]
    opened = max(1, min(problem.choice.most, sites))
    listed = min(sites, 12 + 5 * (sites // opened))
    near = np.tile(np.arange(sites), (len(problem.cost), 1))
    if listed < sites:
        near = np.argpartition(problem.cost, listed - 1, axis=1)[:, :listed]
        near.sort(axis=1)  # so that ties stay in the order of the sites
    costs = np.take_along_axis(problem.cost, near, axis=1)
    order = np.argsort(costs, axis=1, kind="stable")
    sorted_costs = np.take_along_axis(costs, order, axis=1)
    return np.take_along_axis(near, order, axis=1).astype(np.int32), sorted_costs
