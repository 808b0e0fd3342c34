"""The weights of all pairs, as what every measure needs of them: two sums, either way.

A measure is made of `to_sites` (for each site, the people who come, weighted) and `to_homes`
(for each origin, what the sites offer, weighted). Few pairs are weighed at once with numpy;
many are left as they are, and weighed in compiled loops on all cores. Both give the same bytes,
on any number of cores: the terms of a sum are always added in the order of its pairs, one by one
(a core has some sites, or some origins, to itself). So a part of the origins that holds all who
reach a site gives its sum as the whole does (`docs/scaling.md`).
"""

import itertools
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from importlib.util import find_spec
from typing import Protocol, Self

import numpy as np
import numpy.typing as npt

from ctg_geo import progress
from ctg_geo.access.decay import Decay
from ctg_geo.errors import TravelError
from ctg_geo.travel import TravelTimes
from ctg_geo.travel.times import bound_ms

__all__ = ["Compiled", "Plain", "Weights", "announced", "compiled_weights", "plain_weights",
           "weights_of"]  # fmt: skip

logger = logging.getLogger(__name__)

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.integer]

_MANY = 1_000_000  # pairs: below, a small study loads no compiler
_PARTS = 16
_ZONES = 4  # bounds of `kernels`


class Weights(Protocol):
    """Weights in [0, 1] of the pairs of origins and destinations."""

    def to_sites(self, amount: Floats) -> Floats:
        """Sum amounts of origins by destination: Σ_i w_ij x_i."""
        ...

    def to_homes(self, amount: Floats) -> Floats:
        """Sum amounts of destinations by origin: Σ_j w_ij y_j."""
        ...

    def squared(self) -> Self:
        """Return the squares of these weights."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Plain:
    """One weight for each pair, held in an array."""

    origins: int
    destinations: int
    row: Ints
    to: Ints
    weight: Floats

    def to_sites(self, amount: Floats) -> Floats:
        """See `Weights`."""
        found = np.bincount(self.to, self.weight * amount[self.row], self.destinations)
        return np.asarray(found, np.float64)

    def to_homes(self, amount: Floats) -> Floats:
        """See `Weights`."""
        found = np.bincount(self.row, self.weight * amount[self.to], self.origins)
        return np.asarray(found, np.float64)

    def squared(self) -> Self:
        """See `Weights`."""
        return replace(self, weight=self.weight**2)


@dataclass(frozen=True, slots=True, eq=False)
class Compiled:
    """Weights by zone or by millisecond, looked up pair by pair (see `kernels`).

    The destinations of a row increase, as those of `TravelTimes` do.
    """

    pairs: tuple[Ints, Ints, Ints]  # start, to, time_ms
    destinations: int
    table: Floats
    bounds: tuple[int, int, int, int] | None  # None: by millisecond

    def to_sites(self, amount: Floats) -> Floats:
        """See `Weights`."""
        from ctg_geo.access import kernels  # noqa: PLC0415  (heavy)
        from ctg_geo.travel.hierarchy.together import processors  # noqa: PLC0415

        found = np.zeros(self.destinations)
        pairs, table, bounds = self.pairs, self.table, self.bounds

        def add(sites: tuple[int, int]) -> None:
            if bounds is None:
                kernels.scattered(sites, pairs, table, amount, found)
            else:
                kernels.scattered_by_zone(sites, pairs, (bounds, table), amount, found)

        _shared_out(np.linspace(0, self.destinations, processors() + 1).astype(np.int64), add)
        return found

    def to_homes(self, amount: Floats) -> Floats:
        """See `Weights`."""
        from ctg_geo.access import kernels  # noqa: PLC0415  (heavy)

        found = np.zeros(len(self.pairs[0]) - 1)
        pairs, table, bounds = self.pairs, self.table, self.bounds

        def add(rows: tuple[int, int]) -> None:
            if bounds is None:
                kernels.gathered(rows, pairs, table, amount, found)
            else:
                kernels.gathered_by_zone(rows, pairs, (bounds, table), amount, found)

        start = pairs[0]
        cuts = np.linspace(0, start[-1], _PARTS + 1).astype(np.int64)
        _shared_out(np.searchsorted(start, cuts), add)  # origins at the end without pairs have 0
        return found

    def squared(self) -> Self:
        """See `Weights`."""
        return replace(self, table=self.table**2)


def _shared_out(cuts: Ints, work: Callable[[tuple[int, int]], None]) -> None:
    """Do the work of each range between two cuts, on all cores."""
    from ctg_geo.travel.hierarchy.together import processors, together  # noqa: PLC0415

    ranges = list(itertools.pairwise(cuts.tolist()))
    together(lambda part, _: work(ranges[part]), len(ranges), processors())


def weights_of(times: TravelTimes, decay: Decay) -> Weights:
    """Weigh all pairs by a decay.

    Raises
    ------
    TravelError
        If `times` are known to a shorter limit than the decay reaches.
    """
    if times.limit_min is not None and decay.reach_min > times.limit_min:
        raise TravelError("limit", asked=decay.reach_min, known=times.limit_min)
    if _worth_compiling(times, decay):
        return compiled_weights(times, decay)
    return plain_weights(times, decay)


def plain_weights(times: TravelTimes, decay: Decay) -> Plain:
    """Weigh all pairs by a decay, without compiled code."""
    return Plain(
        len(times.origins), len(times.destinations), times.rows, times.to,
        decay.at_ms(times.time_ms),
    )  # fmt: skip


def compiled_weights(times: TravelTimes, decay: Decay) -> Compiled:
    """Weigh pairs as they are met: by up to four zones, or by millisecond up to the longest."""
    pairs = times.start, times.to, times.time_ms
    if _few_zones(decay):
        found, weights = decay.zones_ms()
        last = len(found) - 1
        one, two, three, four = (int(found[min(at, last)]) for at in range(_ZONES))
        table = np.append(weights, np.zeros(_ZONES))
        return Compiled(pairs, len(times.destinations), table, (one, two, three, four))
    every = np.arange(_longest_ms(times, decay) + 1)
    table = np.append(decay.at_ms(every), 0.0)
    return Compiled(pairs, len(times.destinations), table, None)


def _worth_compiling(times: TravelTimes, decay: Decay) -> bool:
    """Tell whether there are many pairs, and more of them than places in a table."""
    if len(times.to) < _MANY:
        return False
    if not _few_zones(decay) and _longest_ms(times, decay) > len(times.to):
        return False
    if find_spec("numba") is None:
        logger.warning("numba not installed: measures are exact, but slow")
        return False
    announced()
    return True


@cache
def announced() -> None:
    """Announce, once a process, that loops may have to be compiled."""
    progress.notice("measures_compile")


def _few_zones(decay: Decay) -> bool:
    return 0 < len(decay.zones) <= _ZONES


def _longest_ms(times: TravelTimes, decay: Decay) -> int:
    return int(min(bound_ms(decay.reach_min), times.time_ms.max(initial=0)))
