"""What stands on a page to print, as QGIS writes it; boxes are left, top, width, height in mm."""

from dataclasses import dataclass
from typing import Final, Literal
from xml.etree import ElementTree as ET

from ctg_geo.export.palettes import BEYOND, INK, RULE
from ctg_geo.export.qgis.project import Extent, identifier
from ctg_geo.export.qml import fill, line, rgb, symbol
from ctg_geo.export.qml_labels import text_style

__all__ = [
    "FORMATS",
    "Box",
    "Page",
    "font",
    "item",
    "map_frame",
    "rectangle",
    "scale_bar",
    "words",
]

FORMATS: Final = {"A4": 1.0, "A3": 2**0.5}  # by name, how large all is beside A4
Box = tuple[float, float, float, float]
Across = Literal["left", "right", "center"]

_FAMILY: Final = "Sans Serif"  # the default type, where its name must be given
_ACROSS: Final = {"left": "1", "right": "2", "center": "4"}
_DOWN: Final = {"top": "32", "bottom": "64", "middle": "128"}


@dataclass(frozen=True, slots=True)
class Page:
    """A page by the name of its layout; `scale` enlarges all that is put on it."""

    name: str
    scale: float = 1.0

    def uuid(self, *item: str) -> str:
        """Return what QGIS knows an item of the page by."""
        return "{" + identifier(self.name, *item) + "}"

    def points(self, size: float) -> float:
        """Return a size of type as it is on the page."""
        return round(size * self.scale, 1)


def _colour(tag: str, colour: str) -> ET.Element:
    red, green, blue, alpha = rgb(colour).split(",")
    return ET.Element(tag, red=red, green=green, blue=blue, alpha=alpha)


def item(page: Page, kind: str, name: str, box: Box, **more: str) -> ET.Element:
    """Return an item of a page; `kind` is the number of its type in QGIS."""
    left, top, width, height = (each * page.scale for each in box)
    own = page.uuid(name)
    found = ET.Element("LayoutItem", {
        "type": kind, "id": name, "uuid": own, "templateUuid": own, "position":
        f"{left:.2f},{top:.2f},mm", "positionOnPage": f"{left:.2f},{top:.2f},mm",
        "size": f"{width:.2f},{height:.2f},mm", "referencePoint": "0", "visibility": "1",
        "opacity": "1", "blendMode": "0", "itemRotation": "0", "positionLock": "false",
        "excludeFromExports": "0", "frame": "false", "background": "false",
        "outlineWidthM": "0.3,mm", "frameJoinStyle": "miter", **more,
    })  # fmt: skip
    found.append(_colour("FrameColor", RULE))
    found.append(_colour("BackgroundColor", "#ffffff"))
    return found


def words(
    page: Page, name: str, box: Box, text: str, size: float, *,
    bold: bool = False, italic: bool = False, colour: str = INK, across: Across = "left",
    down: Literal["top", "middle", "bottom"] = "top", ground: str | None = None,
    margin: float = 0.0,
) -> ET.Element:  # fmt: skip
    """Write text in a box; `[% expression %]` in it is worked out, `ground` is behind it."""
    found = item(
        page, "65641", name, box, labelText=text, htmlState="0", halign=_ACROSS[across],
        valign=_DOWN[down], marginX=f"{margin * page.scale:g}",
        marginY=f"{margin * page.scale / 2:g}",
        background="false" if ground is None else "true",
    )  # fmt: skip
    if ground is not None:
        found.remove(found[1])
        found.insert(1, _colour("BackgroundColor", ground))
    size = page.points(size)
    found.append(font("LabelFont", size, bold=bold, italic=italic))
    found.append(_colour("FontColor", colour))
    found.append(text_style(size, colour=colour, bold=bold, italic=italic))
    return found


def font(tag: str, size: float, *, bold: bool = False, italic: bool = False) -> ET.Element:
    """Return a font as older versions read it, in the default type of the machine."""
    weight, slope = (75 if bold else 50), (1 if italic else 0)
    return ET.Element(
        tag, description=f"{_FAMILY},{size:g},-1,5,{weight},{slope},0,0,0,0", style=""
    )


def rectangle(page: Page, name: str, box: Box, colour: str, edge: str | None = None) -> ET.Element:
    """Draw a rectangle filled with a colour."""
    found = item(page, "65643", name, box, shapeType="1", cornerRadiusMeasure="0,mm")
    drawn = fill(rgb(colour), rgb(edge or colour), width=0.2 if edge else 0.0)
    found.append(symbol("", "fill", drawn))
    return found


def map_frame(
    page: Page, name: str, box: Box, extent: Extent, view: str, *,
    atlas_margin: float | None = None,
) -> ET.Element:  # fmt: skip
    """Show a map theme.

    Parameters
    ----------
    extent : what to show, widened to the shape of the box
    view : name of the map theme
    atlas_margin : share left around the commune of each sheet; None where the map stands still
    """
    found = item(
        page, "65639", name, box, followPreset="true", followPresetName=view, frame="true",
        background="true", keepLayerSet="false", drawCanvasItems="false", mapRotation="0",
        labelMargin="0.5,mm", mapFlags="0", isTemporal="0",
    )  # fmt: skip
    found.remove(found[1])
    found.insert(1, _colour("BackgroundColor", BEYOND))
    west, south, east, north = _shaped(extent, box)
    ET.SubElement(found, "Extent", xmin=f"{west:.2f}", ymin=f"{south:.2f}", xmax=f"{east:.2f}",
                  ymax=f"{north:.2f}")  # fmt: skip
    ET.SubElement(found, "LayerSet")
    driven = atlas_margin is not None
    ET.SubElement(found, "AtlasMap", scalingMode="2", atlasDriven="1" if driven else "0",
                  margin=f"{atlas_margin if driven else 0.1:g}")  # fmt: skip
    return found


def _shaped(extent: Extent, box: Box) -> Extent:
    """Widen an extent to the proportions of a box, else QGIS shrinks the box."""
    west, south, east, north = extent
    width, height = east - west, north - south
    grown = max(width, height * box[2] / box[3]), max(height, width * box[3] / box[2])
    x, y = (west + east) / 2, (south + north) / 2
    return x - grown[0] / 2, y - grown[1] / 2, x + grown[0] / 2, y + grown[1] / 2


def scale_bar(page: Page, name: str, box: Box, map_name: str) -> ET.Element:
    """Draw the scale of a map, in kilometres, as long as the box lets it."""
    found = item(
        page, "65646", name, box, mapUuid=page.uuid(map_name),
        style="Line Ticks Up", unitType="km", numMapUnitsPerScaleBarUnit="1", unitLabel="km",
        segmentSizeMode="1", minBarWidth=f"{box[2] * page.scale * 0.3:g}",
        maxBarWidth=f"{box[2] * page.scale * 0.75:g}",
        numSegments="1", numSegmentsLeft="0", numUnitsPerSegment="5", numSubdivisions="1",
        height="2", labelBarSpace="1", boxContentSpace="1", outlineWidth="0.3", alignment="0",
        labelHorizontalPlacement="1", labelVerticalPlacement="0", lineJoinStyle="miter",
        lineCapStyle="flat", subdivisionsHeight="1.5", segmentMillimeters="10",
    )  # fmt: skip
    found.append(text_style(page.points(7), colour=INK))
    found.append(_colour("fillColor", INK))
    found.append(_colour("fillColor2", "#ffffff"))
    found.append(_colour("strokeColor", INK))
    for tag in ("lineSymbol", "divisionLineSymbol", "subdivisionLineSymbol"):
        ET.SubElement(found, tag).append(symbol("", "line", line(rgb(INK), width=0.3)))
    return found
