"""What is missing for all to have the norm: in places, weighted to the worst off, or in people."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse

from ctg_geo.errors import FairSitingError
from ctg_geo.siting.fair.floor import highest
from ctg_geo.siting.fair.frame import Aim, Frame, Outcome
from ctg_geo.siting.fair.ground import Ground
from ctg_geo.siting.fair.programme import Expression

__all__ = ["ALMOST", "Covered", "Severity", "Shortfall"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int32]

ALMOST = 1e-7
"""Share of the norm by which an access may miss it and still count as reaching it."""

_SAME = 1e-9
_TANGENTS = 4
_MISSED = 1e-7  # share of the severity that tangents may miss


@dataclass(frozen=True, slots=True, eq=False)
class Shortfall:
    """The least places missing: `Σ P_i max(0, norm - a_i)` (FGT with α = 1, in places)."""

    norm: float
    among: pd.Series | None = None
    name: str = "shortfall"
    sense: Literal["min", "max"] = "min"

    def measured(self, ground: Ground, outcome: Outcome) -> float:
        """Places missing."""
        short = np.maximum(self.norm - outcome.access, 0.0)
        return float(ground.people_of(self.among) @ short)

    def install(self, frame: Frame) -> Aim:
        """Write `short >= norm - access` for each class that may be under the norm."""
        people = frame.ground.people_of(self.among)
        short, rows, settled = _short(frame, people, self.norm)
        return Aim(
            Expression(short, people[rows] * self.norm, settled * self.norm),
            surely=settled * self.norm,
        )

    def refuse(self, frame: Frame) -> None:
        """Raise where nobody can be brought over the norm: each place then fills as much.

        Raises
        ------
        FairSitingError
            If so, and places at all candidates serve those who count in full.
        """
        _refuse_nobody(frame, self.among)
        people = frame.ground.people_of(self.among)
        choices = frame.choices
        if (highest(frame)[people > 0] > self.norm).any() or choices.rules.budget is not None:
            return
        free = choices.may & (choices.high > choices.least)
        kept = np.asarray(frame.ground.slope.T @ people)[free]
        if len(kept) > 1 and np.ptp(kept) <= _SAME:
            top = float(highest(frame)[people > 0].max())
            raise FairSitingError("norm_above_all", norm=100 * self.norm, top=100 * top)


@dataclass(frozen=True, slots=True, eq=False)
class Severity:
    """The least severity: `Σ P_i max(0, (norm - a_i) / norm)² / N` (FGT with α = 2).

    The square is bounded from below by its tangents, and more are added where the plan lies
    until what they promise and what the plan has are the same: exact within the stated gap.
    """

    norm: float
    among: pd.Series | None = None
    name: str = "severity"
    sense: Literal["min", "max"] = "min"

    def measured(self, ground: Ground, outcome: Outcome) -> float:
        """Foster-Greer-Thorbecke index of power 2."""
        people = ground.people_of(self.among)
        depth = np.maximum(1 - outcome.access / self.norm, 0.0)
        return float(people @ depth**2 / people.sum())

    def install(self, frame: Frame) -> Aim:
        """Write the depth of each class, and tangents of its square."""
        ground = frame.ground
        people = ground.people_of(self.among)
        depth, rows, settled = _short(frame, people, self.norm, square=True)
        count, total = len(rows), float(people.sum())
        square = frame.programme.columns(np.zeros(count), np.ones(count))
        every = np.arange(count)
        most = np.maximum(1 - ground.access(frame.choices.least)[rows] / self.norm, 0.0)
        least = np.maximum(1 - highest(frame)[rows] / self.norm, 0.0)
        for part in (np.arange(_TANGENTS) + 0.5) / _TANGENTS:
            _touch(frame, (square, depth), every, least + part * (most - least))

        def cut(point: Floats) -> bool:
            found = point[depth]
            missing = people[rows] * (found**2 - point[square])
            allowed = _MISSED * (people[rows] @ found**2 + settled) / max(count, 1)
            missed = np.flatnonzero(missing > max(float(allowed), _SAME))
            _touch(frame, (square, depth), missed, found[missed])
            return bool(len(missed))

        return Aim(
            Expression(square, people[rows], settled), scale=total, surely=settled / total, cut=cut
        )

    def refuse(self, frame: Frame) -> None:
        """Raise where nobody counts."""
        _refuse_nobody(frame, self.among)


@dataclass(frozen=True, slots=True, eq=False)
class Covered:
    """The most people who have the norm: `Σ P_i [a_i >= norm]`."""

    norm: float
    among: pd.Series | None = None
    name: str = "cover"
    sense: Literal["min", "max"] = "max"

    def measured(self, ground: Ground, outcome: Outcome) -> float:
        """People who have the norm, but for a ten-millionth of it."""
        reached = outcome.access >= self.norm * (1 - ALMOST)
        return float(ground.people_of(self.among)[reached].sum())

    def install(self, frame: Frame) -> Aim:
        """Write `reached × norm <= access`, what stands anyway taken off both sides."""
        ground = frame.ground
        people = ground.people_of(self.among)
        norm = self.norm * (1 - ALMOST)
        least = ground.access(frame.choices.least)
        sure = float(people[least >= norm].sum())
        may = (least < norm) & (highest(frame) >= norm * (1 - _SAME))
        rows = np.flatnonzero((people > 0) & may)
        reached = frame.programme.columns(np.zeros(len(rows)), np.ones(len(rows)), whole=True)
        need = norm - least[rows]
        lines = sparse.diags_array(1 / need) @ ground.slope[rows]
        matrix = sparse.hstack([lines, -sparse.eye_array(len(rows))])
        shift = least[rows] / need
        frame.programme.rows(
            sparse.csr_array(matrix), np.r_[frame.size, reached], shift, np.full(len(rows), np.inf)
        )
        most = sure + float(people[rows].sum())
        return Aim(Expression(reached, -people[rows], -sure), scale=-1.0, surely=-most)

    def refuse(self, frame: Frame) -> None:
        """Raise where nobody can reach the norm.

        Raises
        ------
        FairSitingError
            If so: every plan then covers the same people.
        """
        _refuse_nobody(frame, self.among)
        people = frame.ground.people_of(self.among)
        top = float(highest(frame)[people > 0].max())
        if top < self.norm * (1 - ALMOST):
            raise FairSitingError("norm_beyond_all", norm=100 * self.norm, top=100 * top)


def _short(
    frame: Frame, people: Floats, norm: float, *, square: bool = False
) -> tuple[Ints, Ints, float]:
    """Add how far (share of the norm) each class is under it, and sum those that cannot change."""
    ground = frame.ground
    low = np.maximum(1 - ground.access(frame.choices.least) / norm, 0.0)
    top = highest(frame)
    fixed = top - ground.access(frame.choices.least) <= _SAME * norm
    settled = float(people[fixed] @ (low[fixed] ** 2 if square else low[fixed]))
    rows = np.flatnonzero((people > 0) & ~fixed & (low > 0))
    short = frame.programme.columns(np.zeros(len(rows)), np.ones(len(rows)))
    matrix = sparse.hstack([ground.slope[rows] / norm, sparse.eye_array(len(rows))])
    frame.programme.rows(
        sparse.csr_array(matrix), np.r_[frame.size, short], np.ones(len(rows)),
        np.full(len(rows), np.inf),
    )  # fmt: skip
    return short, rows.astype(np.int32), settled


def _touch(
    frame: Frame, both: tuple[Ints, Ints], which: npt.NDArray[np.integer], at: Floats
) -> None:
    """Add `square >= 2 at × depth - at²`, the tangents of some classes."""
    square, depth = both
    count = len(which)
    matrix = sparse.hstack([sparse.eye_array(count), -2 * sparse.diags_array(at)])
    columns = np.r_[square[which], depth[which]]
    frame.programme.rows(sparse.csr_array(matrix), columns, -(at**2), np.full(count, np.inf))


def _refuse_nobody(frame: Frame, among: pd.Series | None) -> None:
    if not frame.ground.people_of(among).any():
        raise FairSitingError("nobody_among")
