"""QGIS styles as QML, from the stored classes, so that QGIS draws what the report says."""

import base64
from collections.abc import Mapping, Sequence
from xml.etree import ElementTree as ET

from ctg_geo import labels
from ctg_geo.export.layers import Layer
from ctg_geo.export.palettes import NO_DATA, OUTLINE, PLACE, class_colours
from ctg_geo.export.publish import Publication

__all__ = ["styles_of"]

_CIRCLE = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 20"><circle cx="10" cy="10" r="8" '
    'fill="param(fill)" stroke="param(outline)" stroke-width="2"/></svg>'
)


def styles_of(publication: Publication, layers: Sequence[Layer]) -> dict[str, str]:
    """Return the QML of each spatial layer that has a style of its own."""
    aliases = {layer.name: layer.titles for layer in layers}
    renderers = {
        "communes": _communes(publication),
        "groupes": _single("fill", _fill("0,0,0,0", "34,38,43,255", width=0.7)),
        "points_demande": _single("marker", _marker("120,120,120,255", size=1.2)),
        "equipements": _single("marker", _marker(_rgb(PLACE), size=2.6)),
        "routes": _single("line", _line("130,120,110,200")),
    }
    return {
        name: _qml(renderer, aliases[name])
        for name, renderer in renderers.items()
        if name in aliases
    }


def _qml(renderer: ET.Element, titles: Mapping[str, str]) -> str:
    root = ET.Element("qgis", version="3.22.0", styleCategories="Symbology|Labeling|Fields|MapTips")
    root.append(renderer)
    aliases = ET.SubElement(root, "aliases")
    for index, (field, title) in enumerate(titles.items()):
        ET.SubElement(aliases, "alias", name=title, field=field, index=str(index))
    if "nom" in titles:
        ET.SubElement(root, "previewExpression").text = '"nom"'
        ET.SubElement(root, "mapTip").text = _tip(titles)
    ET.indent(root)
    return ET.tostring(root, encoding="unicode")


def _tip(titles: Mapping[str, str]) -> str:
    shown = [field for field in ("why", "certainty_label", "result_status") if field in titles]
    lines = [f'{titles[field]} : [% "{field}" %]' for field in shown]
    return '<b>[% "nom" %]</b><br/>' + "<br/>".join(lines)


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
        symbols.append(_symbol(str(at), "fill", _fill(_rgb(colours[each.number]), _rgb(OUTLINE))))
    last = str(len(publication.classes))
    ET.SubElement(categories, "category", symbol=last, value="", render="true",
                  label=labels.text("map.unknown"))  # fmt: skip
    symbols.append(_symbol(last, "fill", _fill(_rgb(NO_DATA), _rgb(OUTLINE))))
    return renderer


def _single(kind: str, layer: ET.Element) -> ET.Element:
    renderer = ET.Element("renderer-v2", type="singleSymbol")
    ET.SubElement(renderer, "symbols").append(_symbol("0", kind, layer))
    return renderer


def _symbol(name: str, kind: str, layer: ET.Element) -> ET.Element:
    symbol = ET.Element("symbol", name=name, type=kind, alpha="1", clip_to_extent="1")
    symbol.append(layer)
    return symbol


def _layer(kind: str, options: Mapping[str, str]) -> ET.Element:
    layer = ET.Element("layer", {"class": kind, "enabled": "1", "locked": "0", "pass": "0"})
    table = ET.SubElement(layer, "Option", type="Map")
    for name, value in options.items():
        ET.SubElement(table, "Option", type="QString", name=name, value=value)
    return layer


def _fill(colour: str, outline: str, *, width: float = 0.2) -> ET.Element:
    return _layer("SimpleFill", {
        "color": colour, "outline_color": outline, "outline_width": f"{width:g}",
        "outline_style": "solid", "outline_width_unit": "MM", "style": "solid",
    })  # fmt: skip


def _line(colour: str) -> ET.Element:
    return _layer("SimpleLine", {"line_color": colour, "line_width": "0.3",
                                 "line_width_unit": "MM"})  # fmt: skip


def _marker(colour: str, *, size: float) -> ET.Element:
    image = base64.b64encode(_CIRCLE.encode()).decode()
    return _layer("SvgMarker", {
        "name": f"base64:{image}", "color": colour, "outline_color": "255,255,255,255",
        "size": f"{size:g}", "size_unit": "MM",
    })  # fmt: skip


def _rgb(colour: str) -> str:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"{red},{green},{blue},255"
