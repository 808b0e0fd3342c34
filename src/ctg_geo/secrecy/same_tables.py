"""The same figures under another name: another text for the vintage, another key.

Whoever holds two publications compares their figures, not the names that we give them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ctg_geo.secrecy.cells import Cell, Sum

__all__ = ["Alike", "alike", "tables_of"]

_SAME = 1e-9  # of a figure, and of 1
_OTHER_NAME_NEEDS = 3  # agreeing figures, for tables of different names
_OTHER_NAME_SHARE = 0.9

Table = dict[str, Cell]  # by code_insee


@dataclass(frozen=True, slots=True)
class Alike:
    """Two tables (figure@vintage) taken for one: `agree` of their shown figures are the same."""

    table: str
    other: str
    agree: int
    sums: tuple[Sum, ...]


def alike(own: Sequence[Cell], cells: Sequence[Cell]) -> list[Alike]:
    """Find tables that readers would take for the same one, and say that their cells are equal.

    Tables of one figure (two texts of a vintage) are the same unless most of what both show
    differs; tables of two figures only if nearly all of it agrees, on three communes at least.
    A figure of 0 proves nothing. In tables that are the same, a commune of which what is known
    differs is taken for corrected, and stays apart.

    Parameters
    ----------
    own : cells of the publication in preparation, named ``figure@vintage/commune``
    cells : those and what was published before (`ctg_geo.secrecy.joined`)

    Returns
    -------
    one entry per pair of tables, of which one at least is `own`

    Examples
    --------
    >>> past = [Cell("x@2023/a", 20.0, told=(20, 20)), Cell("x@2023/b", float("nan"), 5)]
    >>> now = [Cell("x@Caf 2023/a", 20.0, 5), Cell("x@Caf 2023/b", 9.0, 5)]
    >>> [(one.table, one.other, len(one.sums)) for one in alike(now, [*past, *now])]
    [('x@Caf 2023', 'x@2023', 2)]
    """
    every, ours = tables_of(cells), set(tables_of(own))
    found = []
    for table, other in _pairs(sorted(ours), sorted(every)):
        agree = _agreeing(every[table], every[other], same_figure=_figure(table) == _figure(other))
        if agree is not None:
            sums = tuple(_equal(every[table], every[other]))
            found.append(Alike(table, other, agree, sums))
    return [each for each in found if each.sums]


def _pairs(ours: Sequence[str], every: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield each pair of tables once, of which the first is ours."""
    for table in ours:
        for other in every:
            if other not in ours or other > table:
                yield table, other


def tables_of(cells: Sequence[Cell]) -> dict[str, Table]:
    """Return the cells of each table, by commune; cells of no commune are of none."""
    found: dict[str, Table] = {}
    for cell in cells:
        table, _, code = cell.name.rpartition("/")
        if "@" in table:
            found.setdefault(table, {})[code] = cell
    return found


def _figure(table: str) -> str:
    return table.partition("@")[0]


def _agreeing(one: Mapping[str, Cell], two: Mapping[str, Cell], *, same_figure: bool) -> int | None:
    """Count the figures that both show and that agree; None where the tables differ."""
    agree = differ = 0
    for code in one.keys() & two.keys():
        left, right = _told(one[code]), _told(two[code])
        if left is None or right is None:
            continue
        if not _meet(left, right):
            differ += 1
        elif left[1] > 0 or right[1] > 0:
            agree += 1
    if same_figure:
        return agree if agree >= differ else None
    enough = agree >= max(_OTHER_NAME_NEEDS, _OTHER_NAME_SHARE * (agree + differ))
    return agree if enough else None


def _equal(one: Mapping[str, Cell], two: Mapping[str, Cell]) -> Iterator[Sum]:
    for code in sorted(one.keys() & two.keys()):
        left, right = one[code], two[code]
        if _meet(_known(left), _known(right)):
            yield Sum(left.name, {right.name: 1.0})


def _told(cell: Cell) -> tuple[float, float] | None:
    """Return what showing a cell says; None where it cannot be shown, or is secret."""
    if cell.told is not None:
        return cell.told
    return None if np.isnan(cell.value) or cell.secret else (cell.value, cell.value)


def _known(cell: Cell) -> tuple[float, float]:
    if cell.told is not None:
        return cell.told
    return (cell.low, cell.high) if np.isnan(cell.value) else (cell.value, cell.value)


def _meet(one: tuple[float, float], two: tuple[float, float]) -> bool:
    slack = _SAME * max(1.0, abs(one[0]), abs(two[0]))
    return one[0] <= two[1] + slack and two[0] <= one[1] + slack
