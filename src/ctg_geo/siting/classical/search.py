"""A good plan at once: greedy, then swaps, then swaps again after a shake."""

import heapq
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ctg_geo.siting.classical.problem import Problem, loops

__all__ = ["Found", "greedy", "polished", "search", "tries"]

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

_WORK = 60_000_000  # costs in the tables of all shakes together: never a time
_SHAKES = 120
_SEED = 1983


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """A set of free sites, increasing, and what it costs."""

    chosen: Ints
    value: float


def search(problem: Problem, *, times: int = 1) -> Found:
    """Return the best plan of a fixed number of starts, `times` the usual.

    References
    ----------
    Resende & Werneck (2007), EJOR 179(1); Schubert & Rousseeuw (2021), Information Systems 101.
    """
    best = polished(problem, greedy(problem))
    sites = len(problem.by_site)
    shakes = times * tries(problem, _SHAKES)
    turn = np.random.default_rng(_SEED)
    for at in range(shakes if 0 < len(best.chosen) < sites else 0):
        start = _shaken(best.chosen, sites, 2 + at % 3, turn)
        if problem.choice.allows(start):
            found = polished(problem, start)
            if found.value <= best.value:  # an equal plan is another place to start from
                best = found
    return best


def tries(problem: Problem, most: int) -> int:
    """Return how many starts a problem of this size is worth."""
    return min(most, max(4, _WORK // max(1, problem.cost.size)))


def polished(problem: Problem, start: Ints) -> Found:
    """Swap, then open what can still be, until neither helps."""
    chosen = start.copy()
    choice = problem.choice
    state = problem.state(chosen)
    while True:
        held = np.bincount(choice.group[chosen] + 1, minlength=len(choice.least) + 1)[1:]
        purse = np.array([choice.budget - choice.price[chosen].sum()])
        bounds = (choice.group, held - choice.least, choice.price, purse)
        loops().improve(problem.cost, problem.by_site, problem.weight, problem.base,
                        chosen, state, bounds)  # fmt: skip
        more = _one_more(problem, chosen, state[2])
        if more < 0:
            return Found(np.sort(chosen), float((problem.weight * state[2]).sum()))
        chosen = np.append(chosen, more)
        state = problem.state(chosen)


def greedy(problem: Problem) -> Ints:
    """Open the site that saves most, again and again; floors first where they press.

    What a site saves only falls as others open, so most are not looked at again (lazy greedy,
    Minoux 1978). With a budget, savings are by euro. Where that ends outside the rules, the
    cheapest set within them is returned.
    """
    choice = problem.choice
    d1 = problem.base.copy()
    left, money = choice.least.copy(), choice.budget
    chosen: list[int] = []
    waiting = [(-_saved(problem, site, d1), site, 0) for site in range(len(problem.by_site))]
    heapq.heapify(waiting)
    while waiting and len(chosen) < choice.most:
        saved, site, since = heapq.heappop(waiting)
        at = int(choice.group[site])
        pressed = choice.most - len(chosen) <= left.sum() and not (at >= 0 and left[at] > 0)
        if pressed or choice.price[site] > money - _kept_for(problem, left, at, len(chosen)):
            continue
        if since < len(chosen):
            heapq.heappush(waiting, (-_saved(problem, site, d1), site, len(chosen)))
            continue
        if saved >= 0 and not (choice.exactly or (at >= 0 and left[at] > 0)) and not left.sum():
            break
        if at >= 0 and left[at] > 0:
            left[at] -= 1
        money -= float(choice.price[site])
        chosen.append(site)
        d1 = np.minimum(d1, problem.by_site[site])
    found = np.sort(np.array(chosen, dtype=np.int64))
    return found if choice.allows(found) else choice.cheapest()


def _saved(problem: Problem, site: int, d1: Floats) -> float:
    saved = float(loops().save(problem.by_site, site, problem.weight, d1))
    price = float(problem.choice.price[site])
    return saved / price if price > 0 and np.isfinite(problem.choice.budget) else saved


def _kept_for(problem: Problem, left: Ints, at: int, opened: int) -> float:
    """Return the money that floors, or a number asked for exactly, still need after this site."""
    choice = problem.choice
    if not np.isfinite(choice.budget):
        return 0.0
    kept = 0.0
    for group in np.flatnonzero(left):
        need = int(left[group]) - (group == at)
        kept += float(np.sort(choice.price[choice.group == group])[:need].sum())
    if choice.exactly:
        others = max(0, choice.most - opened - 1 - int(left.sum()))
        kept += others * float(choice.price.min())
    return kept


def _one_more(problem: Problem, chosen: Ints, d1: Floats) -> int:
    """Return the site that saves most among those one can still pay; -1 where none saves."""
    choice = problem.choice
    if len(chosen) >= choice.most or not len(choice.price):
        return -1
    money = choice.budget - choice.price[chosen].sum()
    best, site = 0.0, -1
    for other in np.setdiff1d(np.flatnonzero(choice.price <= money), chosen):
        saved = float(loops().save(problem.by_site, int(other), problem.weight, d1))
        if saved > best:
            best, site = saved, int(other)
    return site


def _shaken(chosen: Ints, sites: int, count: int, turn: np.random.Generator) -> Ints:
    closed = np.setdiff1d(np.arange(sites), chosen)
    count = min(count, len(chosen), len(closed))
    kept = turn.permutation(chosen)[count:]
    return np.sort(np.concatenate((kept, turn.permutation(closed)[:count])))
