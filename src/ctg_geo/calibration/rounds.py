"""Fastest ways under the speeds of the day, speeds that fit them, until they stop moving."""

import logging
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from ctg_geo.calibration.exposure import Exposure, exposure
from ctg_geo.calibration.regression import Problem, fitted, loss
from ctg_geo.calibration.terms import Terms
from ctg_geo.calibration.trips import Trips
from ctg_geo.network import RoadNetwork
from ctg_geo.parameters import CalibrationRules, TravelProfile

__all__ = ["Round", "Sample", "enough", "problem_of", "rounds"]

_WORSE: Final = 1e-3  # of the loss: what rounding speeds may change it by is no worsening

logger = logging.getLogger(__name__)

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """Trips to learn from, and how much error is usual for each."""

    network: RoadNetwork
    terms: Terms
    trips: Trips
    usual_min: Floats  # by trip; from the defaults, so that it stays the same in all rounds
    rules: CalibrationRules

    def at(self, kept: npt.NDArray[np.integer]) -> "Sample":
        """Return the same with some of the trips."""
        return Sample(
            self.network, self.terms, self.trips.at(kept), self.usual_min[kept], self.rules
        )


@dataclass(frozen=True, slots=True, eq=False)
class Round:
    """The best speeds found: the profile, its trips, how many rounds it took to be sure."""

    profile: TravelProfile
    fitted: Floats  # value of each term
    exposure: Exposure
    free: Bools  # by term, fitted; the others had too few trips
    losses: tuple[float, ...]  # by round, mean over the trips, of the speeds it began with
    settled: bool


def rounds(sample: Sample) -> Round:
    """Fit the speeds from the defaults on; keep the round of the least loss.

    A round whose trips are worse than those of the one before goes only half as far from
    then on: two ways between which the speeds swing would else follow each other for ever.
    """
    terms, rules = sample.terms, sample.rules
    values, share = terms.values("prior"), 1.0
    losses: list[float] = []
    seen: list[TravelProfile] = []
    best: Round | None = None
    settled = False
    for number in range(rules.rounds + 1):
        profile = terms.profile_of(values)
        values = terms.values_of(profile)
        here = exposure(sample.network, terms, profile, sample.trips)
        losses.append(_loss(sample, here, values))
        free = enough(here, rules)
        if best is None or losses[-1] < min(losses[:-1]):
            best = Round(profile, values, here, free, (), settled=False)
        if settled or number == rules.rounds:
            break
        if number and losses[-1] > losses[-2] * (1 + _WORSE):
            share = max(share / 2, 0.125)
        after = _fitted(sample, here, free)
        still = bool((np.abs(after - values) <= _tolerance(sample, values)).all())
        values = values + share * (after - values)
        seen.append(profile)
        settled = still or _again(terms.profile_of(values), seen, losses)
    logger.info("calibration: %d rounds, loss %.4f -> %.4f", len(losses), losses[0], min(losses))
    assert best is not None, "no round"
    return Round(best.profile, best.fitted, best.exposure, best.free, tuple(losses), settled)


def enough(made: Exposure, rules: CalibrationRules) -> Bools:
    """Tell the terms that enough trips meet, on enough kilometres."""
    met = (made.work > 0) & (made.status == "road")[:, None]
    trips = met.sum(axis=0) >= rules.least_trips
    long = made.km.sum(axis=0) >= rules.least_km
    return np.asarray(trips & (long | (made.km.sum(axis=0) == 0)), dtype=bool)


def problem_of(sample: Sample, made: Exposure, free: Bools) -> Problem:
    """Return the regression of a round: the free terms, in shares of their scales."""
    terms = sample.terms
    prior, scale = terms.values("prior"), terms.values("scale")
    low, high = terms.values("low"), terms.values("high")
    road = made.status == "road"
    left = sample.trips.minutes - made.fixed_min - made.work @ prior
    design = (made.work * scale)[:, free] / sample.usual_min[:, None]
    return Problem(
        design[road], (left / sample.usual_min)[road], _ridge(sample)[free],
        ((low - prior) / scale)[free], ((high - prior) / scale)[free],
    )  # fmt: skip


def _again(profile: TravelProfile, seen: list[TravelProfile], losses: list[float]) -> bool:
    """Tell whether speeds come back that are as good as those of this round.

    They then go round in a ring of a few roundings: no later round is another.
    """
    if profile not in seen:
        return False
    was = losses[seen.index(profile)]
    return abs(was - losses[-1]) <= _WORSE * losses[-1]


def _tolerance(sample: Sample, values: Floats) -> Floats:
    """Return by how much values may move and be still: no less than they are rounded to."""
    kinds = [term.kind for term in sample.terms.terms]
    rounding = {"pace": values * values * 0.1 / 60, "limit": values * values * 0.001}
    steps = {"stop": 0.1, "start": 0.01}
    least = [rounding[kind][at] if kind in rounding else steps[kind]
             for at, kind in enumerate(kinds)]  # fmt: skip
    tolerance: Floats = np.maximum(np.array(least), sample.rules.still * values)
    return tolerance


def _fitted(sample: Sample, made: Exposure, free: Bools) -> Floats:
    values = sample.terms.values("prior").copy()
    values[free] += fitted(problem_of(sample, made, free)) * sample.terms.values("scale")[free]
    return values


def _loss(sample: Sample, made: Exposure, values: Floats) -> float:
    """Return the mean loss of the trips on the ways they take, the ridge included."""
    known = np.isfinite(made.minutes)
    error = (made.minutes - sample.trips.minutes)[known] / sample.usual_min[known]
    pull = (values - sample.terms.values("prior")) / sample.terms.values("scale")
    ridge = float((pull**2 * _ridge(sample)).sum())
    return (float(loss(error).sum()) + ridge) / max(int(known.sum()), 1)


def _ridge(sample: Sample) -> Floats:
    """Return what the square of a change counts, by term."""
    speed = np.isin([term.kind for term in sample.terms.terms], ["pace", "limit"])
    weight = np.where(speed, sample.rules.prior_error, sample.rules.stop_error) ** -2.0
    return np.asarray(weight, dtype=np.float64)
