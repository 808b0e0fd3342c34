"""What an import gives: places, rows to mend, likely duplicates, and an account of every row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import pandas as pd

from ctg_geo import labels
from ctg_geo.importing.guessing import Guess
from ctg_geo.importing.mapping import ImportMapping
from ctg_geo.provenance import Ledger
from ctg_geo.quality import Finding

__all__ = ["Imported", "Problem", "Refused", "Twins", "Unclear"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in one cell: why, and how to mend it (`import.why`, `import.mend`)."""

    reason: str
    column: str = ""
    value: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)

    def why(self) -> str:
        """Say what is wrong, in French."""
        return labels.text(f"import.why.{self.reason}", "fr", **self._facts)

    def mend(self) -> str:
        """Say what to do about it, in French."""
        return labels.text(f"import.mend.{self.reason}", "fr", **self._facts)

    @property
    def _facts(self) -> dict[str, object]:
        said = " ".join(self.value.split())
        shown = said if len(said) <= 80 else said[:79] + "…"  # noqa: PLR2004
        return {"value": shown, **self.facts}


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that cannot be used, with all that is wrong in it and its cells as they came."""

    file: str
    sheet: str
    row: int
    problems: tuple[Problem, ...]
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unclear:
    """Hours or a capacity that are written, but whose meaning is not sure: they are unknown."""

    place: str  # its identifier
    row: int
    value: str
    why: str  # in French
    what: Literal["hours", "capacity"] = "hours"


@dataclass(frozen=True, slots=True)
class Twins:
    """Two places that may be one: by their identifiers; both are kept."""

    first: str
    second: str
    reason: str  # same_name, same_place
    metres: float  # NaN where a position is not known


@dataclass(frozen=True, slots=True, eq=False)
class Imported:
    """An import, every row of the sheet accounted for by `ledger`."""

    file: str
    sheet: str
    table: pd.DataFrame  # by equipement_id: contract `equipements`, and lon, lat, address...
    refused: tuple[Refused, ...]
    twins: tuple[Twins, ...]
    titles: tuple[str, ...]  # of the columns of the sheet, as `Refused.cells`
    guesses: tuple[Guess, ...]
    mapping: ImportMapping
    ledger: Ledger
    findings: Sequence[Finding]
    unclear: tuple[Unclear, ...] = ()
