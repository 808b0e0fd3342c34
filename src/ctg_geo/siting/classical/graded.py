"""What is left of a problem once prices have ruled sites and pairs out, solved exactly.

An origin pays its cheapest cost, and one more step for each set of sites, by rising cost, of
which none is open (Cornuéjols, Nemhauser & Wolsey 1980; García, Labbé & Marín 2011). The steps
of origins that count on the same set are one. Pairs that no better plan can use are left out,
so the programme is small, and still exact.
"""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from ctg_geo.siting.classical.dual import Dual
from ctg_geo.siting.classical.problem import Problem
from ctg_geo.siting.classical.programme import Answer, Effort, End, Programme
from ctg_geo.siting.classical.search import Found
from ctg_geo.siting.classical.sites import AS_DEAR, Choice

__all__ = ["Left", "choice_rows", "left", "solve_choice", "solve_left"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

_LEFT_OUT = 20  # sets that the solver takes for good and that are not
_FINE = 1e4  # what a budget is in its row: the solver lets a millionth pass


@dataclass(frozen=True, slots=True, eq=False)
class Left:
    """What a plan better than the best may still do."""

    may: Mask  # by site: be open
    must: Mask
    room: float  # what prices leave between their bound and a better plan
    extra: Floats  # by site: what opening it adds to the bound at least


def left(choice: Choice, dual: Dual, value: float, gain: float) -> Left:
    """Rule out what would bring the bound up to the best plan, of `value`.

    A better plan is better by `gain` at least.
    """
    worth, opened = dual.worth, dual.opened
    room = value - gain - dual.bound + 1e-9 * abs(value)
    full = int(opened.sum()) >= choice.most
    weakest = float(worth[opened].max(initial=-np.inf if full else 0.0))  # may close instead
    others = worth[~opened & np.isfinite(worth)]
    closed = float(others.min(initial=np.inf))
    instead = closed if choice.exactly else min(0.0, closed)  # none need open instead
    with np.errstate(invalid="ignore"):  # the worth of sites decided beforehand is infinite
        extra = np.where(opened, 0.0, np.maximum(worth - weakest, 0.0))
        loss = np.where(opened, instead - worth, 0.0)
    return Left(extra <= room, opened & (loss > room), room, extra)


@dataclass(slots=True, eq=False)
class _Steps:
    """Sets of sites of which one must be open, or a step be paid; nested sets share rows."""

    number: dict[bytes, int] = field(default_factory=dict)
    weight: list[float] = field(default_factory=list)
    before: list[int] = field(default_factory=list)  # the set it widens, or -1
    added: list[Ints] = field(default_factory=list)
    hard: dict[bytes, Ints] = field(default_factory=dict)

    def pay(self, sites: Ints, before: int, added: Ints, amount: float) -> int:
        """Count on a set; return its number."""
        key = np.sort(sites).tobytes()
        at = self.number.get(key)
        if at is None:
            at = len(self.weight)
            self.number[key] = at
            self.weight.append(0.0)
            self.before.append(before)
            self.added.append(added)
        self.weight[at] += amount
        return at


def _steps_of(problem: Problem, dual: Dual, rest: Left, most: int) -> tuple[_Steps, float] | None:
    """Return the steps of all origins and what all pay at least; None beyond `most` steps."""
    steps, constant = _Steps(), 0.0
    kept = np.flatnonzero(rest.may)
    for i in range(len(problem.weight)):
        weight, base = float(problem.weight[i]), float(problem.base[i])
        cost = problem.cost[i, kept].astype(np.float64)
        beyond = np.maximum(weight * cost - dual.price[i], 0.0) + rest.extra[kept]
        usable = np.flatnonzero((cost < base) & (beyond <= rest.room))
        usable = usable[np.argsort(cost[usable], kind="stable")]
        costs, sites = cost[usable], kept[usable]
        last = base if weight * base - dual.price[i] <= rest.room else None
        constant += _steps_of_one(steps, weight, costs, sites, last)
        if len(steps.weight) > most:
            return None
    return steps, constant


def _steps_of_one(
    steps: _Steps, weight: float, costs: Floats, sites: Ints, last: float | None
) -> float:
    levels = [] if last is None else [last]
    bounds: list[int] = []
    if len(costs):
        bounds = [*(np.flatnonzero(np.diff(costs)) + 1).tolist(), len(costs)]
    values = [float(costs[end - 1]) for end in bounds] + levels
    if not values:  # nothing better than the best plan serves this origin
        steps.hard[b""] = sites
        return 0.0
    before, done = -1, 0
    for end, value, after in zip(bounds, values, values[1:], strict=False):
        before = steps.pay(sites[:end], before, sites[done:end], weight * (after - value))
        done = end
    if last is None:
        steps.hard[np.sort(sites).tobytes()] = sites
    return weight * values[0]


def solve_left(
    problem: Problem, dual: Dual, best: Found, effort: Effort, *, most: int
) -> tuple[Found, float, End] | None:
    """Look for a better plan; return it (or the best), the bound, and how the search ended.

    None where what is left takes more than `most` steps.
    """
    rest = left(problem.choice, dual, best.value, problem.least_gain(best.value))
    made = _steps_of(problem, dual, rest, most)
    if made is None:
        return None
    steps, constant = made
    if b"" in steps.hard:
        return best, best.value, "optimal"
    sites = np.flatnonzero(rest.may)
    programme = _programme(problem, steps, rest, sites)
    ceiling = best.value - problem.least_gain(best.value) - constant
    slack = 1e-9 * abs(best.value) + (0.5 if problem.whole else 0.0)
    programme.row(np.flatnonzero(programme.cost), programme.cost[programme.cost != 0],
                  -np.inf, ceiling + slack)  # fmt: skip
    answer, chosen = solve_choice(
        programme, problem.choice, sites, effort, gap=0.999 if problem.whole else 0.0
    )
    if chosen is not None:
        value = problem.value(chosen)
        best = Found(chosen, value) if value < best.value else best
    if answer.end in {"optimal", "infeasible"}:
        return best, best.value, "optimal"
    return best, min(best.value, max(dual.bound, answer.bound + constant)), answer.end


def _programme(problem: Problem, steps: _Steps, rest: Left, sites: Ints) -> Programme:
    count, extra = len(sites), len(steps.weight)
    place = np.zeros(len(rest.may), dtype=np.int64)
    place[sites] = np.arange(count)
    programme = Programme(
        np.concatenate((np.zeros(count), steps.weight)),
        np.concatenate((rest.must[sites].astype(np.float64), np.zeros(extra))),
        np.ones(count + extra),
        np.arange(count + extra) < count,
    )
    columns: list[Ints] = []
    factors: list[Floats] = []
    start = [0]
    for at in range(extra):
        parts = [place[steps.added[at]], np.array([count + at])]
        signs = [np.ones(len(steps.added[at]) + 1)]
        if steps.before[at] >= 0:
            parts.append(np.array([count + steps.before[at]]))
            signs.append(-np.ones(1))
        columns += parts
        factors += signs
        start.append(start[-1] + sum(len(part) for part in parts))
    if extra:
        low = np.where(np.array(steps.before) >= 0, 0.0, 1.0)
        programme.add(
            np.array(start), np.concatenate(columns), np.concatenate(factors), low, np.inf
        )
    for hard in steps.hard.values():
        programme.row(place[hard], 1.0, 1.0, np.inf)
    choice_rows(programme, problem.choice, sites)
    return programme


def solve_choice(
    programme: Programme,
    choice: Choice,
    sites: Ints,
    effort: Effort,
    *,
    start: Floats | None = None,
    gap: float = 0.0,
) -> tuple[Answer, Ints | None]:
    """Solve for a set of sites that keeps the rules exactly; site `sites[k]` is column k.

    A set that breaks them by less than the solver sees is left out, and the search goes on: its
    answer proves nothing of the others.
    """
    for _ in range(_LEFT_OUT):
        answer = programme.solve(effort, start=start, gap=gap)
        if answer.values is None:
            return answer, None
        taken = answer.values[: len(sites)] > 0.5  # noqa: PLR2004
        if choice.allows(sites[taken]):
            return answer, sites[taken]
        if answer.end != "optimal":
            return Answer(answer.end, None, answer.bound), None
        others = np.where(taken, 1.0, -1.0)
        programme.row(np.arange(len(sites)), others, -np.inf, float(taken.sum()) - 1.0)
    return Answer("nodes", None, answer.bound), None


def choice_rows(programme: Programme, choice: Choice, sites: Ints) -> None:
    """Add the rules on the set of sites; site `sites[k]` is column k."""
    every = np.arange(len(sites))
    if len(sites) > choice.most or choice.exactly:
        programme.row(every, 1.0, choice.most if choice.exactly else -np.inf, choice.most)
    for group, least in enumerate(choice.least):
        programme.row(every[choice.group[sites] == group], 1.0, float(least), np.inf)
    if np.isfinite(choice.budget):
        price, most = choice.price[sites], choice.budget * (1 + AS_DEAR)
        programme.row(every[price > most], 1.0, -np.inf, 0.0)
        paid = every[(price > 0) & (price <= most)]
        if len(paid):
            programme.row(paid, price[paid] * (_FINE / most), -np.inf, _FINE)
