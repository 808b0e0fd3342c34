"""Rows of a layer as a table on a page to print."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from xml.etree import ElementTree as ET

from ctg_geo.export.palettes import GREY, RULE
from ctg_geo.export.qgis.items import Box, Page, item
from ctg_geo.export.qgis.project import MapLayer
from ctg_geo.export.qml import rgb
from ctg_geo.export.qml_labels import text_style

__all__ = ["Column", "table"]

_TABLE: Final = "65649"
_FRAME: Final = "65647"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a layer, its heading, its width in mm, and whether it stands at the right."""

    name: str
    heading: str
    width: float
    right: bool = False


def table(
    page: Page, name: str, box: Box, layer: MapLayer, columns: Sequence[Column],
    *, where: str, order: str, size: float = 8, rows: int = 30,
) -> tuple[ET.Element, ET.Element]:  # fmt: skip
    """Show rows of a layer: the frame, and the table in it.

    Parameters
    ----------
    where : expression that rows must meet, worked out anew for each sheet of an atlas
    order : column that rows are sorted by
    """
    own, inner = page.uuid(name), page.uuid(name, "rows")
    width, height = box[2] * page.scale, box[3] * page.scale
    size = page.points(size)
    frame = item(
        page, _FRAME, name, box, multiFrame=inner, multiFrameTemplateUuid=inner, sectionX="0",
        sectionY="0", sectionWidth=f"{width:g}", sectionHeight=f"{height:g}",
        hideBackgroundIfEmpty="0", hidePageIfEmpty="0",
    )  # fmt: skip
    found = ET.Element("LayoutMultiFrame", {
        "type": _TABLE, "uuid": inner, "templateUuid": inner, "source": "0",
        "vectorLayer": layer.id, "vectorLayerName": layer.title, "vectorLayerSource": layer.source,
        "vectorLayerProvider": "ogr", "filterFeatures": "true", "featureFilter": where,
        "filterToAtlasIntersection": "0", "maxFeatures": str(rows), "resizeMode": "0",
        "headerMode": "0", "headerHAlignment": "0", "showGrid": "1", "horizontalGrid": "1",
        "verticalGrid": "0", "gridColor": rgb(RULE), "gridStrokeWidth": "0.15",
        "backgroundColor": "255,255,255,0", "cellMargin": f"{1.1 * page.scale:g}",
        "wrapBehavior": "1",
        "emptyTableMode": "0", "emptyTableMessage": "", "showEmptyRows": "0", "wrapString": "",
        "showUniqueRowsOnly": "0", "showOnlyVisibleFeatures": "0", "useConditionalStyling": "0",
        "relationId": "",
    })  # fmt: skip
    ET.SubElement(found, "childFrame", uuid=own, templateUuid=own)
    heads = ET.SubElement(found, "headerTextFormat")
    heads.append(text_style(size - 0.5, colour=GREY, bold=True))
    ET.SubElement(found, "contentTextFormat").append(text_style(size))
    found.append(_columns(page, columns))
    by = ET.SubElement(found, "sortColumns")
    ET.SubElement(by, "column", attribute=order, heading=order, width="0", hAlignment="1",
                  vAlignment="128", sortByRank="1", sortOrder="0")  # fmt: skip
    return frame, found


def _columns(page: Page, columns: Sequence[Column]) -> ET.Element:
    shown = ET.Element("displayColumns")
    for column in columns:
        each = ET.SubElement(shown, "column", {
            "attribute": column.name, "heading": column.heading,
            "width": f"{column.width * page.scale:g}", "hAlignment": "2" if column.right else "1",
            "vAlignment": "128", "sortByRank": "0", "sortOrder": "0",
        })  # fmt: skip
        ET.SubElement(each, "backgroundColor", red="0", green="0", blue="0", alpha="0")
    return shown
