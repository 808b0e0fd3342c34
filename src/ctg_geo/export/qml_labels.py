"""What QGIS writes on features: names that grow with their place and yield to greater ones."""

from collections.abc import Mapping
from typing import Final, Literal
from xml.etree import ElementTree as ET

from ctg_geo.export.palettes import INK
from ctg_geo.export.qml import given, rgb
from ctg_geo.labels import NBSP

__all__ = [
    "MARKS_BELOW",
    "NAMES_BELOW",
    "NAME_CUT",
    "mark_labels",
    "place_labels",
    "text_style",
    "written",
]

Kind = Literal["area", "point"]

NAMES_BELOW: Final = 500_000  # scale under which communes are named
MARKS_BELOW: Final = 80_000  # and places

# A long name breaks after the first hyphen near its middle, so that it stands inside its
# commune; blanks that do not break keep names apart, for QGIS lets the names of neighbours touch.
_CUT: Final = (
    'if(length("nom") > 13, regexp_replace("nom", '
    "concat('^(.{', floor(length(\"nom\") / 2) - 3, ',}?-)(.{5,})$'), '\\\\1\\n\\\\2'), \"nom\")"
)
NAME_CUT: Final = f"concat('{NBSP}', replace({_CUT}, '\\n', '{NBSP}\\n{NBSP}'), '{NBSP}')"
_PLACEMENTS: Final[Mapping[Kind, dict[str, str]]] = {
    "area": {"placement": "4", "centroidInside": "1"},
    "point": {"placement": "6", "predefinedPositionOrder": "R,L,TR,BR,TL,BL", "dist": "1.2",
              "distUnits": "MM", "offsetType": "1"},
}  # fmt: skip


def text_style(
    size: float, *, colour: str = INK, bold: bool = False, italic: bool = False, **more: str
) -> ET.Element:
    """Return the style of text, in the default type of the machine.

    Parameters
    ----------
    size : points
    colour : `#rrggbb`
    """
    return ET.Element("text-style", {
        "fontSize": f"{size:g}", "fontSizeUnit": "Point", "textColor": rgb(colour),
        "fontWeight": "75" if bold else "50", "fontItalic": "1" if italic else "0",
        "textOpacity": "1", "multilineHeight": "1", **more,
    })  # fmt: skip


def written(
    expression: str,
    *,
    kind: Kind,
    size: float = 7.5,
    colour: str = INK,
    italic: bool = False,
    closer_than: int | None = None,
    further_than: int = 0,
    by: Mapping[str, str] | None = None,
) -> ET.Element:
    """Write an expression on each feature, ringed with white.

    Parameters
    ----------
    expression : what is written
    kind : how features stand on the ground
    size : points
    closer_than, further_than : written at scales larger, smaller than 1 to this only
    by : expressions that give properties of QGIS (`Size`, `Bold`, `Priority`, `Color`)
    """
    labeling = ET.Element("labeling", type="simple")
    settings = ET.SubElement(labeling, "settings", calloutType="simple")
    style = text_style(size, colour=colour, italic=italic, fieldName=expression, isExpression="1")
    settings.append(style)
    ET.SubElement(style, "text-buffer", bufferDraw="1", bufferSize="0.7", bufferSizeUnits="MM",
                  bufferColor="255,255,255,230", bufferJoinStyle="128")  # fmt: skip
    ET.SubElement(settings, "text-format", multilineAlign="1")
    ET.SubElement(settings, "placement", _PLACEMENTS[kind])
    # a mark is not written on; an area is, else names of small communes would find no place
    obstacle = "1" if kind == "point" else "0"
    rendering = {"drawLabels": "1", "obstacle": obstacle, "scaleVisibility": "0"}
    if closer_than is not None or further_than:
        rendering |= {"scaleVisibility": "1", "scaleMin": str(further_than),
                      "scaleMax": str(closer_than or 0)}  # fmt: skip
    ET.SubElement(settings, "rendering", rendering)
    if by:
        ET.SubElement(settings, "dd_properties").append(given(by))
    return labeling


def mark_labels(expression: str, *, below: int, size: float = 7, italic: bool = True) -> ET.Element:
    """Write the names of marks where the map is nearer than 1 to `below`.

    Further away they are not written, and names of communes still stay off the marks.
    """
    found = ET.Element("labeling", type="rule-based")
    rules = ET.SubElement(found, "rules", key="names")
    near = {"key": "near", "scalemindenom": "1", "scalemaxdenom": str(below)}
    far = {"key": "far", "scalemindenom": str(below), "scalemaxdenom": "0"}
    for key, drawn in ((near, "1"), (far, "0")):
        (settings,) = written(expression, kind="point", size=size, italic=italic)
        for each in settings.iter("rendering"):
            each.set("drawLabels", drawn)
            each.set("obstacleFactor", "2")  # a mark is seen before a name
        ET.SubElement(rules, "rule", key).append(settings)
    return found


def place_labels(
    *, closer_than: int, people: str | None = None, first: str | None = None
) -> ET.Element:
    """Write the names of communes: the more people (a column), the larger, and before others.

    With `first`, a column of some people only, names are larger by their part of the greatest.
    No priority is the highest of QGIS, 10, by which a name may be written over a mark.
    """
    by = {}
    if first is not None:
        part = f'coalesce("{first}", 0) / max(1, coalesce(maximum("{first}"), 1))'
        by = {
            "Size": f"CASE WHEN {part} >= 0.33 THEN 8.5 WHEN {part} >= 0.08 THEN 7.5 ELSE 6.5 END",
            "Bold": f"{part} >= 0.33",
            "Priority": f"scale_linear(sqrt({part}), 0, 1, 2, 9)",
        }
    if people is not None:
        number = f'coalesce("{people}", 0)'
        by = {
            "Size": f"CASE WHEN {number} >= 20000 THEN 8.5 WHEN {number} >= 5000 THEN 7.5 "
                    "ELSE 6.5 END",
            "Bold": f"{number} >= 20000",
            "Priority": f"CASE WHEN {number} >= 20000 THEN 9 WHEN {number} >= 5000 THEN 7 "
                        "WHEN {number} >= 2000 THEN 5 ELSE 3 END".replace("{number}", number),
        }  # fmt: skip
    return written(NAME_CUT, kind="area", size=6.5, closer_than=closer_than, by=by)
