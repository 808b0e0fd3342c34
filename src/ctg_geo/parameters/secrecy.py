"""Rules of statistical secrecy: what is hidden at once, and how well it must stay hidden."""

from typing import Final, Literal, Self

from pydantic import Field, model_validator

from ctg_geo.parameters.parameter import Parameter, refusal

__all__ = ["RULES", "CellCost", "SecrecyRule"]

CellCost = Literal["cells", "value"]


class SecrecyRule(Parameter):
    """One rule of primary secrecy, and the protection it asks for.

    A count of 1 to `threshold` - 1 is secret; 0 too with `zero_secret`. A value to which the
    `dominant_units` largest contributors bring more than `dominant_share` is secret as well.
    `rounding` is the base that published counts are rounded to: such a count tells an
    interval, never a number. `protection` is the share of what the rule leaves open (1 to
    `threshold` - 1) that must stay open; `value_protection` the share of a dominated value
    that must stay open on each side.
    """

    label: str = Field(min_length=1)
    threshold: int = Field(ge=3, le=1000)
    zero_secret: bool = False
    dominant_units: int | None = Field(default=None, ge=1, le=10)
    dominant_share: float | None = Field(default=None, gt=0, lt=1)
    rounding: int | None = Field(default=None, ge=2, le=100)
    protection: float = Field(default=1.0, gt=0, le=1)
    value_protection: float = Field(default=0.15, gt=0, le=1)
    source: str = Field(min_length=1)

    @property
    def lowest(self) -> int:
        """The least count that a hidden one may stand for."""
        return 0 if self.zero_secret else 1

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        if (self.dominant_units is None) != (self.dominant_share is None):
            raise refusal("dominance")
        return self


RULES: Final[dict[str, SecrecyRule]] = {
    "caf": SecrecyRule(
        label="Caf : moins de 5",
        threshold=5,
        source="Cnaf, données ouvertes : effectifs de moins de 5 non diffusés",
    ),
    "caf_open": SecrecyRule(
        label="Caf, données ouvertes : moins de 5, arrondi à 5",
        threshold=5,
        rounding=5,
        source="Cnaf, données ouvertes : effectifs de moins de 5 non diffusés, arrondis à 5",
    ),
    "fiscal": SecrecyRule(
        label="Sources fiscales et sociales : moins de 11 ménages, ou plus de 85 % d'une valeur",
        threshold=11,
        dominant_units=1,
        dominant_share=0.85,
        source="Insee, Filosofi : au moins 11 ménages, aucun au-delà de 85 % d'une valeur",
    ),
    "enterprises": SecrecyRule(
        label="Entreprises : moins de 3 unités, ou plus de 85 % d'une valeur",
        threshold=3,
        dominant_units=1,
        dominant_share=0.85,
        source="Insee, guide du secret statistique : au moins 3 unités, aucune au-delà de 85 %",
    ),
}
"""The usual rules by name; a study may change them or add its own under `[secrecy.rules]`."""
