"""How the supply of a service is shared: by which measure and decay, for each mode of care.

All measures that share supply are two sums over pairs. A *come* weighs the people that a place
is shared among, `R_j = S_j / Σ_i come_ij P_i`, a *use* what they have of it,
`A_i = Σ_j use_ij R_j`. With `w` the decay of the time, and `G = w / Σ_j w`:

=============  ==========  ==========
measure        come        use
=============  ==========  ==========
``e2sfca``     w           w
``two_step``   1 in reach  1 in reach
``m2sfca``     w           w²
``three_step`` G w         G w
=============  ==========  ==========
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final, Self

import numpy as np
import numpy.typing as npt
import pandas as pd

from ctg_geo.access.catchment import (
    Catchment,
    e2sfca,
    m2sfca,
    parted,
    reached,
    reached_selecting,
    three_step,
)
from ctg_geo.access.decay import Decay, flat, from_rule
from ctg_geo.parameters import Service, SharedMeasure
from ctg_geo.travel import TravelTimes

__all__ = ["Rule", "Sharing", "Used", "alone", "come_and_use", "rule_of", "sharing_of"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.integer]

_Measure = Callable[..., Catchment]
_MEASURES: Final[Mapping[str, _Measure]] = {
    "e2sfca": e2sfca, "two_step": e2sfca, "m2sfca": m2sfca, "three_step": three_step,
}  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Used:
    """The pairs within reach of one mode of care, and what they weigh in the two sums."""

    row: Ints
    to: Ints
    come: Floats
    use: Floats


@dataclass(frozen=True, slots=True)
class Rule:
    """The measure that one mode of care is shared by, and how far people go for it.

    The decay of `two_step` is flat (see `rule_of`).
    """

    measure: SharedMeasure
    decay: Decay

    @property
    def linear_in_sites(self) -> bool:
        """Whether what a new site adds does not depend on how people divide among the others."""
        return self.measure != "three_step"

    def catchment(
        self,
        times: TravelTimes,
        demand: pd.Series,
        supply: pd.Series,
        among: pd.Series | None = None,
    ) -> Catchment:
        """Share supply; see `ctg_geo.access.e2sfca`."""
        return _MEASURES[self.measure](times, demand, supply, decay=self.decay, among=among)

    def among(self, times: TravelTimes, demand: pd.Series) -> pd.Series:
        """Return the weighted people that each destination is shared among.

        Of the origins of `times` must be all that reach it; with `three_step`, of the
        destinations all that these reach.
        """
        count = reached_selecting if self.measure == "three_step" else reached
        return count(times, demand, decay=self.decay)

    def used(self, times: TravelTimes) -> Used:
        """Weigh the pairs within reach.

        Raises
        ------
        TravelError
            If the times are not known as far as people go.
        """
        near = times.within(self.decay.reach_min)
        weight = self.decay.at_ms(near.time_ms)
        come, use = come_and_use(self.measure, near.rows, weight, len(near.origins))
        return Used(near.rows, near.to, come, use)

    def on_the_spot(self) -> "Rule":
        """Return the same where whoever reaches a place is next to it."""
        decay = self.decay
        near = Decay(
            decay.reach_min,
            lambda minutes: (decay.weigh(minutes) > 0).astype(np.float64),
            "on the spot",
        )
        return replace(self, decay=near)

    def uncrowded(self, times: TravelTimes, *, real: npt.NDArray[np.bool_]) -> Floats:
        """Return what each origin has of a ratio of 1 that no place falls short of (0 to 1).

        That is what it has of its nearest place alone, for ratios fall with the number of places
        within reach; with `three_step` of all places its people divide themselves among, for
        there they do not. `real` are the destinations that have supply.
        """
        used = self.used(times)
        found = np.zeros(len(times.origins))
        if self.measure == "three_step":
            found = np.bincount(used.row, used.use, len(found)).astype(np.float64)
            served = np.bincount(used.row, (used.use * real[used.to]), len(found)) > 0
            return np.where(served, found, 0.0)
        np.maximum.at(found, used.row, used.use * real[used.to])
        return found


@dataclass(frozen=True, slots=True, eq=False)
class Sharing:
    """One rule, or one for each mode of care; access is the sum of its modes.

    `care` names the mode of each destination; None where there is but one.
    """

    rules: Mapping[str, Rule]
    care: pd.Series | None = None

    @property
    def modal(self) -> bool:
        """Whether access is the sum of several modes of care."""
        return self.care is not None

    @property
    def reach_min(self) -> float:
        """How far people go, for the mode that they go farthest for."""
        return max(each.decay.reach_min for each in self.rules.values())

    @property
    def name(self) -> str:
        """The decays, in order."""
        return ", ".join(each.decay.name for each in self.rules.values())

    def with_decay(self, decay: Decay) -> Self:
        """Return the same measure with another decay, for a service of one mode of care."""
        assert not self.modal, "each mode of care keeps its own decay"
        return replace(self, rules={key: rule_of(each.measure, decay)
                                    for key, each in self.rules.items()})  # fmt: skip

    def by_care(self, times: TravelTimes) -> Iterator[tuple[str, Rule, npt.NDArray[np.bool_]]]:
        """Yield each mode, its rule, and which destinations of the times are of it."""
        if self.care is None:
            for key, rule in self.rules.items():
                yield key, rule, np.ones(len(times.destinations), dtype=bool)
            return
        of = self.care.reindex(times.destinations)
        for key, rule in self.rules.items():
            yield key, rule, (of == key).to_numpy(bool)

    def among(self, times: TravelTimes, demand: pd.Series) -> pd.Series:
        """Return the weighted people that each destination is shared among (`Rule.among`)."""
        found = pd.Series(0.0, index=times.destinations)
        for _, rule, own in self.by_care(times):
            found[own] = rule.among(times.to_destinations(own), demand).to_numpy()
        return found

    def catchment(
        self,
        times: TravelTimes,
        demand: pd.Series,
        supply: pd.Series,
        among: pd.Series | None = None,
    ) -> Catchment:
        """Share the supply of each mode by its own rule, and add up what people can use.

        Parameters, Raises
            See `ctg_geo.access.e2sfca`.

        Returns
        -------
        Catchment
            With `parts` by mode of care, where there are several: they sum to `access`.

        Notes
        -----
        Places of one mode do not compete with those of another: people are counted whole in
        each, as where a family may ask for either.
        """
        if self.care is None:
            (rule,) = self.rules.values()
            return rule.catchment(times, demand, supply, among)
        ratio = pd.Series(np.nan, index=times.destinations, name="ratio")
        parts: dict[str, pd.Series] = {}
        for key, rule, own in self.by_care(times):
            found = rule.catchment(times.to_destinations(own), demand, supply, among)
            parts[key], ratio[own] = found.access, found.ratio.to_numpy()
        table = pd.DataFrame(parts, index=times.origins)
        return Catchment(table.sum(axis=1).rename("access"), ratio, table)


def come_and_use(
    measure: SharedMeasure, row: Ints, weight: Floats, origins: int
) -> tuple[Floats, Floats]:
    """Return what pairs weigh in the two sums of a measure.

    Parameters
    ----------
    row : by pair, number of its origin
    weight : by pair, that of its time

    Examples
    --------
    One origin, a site on the spot and one whose time weighs a half:

    >>> one, half = np.zeros(2, dtype=int), np.array([1.0, 0.5])
    >>> come_and_use("m2sfca", one, half, 1)[1].tolist()
    [1.0, 0.25]
    >>> come_and_use("three_step", one, half, 1)[1].round(3).tolist()
    [0.667, 0.167]
    """
    if measure == "m2sfca":
        return weight, weight**2
    if measure == "three_step":
        whole: Floats = np.bincount(row, weight, origins).astype(np.float64)
        selected = parted(weight**2, whole[row])
        return selected, selected
    return weight, weight


def rule_of(measure: SharedMeasure, decay: Decay) -> Rule:
    """Return a rule; of a decay, `two_step` keeps the reach alone."""
    return Rule(measure, flat(decay.reach_min) if measure == "two_step" else decay)


def alone(decay: Decay, measure: SharedMeasure = "e2sfca") -> Sharing:
    """Return the sharing of a service that has one mode of care."""
    return Sharing({"": rule_of(measure, decay)})


def sharing_of(service: Service, places: pd.DataFrame) -> Sharing | None:
    """Return how a service is shared as it is declared; None where it is judged on time alone.

    Parameters
    ----------
    places : of the service, with the column `care` where it has several modes
    """
    if not service.judged_on_supply:
        return None
    if service.care:
        rules = {key: rule_of(each.measure or service.measure, from_rule(each.decay))
                 for key, each in service.care.items()}  # fmt: skip
        return Sharing(rules, places["care"])
    assert service.decay is not None, "a service judged on its supply has a decay"
    return alone(from_rule(service.decay), service.measure)
