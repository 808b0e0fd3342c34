"""Services that travel: tours as they run, what they are judged on, what a better one may be."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from ctg_geo.parameters.parameter import Parameter, refusal
from ctg_geo.parameters.service import HoursEach

__all__ = ["Crew", "DesignRules", "HourWorth", "Itinerant", "Tour", "TourDay", "TourStop"]

Hours = Annotated[float, Field(gt=0, le=14)]  # of one day
Minutes = Annotated[float, Field(gt=0, le=240)]
Place = Annotated[str, Field(min_length=1)]
Weeks = Literal[1, 2, 4]

MOST_STOPS = 6
"""Stops that one day may have, so that the best order of each day is found exactly."""


class TourStop(Parameter):
    """Where a tour stops and for how long people find it open.

    `place` is a place of the study (equipement_id) or a commune (its code): its chef-lieu.
    """

    place: Place
    hours: Hours


class TourDay(Parameter):
    """One day on the road: stops in the order they are driven, every so many weeks."""

    name: str = Field(min_length=1)
    stops: tuple[TourStop, ...] = Field(min_length=1, max_length=MOST_STOPS)
    every_weeks: Weeks = 1

    @model_validator(mode="after")
    def _once(self) -> Self:
        places = [stop.place for stop in self.stops]
        twice = sorted({place for place in places if places.count(place) > 1})
        if twice:
            raise refusal("tour_stop_twice", day=self.name, places=", ".join(twice))
        return self


class Crew(Parameter):
    """Who travels with the vehicle: how many, and the weekly hours of each.

    `desk_hours` of them are not spent on the road or at stops (preparation, meetings).
    """

    people: int = Field(ge=1, le=20)
    hours_per_week: float = Field(gt=0, le=60)
    desk_hours: float = Field(default=0, ge=0, le=60)
    source: str = Field(min_length=1)

    @model_validator(mode="after")
    def _left(self) -> Self:
        if self.desk_hours >= self.hours_per_week:
            raise refusal("tour_desk", desk=self.desk_hours, hours=self.hours_per_week)
        return self

    @property
    def field_hours(self) -> float:
        """Hours per week of each person that may be spent on tour."""
        return self.hours_per_week - self.desk_hours


class Tour(Parameter):
    """A vehicle with its crew, its depot, its days and its stops.

    Days are either told (`days`), or only the stops are known (`stops`, with `hours_each`):
    then they are arranged in the fewest days and the least driving, which flatters the tour.
    `setting_up_min` and `packing_up_min` are spent at every stop. `days_per_week` is how many
    days the vehicle may leave the depot, `longest_day_hours` from leaving to coming back.
    """

    label: str = Field(min_length=1)
    depot: Place
    profile: str = "car"
    crew: Crew
    setting_up_min: float = Field(ge=0, le=240)
    packing_up_min: float = Field(default=0, ge=0, le=240)
    longest_day_hours: Hours
    days_per_week: int = Field(ge=1, le=7)
    days: tuple[TourDay, ...] = ()
    stops: tuple[Place, ...] = ()
    hours_each: HoursEach | None = None
    source: str = Field(min_length=1)

    @model_validator(mode="after")
    def _told(self) -> Self:
        if bool(self.days) == bool(self.stops):
            raise refusal("tour_days_or_stops")
        if bool(self.stops) != (self.hours_each is not None):
            raise refusal("tour_hours_each")
        twice = sorted({place for place in self.stops if self.stops.count(place) > 1})
        if twice:
            raise refusal("tour_stop_twice", day="stops", places=", ".join(twice))
        names = [day.name for day in self.days]
        if len(set(names)) < len(names):
            raise refusal("tour_day_twice", names=", ".join(names))
        return self

    @property
    def places(self) -> tuple[str, ...]:
        """The places where it stops, each once."""
        told = (stop.place for day in self.days for stop in day.stops)
        return tuple(dict.fromkeys((*self.stops, *told)))


class HourWorth(Parameter):
    """What one more weekly hour within reach is worth, up to so many hours in all."""

    up_to_hours: float = Field(gt=0, le=168)
    worth: float = Field(gt=0, le=1)


class DesignRules(Parameter):
    """What a better tour may do.

    `candidates` are places or communes where it may stop; by default every commune that is
    counted. `keep` must be served, `avoid` must not. A stop lasts from `least_hours` to
    `most_hours`, in steps of `step_hours`. A place is visited by one tour, on one
    day, which may come back every so many weeks (`every_weeks`).
    """

    candidates: tuple[Place, ...] = ()
    keep: tuple[Place, ...] = ()
    avoid: tuple[Place, ...] = ()
    least_hours: Hours = 1.5
    most_hours: Hours = 3.0
    step_hours: float = Field(default=0.5, gt=0, le=1, multiple_of=0.25)
    most_stops_a_day: int = Field(default=4, ge=1, le=MOST_STOPS)
    every_weeks: tuple[Weeks, ...] = Field(default=(1,), min_length=1)
    time_limit_s: float = Field(default=120, gt=0, le=3600)

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        if self.most_hours < self.least_hours:
            raise refusal("tour_hours", least=self.least_hours, most=self.most_hours)
        both = sorted(set(self.keep) & set(self.avoid))
        if both:
            raise refusal("tour_keep_avoid", places=", ".join(both))
        return self


class Itinerant(Parameter):
    """A service that travels, as its own file declares it: whom it serves, how, by which tours.

    Whoever reaches a stop within one of the `reach_min` (minutes by travel profile) is
    reached. People who reach a fixed place of a service of `beside` are not counted as people
    to serve; nor, with `villages_under`, those of communes of so many inhabitants or more.
    `worth` tells what hours are worth, the first ones most: hours beyond the last are worth
    nothing. `grouping` is the one whose groups a floor is about.
    """

    label: str = Field(min_length=1)
    service: str
    demand: str
    people_label: str = Field(min_length=1)
    reach_min: dict[str, Minutes] = Field(min_length=1)
    beside: tuple[str, ...] = ()
    villages_under: int | None = Field(default=None, gt=0)
    villages_source: str = ""
    grouping: str | None = None
    worth: tuple[HourWorth, ...] = Field(min_length=1)
    tours: dict[str, Tour] = Field(min_length=1)
    design: DesignRules = DesignRules()
    source: str = Field(min_length=1)

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        bounds = [each.up_to_hours for each in self.worth]
        worths = [each.worth for each in self.worth]
        if sorted(set(bounds)) != bounds or sorted(worths, reverse=True) != worths:
            raise refusal("tour_worth")
        if self.villages_under is not None and not self.villages_source:
            raise refusal("analysis_source", what="villages_under", source="villages_source")
        return self
