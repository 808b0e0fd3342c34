"""How willingness to travel falls with time: minutes -> weight in [0, 1]."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ctg_geo.parameters import DecayRule, FlatRule, StepsRule

__all__ = ["Decay", "flat", "from_rule", "gaussian", "steps"]

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Decay:
    """A weight for every time; 0 beyond `reach_min`, and `t <= reach_min` is within."""

    reach_min: float
    weigh: Callable[[Floats], Floats]
    name: str

    def __call__(self, minutes: npt.ArrayLike) -> Floats:
        """Return the weight of each time (minutes)."""
        times = np.asarray(minutes, dtype=np.float64)
        return np.where(times <= self.reach_min, self.weigh(times), 0.0)


def flat(reach_min: float) -> Decay:
    """Weigh 1 up to `reach_min` (2SFCA: Luo & Wang 2003).

    Examples
    --------
    >>> flat(15)([0, 15, 15.1])
    array([1., 1., 0.])
    """
    return Decay(reach_min, np.ones_like, f"flat {reach_min:g} min")


def steps(bounds_min: Sequence[float], weights: Sequence[float]) -> Decay:
    """Weigh `weights[k]` up to `bounds_min[k]`, bound included (E2SFCA: Luo & Qi 2009).

    Examples
    --------
    >>> steps([10, 20, 30], [1, 0.68, 0.22])([0, 10, 10.5, 30, 31])
    array([1.  , 1.  , 0.68, 0.22, 0.  ])
    """
    bounds, weight = np.asarray(bounds_min, dtype=np.float64), np.append(weights, 0.0)
    said = "/".join(f"{bound:g}" for bound in bounds_min)

    def weigh(minutes: Floats) -> Floats:
        return np.asarray(weight[np.searchsorted(bounds, minutes, side="left")])

    return Decay(float(bounds[-1]), weigh, f"steps {said} min")


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


def from_rule(rule: DecayRule) -> Decay:
    """Return the decay that a setting describes."""
    if isinstance(rule, StepsRule):
        return steps(rule.bounds_min, rule.weights)
    if isinstance(rule, FlatRule):
        return flat(rule.reach_min)
    return gaussian(rule.reach_min, at_reach=rule.at_reach)
