"""On which days services run: calendar.txt and calendar_dates.txt, and the usual day."""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from ctg_geo.parameters import WEEKDAYS, Weekday
from ctg_geo.sources.gtfs.rows import Rows

__all__ = ["Calendar", "Span", "read_calendar", "usual_day"]

Span = tuple[dt.date, dt.date]  # first and last day, both included

_ADDED, _REMOVED = "1", "2"
_FORMAT: Final = "%Y%m%d"
_DAY: Final = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True, eq=False)
class Calendar:
    """The days of each service: those of the week within a span, more and less."""

    weeks: pd.DataFrame  # service_id, first, last (ordinal days), one column a weekday
    more: frozenset[tuple[dt.date, str]]
    less: frozenset[tuple[dt.date, str]]

    def running(self, day: dt.date) -> frozenset[str]:
        """Return the services that run on a day."""
        number, name = day.toordinal(), WEEKDAYS[day.weekday()]
        weeks = self.weeks
        on = weeks[(weeks["first"] <= number) & (number <= weeks["last"]) & weeks[name]]
        usual = {str(each) for each in on["service_id"] if (day, each) not in self.less}
        return frozenset(usual | {service for date, service in self.more if date == day})

    @property
    def span(self) -> Span | None:
        """First and last day on which anything may run; None where nothing does."""
        days = [date.toordinal() for date, _ in self.more]
        days += [*self.weeks["first"], *self.weeks["last"]]
        if not days:
            return None
        return dt.date.fromordinal(min(days)), dt.date.fromordinal(max(days))


def read_calendar(weeks: Rows, dates: Rows) -> Calendar:
    """Read the days of services; a row that is wrong is set aside.

    Raises
    ------
    MissingColumnError
        If a table lacks a column.
    """
    table = pd.DataFrame(columns=["service_id", "first", "last", *WEEKDAYS])
    if len(weeks):
        weeks.require("service_id", "start_date", "end_date", *WEEKDAYS)
        found: dict[str, object] = {"service_id": weeks.identifiers("service_id")}
        found["first"], found["last"] = _days(weeks, "start_date"), _days(weeks, "end_date")
        for name in WEEKDAYS:
            found[name] = weeks.choice(name, ("0", "1")).astype(bool)
        table = pd.DataFrame(found)
        turned = (table["first"] > table["last"]).to_numpy() & ~weeks.bad
        weeks.refuse(turned, "end_date", "gtfs_span")
        table = table[~weeks.bad].reset_index(drop=True)
    if not len(dates):
        return Calendar(table, frozenset(), frozenset())
    dates.require("service_id", "date", "exception_type")
    day, service = _days(dates, "date"), dates.text("service_id")
    kind = dates.text("exception_type")
    dates.refuse(~np.isin(kind, (_ADDED, _REMOVED)), "exception_type", "gtfs_choice", known="1, 2")
    kept = np.flatnonzero(~dates.bad)
    by_kind = {
        word: frozenset((dt.date.fromordinal(int(day[at])), str(service[at]))
                        for at in kept if kind[at] == word)
        for word in (_ADDED, _REMOVED)
    }  # fmt: skip
    return Calendar(table, by_kind[_ADDED], by_kind[_REMOVED])


def _days(rows: Rows, column: str) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    """Return dates as ordinal days; 0 where one is wrong, and its row set aside."""
    codes, unique = pd.factorize(rows.text(column))
    values = np.array([_ordinal(str(each)) for each in unique], dtype=np.int64)
    found = values[codes]
    rows.refuse(found == 0, column, "gtfs_date")
    return found


def _ordinal(said: str) -> int:
    if len(said) != len("20260101") or not said.isdigit():
        return 0
    try:
        return dt.datetime.strptime(said, _FORMAT).date().toordinal()  # noqa: DTZ007
    except ValueError:
        return 0


def usual_day(
    calendars: Sequence[Calendar],
    weekday: Weekday,
    *,
    within: Iterable[Span | None],
    free: Iterable[Span],
    holidays: bool,
) -> dt.date | None:
    """Choose the day of the week on which most often the same services run.

    Parameters
    ----------
    calendars : of all feeds
    weekday : wanted
    within : the days that each feed holds for; None where one does not say
    free : the school holidays
    holidays : a day in them, or outside them

    Returns
    -------
    date
        The first of those on which the most frequent set of services runs, within the days
        that all feeds know; of sets as frequent, the one that comes first. None where there is
        no such day, or nothing runs on any.
    """
    spans = [each.span for each in calendars]
    known = [each for each in spans if each is not None]
    if not known or len(known) < len(spans):
        return None
    known += [each for each in within if each is not None]
    spells, day = list(free), max(first for first, _ in known)
    last = min(end for _, end in known)
    sets: dict[dt.date, tuple[frozenset[str], ...]] = {}
    while day <= last:
        if WEEKDAYS[day.weekday()] == weekday and _within(day, spells) == holidays:
            on = tuple(each.running(day) for each in calendars)
            if any(on):
                sets[day] = on
        day += _DAY
    if not sets:
        return None
    usual = Counter(sets.values()).most_common(1)[0][0]
    return next(day for day, on in sets.items() if on == usual)


def _within(day: dt.date, spans: Collection[Span]) -> bool:
    return any(first <= day <= last for first, last in spans)
