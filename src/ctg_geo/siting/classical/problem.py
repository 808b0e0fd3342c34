"""Origins that pay for their nearest open site: what p-median and maximal cover both are."""

import logging
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from types import ModuleType

import numpy as np
import numpy.typing as npt

from ctg_geo.siting.classical.sites import Choice

__all__ = ["Problem", "loops"]

logger = logging.getLogger(__name__)

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Table = npt.NDArray[np.generic]
State = tuple[Ints, Ints, Floats, Floats]

_EXACT = 2**53  # whole numbers up to here are floats without rounding
_ROUNDING = 1e-9  # relative, of sums that are not whole


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Problem:
    """Choose free sites so that origins pay the least, each `weight` × its cheapest cost.

    `base` is what an origin pays where no chosen site is cheaper: what stands already, or what
    going without costs. Weights are above 0.
    """

    cost: Table  # by origin and free site
    by_site: Table  # the same, turned
    weight: Floats
    base: Floats
    choice: Choice
    whole: bool  # every total is a whole number, and exact

    @classmethod
    def of(cls, cost: Table, weight: Floats, base: Floats, choice: Choice) -> "Problem":
        """Lay the costs out both ways."""
        rows = np.ascontiguousarray(cost)
        whole = bool(
            np.issubdtype(rows.dtype, np.integer)
            and (weight == np.rint(weight)).all()
            and (base == np.rint(base)).all()
            and (weight * base).sum() < _EXACT
        )
        return cls(rows, np.ascontiguousarray(rows.T), weight, base, choice, whole)

    def least_gain(self, value: float) -> float:
        """Return by how much a better plan than one of `value` must be better."""
        return 1.0 if self.whole else _ROUNDING * max(abs(value), 1e-300)

    def state(self, chosen: Ints) -> State:
        """Return the nearest and second nearest of each origin among the chosen."""
        count = len(self.weight)
        state = (np.empty(count, np.int64), np.empty(count, np.int64),
                 np.empty(count), np.empty(count))  # fmt: skip
        loops().assign(self.cost, chosen, self.base, state)
        return state

    def value(self, chosen: Ints) -> float:
        """Return what a set of free sites costs."""
        return float((self.weight * self.state(chosen)[2]).sum())


@cache
def loops() -> ModuleType:
    """Return the compiled loops, or the plain ones where numba is missing."""
    if find_spec("numba") is None:
        from ctg_geo.siting.classical import plain  # noqa: PLC0415

        logger.warning("numba not installed: plans are the same, but slow to find")
        return plain
    from ctg_geo.siting.classical import loops as compiled  # noqa: PLC0415

    return compiled
