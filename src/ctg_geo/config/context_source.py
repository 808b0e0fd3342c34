"""What surrounds a diagnosis: indicators in detail, QPV, coverage rates that others publish."""

from collections.abc import Mapping
from typing import Final, Literal, Self

from pydantic import Field, model_validator

from ctg_geo.config.table_source import TableSource
from ctg_geo.parameters.parameter import Parameter, refusal

__all__ = [
    "WEIGHT",
    "CoverageSource",
    "IndicatorKind",
    "IndicatorValue",
    "PublishedRate",
    "QpvSource",
    "standard_kind",
    "standard_weight",
]

IndicatorKind = Literal["count", "rate", "median", "class"]

WEIGHT: Final = "weight:"  # begins the name of a column read only to weigh rates

# What the figures of each official format are, and the one that weighs each rate.
_KINDS: Final[Mapping[str, IndicatorKind]] = {
    "median_income": "median", "households": "count", "families": "count",
    "single_parents": "count", "active": "count", "unemployed": "count",
    "density_class": "class", "rural": "class",
}  # fmt: skip
_WEIGHTS: Final[Mapping[str, str]] = {
    "median_income": "households", "poverty_share": "households",
    "single_parent_share": "families", "unemployment_share": "active",
}  # fmt: skip


def standard_kind(name: str) -> IndicatorKind:
    """Return what a figure of an official format is; a rate unless it is known to add up."""
    return _KINDS.get(name, "rate")


def standard_weight(name: str) -> str | None:
    """Return the figure, of the same file, that a rate of an official format is weighed by."""
    return _WEIGHTS.get(name)


class IndicatorValue(Parameter):
    """An indicator of a plain table: `factor` × column, over the column `of` if it is a share.

    `kind` says how it is brought to communes that have merged: a count adds up, a rate or a
    median is averaged (by `of`, else by the column `weight`), a class is kept where all agree.
    It is a rate with `of`, else a count. A name that ends in `_share` is told in percent.
    """

    column: str = Field(min_length=1)
    of: str | None = None
    kind: IndicatorKind | None = None
    weight: str | None = None
    factor: float = Field(default=1.0, gt=0, le=1_000_000)
    status: Literal["observed", "estimated"] = "observed"
    status_column: str | None = None
    label: str = ""

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        if self.of is not None and self.kind not in (None, "rate"):
            raise refusal("indicator_of", kind=self.kind)
        if self.of is not None and self.weight is not None:
            raise refusal("indicator_weight")
        return self

    @property
    def nature(self) -> IndicatorKind:
        """What it is."""
        return self.kind or ("rate" if self.of is not None else "count")

    @property
    def weighed_by(self) -> str | None:
        """The column of the file that weighs it."""
        return self.of if self.of is not None else self.weight


class QpvSource(TableSource):
    """The polygons of priority neighbourhoods (quartiers prioritaires), of 2015 or of 2024."""

    wider_area: bool = True


class CoverageSource(TableSource):
    """A table of coverage rates of formal childcare that the Cnaf publishes (Cafdata).

    `services` are those whose readers are told of it. `areas` are the codes wanted; without
    them the communes of the study, their EPCI, and their departments. `year` is one of the
    file; without it, the last of each area. `names` are what to call areas.
    """

    services: tuple[str, ...] = Field(min_length=1)
    areas: tuple[str, ...] = ()
    names: dict[str, str] = {}
    year: str | None = None
    wider_area: bool = True


class PublishedRate(Parameter):
    """A coverage rate published for an area that no table gives (France), with its source."""

    services: tuple[str, ...] = Field(min_length=1)
    area: str = Field(min_length=1)
    year: str = Field(min_length=1)
    per_100: float = Field(ge=0)
    source: str = Field(min_length=1)
