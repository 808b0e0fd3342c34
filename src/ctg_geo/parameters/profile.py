"""How people move: speeds by class of road and surroundings, junctions, slope, both ends."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from ctg_geo.parameters.parameter import Parameter, refusal
from ctg_geo.parameters.transit import TransitRules

__all__ = ["MODES", "Mode", "Penalties", "Period", "Snapping", "Surroundings", "TravelProfile"]

Mode = Literal["car", "bicycle", "foot"]
MODES: tuple[Mode, ...] = ("car", "bicycle", "foot")

Speed = Annotated[float, Field(gt=0, le=150)]
Seconds = Annotated[float, Field(ge=0, le=600)]
Factor = Annotated[float, Field(gt=0, le=10)]
Minutes = Annotated[float, Field(ge=0, le=60)]


class Snapping(Parameter):
    """How a point joins the road, and what a trip costs before and after the road.

    It joins the nearest edge whose class is not in `closed_classes` and that is no tunnel,
    along the straight line at `access_kmh`; a point further than `limit_m` from it is
    reported, not moved. `start_min` is spent at every origin (walk to the car), `end_min` at
    every destination outside built-up areas and `end_urban_min` inside (parking); two points
    nearer to each other than to the road need neither.
    """

    access_kmh: Speed = 30
    limit_m: float = Field(default=1000, gt=0)
    closed_classes: tuple[str, ...] = ("motorway", "ferry")
    start_min: Minutes = 0
    end_min: Minutes = 0
    end_urban_min: Minutes = 0


class Surroundings(Parameter):
    """One number outside built-up areas and one inside."""

    rural: Factor = 1
    urban: Factor = 1


class Penalties(Parameter):
    """Seconds lost on arriving at a node; of several that apply, the longest counts.

    `junction` is lost where at least three roads meet, by class of the road one comes from
    (``default`` for the others); roads of a class in `TravelProfile.side_classes` do not make
    a junction.
    """

    signals: Seconds = 0
    stop: Seconds = 0
    crossing: Seconds = 0
    mini_roundabout: Seconds = 0
    barrier: Seconds = 0
    junction: dict[str, Seconds] = {}


class Period(Parameter):
    """A time of day: what running times are multiplied by, and what is lost at nodes."""

    label: str = ""
    time_factor: Surroundings = Surroundings()
    rural: Penalties = Penalties()
    urban: Penalties = Penalties()


class TravelProfile(Parameter):
    """A mode of travel, as `config/profiles.toml` declares it.

    The running speed of an edge is, in this order: the one the road states, if `use_stated`
    (a limit is multiplied by `limit_factor`, a mean speed taken as it is); that of its class
    in `urban_kmh` inside built-up areas; that of its class in `speed_kmh`; `default_kmh`.
    Ferries run at their timetable. `slope` then lengthens or shortens the time where heights
    are known, and the period adds congestion and junctions. Nobody of this mode takes a road
    of `closed_classes`. A profile of mode foot with `transit` also takes public transport, by
    the timetables of the study.
    """

    label: str = Field(min_length=1)
    mode: Mode = "car"
    speed_kmh: dict[str, Speed] = {}
    urban_kmh: dict[str, Speed] = {}
    default_kmh: Speed
    use_stated: bool = True
    limit_factor: Surroundings = Surroundings()
    closed_classes: tuple[str, ...] = ()
    side_classes: tuple[str, ...] = ("service", "track")
    slope: Literal["none", "tobler", "parkin_rotheram"] = "none"
    periods: dict[str, Period] = {}
    period: str = ""
    snapping: Snapping = Snapping()
    transit: TransitRules | None = None
    source: str = Field(min_length=1)

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        if self.transit is not None and self.mode != "foot":
            raise refusal("transit_walker")
        if self.period and self.period not in self.periods:
            known = ", ".join(sorted(self.periods))
            raise refusal("period", period=self.period, known=known or "-")
        if self.periods and not self.period:
            raise refusal("period_missing", known=", ".join(sorted(self.periods)))
        return self

    @property
    def now(self) -> Period:
        """The period that counts; without any, free flow."""
        return self.periods[self.period] if self.period else Period()

    def at(self, period: str) -> "TravelProfile":
        """Return the same profile at another of its periods.

        Raises
        ------
        ValidationError
            If the profile has no such period.
        """
        return TravelProfile.model_validate({**self.model_dump(), "period": period})
