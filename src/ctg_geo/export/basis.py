"""What an output rests on, told on each of its files: what is estimated, and whose data it is."""

from collections.abc import Sequence
from dataclasses import dataclass

from ctg_geo import labels

__all__ = ["Basis"]


@dataclass(frozen=True, slots=True)
class Basis:
    """Why figures are estimates, and the providers of what they are made of.

    `estimated` are keys of the labels, as `Diagnosis.estimated`; `sources` are providers with
    the vintage of what they gave.
    """

    estimated: Sequence[str]
    sources: Sequence[str]

    @property
    def reasons(self) -> list[str]:
        """What is estimated, in words."""
        return [labels.text(f"estimated.{key}") for key in self.estimated]

    @property
    def band(self) -> str:
        """The caveat of a map or a chart; nothing where all is observed."""
        told = ", ".join(self.reasons)
        return labels.text("map.estimated", reasons=told) if told else ""

    @property
    def loud(self) -> str:
        """What stands in large type above the caveat: times of roads that are generated."""
        return labels.text("map.schematic") if "schematic" in self.estimated else ""

    @property
    def foot(self) -> str:
        """The line of sources."""
        return labels.text("map.sources", sources=" ; ".join(self.sources))

    @property
    def sentences(self) -> list[str]:
        """What a summary says of it."""
        told = ", ".join(self.reasons)
        worth = labels.text("summary.estimates", reasons=told)
        return [worth if told else labels.text("summary.observed"), self.foot]

    @property
    def cell(self) -> str:
        """What a column of a table says in each row."""
        return "; ".join(self.reasons)
