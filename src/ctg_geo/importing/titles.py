"""Rows of titles: one, or two where a title stands over several; and whose columns they are."""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from ctg_geo import labels
from ctg_geo.importing.grid import Grid, column_letter
from ctg_geo.importing.headings import field_of, fields_of, known_title

__all__ = ["LONGEST", "NUMBER", "candidates", "columns_beside", "joined", "unique"]

LONGEST: Final = 60  # signs of a title
NUMBER: Final = re.compile(r"[-+]?[0-9\s\u00a0\u202f.,%]+")
_YEAR: Final = re.compile(r"(?:19|20)[0-9]{2}")
_ROWS_SEEN: Final = 40
_FEWEST_UNDER: Final = 2  # columns that a title stands over
_SHARED: Final = frozenset((  # what a second table says again of its own places
    "commune", "address", "code_insee", "postcode", "capacity", "position", "hours",
))  # fmt: skip


def candidates(grid: Grid) -> list[tuple[int, int, float]]:
    """Score each of the first rows as titles, alone and with the row below it.

    Returns
    -------
    first row, last row (positions), and how many known titles they hold
    """
    found = []
    seen = grid.filled[: _ROWS_SEEN + 1]
    for at in seen[:-1]:  # titles stand above something
        alone = _score(grid.rows[at])
        found.append((at, at, alone))
        if at + 1 not in seen:
            continue
        below = grid.rows[at + 1]
        both = _score(joined(grid, at, at + 1))
        if at + 1 != seen[-1] and alone >= 1 and _stands_over(grid, at):
            found.append((at, at + 1, max(alone, both) + 1))
        elif both > max(alone, _score(below)) + 0.9 and not any(map(NUMBER.fullmatch, below)):
            found.append((at, at + 1, both))
    return found


def joined(grid: Grid, first: int, last: int) -> list[str]:
    """Join the rows of titles; one that stands over several columns is said for each of them."""
    lines = []
    for at in range(first, last + 1):
        line = [" ".join(cell.split()) for cell in grid.rows[at]]
        if at < last:
            for column in _covered(grid, at):
                line[column] = line[column] or line[column - 1]
        lines.append(line)
    return [
        " ".join(dict.fromkeys(part for part in parts if part))
        for parts in zip(*lines, strict=True)
    ]


def unique(
    titles: Sequence[str], columns: Sequence[int]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Give a name to columns without title, and tell apart titles that stand twice.

    Returns
    -------
    the titles, all different; those that were changed
    """
    made, renamed = list[str](), list[str]()
    for title, column in zip(titles, columns, strict=True):
        plain = title or labels.text("import.untitled", letter=column_letter(column))
        name, number = plain, 1
        while name in made or (name != title and name in titles):
            number += 1
            name = f"{plain} ({number})"
        if name != title:
            renamed.append(name)
        made.append(name)
    return tuple(made), tuple(renamed)


def columns_beside(titles: Sequence[str], columns: Sequence[int]) -> list[int]:
    """Find the columns of other tables beside the main one, by their position in `titles`.

    A table begins where the name of a place is asked for again, or at the blank column before,
    if it then asks again where it is, or how large. The main one knows the most titles.

    Parameters
    ----------
    titles : of the columns kept, "" for none
    columns : their positions in the sheet, which tell the blank ones

    Examples
    --------
    >>> columns_beside(["Nom", "Ville", "Places", "N°", "Structure", "Commune"], [0, 1, 2, 4, 5, 6])
    [3, 4, 5]
    """
    fields = [field_of(title) for title in titles]
    named = [at for at, title in enumerate(titles) if fields_of(title).get("nom") == "exact"]
    starts = [0]
    for before, at in pairwise(named):
        gaps = [each for each in range(before + 1, at + 1) if columns[each] - columns[each - 1] > 1]
        start = gaps[-1] if gaps else at
        if _SHARED & set(fields[start:]) & set(fields[starts[-1] : start]):
            starts.append(start)
    tables = [range(a, b) for a, b in pairwise([*starts, len(titles)])]
    main = max(tables, key=lambda table: sum(known_title(titles[at]) for at in table))
    return [at for table in tables if table is not main for at in table]


def _score(cells: Sequence[str]) -> float:
    there = list(dict.fromkeys(cell for cell in cells if cell and len(cell) <= LONGEST))
    return sum(1.0 if known_title(cell) else 0.4 * bool(fields_of(cell)) for cell in there)


def _covered(grid: Grid, at: int) -> list[int]:
    """Return the columns under a title that stands further left: merged cells, or blank ones.

    In a text file nothing tells merged cells: a blank cell with something below it, right of a
    title with something below it, is one.
    """
    row, below = grid.rows[at], grid.rows[at + 1]
    merged = {
        column for span in grid.spans if span.top == at
        for column in range(span.left + 1, min(span.right + 1, len(row)))
    }  # fmt: skip
    found = []
    for column in range(1, len(row)):
        left = row[column - 1] or column - 1 in found
        under = below[column] and below[column - 1]
        if not row[column] and (column in merged or (not grid.spans and left and under)):
            found.append(column)
    return found


def _usual(cells: Sequence[str]) -> bool:
    """Tell whether cells hold the usual titles of two fields, one that a list of places repeats."""
    fields = {field_of(cell) for cell in cells if known_title(cell)}
    return len(fields) >= _FEWEST_UNDER and bool(fields & _SHARED)


def _stands_over(grid: Grid, at: int) -> bool:
    """Tell whether a row and the one below it are titles by their shape.

    All that the row below says of its own then stands under titles over several columns, or it
    says usual titles ("Nom" under "Structure"), and is no number but a year.
    """
    row, below = grid.rows[at], grid.rows[at + 1]
    covered = set(_covered(grid, at))
    under = covered | {column - 1 for column in covered}
    own = [
        column for column, cell in enumerate(below)
        if cell and (at + 1, column) not in grid.repeated
    ]  # fmt: skip
    outside = any(cell and column not in under for column, cell in enumerate(row))
    return (
        len(own) >= _FEWEST_UNDER
        and outside
        and (set(own) <= under or (bool(covered) and _usual([below[column] for column in own])))
        and all(
            len(below[column]) <= LONGEST
            and (not NUMBER.fullmatch(below[column]) or _YEAR.fullmatch(below[column]))
            for column in own
        )
    )
