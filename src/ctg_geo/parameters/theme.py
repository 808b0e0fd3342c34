"""A theme of the convention: whom it maps, in which classes, and its services."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from ctg_geo.parameters.parameter import Parameter, refusal

__all__ = ["KnownCount", "Theme"]


class Theme(Parameter):
    """One theme, as `config/services.toml` declares it.

    `demand` is the figure that its map shows by commune, for people of `ages`. `classes` are
    the lower bounds that the convention prints, the lowest first; a value on a bound belongs
    to the class above it, and the last class is open. Where they are not known, `no_classes`
    says why, and the figure is told without classes. A theme without services is context.
    """

    label: str = Field(min_length=1)
    demand: str | None = None
    people_label: str = ""
    ages: str = ""
    classes: tuple[Annotated[float, Field(ge=0)], ...] = ()
    no_classes: str = ""
    source: str = Field(min_length=1)
    services: tuple[str, ...] = ()
    file_needed: str = ""
    note: str = ""

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        if list(self.classes) != sorted(set(self.classes)):
            raise refusal("theme_classes")
        if bool(self.classes) == bool(self.no_classes):
            raise refusal("classes_or_reason")
        if self.demand is not None and not self.people_label:
            raise refusal("theme_people")
        return self


class KnownCount(Parameter):
    """How many places of a service are known to exist, located or not."""

    count: int = Field(ge=0)
    detail: str = ""
    source: str = Field(min_length=1)
