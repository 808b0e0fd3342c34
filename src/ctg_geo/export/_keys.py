"""Lines of a legend: a key on the left, words beside it, a number on the right."""

from collections.abc import Callable, Sequence
from typing import Final

from ctg_geo import labels
from ctg_geo.export import palettes
from ctg_geo.export._paper import Column

__all__ = ["GAP", "KEY", "SIZE", "STEP", "count_of", "entry", "limits", "swatch"]

KEY, GAP, STEP = 27.0, 8.0, 15.0  # width of a swatch, space after it, line height, points
SIZE: Final = 8.2


def count_of(count: int) -> str:
    """Write a number of communes."""
    return labels.text("map.count" if count > 1 else "map.count_few", count=count)


def entry(
    column: Column, said: str, sign: Callable[[float], object], *, colour: str = palettes.INK
) -> None:
    """Write one line of legend; `sign` draws its key around a height."""
    sign(column.y + STEP / 2)
    top = column.y
    column.skip(2)
    column.say(said, SIZE, colour=colour, indent=KEY + GAP)
    column.y = max(column.y + 0.5, top + STEP)


def swatch(
    column: Column, colour: str, y: float, *, hatch: str | None = None, part: float = 1.0,
    start: float = 0.0, edge: str = "#8a8a8a",
) -> None:  # fmt: skip
    """Draw a rectangle of colour, or of hatch, around a height of the column."""
    height = STEP - 4
    column.paper.rectangle(
        column.left + start * KEY, y - height / 2, KEY * part, height, colour, edgecolor=edge,
        linewidth=0.5, hatch=hatch,
    )  # fmt: skip


def limits(column: Column, names: Sequence[str], label: str) -> None:
    """Explain the line between groups, if there are two at least.

    Parameters
    ----------
    names : of the groups, in order
    label : what to call a group
    """
    if len(names) < 2:  # noqa: PLR2004
        return
    said = (
        labels.text("map.boundary", groups=" / ".join(names))
        if len(names) == 2  # noqa: PLR2004
        else labels.text("map.boundary_many", grouping=label)
    )
    entry(column, said, lambda y: column.paper.line(
        [column.left, column.left + KEY], [y, y], palettes.BOUNDARY, 2.2,
        linestyle=(0, (4.5, 1.6))))  # fmt: skip
