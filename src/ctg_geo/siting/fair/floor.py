"""The floor: the least access that anybody has, or a declared share of people at least have."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse

from ctg_geo.errors import FairSitingError
from ctg_geo.siting.fair.frame import Aim, Frame, Outcome
from ctg_geo.siting.fair.ground import Ground
from ctg_geo.siting.fair.programme import Expression

__all__ = ["Floor", "highest"]

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

_SHARE = 1e-9  # of people, for the rounding of sums


@dataclass(frozen=True, slots=True, eq=False)
class Floor:
    """The greatest least access over the inhabited origins that count.

    Parameters
    ----------
    among : by origin, whether it must be at the floor (a group, those within reach)
    share : the floor may leave out origins, as long as at least this share of people have it
    """

    among: pd.Series | None = None
    share: float = 1.0
    name: str = "floor"
    sense: Literal["min", "max"] = "max"
    norm: float | None = None

    def measured(self, ground: Ground, outcome: Outcome) -> float:
        """Supply per person that the share of people at least have."""
        people = ground.people_of(self.among)
        there = people > 0
        access, people = outcome.access[there], people[there]
        if self.share >= 1:
            return float(access.min())
        order = np.argsort(-access, kind="stable")
        upto = np.cumsum(people[order])
        last = np.searchsorted(upto, (self.share - _SHARE) * upto[-1])
        return float(access[order][min(last, len(order) - 1)])

    def install(self, frame: Frame) -> Aim:
        """Write `floor <= access` for each class, or for those not left out."""
        ground, unit = frame.ground, frame.unit()
        people = ground.people_of(self.among)
        rows = np.flatnonzero(people > 0)
        top = highest(frame)[rows] * unit
        ceiling = self._ceiling(top, people[rows])
        level = frame.programme.columns(np.zeros(1), np.array([ceiling]))
        lines = sparse.csr_array(ground.slope[rows] * unit)
        one = sparse.csr_array(np.full((len(rows), 1), -1.0))
        if self.share >= 1:
            matrix, columns = sparse.hstack([lines, one]), np.r_[frame.size, level]
        else:
            left = frame.programme.columns(np.zeros(len(rows)), np.ones(len(rows)), whole=True)
            out = sparse.csr_array(sparse.diags_array(np.full(len(rows), ceiling)))
            matrix, columns = sparse.hstack([lines, one, out]), np.r_[frame.size, level, left]
            most = (1 - self.share + _SHARE) * people[rows].sum()
            frame.programme.row(Expression(left, people[rows]), -np.inf, float(most))
        none = np.zeros(len(rows))
        frame.programme.rows(sparse.csr_array(matrix), columns, none, np.full(len(rows), np.inf))
        return Aim(Expression(level, np.array([-1.0])), scale=-unit, surely=-ceiling / unit)

    def refuse(self, frame: Frame) -> None:
        """Raise where the floor is fixed by people whom no decision can bring more.

        Raises
        ------
        FairSitingError
            If people who count are beyond reach of every place; or nobody is in the group.
        """
        people = frame.ground.people_of(self.among)
        if not people.any():
            raise FairSitingError("nobody_among")
        beyond = (people > 0) & (highest(frame) <= 0)
        if people[beyond].sum() > (1 - self.share + _SHARE) * people.sum():
            raise FairSitingError(
                "floor_beyond_reach",
                origins=frame.ground.origins_of(beyond),
                count=float(people[beyond].sum()),
                share=float(1 - people[beyond].sum() / people.sum()),
            )

    def _ceiling(self, top: Floats, people: Floats) -> float:
        """Bound the floor: no more than the share of people could have, each served first."""
        order = np.argsort(-top, kind="stable")
        upto = np.cumsum(people[order])
        last = np.searchsorted(upto, (self.share - _SHARE) * upto[-1])
        return float(top[order][min(last, len(order) - 1)])


def highest(frame: Frame) -> Floats:
    """Bound the access of each class, by its best sites alone."""
    ground, choices = frame.ground, frame.choices
    least = choices.least
    most = ground.access(np.where(choices.may, choices.high, 0.0))
    if choices.rules.total is None:
        return most
    added = choices.rules.total + float((choices.today - least).sum())
    best = np.asarray((ground.slope * choices.may[None, :]).max(axis=1).todense()).ravel()
    return np.minimum(most, ground.access(least) + best * max(added, 0.0))
