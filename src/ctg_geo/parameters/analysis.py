"""Analyses that a study asks for by kind, each a chapter of its results."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from ctg_geo.parameters.parameter import Parameter, refusal

__all__ = ["AlsoPeople", "Analysis", "BeyondReach", "DoubleDeprivation", "GroupBalance"]

Minutes = Annotated[float, Field(gt=0, le=240)]
Hours = Annotated[float, Field(gt=0, le=168)]  # in a week
Share = Annotated[float, Field(gt=0, lt=1)]


class GroupBalance(Parameter):
    """Supply, demand and access by group, and the supply that would bring each to the best."""

    kind: Literal["group_balance"]
    label: str = Field(min_length=1)
    service: str
    grouping: str


class AlsoPeople(Parameter):
    """Other people whom an analysis is asked about; told as missing where no file gives them."""

    demand: str
    people_label: str = Field(min_length=1)
    file_needed: str = Field(min_length=1)


class BeyondReach(Parameter):
    """Who lives beyond the reach of any place of some services, by modes of their own.

    `reach_min` gives, by travel profile, how many minutes are within reach; one mode is
    enough. Mobile stops are told apart: they are no place to go to on the other days.
    `wider_services` are counted in a second reading. Communes of less than `villages_under`
    inhabitants are villages. `assumed_hours` are tried for stops that tell no hours;
    `not_counted` gives, by mode that is left out, the file that would count it.
    """

    kind: Literal["beyond_reach"]
    label: str = Field(min_length=1)
    demand: str
    people_label: str = Field(min_length=1)
    services: tuple[str, ...] = Field(min_length=1)
    wider_services: tuple[str, ...] = ()
    also: tuple[AlsoPeople, ...] = ()
    reach_min: dict[str, Minutes] = Field(min_length=1)
    not_counted: dict[str, str] = {}
    villages_under: int | None = Field(default=None, gt=0)
    villages_source: str = ""
    assumed_hours: tuple[Hours, ...] = ()
    assumed_source: str = ""
    source: str = Field(min_length=1)

    @model_validator(mode="after")
    def _sourced(self) -> "BeyondReach":
        """Refuse a threshold or an assumption that does not say where it comes from."""
        if self.villages_under is not None and not self.villages_source:
            raise refusal("analysis_source", what="villages_under", source="villages_source")
        if self.assumed_hours and not self.assumed_source:
            raise refusal("analysis_source", what="assumed_hours", source="assumed_source")
        return self


class DoubleDeprivation(Parameter):
    """Far from services and fragile at once, by ranks among the communes of the territory.

    Times to the nearest place of each service are ranked and averaged, and so are the
    indicators, each fragile when `high` or when `low`. A commune is far, or fragile, when it
    is among the `worst_share` of communes; `other_shares` tell how much hangs on that choice.
    `demand` is whom to count in the communes found. A service without places is left out, and
    told. `wanted` names indicators that would tell more of fragility, each with the file that
    gives it: those the study does not have are told as missing.
    """

    kind: Literal["double_deprivation"]
    label: str = Field(min_length=1)
    demand: str | None = None
    people_label: str = ""
    services: tuple[str, ...] = Field(min_length=1)
    indicators: dict[str, Literal["high", "low"]] = Field(min_length=1)
    wanted: dict[str, str] = {}
    worst_share: Share
    other_shares: tuple[Share, ...] = ()
    source: str = Field(min_length=1)


Analysis = Annotated[GroupBalance | BeyondReach | DoubleDeprivation, Field(discriminator="kind")]
