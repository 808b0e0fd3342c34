"""How uncertain the inputs are, and how often the dice are thrown."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from ctg_geo.parameters.parameter import Parameter, refusal
from ctg_geo.parameters.service import DecayRule

__all__ = ["FactorRange", "Figure", "RelativeError", "Uncertainty", "WeightRange"]

Figure = Literal["observed", "estimated", "secret", "not_available", "not_applicable"]
Source = Annotated[str, Field(min_length=1)]


class RelativeError(Parameter):
    """The error of a figure, as a share of it: its standard deviation over its mean.

    `relative` is the same for large and small figures; `counting` is that of what is counted
    (Poisson's law), which matters for the small ones: the variance is
    ``(relative × x)² + counting × x``. Births times three, for instance, have a `counting` of
    3. Draws are log-normal, and their mean is the figure.
    """

    relative: float = Field(default=0.0, ge=0, le=2)
    counting: float = Field(default=0.0, ge=0, le=1000)
    source: Source


class FactorRange(Parameter):
    """A factor that may be anything from `low` to `high`, alike."""

    low: float = Field(gt=0, le=1)
    high: float = Field(ge=1, le=10)
    source: Source


class WeightRange(Parameter):
    """The weight of a part of a score, anything from `low` to `high`, alike."""

    low: float = Field(ge=0, le=1)
    high: float = Field(gt=0, le=1)
    source: Source

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        if self.low > self.high:
            raise refusal("weight_range")
        return self


class Uncertainty(Parameter):
    """What is thrown for: an input that is not named here is taken as it is.

    Parameters
    ----------
    population, capacity : by status of the figure
    inside : the share of its commune that lives at each place, where people are spread
    times : one factor for all travel times; local_times : one for each commune
    norm : factors of the norm (of its supply, or of its minutes where time alone counts)
    reach : factors of how far people go
    decays : decays that are as likely as that of the service, itself one of them
    other_demands : figures that could be meant instead, tried one by one, never drawn
    weights : by part of the score of the study; those of a draw are brought to a sum of 1
    draws, seed : how many, and where the dice start
    worst : how many communes "the worst" are
    confidence : an order is settled where it holds in so many of the draws (0-1)
    """

    population: dict[Figure, RelativeError] = {}
    inside: RelativeError | None = None
    capacity: dict[Figure, RelativeError] = {}
    times: RelativeError | None = None
    local_times: RelativeError | None = None
    norm: FactorRange | None = None
    reach: FactorRange | None = None
    decays: tuple[DecayRule, ...] = ()
    other_demands: tuple[str, ...] = ()
    weights: dict[str, WeightRange] = {}
    draws: int = Field(default=1000, ge=10, le=100_000)
    seed: int = Field(default=1, ge=0, le=2**63 - 1)
    worst: int = Field(default=10, ge=1, le=1000)
    confidence: float = Field(default=0.95, gt=0.5, lt=1)

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        for each in (self.times, self.local_times):
            if each is not None and each.counting:
                raise refusal("times_counting")
        return self
