"""Parts of a QGIS style: symbols, and the QML around them."""

import base64
from collections.abc import Mapping, Sequence
from typing import Final
from xml.etree import ElementTree as ET

from ctg_geo.export.map_tips import map_tip
from ctg_geo.words import legible

__all__ = [
    "categorised",
    "clear",
    "fill",
    "given",
    "hatch",
    "inverted",
    "line",
    "marker",
    "ordered",
    "qml",
    "rgb",
    "rules",
    "single",
    "sized",
    "symbol",
]

_CATEGORIES: Final = "Symbology|Labeling|Fields|MapTips"
_SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 20">'
_SHAPES: Final = {
    "disc": '<circle cx="10" cy="10" r="8" fill="param(fill)" stroke="param(outline)" '
            'stroke-width="2"/></svg>',
    "ring": '<circle cx="10" cy="10" r="7" fill="none" stroke="param(fill)" '
            'stroke-width="3"/></svg>',
    "cross": '<path d="M3 3L17 17M17 3L3 17" fill="none" stroke="param(fill)" '
             'stroke-width="4"/></svg>',
    "square": '<path d="M3 3L17 3L17 17L3 17Z" fill="param(fill)" stroke="param(outline)" '
              'stroke-width="2"/></svg>',
    "triangle": '<path d="M10 2L18 17L2 17Z" fill="param(fill)" stroke="param(outline)" '
                'stroke-width="2"/></svg>',
    "down": '<path d="M10 18L18 3L2 3Z" fill="param(fill)" stroke="param(outline)" '
            'stroke-width="2"/></svg>',
    "diamond": '<path d="M10 1L19 10L10 19L1 10Z" fill="param(fill)" stroke="param(outline)" '
               'stroke-width="2"/></svg>',
    "plus": '<path d="M10 2L10 18M2 10L18 10" fill="none" stroke="param(fill)" '
            'stroke-width="5"/></svg>',
    "star": '<path d="M10 1L13 7L19 8L14 12L16 19L10 15L4 19L6 12L1 8L7 7Z" fill="param(fill)" '
            'stroke="param(outline)" stroke-width="1.5"/></svg>',
    "pentagon": '<path d="M10.0 1.0L18.6 7.2L15.3 17.3L4.7 17.3L1.4 7.2Z" '
              'fill="param(fill)" stroke="param(outline)" stroke-width="2"/></svg>',
    "hexagon": '<path d="M10.0 1.0L17.8 5.5L17.8 14.5L10.0 19.0L2.2 14.5L2.2 5.5Z" '
              'fill="param(fill)" stroke="param(outline)" stroke-width="2"/></svg>',
    "left": '<path d="M2 10L17 2L17 18Z" fill="param(fill)" stroke="param(outline)" '
            'stroke-width="2"/></svg>',
    "right": '<path d="M18 10L3 2L3 18Z" fill="param(fill)" stroke="param(outline)" '
             'stroke-width="2"/></svg>',
    "bar": '<path d="M2 10L18 10" fill="none" stroke="param(fill)" stroke-width="5"/></svg>',
}  # fmt: skip


def qml(
    renderer: ET.Element,
    titles: Mapping[str, str],
    *,
    labeling: ET.Element | None = None,
    closer_than: int | None = None,
    opacity: float = 1.0,
    headline: str = "nom",
    told: Sequence[str] = ("why", "certainty_label", "result_status"),
) -> str:
    """Return the style of a layer.

    Parameters
    ----------
    renderer : how features are drawn
    titles : title of each column, in order
    labeling : what is written on features
    closer_than : the layer shows at scales larger than 1 to this only
    opacity : of the layer as a whole, so that features drawn over others do not add up
    headline : column that names a feature
    told : columns that the map tip tells
    """
    root = ET.Element("qgis", version="3.22.0", styleCategories=_CATEGORIES)
    if closer_than is not None or opacity < 1:
        root.set("styleCategories", f"{_CATEGORIES}|Rendering")
    if opacity < 1:
        ET.SubElement(root, "layerOpacity").text = f"{opacity:g}"
    if closer_than is not None:
        root.attrib.update(hasScaleBasedVisibilityFlag="1", minScale=str(closer_than), maxScale="0")
    root.append(renderer)
    if labeling is not None:
        root.append(labeling)
    aliases = ET.SubElement(root, "aliases")
    for index, (field, title) in enumerate(titles.items()):
        ET.SubElement(aliases, "alias", name=title, field=field, index=str(index))
    if headline in titles:
        ET.SubElement(root, "previewExpression").text = f'"{headline}"'
        ET.SubElement(root, "mapTip").text = map_tip(titles, headline, told)
    ET.indent(root)
    return legible(ET.tostring(root, encoding="unicode"))


def single(kind: str, layer: ET.Element) -> ET.Element:
    """Draw all features alike."""
    renderer = ET.Element("renderer-v2", type="singleSymbol")
    ET.SubElement(renderer, "symbols").append(symbol("0", kind, layer))
    return renderer


def symbol(name: str, kind: str, *layers: ET.Element) -> ET.Element:
    """Return a symbol of layers, the lowest first, under the name that categories give it."""
    found = ET.Element("symbol", name=name, type=kind, alpha="1", clip_to_extent="1")
    found.extend(layers)
    return found


def categorised(attribute: str, entries: Sequence[tuple[str, str, ET.Element]]) -> ET.Element:
    """Draw features by an attribute or expression; entries are value, label and symbol."""
    renderer = ET.Element("renderer-v2", type="categorizedSymbol", attr=attribute)
    categories = ET.SubElement(renderer, "categories")
    symbols = ET.SubElement(renderer, "symbols")
    for value, said, drawn in entries:
        each = ET.SubElement(categories, "category", symbol=str(drawn.get("name")), value=value)
        rest = {"label": said, "render": "true"}
        for name in sorted(rest, reverse=not value):  # the same bytes as ever
            each.set(name, rest[name])
        symbols.append(drawn)
    return renderer


def rules(entries: Sequence[tuple[str, str, ET.Element]]) -> ET.Element:
    """Draw features by rules; entries are filter, label and symbol, and rules may overlap."""
    renderer = ET.Element("renderer-v2", type="RuleRenderer")
    every = ET.SubElement(renderer, "rules", key="rules")
    symbols = ET.SubElement(renderer, "symbols")
    for at, (condition, said, drawn) in enumerate(entries):
        ET.SubElement(every, "rule", filter=condition, key=f"rule_{at}", label=said,
                      symbol=str(at))  # fmt: skip
        drawn.set("name", str(at))
        symbols.append(drawn)
    return renderer


def ordered(renderer: ET.Element, expression: str) -> ET.Element:
    """Draw features in the order of an expression, the greatest over the others."""
    renderer.set("enableorderby", "1")
    by = ET.SubElement(ET.SubElement(renderer, "orderby"), "orderByClause", asc="1", nullsFirst="1")
    by.text = expression
    return renderer


def inverted(renderer: ET.Element) -> ET.Element:
    """Draw what lies outside the polygons that a renderer draws."""
    found = ET.Element("renderer-v2", type="invertedPolygonRenderer", preprocessing="0")
    found.append(renderer)
    return found


def _layer(kind: str, options: Mapping[str, str]) -> ET.Element:
    layer = ET.Element("layer", {"class": kind, "enabled": "1", "locked": "0", "pass": "0"})
    table = ET.SubElement(layer, "Option", type="Map")
    for name, value in options.items():
        ET.SubElement(table, "Option", type="QString", name=name, value=value)
    return layer


def fill(colour: str, outline: str, *, width: float = 0.2, brush: str = "solid") -> ET.Element:
    """Fill an area, with an outline `width` millimetres wide."""
    return _layer("SimpleFill", {
        "color": colour, "outline_color": outline, "outline_width": f"{width:g}",
        "outline_style": "solid", "outline_width_unit": "MM", "style": brush,
    })  # fmt: skip


def hatch(colour: str, where: str) -> ET.Element:
    """Rule oblique lines over an area; `where` is an expression that says on which features."""
    return sized(_layer("LinePatternFill", {
        "angle": "45", "color": colour, "distance": "1.8", "distance_unit": "MM",
        "line_width": "0.35", "line_width_unit": "MM",
    }), where, "enabled")  # fmt: skip


def line(colour: str, *, width: float = 0.3, dashed: bool = False, level: int = 0) -> ET.Element:
    """Draw a line `width` millimetres wide; higher levels are drawn over lower ones."""
    given = {"line_color": colour, "line_width": f"{width:g}", "line_width_unit": "MM"}
    if dashed:
        given |= {"line_style": "dash"}
    elif level:
        given |= {"capstyle": "round", "joinstyle": "round"}
    found = _layer("SimpleLine", given)
    found.set("pass", str(level))
    return found


def marker(colour: str, *, size: float, shape: str = "disc") -> ET.Element:
    """Draw a disc, a ring or a cross of `size` millimetres."""
    image = base64.b64encode((_SVG + _SHAPES[shape]).encode()).decode()
    return _layer("SvgMarker", {
        "name": f"base64:{image}", "color": colour, "outline_color": "255,255,255,255",
        "size": f"{size:g}", "size_unit": "MM",
    })  # fmt: skip


def sized(layer: ET.Element, expression: str, what: str = "size") -> ET.Element:
    """Let an expression give the size of a marker, in its unit, or another property: `what`."""
    defined = ET.SubElement(layer, "data_defined_properties")
    defined.append(given({what: expression}))
    return layer


def given(expressions: Mapping[str, str]) -> ET.Element:
    """Properties that expressions give."""
    found = ET.Element("Option", type="Map")
    ET.SubElement(found, "Option", type="QString", name="name", value="")
    every = ET.SubElement(found, "Option", type="Map", name="properties")
    for name in sorted(expressions):
        each = ET.SubElement(every, "Option", type="Map", name=name)
        ET.SubElement(each, "Option", type="bool", name="active", value="true")
        ET.SubElement(each, "Option", type="QString", name="expression", value=expressions[name])
        ET.SubElement(each, "Option", type="int", name="type", value="3")
    ET.SubElement(found, "Option", type="QString", name="type", value="collection")
    return found


def clear(colour: str, opacity: float) -> str:
    """Write a see-through colour (`#rrggbb`; opacity from 0 to 1) as QGIS does."""
    return f"{rgb(colour).rsplit(',', 1)[0]},{round(255 * opacity)}"


def rgb(colour: str) -> str:
    """Write a colour (`#rrggbb`, its opacity after it or full) as QGIS does."""
    red, green, blue, opacity = (int(f"{colour}ff"[at : at + 2], 16) for at in (1, 3, 5, 7))
    return f"{red},{green},{blue},{opacity}"
