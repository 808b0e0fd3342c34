"""A figure, or the reason why there is none."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ctg_geo import labels

__all__ = ["Measure", "Undefined", "reason_of", "value_of"]

_VOWELS = "aeiouéèê"  # before which French elides


@dataclass(frozen=True, slots=True)
class Undefined:
    """What stands in the place of a figure that does not exist, and why.

    `reason` is a key of the section `undefined` of the labels, `facts` what its text needs.

    Examples
    --------
    >>> print(Undefined("nobody"))
    not defined, because there is nobody
    """

    reason: str
    facts: Mapping[str, object] = field(default_factory=dict, hash=False)

    def __str__(self) -> str:
        return self.explain("en")

    def explain(self, lang: labels.Lang = "fr") -> str:
        """Say that there is no figure, and why."""
        why = labels.text(f"undefined.{self.reason}", lang, **self.facts)
        vowel = why[:1].lower() in _VOWELS and labels.has("undefined.said_vowel", lang)
        return labels.text(f"undefined.said{'_vowel' if vowel else ''}", lang, why=why)


Measure = float | Undefined


def value_of(measure: Measure) -> float:
    """Return the figure, NaN where there is none: for tables that tell the reason beside it.

    Parameters
    ----------
    measure : a figure, or why there is none
    """
    return float("nan") if isinstance(measure, Undefined) else measure


def reason_of(measure: Measure) -> str:
    """Return the key of the reason why there is no figure, or an empty text.

    Parameters
    ----------
    measure : a figure, or why there is none
    """
    return measure.reason if isinstance(measure, Undefined) else ""
