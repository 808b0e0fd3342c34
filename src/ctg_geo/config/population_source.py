"""The source of people by commune, the figures made of it and the totals it is held against."""

from collections.abc import Mapping
from typing import Any, Literal, Self

from pydantic import Field, model_validator

from ctg_geo import contracts
from ctg_geo.config.people_source import (
    Ages,
    PopulationFormat,
    Spread,
    with_standard_figures,
)
from ctg_geo.config.table_source import TableSource
from ctg_geo.parameters.parameter import Parameter, refusal

__all__ = ["Control", "PopulationSource", "ValueColumn"]

Status = Literal["observed", "estimated"]


class ValueColumn(Parameter):
    """A figure made from a column: `factor` × column, with what it is worth.

    `status_column` names a column that says the status of each row (observed, estimated,
    not_available, secret); without it every given value has `status`. `ages` (`0-2`, `65+`)
    says whose number it is, to spread it over the people of these ages. `secrecy` names the
    rule of the figure where it is not its table's ("none" for none); `units` the figure that
    the threshold is about where it is not this one (households behind an income).
    """

    column: str = Field(min_length=1)
    factor: float = Field(default=1.0, gt=0, le=1_000_000)
    status: Status = "observed"
    status_column: str | None = None
    label: str = ""
    method: str = ""
    ages: Ages | None = None
    secrecy: str | None = None
    units: str | None = None


class Control(Parameter):
    """A published total the sum over the study is held against; never used to adjust it.

    The bases may differ (`base` says which this is): the comparison is shown, and a
    difference beyond `tolerance` is a warning.
    """

    column: str = Field(min_length=1)
    total: float = Field(gt=0)
    base: str = Field(min_length=1)
    tolerance: float = Field(default=0.1, gt=0, le=1)


class PopulationSource(TableSource):
    """People by commune; `values` are the columns that services may name as demand.

    In a `format` of the census a column is `population`, an age band (`0-2`, `65+`) made from
    the published ones, or a published column with or without its year (`POP0014`); without
    `values`, the age bands of the convention. `period` chooses the date of a Caf table that
    holds several. `spread` places the people of each commune inside it. `secrecy` names the rule
    of statistical secrecy that its figures are under; under a rule, be it of one figure, a cell
    of the table with a sign of `missing` (`nd`) is secret too, for it may hide a small count;
    so is an empty one, unless `blank` says that it is "not_available".
    """

    format: PopulationFormat = "plain"
    code_insee: str = "code_insee"
    values: dict[str, ValueColumn] = Field(min_length=1)
    controls: tuple[Control, ...] = ()
    period: str | None = None
    spread: Spread | None = None
    secrecy: str | None = None
    blank: Literal["secret", "not_available"] | None = None

    @model_validator(mode="before")
    @classmethod
    def _standard(cls, content: Any) -> Any:  # noqa: ANN401
        return with_standard_figures(content)

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        for control in self.controls:
            if control.column not in self.values:
                known = ", ".join(sorted(self.values))
                raise refusal("control", column=control.column, known=known)
        for value in self.values.values():
            if value.units is not None and value.units not in self.values:
                known = ", ".join(sorted(self.values))
                raise refusal("secrecy_figure", column=value.units, known=known)
        return self

    @property
    def signs(self) -> Mapping[str, str]:
        """The status that each sign gives; under a rule of secrecy, nd too is secret."""
        if self.ruled:
            return contracts.meanings((*self.masked, *self.missing), (), self.no_object)
        return super().signs

    @property
    def blank_status(self) -> str:
        """The status of an empty cell: what `blank` says; else secret under a rule of secrecy."""
        return self.blank or (contracts.SECRET if self.ruled else contracts.NOT_AVAILABLE)

    @property
    def ruled(self) -> bool:
        """Tell whether the table, or a figure of it, is under a rule of secrecy."""
        rules = (self.secrecy, *(value.secrecy for value in self.values.values()))
        return any(rule not in (None, "none") for rule in rules)
