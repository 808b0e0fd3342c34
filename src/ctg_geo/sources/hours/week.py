"""Rules of opening laid on a calendar: minutes open in a mean week, overlaps counted once."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

__all__ = ["EVERY_DAY", "LAST", "WORKING_DAYS", "Rule", "weekly_minutes"]

EVERY_DAY = frozenset(range(7))  # Monday is 0
WORKING_DAYS = frozenset(range(5))
LAST = -1  # the last such day of a month

_DAY_MIN = 1440
_FIRST = np.datetime64("2001-01-01")  # a Monday
_WEEKS = 2922  # 56 years: the calendar comes back to the same days, and weeks alternate evenly

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Rule:
    """Times of some days; in some weeks or months only, if it says so."""

    days: frozenset[int]
    spans: tuple[tuple[int, int], ...]  # minutes of the day; past 1440 is the day after
    nths: frozenset[int] = frozenset()  # 1 to 5, or LAST, of the month; empty: every one
    parity: int | None = None  # 0 or 1: every second week
    months: frozenset[int] = frozenset()  # 1 to 12; empty: all

    @property
    def plain(self) -> bool:
        """Tell whether every week is the same."""
        return not self.nths and self.parity is None and not self.months


class _Days(NamedTuple):
    weekday: Ints
    week: Ints
    month: Ints
    nth: Ints
    last: npt.NDArray[np.bool_]


def weekly_minutes(rules: Iterable[Rule], closed: Iterable[Rule] = ()) -> float:
    """Return the minutes open in a mean week.

    Parameters
    ----------
    rules : when it is open; what two rules share counts once
    closed : when it is not, whatever the rules say

    Returns
    -------
    minutes per week, exact for a week like all others, else the mean over 56 years
    """
    opened, shut = list(rules), list(closed)
    weeks = 1 if all(rule.plain for rule in (*opened, *shut)) else _WEEKS
    shut_minutes = _covered(shut, weeks)
    return (_covered([*opened, *shut], weeks) - shut_minutes) / weeks


def _covered(rules: list[Rule], weeks: int) -> int:
    """Count the minutes that some rule covers in so many weeks, the last joined to the first."""
    end_of_time = weeks * 7 * _DAY_MIN
    pieces = [np.empty((0, 2), np.int64)]
    for rule in rules:
        start_of_day = np.flatnonzero(_days_of(rule, weeks)) * _DAY_MIN
        for start, end in rule.spans:
            pieces.append(np.column_stack([start_of_day + start, start_of_day + end]))
    spans = np.concatenate(pieces)
    over = spans[spans[:, 1] > end_of_time] - end_of_time
    spans = np.concatenate([np.minimum(spans, end_of_time), np.maximum(over, 0)])
    spans = spans[np.argsort(spans[:, 0], kind="stable")]
    reached = np.maximum.accumulate(np.concatenate([[0], spans[:, 1]]))[:-1]
    return int(np.maximum(spans[:, 1] - np.maximum(spans[:, 0], reached), 0).sum())


def _days_of(rule: Rule, weeks: int) -> npt.NDArray[np.bool_]:
    days = _calendar(weeks)
    found = np.isin(days.weekday, list(rule.days))
    if rule.parity is not None:
        found &= days.week % 2 == rule.parity
    if rule.months:
        found &= np.isin(days.month, list(rule.months))
    if rule.nths:
        found &= np.isin(days.nth, list(rule.nths)) | (days.last & (LAST in rule.nths))
    return np.asarray(found)


@cache
def _calendar(weeks: int) -> _Days:
    number = np.arange(weeks * 7, dtype=np.int64)
    dates = _FIRST + number
    months = dates.astype("datetime64[M]")
    day = (dates - months.astype("datetime64[D]")).astype(np.int64)
    next_month = (dates + 7).astype("datetime64[M]") != months
    month = months.astype(np.int64) % 12 + 1
    return _Days(number % 7, number // 7, month, day // 7 + 1, next_month)
