"""Opening hours written in French, as a colleague writes them in a cell."""

from ctg_geo.parameters import AssumedHours
from ctg_geo.sources.hours.osm import MOST_SIGNS
from ctg_geo.sources.hours.reader import Reader
from ctg_geo.sources.hours.reading import Hours, estimated, observed, unknown
from ctg_geo.sources.hours.times import NotTimes
from ctg_geo.sources.hours.week import weekly_minutes
from ctg_geo.sources.hours.words import tokens

__all__ = ["french_hours"]


def french_hours(text: str, *, assumed: AssumedHours = AssumedHours()) -> Hours:  # noqa: B008
    """Read opening hours written in French.

    Days come before their times or all times before their days. Half-days that are only
    named stand for the times `assumed`. What is not understood whole is unknown.

    Parameters
    ----------
    text : a cell
    assumed : what "matin", "après-midi" and "soir" stand for

    Examples
    --------
    >>> french_hours("1er et 3e mercredi du mois 14h-16h").said
    'mean_week'
    >>> french_hours("lundi 9h-12h ; fermé en cas de neige")
    Hours(hours_per_week=None, status='not_available', said='unread', piece='cas de neige')
    """
    if not text.strip() or len(text) > MOST_SIGNS:
        return unknown("too_long" if text.strip() else "empty")
    found = tokens(text)
    if isinstance(found, str):
        return unknown("unread", found)
    kinds = {token.kind for token in found} - {"stop", "open"}
    if kinds == {"closed"}:
        return observed(0)
    if kinds <= {"appointment"}:
        return unknown("appointment_only" if kinds else "no_times", text.strip())
    try:
        return _hours(Reader(found, assumed), kinds)
    except NotTimes as refusal:
        return unknown(str(refusal), text.strip())


def _hours(read: Reader, kinds: set[str]) -> Hours:
    """Return the mean week of what was read, with the first reason to call it an estimate."""
    minutes = weekly_minutes(read.rules, read.closed)
    each = sum(weekly_minutes([rule], read.closed) for rule in read.rules)
    reasons = {
        "assumed_times": read.assumed_used or bool(read.closed),
        "appointment": "appointment" in kinds,
        "overlap": each > minutes,
        "which_weeks": read.loose,
        "term_only": "term" in kinds,
        "seasonal": any(rule.months for rule in read.rules),
    }
    for reason, holds in reasons.items():
        if holds:
            return estimated(minutes, reason)
    return observed(minutes, "" if all(rule.plain for rule in read.rules) else "mean_week")
