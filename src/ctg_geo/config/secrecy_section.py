"""How a study keeps secrets: rules, what is known outside, what was published before."""

from typing import Self

from pydantic import Field, model_validator

from ctg_geo.parameters import RULES, CellCost, SecrecyRule
from ctg_geo.parameters.parameter import Parameter, refusal

__all__ = ["FigureSum", "KnownTotal", "SecrecySection"]


class FigureSum(Parameter):
    """A figure that is the sum of others, commune by commune."""

    total: str = Field(min_length=1)
    parts: tuple[str, ...] = Field(min_length=1)


class KnownTotal(Parameter):
    """A total of a figure that readers find elsewhere: over a group, a list, or the territory.

    With `rounding` the total is known to the nearest multiple only.
    """

    column: str = Field(min_length=1)
    total: float = Field(ge=0)
    base: str = Field(min_length=1)
    rounding: float | None = Field(default=None, gt=0)
    grouping: str | None = None
    group: str | None = None
    communes: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        if (self.grouping is None) != (self.group is None) or (self.communes and self.grouping):
            raise refusal("known_total")
        return self


class SecrecySection(Parameter):
    """The secrecy of a study. `publications` names the register of what was published."""

    rules: dict[str, SecrecyRule] = {}
    cost: CellCost = "cells"
    sums: tuple[FigureSum, ...] = ()
    known_totals: tuple[KnownTotal, ...] = ()
    publications: str | None = None

    @property
    def every_rule(self) -> dict[str, SecrecyRule]:
        """The usual rules, and those of the study, which come first."""
        return {**RULES, **self.rules}
