"""The sheet of a commune, standing: its map, where it is, its verdict, its figures."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from xml.etree import ElementTree as ET

from ctg_geo import labels
from ctg_geo.export.palettes import BOUNDARY, GREY
from ctg_geo.export.qgis.items import Page, map_frame, rectangle, words
from ctg_geo.export.qgis.legend import Legend, legend
from ctg_geo.export.qgis.map_page import band, north
from ctg_geo.export.qgis.page import Atlas, Item, layout
from ctg_geo.export.qgis.project import Extent, MapLayer
from ctg_geo.export.qgis.rows import Column, table

__all__ = ["THIS_COMMUNE", "SheetWords", "sheet_page"]

# The commune whose sheet is being made; no commune where none is.
THIS_COMMUNE: Final = "\"code_insee\" = attribute(@atlas_feature, 'code_insee')"

_WIDE, _HIGH, _MARGIN = 210.0, 297.0, 12.0
_INNER: Final = _WIDE - 2 * _MARGIN
_SIDE: Final = 56.0  # width of the column beside the map


@dataclass(frozen=True, slots=True, eq=False)
class SheetWords:
    """What every sheet says; `[% %]` in `verdict`, `place` and `why` are of its commune.

    `figures` heads the table, whose columns are `columns`; `place` stands under the name.
    """

    service: str
    place: str
    verdict: str
    why: str
    norm: str
    figures: str
    columns: Sequence[Column]
    caveat: str
    loud: str
    foot: Sequence[str]


def sheet_page(
    page: Page, said: SheetWords, *, communes: MapLayer, rows: MapLayer, extent: Extent,
    views: tuple[str, str], key: Sequence[Legend], lines: int, own_key: bool = False,
) -> ET.Element:  # fmt: skip
    """Return the layout of the sheets, one a commune in the order of their names.

    Parameters
    ----------
    communes : whose features are the sheets
    rows : lines of figures, by code_insee and line
    extent : of the territory, for the small map
    views : map themes of the large map and of the small one
    key : what the legend explains; only what the map of the sheet shows if `own_key`
    lines : how many figures a sheet has at most
    """
    top, high = 45.0 if said.caveat else 33.0, 106.0
    big = (_MARGIN, top, _INNER - _SIDE - 5, high)
    left = _MARGIN + _INNER - _SIDE
    under = top + high + 5
    low = 19 if said.verdict else 0
    where, size = (40.0, 5.6) if own_key else (62.0, 6.6)  # signs of all services need room
    items: list[Item] = [
        rectangle(page, "edge", (_MARGIN, 10, 1.6, 19), BOUNDARY),
        words(page, "name", (_MARGIN + 5, 8.5, _INNER - 40, 11), '[% "nom" %]', 21, bold=True,
              down="middle"),
        words(page, "number", (_MARGIN + _INNER - 40, 10, 40, 8),
              labels.text("sheets.number", page="[% @atlas_featurenumber %]",
                          pages="[% @atlas_totalfeatures %]"), 8, colour=GREY, across="right"),
        words(page, "place", (_MARGIN + 5, 19.5, _INNER - 5, 5), said.place, 9, colour=GREY),
        words(page, "service", (_MARGIN + 5, 24.5, _INNER - 5, 5.5), said.service, 9.5, bold=True),
        map_frame(page, "map", big, extent, views[0], atlas_margin=0.35),
        *north(page, big, "map"),
        map_frame(page, "where", (left, top, _SIDE, where), extent, views[1]),
        legend(page, "legend", (left, top + where + 4, _SIDE, high - where - 4), "map", key,
               size=size, of_sheet=own_key),
        *_verdict(page, said, under),
        words(page, "figures", (_MARGIN, under + low, _INNER, 6), said.figures, 10, bold=True),
        table(page, "rows", (_MARGIN, under + low + 6.5, _INNER, 6.9 * (lines + 1)), rows,
              said.columns, where=THIS_COMMUNE, order="line", size=8),
    ]  # fmt: skip
    if said.caveat:
        items += band(page, (_MARGIN, 31.5, _INNER, 12), said.caveat, said.loud)
    for at, line in enumerate(said.foot):
        box = (_MARGIN, _HIGH - 19 + 6 * at, _INNER, 6)
        items.append(words(page, f"foot {at}", box, line, 6, colour=GREY))
    named = Atlas(communes, '"nom"', '"nom"', "'fiche_' || \"code_insee\"")
    return layout(page, (_WIDE, _HIGH), items, named)


def _verdict(page: Page, said: SheetWords, top: float) -> Iterator[Item]:
    """Write the verdict, why, and the norm, where there is one."""
    if said.verdict:
        yield words(page, "verdict", (_MARGIN, top, _INNER, 8), said.verdict, 13, bold=True)
        yield words(page, "why", (_MARGIN, top + 8, _INNER, 5), said.why, 8.5)
        yield words(page, "norm", (_MARGIN, top + 12.5, _INNER, 5), said.norm, 7.5, colour=GREY)
