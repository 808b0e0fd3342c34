"""How people take buses and trains: walks, changes, when they leave and must be back."""

import datetime as dt
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from ctg_geo.parameters.parameter import Parameter, refusal

__all__ = ["WEEKDAYS", "Clock", "Outing", "TransitRules", "Weekday", "clock_ms"]

Clock = Annotated[str, Field(pattern=r"^[0-2][0-9]:[0-5][0-9]$")]  # 25:30 is 1:30 next day
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEKDAYS: tuple[Weekday, ...] = (
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
)  # fmt: skip


def clock_ms(clock: str) -> int:
    """Return milliseconds since midnight of a time like 13:30."""
    hours, minutes = clock.split(":")
    return (int(hours) * 60 + int(minutes)) * 60_000


class TransitRules(Parameter):
    """How a walker also takes public transport.

    One walks `access_min` at most to the first stop, and from the last; `change_walk_min` at
    most from one stop to another. At least `change_min` pass between two vehicles, unless the
    operator says otherwise. `on_demand` counts trips that must be booked beforehand.
    """

    access_min: float = Field(default=15, gt=0, le=60)
    change_walk_min: float = Field(default=10, gt=0, le=60)
    change_min: float = Field(default=1, gt=0, le=30)
    on_demand: bool = False


class Outing(Parameter):
    """When people leave, and when they must be back.

    The day is a `date`, or the usual `weekday`, outside the school holidays or in them
    (`holidays`). One leaves every `every_min` from `leave_from` until before `leave_until`.
    `percentile` sums the departures up: 50 is the median, 0 the best one, for who knows the
    timetable. With `home_by` a trip counts only if one can stay `stay_min` and still be home
    at that hour, by a way back no longer than the limit.
    """

    label: str = Field(min_length=1)
    date: dt.date | None = None
    weekday: Weekday | None = None
    holidays: bool = False
    leave_from: Clock
    leave_until: Clock
    every_min: int = Field(default=1, ge=1, le=60)
    percentile: float = Field(default=50, ge=0, le=100)
    home_by: Clock | None = None
    stay_min: float = Field(default=0, ge=0, le=720)

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        if (self.date is None) == (self.weekday is None):
            raise refusal("outing_day")
        if clock_ms(self.leave_from) >= clock_ms(self.leave_until):
            raise refusal("outing_window")
        if self.home_by is None:
            if self.stay_min:
                raise refusal("outing_stay")
        elif clock_ms(self.home_by) <= clock_ms(self.leave_from):
            raise refusal("outing_home_by")
        return self
