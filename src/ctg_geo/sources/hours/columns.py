"""Opening hours given as one column a day."""

from collections.abc import Mapping

from ctg_geo.parameters import AssumedHours
from ctg_geo.sources.hours.osm import MOST_SIGNS
from ctg_geo.sources.hours.reading import Hours, estimated, observed, unknown
from ctg_geo.sources.hours.times import NotTimes, Span, is_time, spans_of
from ctg_geo.sources.hours.week import Rule, weekly_minutes
from ctg_geo.sources.hours.words import DAY_NAMES, Token, tokens

__all__ = ["hours_of_days"]

_ALLOWED = ("stop", "open", "appointment", "closed")
_NOTHING = (0, 0)  # "00:00 - 00:00": a form filled with nothing


def hours_of_days(cells: Mapping[int, str], *, assumed: AssumedHours = AssumedHours()) -> Hours:  # noqa: B008
    """Read hours given day by day; an empty day is a closed one, unless all are empty.

    Parameters
    ----------
    cells : times of each day ("9h-12h / 14h-17h", "08:30 - 12:00", "fermé"); 0 is Monday
    assumed : what a half-day that is only named stands for

    Examples
    --------
    >>> hours_of_days({0: "09:00 - 12:00 / 14:00 - 16:30", 1: "", 2: "fermé"}).hours_per_week
    5.5
    """
    if not any(cell.strip() for cell in cells.values()):
        return unknown("empty")
    rules, guessed, kinds = [], False, set[str]()
    for day, cell in cells.items():
        found = tokens(cell) if len(cell) <= MOST_SIGNS else cell[:40]
        if isinstance(found, str):
            return unknown("unread", f"{DAY_NAMES[day]} : {found}")
        try:
            spans, assumed_here = _times(found, assumed)
        except NotTimes as refusal:
            return unknown(str(refusal), f"{DAY_NAMES[day]} : {cell.strip()}")
        rules.append(Rule(frozenset({day}), spans))
        guessed |= assumed_here
        kinds |= {token.kind for token in found}
    minutes = weekly_minutes(rules)
    if minutes == 0 and kinds <= {"appointment", "stop"}:
        return unknown("appointment_only" if "appointment" in kinds else "no_times")
    if guessed or "appointment" in kinds:
        return estimated(minutes, "assumed_times" if guessed else "appointment")
    return observed(minutes)


def _times(found: list[Token], assumed: AssumedHours) -> tuple[tuple[Span, ...], bool]:
    """Return the times of one day, and whether some are assumed."""
    times = [token for token in found if is_time(token)]
    if any(not is_time(token) and token.kind not in _ALLOWED for token in found):
        raise NotTimes("not_one_day")
    if times and any(token.kind == "closed" for token in found):
        raise NotTimes("closed_times")
    real = [token for token in times if token.kind != "range" or token.span != _NOTHING]
    return spans_of(real, assumed)
