"""Access in one draw: supply shared out over pairs whose times and people are those drawn."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec

import numpy as np
import numpy.typing as npt

from ctg_geo import progress
from ctg_geo.access.decay import Decay
from ctg_geo.errors import TravelError
from ctg_geo.travel import MS_PER_MIN, TravelTimes
from ctg_geo.travel.times import bound_ms

__all__ = ["Pairs", "Sharer", "compiled_sharer", "plain_sharer", "sharer_for", "weight_table"]

logger = logging.getLogger(__name__)

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]

# (factor of times by origin, people by origin, supply, weights by millisecond) -> access
Sharer = Callable[[Floats, Floats, Floats, Floats], Floats]

_SMALL = 100_000_000  # pairs × draws: below, numpy is done before a compiler has started


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """The pairs that some draw may bring within reach, row by row."""

    start: Longs
    to: Ints
    time_ms: Ints

    @classmethod
    def of(cls, times: TravelTimes, *, reach_min: float, fastest: float) -> "Pairs":
        """Take the pairs within reach when times are multiplied by `fastest`.

        Raises
        ------
        TravelError
            If the times are not known as far as people go.
        """
        if times.limit_min is not None and reach_min > times.limit_min:
            raise TravelError("limit", asked=reach_min, known=times.limit_min)
        kept = np.rint(times.time_ms * fastest) <= bound_ms(reach_min)
        rows = np.bincount(times.rows[kept], minlength=len(times.origins))
        start = np.concatenate(([0], np.cumsum(rows))).astype(np.int64)
        return cls(start, times.to[kept].astype(np.int32), times.time_ms[kept].astype(np.int32))


def weight_table(decay: Decay) -> Floats:
    """Return the weight of every millisecond up to the reach, bound included, then 0."""
    last = int(bound_ms(decay.reach_min))
    return np.append(decay(np.arange(last + 1) / MS_PER_MIN), 0.0)


def plain_sharer(pairs: Pairs, places: int) -> Sharer:
    """Share out in numpy, with the sums of `ctg_geo.access.e2sfca`."""
    rows = np.repeat(np.arange(len(pairs.start) - 1), np.diff(pairs.start))

    def access(slower: Floats, people: Floats, supply: Floats, table: Floats) -> Floats:
        millisecond = np.rint(pairs.time_ms * slower[rows]).astype(np.int64)
        weight = table[np.minimum(millisecond, len(table) - 1)]
        reached = np.bincount(pairs.to, people[rows] * weight, places)
        ratio = np.divide(supply, reached, out=np.zeros_like(supply), where=reached > 0)
        return np.bincount(rows, ratio[pairs.to] * weight, len(slower)).astype(np.float64)

    return access


def compiled_sharer(pairs: Pairs) -> Sharer:
    """Share out in compiled code; one for each thread, for it keeps room to work in."""
    from ctg_geo.uncertainty.compiled import share_out  # noqa: PLC0415  (heavy)

    near, weight = np.empty(len(pairs.to) + 1, dtype=np.int32), np.empty(len(pairs.to) + 1)

    def access(slower: Floats, people: Floats, supply: Floats, table: Floats) -> Floats:
        found = np.empty(len(slower))
        share_out(
            pairs.start, pairs.to, pairs.time_ms, slower, people, supply, table, near, weight, found
        )
        return found

    return access


def sharer_for(pairs: Pairs, places: int, draws: int, workers: int) -> list[Sharer]:
    """Return what shares out, for each thread: compiled where there is much to do.

    Both give the same numbers. Where numba is missing, the plain one serves.
    """
    if len(pairs.to) * draws < _SMALL:
        return [plain_sharer(pairs, places)] * workers
    if find_spec("numba") is None:
        logger.warning("numba not installed: the draws are the same, but slow")
        return [plain_sharer(pairs, places)] * workers
    progress.notice("dice_compiled")
    return [compiled_sharer(pairs) for _ in range(workers)]
