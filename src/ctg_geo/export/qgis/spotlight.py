"""Styles that show one commune, that of the sheet being made, and dim the others."""

from collections.abc import Mapping

from ctg_geo.export.palettes import BEYOND, BOUNDARY, INK
from ctg_geo.export.qgis.sheet_page import THIS_COMMUNE
from ctg_geo.export.qml import clear, fill, inverted, qml, rgb, rules, symbol

__all__ = ["here_style", "spotlight_style"]

_VEIL = 0.55  # opacity of what covers the other communes


def spotlight_style(titles: Mapping[str, str]) -> str:
    """Return the QML of a veil over all but the commune, which it outlines."""
    drawn = fill(clear(BEYOND, _VEIL), rgb(INK), width=0.8)
    return qml(inverted(rules([(THIS_COMMUNE, "", symbol("0", "fill", drawn))])), titles)


def here_style(titles: Mapping[str, str]) -> str:
    """Return the QML of the commune in one strong colour, for a small map."""
    drawn = fill(rgb(BOUNDARY), rgb(BOUNDARY), width=0.6)
    return qml(rules([(THIS_COMMUNE, "", symbol("0", "fill", drawn))]), titles)
