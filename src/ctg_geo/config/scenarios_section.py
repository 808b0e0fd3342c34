"""Where a study keeps its scenarios, and by which further groups they are compared."""

from typing import Self

from pydantic import Field, model_validator

from ctg_geo.config.grouping import Grouping
from ctg_geo.parameters.parameter import Parameter, refusal

__all__ = ["ScenariosSection"]


class ScenariosSection(Parameter):
    """The section ``[scenarios]`` of a study.

    `folder` holds the files of scenarios. `groups` split the communes, by income for instance,
    for comparisons of scenarios only; the groups of the study are always compared.
    """

    folder: str = Field(default="scenarios", min_length=1)
    groups: dict[str, Grouping] = {}

    @model_validator(mode="after")
    def _by_indicator(self) -> Self:
        for name, each in self.groups.items():
            if each.kind != "indicator":
                raise refusal("scenario_groups", name=name)
        return self
