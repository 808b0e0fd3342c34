"""From the communes of one year to those of another: each code, and the share it brings."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import pandas as pd

from ctg_geo.errors import DataError, Defect
from ctg_geo.sources import NO_EVENTS, Events
from ctg_geo.territory.steps import Steps, january, steps_of

__all__ = ["Flow", "Moves", "Split", "Vintage"]

_YEARS_ALL = (0, 9999)


@dataclass(frozen=True, slots=True)
class Vintage:
    """The years of the COG in which all codes of a table exist.

    `low` and `high` are None where the events known set no bound. `mixed` codes do not
    exist in the year that fits best: no single year has them all.
    """

    low: int | None
    high: int | None
    mixed: tuple[str, ...] = ()

    def meets(self, other: "Vintage") -> bool:
        """Tell whether a year fits both."""
        bounds = [(each.low or _YEARS_ALL[0], each.high or _YEARS_ALL[1]) for each in (self, other)]
        return max(low for low, _ in bounds) <= min(high for _, high in bounds)


@dataclass(frozen=True, slots=True)
class Split:
    """A commune that was split without a key to share it out, and all it may have become."""

    code: str
    targets: tuple[str, ...]
    date: str
    keyed: bool  # a key is given, to communes that are not its parts
    ends: tuple[str, ...] = ()

    def meets(self, codes: Collection[str]) -> bool:
        """Tell whether it may have become one of these codes."""
        return any(code in codes for code in self.ends)


@dataclass(frozen=True, slots=True)
class Flow:
    """What one code became: the share of it by code, whether it was split, and without a key."""

    shares: Mapping[str, float]
    split: bool
    unshared: tuple[Split, ...] = ()


@dataclass(frozen=True)
class Moves:
    """Events, the year wanted, and the key of splits: what brings tables to one vintage.

    `to` is a year of the COG (its first of January); None, after the last event.
    """

    events: Events = NO_EVENTS
    to: int | None = None
    key: Mapping[str, Mapping[str, float]] = field(default_factory=dict)

    @cached_property
    def steps(self) -> Steps:
        """The events in order of time."""
        return steps_of(self.events)

    @cached_property
    def keyless(self) -> "Moves":
        """The same without the key of splits: no share of a shape or of a place can be moved."""
        made = replace(self, key={})
        made.__dict__["steps"] = self.steps  # put in order once
        return made

    @property
    def target(self) -> str:
        """The day whose communes are wanted."""
        return "9999" if self.to is None else january(self.to)

    def vintage(self, codes: Iterable[str], *, complete: bool = False) -> Vintage:
        """Tell in which years of the COG all these codes exist, as far as events tell.

        In a `complete` table the absence of a commune tells too: a year is left out where
        it still exists though the table only has the one it became part of.
        """
        there = set(codes)
        known = sorted(code for code in there if code in self.steps.changes)
        days = sorted({step.date for step in self.steps.steps if step.date})
        if not days:
            return Vintage(None, None)
        years = range(int(days[0][:4]) - 1, _cog_of(days[-1]) + 1)
        absent = {year: self._not_in(known, year) for year in years}
        best = max(years, key=lambda year: (-len(absent[year]), year))
        if absent[best]:
            return Vintage(best, best, tuple(absent[best]))
        fine = [year for year in years if not absent[year]]
        lost = self._lost(there) if complete else []
        fine = [year for year in fine if not self._alive(lost, year)] or fine
        low = high = fine[-1]
        while low - 1 in fine:
            low -= 1
        return Vintage(None if low == years[0] else low, None if high == years[-1] else high)

    def _not_in(self, codes: Iterable[str], year: int) -> list[str]:
        return [code for code in codes if not self.steps.exists(code, january(year))]

    def _alive(self, codes: Iterable[str], year: int) -> bool:
        return any(self.steps.exists(code, january(year)) for code in codes)

    def _lost(self, there: Collection[str]) -> list[str]:
        """Return the communes that a table lacks while it has what they became part of."""
        return [
            code
            for step in self.steps.steps if step.date
            for code, targets in step.onto.items()
            if code not in there and len(targets) == 1 and targets[0] in there
        ]  # fmt: skip

    def since(self, codes: Iterable[str], cog: int | None) -> int | None:
        """Return the year of a table: the one it says, else the last that all its codes fit.

        None, for codes of several years or events without dates, stands for no year: each
        code is followed from the end of its own life.
        """
        days = [step.date for step in self.steps.steps if step.date]
        if cog is not None or not days:
            return cog
        looks = self.vintage(codes)
        return None if looks.mixed else looks.high or _cog_of(days[-1])

    def flows(
        self,
        codes: Iterable[str],
        *,
        since: int | None,
        table: str,
        wanted: Collection[str] | None = None,
    ) -> dict[str, Flow]:
        """Return what became of each code that changed between the table's year and `to`.

        Parameters
        ----------
        codes : of the table
        since : its year; None, each code from the end of its own life
        table : what to call it in errors
        wanted : the codes that matter; a commune split among others stays whole, under its
            own code. None: all matter.

        Raises
        ------
        DataError
            If a commune was split and the key does not share it out; all are named.
        """
        defects: list[Defect] = []
        found = {}
        for code in dict.fromkeys(codes):
            if code in self.steps.where or code in self.steps.where_back:
                flow = self._flow(code, since)
                missing = [each for each in flow.unshared if wanted is None or each.meets(wanted)]
                defects += [_no_key(each, table) for each in missing]
                if not flow.unshared and flow.shares != {code: 1.0}:
                    found[code] = flow
        if defects:
            raise DataError(defects)
        return found

    def before(self, codes: Collection[str]) -> frozenset[str]:
        """Return the codes of any year that became, in whole or in part, one of these."""
        return frozenset(
            code
            for code in {*self.steps.where, *self.steps.where_back}
            for flow in [self._flow(code, None)]
            if any(each in codes for each in flow.shares)
            or any(each.meets(codes) for each in flow.unshared)
        )

    def became(self) -> dict[str, str]:
        """Return each code of the past, and the one commune it is now wholly a part of."""
        flows = {
            code: self._flow(code, None).shares
            for code in {*self.steps.where, *self.steps.where_back}
        }
        return {
            code: next(iter(shares)) for code, shares in sorted(flows.items())
            if len(shares) == 1 and code not in shares
        }  # fmt: skip

    def parts(self, codes: Iterable[str], *, since: int | None) -> dict[str, tuple[str, ...]]:
        """Return all that each code became by `to`: one commune, or each part of one split."""
        changed = {*self.steps.where, *self.steps.where_back}
        return {
            code: tuple(self._flow(code, since).shares) if code in changed else (code,)
            for code in codes
        }

    def named(self, code: str, since: int | None = None) -> str | None:
        """Return the last name that events give a commune by `to`, after the year `since`."""
        begin = "" if since is None else january(since)
        names = [
            name for date, name in self.steps.names.get(code, ())
            if begin <= date <= self.target and (since is None or date > begin)
        ]  # fmt: skip
        return names[-1] if names else None

    def splits(self, codes: Iterable[str], *, since: int | None) -> list[Split]:
        """Return the splits, without a key to share them out, that codes have gone through."""
        there = [
            code for code in codes if code in self.steps.where or code in self.steps.where_back
        ]
        return [each for code in there for each in self._flow(code, since).unshared]

    def _flow(self, code: str, since: int | None) -> Flow:
        """Follow a code through the steps; where a split has no key, through all its parts."""
        steps = self.steps
        start, end = self._start(code, since), steps.upto(self.target)
        onward = start <= end
        places = steps.where if onward else steps.where_back
        shares: dict[str, float] = {}
        split, unshared = False, list[Split]()
        waiting = [(code, 1.0, start)]
        while waiting:
            at, share, done = waiting.pop()
            number = _next(places.get(at, ()), done, end, onward=onward)
            if number is None:
                shares[at] = shares.get(at, 0.0) + share
                continue
            step = steps.steps[number]
            targets = (step.onto if onward else step.back)[at]
            parts: Mapping[str, float] = dict.fromkeys(targets, 1.0)
            if len(targets) > 1:
                split = True
                given = self.key.get(at)
                if given is not None and set(given) <= set(targets):
                    parts = given
                else:
                    unshared.append(Split(at, targets, step.date, given is not None))
            after = number + 1 if onward else number
            waiting += [(target, share * part, after) for target, part in parts.items()]
        ends = tuple(sorted(shares))
        told = tuple(replace(each, ends=ends) for each in unshared)
        return Flow(dict(sorted(shares.items())), split, told)

    def _start(self, code: str, since: int | None) -> int:
        """Return how many steps a code has behind it: those before its table, or its last end."""
        steps = self.steps
        day = self.target if since is None else january(since)
        if steps.exists(code, day):
            return steps.upto(day)
        ends = [date for date, alive in steps.changes[code] if not alive and date <= day]
        if ends:  # it lives on as a delegated commune, or is older than the table says
            return steps.before(ends[-1])
        return steps.upto(next(date for date, alive in steps.changes[code] if alive))

    def unshared(self, codes: Iterable[str]) -> pd.Series:
        """Return communes split by `to` of which a table has the old part and lacks a new one.

        Returns
        -------
        Series by code of the old part: the codes that the table lacks
        """
        there, day = set(codes), self.target
        missing: dict[str, tuple[str, ...]] = {}
        for step in self.steps.steps[: self.steps.upto(day)]:
            for code, targets in step.onto.items():
                lost = tuple(
                    each for each in targets
                    if each not in there and self.steps.exists(each, day)
                )  # fmt: skip
                if code in there and len(targets) > 1 and lost and self.steps.exists(code, day):
                    missing[code] = lost
        return pd.Series(missing, dtype=object).sort_index()


def _no_key(split: Split, table: str) -> Defect:
    facts = {"new": list(split.targets), "date": split.date}
    return Defect(table, "split_other_key" if split.keyed else "split_no_key",
                  value=split.code, facts=facts)  # fmt: skip


def _cog_of(date: str) -> int:
    """Return the first COG that holds the events of a day."""
    return int(date[:4]) + (date[5:] != "01-01")


def _next(places: tuple[int, ...], done: int, end: int, *, onward: bool) -> int | None:
    """Return the next step that changes a code, between two counts of steps."""
    if onward:
        return next((number for number in places if done <= number < end), None)
    return next((number for number in reversed(places) if end <= number < done), None)
