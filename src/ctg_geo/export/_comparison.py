"""The table that compares the groups of communes."""

from collections.abc import Mapping, Sequence

from ctg_geo import labels
from ctg_geo.export._page_words import compared
from ctg_geo.export._paper import Column
from ctg_geo.export.palettes import RULE
from ctg_geo.export.publish import Publication

__all__ = ["BESIDE", "comparison", "write_table"]

BESIDE = 3  # groups, beyond which they stand one under the other
_SIZE, _LINE = 7.8, 10.2  # of the type, points
_FIRST = {True: 0.47, False: 0.34}  # share of the first column: measures, or groups


def comparison(column: Column, publication: Publication) -> None:
    """Write the table: measures by row and groups by column, or the reverse if many."""
    if publication.grouping is None:
        return
    measures, rows = compared(publication)
    write_table(column, measures, rows, beside=len(rows) - 1 <= BESIDE)


def write_table(
    column: Column, measures: Sequence[str], rows: Mapping[str, Sequence[str]], *, beside: bool
) -> None:
    """Write a table of comparison down a column.

    Parameters
    ----------
    measures : what to call each number
    rows : by name of the group, its numbers in words, one for each measure
    beside : groups by column; else by row
    """
    cells = [["", *measures], *([name, *numbers] for name, numbers in rows.items())]
    if beside:
        cells = [list(each) for each in zip(*cells, strict=True)]
    column.say(labels.text("map.comparison"), 9, bold=True)
    column.skip(2)
    for at, row in enumerate(cells):
        _row(column, row, first=_FIRST[beside], bold=at == 0)
    column.skip(9)


def _row(column: Column, row: list[str], *, first: float, bold: bool) -> None:
    """Write one row, its cells wrapped, with a rule above (heavier under the heads)."""
    paper, size = column.paper, _SIZE - 0.6 if bold else _SIZE
    step = column.width * (1 - first) / (len(row) - 1)
    head = paper.wrapped(row[0], size, column.width * first - 4)
    cells = [paper.wrapped(cell, size, step - 4, bold=bold) for cell in row[1:]]
    lines = max(len(each) for each in (head, *cells))
    if not bold:
        paper.line([column.left, column.right], [column.y - 0.8] * 2, RULE, 0.5)
    for at, line in enumerate(head):
        paper.write(column.left, column.y + at * _LINE, line, size)
    for number, cell in enumerate(cells, start=1):
        edge = column.left + column.width * first + step * number
        top = column.y + (lines - len(cell)) * _LINE if bold else column.y
        for at, line in enumerate(cell):
            paper.write(edge, top + at * _LINE, line, size, bold=bold, align="right")
    column.skip(lines * _LINE + 2.4)
