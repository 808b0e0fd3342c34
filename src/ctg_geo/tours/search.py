"""The best plan and a bound on every other: stops and hours first, roads taught by cuts."""

import time
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from ctg_geo.tours.master import Aim, Answer, Master
from ctg_geo.tours.order import detour
from ctg_geo.tours.problem import Plan, Problem
from ctg_geo.tours.roads_cut import RoadCuts
from ctg_geo.tours.start import fitted, score, value
from ctg_geo.tours.weeks import Visit

__all__ = ["Found", "Infeasible", "found_best"]

Floats = npt.NDArray[np.float64]

_ROUNDS: Final = 40  # of cuts on the linear programme
_NODES: Final = 2_000  # of all searches in whole visits
_FIRST: Final = 300  # of the first one, for a plan to start from
_MOST: Final = 800  # of each other
_TRIES: Final = 300  # plans that the roads may refuse
_BROKEN: Final = 1e-4  # minutes, or days, by which a cut is worth adding
_CLOSE: Final = 1e-7


class Infeasible(Exception):  # noqa: N818  (caught in this room, never shown)
    """The places to keep cannot all be served."""


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """A plan, what it is worth, what none can pass, and whether time, not work, ended it."""

    plan: Plan
    value: float
    bound: float
    tries: int
    hurried: bool


def found_best(problem: Problem, plan: Plan, aim: Aim, *, deadline: float) -> Found:
    """Return the best plan known, with its bound.

    A programme chooses stops, vehicles and hours, and reckons with no more road than cuts have
    taught it: its value is a bound on every plan. Cuts come from prices of a covering of the
    stops by runs (linear), then from each plan that the real weeks refuse. The first plan that
    they hold is the best there is. Work is counted in nodes and tries, so that the same study
    always ends alike; the deadline is a guard.

    Parameters
    ----------
    plan : to start from, within the rules but for places to keep
    deadline : of `time.monotonic`

    Raises
    ------
    Infeasible
        If places to keep cannot all be served.

    References
    ----------
    Hooker J., Ottosson G. (2003), Logic-based Benders decomposition, Mathematical Programming
    96. Benders J. (1962). Current J., Schilling D. (1989), The covering salesman problem.
    """
    master = Master(problem, aim)
    cuts = [RoadCuts(vehicle, problem.often) for vehicle in problem.vehicles]
    bound = _taught(master, problem, cuts, deadline)
    best, left = plan, _NODES
    tries = 0
    while left > 0 and tries < _TRIES and time.monotonic() <= deadline:
        nodes = min(left, _MOST if tries else _FIRST)
        seconds = deadline - time.monotonic()
        answer = master.whole(nodes=nodes, seconds=seconds, start=best if any(best) else None)
        if answer is None:
            raise Infeasible
        tries, left, bound = tries + 1, left - max(answer.nodes, 1), min(bound, answer.bound)
        if answer.plan is None:
            continue
        found = answer.plan
        if not _held(master, problem, cuts, answer):
            found = fitted(problem, found, aim)
        best = max((best, found), key=lambda each: (_keeps(problem, each),
                                                    score(problem, each, aim)))  # fmt: skip
        if value(problem, best, aim) >= bound - _CLOSE * max(1.0, abs(bound)):
            break
    if not _keeps(problem, best):
        raise Infeasible
    reached = value(problem, best, aim)
    hurried = time.monotonic() > deadline
    return Found(best, reached, max(bound, reached), tries, hurried)


def _keeps(problem: Problem, plan: Plan) -> bool:
    there = {each.stop - 1 for visits in plan for each in visits}
    return set(np.flatnonzero(problem.keep).tolist()) <= there


def _taught(master: Master, problem: Problem, cuts: list[RoadCuts], deadline: float) -> float:
    """Add cuts to the linear programme until it breaks none; return the bound."""
    bound = np.inf
    for _ in range(_ROUNDS):
        answer = master.linear()
        if answer is None:
            raise Infeasible
        bound = min(bound, answer.bound)
        if not _cut(master, problem, cuts, answer) or time.monotonic() > deadline:
            break
    return bound


def _cut(master: Master, problem: Problem, cuts: list[RoadCuts], answer: Answer) -> bool:
    """Add the cuts that an answer breaks; tell whether there was one."""
    broken = False
    for number, own in enumerate(cuts):
        visited = answer.visited[number]
        for what, cut in (("days", own.days(visited)), ("road", own.road(visited))):
            if cut is None:
                continue
            least = float((cut.per_visit * visited).sum()) - cut.constant
            known = problem.vehicles[number].days if what == "days" else answer.road[number]
            if least <= known + _BROKEN:
                continue
            broken = True
            at = np.argwhere(cut.per_visit > 0)
            columns = [master.choice(number, int(f), int(s), 0) for f, s in at]
            values = [-float(cut.per_visit[f, s]) for f, s in at]
            if what == "days":
                master.add(columns, values, least=-float(known) - 1e-9)
            else:
                master.add([*columns, master.road + number], [*values, 1.0],
                           least=-cut.constant - 1e-9)  # fmt: skip
    return broken


def _held(master: Master, problem: Problem, cuts: list[RoadCuts], answer: Answer) -> bool:
    """Tell whether the weeks hold a plan; where they do not, teach the programme why."""
    assert answer.plan is not None, "a plan is asked about"
    refused = [number for number, vehicle in enumerate(problem.vehicles)
               if answer.plan[number] and vehicle.week(answer.plan[number]) is None]  # fmt: skip
    if refused:
        _cut(master, problem, cuts, answer)
    for number in refused:
        _refuse(master, problem, number, answer.plan[number])
    return not refused


def _refuse(master: Master, problem: Problem, number: int, visits: tuple[Visit, ...]) -> None:
    """Forbid visits that no week holds, or tell the road that they take, and any with more.

    More stops or longer ones never drive less, but for what a way through another place may
    save (`detour`): it is taken off, and where there is any, only these very stops are
    forbidden.
    """
    vehicle = problem.vehicles[number]
    saved = detour(vehicle.minutes)
    there = {(each.often, each.stop) for each in visits}
    others = [
        master.choice(number, at, int(stop) - 1, 0)
        for at, often in enumerate(problem.often) for stop in vehicle.held
        if saved > _CLOSE and (often, int(stop)) not in there
    ]  # fmt: skip
    shortest = tuple(replace(each, hours=problem.least) for each in visits)
    for told in dict.fromkeys((shortest, visits)):
        columns = [
            master.choice(number, problem.often.index(each.often), each.stop - 1,
                          master.level(each))
            for each in told
        ]  # fmt: skip
        week = vehicle.days_of(told)
        if week is None:
            values = [-1.0] * len(columns) + [1.0] * len(others)
            master.add([*columns, *others], values, least=1.0 - len(columns))
            continue
        road = max(week.road - saved * len(vehicle.minutes), 0.0)
        master.add([*columns, master.road + number], [*[-road] * len(columns), 1.0],
                   least=road * (1 - len(columns)) - 1e-9)  # fmt: skip
