"""The best plan and a bound on every other: columns as needed, then all that could still matter."""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from ctg_geo.tours.master import Aim, Answer, hours_of, solve_parts, solve_whole
from ctg_geo.tours.pricing import Prices, best_columns, near_columns
from ctg_geo.tours.problem import Column, Problem

__all__ = ["Found", "Infeasible", "chosen", "found_best", "value_of"]

Floats = npt.NDArray[np.float64]

_FIRST: Final = 0.1  # of the time left, for a plan among the days of the linear programme
_WIDER: Final = ((1_500, 0.3), (12_000, 0.8))  # so many days, in that share of the time left
_ROUNDS: Final = 400
_TINY: Final = 1e-7


class Infeasible(Exception):  # noqa: N818  (caught in this room, never shown)
    """The places to keep cannot all be served."""


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """Days to run, how often each, what they are worth, and what no plan can pass."""

    days: tuple[Column, ...]
    value: float
    bound: float
    columns: int  # looked at in whole days


def found_best(
    problem: Problem, plan: Sequence[Column], aim: Aim, *, deadline: float
) -> tuple[Found, list[Column]]:
    """Return the best plan known at the deadline with its bound, and the days it was chosen from.

    Days are made as the prices of the linear programme ask for them, until none is missing:
    its value is then a bound on every plan. The days that a plan better than the one known
    could use are those whose reduced cost is within the gap; the whole programme over them is
    exact. Where they are too many, those nearest are taken: a plan with any other is worth no
    more than the bound less the reduced cost of the nearest of these.

    Parameters
    ----------
    plan : days to start from, within the rules
    deadline : of `time.monotonic`

    Raises
    ------
    Infeasible
        If places to keep cannot all be served.

    References
    ----------
    Current J., Schilling D. (1989), The covering salesman problem. Baldacci R., Christofides
    N., Mingozzi A. (2008), An exact algorithm for the vehicle routing problem based on the set
    partitioning formulation (enumeration within the gap).
    """
    columns, prices, bound = _linear(problem, plan, aim, deadline)
    now = time.monotonic()
    best = _whole(problem, columns, aim, now + _FIRST * (deadline - now), plan)
    for most, share in _WIDER:
        gap = max(bound - best.value, 0.0)
        slack = gap * (1 + 1e-9) + _TINY * max(1.0, abs(bound))
        near, within = near_columns(problem, prices, slack, most=most)
        columns = _unique([*near, *best.days])
        now = time.monotonic()
        last = _whole(problem, columns, aim, now + share * (deadline - now), best.days)
        best = last if last.value >= best.value else best
        outside = bound - within if within < slack else -np.inf
        proven = max(last.bound, outside, best.value)
        if within >= slack or time.monotonic() > deadline:
            break
    if not np.isfinite(best.value):
        raise Infeasible
    return Found(best.days, best.value, max(min(bound, proven), best.value), len(columns)), columns


def _linear(
    problem: Problem, plan: Sequence[Column], aim: Aim, deadline: float
) -> tuple[list[Column], Prices, float]:
    """Return columns that solve the linear programme, its prices and the bound it proves."""
    columns, bound = _unique(plan), np.inf
    known, best = set(columns), None
    for _ in range(_ROUNDS):
        answer = solve_parts(problem, columns, aim)
        assert answer.prices is not None, "a linear programme has prices"
        new, most = best_columns(problem, answer.prices)
        days = np.array([each.days for each in problem.vehicles])
        more = float((days * np.maximum(most, 0.0)[: len(days)]).sum())
        if answer.value + more < bound:
            bound, best = answer.value + more, answer.prices
        fresh = [each for each in new if each not in known]
        if not fresh or time.monotonic() > deadline:
            break
        known |= set(fresh)
        columns = _unique([*columns, *fresh])
    assert best is not None, "one round at least"
    return columns, best, bound


@dataclass(frozen=True, slots=True, eq=False)
class _Whole:
    days: tuple[Column, ...]
    value: float
    bound: float


def _whole(
    problem: Problem,
    columns: Sequence[Column],
    aim: Aim,
    deadline: float,
    plan: Sequence[Column],
) -> _Whole:
    """Solve over columns in whole days, starting from a plan among them."""
    times = np.array([float(sum(each == one for one in plan)) for each in columns])
    left = max(deadline - time.monotonic(), 1.0)
    answer = solve_whole(problem, columns, aim, time_limit_s=left, start=times if plan else None)
    if answer.missing > _TINY:
        return _Whole((), -np.inf, _bound(answer))
    often = np.rint(answer.times).astype(int)
    days = tuple(each for each, count in zip(columns, often, strict=True) for _ in range(count))
    return _Whole(days, value_of(problem, days, aim), _bound(answer))


def chosen(
    problem: Problem,
    columns: Sequence[Column],
    aim: Aim,
    deadline: float,
    plan: Sequence[Column],
) -> tuple[Column, ...] | None:
    """Return the best days among columns, or None where that is not proven in time."""
    if time.monotonic() > deadline:
        return None
    times = np.array([float(sum(each == one for one in plan)) for each in columns])
    left = deadline - time.monotonic()
    answer = solve_whole(problem, columns, aim, time_limit_s=left, start=times)
    if not answer.optimal or answer.missing > _TINY:
        return None
    often = np.rint(answer.times).astype(int)
    return tuple(each for each, count in zip(columns, often, strict=True) for _ in range(count))


def _bound(answer: Answer) -> float:
    return answer.bound if np.isfinite(answer.bound) else np.inf


def value_of(problem: Problem, days: Sequence[Column], aim: Aim) -> float:
    """Return what a plan is worth in the terms of an aim, from its days alone."""
    if aim.what == "minutes":
        return -sum(each.often * each.road for each in days)
    hours = hours_of(problem, days, np.ones(len(days)))
    ends = np.cumsum(problem.steps)
    parts = np.clip(hours[:, None] - (ends - problem.steps)[None, :], 0.0, problem.steps)
    worth = problem.crowd.people * (parts @ problem.worth)
    if aim.what == "worth":
        return float(worth.sum())
    group, groups = problem.crowd.group, problem.crowd.groups
    whom = np.bincount(group, problem.crowd.people, groups)
    sums = np.bincount(group, worth, groups)
    return float((sums[whom > 0] / whom[whom > 0]).min(initial=np.inf))


def _unique(columns: Iterable[Column]) -> list[Column]:
    return sorted(set(columns))
