"""Tokens of French opening hours put together: which days have which times."""

from dataclasses import dataclass, field, replace

from ctg_geo.parameters import AssumedHours
from ctg_geo.sources.hours.times import NotTimes, is_time, named_part, spans_of
from ctg_geo.sources.hours.week import EVERY_DAY, Rule
from ctg_geo.sources.hours.words import Token

__all__ = ["Reader"]

_WHEN = ("days", "nth")
_WEEKS = ("parity", "monthly", "months")
_YEAR = frozenset(range(1, 13))
_NO_DAY: frozenset[int] = frozenset()


@dataclass
class _Group:
    """Days and the times they share, as far as they are read."""

    days: list[Rule] = field(default_factory=list)  # their times still to come
    times: list[Token] = field(default_factory=list)
    nths: frozenset[int] = _NO_DAY
    parity: int | None = None
    monthly: int = 0
    months: frozenset[int] = _NO_DAY

    def rules(self, assumed: AssumedHours) -> list[Rule]:
        """Return the days with their times.

        Raises
        ------
        NotTimes
            If one of the two is not said.
        """
        if not self.days or not self.times:
            raise NotTimes("no_times" if self.days else "days_unsaid")
        if self.monthly and sum(len(rule.days) for rule in self.days) > 1:
            raise NotTimes("which_day")
        spans, _ = spans_of(self.times, assumed)
        of_month = frozenset(range(1, 2 * self.monthly, 2))  # the first; the first and third
        return [
            replace(
                rule, spans=spans, nths=rule.nths or of_month, months=self.months,
                parity=self.parity if rule.parity is None else rule.parity,
            )
            for rule in self.days
        ]  # fmt: skip


@dataclass
class _Exception:
    """What a text takes out again ("sauf le mercredi", "fermé le jeudi matin")."""

    local: bool  # of the days said last, if they are among them
    days: frozenset[int] = _NO_DAY
    nths: frozenset[int] = _NO_DAY
    times: list[Token] = field(default_factory=list)


class Reader:
    """Reads tokens in one pass.

    Attributes
    ----------
    rules : when it is open
    closed : when it is not, whatever the rules say
    assumed_used : whether some times are those of a half-day only named
    loose : whether it is unclear which days the weeks said last are about
    """

    def __init__(self, found: list[Token], assumed: AssumedHours) -> None:
        """Read; raise NotTimes where the tokens give no hours."""
        order = [token for token in found if token.kind in (*_WHEN, *_WEEKS) or is_time(token)]
        first = next((token for token in order if token.kind not in _WEEKS), None)
        self._days_first = first is not None and first.kind in _WHEN
        self._weeks_first = bool(order) and order[0].kind in _WEEKS
        self._now = _Group()
        self._done: list[_Group] = []
        self._without: _Exception | None = None
        self._never = _NO_DAY
        self.closed: list[Rule] = []
        self.loose = False
        before = ""
        for token in found:
            self._take(token, before)
            before = token.kind
        self._end_exception()
        self._finish()
        self.assumed_used = any(spans_of(group.times, assumed)[1] for group in self._done)
        rules = [rule for group in self._done for rule in group.rules(assumed)]
        if not rules:
            raise NotTimes("no_times")
        self.rules = [replace(rule, days=rule.days - self._never) for rule in rules]

    def _take(self, token: Token, before: str) -> None:
        if self._without is not None:
            if self._excepted(token, self._without):
                return
            self._end_exception()
        if token.kind in _WEEKS:
            self._weeks(token, before)
        elif token.kind in _WHEN:
            self._day(token, before)
        elif is_time(token):
            if self._now.days and not self._days_first:
                self._finish()
            self._now.times.append(token)
        elif token.kind == "except":
            self._without = _Exception(local=True)
        elif token.kind == "closed":
            self._closed()

    def _closed(self) -> None:
        """Begin an exception, unless the days just said are what is closed ("lundi : fermé")."""
        if self._days_first and self._now.days and not self._now.times:
            self._now.days = []
        else:
            self._without = _Exception(local=False)

    def _day(self, token: Token, before: str) -> None:
        if self._now.times and self._days_first:
            self._finish()
        if token.kind == "nth":
            others = self._now.nths if before == "nth" else _NO_DAY
            self._now.nths = others | {token.number}
            return
        every_second = 0 if token.number else None
        self._now.days.append(Rule(token.days, (), self._now.nths, every_second))

    def _weeks(self, token: Token, before: str) -> None:
        if self._weeks_first and self._now.days and self._now.times:
            self._finish()
        self.loose |= bool(self._done) and not self._weeks_first
        if token.kind == "parity":
            self._now.parity = token.number
        elif token.kind == "monthly":
            self._now.monthly = token.number
        else:
            others = self._now.months if before == "months" else _NO_DAY
            self._now.months = others | token.months

    def _excepted(self, token: Token, out: _Exception) -> bool:
        """Take note of what is excepted; tell whether the token belongs to the exception."""
        if token.kind == "days":
            out.days |= token.days
        elif token.kind == "nth":
            out.nths |= {token.number}
        elif token.kind == "months":
            for group in (*self._done, self._now):
                group.months = (group.months or _YEAR) - token.months
        elif is_time(token) and not (self._now.days and not self._now.times):
            if token.kind == "range" and out.days:
                raise NotTimes("closed_times")
            out.times.append(token)
        elif token.kind in ("parity", "monthly"):
            raise NotTimes("closed_times")
        else:
            return False
        return True

    def _end_exception(self) -> None:
        out, self._without = self._without, None
        if out is None:
            return
        if out.times or out.nths:
            spans = tuple(token.span if token.kind == "range" else named_part(token)
                          for token in out.times)  # fmt: skip
            self.closed.append(Rule(out.days or EVERY_DAY, spans or ((0, 1440),), out.nths))
        elif out.local and any(rule.days & out.days for rule in self._now.days):
            self._now.days = [replace(rule, days=rule.days - out.days) for rule in self._now.days]
        else:
            self._never |= out.days

    def _finish(self) -> None:
        """Close the group read; what was said first of weeks goes on holding."""
        now = self._now
        if now.days or now.times:
            self._done.append(now)
        kept = now if self._weeks_first else _Group()
        self._now = _Group(parity=kept.parity, monthly=kept.monthly, months=kept.months)
