"""How communes, or the people in them, are grouped to be compared."""

from typing import Final, Literal, Self

from pydantic import Field, model_validator

from ctg_geo.parameters.parameter import Parameter, refusal

__all__ = ["OTHER", "QPV", "UNKNOWN", "Grouping"]

UNKNOWN: Final = "unknown"  # communes without the indicator, secret or not available
QPV: Final = "qpv"
OTHER: Final = "other"
_FEWEST: Final = 2


class Grouping(Parameter):
    """A split of the communes, or of the people.

    - `poles`: the nearer of some communes by travel time, or a list (`override`);
    - `indicator`: by the figure `indicator`: the listed `classes` of each group, or `bounds`
      (a value on a bound is above it), or as many `quantiles` of the territory's communes.
      A commune without the figure is in a group of its own;
    - `qpv`: the people who live in a QPV, and the others.

    `names` are what to call the groups: a key of `poles` or of `classes`; 1, 2, 3… from the
    lowest up with bounds or quantiles; qpv and other; unknown.
    """

    label: str = Field(min_length=1)
    kind: Literal["poles", "indicator", "qpv"] = "poles"
    poles: dict[str, str] = Field(default={}, min_length=_FEWEST)
    indicator: str | None = None
    classes: dict[str, tuple[float, ...]] = {}
    bounds: tuple[float, ...] = ()
    quantiles: int | None = Field(default=None, ge=2, le=10)
    names: dict[str, str] = {}
    override: dict[str, str] = {}
    profile: str = "car"

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        self._check_kind()
        for code, group in self.override.items():
            if group not in self.poles:
                raise refusal("override", code=code, group=group)
        known = (*self.groups, *((UNKNOWN,) if self.kind != "poles" else ()))
        for group in self.names:
            if group not in known:
                raise refusal("names", group=group, known=", ".join(known))
        return self

    def _check_kind(self) -> None:
        if self.kind == "poles" and not self.poles:
            raise refusal("grouping_poles")
        ways = [bool(self.classes), bool(self.bounds), self.quantiles is not None]
        if self.kind == "indicator" and (self.indicator is None or sum(ways) != 1):
            raise refusal("grouping_indicator")
        if self.kind != "poles" and self.poles:
            raise refusal("grouping_no_poles", kind=self.kind)
        if self.kind != "indicator" and (self.indicator is not None or any(ways)):
            raise refusal("grouping_no_indicator", kind=self.kind)
        if list(self.bounds) != sorted(set(self.bounds)):
            raise refusal("grouping_bounds")
        listed = [value for each in self.classes.values() for value in each]
        if len(listed) != len(set(listed)) or UNKNOWN in self.classes:
            raise refusal("grouping_values")

    @property
    def groups(self) -> tuple[str, ...]:
        """The keys of the groups, those of the unknown apart."""
        if self.kind == "poles":
            return tuple(self.poles)
        if self.kind == "qpv":
            return (QPV, OTHER)
        count = self.quantiles or len(self.bounds) + 1
        return tuple(self.classes) or tuple(str(number) for number in range(1, count + 1))
