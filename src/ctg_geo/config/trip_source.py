"""Where observed travel times come from, and how a study is calibrated on them."""

from typing import Final, Literal, Self

from pydantic import Field, model_validator

from ctg_geo.config.kinds import ColumnName, need
from ctg_geo.config.table_source import TableSource
from ctg_geo.parameters import CalibrationRules
from ctg_geo.parameters.parameter import Parameter, refusal

__all__ = ["ENDS", "PLACES", "CalibrationSection", "End", "TripColumn", "TripSource"]

TripColumn = Literal[
    "origin_code", "origin_cell", "origin_lon", "origin_lat", "origin_x", "origin_y",
    "destination_code", "destination_cell", "destination_lon", "destination_lat",
    "destination_x", "destination_y", "service", "minutes",
]  # fmt: skip

End = Literal["origin", "destination"]
ENDS: Final[tuple[End, ...]] = ("origin", "destination")
PLACES: Final = (("code",), ("cell",), ("lon", "lat"), ("x", "y"))


class TripSource(TableSource):
    """Observed trips: each end a commune, a cell of Insee, or coordinates; and the time.

    Without a destination, trips go to the nearest place of `service`, or of the service that
    the column of that name tells (`services` translates its words). Without `columns`, they
    are recognised by their usual names (`sources.observed`).
    """

    columns: dict[TripColumn, ColumnName] = {}
    service: str | None = None
    services: dict[str, str] = {}
    unit: Literal["minutes", "seconds"] = "minutes"

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        if not self.columns:
            return self
        need(self.columns, "minutes")
        for end in ENDS:
            ways = self.ways(end)
            if len(ways) > 1 or (end == "origin" and not ways):
                raise refusal("trip_end", end=end)
            need(self.columns, *(f"{end}_{part}" for way in ways for part in way))
        served = (self.service is not None) + ("service" in self.columns)
        if served + bool(self.ways("destination")) != 1:
            raise refusal("trip_service")
        if {"origin_x", "destination_x"} & set(self.columns) and self.crs is None:
            raise refusal("trip_x_y_crs")
        return self

    def ways(self, end: End) -> list[tuple[str, ...]]:
        """Return the ways in which columns tell an end: of PLACES, those with a column."""
        return [way for way in PLACES if any(f"{end}_{part}" in self.columns for part in way)]


class CalibrationSection(Parameter):
    """What `ctg-geo calibrate` fits: a profile (``car.peak`` at its peak), to which times.

    `name` is that of the fitted profile; by default that of the profile, and ``_cale``.
    """

    profile: str = "car"
    name: str = Field(default="", pattern=r"^[A-Za-z0-9_-]*$")
    observed: TripSource | None = None
    rules: CalibrationRules = CalibrationRules()
