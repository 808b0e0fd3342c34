"""The legend of a map on a page to print."""

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from xml.etree import ElementTree as ET

from ctg_geo.export.palettes import INK
from ctg_geo.export.qgis.items import Box, Page, font, item
from ctg_geo.export.qgis.project import MapLayer
from ctg_geo.export.qml_labels import text_style

__all__ = ["Legend", "legend", "legend_height"]

_BREAK: Final = "|"  # where a line of the legend is cut
_KEY: Final = 6  # letters that a sign takes
_LETTER: Final = 0.215  # width of a letter, mm a point of type
_ROW: Final = 4.75  # height of a class, mm
_MORE: Final = 3.4  # of each further line of its words


@dataclass(frozen=True, slots=True, eq=False)
class Legend:
    """A layer in a legend: its title, and the words and order of its classes.

    `said` by number of the class in the style; classes left out do not show. All show where it
    is None.
    """

    layer: MapLayer
    title: str = ""
    said: Mapping[int, str] | None = None


def legend_height(entries: Sequence[Legend], width: float, *, size: float) -> float:
    """Return the height in mm that entries take in a column, before the page is enlarged."""
    letters, rows, more = _letters(width, size), 0, 0
    for entry in entries:
        classes = () if entry.said is None else entry.said.values()
        cut = [_cut(said, letters - _KEY) for said in classes]
        if entry.title:
            cut.append(_title(entry, letters))
        rows += len(cut) + (_signs(entry.layer) if entry.said is None else 0)
        more += sum(said.count(_BREAK) for said in cut)
    return rows * _ROW + more * _MORE


def _letters(width: float, size: float) -> int:
    """Count the letters of a line."""
    return int(width / (_LETTER * size))


def _signs(layer: MapLayer) -> int:
    """Count the classes of a layer that shows all of them."""
    renderer = ET.fromstring(layer.style).find("renderer-v2")  # noqa: S314  (written by us)
    kinds = ("category", "rule")
    return max(1, 0 if renderer is None else sum(each.tag in kinds for each in renderer.iter()))


def _title(entry: Legend, letters: int) -> str:
    return _cut(entry.title, round(0.9 * letters))  # in bold type


def legend(
    page: Page,
    name: str,
    box: Box,
    map_name: str,
    entries: Sequence[Legend],
    *,
    size: float = 8,
    of_sheet: bool = False,
) -> ET.Element:
    """Explain the layers of a map, in the order given; `of_sheet` only what its map shows."""
    size, scale = page.points(size), page.scale
    found = item(
        page, "65642", name, box, map_uuid=page.uuid(map_name), title="",
        titleAlignment="1", columnCount="1", splitLayer="0", equalColumnWidth="0",
        symbolWidth=f"{0.9 * size:g}", symbolHeight=f"{0.45 * size:g}", boxSpace="0",
        columnSpace="3", wrapChar=_BREAK, lineSpacing=f"{0.6 * scale:g}", resizeToContents="1",
        legendFilterByAtlas="0", legendFilterByMap="1" if of_sheet else "0",
        rasterBorder="0", fontColor=INK,
        symbolAlignment="1",
        maxSymbolSize="0", minSymbolSize="0", wmsLegendWidth="50", wmsLegendHeight="25",
    )  # fmt: skip
    styles = ET.SubElement(found, "styles")
    heads = {"marginTop": f"{2.6 * scale:g}"}
    for kind, bold, more in (
        ("title", True, {"marginBottom": f"{1.5 * scale:g}"}), ("group", True, heads),
        ("subgroup", True, heads),
        ("symbol", False, {"marginTop": f"{1.25 * scale:g}"}),
        ("symbolLabel", False, {"marginLeft": f"{2 * scale:g}", "marginTop": f"{1.2 * scale:g}"}),
    ):  # fmt: skip
        given = {"name": kind, "alignment": "1", "indent": "0", **more}
        style = ET.SubElement(styles, "style", given)
        style.append(font("styleFont", size, bold=bold))
        style.append(text_style(size, bold=bold))
    tree = ET.SubElement(found, "layer-tree-group")
    letters = _letters(box[2], size / scale)
    for entry in entries:
        tree.append(_entry(entry, letters))
    return found


def _cut(said: str, letters: int) -> str:
    """Cut words into lines of so many letters."""
    return _BREAK.join(textwrap.wrap(said, letters, break_long_words=False)) or said


def _entry(entry: Legend, letters: int) -> ET.Element:
    layer = entry.layer
    found = ET.Element("layer-tree-layer", {
        "id": layer.id, "name": entry.title or layer.title, "source": layer.source,
        "providerKey": "gdal" if layer.geometry == "Raster" else "ogr", "expanded": "1",
        "checked": "Qt::Checked", "legend_exp": "", "patch_size": "-1,-1",
    })  # fmt: skip
    table = ET.SubElement(ET.SubElement(found, "customproperties"), "Option", type="Map")
    given = {"cached_name": entry.title or layer.title}
    if not entry.title:
        given["legend/title-style"] = "hidden"
    else:
        given |= {"legend/title-label": _title(entry, letters), "legend/title-style": "subgroup"}
    if entry.said is not None:
        given["legend/node-order"] = ",".join(map(str, entry.said))
        given |= {f"legend/label-{at}": _cut(said, letters - _KEY)
                  for at, said in entry.said.items()}  # fmt: skip
    for key in sorted(given):
        ET.SubElement(table, "Option", type="QString", name=key, value=given[key])
    return found
