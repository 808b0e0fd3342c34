"""What the data are worth: findings that follow a result to its reader."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

import pandas as pd

from ctg_geo import labels

__all__ = ["SEVERITIES", "Finding", "Severity", "by_severity", "counts", "to_frame"]

Severity = Literal["warning", "info"]
SEVERITIES: tuple[Severity, ...] = ("warning", "info")


@dataclass(frozen=True, slots=True)
class Finding:
    """One remark on the data or on the result.

    `key` names its text in the labels (`findings.<key>`); `table` is the table it is
    about and `identifier` the row (a code, an id), empty when it is about the whole.
    """

    severity: Severity
    key: str
    table: str
    identifier: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)

    def explain(self, lang: labels.Lang = "fr") -> str:
        """Say it in words, with what to do about it."""
        facts = {"identifier": self.identifier, "named": 1, **self.facts}
        return labels.text(f"findings.{self.key}", lang, **facts)

    def to_write(self) -> str:
        """Return what to write in the study's file, word for word; "" where nothing is."""
        key = f"findings_to_write.{self.key}"
        return labels.text(key, "fr", **self.facts) if labels.has(key) else ""

    def naming(self, services: Mapping[str, str]) -> "Finding":
        """Name the service it is about as people do; `services` are their names by key."""
        named = services.get(str(self.facts.get("service")))
        return self if named is None else replace(self, facts={**self.facts, "service": named})


def to_frame(findings: Iterable[Finding], names: Mapping[str, str]) -> pd.DataFrame:
    """Return one row per finding: severity, key, table, identifier, its name, message (French).

    The last column holds what to write in the study's file, where that is what mends it.

    `names` gives the name of communes and places by identifier.
    """
    rows = [
        (
            labels.text(f"severity.{finding.severity}"),
            finding.key,
            finding.table,
            finding.identifier,
            names.get(finding.identifier, ""),
            finding.explain(),
            finding.to_write(),
        )
        for finding in findings
    ]
    columns = ["severity", "key", "table", "identifier", "nom", "message", "to_write"]
    return pd.DataFrame(rows, columns=columns)


def by_severity(findings: Iterable[Finding]) -> list[Finding]:
    """Return findings, warnings first; those alike stay in the order they came."""
    return sorted(findings, key=lambda each: SEVERITIES.index(each.severity))


def counts(findings: Iterable[Finding]) -> dict[Severity, int]:
    """Count findings by severity."""
    tally = Counter(finding.severity for finding in findings)
    return {severity: tally.get(severity, 0) for severity in SEVERITIES}
