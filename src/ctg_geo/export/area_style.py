"""How isochrones look in QGIS: the shorter the time, the darker; see-through, on any map."""

from collections.abc import Mapping, Sequence
from xml.etree import ElementTree as ET

from ctg_geo import labels
from ctg_geo.export.qml import fill, qml, rgb, symbol

__all__ = ["area_style"]

# Blues of even lightness steps, dark to light: they read in grey too.
_COLOURS = ("#1f4e79", "#3c77a8", "#6da4cd", "#a3c7e2", "#dcebf5")
_OUTLINE = "#27476b"


def area_style(minutes: Sequence[float], titles: Mapping[str, str]) -> str:
    """Return the QML of areas, one category per time.

    Parameters
    ----------
    minutes : the times there are
    titles : by column of the layer, its title
    """
    renderer = ET.Element("renderer-v2", type="categorizedSymbol", attr="minutes")
    categories = ET.SubElement(renderer, "categories")
    symbols = ET.SubElement(renderer, "symbols")
    for at, bound in enumerate(sorted(set(minutes))):
        step = at * (len(_COLOURS) - 1) / max(1, len(set(minutes)) - 1)
        said = labels.text("areas.within", minutes=bound)
        ET.SubElement(categories, "category", symbol=str(at), value=f"{bound:g}", label=said,
                      render="true")  # fmt: skip
        symbols.append(symbol(str(at), "fill", fill(rgb(_COLOURS[round(step)]), rgb(_OUTLINE))))
    headline = "place_nom" if "place_nom" in titles else "minutes"
    told = ("minutes", "area_km2", "profile", "times")
    return qml(renderer, titles, headline=headline, told=told, opacity=0.65)
