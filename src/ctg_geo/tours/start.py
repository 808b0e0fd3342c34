"""Plans made better by small moves, and plans made to fit the weeks."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import numpy as np
import numpy.typing as npt

from ctg_geo.tours.master import Aim
from ctg_geo.tours.problem import Plan, Problem, hours_of, values_of
from ctg_geo.tours.weeks import Visit

__all__ = ["fitted", "improved", "score", "value"]

Floats = npt.NDArray[np.float64]
Score = tuple[float, ...]

_MOVES: Final = 400  # after which a plan is good enough to start from
_CHECKED: Final = 60  # of the best moves of a round, those that the weeks are asked about


def score(problem: Problem, plan: Plan, aim: Aim) -> Score:
    """Return what a plan is worth for an aim, then for the other one; rounded, to compare."""
    return tuple(map(float, _compared(problem, hours_of(problem, plan)[None, :], aim)[0]))


def value(problem: Problem, plan: Plan, aim: Aim) -> float:
    """Return what a plan is worth for an aim, not rounded."""
    return float(_scores(problem, hours_of(problem, plan)[None, :], aim)[0, 0])


def improved(problem: Problem, plan: Plan, aim: Aim) -> Plan:
    """Make the best move that the weeks hold, again and again, until none is left.

    A move adds a visit or a step of hours, takes a visit elsewhere, by another vehicle or at
    another frequency, or gives a step of one visit to another. Places to keep come first.
    """
    for _ in range(_MOVES):
        better = _better(problem, plan, aim)
        if better is None:
            return plan
        plan = better
    return plan


def fitted(problem: Problem, plan: Plan, aim: Aim) -> Plan:
    """Give up steps of hours, then stops, until every week holds; then improve what is left."""
    made = plan
    for number, vehicle in enumerate(problem.vehicles):
        while made[number] and vehicle.week(made[number]) is None:
            options = [_with(made, number, less) for less in _less(problem, made[number])]
            made = max(options, key=lambda each: score(problem, each, aim))
    return improved(problem, made, aim)


def _scores(problem: Problem, hours: Floats, aim: Aim) -> Floats:
    worth, floor = values_of(problem, hours)
    if aim.least_floor is not None:
        worth = np.where(floor < aim.least_floor, -1.0, worth)
    both = (worth, floor) if aim.what == "worth" else (floor, worth)
    return np.stack(both, axis=1)


def _compared(problem: Problem, hours: Floats, aim: Aim) -> Floats:
    return np.asarray(np.round(_scores(problem, hours, aim), 9), dtype=np.float64)


def _better(problem: Problem, plan: Plan, aim: Aim) -> Plan | None:
    """Return the plan after the best move that the weeks hold, or None."""
    options = list(_moves(problem, plan))
    if not options:
        return None
    base = hours_of(problem, plan)
    reached = problem.crowd.reached
    hours = np.stack([
        base + sum(sign * each.often * each.hours * reached[:, each.stop - 1]
                   for sign, some in ((-1, gone), (1, new)) for _, each in some)
        for gone, new in options
    ])  # fmt: skip
    found = np.column_stack([
        [_kept(problem, plan, gone, new) for gone, new in options], _compared(problem, hours, aim)
    ])  # fmt: skip
    now = (float(_kept(problem, plan, [], [])), *score(problem, plan, aim))
    order = np.lexsort((np.arange(len(found)), -found[:, 2], -found[:, 1], -found[:, 0]))
    for at in order[:_CHECKED]:
        if tuple(found[at]) <= now:
            return None
        made = _moved(plan, *options[at])
        touched = {number for some in options[at] for number, _ in some}
        if all(problem.vehicles[each].week(made[each]) is not None for each in touched):
            return made
    return None


Some = list[tuple[int, Visit]]  # visits, each by the vehicle of that number


def _moves(problem: Problem, plan: Plan) -> Iterator[tuple[Some, Some]]:
    """Yield visits to leave out and visits to put in."""
    own = [(number, each) for number, visits in enumerate(plan) for each in visits]
    taken = {each.stop for _, each in own}
    most = problem.least + problem.step * (problem.levels - 1)
    fresh = [
        (number, Visit(int(stop), often, problem.least))
        for number, vehicle in enumerate(problem.vehicles) for stop in vehicle.held
        for often in problem.often
    ]  # fmt: skip
    longer = [(number, replace(each, hours=each.hours + problem.step)) for number, each in own
              if each.hours + problem.step <= most]  # fmt: skip
    for new in fresh:
        if new[1].stop not in taken:
            yield [], [new]
    for number, each in longer:
        yield [(number, replace(each, hours=each.hours - problem.step))], [(number, each)]
    for old in own:
        for number, each in fresh:
            here = each.stop == old[1].stop
            if each.stop in taken and not here:
                continue
            new = (number, replace(each, hours=old[1].hours))
            if new != old:
                yield [old], [new]
        shorter = replace(old[1], hours=old[1].hours - problem.step)
        for number, each in longer:
            if each.stop == old[1].stop:
                continue
            before = (number, replace(each, hours=each.hours - problem.step))
            rest = [(old[0], shorter)] if shorter.hours >= problem.least else []
            yield [old, before], [*rest, (number, each)]


def _kept(problem: Problem, plan: Plan, gone: Some, new: Some) -> int:
    """Count the places to keep that are served after a move."""
    if not problem.keep.any():
        return 0
    there = {each.stop for visits in plan for each in visits}
    there = (there - {each.stop for _, each in gone}) | {each.stop for _, each in new}
    return int(problem.keep[np.array(sorted(there), dtype=int) - 1].sum()) if there else 0


def _moved(plan: Plan, gone: Some, new: Some) -> Plan:
    made = [set(visits) for visits in plan]
    for number, each in gone:
        made[number].discard(each)
    for number, each in new:
        made[number].add(each)
    return tuple(tuple(sorted(visits)) for visits in made)


def _with(plan: Plan, number: int, visits: tuple[Visit, ...]) -> Plan:
    return tuple(visits if at == number else each for at, each in enumerate(plan))


def _less(problem: Problem, visits: tuple[Visit, ...]) -> Iterator[tuple[Visit, ...]]:
    """Yield the visits with one of them a step shorter, or left out where it is at its least."""
    shorter = [at for at, each in enumerate(visits) if each.hours > problem.least]
    for at in shorter or range(len(visits)):
        each = visits[at]
        rest = [replace(each, hours=each.hours - problem.step)] if shorter else []
        yield (*visits[:at], *rest, *visits[at + 1 :])
