"""Which sources may be compared from one date to another, as their producers say."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Literal, Self

from pydantic import Field, model_validator

from ctg_geo.parameters.parameter import Parameter
from ctg_geo.words import fold

__all__ = ["Comparability", "ComparisonRule", "Family", "comparability"]


class Family(Parameter):
    """Sources that are one producer's and one kind, and how they are recognised.

    `formats` of a source, beginnings of the key of its dataset, `words` of its provider.
    """

    label: str = Field(min_length=1)
    formats: tuple[str, ...] = ()
    datasets: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


class ComparisonRule(Parameter):
    """What is said of two vintages of a family, or of two families set side by side."""

    families: tuple[str, ...] = Field(min_length=1, max_length=2)
    verdict: Literal["refused", "caution"]
    reason: str = Field(min_length=1)
    source: str = Field(min_length=1)


class Comparability(Parameter):
    """The families known and the rules about them."""

    families: dict[str, Family]
    rules: tuple[ComparisonRule, ...]

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        named = {each for rule in self.rules for each in rule.families}
        assert named <= set(self.families), f"rules on unknown families: {named}"
        return self

    def family(self, kind: str | None, dataset: str | None, provider: str) -> str:
        """Return the family of a source; that of its provider's own name where none is known."""
        for name, each in self.families.items():
            if kind is not None and kind in each.formats:
                return name
        for name, each in self.families.items():
            if dataset is not None and dataset.startswith(each.datasets):
                return name
        said = f" {fold(provider)} "
        for name, each in self.families.items():
            if any(f" {word} " in said for word in each.words):
                return name
        return fold(provider)

    def label(self, family: str) -> str:
        """Return what to call a family."""
        return self.families[family].label if family in self.families else family

    def rule(self, first: str, second: str) -> ComparisonRule | None:
        """Return the rule about two families (or two vintages of one), in any order."""
        wanted = {first, second}
        return next((each for each in self.rules if set(each.families) == wanted), None)


@cache
def comparability() -> Comparability:
    """Return the table that comes with the package (`config/comparability.toml`)."""
    content = files(__package__).joinpath("comparability.toml").read_text(encoding="utf-8")
    return Comparability.model_validate(tomllib.loads(content))
