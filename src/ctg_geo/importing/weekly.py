"""Hours open in a week: stated, else read from one column, else from one column a day."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

import numpy as np

from ctg_geo.importing.mapping import DAYS, ValueRules
from ctg_geo.importing.rows import Rows
from ctg_geo.importing.values import amount, status_of_mask

if TYPE_CHECKING:
    from ctg_geo.sources.hours import Hours

__all__ = ["WeeklyHours", "hours_of"]

_WEEK_H: Final = 168.0
_UNITS: Final = ("", "heures")


@dataclass(frozen=True, slots=True, eq=False)
class WeeklyHours:
    """By row: hours per week (NaN where unknown), their status, and those that are not sure."""

    per_week: list[float]
    status: list[str]
    unclear: Mapping[int, tuple[str, str]]  # by row: what is written, and why it is unknown


def hours_of(rows: Rows, rules: ValueRules) -> WeeklyHours:
    """Return the hours of each row; the first column that says them is believed.

    Hours that are written but not understood, or in two ways, are unknown, and told; the row is
    kept.
    """
    from ctg_geo.sources.hours import unknown, weekly_hours  # noqa: PLC0415  (heavy)

    weekly = cache(weekly_hours)
    by_day = {number: rows.text(day) for number, day in enumerate(DAYS) if rows.has(day)}
    hours, statuses, unclear = list[float](), list[str](), dict[int, tuple[str, str]]()
    for at, (stated, text) in enumerate(
        zip(rows.text("hours_per_week"), rows.text("hours"), strict=True)
    ):
        days = {number: column[at] for number, column in by_day.items()}
        written, found = _read(stated, text, days, rules, weekly)
        if found.hours_per_week is not None and not 0 <= found.hours_per_week <= _WEEK_H:
            found = unknown("too_many", written)
        if found.hours_per_week is None and found.said != "empty":
            unclear[at] = (" ".join(written.split())[:200], found.explain())
        hours.append(np.nan if found.hours_per_week is None else found.hours_per_week)
        statuses.append(found.status)
    return WeeklyHours(hours, statuses, unclear)


def _read(
    stated: str,
    text: str,
    days: Mapping[int, str],
    rules: ValueRules,
    weekly: "Callable[[str], Hours]",
) -> "tuple[str, Hours]":
    """Return what is written of the hours of one row, and what it means."""
    from ctg_geo.sources.hours import hours_of_days, unknown  # noqa: PLC0415  (heavy)

    found = _stated(stated, rules)
    if found is not None:
        return stated, found
    if status_of_mask(text, rules) is None:
        return text, weekly(text)
    cells = {day: "" if status_of_mask(cell, rules) else cell for day, cell in days.items()}
    if any(cells.values()):
        return " ; ".join(filter(None, cells.values())), hours_of_days(cells)
    masked = status_of_mask(stated, rules) is not None
    return ("", unknown("empty")) if masked else (stated, unknown("not_hours", stated))


def _stated(stated: str, rules: ValueRules) -> "Hours | None":
    """Read a cell under a title of weekly hours: a number, or a length of time."""
    from ctg_geo.sources.hours import (  # noqa: PLC0415  (heavy)
        Hours,
        duration_h,
        observed,
        weekly_duration,
    )

    given, length = amount(stated, rules), duration_h(stated)
    if np.isfinite(given.value) and given.unit in _UNITS:
        return Hours(given.value, given.status)
    return observed(length * 60) if length is not None else weekly_duration(stated)
