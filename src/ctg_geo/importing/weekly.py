"""Hours open in a week: stated, else read from one column, else from one column a day."""

from functools import cache
from typing import Final

import numpy as np

from ctg_geo import contracts
from ctg_geo.importing.mapping import DAYS, ValueRules
from ctg_geo.importing.rows import Rows
from ctg_geo.importing.values import amount, status_of_mask
from ctg_geo.quality import Finding

__all__ = ["hours_of"]

_WEEK_H: Final = 168.0


def hours_of(
    rows: Rows, rules: ValueRules, findings: list[Finding]
) -> tuple[list[float], list[str]]:
    """Return hours per week of each row (NaN where unknown) and their status.

    Hours that are written but not understood are unknown, and told; the row is kept.
    """
    from ctg_geo.sources.hours import hours_of_days, weekly_hours  # noqa: PLC0415  (heavy)

    weekly = cache(weekly_hours)
    days = [number for number, day in enumerate(DAYS) if rows.has(day)]
    by_day = list(zip(*(rows.text(DAYS[number]) for number in days), strict=True))
    hours, statuses, lost = list[float](), list[str](), list[str]()
    for at, (stated, text) in enumerate(
        zip(rows.text("hours_per_week"), rows.text("hours"), strict=True)
    ):
        given = amount(stated, rules)
        value, status = given.value, given.status
        written = stated if given.problem else ""
        if np.isnan(value) and status_of_mask(text, rules) is None:
            found, written = weekly(text), text
            value, status = _number(found.hours_per_week), found.status
        elif np.isnan(value) and days and any(by_day[at]):
            cells = ["" if status_of_mask(cell, rules) else cell for cell in by_day[at]]
            found, written = hours_of_days(dict(zip(days, cells, strict=True))), "".join(cells)
            value, status = _number(found.hours_per_week), found.status
        if not 0 <= value <= _WEEK_H:
            lost += [str(rows.number(at))] if written or np.isfinite(value) else []
            value, status = np.nan, contracts.NOT_AVAILABLE
        hours.append(float(value))
        statuses.append(status)
    if lost:
        facts: dict[str, object] = {"count": len(lost), "rows": lost}
        findings.append(Finding("warning", "import_hours_lost", rows.file, facts=facts))
    return hours, statuses


def _number(hours: float | None) -> float:
    return np.nan if hours is None else hours
