"""How willingness to travel falls with time: minutes -> weight in [0, 1]."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ctg_geo.parameters import (
    DecayRule,
    ExponentialRule,
    FlatRule,
    GaussianRule,
    LogisticRule,
    PowerRule,
    StepsRule,
)
from ctg_geo.travel.times import MS_PER_MIN, bound_ms

__all__ = ["Decay", "exponential", "flat", "from_rule", "gaussian", "logistic", "power", "steps"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.integer]

_LARGEST = 700.0  # exp() of more is beyond a float


@dataclass(frozen=True, slots=True)
class Decay:
    """A weight for every time; 0 beyond `reach_min`, and `t <= reach_min` is within.

    Where weights fall by steps, `zones` holds the bound (minutes) and the weight of each.
    """

    reach_min: float
    weigh: Callable[[Floats], Floats]
    name: str
    zones: tuple[tuple[float, float], ...] = ()

    def __call__(self, minutes: npt.ArrayLike) -> Floats:
        """Return the weight of each time (minutes)."""
        times = np.asarray(minutes, dtype=np.float64)
        return np.where(times <= self.reach_min, self.weigh(times), 0.0)

    def at_ms(self, time_ms: Ints) -> Floats:
        """Return the weight of each time (whole milliseconds); bounds are compared as such."""
        if self.zones:
            bounds, weights = self.zones_ms()
            return np.asarray(weights[np.searchsorted(bounds, time_ms, side="left")])
        within = time_ms <= bound_ms(self.reach_min)
        return np.where(within, self.weigh(time_ms / MS_PER_MIN), 0.0)

    def zones_ms(self) -> tuple[npt.NDArray[np.int64], Floats]:
        """Return the last millisecond of each zone, and the weights, 0 beyond the last."""
        bounds = [int(bound_ms(bound)) for bound, _ in self.zones]
        return np.array(bounds, np.int64), np.array([*(w for _, w in self.zones), 0.0])


def flat(reach_min: float) -> Decay:
    """Weigh 1 up to `reach_min` (2SFCA: Luo & Wang 2003).

    Examples
    --------
    >>> flat(15)([0, 15, 15.1])
    array([1., 1., 0.])
    """
    zones = ((float(reach_min), 1.0),) if np.isfinite(reach_min) else ()
    return Decay(reach_min, np.ones_like, f"flat {reach_min:g} min", zones)


def steps(bounds_min: Sequence[float], weights: Sequence[float]) -> Decay:
    """Weigh `weights[k]` up to `bounds_min[k]`, bound included (E2SFCA: Luo & Qi 2009).

    Examples
    --------
    >>> steps([10, 20, 30], [1, 0.68, 0.22])([0, 10, 10.5, 30, 31])
    array([1.  , 1.  , 0.68, 0.22, 0.  ])
    """
    bounds, weight = (np.asarray(each, dtype=np.float64) for each in (bounds_min, weights))
    said = "/".join(f"{bound:g}" for bound in bounds_min)

    def weigh(minutes: Floats) -> Floats:
        return np.asarray(weight[np.searchsorted(bounds[:-1], minutes, side="left")])

    zones = tuple(zip(bounds.tolist(), weight.tolist(), strict=True))
    return Decay(zones[-1][0], weigh, f"steps {said} min", zones)


def gaussian(reach_min: float, *, at_reach: float = 0.01) -> Decay:
    """Weigh exp(-(t / s)²), s such that the weight is `at_reach` at `reach_min`.

    Examples
    --------
    >>> gaussian(30, at_reach=0.01)([0, 30]).round(3)
    array([1.  , 0.01])
    """
    scale = reach_min / np.sqrt(-np.log(at_reach))

    def weigh(minutes: Floats) -> Floats:
        return np.asarray(np.exp(-((minutes / scale) ** 2)))

    return Decay(reach_min, weigh, f"gaussian {reach_min:g} min")


def exponential(reach_min: float, *, per_min: float) -> Decay:
    """Weigh exp(-β t), `per_min` being β: each minute costs the same share of willingness.

    Examples
    --------
    >>> exponential(60, per_min=0.1)([0, 10, 61]).round(3)
    array([1.   , 0.368, 0.   ])
    """

    def weigh(minutes: Floats) -> Floats:
        return np.asarray(np.exp(-per_min * minutes))

    return Decay(reach_min, weigh, f"exponential {per_min:g} {reach_min:g} min")


def power(reach_min: float, *, exponent: float, from_min: float = 1.0) -> Decay:
    """Weigh (t / `from_min`)^-β from `from_min` on, and 1 below (Hansen 1959).

    A bare t^-β is infinite on the spot; nearer than `from_min` is as near as can be. With
    1 minute, weights beyond it are t^-β itself.

    Examples
    --------
    >>> power(60, exponent=0.5)([0, 0.5, 1, 16, 61])
    array([1.  , 1.  , 1.  , 0.25, 0.  ])
    """

    def weigh(minutes: Floats) -> Floats:
        return np.asarray((np.maximum(minutes, from_min) / from_min) ** -exponent)

    return Decay(reach_min, weigh, f"power {exponent:g} {reach_min:g} min")


def logistic(reach_min: float, *, half_min: float, spread_min: float) -> Decay:
    """Weigh as the share of trips that last longer, were they logistic; 1 on the spot.

    `half_min` is their median and `spread_min` their standard deviation (minutes). Time on
    the spot weighs 1, so the weight at `half_min` is a little over a half.

    Examples
    --------
    >>> logistic(60, half_min=20, spread_min=2)([0, 20, 61]).round(3)
    array([1. , 0.5, 0. ])
    """
    rate = np.pi / (spread_min * np.sqrt(3))
    at_0 = 1 + np.exp(-half_min * rate)

    def weigh(minutes: Floats) -> Floats:
        grown = np.exp(np.minimum((minutes - half_min) * rate, _LARGEST))
        return np.asarray(at_0 / (1 + grown))

    return Decay(reach_min, weigh, f"logistic {half_min:g}/{spread_min:g} {reach_min:g} min")


def from_rule(rule: DecayRule) -> Decay:
    """Return the decay that a setting describes."""
    match rule:
        case StepsRule():
            return steps(rule.bounds_min, rule.weights)
        case FlatRule():
            return flat(rule.reach_min)
        case GaussianRule():
            return gaussian(rule.reach_min, at_reach=rule.at_reach)
        case ExponentialRule():
            return exponential(rule.reach_min, per_min=rule.per_min)
        case PowerRule():
            return power(rule.reach_min, exponent=rule.exponent, from_min=rule.from_min)
        case LogisticRule():
            return logistic(rule.reach_min, half_min=rule.half_min, spread_min=rule.spread_min)
