"""The sources of places that serve."""

from typing import Final, Literal, Self

from pydantic import model_validator

from ctg_geo.config.kinds import ColumnName, need
from ctg_geo.config.table_source import TableSource
from ctg_geo.parameters import (
    AssumedHours,
    CapacityEach,
    HoursEach,
)
from ctg_geo.parameters.parameter import refusal

__all__ = ["EquipementColumn", "EquipementFormat", "EquipementsSource", "PassageSource"]

EquipementColumn = Literal[
    "equipement_id", "service", "nom", "code_insee", "lon", "lat", "x", "y", "capacity",
    "capacity_status", "location_status", "delivery", "hours_per_week", "count", "count_status",
    "age_from", "age_to", "residents",
]  # fmt: skip


class PassageSource(TableSource):
    """The BPE type codes of one year and those of another, side by side."""

    columns: dict[Literal["old_code", "code"], ColumnName]

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        need(self.columns, "old_code", "code")
        return self


EquipementFormat = Literal[
    "bpe", "cafdata", "france_services", "mediation_numerique", "conseillers_numeriques",
    "data_inclusion",
]  # fmt: skip

_CAPACITY_OF: Final = {"bpe": "CAPACITE", "cafdata": "NBPLA0A5"}  # as the provider names it


class EquipementsSource(TableSource):
    """Places that serve: located by coordinates, or known to the commune only.

    With a `count` column each row stands for so many places of unknown position and
    capacity in its commune (for instance the BPE counts). `delivery` and `services`
    translate the file's words into ours. `hours_each` are the hours of places that say none.
    `age_from` and `age_to` are the ages a place takes, in whole years, both included;
    `residents` the codes of the communes or EPCI whose residents it admits; blank, everybody.

    With a `format` the file is one that an official provider publishes: no `columns` are
    needed, and `services` translates the provider's codes ({ D502 = "creche" }); rows with
    other codes are counted and left. `passage` maps the BPE codes of another year. `secrecy`
    names the rule that its capacities are under: they are then told by commune at the finest.
    With `complete` false the file is known to miss places: a service that has no others is
    told known in part.
    """

    format: EquipementFormat | None = None
    service: str | None = None
    columns: dict[EquipementColumn, ColumnName] = {}
    passage: PassageSource | None = None
    assumed_hours: AssumedHours = AssumedHours()
    capacity_each: CapacityEach | None = None
    hours_each: HoursEach | None = None
    delivery: dict[str, Literal["fixed", "branch", "multi_site", "mobile"]] = {}
    services: dict[str, str] = {}
    secrecy: str | None = None
    complete: bool = True

    @property
    def said(self) -> str:
        """What each place of the file says of where it comes from."""
        return f"{self.provider} {self.vintage}"

    @property
    def capacity_column(self) -> str:
        """The column of the file that says how many places there are."""
        return self.columns.get("capacity", _CAPACITY_OF.get(self.format or "", "capacity"))

    @model_validator(mode="before")
    @classmethod
    def _national(cls, given: object) -> object:
        """Take a provider's file to cover more than the study, unless it is said not to."""
        if isinstance(given, dict) and given.get("format") is not None:
            return {"wider_area": True, **given}
        return given

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        if self.format is not None:
            return self._official()
        if self.passage is not None:
            raise refusal("passage_bpe")
        if not self.columns:
            raise refusal("columns_or_format")
        if (self.service is None) == ("service" not in self.columns):
            raise refusal("one_service")
        if ("lon" in self.columns) != ("lat" in self.columns):
            raise refusal("lon_lat")
        if ("x" in self.columns) != ("y" in self.columns):
            raise refusal("x_y")
        if "x" in self.columns and self.crs is None:
            raise refusal("x_y_crs")
        if ("age_from" in self.columns) != ("age_to" in self.columns):
            raise refusal("age_from_to")
        if "count" in self.columns:
            need(self.columns, "code_insee")
        return self

    def _official(self) -> Self:
        """Check what a file in a provider's own format needs, and what it does not."""
        if self.columns:
            raise refusal("format_columns")
        if self.format == "bpe" and not self.services:
            raise refusal("bpe_services")
        if (self.service is None) == (not self.services):
            raise refusal("format_service")
        if self.passage is not None and self.format != "bpe":
            raise refusal("passage_bpe")
        return self
