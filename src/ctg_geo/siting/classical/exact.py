"""A problem from first plan to proof: search, prices, what is left, in a fixed amount of work."""

import time
from dataclasses import dataclass

from ctg_geo.siting.classical.dual import Dual, bounded
from ctg_geo.siting.classical.graded import left, solve_left
from ctg_geo.siting.classical.problem import Problem
from ctg_geo.siting.classical.programme import Effort, Ended, ended_by
from ctg_geo.siting.classical.search import Found, search

__all__ = ["Solved", "solve"]

_ROUNDS = 600
_AGAIN = 3  # times that prices are raised on what is left
_STEPS = 60_000


@dataclass(frozen=True, slots=True, eq=False)
class Solved:
    """The best plan, what nothing can better, and what ended the search."""

    found: Found
    bound: float
    ended: Ended


def solve(problem: Problem, *, limit_s: float, also: Found | None = None) -> Solved:
    """Solve, from a good plan to a proof.

    The work is counted, not timed, but for `limit_s`, after which what is left is not tried.
    `also` is a plan known beforehand.
    """
    begun = time.monotonic()
    best = search(problem)
    if also is not None and also.value < best.value:
        best = also
    dual, best = bounded(problem, best, rounds=_ROUNDS)
    for _ in range(_AGAIN):
        if _enough(problem, dual, best):
            break
        rest = left(problem.choice, dual, best.value, problem.least_gain(best.value))
        if rest.may.all() or time.monotonic() - begun > limit_s:
            break
        again, best = bounded(problem, best, rounds=_ROUNDS // 2, start=dual, allowed=rest.may)
        if again.bound <= dual.bound:
            break
        dual = again
    if _enough(problem, dual, best):
        return Solved(best, best.value, "proof")
    spent = time.monotonic() - begun
    if spent > limit_s:
        return Solved(best, dual.bound, "time")
    ended = solve_left(problem, dual, best, Effort(seconds=limit_s - spent), most=_STEPS)
    if ended is None:
        return Solved(best, dual.bound, "work")
    best, bound, end = ended
    return Solved(best, bound, ended_by(end))


def _enough(problem: Problem, dual: Dual, best: Found) -> bool:
    """Tell whether nothing better is left; nothing costs less than nothing."""
    return best.value <= 0 or dual.bound > best.value - problem.least_gain(best.value)
