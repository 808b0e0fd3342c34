"""Figures of published layers as they are read in a table: French numbers, or why there is none."""

import math
import re
from collections.abc import Sequence
from typing import Final

from ctg_geo import labels
from ctg_geo.documents.parts import Table
from ctg_geo.documents.published import Layer, Sheet
from ctg_geo.export.sheets import counted

__all__ = ["cut_at", "decimals_of", "said", "spaced", "table_of", "table_of_sheet"]

_WHOLE: Final = frozenset((
    "rank", "class", "population", "demand", "concerned", "places", "places_here", "communes",
    "number", "hidden", "share_below", "missing", "supply_here", "places_to_add", "score",
    "people", "zone", "area_km2", "supply",
))  # fmt: skip
_NUMBER: Final = re.compile(r"(?:-?[0-9]+(?:,[0-9]+)?)?")
_WIDE: Final = 8  # columns
_FEW: Final = 3  # rows
_SPARED: Final = 3  # rows: a cut that hides so few is not made
_TWO: Final = frozenset(("gap_distance", "gap_saturation", "gap_lack"))


def cut_at(count: int, most: int) -> int:
    """Return how many of so many rows are shown: the `most` first, all where few more are left.

    Examples
    --------
    >>> cut_at(13, 12), cut_at(15, 12), cut_at(16, 12)
    (13, 15, 12)
    """
    return count if count <= most + _SPARED else most


def decimals_of(column: str) -> int:
    """Return how many decimals a column is read with."""
    if column == "certainty":
        return 3  # a share of the draws, or of the variants
    return 0 if column in _WHOLE else 2 if column in _TWO else 1


def said(value: object, decimals: int) -> str:
    """Write a cell: a number in French, a dash where there is none, text as it is."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return counted(float(value), decimals)
    return value if isinstance(value, str) and value else labels.number(math.nan)


def table_of(
    layer: Layer, columns: Sequence[str], caption: str, *, most: int | None = None
) -> Table:
    """Make a table of the columns of a layer that are there; the `most` first rows only."""
    kept = [each for each in columns if each in layer.table.columns]
    shown = layer.table[kept].head(most) if most is not None else layer.table[kept]
    rows = tuple(
        tuple(said(value, decimals_of(name)) for name, value in zip(kept, row, strict=True))
        for row in shown.itertuples(index=False, name=None)
    )
    numeric = tuple(shown[name].dtype.kind in "fiu" for name in kept)
    return Table(caption, tuple(layer.titles[each] for each in kept), rows, numeric)


def table_of_sheet(sheet: Sheet, caption: str) -> Table:
    """Make a table of a published sheet, columns that are blank throughout left out."""
    kept = [at for at in range(len(sheet.titles)) if any(row[at] for row in sheet.rows)]
    numeric = tuple(
        sheet.titles[at] != labels.text("columns.code_insee")
        and all(_NUMBER.fullmatch(row[at]) for row in sheet.rows)
        for at in kept
    )
    rows = tuple(
        tuple(
            spaced(row[at]) if right else row[at] for at, right in zip(kept, numeric, strict=True)
        )
        for row in sheet.rows
    )
    table = Table(caption, tuple(sheet.titles[at] for at in kept), rows, numeric)
    return _turned(table) if len(kept) > _WIDE and len(rows) <= _FEW else table


def _turned(table: Table) -> Table:
    """Stand a wide table of a few rows on its side: a row each for its columns."""
    first, *others = table.titles
    rows = [(title, *(row[at] for row in table.rows)) for at, title in enumerate(others, start=1)]
    titles = (first, *(row[0] for row in table.rows))
    return Table(table.caption, titles, rows, (False, *(True for _ in table.rows)))


def spaced(cell: str) -> str:
    """Write a number of a spreadsheet as it is read: the same decimals, thousands apart."""
    if not cell:
        return labels.number(math.nan)
    return labels.number(float(cell.replace(",", ".")), len(cell.partition(",")[2]))
