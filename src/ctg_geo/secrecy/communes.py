"""Publications on the communes of other years: what merged is the sum of what it was made of."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ctg_geo.secrecy.additive import possible
from ctg_geo.secrecy.cells import Cell, Sum
from ctg_geo.secrecy.register import Published
from ctg_geo.territory import Moves
from ctg_geo.territory.steps import Step, january

__all__ = ["Change", "aligned", "merged_sums"]


@dataclass(frozen=True, slots=True)
class Change:
    """Communes as a publication names them, and what they are together in the study."""

    then: tuple[str, ...]  # codes marked with their end, as `aligned` names their cells
    now: tuple[str, ...]


def aligned(
    past: Sequence[Published], own: Sequence[Cell], moves: Moves
) -> tuple[list[Published], list[Change]]:
    """Give other names to the cells of communes that are not those of the study.

    The communes of a publication are those of the years in which all its codes exist, by the
    events known; where the year of the study is one of them, nothing changes. A commune that
    kept its code through a merger is another one, and gets a name that says so.

    Parameters
    ----------
    past : the register
    own : cells of the publication in preparation, named ``figure@vintage/commune``
    moves : events of communes, and the year of those of the study

    Returns
    -------
    the register, and the changes between its communes and those of the study
    """
    here = _codes(cell.name for cell in own)
    renamed, changes = [], dict[Change, None]()
    for publication in past:
        found = list(_changes(publication, here, moves))
        names = {code: marked for then, _, marks in found
                 for code, marked in zip(then, marks, strict=True)}  # fmt: skip
        renamed.append(_named(publication, names))
        changes |= {Change(marks, now): None for _, now, marks in found}
    return renamed, list(changes)


def merged_sums(
    changes: Sequence[Change], pairs: Collection[tuple[str, str]], cells: Sequence[Cell]
) -> tuple[list[Cell], list[Sum]]:
    """Say that communes have the same people in all before a change as after it.

    Parameters
    ----------
    changes : of communes
    pairs : tables (figure@vintage) taken for the same one, that of the study first
    cells : of the study and of the register

    Returns
    -------
    the cells, with those of communes that no publication names (unknown), and the sums. A
    figure of the study that is secret for one of its parts is no secret of its own: the part is.
    """
    known = {cell.name: cell for cell in cells}
    sums = []
    for change in changes:
        for own, other in sorted(pairs):
            now = [f"{own}/{code}" for code in change.now]
            then = [f"{other}/{code}" for code in change.then]
            if not any(name in known for name in now) or not any(name in known for name in then):
                continue
            extra = {name: Cell(name, float("nan")) for name in (*now, *then) if name not in known}
            made = Sum(then[0], {**dict.fromkeys(now, 1.0), **dict.fromkeys(then[1:], -1.0)})
            if not possible(made, {**known, **extra}):
                continue  # other figures: corrected, or not of the same people
            sums.append(made)
            known |= extra
            if any(known[name].secret for name in then):
                known |= {name: replace(known[name], secret=False) for name in now
                          if len(now) == 1 and _lost(known[name])}  # fmt: skip
    return list(known.values()), sums


def _lost(cell: Cell) -> bool:
    return bool(np.isnan(cell.value)) and cell.told is None


def _changes(
    publication: Published, here: Collection[str], moves: Moves
) -> Iterator[tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]]:
    """Yield communes of a publication, those of the study they make, and their marked codes."""
    there = _codes((*publication.shown, *publication.hidden))
    end = moves.steps.upto(None if moves.to is None else moves.target)
    begin = _stand(there, moves, end)
    if begin == end:
        return
    early, late = min(begin, end), max(begin, end)
    for before, after in _grouped(moves, early, late):
        then, now = (before, after) if begin < end else (after, before)
        if any(code in there for code in then) and any(code in here for code in now):
            steps = moves.steps.steps[early:late]
            yield then, now, tuple(_marked(code, steps, past=begin < end) for code in then)


def _stand(codes: Collection[str], moves: Moves, end: int) -> int:
    """Return how many steps the communes of a publication have behind them; `end` if it may be."""
    steps = moves.steps
    undated = [step for step in steps.steps if not step.date]
    if any(code in step.onto and code not in step.onto[code]
           for step in undated for code in codes):  # fmt: skip
        return 0
    looks = moves.vintage(codes, complete=True)
    low = 0 if looks.low is None else steps.upto(january(looks.low))
    high = len(steps.steps) if looks.high is None else steps.upto(january(looks.high))
    return min(max(end, low), high)


def _marked(code: str, steps: Sequence[Step], *, past: bool) -> str:
    """Name a commune by its code and the event that ended it, or that made it."""
    dates = [step.date for step in steps if code in step.onto or code in step.back]
    return f"{code} (avant {dates[0]})" if past else f"{code} (depuis {dates[-1]})"


def _grouped(
    moves: Moves, early: int, late: int
) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Yield groups of communes before some steps, and those with the same people after them."""
    groups: list[tuple[set[str], set[str]]] = []
    for step in moves.steps.steps[early:late]:
        links = [({code}, set(targets)) for code, targets in step.onto.items()]
        links += [(set(parts), {code}) for code, parts in step.back.items()]
        for before, after in _united(links):
            met = [each for each in groups if each[1] & before]
            groups = [each for each in groups if not each[1] & before]
            fresh = before.difference(*(each[1] for each in met))
            groups.append((
                fresh.union(*(each[0] for each in met)),
                after.union(*(each[1] - before for each in met)),
            ))  # fmt: skip
    yield from ((tuple(sorted(then)), tuple(sorted(now))) for then, now in groups)


def _united(links: Sequence[tuple[set[str], set[str]]]) -> list[tuple[set[str], set[str]]]:
    """Unite links that share a commune after: those that share one before share one with it."""
    found: list[tuple[set[str], set[str]]] = []
    for before, after in links:
        met = [each for each in found if each[1] & after]
        found = [each for each in found if each not in met]
        found.append((
            before.union(*(each[0] for each in met)), after.union(*(each[1] for each in met)),
        ))  # fmt: skip
    return found


def _codes(names: Iterator[str] | Sequence[str]) -> set[str]:
    return {name.rpartition("/")[2] for name in names if "@" in name.rpartition("/")[0]}


def _named(publication: Published, marked: Mapping[str, str]) -> Published:
    """Return a publication with the marked codes in the names of its cells."""
    if not marked:
        return publication

    def name(cell: str) -> str:
        table, _, code = cell.rpartition("/")
        return f"{table}/{marked[code]}" if "@" in table and code in marked else cell

    return replace(
        publication,
        shown={name(cell): told for cell, told in publication.shown.items()},
        hidden={name(key): replace(cell, name=name(key))
                for key, cell in publication.hidden.items()},
        relations=tuple({name(cell): times for cell, times in each.items()}
                        for each in publication.relations),
    )  # fmt: skip
