"""Where people are: spreading over cells, and the official tables about them."""

from typing import Annotated, Any, Final, Literal, Self

from pydantic import AfterValidator, model_validator

from ctg_geo import contracts, labels
from ctg_geo.config.context_source import (
    IndicatorKind,
    IndicatorValue,
    standard_kind,
    standard_weight,
)
from ctg_geo.config.kinds import ColumnName
from ctg_geo.config.table_source import FileSource, TableSource
from ctg_geo.contracts.ages import LAST_AGE
from ctg_geo.parameters.parameter import Parameter, refusal

__all__ = [
    "STANDARD_FIGURES",
    "Ages",
    "CellsSource",
    "IndicatorSource",
    "IrisSource",
    "PopulationFormat",
    "Spread",
    "spread_needs",
    "with_standard_figures",
]


def _band(value: str) -> str:
    if contracts.band(value) is None:
        raise refusal("ages")
    return value


Ages = Annotated[str, AfterValidator(_band)]
PopulationFormat = Literal["plain", "base_ic", "commune_ages", "caf_communes"]

# The age bands of the convention, made from the bands that the census publishes.
STANDARD_FIGURES: Final[dict[str, str]] = {
    "population": "population",
    "children_0_2": "0-2",
    "children_3_5": "3-5",
    "children_6_11": "6-11",
    "young_12_17": "12-17",
    "young_12_25": "12-25",
}
_OF_THE_CENSUS: Final = ("base_ic", "commune_ages")


def with_standard_figures(content: Any) -> Any:  # noqa: ANN401
    """Give a source of the census the figures of the convention where it names none.

    An age band, or the whole population, without a `label` is given one.
    """
    if not isinstance(content, dict) or content.get("format") not in _OF_THE_CENSUS:
        return content
    figures: Any = {name: {"column": column} for name, column in STANDARD_FIGURES.items()}
    figures = content.get("values", figures)
    if isinstance(figures, dict):
        figures = {name: _labelled(value) for name, value in figures.items()}
    return {**content, "values": figures}


def _labelled(value: Any) -> Any:  # noqa: ANN401
    if not isinstance(value, dict) or value.get("label"):
        return value
    column = str(value.get("column"))
    ages = contracts.band(column)
    if ages is not None:
        key = "older" if ages.high == LAST_AGE else "ages"
        return {**value, "label": labels.text(f"figures.{key}", low=ages.low, high=ages.high)}
    return {**value, "label": labels.text("figures.everyone")} if column == "population" else value


class Spread(Parameter):
    """How the people of each commune are placed inside it.

    `over` the cells of `sources.cells` (a grid or a raster), the centres of the IRIS of
    `sources.iris`, or the streets of the roads. With `whole`, people are whole numbers.
    `straddling` says whose is a cell on the border of communes: each by its area, or the
    communes that the grid lists for it. `streets` are the classes of road where people live.
    """

    over: Literal["cells", "iris", "streets"]
    whole: bool = False
    straddling: Literal["area", "listed"] = "area"
    streets: tuple[str, ...] = ("residential", "living_street")


class CellsSource(TableSource):
    """Cells with people in them: a Filosofi grid (200 m, 1 km), or a raster of population."""

    format: Literal["filosofi", "population_raster"]
    wider_area: bool = True


class IrisSource(TableSource):
    """Polygons of IRIS, each with its code and that of its commune.

    `columns` names them where the file does not, as the editions of Contours… IRIS do.
    """

    columns: dict[Literal["code_iris", "code_insee"], ColumnName] = {}
    wider_area: bool = True


SHARE: Final = "_share"  # ends the name of a rate of 0 to 1

# By format: the units behind its figures, its counts of a part of them, its other figures.
_FIGURES: Final[dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]]] = {
    "income": ("households", (), ("median_income", "poverty_share")),
    "families": ("families", ("single_parents",), ("single_parent_share",)),
    "employment": ("active", ("unemployed",), ("unemployment_share",)),
    "density": ("", (), ("density_class", "rural")),
}


class IndicatorSource(TableSource):
    """A table about the families of each commune.

    `columns` names a column of the file for each figure wanted; without it, the usual figures
    of the format. `period` chooses the year of a file that holds several. A table in no
    official format is `plain`: `values` says what its columns are, by name of the figure.
    `weights` names, for a rate, the figure or the column of the file that weighs it where
    communes have merged. `secrecy` names the rule that its figures are under, `units` the figure
    that the threshold is about (its own, or one of the population; known for income, families
    and employment), `counts` its figures that count a part of these units.
    """

    format: Literal["income", "families", "employment", "density", "fragility", "plain"]
    columns: dict[str, ColumnName] = {}
    values: dict[str, IndicatorValue] = {}
    weights: dict[str, ColumnName] = {}
    code_insee: str = "code_insee"
    period: str | None = None
    wider_area: bool = True
    secrecy: str | None = None
    units: str | None = None
    counts: tuple[str, ...] = ()

    @property
    def units_of(self) -> str:
        """The figure that a rule of secrecy looks at; "" where none is known."""
        return self.units or _FIGURES.get(self.format, ("", (), ()))[0]

    @property
    def counts_of(self) -> tuple[str, ...]:
        """Figures that count a part of the units."""
        return (*_FIGURES.get(self.format, ("", (), ()))[1], *self.counts)

    @property
    def figures(self) -> tuple[str, ...]:
        """Names of the figures that the table may give."""
        units, counts, others = _FIGURES.get(self.format, ("", (), ()))
        return tuple(
            dict.fromkeys([*filter(None, (units,)), *counts, *others, *self.columns, *self.values])
        )

    def is_part(self, name: str) -> bool:
        """Whether a figure counts a part of the units, or what may add up to them."""
        counted = name in self.counts_of or self.kind(name) == "count"
        return counted and name != self.units_of

    def share_of_units(self, name: str) -> float | None:
        """Return what a rate is where it is of all the units; None where it is no share of them."""
        if self.kind(name) != "rate":
            return None
        value = self.values.get(name)
        if value is not None and value.of is not None:
            return value.factor
        return 1.0 if name.endswith(SHARE) else None

    @model_validator(mode="after")
    def _under_a_rule(self) -> Self:
        if self.secrecy in (None, "none"):
            return self
        if not self.units_of:
            raise refusal("secrecy_units", format=self.format)
        units = self.values.get(self.units_of)
        for name, value in self.values.items():
            if value.of is not None and (units is None or value.of != units.column):
                raise refusal("secrecy_rate", name=name, of=value.of, units=self.units_of)
        return self

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        if self.format == "fragility" and not self.columns:
            raise refusal("columns_needed", names="…", section="columns")
        if self.format == "plain" and (not self.values or self.columns or self.weights):
            raise refusal("plain_values")
        if self.format != "plain" and self.values:
            raise refusal("values_plain", format=self.format)
        return self

    def kind(self, name: str) -> IndicatorKind:
        """Return what a figure is: how it is brought to communes that have merged."""
        value = self.values.get(name)
        return standard_kind(name) if value is None else value.nature

    def weighed_by(self, name: str) -> str | None:
        """Return the figure, or the column of the file, that weighs a rate; None if none does."""
        value = self.values.get(name)
        if value is not None:
            return value.weighed_by
        return self.weights.get(name, standard_weight(name))


def spread_needs(spread: Spread | None, cells: FileSource | None, iris: FileSource | None) -> None:
    """Refuse a spread over what the study does not name."""
    if spread is None:
        return
    if spread.over == "cells" and cells is None:
        raise refusal("spread_source", over=spread.over, section="sources.cells")
    if spread.over == "iris" and iris is None:
        raise refusal("spread_source", over=spread.over, section="sources.iris")
