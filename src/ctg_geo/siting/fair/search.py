"""The search for one objective: rounds of programmes, each a proof of what cannot be bettered."""

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ctg_geo.siting.fair.frame import Aim, Frame, Outcome
from ctg_geo.siting.fair.objective import Limit, Objective
from ctg_geo.siting.fair.programme import RELATIVE_GAP, Expression
from ctg_geo.siting.fair.start import SLACK, kept
from ctg_geo.siting.given import seconds as seconds_of
from ctg_geo.siting.plan import Status, signed

__all__ = ["Deadline", "Found", "searched"]

_RELAXED_ROUNDS = 200
_RELAXED_SHARE = 0.6  # of the time at most
_STEADY, _STEADY_ROUNDS = 1e-5, 5  # a bound that moves no more, and for how long
_ROUNDS = 1000


@dataclass(frozen=True, slots=True)
class Deadline:
    """A moment at which searches end, whatever they have found."""

    at: float  # of the monotonic clock

    @classmethod
    def after(cls, seconds: float) -> "Deadline":
        """Return the moment some seconds from now.

        Raises
        ------
        SitingError
            If they are negative or no number.
        """
        return cls(time.monotonic() + seconds_of(seconds, "time_limit_s"))

    @property
    def left(self) -> float:
        """Seconds left."""
        return max(self.at - time.monotonic(), 0.0)


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """The best plan found, and what none betters."""

    outcome: Outcome | None
    value: float
    bound: float
    status: Status


def searched(
    frame: Frame,
    objective: Objective,
    limits: Sequence[Limit],
    start: Outcome | None,
    deadline: Deadline,
) -> Found:
    """Search for the best plan of one objective under limits, from a plan that keeps them."""
    aims = [_limited(frame, limit) for limit in limits]
    aim = objective.install(frame)
    search = _Search(frame, objective, limits, [*aims, aim], deadline)
    if start is not None:
        search.offer(start)
    search.relax()
    return search.whole()


def _limited(frame: Frame, limit: Limit) -> Aim:
    """Write a limit as a row: `expression <= at × scale`, or `<= at × under` of a ratio."""
    aim = limit.objective.install(frame)
    slack = SLACK / 10 * max(abs(limit.at), SLACK)
    at = limit.at + (slack if limit.objective.sense == "min" else -slack)
    if aim.under is None:
        frame.programme.row(aim.expression, -np.inf, at * aim.scale)
    else:
        frame.programme.row(_minus(aim.expression, aim.under, at), -np.inf, 0.0)
    return aim


def _minus(top: Expression, under: Expression, factor: float) -> Expression:
    return Expression(
        np.r_[top.columns, under.columns].astype(np.int32),
        np.r_[top.values, -factor * under.values],
        top.constant - factor * under.constant,
    )


class _Search:
    """The state of a search: the best plan so far, the best bound, the ratio tried."""

    def __init__(
        self, frame: Frame, objective: Objective, limits: Sequence[Limit],
        aims: Sequence[Aim], deadline: Deadline,
    ) -> None:  # fmt: skip
        self._frame, self._objective, self._limits = frame, objective, limits
        self._aims, self._aim, self._deadline = aims, aims[-1], deadline
        self._best: Outcome | None = None
        self._value = math.inf  # signed: to make least
        self._bound = aims[-1].surely
        self._ratio = 1.0  # tried, of an objective that is one
        self._least_under = self._lowest_mean()

    def offer(self, outcome: Outcome) -> None:
        """Keep a plan that keeps the rules and the limits, and betters the best."""
        frame = self._frame
        if not kept(frame.choices, outcome):
            return
        if not all(limit.met(frame.ground, outcome, slack=SLACK) for limit in self._limits):
            return
        value = self._signed(self._objective.measured(frame.ground, outcome))
        if value < self._value:
            self._best, self._value = outcome, value

    def relax(self) -> None:
        """Add the rows that plans in parts of sites break: cheap, and most of those needed."""
        if not any(aim.cut for aim in self._aims):
            return
        until = Deadline.after(self._deadline.left * _RELAXED_SHARE)
        steady, before = 0, -math.inf
        for _ in range(_RELAXED_ROUNDS):
            self._set_aim()
            answer = self._frame.programme.solved(until.left, whole=False)
            if answer.point is None or answer.status != "optimal":
                return
            self._bound = max(self._bound, self._bound_of(answer.bound))
            moved = self._bound - before > _STEADY * max(abs(self._bound), RELATIVE_GAP)
            steady, before = (0 if moved else steady + 1), self._bound
            if not self._cut(answer.point) or steady >= _STEADY_ROUNDS or not until.left:
                return

    def whole(self) -> Found:
        """Search in whole sites until nothing better is possible, or time is over."""
        frame = self._frame
        for _ in range(_ROUNDS):
            self._set_aim()
            if self._best is not None:
                columns = np.r_[frame.open, frame.size]
                values = np.r_[self._best.opened.astype(np.float64), self._best.size]
                frame.programme.start(columns, values)
            answer = frame.programme.solved(self._deadline.left)
            if answer.status == "infeasible":
                return self._ended(infeasible=self._best is None)
            if np.isfinite(answer.bound):
                self._bound = max(self._bound, self._bound_of(answer.bound))
            cut = False
            if answer.point is not None:
                self.offer(frame.outcome(answer.point))
                cut = self._cut(answer.point)
            nearer = self._aim.under is not None and self._value < self._ratio * (1 - SLACK / 100)
            if self._proven or answer.status == "limit" or not (cut or nearer):
                break
            if not self._deadline.left:
                break
        return self._ended(infeasible=False)

    @property
    def _proven(self) -> bool:
        if self._best is None:
            return False
        top = max(abs(self._value), abs(self._bound))
        room = RELATIVE_GAP * top + RELATIVE_GAP / abs(self._aim.scale)
        return self._value - self._bound <= room

    def _set_aim(self) -> None:
        aim = self._aim
        if aim.under is None:
            self._frame.programme.aim(aim.expression)
            return
        self._ratio = min(self._ratio, self._value)
        self._frame.programme.aim(_minus(aim.expression, aim.under, self._ratio))

    def _bound_of(self, told: float) -> float:
        """Return the bound on the objective (signed) that a bound on the programme gives.

        For a ratio tried at λ: expression >= λ under + told, so the ratio is at least
        λ + told / (the least of under) where `told` is negative.
        """
        aim = self._aim
        if aim.under is None:
            return told / abs(aim.scale)
        if told >= 0:
            return self._ratio
        return self._ratio + told / self._least_under if self._least_under > 0 else 0.0

    def _lowest_mean(self) -> float:
        under = self._aim.under
        if under is None:
            return 1.0
        self._frame.programme.aim(under)
        return self._frame.programme.solved(self._deadline.left, whole=False).bound

    def _signed(self, value: float) -> float:
        return signed(value, self._objective.sense)

    def _cut(self, point: npt.NDArray[np.float64]) -> bool:
        added = [aim.cut(point) for aim in self._aims if aim.cut is not None]
        return any(added)

    def _ended(self, *, infeasible: bool) -> Found:
        if self._best is None:
            told = self._signed(self._bound)
            return Found(None, np.nan, np.nan if infeasible else told,
                         "infeasible" if infeasible else "undecided")  # fmt: skip
        proven = self._proven
        bound = self._value if proven and self._bound > self._value else self._bound
        value, bound = self._signed(self._value), self._signed(bound)
        return Found(self._best, value, bound, "proven" if proven else "best_found")
