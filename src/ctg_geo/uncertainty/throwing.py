"""The diagnosis done again for every draw."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd

from ctg_geo import progress
from ctg_geo.errors import TravelError
from ctg_geo.gap import MET
from ctg_geo.parameters import Uncertainty
from ctg_geo.travel.hierarchy.together import processors, together
from ctg_geo.uncertainty.dice import Dice, Throw
from ctg_geo.uncertainty.inputs import Arrays, Inputs
from ctg_geo.uncertainty.laws import SOURCES
from ctg_geo.uncertainty.sharing import Sharer, sharers_for
from ctg_geo.uncertainty.soonest import Soonest

__all__ = ["Draws", "Found", "dice_of", "draws", "found_with"]

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
ThrowOf = Callable[[int], Throw]

_ROOM = 1_000_000  # numbers of a table of places × draws


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """What each draw finds, draws × communes judged."""

    codes: pd.Index
    kind: str  # supply or time
    value: Floats  # supply per person; or minutes, NaN where nothing is reached
    people: Floats
    below: Bools
    gap: Floats  # supply missing; or people concerned
    concerned: Floats  # people below the norm
    score: Floats

    def __len__(self) -> int:
        """Return the number of draws."""
        return len(self.below)


@dataclass(frozen=True, slots=True, eq=False)
class Draws:
    """What was thrown, what it came to, and how many draws met the end of the known times."""

    inputs: Inputs
    settings: Uncertainty
    found: Found
    cut: int


def dice_of(
    inputs: Inputs, arrays: Arrays, settings: Uncertainty, *, sources: tuple[str, ...] = SOURCES
) -> Dice:
    """Return the dice of some sources.

    Raises
    ------
    TravelError
        If the times are not known as far as the norm and the decays ask for.
    """
    norms, limit = inputs.norms, inputs.times.limit_min
    asked = max((each.reach_min for each in norms.sharings), default=norms.within_min)
    if norms.supply is None:
        asked = norms.within_min * (1.0 if settings.norm is None else settings.norm.high)
    if limit is not None and asked > limit:
        raise TravelError("limit", asked=asked, known=limit)
    least = 0.0 if limit is None else asked / limit
    return Dice(arrays, settings, len(norms.sharings), least, sources)


def draws(inputs: Inputs, settings: Uncertainty, *, workers: int | None = None) -> Draws:
    """Diagnose a service `settings.draws` times, each time with other inputs.

    Parameters
    ----------
    inputs : the service, and the error of its figures
    settings : what is thrown for, how often, and the seed
    workers : threads; those of the machine by default

    Returns
    -------
    Draws
        The same, to the last bit, however many threads there are and however the draws are
        batched; the order of the rows of the inputs changes rounding alone.

    Raises
    ------
    UnknownCodeError, DataError
        If a table lacks a code, or a figure is missing or negative.
    TravelError
        If the times are not known as far as the norm and the decays ask for.

    Notes
    -----
    Without any error every draw is the plain diagnosis, number for number.
    """
    arrays = inputs.arrays()
    dice = dice_of(inputs, arrays, settings)
    fastest, cut = dice.fastest(settings.draws, settings.seed)
    found = found_with(
        inputs, arrays, lambda draw: dice.throw(draw, settings.seed), settings.draws,
        fastest=fastest, workers=workers,
    )  # fmt: skip
    return Draws(inputs, settings, found, cut)


def found_with(
    inputs: Inputs,
    arrays: Arrays,
    throw_of: ThrowOf,
    count: int,
    *,
    fastest: float,
    workers: int | None = None,
) -> Found:
    """Diagnose a service under given throws, batch after batch.

    `fastest` is the least factor of times among them.
    """
    workers = processors() if workers is None else workers
    if inputs.norms.supply is None:
        measure: _Measure = _Time(inputs, arrays)
    else:
        measure = _Supply(inputs, arrays, count, workers, fastest)
    size = max(1, min(count, _ROOM // max(1, len(arrays.owner))))
    parts = [
        measure.batch([first + step for step in range(min(size, count - first))], throw_of)
        for first in progress.track(range(0, count, size), "dice")
    ]
    columns = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    judged = arrays.codes.get_indexer(inputs.judged)
    kept = {name: values[:, judged] for name, values in columns.items()}
    return Found(inputs.judged, inputs.norms.kind, below=kept.pop("below").astype(bool), **kept)


def _sums(values: Floats, arrays: Arrays) -> Floats:
    """Sum up draws × places by commune, in the order of the places as the plain diagnosis does."""
    communes = len(arrays.codes)
    return np.stack([np.bincount(arrays.owner, row, communes) for row in values])


class _Measure(Protocol):
    """How communes are judged; a batch of draws at a time."""

    def batch(self, numbers: list[int], throw_of: ThrowOf) -> dict[str, Floats]: ...


class _Supply:
    def __init__(
        self, inputs: Inputs, arrays: Arrays, count: int, workers: int, fastest: float
    ) -> None:
        self.norms, self.arrays = inputs.norms, arrays
        self.sharers: list[Sharer] = sharers_for(
            inputs.times, self.norms.sharings, draws=count, workers=workers, fastest=fastest
        )

    def batch(self, numbers: list[int], throw_of: ThrowOf) -> dict[str, Floats]:
        given = self.arrays
        people, share, access = (np.empty((len(numbers), len(given.owner))) for _ in range(3))
        norm = np.empty((len(numbers), 1))

        def work(item: int, worker: int) -> None:
            throw = throw_of(numbers[item])
            people[item], share[item] = throw.people, throw.share
            norm[item] = (self.norms.supply or 0.0) * throw.norm
            access[item] = self.sharers[worker](
                throw.slower[given.owner], throw.people, throw.supply, throw.decay
            )

        together(work, len(numbers), len(self.sharers))
        missing = np.where(access >= norm * MET, 0.0, norm - access) * people
        total = _sums(share, given)
        weighted = _sums(share * access, given)
        mean = np.divide(weighted, total, out=np.full_like(total, np.nan), where=total > 0)
        return {
            "value": mean,
            "people": _sums(people, given),
            "below": (mean < norm * MET).astype(np.float64),
            "gap": _sums(missing, given),
            "concerned": _sums(np.where(access < norm * MET, people, 0.0), given),
            "score": 100.0 * np.maximum(0.0, 1.0 - mean / norm),
        }


class _Time:
    def __init__(self, inputs: Inputs, arrays: Arrays) -> None:
        self.norms, self.arrays = inputs.norms, arrays
        self.soonest = Soonest.of(inputs.times, arrays)

    def batch(self, numbers: list[int], throw_of: ThrowOf) -> dict[str, Floats]:
        given = self.arrays
        throws = [throw_of(number) for number in numbers]
        people = np.array([throw.people for throw in throws])
        slower = np.array([throw.slower for throw in throws])
        within = self.norms.within_min * np.array([[throw.norm] for throw in throws])
        minutes = self.soonest.minutes(slower[:, given.owner])
        beyond = ~(minutes <= within)
        median = self.soonest.median(minutes, np.array([throw.share for throw in throws]))
        concerned = _sums(np.where(beyond, people, 0.0), given)
        depth = np.nan_to_num(median / within - 1.0, nan=1.0)
        return {
            "value": median,
            "people": _sums(people, given),
            "below": (~(median <= within)).astype(np.float64),
            "gap": concerned,
            "concerned": concerned,
            "score": 100.0 * np.clip(depth, 0.0, 1.0),
        }
