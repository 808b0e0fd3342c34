"""One draw of everything that is uncertain; what is published stays as it is."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ctg_geo.parameters import FactorRange, RelativeError, Uncertainty
from ctg_geo.uncertainty.inputs import Arrays
from ctg_geo.uncertainty.laws import SOURCES, log_normal, normals, uniform

__all__ = ["Dice", "Throw"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Throw:
    """What one draw says of the inputs."""

    people: Floats  # by place of demand
    share: Floats  # by place of demand, of its commune
    supply: Floats  # by place of supply
    slower: Floats  # by commune, factor of its times; at least `Dice.least`
    norm: float  # factor
    decay: int  # number of the decay


@dataclass(frozen=True, slots=True, eq=False)
class Dice:
    """What is thrown: the sources named in `sources`; the others show their mean.

    `least` is the smallest factor of times that asks for no time beyond those known.
    """

    arrays: Arrays
    settings: Uncertainty
    decays: int
    least: float
    sources: tuple[str, ...] = SOURCES

    def throw(self, draw: int, seed: int) -> Throw:
        """Return draw number `draw`; it depends on no other draw, and not on the order of rows."""
        people, share = self._people(draw, seed)
        slower = self._slower(draw, seed)
        return Throw(
            people, share, self._supply(draw, seed), np.maximum(slower, self.least),
            self._factor("norm", self.settings.norm, draw, seed), self._decay(draw, seed),
        )  # fmt: skip

    def fastest(self, draws: int, seed: int) -> tuple[float, int]:
        """Return the least factor of times in some draws, and in how many one was cut."""
        least = np.array([self._slower(draw, seed).min() for draw in range(draws)])
        return max(float(least.min()), self.least), int((least < self.least).sum())

    def _people(self, draw: int, seed: int) -> tuple[Floats, Floats]:
        given = self.arrays
        inside = self._factors("inside", given.inside_error, draw, seed, order=given.place_order)
        whole = _totals(given.people, given)
        drawn = self._factors("population", given.people_error, draw, seed)
        factor = drawn * _kept(whole * drawn, whole, given)
        people = given.people * inside
        people *= (factor * _ratio(whole, _totals(people, given)))[given.owner]
        share = given.share * inside
        share *= _ratio(_totals(given.share, given), _totals(share, given))[given.owner]
        return people, share

    def _supply(self, draw: int, seed: int) -> Floats:
        given = self.arrays
        order = given.supply_order
        return given.supply * self._factors("capacity", given.supply_error, draw, seed, order=order)

    def _slower(self, draw: int, seed: int) -> Floats:
        """Factor of the times of each commune: slower roads, and legs that go less far."""
        common = self._error("times", self.settings.times, 1, draw, seed)
        local = self._error(
            "local_times", self.settings.local_times, len(self.arrays.codes), draw, seed
        )
        return common * local / self._factor("reach", self.settings.reach, draw, seed)

    def _error(
        self, source: str, error: RelativeError | None, count: int, draw: int, seed: int
    ) -> Floats:
        if error is None:
            return np.ones(count)
        return self._factors(source, np.full(count, error.relative), draw, seed)

    def _factors(
        self, source: str, error: Floats, draw: int, seed: int, *, order: Ints | None = None
    ) -> Floats:
        """Return one factor of mean 1 for each error.

        `order` tells whose die each throws: its place among all codes, sorted.
        """
        if source not in self.sources or not error.any():
            return np.ones(len(error))
        thrown = normals(seed, source, draw, len(error))
        return log_normal(error, thrown if order is None else thrown[order])

    def _factor(self, source: str, span: FactorRange | None, draw: int, seed: int) -> float:
        if span is None or source not in self.sources:
            return 1.0
        return span.low + (span.high - span.low) * float(uniform(seed, source, draw)[0])

    def _decay(self, draw: int, seed: int) -> int:
        if "decay" not in self.sources or self.decays < 2:  # noqa: PLR2004
            return 0
        return int(uniform(seed, "decay", draw)[0] * self.decays)


def _totals(values: Floats, given: Arrays) -> Floats:
    return np.bincount(given.owner, values, len(given.codes)).astype(np.float64)


def _ratio(wanted: Floats, found: Floats) -> Floats:
    return np.divide(wanted, found, out=np.ones_like(wanted), where=found > 0)


def _kept(drawn: Floats, whole: Floats, given: Arrays) -> Floats:
    """Return the factors by commune that keep the sum of each control, figures without error apart.

    Only what is uncertain is scaled: what is observed is not moved by the error of others.
    """
    free = (given.control >= 0) & (given.people_error > 0)
    count = int(given.control.max(initial=-1)) + 1
    if not free.any():
        return np.ones_like(whole)
    before, after = (
        np.bincount(given.control[free], each[free], count).astype(np.float64)
        for each in (whole, drawn)
    )
    factor = np.ones_like(whole)
    factor[free] = _ratio(before, after)[given.control[free]]
    return factor
