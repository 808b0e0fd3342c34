"""Timetables of public transport that a study names, and when its people go out."""

import datetime as dt
from typing import Self

from pydantic import Field, model_validator

from ctg_geo.config.table_source import FileSource
from ctg_geo.parameters import Outing
from ctg_geo.parameters.parameter import Parameter, refusal

__all__ = ["SchoolHolidays", "TransitSection", "TransitSource"]


class TransitSource(FileSource):
    """A GTFS feed: a zip or a folder.

    Stops further than `margin_km` from the territory and its buffer are left. A feed with
    `optional` may not be there: it is told as missing, with what it would change.
    """

    margin_km: float = Field(default=5, ge=0, le=200)
    optional: bool = False


class SchoolHolidays(Parameter):
    """Days without school, both ends included."""

    label: str = ""
    first: dt.date
    last: dt.date

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        if self.last < self.first:
            raise refusal("holidays_order")
        return self


class TransitSection(Parameter):
    """When people go out by public transport, by name; the first is that of a bare profile.

    ``bus.mercredi`` is the profile bus on the outing mercredi. `holidays` are the school
    holidays of the years of the feeds, from `holidays_source`: without them every day counts
    as one of school.
    """

    outings: dict[str, Outing] = Field(min_length=1)
    holidays: tuple[SchoolHolidays, ...] = ()
    holidays_source: str = ""

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        if self.holidays and not self.holidays_source:
            raise refusal("analysis_source", what="holidays", source="holidays_source")
        if not self.holidays and any(each.holidays for each in self.outings.values()):
            raise refusal("holidays_none")
        return self
