"""What the typeface of pictures can draw of a text.

Imported by pages only, since matplotlib is heavy.
"""

import unicodedata
from collections.abc import Mapping
from functools import cache
from typing import Final

from matplotlib.font_manager import FontProperties, findfont, get_font

from ctg_geo import labels

__all__ = ["FAMILY", "drawable"]

FAMILY: Final = "DejaVu Sans"
_UNKNOWN: Final = "\u25a1"  # a square, as browsers show a sign that they lack
_UNSEEN: Final = ("Cc", "Cf", "Cs", "Mn")  # controls, joiners, marks that turn the text around
_BLANK: Final = ("Zs", "Zl", "Zp")


def drawable(text: str) -> str:
    r"""Return a text as one line of signs that the typeface has, in French print.

    Examples
    --------
    >>> drawable("Les Lutins\u202e\n\U0001f9f8")
    'Les Lutins □'
    >>> drawable("Saint-Laurent-d'Onay")
    'Saint-Laurent-d’Onay'
    """
    text = labels.typeset(text)
    return text if text.isascii() and text.isprintable() else text.translate(_Signs())


class _Signs(dict[int, str]):
    """Each sign as it is drawn, looked up as it comes."""

    def __missing__(self, sign: int) -> str:
        return _drawn(sign)


@cache
def _drawn(sign: int) -> str:
    letter = chr(sign)
    if letter in "\n\r\t\v\f":
        return " "
    kind = unicodedata.category(letter)
    if sign in _known() and kind not in ("Cc", "Cf", "Cs"):
        return letter
    if kind in _UNSEEN:
        return ""
    return " " if kind in _BLANK else _UNKNOWN


@cache
def _known() -> Mapping[int, int]:
    """Return the signs that the typeface has, in both weights alike."""
    plain, bold = (
        get_font(findfont(FontProperties(family=FAMILY, weight=weight))).get_charmap()
        for weight in ("normal", "bold")
    )
    return {sign: glyph for sign, glyph in plain.items() if sign in bold}
