"""Colours of the maps: read in greyscale and by colour-blind readers, no red against green."""

from collections.abc import Sequence
from typing import Final

from ctg_geo.diagnosis import MapClass

__all__ = [
    "AROUND",
    "BEYOND",
    "BOUNDARY",
    "CAVEAT",
    "CHANGES",
    "FALLS",
    "GREY",
    "INK",
    "KINDS",
    "NO_DATA",
    "OUTLINE",
    "PLACE",
    "RISES",
    "RULE",
    "SCHEMATIC",
    "STOP",
    "TYPES",
    "ZONE",
    "class_colours",
    "hatch_colour",
    "is_dark",
    "people_colours",
]

INK: Final = "#22262b"
GREY: Final = "#565b61"
RULE: Final = "#b5b1a9"
OUTLINE: Final = "#ffffff"
AROUND: Final = "#eceae6"
BEYOND: Final = "#f8f7f5"
NO_DATA: Final = "#c9c9c9"
PLACE: Final = "#1d1d1b"
BOUNDARY: Final = "#7a1f5c"
ZONE: Final = "#8c1d18"
TYPES: Final = ("#4477aa", "#ee6677", "#228833", "#ccbb44", "#66ccee", "#aa3377", "#8d6e4f")
CAVEAT: Final = "#f6ecf2"
SCHEMATIC: Final = "#f3d9e8"

STOP: Final = "#a01f5f"  # a mobile stop

# Kinds of communes of the analyses: the more a family lacks, the darker.
KINDS: Final = {
    "within": "#dcebf5", "stop_only": "#eec98f", "beyond": "#9f5017", "beyond_village": "#803c0d",
    "beyond_town": "#cf9468", "far_fragile_always": "#451d33", "far_fragile": "#8d4b68",
    "far": "#7f9fc0", "fragile": "#e5b878", "neither": "#f1ede4",
}  # fmt: skip

# What is missing, from one date to another.
CHANGES: Final = {"less": "#6da4cd", "same": "#f1ede4", "more": "#9f5017"}

FALLS: Final = ("#bfd9ec", "#6da4cd", "#2a6496")  # by size
RISES: Final = ("#e3b58c", "#bf6622", "#803c0d")

# Diverging around the norm: browns below (the darker the worse), blues above. Lightness
# (CIELAB) runs from 26 to 56 in the browns and from 92 to 59 in the blues, so that even in
# greyscale every class below the norm is darker than every class above it.
_BELOW = ("#bf6622", "#9f5017", "#803c0d", "#602904")
_ABOVE = ("#dcebf5", "#bfd9ec", "#a3c7e2", "#88b6d8", "#6da4cd")
# Without a norm: one hue, the longer the darker.
_PLAIN = ("#3f2255", "#57356f", "#6f4a88", "#87609f", "#9f79b4", "#b795c8", "#cfb3da", "#e9deef")
_PEOPLE = ("#123f5a", "#2b6384", "#5289a9", "#82afc9", "#b9d4e3", "#e6f0f5")  # of a theme
_DARK = 0.42  # luma under which a pattern shows better in white


def class_colours(classes: Sequence[MapClass]) -> dict[int, str]:
    """Return the colour of each class number: the further from the norm, the darker."""
    below = sorted((each for each in classes if each.level < 0), key=lambda each: -each.level)
    above = sorted((each for each in classes if each.level > 0), key=lambda each: each.level)
    colours = dict(zip((each.number for each in below), _spread(_BELOW, len(below)), strict=True))
    plain = [each for each in classes if each.level == 0]
    colours.update(zip((each.number for each in plain), _spread(_PLAIN, len(plain)), strict=True))
    colours.update(zip((each.number for each in above), _spread(_ABOVE, len(above)), strict=True))
    return colours


def hatch_colour(colour: str) -> str:
    """Colour of the hatch that shows on a fill without hiding it; the last two digits are opacity.

    Examples
    --------
    >>> hatch_colour("#6b3106"), hatch_colour("#dcebf5")
    ('#ffffffb8', '#22262b80')
    """
    return "#ffffffb8" if is_dark(colour) else "#22262b80"


def is_dark(colour: str) -> bool:
    """Tell whether a pattern on this colour (`#rrggbb`) should be light.

    Examples
    --------
    >>> is_dark("#6b3106"), is_dark("#dcebf5")
    (True, False)
    """
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return 0.299 * red + 0.587 * green + 0.114 * blue < _DARK


def _spread(colours: Sequence[str], count: int) -> list[str]:
    """Pick `count` colours over the whole range."""
    if count <= 1:
        return [colours[len(colours) // 2]] * count
    step = (len(colours) - 1) / (count - 1)
    return [colours[min(round(at * step), len(colours) - 1)] for at in range(count)]


def people_colours(numbers: Sequence[int]) -> dict[int, str]:
    """Return the colour of each class of people, the larger the darker.

    Parameters
    ----------
    numbers : of the classes, the largest people first
    """
    return dict(zip(numbers, _spread(_PEOPLE, len(numbers)), strict=True))
