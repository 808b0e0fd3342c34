"""The classes of a result as QGIS draws them, those that are not shown under the sign of why."""

from collections.abc import Mapping, Sequence
from xml.etree import ElementTree as ET

import pandas as pd

from ctg_geo import labels
from ctg_geo.diagnosis import MapClass
from ctg_geo.export._unshown import BEYOND_LIMIT, SIGNS, Sign
from ctg_geo.export.palettes import NO_DATA, OUTLINE, class_colours
from ctg_geo.export.qml import fill, rgb, symbol

__all__ = ["class_entries"]

Drawn = tuple[str, str, ET.Element]


def class_entries(
    classes: Sequence[MapClass], names: Mapping[int, str], keys: pd.Series
) -> list[Drawn]:
    """Return the value, the words and the symbol of each class, and one for communes without.

    Where people are secret or unknown the same classes come again under a hatch: the class
    tells of the place, the hatch that its people are not shown.

    Parameters
    ----------
    names : by number of a class, what it is called
    keys : how each commune is drawn, as `drawn_keys` and `state_keys` say
    """
    colours, there = class_colours(classes), set(keys.dropna())

    def plain(each: MapClass) -> Drawn:
        drawn = symbol("", "fill", fill(rgb(colours[each.number]), rgb(OUTLINE)))
        return str(each.number), _level_words(names[each.number], each.level), drawn

    entries = [plain(each) for each in classes]
    if f"0 {BEYOND_LIMIT.status}" in there:
        entries.insert(0, _signed(plain(classes[0]), BEYOND_LIMIT))
    last = symbol("", "fill", fill(rgb(NO_DATA), rgb(OUTLINE)))
    entries.append(("", labels.text("map.unknown"), last))
    entries += [_signed(plain(each), sign) for sign in SIGNS for each in classes
                if f"{each.number} {sign.status}" in there]  # fmt: skip
    for number, (_, _, drawn) in enumerate(entries):
        drawn.set("name", str(number))
    return entries


def _level_words(said: str, level: int) -> str:
    """Say of a class whether it is below the norm or above; nothing more without a norm."""
    if not level:
        return said
    return f"{said} ({labels.text('map.below' if level < 0 else 'map.above')})"


def _signed(plain: Drawn, sign: Sign) -> Drawn:
    """Return a class under a hatch."""
    number, label, drawn = plain
    drawn.append(fill("34,38,43,150", rgb(OUTLINE), brush=sign.brush))
    return f"{number} {sign.status}", f"{label} – {labels.text(sign.legend)}", drawn
