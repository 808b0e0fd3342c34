"""Colours of the maps: read in greyscale and by colour-blind readers, no red against green."""

from collections.abc import Sequence
from typing import Final

from ctg_geo.diagnosis import MapClass

__all__ = ["AROUND", "INK", "NO_DATA", "OUTLINE", "PLACE", "class_colours"]

INK: Final = "#22262b"
OUTLINE: Final = "#ffffff"
AROUND: Final = "#eceae6"
NO_DATA: Final = "#c9c9c9"
PLACE: Final = "#1d1d1b"

# Diverging around the norm: browns below (the darker the worse), blues above.
_BELOW = ("#f6d7a7", "#e9a75a", "#c8702c", "#7f3b08")
_ABOVE = ("#d3e3ef", "#93bdd9", "#4f8fbf", "#2b6799", "#143f66")


def class_colours(classes: Sequence[MapClass]) -> dict[int, str]:
    """Return the colour of each class number: the further from the norm, the darker."""
    below = sorted((each for each in classes if each.level < 0), key=lambda each: -each.level)
    above = sorted((each for each in classes if each.level > 0), key=lambda each: each.level)
    colours = dict(zip((each.number for each in below), _spread(_BELOW, len(below)), strict=True))
    colours.update(zip((each.number for each in above), _spread(_ABOVE, len(above)), strict=True))
    return colours


def _spread(colours: Sequence[str], count: int) -> list[str]:
    """Pick `count` colours over the whole range."""
    if count <= 1:
        return [colours[len(colours) // 2]] * count
    step = (len(colours) - 1) / (count - 1)
    return [colours[round(at * step)] for at in range(count)]
