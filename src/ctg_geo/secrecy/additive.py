"""Sums between figures that nobody declared: told by their ages, or seen in the numbers.

Whoever reads the tables sees them too; a sum that the study does not know protects nothing.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ctg_geo.secrecy.cells import Cell, Sum
from ctg_geo.secrecy.figures import Figure

__all__ = ["Additive", "additive", "possible", "told_sums"]

_TAKEN = 0.9  # of the communes that tell, where the sum must hold
_DOUBTED = 0.75
_TELLING = 3  # communes, for a sum that only the numbers tell
_DOUBTING = 4
_SAME = 1e-6  # of a total, and of 1
_FITTED = 200  # communes, among which figures that add up are looked for whatever their number
_HALF = 0.5
_SIZES = ((10, 4), (20, 3))  # figures, up to which sums of so many are looked for; of 2 beyond

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class _Counts:
    """Columns as arrays, by figure, half the step that each is rounded to, and the communes."""

    columns: Mapping[str, Floats]
    half: Mapping[str, float]
    codes: npt.NDArray[np.object_]


@dataclass(frozen=True, slots=True)
class Additive:
    """A figure that is a sum of others by its ages or in the numbers, though nobody said so.

    `differs` are the communes whose figures, all known, do not add up. A sum that is not
    `taken` holds in too few communes: it is a doubt.
    """

    total: str
    parts: Mapping[str, float]
    by_ages: bool
    holds: int  # communes whose figures, all known, add up
    differs: tuple[str, ...]
    taken: bool

    @property
    def is_total(self) -> bool:
        """Tell whether the total holds all its parts (bands that overlap are differences)."""
        return all(times > 0 for times in self.parts.values())


def additive(
    figures: Sequence[Figure], people: pd.DataFrame, declared: Iterable[tuple[str, Iterable[str]]]
) -> list[Additive]:
    """Find sums between figures, in the counts that no rule hides.

    Ages that others make up (0-5 from 0-2 and 3-5) are a sum, unless the numbers deny it; so
    are figures that add up to another in nine tenths of the communes that tell, three at least:
    up to 4 are tried in all ways (3 beyond 10 figures, 2 beyond 20), more by the best fit.

    Parameters
    ----------
    people : by code_insee, a column per figure, NaN where it is not known
    declared : sums that the study says: total and parts

    Returns
    -------
    those that are taken, and the doubtful ones
    """
    counts = _Counts(
        {each.name: people[each.name].to_numpy(np.float64) for each in figures},
        {each.name: _half(each) for each in figures}, people.index.to_numpy(dtype=object),
    )  # fmt: skip
    known = {(total, frozenset(parts)) for total, parts in declared}
    found = list(_by_ages(figures, counts))
    known |= {(each.total, frozenset(each.parts)) for each in found}
    seen = [each for each in _by_numbers(figures, counts)
            if (each.total, frozenset(each.parts)) not in known]  # fmt: skip
    sure = {each.total for each in (*found, *seen) if each.taken}
    sure |= {total for total, _ in known}
    return [each for each in (*found, *seen)
            if each.taken or each.by_ages or each.total not in sure]  # fmt: skip


def told_sums(
    found: Iterable[Additive], figures: Mapping[str, Figure], cells: Mapping[str, Cell],
    codes: Sequence[str],
) -> list[Sum]:  # fmt: skip
    """Return the sums taken, commune by commune, where what is known of the cells allows them."""
    made = [
        Sum(figures[each.total].key(code),
            {figures[part].key(code): times for part, times in each.parts.items()})
        for each in found if each.taken for code in codes
    ]  # fmt: skip
    return [each for each in made if possible(each, cells)]


def possible(each: Sum, cells: Mapping[str, Cell]) -> bool:
    """Tell whether a sum can hold, by what is known of each of its cells alone."""
    low = high = size = 0.0
    for name, times in [(each.total, -1.0), *each.parts.items()]:
        bounds = [times * bound for bound in _known(cells[name])]
        low, high = low + min(bounds), high + max(bounds)
        size += sum(abs(bound) for bound in bounds if np.isfinite(bound))
    slack = _SAME * max(1.0, size)
    return low <= slack and high >= -slack


def _known(cell: Cell) -> tuple[float, float]:
    if cell.told is not None:
        return cell.told
    return (cell.low, cell.high) if np.isnan(cell.value) else (cell.value, cell.value)


def _by_ages(figures: Sequence[Figure], counts: _Counts) -> Iterator[Additive]:
    """Yield each band that narrower ones make: they are ways between the same two birthdays."""
    aged = [(each, each.ages) for each in figures if each.ages is not None]
    ways: dict[int, dict[int, tuple[str, float]]] = {}
    for figure, ages in sorted(aged, key=lambda pair: (pair[1].years, pair[0].name)):
        start, end = ages.low, ages.high + 1
        parts = _way(ways, start, end)
        if parts is None:
            ways.setdefault(start, {})[end] = (figure.name, 1.0)
            ways.setdefault(end, {})[start] = (figure.name, -1.0)
        elif len(parts) > 1:
            made = _judged(figure.name, parts, counts, by_ages=True)
            if made.taken or made.holds > len(made.differs):
                yield made


def _way(
    ways: Mapping[int, Mapping[int, tuple[str, float]]], start: int, end: int
) -> dict[str, float] | None:
    """Return the bands that lead from one birthday to another, against their sense with -1."""
    came: dict[int, tuple[int, str, float] | None] = {start: None}
    queue = [start]
    for at in queue:
        for after, (name, sense) in ways.get(at, {}).items():
            if after not in came:
                came[after] = (at, name, sense)
                queue.append(after)
    if end not in came:
        return None
    parts: dict[str, float] = {}
    step = came[end]
    while step is not None:
        parts[step[1]] = step[2]
        step = came[step[0]]
    return parts


def _by_numbers(figures: Sequence[Figure], counts: _Counts) -> Iterator[Additive]:
    names = [each.name for each in figures if not each.by_units]
    for total in names:
        whole = counts.columns[total]
        within = {
            name: counts.columns[name] for name in names
            if name != total and _mostly_below(counts.columns[name], whole)
        }  # fmt: skip
        for parts in _tried(whole, within):
            made = _judged(total, dict.fromkeys(parts, 1.0), counts, by_ages=False)
            if made.taken or _doubtful(made):
                yield made


def _tried(whole: Floats, within: Mapping[str, Floats]) -> Iterator[tuple[str, ...]]:
    """Yield figures that may add up to another: a few in all ways, more by the best fit."""
    most = next((size for count, size in _SIZES if len(within) <= count), 2)
    for size in range(2, most + 1):
        yield from combinations(within, size)
    if len(within) > most:
        fitted = _fitted(whole, within)
        if len(fitted) > most:
            yield fitted


def _fitted(whole: Floats, within: Mapping[str, Floats]) -> tuple[str, ...]:
    """Return the figures that best add up to another: each 0 or 1 time, by least deviations.

    Communes where the sum fails, and hidden counts (small, and taken for 0), move it little.
    """
    from scipy.optimize import linprog  # noqa: PLC0415  (heavy)

    parts = np.column_stack(list(within.values()))
    rows = np.flatnonzero((whole > 0) & ~np.isnan(parts).all(axis=1))[:_FITTED]
    parts, total = np.nan_to_num(parts[rows]), whole[rows]
    if len(rows) < _TELLING:
        return ()
    count, unit = parts.shape[1], np.eye(len(total))
    solve: Any = linprog  # its stubs know no bounds as an array
    found = solve(
        np.r_[np.zeros(count), np.ones(len(total))],
        A_ub=np.block([[parts, -unit], [-parts, -unit]]), b_ub=np.r_[total, -total],
        bounds=[(0.0, 1.0)] * count + [(0.0, None)] * len(total),
    )  # fmt: skip
    if found.x is None:
        return ()
    return tuple(name for name, times in zip(within, found.x, strict=False) if times > _HALF)


def _mostly_below(part: Floats, whole: Floats) -> bool:
    both = ~np.isnan(part) & ~np.isnan(whole)
    people = int((part[both] > 0).sum())
    return people >= _TELLING and bool((part[both] <= whole[both]).mean() >= _DOUBTED)


def _doubtful(each: Additive) -> bool:
    telling = each.holds + len(each.differs)
    return telling >= _DOUBTING and each.holds >= _DOUBTED * telling


def _judged(total: str, parts: Mapping[str, float], counts: _Counts, *, by_ages: bool) -> Additive:
    """Hold a sum against the communes where all its figures are known and no mere zeros."""
    slack = counts.half[total] + sum(counts.half[part] for part in parts)
    whole = counts.columns[total]
    values = np.column_stack([counts.columns[part] for part in parts])
    off = np.abs(values @ np.array(list(parts.values())) - whole)
    told = ~np.isnan(off)
    if not by_ages:  # a figure beside zeros is equal to another, not a sum
        told &= ((values > 0).sum(axis=1) > 1) & (whole > 4 * slack)
    fine = told & (off <= slack + _SAME * np.maximum(1.0, np.abs(whole)))
    holds, telling = int(fine.sum()), int(told.sum())
    enough = by_ages or (holds >= _TELLING and bool(((values[fine] > 0).sum(axis=0) > 1).all()))
    return Additive(total, parts, by_ages, holds, tuple(map(str, counts.codes[told & ~fine])),
                    enough and holds >= _TAKEN * telling)  # fmt: skip


def _half(figure: Figure) -> float:
    step = None if figure.rule is None else figure.rule.rounding
    return 0.0 if step is None else step * figure.factor / 2
