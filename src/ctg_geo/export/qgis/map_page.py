"""The page of a map, A4 or A3: verdict, legend, comparison, sources and caveats around it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from xml.etree import ElementTree as ET

from ctg_geo import labels
from ctg_geo.export._page_words import Said
from ctg_geo.export.palettes import BOUNDARY, CAVEAT, GREY, INK, RULE, SCHEMATIC
from ctg_geo.export.qgis.items import Box, Page, map_frame, rectangle, scale_bar, words
from ctg_geo.export.qgis.legend import Legend, legend, legend_height
from ctg_geo.export.qgis.page import Item, layout
from ctg_geo.export.qgis.project import Extent

__all__ = ["Drawing", "PageWords", "band", "map_page", "north"]

_WIDE, _HIGH, _MARGIN, _GUTTER = 297.0, 210.0, 10.0, 6.0
_NARROWEST, _WIDEST = 118.0, 182.0  # of the map, mm on A4
_FOOT: Final = 14.0
_LINE: Final = 0.47  # height of a line, mm a point of type
_LETTER: Final = 0.205  # width of a letter, mm a point of type, at most
_KEYS: Final = 7.6  # points, type of the legend
_CELL: Final = 4.6  # height of a row of the comparison
_SMALL: Final = 7.0  # points, under which type is grey


@dataclass(frozen=True, slots=True, eq=False)
class PageWords:
    """What a page says: `caveat` on a tinted band under `loud`, `foot` under the map.

    `lines` is the verdict; `compared` a table of groups, by row (what each number is, then a
    number a group), its heads first; `listed` sentences under it.
    """

    title: str
    subtitle: str
    caveat: str
    loud: str
    lines: tuple[Said, ...]
    compared: tuple[tuple[str, ...], ...]
    listed: tuple[Said, ...]
    foot: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Drawing:
    """What the map of a page shows: a view, and what its legend explains."""

    view: str
    extent: Extent
    legend: tuple[Legend, ...]


def map_page(page: Page, said: PageWords, drawing: Drawing) -> ET.Element:
    """Return the layout of a map, lying; `page` tells its name and how large it is."""
    head = 36.0 if said.caveat else 25.0
    high = _HIGH - head - _FOOT - _MARGIN / 2
    west, south, east, north_edge = drawing.extent
    wide = min(max(1.12 * high * (east - west) / (north_edge - south), _NARROWEST), _WIDEST)
    left = _MARGIN + wide + _GUTTER
    map_box = (_MARGIN, head, wide, high)
    items: list[Item] = [
        *_head(page, said),
        map_frame(page, "map", map_box, drawing.extent, drawing.view),
        *north(page, map_box, "map"),
        *_panel(page, said, drawing, (left, head, _WIDE - _MARGIN - left, high)),
    ]
    for at, line in enumerate(said.foot):
        box = (_MARGIN, head + high + 1.5 + 5.6 * at, _WIDE - 2 * _MARGIN, 6.0)
        items.append(words(page, f"foot {at}", box, line, 6.2, colour=GREY))
    return layout(page, (_WIDE, _HIGH), items)


def _head(page: Page, said: PageWords) -> Iterator[Item]:
    wide = _WIDE - 2 * _MARGIN
    size = min(17.0, wide / (_LETTER * 1.08 * max(1, len(said.title))))
    yield words(page, "title", (_MARGIN, 7, wide, 9), said.title, size, bold=True, down="middle")
    yield words(page, "subtitle", (_MARGIN, 16, wide, 6), said.subtitle, 9, colour=GREY)
    if said.caveat:
        yield from band(page, (_MARGIN, 23, wide, 10), said.caveat, said.loud)


def band(page: Page, box: Box, said: str, loud: str) -> Iterator[Item]:
    """Write a caveat on a tinted band, as the map does."""
    left, top, width, height = box
    yield rectangle(page, "band", box, SCHEMATIC if loud else CAVEAT)
    yield rectangle(page, "band edge", (left, top, 1.6, height), BOUNDARY)
    text = f"{loud.upper()}\n{said}" if loud else said
    size = 7.4 if len(said) * _LETTER * 8 < width else 6.8
    yield words(page, "caveat", (left + 4, top, width - 6, height), text, size, bold=True,
                colour=BOUNDARY, down="middle")  # fmt: skip


def north(page: Page, box: Box, map_name: str) -> Iterator[Item]:
    """Put the scale and an arrow to the north in the lower right corner of a map."""
    left, top = box[0] + box[2] - 34, box[1] + box[3] - 13
    yield rectangle(page, "scale ground", (left, top, 34, 13), "#ffffff", RULE)
    yield scale_bar(page, "scale", (left + 1.5, top + 1.5, 26, 10), map_name)
    yield words(page, "north", (left + 26, top + 1, 7, 11), f"▲\n{labels.text('map.north')}", 8,
                bold=True, across="center", down="middle")  # fmt: skip


def _panel(page: Page, said: PageWords, drawing: Drawing, box: Box) -> Iterator[Item]:
    """Write the verdict, the legend, the comparison and what is listed, down a column."""
    left, top, width, height = box
    for at, line in enumerate(said.lines):
        high = _height(line, width)
        yield words(page, f"verdict {at}", (left, top, width, high), line.text, line.size,
                    bold=line.bold)  # fmt: skip
        top += high
    top += 1.5
    high = legend_height(drawing.legend, width, size=_KEYS)
    yield legend(page, "legend", (left, top, width, high), "map", drawing.legend, size=_KEYS)
    top += high + 3
    yield from _compared(page, said.compared, (left, top, width, 0.0))
    top += len(said.compared) * _CELL + 3
    for at, line in enumerate(said.listed):
        high = _height(line, width)
        if top + high > box[1] + height:
            return
        yield words(page, f"listed {at}", (left, top, width, high), line.text, line.size,
                    bold=line.bold, colour=GREY if line.size < _SMALL else INK)  # fmt: skip
        top += high


def _height(line: Said, width: float) -> float:
    """Height that a line of type takes, wrapped to a width, in mm."""
    letters = width / (_LETTER * line.size * (1.1 if line.bold else 1.0))
    return (1 + int(len(line.text) / letters)) * _LINE * line.size + 0.3


def _compared(page: Page, rows: tuple[tuple[str, ...], ...], box: Box) -> Iterator[Item]:
    """Write a table of groups, by row, ruled."""
    left, top, width, _ = box
    first = width * 0.46
    for at, row in enumerate(rows):
        y, step = top + at * _CELL, (width - first) / max(1, len(row) - 1)
        if at:
            yield rectangle(page, f"rule {at}", (left, y - 0.2, width, 0.15), RULE)
        yield words(page, f"row {at}", (left, y, first, _CELL), row[0], 7, bold=not at)
        for number, cell in enumerate(row[1:]):
            place = (left + first + number * step, y, step, _CELL)
            yield words(page, f"cell {at} {number}", place, cell, 7, bold=not at, across="right")
