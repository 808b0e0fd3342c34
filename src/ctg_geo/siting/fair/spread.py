"""Inequality of access: the Gini index, as the greatest of linear expressions of the places."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from ctg_geo.errors import FairSitingError
from ctg_geo.siting.fair.floor import highest
from ctg_geo.siting.fair.frame import Aim, Frame, Outcome
from ctg_geo.siting.fair.ground import Ground
from ctg_geo.siting.fair.programme import Expression

__all__ = ["Gini"]

Floats = npt.NDArray[np.float64]

_SAME = 1e-8
_NOTHING = 1e-3  # places: with fewer, nobody has access to anything


@dataclass(frozen=True, slots=True, eq=False)
class Gini:
    """The least Gini index of access, over the people who count.

    Ranked by any order, `Σ P_i (people before - people after) a_i` is at most the sum of all
    differences, and equal in the order of access. Each order met is one row in the places
    alone, so the index needs no pairs of origins.

    References
    ----------
    Kelley (1960), Journal of the Society for Industrial and Applied Mathematics 8(4),
    doi:10.1137/0108053; Dinkelbach (1967), Management Science 13(7),
    doi:10.1287/mnsc.13.7.492.
    """

    among: pd.Series | None = None
    name: str = "gini"
    sense: Literal["min", "max"] = "min"
    norm: float | None = None

    def measured(self, ground: Ground, outcome: Outcome) -> float:
        """Gini index; infinite where nobody has access to anything."""
        people = ground.people_of(self.among)
        held = people @ outcome.access
        if not held > 0:
            return np.inf
        return float(_ranked(outcome.access, people) @ outcome.access / (people.sum() * held))

    def install(self, frame: Frame) -> Aim:
        """Write the mean difference over one column, and the mean it is a share of."""
        ground, unit = frame.ground, frame.unit()
        people = ground.people_of(self.among)
        total = people.sum()
        apart = frame.programme.columns(np.zeros(1), np.full(1, np.inf))
        mean = np.asarray(ground.slope.T @ people) * (unit / total)

        under = frame.sums(mean)
        least = np.maximum(frame.choices.low, _NOTHING) * mean
        frame.programme.row(under, float(least[mean > 0].min()), np.inf)

        def cut(point: Floats) -> bool:
            access = ground.access(point[frame.size])
            rank = _ranked(access, people) * (unit / total**2)
            mean_access = unit * (people @ access) / total
            if rank @ access <= point[apart[0]] + _SAME * max(mean_access, _SAME):
                return False
            places = np.asarray(ground.slope.T @ rank)
            row = Expression(np.r_[apart, frame.size].astype(np.int32), np.r_[1.0, -places])
            frame.programme.row(row, 0.0, np.inf)
            return True

        return Aim(Expression(apart, np.ones(1)), under=under, cut=cut)

    def refuse(self, frame: Frame) -> None:
        """Raise where nobody counts, or nobody can have access to anything.

        Raises
        ------
        FairSitingError
            If so: the index has no meaning.
        """
        people = frame.ground.people_of(self.among)
        if not people.any():
            raise FairSitingError("nobody_among")
        if not highest(frame)[people > 0].any():
            raise FairSitingError("gini_undefined")


def _ranked(access: Floats, people: Floats) -> Floats:
    """Weigh each class by its people, times people with less access minus people with more."""
    order = np.argsort(access, kind="stable")
    upto = np.cumsum(people[order])
    weight = np.empty(len(access))
    weight[order] = people[order] * (2 * upto - people[order] - upto[-1])
    return weight
