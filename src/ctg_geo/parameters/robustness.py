"""How far the inputs may be wrong, to see whether the verdict stands."""

from typing import Annotated

from pydantic import Field

from ctg_geo.parameters.parameter import Parameter
from ctg_geo.parameters.service import DecayRule

__all__ = ["Robustness"]

Factor = Annotated[float, Field(gt=0, le=10)]


class Robustness(Parameter):
    """Variants of the inputs: the verdict is recomputed for every combination.

    The share of variants that agree with the verdict says how sure it is: `solid` and
    `fragile` are the bounds of the words used (at least `solid`; under `fragile`).
    """

    time_factors: tuple[Factor, ...] = (0.8, 1.0, 1.25)
    supply_factors: tuple[Factor, ...] = (0.85, 1.0, 1.15)
    other_decays: tuple[DecayRule, ...] = ()
    solid: float = Field(default=0.9, gt=0, le=1)
    fragile: float = Field(default=0.7, gt=0, le=1)
    source: str = ""
