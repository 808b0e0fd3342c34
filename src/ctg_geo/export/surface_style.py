"""How a travel-time surface looks in QGIS: the longer, the darker; see-through, on any map."""

from collections.abc import Sequence
from typing import Final
from xml.etree import ElementTree as ET

from ctg_geo import labels
from ctg_geo.words import legible

__all__ = ["surface_bounds", "surface_style"]

# From short to long, of even lightness steps: they read in grey too.
_COLOURS: Final = ("#f4eef7", "#dcc8e4", "#c2a0d0", "#a67bba", "#87579f", "#673a80", "#45215a")
_PLAIN: Final = (5.0, 10.0, 15.0, 20.0, 30.0, 45.0)
_OPACITY: Final = 0.8


def surface_bounds(classes: Sequence[float], limit_min: float | None) -> list[float]:
    """Return the upper bounds of the classes of a surface: those of its service, to its limit."""
    found = sorted({*(classes or _PLAIN)})
    if limit_min is None:
        return found
    return [*(each for each in found if each < limit_min), limit_min]


def surface_style(bounds: Sequence[float]) -> str:
    """Return the QML of a surface: a colour a class, the upper bound belonging to it.

    Parameters
    ----------
    bounds : minutes, ascending; cells beyond the last have no time and no colour
    """
    root = ET.Element("qgis", version="3.22.0", styleCategories="AllStyleCategories")
    pipe = ET.SubElement(root, "pipe")
    renderer = ET.SubElement(pipe, "rasterrenderer", {
        "type": "singlebandpseudocolor", "band": "1", "alphaBand": "-1", "nodataColor": "",
        "opacity": f"{_OPACITY:g}", "classificationMin": "0",
        "classificationMax": f"{bounds[-1]:g}",
    })  # fmt: skip
    ET.SubElement(renderer, "rasterTransparency")
    shader = ET.SubElement(ET.SubElement(renderer, "rastershader"), "colorrampshader", {
        "colorRampType": "DISCRETE", "classificationMode": "1", "clip": "0", "minimumValue": "0",
        "maximumValue": f"{bounds[-1]:g}",
    })  # fmt: skip
    low = 0.0
    for at, high in enumerate(bounds):
        step = at * (len(_COLOURS) - 1) / max(1, len(bounds) - 1)
        key = "class.up_to" if at == 0 else "class.minutes"
        ET.SubElement(shader, "item", value=f"{high:g}", alpha="255", color=_COLOURS[round(step)],
                      label=labels.text(key, low=low, high=high))  # fmt: skip
        low = high
    for name in ("brightnesscontrast", "huesaturation", "rasterresampler"):
        ET.SubElement(pipe, name)
    ET.indent(root)
    return legible(ET.tostring(root, encoding="unicode"))
