"""A service, who it is for, and what counts as served."""

from collections.abc import Mapping
from typing import Annotated, Final, Literal, Self

from pydantic import Field, field_validator, model_validator

from ctg_geo.parameters.parameter import Parameter, refusal

__all__ = [
    "SHARED_MEASURES",
    "CapacityEach",
    "Care",
    "DecayRule",
    "ExponentialRule",
    "FlatRule",
    "GaussianRule",
    "HoursEach",
    "LogisticRule",
    "Norm",
    "PowerRule",
    "Presence",
    "Service",
    "SharedMeasure",
    "StepsRule",
]

Minutes = Annotated[float, Field(gt=0, le=240)]
Delivery = Literal["fixed", "branch", "multi_site", "mobile"]
SharedMeasure = Literal["e2sfca", "two_step", "m2sfca", "three_step"]

SHARED_MEASURES: Final = ("e2sfca", "two_step", "m2sfca", "three_step")
"""Measures that a norm for 100 people can judge: supply per person, shared."""

_OTHER_MEASURES: Final = ("bfca", "gravity", "cumulative", "spatial_availability", "raam",
                          "nearest")  # fmt: skip
_MOST_CARES = 4  # modes of care of one service: causes are told for each


class FlatRule(Parameter):
    """Everybody within reach counts alike: the classical 2SFCA."""

    kind: Literal["flat"]
    reach_min: Minutes
    source: str = ""


class StepsRule(Parameter):
    """Weights fall by steps: `weights[k]` applies up to `bounds_min[k]`, bound included."""

    kind: Literal["steps"]
    bounds_min: tuple[Minutes, ...] = Field(min_length=1)
    weights: tuple[Annotated[float, Field(gt=0, le=1)], ...] = Field(min_length=1)
    source: str = ""

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        if len(self.bounds_min) != len(self.weights):
            raise refusal("steps_length")
        if list(self.bounds_min) != sorted(set(self.bounds_min)):
            raise refusal("steps_order")
        if list(self.weights) != sorted(self.weights, reverse=True):
            raise refusal("steps_weights")
        return self


class GaussianRule(Parameter):
    """Weights fall as a Gaussian, down to `at_reach` at `reach_min`, then 0."""

    kind: Literal["gaussian"]
    reach_min: Minutes
    at_reach: float = Field(default=0.01, gt=0, lt=1)
    source: str = ""


class ExponentialRule(Parameter):
    """Weights fall as exp(-`per_min` × t), 0 beyond `reach_min`."""

    kind: Literal["exponential"]
    reach_min: Minutes
    per_min: float = Field(gt=0, le=10)
    source: str = ""


class PowerRule(Parameter):
    """Weights fall as (t / `from_min`)^-`exponent`, 1 up to `from_min`, 0 beyond `reach_min`."""

    kind: Literal["power"]
    reach_min: Minutes
    exponent: float = Field(gt=0, le=10)
    from_min: Minutes = 1.0
    source: str = ""


class LogisticRule(Parameter):
    """Weights fall as an S around `half_min`, as steep as `spread_min` is small."""

    kind: Literal["logistic"]
    reach_min: Minutes
    half_min: Minutes
    spread_min: Minutes
    source: str = ""


DecayRule = Annotated[
    FlatRule | StepsRule | GaussianRule | ExponentialRule | PowerRule | LogisticRule,
    Field(discriminator="kind"),
]


class Norm(Parameter):
    """What counts as served: near enough and, where `per_100` is given, supply enough."""

    within_min: Minutes
    per_100: float | None = Field(default=None, gt=0, le=1000)
    source: str = Field(min_length=1)


class CapacityEach(Parameter):
    """The capacity to assume for a place whose own is unknown; always flagged estimated."""

    value: float = Field(gt=0)
    source: str = Field(min_length=1)


class HoursEach(Parameter):
    """The hours per week to assume for a place or stop whose own are unknown; always told."""

    value: float = Field(gt=0, le=168)
    source: str = Field(min_length=1)


class Presence(Parameter):
    """How a service that is there part of the week counts.

    Its supply is capacity × hours per week ÷ `reference_hours`, at most 1. A service judged on
    time alone counts the places that are there for `least_share` of the reference at least.
    A mobile stop of unknown hours does not count; a fixed place of unknown hours counts whole.
    A service that counts hours (`supply = "hours"`) is not scaled again: only `least_share`
    holds, and unknown hours are refused.
    """

    reference_hours: float = Field(gt=0, le=168)
    least_share: float = Field(default=0.5, ge=0, le=1)
    source: str = Field(min_length=1)


def _shared(measure: object) -> object:
    """Refuse, in words, a measure that a norm for 100 people cannot judge."""
    if measure in _OTHER_MEASURES:
        raise refusal(f"measure_{measure}")
    if measure not in SHARED_MEASURES:
        raise refusal("measure_unknown", known=list(SHARED_MEASURES))
    return measure


class Care(Parameter):
    """One mode of care of a service whose access is the sum of several.

    Its key names the declared service whose places it takes, as files call them (`bpe`,
    `local_types`). Without `measure` it is shared as the service is.
    """

    label: str = Field(min_length=1)
    decay: DecayRule
    measure: SharedMeasure | None = None
    deliveries: tuple[Delivery, ...] = ("fixed", "branch", "multi_site")
    presence: Presence | None = None

    @property
    def reach_min(self) -> float:
        """Minutes beyond which this mode of care serves nobody."""
        return _reach(self.decay)

    @field_validator("measure", mode="before")
    @classmethod
    def _known(cls, measure: object) -> object:
        return None if measure is None else _shared(measure)


class Service(Parameter):
    """One service of the convention, as `config/services.toml` declares it.

    `demand` names a column of the population table. With `norm.per_100` the service is
    judged on supply shared by `measure` against the norm, with `norm.within_min` alone on time to
    the nearest place. Without a norm, `no_norm` says why, and times are told without a
    verdict. `profile` is how people travel; `modes` are further profiles that the time to the
    nearest place is told for. `bpe` and `local_types` are what files call such places.
    `supply` is what is shared: the capacity of each place, or the hours per week it is open.
    `care` names its modes of care, each with its own decay: access is then their sum.
    """

    label: str = Field(min_length=1)
    place_label: str = Field(min_length=1)
    demand: str = Field(min_length=1)
    people_label: str = Field(min_length=1)
    unit: str = Field(min_length=1)
    profile: str = "car"
    norm: Norm | None = None
    no_norm: str = ""
    decay: DecayRule | None = None
    measure: SharedMeasure = "e2sfca"
    supply: Literal["places", "hours"] = "places"
    care: Mapping[str, Care] = Field(default_factory=dict)
    capacity_each: CapacityEach | None = None
    presence: Presence | None = None
    modes: tuple[str, ...] = ()
    bpe: tuple[str, ...] = ()
    local_types: tuple[str, ...] = ()
    deliveries: tuple[Delivery, ...] = ("fixed", "branch", "multi_site")
    time_classes_min: tuple[Minutes, ...] = (5, 10, 15, 20, 30)
    max_min: Minutes = 60

    @property
    def judged(self) -> bool:
        """Whether there is a norm, and so a verdict."""
        return self.norm is not None

    @property
    def judged_on_supply(self) -> bool:
        """Whether the norm is about supply per inhabitant, and not only about time."""
        return self.norm is not None and self.norm.per_100 is not None

    @property
    def counts_hours(self) -> bool:
        """Whether what each place offers is its hours per week, and not its capacity."""
        return self.supply == "hours"

    @property
    def within_min(self) -> float:
        """Minutes of the norm; NaN without one."""
        return float("nan") if self.norm is None else self.norm.within_min

    @property
    def per_100(self) -> float | None:
        """Supply per 100 people of the norm; None where it is about time, or there is none."""
        return None if self.norm is None else self.norm.per_100

    @property
    def norm_source(self) -> str:
        """Where the norm comes from, or why there is none."""
        return self.no_norm if self.norm is None else self.norm.source

    @property
    def other_modes(self) -> tuple[str, ...]:
        """The further profiles, without that of the diagnosis itself."""
        return tuple(each for each in dict.fromkeys(self.modes) if each != self.profile)

    @field_validator("measure", mode="before")
    @classmethod
    def _known(cls, measure: object) -> object:
        return _shared(measure)

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        if self.care:
            self._check_care()
        if not self.judged_on_supply and self.measure != "e2sfca":
            raise refusal("measure_norm")
        if self.counts_hours and not self.judged_on_supply:
            raise refusal("hours_norm")
        if self.norm is None:
            if not self.no_norm:
                raise refusal("norm_or_reason")
            return self
        if self.no_norm:
            raise refusal("norm_or_reason")
        if self.judged_on_supply and self.decay is None and not self.care:
            raise refusal("norm_decay")
        if self.norm.within_min > self.max_min:
            raise refusal("norm_max")
        decays = [self.decay, *(each.decay for each in self.care.values())]
        if any(each is not None and _reach(each) > self.norm.within_min for each in decays):
            raise refusal("decay_norm")
        return self

    def _check_care(self) -> None:
        """Check that modes of care say what one service without them would."""
        if self.counts_hours:
            raise refusal("hours_care")
        if not self.judged_on_supply:
            raise refusal("care_norm")
        if not 1 < len(self.care) <= _MOST_CARES:
            raise refusal("care_count", most=_MOST_CARES)
        said = {"decay": self.decay, "bpe": self.bpe, "local_types": self.local_types,
                "presence": self.presence}  # fmt: skip
        given = [name for name, value in said.items() if value]
        if given:
            raise refusal("care_twice", keys=given)


def _reach(rule: DecayRule) -> float:
    return rule.bounds_min[-1] if isinstance(rule, StepsRule) else rule.reach_min
