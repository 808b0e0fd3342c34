"""What the years ahead are made of: births, ages, homes, places that open and close; no default."""

from collections.abc import Mapping
from typing import Any, Literal, Self

from pydantic import Field, model_validator

from ctg_geo.config.kinds import ColumnName, need
from ctg_geo.config.people_source import Ages
from ctg_geo.config.table_source import TableSource
from ctg_geo.parameters.parameter import Parameter, refusal

__all__ = [
    "AgesSource",
    "BirthRule",
    "BirthsSource",
    "ClosuresSource",
    "DwellingsSource",
    "MigrationSource",
    "OpeningsSource",
    "ProjectionSection",
    "Survival",
    "Variant",
    "VariantName",
]

VariantName = Literal["low", "central", "high"]
_LEVERS = ("migration", "dwellings", "openings", "closures")
_TREND = 3  # years under which a slope is no trend


class AgesSource(TableSource):
    """People by commune and single year of age on a 1 January: TD_POP1B of the census.

    `secrecy` names the rule of statistical secrecy that each of its counts is under.
    """

    secrecy: str | None = None
    on_1_january: int = Field(ge=1990, le=2100)


class BirthsSource(TableSource):
    """Births by commune of the mother's home and year; `year` says it of a table of one year.

    `secrecy` names the rule of statistical secrecy that each of its counts is under.
    """

    columns: dict[Literal["code_insee", "year", "births"], ColumnName]
    secrecy: str | None = None
    year: int | None = Field(default=None, ge=1950, le=2150)

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        need(self.columns, "code_insee", "births")
        if (self.year is None) == ("year" not in self.columns):
            raise refusal("projection_year")
        return self


class MigrationSource(TableSource):
    """Net arrivals by commune: people per person and year, alike at every age but 0."""

    columns: dict[Literal["code_insee", "rate"], ColumnName]

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        need(self.columns, "code_insee", "rate")
        return self


class DwellingsSource(TableSource):
    """Dwellings delivered, by commune and year, and the people that each one brings.

    `persons` are the people per dwelling in each band of ages, even inside a band; `persons_source`
    says where they come from.
    """

    columns: dict[Literal["code_insee", "year", "dwellings"], ColumnName]
    persons: dict[Ages, float] = Field(min_length=1)
    persons_source: str = Field(min_length=1)

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        need(self.columns, "code_insee", "year", "dwellings")
        if not all(0 <= each <= 10 for each in self.persons.values()):  # noqa: PLR2004
            raise refusal("projection_persons")
        return self


class OpeningsSource(TableSource):
    """Places planned: their commune or coordinates, capacity, and the year they open."""

    service: str | None = None
    columns: dict[
        Literal["equipement_id", "nom", "code_insee", "year", "capacity", "service", "lon", "lat"],
        ColumnName,
    ]

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        need(self.columns, "equipement_id", "code_insee", "year", "capacity")
        if (self.service is None) == ("service" not in self.columns):
            raise refusal("one_service")
        if ("lon" in self.columns) != ("lat" in self.columns):
            raise refusal("lon_lat")
        return self


class ClosuresSource(TableSource):
    """The share (0-1) of the capacity of a place that goes in a year: childminders retiring."""

    columns: dict[Literal["equipement_id", "year", "share"], ColumnName]

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        need(self.columns, "equipement_id", "year", "share")
        return self


class Survival(Parameter):
    """The share (0-1) of the people of each age who are there a year later, and who says so."""

    value: float = Field(gt=0, le=1)
    source: str = Field(min_length=1)


class BirthRule(Parameter):
    """Births after the last year known: the mean of the last `years`, or the line through them.

    `factor` multiplies them.
    """

    kind: Literal["constant", "trend"]
    years: int = Field(ge=1, le=30)
    factor: float = Field(default=1.0, gt=0, le=5)

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        if self.kind == "trend" and self.years < _TREND:
            raise refusal("projection_trend", least=_TREND)
        return self


class Variant(Parameter):
    """One way ahead: births, and how much of what is declared comes true.

    `migration` multiplies the rates; `dwellings`, `openings` and `closures` are the shares that
    happen. Each is said where its table is given, and only there.
    """

    births: BirthRule
    migration: float | None = Field(default=None, ge=0, le=5)
    dwellings: float | None = Field(default=None, ge=0, le=2)
    openings: float | None = Field(default=None, ge=0, le=1)
    closures: float | None = Field(default=None, ge=0, le=1)
    source: str = Field(min_length=1)


class ProjectionSection(Parameter):
    """The years ahead of a study: `[projection]`.

    `figures` gives the ages of each figure of the population that is projected. Without `ages`
    only cohorts born in the years of `births` are known.
    """

    figures: dict[str, Ages] = Field(min_length=1)
    survival: Survival
    births: BirthsSource
    ages: AgesSource | None = None
    migration: MigrationSource | None = None
    dwellings: DwellingsSource | None = None
    openings: OpeningsSource | None = None
    closures: ClosuresSource | None = None
    variants: dict[VariantName, Variant]

    @property
    def rules(self) -> tuple[str | None, ...]:
        """Names of the rules of secrecy that its tables are under."""
        return (self.births.secrecy, None if self.ages is None else self.ages.secrecy)

    @model_validator(mode="before")
    @classmethod
    def _complete(cls, content: Any) -> Any:  # noqa: ANN401
        variants = content.get("variants") if isinstance(content, Mapping) else None
        if isinstance(variants, Mapping) and "central" not in variants:
            raise refusal("projection_central")
        return content

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        for name, variant in self.variants.items():
            for lever in _LEVERS:
                given, said = getattr(self, lever) is not None, getattr(variant, lever) is not None
                if given and not said:
                    raise refusal("projection_lever", variant=name, lever=lever)
                if said and not given:
                    raise refusal("projection_no_table", variant=name, lever=lever)
        return self
