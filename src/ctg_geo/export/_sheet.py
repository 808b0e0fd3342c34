"""The page: title and caveats above, map and panel, norm and sources below."""

from matplotlib.figure import Figure

from ctg_geo import labels
from ctg_geo.export import palettes
from ctg_geo.export._band import band
from ctg_geo.export._map import draw_map
from ctg_geo.export._page_words import caveat, foot, subtitle, title
from ctg_geo.export._panel import panel
from ctg_geo.export._paper import Column, Paper
from ctg_geo.export._view import frame_size
from ctg_geo.export.publish import Publication

__all__ = ["compose"]

_MARGIN, _GUTTER, _PANEL = 26.0, 20.0, 262.0  # points


def compose(publication: Publication) -> Figure:
    """Lay the page out: everything is measured first, then the page is cut to fit."""
    draft = Paper(100, 100)
    wide, high = frame_size(publication.communes)
    column = Column(draft, 0, _PANEL, 0)
    panel(column, publication, beyond=True)
    high = max(high, column.y)
    inner = wide + _GUTTER + _PANEL
    head = Column(draft, 0, inner, 0)
    _head(head, publication)
    foot = Column(draft, 0, inner, 0)
    _foot(foot, publication)

    top = _MARGIN + head.y
    paper = Paper(inner + 2 * _MARGIN, top + high + foot.y + _MARGIN)
    _head(Column(paper, _MARGIN, inner, _MARGIN), publication)
    beyond = draw_map(paper, publication, (_MARGIN, top, _MARGIN + wide, top + high))
    panel(Column(paper, _MARGIN + wide + _GUTTER, _PANEL, top), publication, beyond=beyond)
    _foot(Column(paper, _MARGIN, inner, top + high), publication)
    return paper.figure


def _head(column: Column, publication: Publication) -> None:
    column.head(title(publication), 17, 13.5)
    column.skip(2)
    column.say(subtitle(publication), 10, colour=palettes.GREY)
    column.skip(6)
    said, loud = caveat(publication)
    if said:
        band(column, said, loud=loud)
    column.skip(8)


def _foot(column: Column, publication: Publication) -> None:
    column.skip(8)
    if not publication.diagnosis.estimated:
        column.say(labels.text("map.observed"), 7.2, bold=True)
    for line in foot(publication):
        column.say(line, 7.2, colour=palettes.GREY)
