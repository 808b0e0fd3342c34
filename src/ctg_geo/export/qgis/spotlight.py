"""Styles that show one commune, that of the sheet being made, and dim the others."""

from collections.abc import Mapping, Sequence
from typing import Final

from ctg_geo.export.palettes import BEYOND, BOUNDARY, INK
from ctg_geo.export.place_layers import place_marks
from ctg_geo.export.qgis.sheet_page import THIS_COMMUNE
from ctg_geo.export.qml import clear, fill, inverted, qml, rgb, rules, symbol

__all__ = ["here_style", "places_style", "spotlight_style"]

_VEIL = 0.55  # opacity of what covers the other communes
_ALONE: Final = "count(1, group_by := concat(round($x), ' ', round($y))) = 1"


def spotlight_style(titles: Mapping[str, str]) -> str:
    """Return the QML of a veil over all but the commune, which it outlines."""
    drawn = fill(clear(BEYOND, _VEIL), rgb(INK), width=0.8)
    return qml(inverted(rules([(THIS_COMMUNE, "", symbol("0", "fill", drawn))])), titles)


def here_style(titles: Mapping[str, str]) -> str:
    """Return the QML of the commune in one strong colour, for a small map."""
    drawn = fill(rgb(BOUNDARY), rgb(BOUNDARY), width=0.6)
    return qml(rules([(THIS_COMMUNE, "", symbol("0", "fill", drawn))]), titles)


def places_style(services: Sequence[str], titles: Mapping[str, str]) -> str:
    """Return the QML of places: those of the commune over all others, and alone to be named.

    Of places at one point none is named: nobody could tell whose name is whose.

    Parameters
    ----------
    services : labels of all, in order
    """
    named = f'CASE WHEN {THIS_COMMUNE} THEN CASE WHEN {_ALONE} THEN "place_nom" END END'
    over = f"CASE WHEN {THIS_COMMUNE} THEN 1 ELSE 0 END"
    return place_marks(services, titles, named=named, over=over)
