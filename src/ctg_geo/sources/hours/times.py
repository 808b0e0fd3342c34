"""Times of a day: those stated, and those a half-day stands for."""

from collections.abc import Sequence

from ctg_geo.parameters import AssumedHours
from ctg_geo.sources.hours.words import Token

__all__ = ["NotTimes", "Span", "is_time", "named_part", "spans_of"]

Span = tuple[int, int]

_LONGEST = 16 * 60  # past midnight: longer, the end is a slip for one in the afternoon
_WIDE = {
    "morning": (0, 780),
    "afternoon": (780, 1140),
    "evening": (1080, 1440),
    "whole": (0, 1440),
}  # fmt: skip  (what a closed half-day takes away)


class NotTimes(ValueError):  # noqa: N818  (caught where it is turned into an answer)
    """What was read gives no hours; its text is a key of the labels [hours]."""


def is_time(token: Token) -> bool:
    """Tell whether a token is a time of the day."""
    return token.kind == "range" or token.kind in _WIDE


def named_part(token: Token) -> Span:
    """Return all that a half-day can hold."""
    return _WIDE[token.kind]


def spans_of(times: Sequence[Token], assumed: AssumedHours) -> tuple[tuple[Span, ...], bool]:
    """Return the times of a day in minutes, and whether some of them are assumed.

    A half-day beside times that meet it only names them ("le matin de 9h à 12h").

    Raises
    ------
    NotTimes
        If a time ends where it begins, or far into the next day.
    """
    stated = tuple(_forward(token.span) for token in times if token.kind == "range")
    named = [span for token in times if token.kind != "range" for span in _parts(token, assumed)]
    guessed = tuple(
        span for span in named if not any(s < span[1] and span[0] < e for s, e in stated)
    )
    return stated + guessed, bool(guessed)


def _forward(span: Span) -> Span:
    start, end = span[0] % 1440, span[1]
    if end <= start:
        end += 1440
        if start == end - 1440 or end - start > _LONGEST:
            raise NotTimes("odd_times")
    return start, end


def _parts(token: Token, assumed: AssumedHours) -> tuple[Span, ...]:
    names = ("morning", "afternoon") if token.kind == "whole" else (token.kind,)
    spans = [getattr(assumed, name) for name in names]
    return tuple((round(start * 60), round(end * 60)) for start, end in spans)
