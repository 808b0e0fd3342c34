"""Every failure a user can meet, in one tree.

::

    CtgGeoError
    ├── ConfigError(ValueError)           the study's TOML: file, key, value
    ├── MissingFileError(FileNotFoundError)
    ├── UnreadableFileError(ValueError)   empty, cut in half, not what its name says
    ├── MissingColumnError(KeyError)      file, columns asked for, columns found
    ├── MissingCrsError(ValueError)
    ├── DataError(ValueError)             cells: file, row, column, value, mend; all at once
    │   └── ScenarioError                 changes that a study cannot take; all at once
    ├── UnknownCodeError(KeyError)        a measure lacks an index it was asked for
    ├── NoRoadError(ValueError)           no road near the territory
    ├── TravelError(ValueError)           travel times asked for what cannot be
    ├── CalibrationError(ValueError)      observed times from which no speed can be learnt
    ├── UnknownServiceError(KeyError)
    ├── TourError(ValueError)             a tour that cannot run, or a plan that does not hold
    ├── SecrecyError(ValueError)          a secret that could be worked out from what is published
    ├── ComparisonError(ValueError)       two dates that cannot be compared, or no way ahead
    ├── SitingError(ValueError)           rules of a plan that cannot all be kept
    │   ├── FairSitingError               plans on access: the same, or an objective alike for all
    │   └── NoPlanError                   no plan keeps the rules: what would make one feasible
    ├── FetchError(OSError)               a download that did not come to its end
    ├── FleetError(RuntimeError)          no scheduler, no worker, or work that kills them
    ├── DatasetsError(OSError)            datasets that are not there, and how to put them by hand
    └── OutputError(OSError)              the result cannot be written

`str(error)` is English; `error.explain()` says the same facts in French.
Each keeps its facts as attributes of `facts`.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from ctg_geo import labels

__all__ = [
    "CalibrationError",
    "ComparisonError",
    "ConfigError",
    "CtgGeoError",
    "DataError",
    "DatasetsError",
    "Defect",
    "FairSitingError",
    "FetchError",
    "FleetError",
    "MissingColumnError",
    "MissingCrsError",
    "MissingDataset",
    "MissingFileError",
    "NoPlanError",
    "NoRoadError",
    "OutputError",
    "ScenarioError",
    "SecrecyError",
    "SitingError",
    "TourError",
    "TravelError",
    "UnknownCodeError",
    "UnknownServiceError",
    "UnreadableFileError",
]


class CtgGeoError(Exception):
    """Root of all errors a user can mend; bugs are `AssertionError`."""

    key: ClassVar[str] = "unexpected"

    def __init__(self, reason: str, /, **facts: object) -> None:
        super().__init__(reason)
        self.reason = reason
        self.facts = facts

    def __str__(self) -> str:
        return self.explain("en")

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (type(self), self.reason, self.facts)

    def explain(self, lang: labels.Lang = "fr") -> str:
        """Say what is wrong, where, and the mend."""
        return labels.text(f"errors.{self.key}.{self.reason}", lang, **self.facts)


def _rebuild(kind: type[CtgGeoError], reason: str, facts: dict[str, object]) -> CtgGeoError:
    return kind(reason, **facts)


class ConfigError(CtgGeoError, ValueError):
    """The configuration cannot be used. Facts: `file`, `where`, `value` and the expected."""

    key = "config"


class MissingFileError(CtgGeoError, FileNotFoundError):
    """A file named by the configuration does not exist."""

    key = "missing_file"


class UnreadableFileError(CtgGeoError, ValueError):
    """A file exists but cannot be read as what it should be."""

    key = "unreadable"


class MissingColumnError(CtgGeoError, KeyError):
    """A table lacks a column that the configuration names."""

    key = "missing_column"


class MissingCrsError(CtgGeoError, ValueError):
    """A layer does not say its coordinate reference system."""

    key = "missing_crs"


class UnknownCodeError(CtgGeoError, KeyError):
    """A table handed to a measure lacks codes that the measure needs."""

    key = "unknown_code"

    def __init__(self, reason: str = "lacks", /, **facts: object) -> None:
        super().__init__(reason, **facts)

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes that are missing."""
        found = self.facts["codes"]
        return tuple(found) if isinstance(found, list | tuple) else ()


class NoRoadError(CtgGeoError, ValueError):
    """The road file holds no road where the territory is."""

    key = "no_road"


class TravelError(CtgGeoError, ValueError):
    """Travel times were asked for something that cannot be."""

    key = "travel"


class CalibrationError(CtgGeoError, ValueError):
    """Speeds cannot be fitted to the observed times given."""

    key = "calibration"


class UnknownServiceError(CtgGeoError, KeyError):
    """A service is not declared."""

    key = "unknown_service"


class TourError(CtgGeoError, ValueError):
    """A tour names a place that is not there, cannot run, or no plan keeps its rules."""

    key = "tour"


class ComparisonError(CtgGeoError, ValueError):
    """Two dates cannot be compared, or a later one cannot be projected."""

    key = "comparison"


class SitingError(CtgGeoError, ValueError):
    """The rules of a plan of sites contradict each other, the candidates or the model."""

    key = "siting"


class FairSitingError(SitingError):
    """The same of plans made on access itself; or an objective that is alike for all of them."""

    key = "fair_siting"


class NoPlanError(SitingError):
    """No plan of sites keeps all rules. Fact `eased`: (rule, value needed, proven) by rule.

    Each rule is one that, loosened alone to its value, would make a plan feasible; a value NaN was
    not found in the time given.
    """

    key = "siting"

    def explain(self, lang: labels.Lang = "fr") -> str:
        """Say that there is none, and the least that would make one feasible."""
        eased = self.facts["eased"]
        assert isinstance(eased, tuple), "the rules that may be loosened"
        if not eased:
            return labels.text("errors.siting.no_plan_at_all", lang)
        if any(math.isnan(value) for _, value, _ in eased):
            return labels.text("errors.siting.no_plan_not_found", lang)
        said = [
            labels.text(f"siting.eased.{rule}", lang, value=value)
            + ("" if proven else labels.text("siting.eased.at_most", lang))
            for rule, value, proven in eased
        ]
        key = "no_plan_one" if len(said) == 1 else "no_plan"
        return labels.text(f"errors.siting.{key}", lang, changes=labels.text(
            "siting.eased.or", lang).join(said))  # fmt: skip


class FetchError(CtgGeoError, OSError):
    """A file could not be downloaded; nothing was written."""

    key = "fetch"


@dataclass(frozen=True, slots=True)
class MissingDataset:
    """A dataset that could not be fetched: why, and what to put where by hand."""

    key: str
    title: str
    page: str
    file: str  # its exact name
    folder: str
    why: FetchError

    def explain(self, lang: labels.Lang = "fr") -> str:
        """Say what is missing, why, and where a file downloaded by hand goes."""
        facts = {"key": self.key, "title": self.title, "page": self.page, "file": self.file,
                 "folder": self.folder, "why": self.why.explain(lang)}  # fmt: skip
        return labels.text("errors.datasets.one", lang, **facts)


class DatasetsError(CtgGeoError, OSError):
    """Datasets that a study names are not there; all are told at once, with those that are."""

    key = "datasets"

    def __init__(
        self, missing: Sequence[MissingDataset], there: Sequence[str], roads: Sequence[str] = ()
    ) -> None:
        super().__init__("head", count=len(missing))
        self.missing = tuple(missing)
        self.there = tuple(there)
        self.roads = tuple(roads)  # files of roads that are not there, fetched after the communes

    def __reduce__(self) -> tuple[object, ...]:
        return DatasetsError, (self.missing, self.there, self.roads)

    def explain(self, lang: labels.Lang = "fr") -> str:
        """List what is missing and how to put it by hand, then what is there."""
        lines = [labels.text("errors.datasets.head", lang, count=len(self.missing))]
        for each in self.missing:
            lines += each.explain(lang).split("\n")
        lines += [labels.text("errors.datasets.roads", lang, file=file) for file in self.roads]
        key = "there" if self.there else "none_there"
        lines.append(labels.text(f"errors.datasets.{key}", lang, files=", ".join(self.there)))
        return "\n".join(lines)


class SecrecyError(CtgGeoError, ValueError):
    """A protected figure could be worked out, or cannot be protected; nothing is published."""

    key = "secrecy"


class FleetError(CtgGeoError, RuntimeError):
    """Work on several processes that cannot go on; what was finished is kept."""

    key = "fleet"


class OutputError(CtgGeoError, OSError):
    """The outputs cannot be written."""

    key = "output"


@dataclass(frozen=True, slots=True)
class Defect:
    """One thing wrong at one place of one file; `row` counts as a spreadsheet does, header = 1."""

    file: str
    reason: str
    row: int | None = None
    column: str | None = None
    value: str | None = None
    facts: Mapping[str, object] = field(default_factory=dict)
    change: int | None = None  # of a scenario, from 1

    def explain(self, lang: labels.Lang = "fr") -> str:
        """Say where, what, and the mend, on one line."""
        where = [self.file]
        if self.change is not None:
            where.append(labels.text("errors.where.change", lang, change=str(self.change)))
        if self.row is not None:
            where.append(labels.text("errors.where.row", lang, row=str(self.row)))
        if self.column is not None:
            where.append(labels.text("errors.where.column", lang, column=self.column))
        said = labels.text(f"defects.{self.reason}", lang, value=self.value or "", **self.facts)
        colon = f"{labels.NBSP}: " if lang == "fr" else ": "
        return ", ".join(where) + colon + said


class DataError(CtgGeoError, ValueError):
    """One or more cells, rows or shapes of a file cannot be used; all are told at once."""

    key = "data"
    shown: ClassVar[int] = 12

    def __init__(self, defects: Sequence[Defect]) -> None:
        super().__init__("defects", count=len(defects))
        self.defects = tuple(defects)

    def __reduce__(self) -> tuple[object, ...]:
        return DataError, (self.defects,)

    def explain(self, lang: labels.Lang = "fr") -> str:
        """List the defects, the first ones whole and the number of the others."""
        lines = [defect.explain(lang) for defect in self.defects[: self.shown]]
        more = len(self.defects) - self.shown
        if more > 0:
            lines.append(labels.text("errors.data.more", lang, count=more))
        return "\n".join(lines)


class ScenarioError(DataError):
    """Changes of a scenario that its study cannot take; all are told at once."""

    def __reduce__(self) -> tuple[object, ...]:
        return ScenarioError, (self.defects,)
