"""Opening hours in whichever of the two languages they are written."""

from ctg_geo.parameters import AssumedHours
from ctg_geo.sources.hours.durations import weekly_duration
from ctg_geo.sources.hours.french import french_hours
from ctg_geo.sources.hours.osm import looks_osm, osm_hours
from ctg_geo.sources.hours.reading import Hours, unknown

__all__ = ["weekly_hours"]


def weekly_hours(text: str, *, assumed: AssumedHours = AssumedHours()) -> Hours:  # noqa: B008
    """Turn opening hours written in French or in OpenStreetMap syntax into hours per week.

    Never guesses: what it cannot read whole is unknown, and says which words; so is what
    the two languages read differently ("Mar 09:00-12:00": Tuesdays, or each day of March).
    The week is an ordinary one, without public holidays; where weeks differ, the mean one.

    Parameters
    ----------
    text : a cell, as people write it
    assumed : what a half-day that is only named stands for; the status is then `estimated`

    Returns
    -------
    Hours
        `hours_per_week` is None exactly where the status is `not_available`.

    Examples
    --------
    >>> weekly_hours("du lundi au vendredi 9h-12h / 14h-17h").hours_per_week
    30.0
    >>> weekly_hours("Mo-Fr 09:00-12:00,14:00-17:00").hours_per_week
    30.0
    >>> weekly_hours("mardi et jeudi matin").status
    'estimated'
    >>> weekly_hours("35h00 par semaine").hours_per_week
    35.0
    >>> weekly_hours("sur rendez-vous").said
    'appointment_only'
    """
    length = weekly_duration(text)
    if length is not None:
        return length
    french = french_hours(text, assumed=assumed)
    if not looks_osm(text):
        return french
    read = osm_hours(text)
    if french.hours_per_week is None:
        return french if read.said == "unread" else read
    if read.hours_per_week is None:
        return french
    return read if read.hours_per_week == french.hours_per_week else unknown("two_ways", text)
