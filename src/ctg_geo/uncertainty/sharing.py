"""Access in one draw: supply shared out over pairs whose times and people are those drawn."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec

import numpy as np
import numpy.typing as npt

from ctg_geo import progress
from ctg_geo.access import Rule, Sharing
from ctg_geo.access.decay import Decay
from ctg_geo.access.sharing import come_and_use
from ctg_geo.errors import TravelError
from ctg_geo.parameters import SharedMeasure
from ctg_geo.travel import MS_PER_MIN, TravelTimes
from ctg_geo.travel.times import bound_ms

__all__ = ["PairSharer", "Pairs", "Sharer", "compiled_sharer", "plain_sharer", "sharers_for",
           "weight_table"]  # fmt: skip

logger = logging.getLogger(__name__)

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]

# (factor of times by origin, people by origin, supply, weights by millisecond) -> access
PairSharer = Callable[[Floats, Floats, Floats, Floats], Floats]
# the same, with the number of the sharing that is drawn
Sharer = Callable[[Floats, Floats, Floats, int], Floats]

_COMPILED = ("e2sfca", "two_step")
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


def plain_sharer(pairs: Pairs, places: int, measure: SharedMeasure = "e2sfca") -> PairSharer:
    """Share out in numpy, with the sums of the measure (see `ctg_geo.access.sharing`)."""
    rows = np.repeat(np.arange(len(pairs.start) - 1), np.diff(pairs.start))

    def access(slower: Floats, people: Floats, supply: Floats, table: Floats) -> Floats:
        millisecond = np.rint(pairs.time_ms * slower[rows]).astype(np.int64)
        weight = table[np.minimum(millisecond, len(table) - 1)]
        come, use = come_and_use(measure, rows, weight, len(slower))
        reached = np.bincount(pairs.to, people[rows] * come, places)
        ratio = np.divide(supply, reached, out=np.zeros_like(supply), where=reached > 0)
        return np.bincount(rows, ratio[pairs.to] * use, len(slower)).astype(np.float64)

    return access


def compiled_sharer(pairs: Pairs) -> PairSharer:
    """Share out by E2SFCA in compiled code; one for each thread, for it keeps room to work in."""
    from ctg_geo.uncertainty.compiled import share_out  # noqa: PLC0415  (heavy)

    near, weight = np.empty(len(pairs.to) + 1, dtype=np.int32), np.empty(len(pairs.to) + 1)

    def access(slower: Floats, people: Floats, supply: Floats, table: Floats) -> Floats:
        found = np.empty(len(slower))
        share_out(
            pairs.start, pairs.to, pairs.time_ms, slower, people, supply, table, near, weight, found
        )
        return found

    return access


def sharers_for(
    times: TravelTimes,
    sharings: Sequence[Sharing],
    *,
    draws: int,
    workers: int,
    fastest: float,
) -> list[Sharer]:
    """Return what shares out, for each thread: the sum over modes of care, of each by its rule.

    E2SFCA (and 2SFCA, its flat case) is compiled where there is much to do, and numbers are the
    same to the last bit; other measures are numpy. Where numba is missing, all are.

    Parameters
    ----------
    sharings : of the same modes and measures, with other decays
    fastest : the least factor of times of all draws
    """
    reach_min = max(each.reach_min for each in sharings)
    modes = list(sharings[0].by_care(times))
    every = [Pairs.of(times.to_destinations(own), reach_min=reach_min, fastest=fastest)
             for _, _, own in modes]  # fmt: skip
    tables = [[weight_table(each.rules[key].decay) for each in sharings] for key, _, _ in modes]
    compiled = _worth_compiling(every, [rule for _, rule, _ in modes], draws)

    def made() -> Sharer:
        each = [
            compiled_sharer(pairs) if compiled and rule.measure in _COMPILED
            else plain_sharer(pairs, int(own.sum()), rule.measure)
            for pairs, (_, rule, own) in zip(every, modes, strict=True)
        ]  # fmt: skip

        def access(slower: Floats, people: Floats, supply: Floats, number: int) -> Floats:
            parts = [
                share(slower, people, supply[own], tables[at][number])
                for at, (share, (_, _, own)) in enumerate(zip(each, modes, strict=True))
            ]
            return parts[0] if len(parts) == 1 else np.sum(parts, axis=0)

        return access

    return [made() for _ in range(workers)]


def _worth_compiling(every: Sequence[Pairs], rules: Sequence[Rule], draws: int) -> bool:
    """Tell whether a compiler is worth its start, and is there."""
    much = sum(len(pairs.to) for pairs, rule in zip(every, rules, strict=True)
               if rule.measure in _COMPILED)  # fmt: skip
    if much * draws < _SMALL:
        return False
    if find_spec("numba") is None:
        logger.warning("numba not installed: the draws are the same, but slow")
        return False
    progress.notice("dice_compiled")
    return True
