"""What a command has done, as plain data that machines read."""

import json
import math
from collections.abc import Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING

from ctg_geo.quality import Finding

if TYPE_CHECKING:
    from ctg_geo.provenance import Ledger
    from ctg_geo.study import (
        CalibrationReport,
        ComparisonReport,
        Report,
        RoadReport,
        SitesReport,
        Study,
        ThemesReport,
    )

__all__ = [
    "accounted",
    "calibrated",
    "checked",
    "compared",
    "found",
    "reported",
    "sited",
    "themes_told",
]


def themes_told(report: "ThemesReport") -> dict[str, object]:
    """Summarise a run over all themes for machines."""
    return {
        "study": report.study,
        "folder": report.folder.as_posix(),
        "files": list(report.files),
        "themes": {
            theme.key: {each.key: each.state for each in theme.services} for theme in report.themes
        },
        "diagnoses": [reported(each) for each in report.reports],
    }


def accounted(report: "RoadReport") -> dict[str, object]:
    """Summarise the account of a road file for machines."""
    account = report.account
    return {
        "study": report.study,
        "mode": report.mode,
        "schematic": report.schematic,
        "rows": _counts(account.ledger),
        "modes": {mode: asdict(each) for mode, each in account.modes.items()},
        "restrictions": _counts(account.restrictions),
        "file": report.out.as_posix(),
        "findings": found(report.findings),
    }


def calibrated(report: "CalibrationReport") -> dict[str, object]:
    """Summarise a calibration for machines."""
    made = report.calibration
    return {
        "profile": report.profile,
        "name": report.name,
        "folder": report.folder.as_posix(),
        "files": list(report.files),
        "improves": made.improves,
        "gain": made.gain if math.isfinite(made.gain) else None,
        "speeds": json.loads(made.speeds.to_json(orient="records")),
        "errors": json.loads(made.errors.to_json(orient="records")),
        "findings": found(report.findings),
    }


def checked(study: "Study") -> dict[str, object]:
    """Summarise a check for machines."""
    territory = study.territory
    return {
        "study": territory.name,
        "communes": len(territory.inside),
        "around": len(territory.communes) - len(territory.inside),
        "places": len(territory.equipements),
        "rows": [
            {"table": each.table, "read": each.read, "used": each.used,
             "set_aside": dict(each.set_aside)}
            for each in study.ledgers
        ],
        "findings": found([*study.findings, *study.checks]),
    }  # fmt: skip


def compared(report: "ComparisonReport") -> dict[str, object]:
    """Summarise a comparison of scenarios for machines."""
    made = report.comparison
    criteria = {
        str(key): {str(name): float(each) if math.isfinite(each) else None
                   for name, each in row.items()}
        for key, row in made.criteria.iterrows()
    }  # fmt: skip
    return {
        "service": made.key,
        "folder": report.folder.as_posix(),
        "files": list(report.files),
        "summary": list(report.summary),
        "criteria": criteria,
        "better": dict(made.better),
        "dominated": {key: list(by) for key, by in made.dominated.items()},
        "changes_nothing": [e.variant.key for e in made.outcomes if e.changes_nothing],
        "findings": found(report.findings),
    }


def sited(report: "SitesReport") -> dict[str, object]:
    """Summarise a plan of sites for machines; figures that may not be told are null."""
    told = report.made.told
    return {
        "service": told.key,
        "folder": report.folder.as_posix(),
        "files": list(report.files),
        "summary": list(report.summary),
        "sites": [
            {"candidate": each.key, "nom": each.nom, "size": _finite(each.size),
             "instead": list(each.other.instead),
             "price": _finite(each.other.price) if told.counts else None}
            for each in told.sites
        ],
        "closed": list(told.closed),
        "resized": [list(each) for each in told.resized],
        "stages": [
            {"objective": each.objective, "quality": each.quality,
             "before": _finite(each.before) if told.counts else None,
             "after": _finite(each.after) if told.counts else None}
            for each in told.stages
        ],
        "cost": _finite(told.cost),
        "remarks": list(told.remarks),
        "findings": found(report.findings),
    }  # fmt: skip


def reported(report: "Report") -> dict[str, object]:
    """Summarise a diagnosis for machines."""
    return {
        "service": report.key,
        "folder": report.folder.as_posix(),
        "files": list(report.files),
        "groups": report.groups,
        "estimated": list(report.estimated),
        "findings": found(report.findings),
    }


def found(findings: Iterable[Finding]) -> list[dict[str, str]]:
    """List findings for machines, each with its message in words."""
    return [
        {"severity": each.severity, "key": each.key, "table": each.table,
         "identifier": each.identifier, "message": each.explain()}
        for each in findings
    ]  # fmt: skip


def _counts(read: "Ledger | None") -> dict[str, object] | None:
    """Return the figures of a ledger; None where nothing is read."""
    if read is None:
        return None
    return {
        "table": read.table, "read": read.read, "used": read.used,
        "set_aside": dict(read.set_aside),
    }  # fmt: skip


def _finite(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
