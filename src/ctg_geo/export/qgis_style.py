"""QGIS styles as QML, from the stored classes, so that QGIS draws what the report says."""

from collections.abc import Sequence
from xml.etree import ElementTree as ET

from ctg_geo import labels
from ctg_geo.export.layers import Layer
from ctg_geo.export.palettes import NO_DATA, OUTLINE, PLACE, class_colours
from ctg_geo.export.publish import Publication
from ctg_geo.export.qml import fill, line, marker, qml, rgb, single, symbol

__all__ = ["styles_of"]


def styles_of(publication: Publication, layers: Sequence[Layer]) -> dict[str, str]:
    """Return the QML of each spatial layer that has a style of its own."""
    aliases = {layer.name: layer.titles for layer in layers}
    renderers = {
        "communes": _communes(publication),
        "groupes": single("fill", fill("0,0,0,0", "34,38,43,255", width=0.7)),
        "points_demande": single("marker", marker("120,120,120,255", size=1.2)),
        "equipements": single("marker", marker(rgb(PLACE), size=2.6)),
        "routes": single("line", line("130,120,110,200")),
    }
    return {
        name: qml(renderer, aliases[name])
        for name, renderer in renderers.items()
        if name in aliases
    }


def _communes(publication: Publication) -> ET.Element:
    """Categories on the stored class number, with one for communes without data."""
    colours = class_colours(publication.classes)
    renderer = ET.Element("renderer-v2", type="categorizedSymbol", attr="class")
    categories = ET.SubElement(renderer, "categories")
    symbols = ET.SubElement(renderer, "symbols")
    for at, each in enumerate(publication.classes):
        said = publication.class_labels[each.number]
        place = labels.text("map.below" if each.level < 0 else "map.above")
        ET.SubElement(categories, "category", symbol=str(at), value=str(each.number),
                      label=f"{said} ({place})", render="true")  # fmt: skip
        symbols.append(symbol(str(at), "fill", fill(rgb(colours[each.number]), rgb(OUTLINE))))
    last = str(len(publication.classes))
    ET.SubElement(categories, "category", symbol=last, value="", render="true",
                  label=labels.text("map.unknown"))  # fmt: skip
    symbols.append(symbol(last, "fill", fill(rgb(NO_DATA), rgb(OUTLINE))))
    return renderer
