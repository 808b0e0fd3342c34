"""How the GeoPackage of roads looks in QGIS: the greater the road, the wider and the darker."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from xml.etree import ElementTree as ET

from ctg_geo import labels
from ctg_geo.export.palettes import INK
from ctg_geo.export.qml import line, marker, qml, rgb, symbol

__all__ = ["road_styles", "road_word"]


@dataclass(frozen=True, slots=True)
class _Stroke:
    """How one kind of road is drawn, and the classes that are of this kind."""

    key: str  # of its label
    colour: str
    width: float  # millimetres
    classes: tuple[str, ...]
    dashed: bool = False


# Greatest first, drawn over the smaller ones; browns for motor roads (lightness grows as
# they get smaller), blues for the roads of walkers and bicycles.
_STROKES: Final = (
    _Stroke("motorway", "#5c2a06", 1.2, ("motorway",)),
    _Stroke("motorway_link", "#5c2a06", 0.7, ("motorway_link",)),
    _Stroke("trunk", "#8c4510", 1.0, ("trunk",)),
    _Stroke("trunk_link", "#8c4510", 0.6, ("trunk_link",)),
    _Stroke("primary", "#bf6622", 0.85, ("primary", "primary_link")),
    _Stroke("secondary", "#d99a4e", 0.7, ("secondary", "secondary_link")),
    _Stroke("tertiary", "#c9ab7c", 0.55, ("tertiary", "tertiary_link", "local")),
    _Stroke("street", "#9a958d", 0.35, ("unclassified", "residential", "road", "unknown")),
    _Stroke("calm", "#b0aba3", 0.3, ("living_street", "service", "access")),
    _Stroke("track", "#a3814f", 0.3, ("track",), dashed=True),
    _Stroke("cycleway", "#3c77a8", 0.3, ("cycleway",)),
    _Stroke("foot", "#6da4cd", 0.25, ("pedestrian", "footway", "path", "steps", "bridleway",
                                       "corridor", "platform", "elevator"), dashed=True),
    _Stroke("ferry", "#27476b", 0.5, ("ferry",), dashed=True),
)  # fmt: skip
_OTHER: Final = _Stroke("other", "#7d7973", 0.35, ())
_KEYS: Final = {road_class: each.key for each in _STROKES for road_class in each.classes}

_NODES: Final = {1: "#5c2a06", 2: "#bf6622", 3: "#6da4cd", 4: "#3c77a8", 5: "#1d1d1b"}
_PLAIN: Final = "#b5b1a9"
_LABELS_BELOW: Final = 12_000  # scale under which speeds are written
_NODES_BELOW: Final = 25_000
_TOLD: Final = ("class_label", "length_m", "stated_kmh", "forward_kmh", "backward_kmh",
                "forward_min", "backward_min", "road_status", "urban", "main_part")  # fmt: skip


def road_word(road_class: str) -> str:
    """Return the French word for a class of road; a class of the file's own stays as it is."""
    key = _KEYS.get(road_class)
    return road_class if key is None else labels.text(f"road_class.{key}")


def road_styles(titles: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """Return the QML of the layers of roads and nodes, by the titles of their columns."""
    roads = next(name for name in titles if name.startswith("routes"))
    return {
        roads: qml(_roads(), titles[roads], labeling=_speeds(), headline="road_name", told=_TOLD),
        "noeuds": qml(
            _nodes(), titles["noeuds"], closer_than=_NODES_BELOW, headline="kind_label",
            told=("part",),
        ),
    }  # fmt: skip


def _roads() -> ET.Element:
    """Categories on the word for the class; roads of a class of their own are drawn too."""
    renderer = ET.Element(
        "renderer-v2", type="categorizedSymbol", attr="class_label", symbollevels="1"
    )
    categories = ET.SubElement(renderer, "categories")
    symbols = ET.SubElement(renderer, "symbols")
    for at, each in enumerate([*_STROKES, _OTHER]):
        said = labels.text(f"road_class.{each.key}")
        value = said if each.classes else ""
        ET.SubElement(categories, "category", symbol=str(at), value=value, label=said,
                      render="true")  # fmt: skip
        drawn = line(
            rgb(each.colour), width=each.width, dashed=each.dashed, level=len(_STROKES) - at + 1
        )
        symbols.append(symbol(str(at), "line", drawn))
    return renderer


def _nodes() -> ET.Element:
    renderer = ET.Element("renderer-v2", type="categorizedSymbol", attr="kind")
    categories = ET.SubElement(renderer, "categories")
    symbols = ET.SubElement(renderer, "symbols")
    for at, (kind, colour) in enumerate({**_NODES, 0: _PLAIN}.items()):
        ET.SubElement(categories, "category", symbol=str(at), value=str(kind), render="true",
                      label=labels.text(f"node_kind.{kind}"))  # fmt: skip
        size = 1.8 if kind else 0.9
        symbols.append(symbol(str(at), "marker", marker(rgb(colour), size=size)))
    return renderer


def _speeds() -> ET.Element:
    """Write the speed of each road along it, both where the directions differ."""
    one, other = 'round("forward_kmh")', 'round("backward_kmh")'
    both = f"{one} || ' / ' || {other}"
    expression = f"if({one} <> {other}, {both}, coalesce({one}, {other}))"
    labeling = ET.Element("labeling", type="simple")
    settings = ET.SubElement(labeling, "settings")
    style = ET.SubElement(settings, "text-style", fieldName=expression, isExpression="1",
                          fontSize="7", fontSizeUnit="Point", textColor=rgb(INK))  # fmt: skip
    ET.SubElement(style, "text-buffer", bufferDraw="1", bufferSize="0.8", bufferSizeUnits="MM",
                  bufferColor="255,255,255,255")  # fmt: skip
    ET.SubElement(settings, "placement", placement="2", placementFlags="9", repeatDistance="60",
                  repeatDistanceUnits="MM")  # fmt: skip
    ET.SubElement(settings, "rendering", scaleVisibility="1", scaleMin="0",
                  scaleMax=str(_LABELS_BELOW), minFeatureSize="8", drawLabels="1")  # fmt: skip
    return labeling
