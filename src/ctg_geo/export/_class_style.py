"""The classes of a result as QGIS draws them, those that are not shown under the sign of why."""

from collections.abc import Mapping, Sequence
from xml.etree import ElementTree as ET

import pandas as pd

from ctg_geo import labels
from ctg_geo.diagnosis import MapClass
from ctg_geo.export._unshown import BEYOND_LIMIT, SIGNS, Sign
from ctg_geo.export.palettes import NO_DATA, OUTLINE, class_colours, hatch_colour, is_dark
from ctg_geo.export.qml import fill, hatch, rgb, rules, symbol

__all__ = ["class_entries", "hatched_classes"]

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


def hatched_classes(entries: Sequence[Drawn], classes: Sequence[MapClass]) -> ET.Element:
    """Draw communes by their stored class, and a hatch over those whose verdict is fragile.

    The hatch is a rule of its own, so that QGIS counts it and one can put it out; every commune
    has its class as well, and one only.

    Parameters
    ----------
    entries : of `class_entries`
    """
    keys = ", ".join(f"'{value}'" for value, _, _ in entries if value)
    drawn = [
        (f"\"drawn\" = '{value}'" if value else f'"drawn" IS NULL OR "drawn" NOT IN ({keys})',
         said, each)
        for value, said, each in entries
    ]  # fmt: skip
    fragile = labels.text("certainty.fragile")
    over = (f"\"certainty_label\" = '{fragile}'", labels.text("map.fragile"), _fragile(classes))
    return rules([*drawn, over])


def _fragile(classes: Sequence[MapClass]) -> ET.Element:
    """Rule lines that show on the colour of the class, light or dark; dark ones in a legend."""
    colours = class_colours(classes)
    dark = [str(number) for number, colour in sorted(colours.items()) if is_dark(colour)]
    on_dark = f'coalesce("class" IN ({", ".join(dark)}), false)' if dark else "false"
    light, ink = (rgb(hatch_colour(ground)) for ground in ("#000000", "#ffffff"))
    return symbol("", "fill", hatch(light, on_dark), hatch(ink, f"NOT {on_dark}"))
