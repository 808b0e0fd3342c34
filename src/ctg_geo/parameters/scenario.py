"""What might be done: changes to places, people, roads and norms, as planners write them."""

from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from ctg_geo.parameters.parameter import Parameter, refusal
from ctg_geo.parameters.profile import Mode
from ctg_geo.parameters.service import Delivery, Norm

__all__ = [
    "AddPeople",
    "Change",
    "ChangeHours",
    "ChangeNorm",
    "ChangeSpeed",
    "ClosePlace",
    "CloseRoad",
    "LinkRoad",
    "MovePlace",
    "OpenPlace",
    "PlaceChange",
    "ResizePlace",
    "RoadChange",
    "ScenarioFile",
]


def _one_line(value: object) -> object:
    """Make one line of what is read as one sentence."""
    return " ".join(value.split()) if isinstance(value, str) else value


Line = Annotated[str, BeforeValidator(_one_line)]
Code = Annotated[str, Field(pattern=r"^(?:\d{2}|2[AB])\d{3}$")]
Key = Annotated[str, Field(pattern=r"^[\w.-]+$")]
Degrees = Annotated[float, Field(ge=-180, le=180)]
Point = tuple[Degrees, Degrees]


class _Costed(Parameter):
    """Any change: what it costs, where that is declared, and why it is made.

    `cost` is an investment, `cost_per_year` what it costs to run (less: a saving), in euros.
    """

    cost: float | None = Field(default=None, ge=0)
    cost_per_year: float | None = None
    note: Line = ""


class _Located(_Costed):
    """A change that puts a place somewhere: a commune, or a longitude and a latitude."""

    commune: Code | None = None
    lon: Degrees | None = None
    lat: Degrees | None = None

    @model_validator(mode="after")
    def _somewhere(self) -> Self:
        degrees = (self.lon is None, self.lat is None)
        if degrees[0] != degrees[1] or (all(degrees) and self.commune is None):
            raise refusal("position")
        return self


class OpenPlace(_Located):
    """A new place: at the chef-lieu of a commune, or where `lon` and `lat` say."""

    kind: Literal["open"]
    place: Key
    service: str = Field(min_length=1)
    name: Line = Field(min_length=1)
    capacity: float | None = Field(default=None, ge=0)
    hours_per_week: float | None = Field(default=None, ge=0, le=168)
    delivery: Delivery = "fixed"


class ClosePlace(_Costed):
    """A place that is no more."""

    kind: Literal["close"]
    place: str = Field(min_length=1)


class ResizePlace(_Costed):
    """Another capacity: the new one (`capacity`), or so much more or less (`by`)."""

    kind: Literal["resize"]
    place: str = Field(min_length=1)
    capacity: float | None = Field(default=None, ge=0)
    by: float | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.capacity is None) == (self.by is None):
            raise refusal("resize_one")
        return self


class MovePlace(_Located):
    """A place that goes elsewhere, with its capacity and its hours."""

    kind: Literal["move"]
    place: str = Field(min_length=1)


class ChangeHours(_Costed):
    """Other hours: per week, or the share of the week that the place is there."""

    kind: Literal["hours"]
    place: str = Field(min_length=1)
    hours_per_week: float | None = Field(default=None, ge=0, le=168)
    share: float | None = Field(default=None, ge=0, le=1)

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.hours_per_week is None) == (self.share is None):
            raise refusal("hours_one")
        return self


class AddPeople(_Costed):
    """People more in a commune (or fewer): a housing programme, a projection.

    `people` has one number for each figure of the population that changes.
    """

    kind: Literal["people"]
    commune: Code
    people: dict[str, float] = Field(min_length=1)


class ChangeSpeed(_Costed):
    """Roads of some classes that run faster or slower: `factors` multiply their speed."""

    kind: Literal["speed"]
    factors: dict[str, Annotated[float, Field(gt=0, le=10)]] = Field(min_length=1)
    mode: Mode = "car"


class CloseRoad(_Costed):
    """A road or a bridge that nobody takes: all of a `name`, or the one nearest to `at`."""

    kind: Literal["close_road"]
    name: str | None = Field(default=None, min_length=1)
    at: Point | None = None  # longitude, latitude

    @model_validator(mode="after")
    def _which(self) -> Self:
        if self.name is None and self.at is None:
            raise refusal("road_which")
        return self


class LinkRoad(_Costed):
    """A new straight road between the nodes nearest to two points (longitude, latitude)."""

    kind: Literal["link_road"]
    start: Point
    end: Point
    speed_kmh: float = Field(gt=0, le=130)
    name: Line = ""
    road_class: str = "local"
    one_way: bool = False
    modes: tuple[Mode, ...] = ("car",)


class ChangeNorm(_Costed):
    """Another norm for a service: what counts as served."""

    kind: Literal["norm"]
    service: str = Field(min_length=1)
    norm: Norm


PlaceChange = ClosePlace | ResizePlace | MovePlace | ChangeHours
RoadChange = ChangeSpeed | CloseRoad | LinkRoad
Change = Annotated[
    OpenPlace | PlaceChange | AddPeople | RoadChange | ChangeNorm, Field(discriminator="kind")
]


def _listed(value: object) -> object:
    return (value,) if isinstance(value, str) else value


class ScenarioFile(Parameter):
    """A scenario as one file says it; `based_on` names files whose changes come first."""

    name: Line = Field(min_length=1, max_length=120)
    motive: Line = Field(min_length=1)
    source: Line = Field(min_length=1)
    based_on: Annotated[tuple[str, ...], BeforeValidator(_listed)] = ()
    changes: tuple[Change, ...] = ()
