"""Opening hours in the syntax of OpenStreetMap (key opening_hours)."""

import re
from datetime import datetime, timedelta
from functools import lru_cache

from ctg_geo.sources.hours.reading import Hours, estimated, observed, unknown

__all__ = ["MOST_SIGNS", "looks_osm", "osm_hours"]

MOST_SIGNS = 1000  # a text longer than this gives no opening hours

_DAYS = r"(?:Mo|Tu|We|Th|Fr|Sa|Su|PH|SH)"
_MONTHS = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_OURS = re.compile(rf"\b{_DAYS}\b|\b{_MONTHS}\b|24/7|\bweek\b")
_VARYING = re.compile(rf"\b{_MONTHS}\b|\bweek|\[")
_MONTH = re.compile(rf"\b{_MONTHS}\b")
_TIMES = re.compile(r"[0-9]:[0-9]|24/7|\boff\b|\bclosed\b")
_APPOINTMENT = re.compile(r'"[^"]*(?:rendez|rdv)', re.IGNORECASE)
_BREAK = re.compile(r'(;|\|\|)(?=(?:[^"]*"[^"]*")*[^"]*$)')  # between rules, not in a comment
_REFUSED = {
    "unread": re.compile(r"24/7.*[;|]|[;|].*24/7"),  # open at all times, yet with other rules
    "dated": re.compile(r"\b(?:19|20)[0-9]{2}\b(?!:)|\beaster\b"),
    "no_end": re.compile(r"[0-9]\+|\b(?:sunrise|sunset|dawn|dusk)\b"),
}
_FIRST = datetime(2001, 1, 1)  # noqa: DTZ001  (a Monday of a calendar, nowhere)
_CYCLE_WEEKS = 1461  # 28 years: the calendar comes back to the same days


def looks_osm(text: str) -> bool:
    """Tell whether a text uses words that only this syntax has."""
    return _OURS.search(_bare(text)) is not None


@lru_cache(maxsize=4096)
def osm_hours(text: str) -> Hours:
    """Read opening hours in OpenStreetMap syntax.

    Holidays are left aside: the week is an ordinary one. Where weeks differ (months, odd
    weeks, first Tuesdays) hours are the mean over 28 years.

    Returns
    -------
    Hours
        Unknown for what cannot be read, has no end ("09:00+"), follows the sun, or holds for
        given years only.

    References
    ----------
    https://wiki.openstreetmap.org/wiki/Key:opening_hours/specification

    Examples
    --------
    >>> osm_hours("Mo-Fr 09:00-12:00,14:00-17:00; We off").hours_per_week
    24.0
    """
    said = text.strip()
    if not said:
        return unknown("empty")
    if len(said) > MOST_SIGNS:
        return unknown("too_long")
    rules = _rules(said)
    bare = ";".join(map(_bare, rules[::2]))
    for reason, why_not in _REFUSED.items():
        if why_not.search(bare):
            return unknown(reason, said)
    if not rules or any(_TIMES.search(_bare(rule)) is None for rule in rules[::2]):
        return unknown("no_times", said)
    return _mean_week("".join(rules), bare, said)


def _mean_week(rules: str, bare: str, said: str) -> Hours:
    import opening_hours as library  # noqa: PLC0415  (on first use)

    try:
        schedule = library.OpeningHours(rules.strip())
    except library.ParserError:  # type: ignore[attr-defined]  # missing from its stubs
        return unknown("unread", said)
    varies = _VARYING.search(bare) is not None
    weeks = _CYCLE_WEEKS if varies else 1
    minutes, unsure = 0, False
    for start, end, state, _ in schedule.intervals(_FIRST, _FIRST + timedelta(weeks=weeks)):
        if state != library.State.CLOSED:
            minutes += int((end - start).total_seconds() // 60)
            unsure |= state == library.State.UNKNOWN
    reasons = {
        "appointment": unsure or _APPOINTMENT.search(said) is not None,
        "remark": '"' in said,
        "term_only": "SH" in bare,
        "seasonal": _MONTH.search(bare) is not None,
    }
    for reason, holds in reasons.items():
        if holds:
            return estimated(minutes / weeks, reason, said)
    return observed(minutes / weeks, "mean_week" if varies else "")


def _rules(said: str) -> list[str]:
    """Return rules and, between them, what parts them; those that only comment are left out."""
    parts = ["", *_BREAK.split(said)]
    pairs = zip(parts[::2], parts[1::2], strict=True)
    kept = [part for mark, rule in pairs if _bare(rule).strip(" ,") for part in (mark, rule)]
    return kept[1:]


def _bare(text: str) -> str:
    """Drop comments, which are between quotes."""
    return re.sub(r'"[^"]*"', " ", text)
