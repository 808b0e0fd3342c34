"""A print layout: a page, what stands on it, and the atlas that turns its sheets."""

from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from ctg_geo.export.qgis.items import Page, item
from ctg_geo.export.qgis.project import MapLayer
from ctg_geo.export.qml import fill, symbol

__all__ = ["Atlas", "Item", "layout"]

Item = ET.Element | tuple[ET.Element, ET.Element]  # a table comes as its frame and its rows


@dataclass(frozen=True, slots=True, eq=False)
class Atlas:
    """A sheet for each feature of a layer, in the order of an expression."""

    layer: MapLayer
    name: str  # expression that names a sheet
    order: str
    file: str  # expression that names the file of a sheet


def layout(
    page: Page, size: tuple[float, float], items: Sequence[Item], atlas: Atlas | None = None
) -> ET.Element:
    """Return a layout of one page.

    Parameters
    ----------
    size : width and height in mm, before it is enlarged
    items : from the lowest up
    """
    found = ET.Element("Layout", name=page.name, units="mm", printResolution="300", worldFileMap="")
    pages = ET.SubElement(found, "PageCollection")
    paper = fill("255,255,255,255", "255,255,255,0", width=0)
    pages.append(symbol("", "fill", paper))
    sheet = item(page, "65638", "page", (0, 0, *size), background="true")
    sheet.append(symbol("", "fill", paper))
    pages.append(sheet)
    ET.SubElement(pages, "GuideCollection", visible="1")
    for at, each in enumerate(items, start=1):
        own, *rows = each if isinstance(each, tuple) else (each,)
        own.set("zValue", str(at))
        found.append(own)
        found.extend(rows)
    turned = {"enabled": "0"} if atlas is None else {
        "enabled": "1", "coverageLayer": atlas.layer.id, "coverageLayerName": atlas.layer.title,
        "coverageLayerSource": atlas.layer.source, "coverageLayerProvider": "ogr",
        "hideCoverage": "0", "pageNameExpression": atlas.name, "filenamePattern": atlas.file,
        "sortFeatures": "1", "sortKey": atlas.order, "sortAscending": "1", "filterFeatures": "0",
    }  # fmt: skip
    ET.SubElement(found, "Atlas", turned)
    return found
