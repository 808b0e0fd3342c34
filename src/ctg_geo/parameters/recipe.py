"""How a score is made of plain quantities: declared, or there is no score."""

from collections.abc import Mapping
from math import isclose
from typing import Annotated, Final, Literal, Self

from pydantic import Field, model_validator

from ctg_geo.parameters.parameter import Parameter, refusal

__all__ = ["Ingredient", "Recipe"]

_ROUNDING: Final = 1e-9


class Ingredient(Parameter):
    """What one quantity weighs, and from where to where it counts.

    With the normalisation `bounds`, `good` (0) and `bad` (1) are values of the quantity; with
    the others `worse` says whether high or low values are the bad ones.
    """

    weight: float = Field(gt=0, le=1)
    good: float | None = None
    bad: float | None = None
    worse: Literal["high", "low"] | None = None


class Recipe(Parameter):
    """A score from 0 (good) to 100 (bad): a weighted sum of quantities brought to 0-1.

    - `bounds`: from the declared `good` to the declared `bad`, cut at both; the score of a
      commune does not depend on the others.
    - `min_max`: from the best to the worst value of the table.
    - `rank`: the rank in the table, places alike sharing theirs.
    """

    parts: Mapping[Annotated[str, Field(min_length=1)], Ingredient] = Field(min_length=1)
    normalisation: Literal["bounds", "min_max", "rank"]
    source: str = Field(min_length=1)

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        total = sum(each.weight for each in self.parts.values())
        if not isclose(total, 1.0, abs_tol=_ROUNDING):
            raise refusal("recipe_weights", total=f"{total:g}")
        for name, each in self.parts.items():
            if self.normalisation == "bounds":
                if each.good is None or each.good == each.bad or each.bad is None or each.worse:
                    raise refusal("recipe_bounds", name=name)
            elif each.worse is None or each.good is not None or each.bad is not None:
                raise refusal("recipe_worse", name=name)
        return self
