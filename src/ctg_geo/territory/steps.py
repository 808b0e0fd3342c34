"""Events on communes as steps of time: which code became which, and which codes existed."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

import pandas as pd

from ctg_geo.sources import Events

__all__ = ["Step", "Steps", "january", "steps_of"]

_RENAMED: Final = "10"
_CUT: Final = ("20", "21", "30")  # creation, restoration, suppression: may share a commune out
_ATTACHED: Final = ("COMA", "COMD")

Onto = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Step:
    """What happened to communes on one day.

    `onto` gives what each commune that changed became, `back` what each was made of; a
    commune that stays as it is stands in neither.
    """

    date: str  # "" where unknown: before any vintage that can be told
    onto: Onto
    back: Onto


@dataclass(frozen=True, slots=True, eq=False)
class Steps:
    """Steps in time, and where each code appears in them."""

    name: str  # of the file they come from
    steps: tuple[Step, ...]  # undated first
    names: Mapping[str, tuple[tuple[str, str], ...]]  # code -> (date, name), oldest first
    changes: Mapping[str, tuple[tuple[str, bool], ...]]  # code -> (date, whether it exists since)
    where: Mapping[str, tuple[int, ...]] = field(default_factory=dict)  # code -> steps with onto
    where_back: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    def exists(self, code: str, date: str) -> bool:
        """Tell whether a code is a commune once the events of a day have happened."""
        changes = self.changes.get(code, ())
        if not changes:
            return True
        past = [alive for day, alive in changes if day <= date]
        return past[-1] if past else not changes[0][1]

    def upto(self, date: str | None) -> int:
        """Return how many steps have happened by a day; all of them without one."""
        days = [step.date for step in self.steps]
        return len(days) if date is None else bisect_right(days, date)

    def before(self, date: str) -> int:
        """Return how many steps have happened before a day."""
        return bisect_left([step.date for step in self.steps], date)


def january(year: int) -> str:
    """Return the first day of a COG: it holds the events of that day."""
    return f"{year}-01-01"


def steps_of(events: Events) -> Steps:
    """Order events into steps.

    Within one day communes are shared out first (creation, restoration, suppression), then
    merged or renumbered, chains followed to their end. A restored commune whose parent is
    not told in its rows is taken out of the commune it had been merged into.
    """
    gone: dict[str, str] = {}
    made: list[Step] = []
    changes: dict[str, list[tuple[str, bool]]] = defaultdict(list)
    for date, rows in events.table.groupby("date", sort=True):
        step = _step(str(date), rows, gone)
        made.append(step)
        for before, targets in step.onto.items():
            if before not in targets:
                changes[before].append((step.date, False))
            if len(targets) == 1:
                gone[before] = targets[0]
        for after, parts in step.back.items():
            gone.pop(after, None)
            if after not in parts:
                changes[after].append((step.date, True))
    named = _names(events.table)
    frozen = {code: tuple(each) for code, each in changes.items()}
    onto, back = (_places(made, side) for side in ("onto", "back"))
    return Steps(events.name, tuple(made), named, frozen, onto, back)


def _places(steps: list[Step], side: str) -> dict[str, tuple[int, ...]]:
    found: dict[str, list[int]] = defaultdict(list)
    for number, step in enumerate(steps):
        for code in getattr(step, side):
            found[code].append(number)
    return {code: tuple(each) for code, each in found.items()}


def _names(table: pd.DataFrame) -> dict[str, tuple[tuple[str, str], ...]]:
    rows = table[(table["type_after"] == "COM") & (table["name_after"] != "")]
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for code, date, name in zip(rows["after"], rows["date"], rows["name_after"], strict=True):
        found[code].append((date, name))
    return {code: tuple(each) for code, each in found.items()}


def _step(date: str, rows: pd.DataFrame, gone: Mapping[str, str]) -> Step:
    whole = (rows["type_before"] == "COM") & (rows["type_after"] == "COM")
    cut_kind = rows["mod"].isin(_CUT)
    pairs = rows[whole & (rows["mod"] != _RENAMED)]
    stays = {before for before, after in _pairs(pairs) if before == after}
    cut: dict[str, list[str]] = defaultdict(list)
    for before, after in _pairs(pairs[pairs["mod"].isin(_CUT)]):
        cut[before].append(after)
    told = {after for targets in cut.values() for after in targets}
    restored = rows[cut_kind & rows["type_before"].isin(_ATTACHED) & (rows["type_after"] == "COM")]
    for code in sorted(set(restored["after"]) - told):
        parent = _last(code, gone)
        if parent != code:
            cut[parent] = [*cut[parent], *({parent} - {*cut[parent]}), code]
    moves, vague = _moves(_pairs(pairs[~pairs["mod"].isin(_CUT)]))
    for code, several in vague.items():
        cut[code] = sorted({*cut[code], *several})
    onto: dict[str, tuple[str, ...]] = {}
    for before in sorted({*cut, *moves, *stays}):
        ends = [_last(each, moves) for each in cut.get(before, [before])]
        onto[before] = tuple(sorted(set(ends)))
    back: dict[str, list[str]] = defaultdict(list)
    for before, targets in onto.items():
        for after in targets:
            back[after].append(before)
    return Step(
        date,
        {code: each for code, each in onto.items() if each != (code,)},
        {code: tuple(each) for code, each in back.items() if each != [code]},
    )


def _pairs(rows: pd.DataFrame) -> Iterable[tuple[str, str]]:
    return zip(rows["before"].tolist(), rows["after"].tolist(), strict=True)


def _moves(pairs: Iterable[tuple[str, str]]) -> tuple[dict[str, str], dict[str, list[str]]]:
    """Return the successor of each commune that has one other, and those that have several.

    Two successors on one day, or a circle, tell no more than that it became one of them:
    such a commune counts as shared out among them, and is refused without a key.
    """
    many: dict[str, set[str]] = defaultdict(set)
    for before, after in pairs:
        if before != after:
            many[before].add(after)
    moves = {code: next(iter(each)) for code, each in many.items() if len(each) == 1}
    vague = {code: sorted(each) for code, each in many.items() if len(each) > 1}
    for code in moves:
        path = [code]
        while path[-1] in moves and moves[path[-1]] not in path:
            path.append(moves[path[-1]])
        if path[-1] in moves:
            vague[code] = sorted(path[path.index(moves[path[-1]]) :])
    return {code: each for code, each in moves.items() if code not in vague}, vague


def _last(code: str, moves: Mapping[str, str]) -> str:
    """Follow a code to what it became in the end."""
    seen = {code}
    while code in moves and moves[code] not in seen:
        code = moves[code]
        seen.add(code)
    return code
