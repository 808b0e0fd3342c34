"""The tinted band under a title: what on the page is estimated."""

from ctg_geo.export import palettes
from ctg_geo.export._paper import Column

__all__ = ["band"]


def band(column: Column, said: str, *, loud: str = "") -> None:
    """Write a caveat on a tinted band; `loud` goes above it, in large type."""
    top = column.y
    inside = Column(column.paper, column.left + 14, column.width - 24, top + 5)
    if loud:
        inside.say(loud.upper(), 13, bold=True, colour=palettes.BOUNDARY)
    inside.say(said, 8.6, bold=True, colour=palettes.BOUNDARY)
    height = inside.y + 4 - top
    tint = palettes.SCHEMATIC if loud else palettes.CAVEAT
    column.paper.rectangle(column.left, top, column.width, height, tint)
    column.paper.rectangle(column.left, top, 5, height, palettes.BOUNDARY)
    column.skip(height)
