"""The fewest sites that cover every origin: a cover found at once, then proven."""

import time
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from ctg_geo.siting.classical.graded import choice_rows, solve_choice
from ctg_geo.siting.classical.problem import Problem, loops
from ctg_geo.siting.classical.programme import Effort, Ended, Programme, ended_by
from ctg_geo.siting.classical.search import greedy, polished
from ctg_geo.siting.classical.sites import Choice

__all__ = ["Covered", "cover_found", "cover_problem", "distinct", "fewest", "links"]

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

_WORK = 10_000_000  # links read before a number of sites is given up: some tenths of a second
_LARGE = 5_000  # links of a question worth all this work; smaller ones, their share


@dataclass(frozen=True, slots=True, eq=False)
class Covered:
    """The sites of a cover (None: none is known), the fewest there can be, what ended it."""

    chosen: Ints | None
    bound: float
    ended: Ended


def distinct(covers: Mask) -> tuple[Mask, Ints]:
    """Return the rows that differ, and which of them each row is: the same sites, one row."""
    packed = np.packbits(covers, axis=1)
    bytes_of = np.ascontiguousarray(packed).view(np.dtype((np.void, packed.shape[1] or 1)))
    if not packed.shape[1]:
        return covers[:1], np.zeros(len(covers), dtype=np.int64)
    _, first, which = np.unique(bytes_of.ravel(), return_index=True, return_inverse=True)
    return covers[first], which.ravel().astype(np.int64)


def cover_problem(covers: Mask, weight: Floats, choice: Choice) -> Problem:
    """Return the problem of leaving the least weight uncovered; equal rows are one."""
    rows, which = distinct(covers)
    total = np.bincount(which, weight, minlength=len(rows)).astype(np.float64)
    return Problem.of((~rows).astype(np.uint8), total, np.ones(len(rows)), choice)


def fewest(covers: Mask, choice: Choice, *, limit_s: float) -> Covered:
    """Cover every row with the fewest sites that the choice allows.

    `covers` is by origin and free site. An infeasible one has `chosen` None, ended by proof.
    """
    begun = time.monotonic()
    rows = distinct(covers)[0]
    if not covers.any(axis=1).all():
        return Covered(None, np.inf, "proof")
    if not len(rows) and not choice.least.any() and not choice.exactly:
        return Covered(np.zeros(0, dtype=np.int64), 0.0, "proof")
    start = _cover_found(rows, choice)
    if start is not None and len(start) <= 1 and len(rows):
        return Covered(start, float(len(start)), "proof")
    count = covers.shape[1]
    answer, chosen = solve_choice(
        _programme(rows, choice), choice, np.arange(count),
        Effort(seconds=limit_s - (time.monotonic() - begun)), start=_marks(start, count), gap=0.999,
    )  # fmt: skip
    if answer.end == "infeasible":
        return Covered(start, np.inf if start is None else float(len(start)), "proof")
    if start is not None and (chosen is None or len(start) < len(chosen)):
        chosen = start
    if answer.end == "optimal" and chosen is not None:
        return Covered(chosen, float(len(chosen)), "proof")
    bound = max(0.0, float(np.ceil(answer.bound - 1e-6)))
    return Covered(chosen, bound, ended_by(answer.end))


def _programme(rows: Mask, choice: Choice) -> Programme:
    count = rows.shape[1]
    programme = Programme(np.ones(count), np.zeros(count), np.ones(count), np.ones(count, bool))
    start = np.concatenate(([0], np.cumsum(rows.sum(axis=1))))
    programme.add(start, np.nonzero(rows)[1], 1.0, 1.0, np.inf)
    choice_rows(programme, choice, np.arange(count))
    return programme


def _cover_found(rows: Mask, choice: Choice) -> Ints | None:
    """Return a cover, made smaller while fewer sites are found to cover all."""
    best, most = None, choice.most
    while True:
        found = cover_found(rows, replace(choice, most=most))
        if found is None:
            return best
        best, most = found, len(found) - 1
        if choice.exactly or most < max(1, int(choice.least.sum())):
            return best


def cover_found(rows: Mask, choice: Choice, *, work: int = _WORK) -> Ints | None:
    """Return sites that cover every row, as many as the choice allows; None is no proof.

    `rows` differ, and each has a site. `work` bounds the search: the same on every machine.
    """
    problem = cover_problem(rows, np.ones(len(rows)), choice)
    found = polished(problem, greedy(problem))
    if not choice.allows(found.chosen):
        return None
    if found.value == 0:
        return found.chosen
    chosen = found.chosen.copy()
    held = np.bincount(choice.group[chosen] + 1, minlength=len(choice.least) + 1)[1:]
    purse = np.array([choice.budget - choice.price[chosen].sum()])
    bounds = (choice.group, held - choice.least, choice.price, purse)
    worth = work * min(int(rows.sum()), _LARGE) // _LARGE
    left = loops().shift(links(rows.T), links(rows), chosen, bounds, worth)
    return None if left or not choice.allows(chosen) else np.sort(chosen)


def links(of: Mask) -> tuple[Ints, Ints]:
    """Return where the links of each row of a table start, and the columns they go to."""
    start = np.concatenate(([0], np.cumsum(of.sum(axis=1))))
    return start.astype(np.int64), np.nonzero(of)[1].astype(np.int64)


def _marks(chosen: Ints | None, count: int) -> Floats | None:
    if chosen is None:
        return None
    marks = np.zeros(count)
    marks[chosen] = 1.0
    return marks
