"""Time to the nearest place in many draws at once."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ctg_geo.travel import MS_PER_MIN, TravelTimes
from ctg_geo.uncertainty.inputs import Arrays

__all__ = ["Soonest"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_SLACK = 1e-9  # of a commune: as the quantiles of the plain diagnosis


@dataclass(frozen=True, slots=True, eq=False)
class Soonest:
    """The least time of each place of demand, and its place in its commune by that time.

    A factor of all times of a commune changes neither.
    """

    time_ms: Floats  # by place of demand; NaN where nothing is within the limit
    order: Ints  # places of demand by commune, then time
    first: Ints  # by commune: where it begins in that order
    rank: Ints  # by place in that order: number of its commune

    @classmethod
    def of(cls, times: TravelTimes, arrays: Arrays) -> "Soonest":
        """Find the least times."""
        least = np.full(len(times.origins), np.inf)
        np.minimum.at(least, times.rows, times.time_ms.astype(np.float64))
        order = np.lexsort((least, arrays.owner))
        rank = arrays.owner[order]
        first = np.searchsorted(rank, np.arange(len(arrays.codes)))
        return cls(np.where(np.isinf(least), np.nan, least), order, first, rank)

    def minutes(self, slower: Floats) -> Floats:
        """Minutes of each place; draws × places, as the factors given."""
        return np.asarray(np.rint(self.time_ms * slower) / MS_PER_MIN)

    def median(self, minutes: Floats, share: Floats) -> Floats:
        """Minutes of the median person of each commune, draws × communes.

        NaN where half of them reach nothing, or nobody lives.

        Parameters
        ----------
        minutes, share : draws × places; the share in its commune of who lives there
        """
        weight = share[:, self.order]
        run = np.cumsum(weight, axis=1)
        total = np.add.reduceat(weight, self.first, axis=1)
        before = np.where(self.first > 0, run[:, self.first - 1], 0.0)
        reached = run - before[:, self.rank] >= (0.5 - _SLACK) * total[:, self.rank]
        number = np.where(reached, np.arange(len(self.order)), len(self.order) - 1)
        at = np.minimum.reduceat(number, self.first, axis=1)
        found = np.take_along_axis(minutes[:, self.order], at, axis=1)
        return np.where(total > 0, found, np.nan)
