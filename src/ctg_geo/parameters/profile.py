"""How fast people move, by class of road."""

from typing import Annotated

from pydantic import Field

from ctg_geo.parameters.parameter import Parameter

__all__ = ["Snapping", "TravelProfile"]

Speed = Annotated[float, Field(gt=0, le=150)]


class Snapping(Parameter):
    """How a point joins the road.

    It joins the nearest edge whose class is not in `closed_classes`, along the straight
    line at `access_kmh`; a point further than `limit_m` from it is reported, not moved.
    """

    access_kmh: Speed = 30
    limit_m: float = Field(default=1000, gt=0)
    closed_classes: tuple[str, ...] = ("motorway",)


class TravelProfile(Parameter):
    """A mode of travel, as `config/profiles.toml` declares it.

    `speed_kmh` gives the speed per road class, used where the road itself states none;
    a class that is not listed runs at `default_kmh`.
    """

    label: str = Field(min_length=1)
    speed_kmh: dict[str, Speed] = {}
    default_kmh: Speed
    snapping: Snapping = Snapping()
    source: str = Field(min_length=1)
