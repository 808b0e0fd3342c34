"""Analyses that a study asks for by kind, each a chapter of its results."""

from typing import Annotated, Literal

from pydantic import Field

from ctg_geo.parameters.parameter import Parameter

__all__ = ["Analysis", "BeyondReach", "DoubleDeprivation", "GroupBalance"]

Minutes = Annotated[float, Field(gt=0, le=240)]


class GroupBalance(Parameter):
    """Supply, demand and access by group, and the supply that would bring each to the best."""

    kind: Literal["group_balance"]
    label: str = Field(min_length=1)
    service: str
    grouping: str


class BeyondReach(Parameter):
    """Who lives beyond the reach of any place of some services, by modes of their own.

    `reach_min` gives, by travel profile, how many minutes are within reach; one mode is
    enough. Mobile stops are told apart: they are no place to go to on the other days.
    """

    kind: Literal["beyond_reach"]
    label: str = Field(min_length=1)
    demand: str
    people_label: str = Field(min_length=1)
    services: tuple[str, ...] = Field(min_length=1)
    reach_min: dict[str, Minutes] = Field(min_length=1)
    source: str = Field(min_length=1)


class DoubleDeprivation(Parameter):
    """Far from services and fragile at once, by ranks among the communes of the territory.

    Times to the nearest place of each service are ranked and averaged, and so are the
    indicators, each fragile when `high` or when `low`. A commune is far, or fragile, when it
    is among the `worst_share` of communes.
    """

    kind: Literal["double_deprivation"]
    label: str = Field(min_length=1)
    services: tuple[str, ...] = Field(min_length=1)
    indicators: dict[str, Literal["high", "low"]] = Field(min_length=1)
    worst_share: float = Field(gt=0, lt=1)
    source: str = Field(min_length=1)


Analysis = Annotated[GroupBalance | BeyondReach | DoubleDeprivation, Field(discriminator="kind")]
