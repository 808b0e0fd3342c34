"""Lengths of time written as such: "35h00", "35:30", "35 h par semaine"."""

import re
from typing import Final

from ctg_geo.sources.hours.reading import Hours, observed, unknown
from ctg_geo.words import unaccented

__all__ = ["duration_h", "weekly_duration"]

_LENGTH: Final = (
    r"(?P<hours>[0-9]{1,3})\s?(?:h(?:eures?|rs?)?|:)\s?"
    r"(?:(?P<minutes>[0-5][0-9])(?:\s?min(?:utes?)?|:00)?)?"
)
_A_WEEK: Final = r"\s?(?:(?:par|/|chaque|a la)\s?sem(?:aine|\.)?|hebdo(?:madaires?|\.)?)"
_DURATION: Final = re.compile(_LENGTH)
_WEEKLY: Final = re.compile(f"{_LENGTH}{_A_WEEK}")
_WEEK_MIN: Final = 168 * 60


def duration_h(text: str) -> float | None:
    """Return the hours that a length of time holds, None if the text is none.

    Examples
    --------
    >>> duration_h("35h00"), duration_h("35:30"), duration_h("7 h 30 min"), duration_h("35")
    (35.0, 35.5, 7.5, None)
    """
    found = _DURATION.fullmatch(_plain(text))
    return None if found is None else _minutes(found) / 60


def weekly_duration(text: str) -> Hours | None:
    """Read a length of time that says it is one of a week; None if the text is no length.

    A length alone is not sure to be one of a week, nor to be one: "9h" may be an hour of the day.

    Examples
    --------
    >>> weekly_duration("35h30 par semaine").hours_per_week
    35.5
    >>> weekly_duration("35h00").said
    'duration_unsaid'
    """
    said = _plain(text)
    found = _WEEKLY.fullmatch(said)
    if found is not None:
        minutes = _minutes(found)
        return observed(minutes) if minutes <= _WEEK_MIN else unknown("too_many", text.strip())
    return unknown("duration_unsaid", text.strip()) if _DURATION.fullmatch(said) else None


def _plain(text: str) -> str:
    return " ".join(unaccented(text.casefold()).split())


def _minutes(found: re.Match[str]) -> int:
    return int(found["hours"]) * 60 + int(found["minutes"] or 0)
