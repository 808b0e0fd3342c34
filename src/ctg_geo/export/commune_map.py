"""Draw a map of communes, each of one kind, as PNG."""

from functools import partial
from pathlib import Path

import pandas as pd
import shapely
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from ctg_geo import labels
from ctg_geo.export import palettes
from ctg_geo.export._band import band
from ctg_geo.export._ground import (
    ROUGH,
    draw_limits,
    draw_neighbours,
    draw_scale,
    ground_of,
    name_groups,
)
from ctg_geo.export._names import Named, middle, name_all
from ctg_geo.export._paper import Column, Paper
from ctg_geo.export._placing import Box, Room
from ctg_geo.export._png import write_png
from ctg_geo.export._view import View, padded
from ctg_geo.export.drawn import Drawn, Lines, Marks
from ctg_geo.territory import Territory

__all__ = ["draw_communes"]

_MARGIN, _GUTTER, _PANEL, _HIGH, _KEY = 26.0, 20.0, 240.0, 600.0, 27.0  # points
_NARROWEST, _WIDEST = 320.0, 780.0
_DISC, _NAME = 3.6, 7.6  # radius of a mark, size of type


def draw_communes(drawn: Drawn, territory: Territory, path: Path) -> None:
    """Draw a map as PNG; the same inputs give the same bytes."""
    write_png(partial(_compose, drawn, territory), path)


def _compose(drawn: Drawn, territory: Territory) -> Figure:
    """Measure everything first, then cut the page to fit."""
    x0, y0, x1, y1 = padded(territory.communes.loc[territory.inside])
    wide = min(max(_HIGH * (x1 - x0) / (y1 - y0), _NARROWEST), _WIDEST)
    inner, draft = wide + _GUTTER + _PANEL, Paper(100, 100)
    head, foot, panel = (Column(draft, 0, each, 0) for each in (inner, inner, _PANEL))
    _head(head, drawn)
    _foot(foot, drawn)
    _legend(panel, drawn)
    top, high = _MARGIN + head.y, max(_HIGH, panel.y)
    paper = Paper(inner + 2 * _MARGIN, top + high + foot.y + _MARGIN)
    _head(Column(paper, _MARGIN, inner, _MARGIN), drawn)
    _map(paper, drawn, territory, (_MARGIN, top, _MARGIN + wide, top + high))
    _legend(Column(paper, _MARGIN + wide + _GUTTER, _PANEL, top), drawn)
    _foot(Column(paper, _MARGIN, inner, top + high), drawn)
    return paper.figure


def _head(column: Column, drawn: Drawn) -> None:
    column.head(drawn.title, 17, 13)
    column.skip(2)
    column.say(drawn.subtitle, 10, colour=palettes.GREY)
    if drawn.caveat:
        column.skip(3)
        column.say(drawn.caveat, 9, bold=True, colour=palettes.BOUNDARY)
    if drawn.band:
        column.skip(5)
        band(column, drawn.band, loud=drawn.loud)
    column.skip(8)


def _foot(column: Column, drawn: Drawn) -> None:
    column.skip(8)
    for line in drawn.foot:
        column.say(line, 7.2, colour=palettes.GREY)


def _map(paper: Paper, drawn: Drawn, territory: Territory, frame: Box) -> None:
    communes = territory.communes.loc[territory.inside]
    view = View.over(communes, frame)
    left, top, right, bottom = frame
    clip = paper.rectangle(left, top, right - left, bottom - top, palettes.BEYOND, zorder=1)
    draw_neighbours(paper, territory, view, clip)
    group = None if drawn.group is None else drawn.group.reindex(communes.index)
    ground = ground_of(communes, group, view)
    colours = {each.key: each.colour for each in drawn.entries}
    for code, polygon in ground.communes.items():
        colour = colours.get(str(drawn.kind.get(code)), palettes.NO_DATA)
        paper.shape(polygon, clip, facecolor=colour, edgecolor=palettes.OUTLINE, linewidth=0.8,
                    joinstyle="round", zorder=2)  # fmt: skip
    draw_limits(paper, ground, clip)
    room = Room((left + 5, top + 5, right - 5, bottom - 5))
    for lines in drawn.lines:
        _lines(paper, lines, view, clip)
    taken: set[tuple[float, float]] = set()
    for marks in drawn.marks:
        _marks(paper, marks, view, room, taken)
    draw_scale(paper, view, ground, room)
    if drawn.group is not None:
        name_groups(paper, drawn.grouping, ground, room)
    rough = pd.Series(shapely.simplify(ground.communes.to_numpy(), ROUGH), communes.index)
    named = [
        _named(code, str(communes.at[code, "nom"]), rough[code], drawn)
        for code in drawn.named if code in rough.index
    ]  # fmt: skip
    name_all(paper, named, ground.boundary, room)
    paper.rectangle(left, top, right - left, bottom - top, "none", edgecolor=palettes.RULE,
                    linewidth=0.8, zorder=8)  # fmt: skip


def _named(code: str, nom: str, home: shapely.Geometry, drawn: Drawn) -> Named:
    at, bold = middle(home), code in drawn.bold
    return Named(nom, float(at.x), float(at.y), home, _NAME, bold, bold, 0.0)


def _lines(paper: Paper, lines: Lines, view: View, clip: Rectangle) -> None:
    """Draw ways, each stretch once, with a white rim."""
    ways = shapely.line_merge(shapely.union_all(view.on_page(lines.lines.to_numpy())))
    how = {"facecolor": "none", "joinstyle": "round", "capstyle": "round"}
    paper.shape(ways, clip, edgecolor="white", linewidth=3.6, zorder=3.4, **how)
    paper.shape(ways, clip, edgecolor=lines.colour, linewidth=1.8, zorder=3.5, **how)


def _marks(
    paper: Paper, marks: Marks, view: View, room: Room, taken: set[tuple[float, float]]
) -> None:
    """Draw places, those of one position once, and keep names off them.

    Where a position is `taken` by other places, these stand beside it.
    """
    left, top, right, bottom = view.frame
    spots = shapely.get_coordinates(view.on_page(marks.points.to_numpy())).round(1)
    for x, y in sorted({(float(x), float(y)) for x, y in spots}):
        if left + _DISC < x < right - _DISC and top + _DISC < y < bottom - _DISC:
            while (x, y) in taken:
                x = round(x + 2 * _DISC, 1)  # noqa: PLW2901  (beside it)
            taken.add((x, y))
            _sign(paper, x, y, marks)
            room.take((x - _DISC, y - _DISC, x + _DISC, y + _DISC))


def _sign(paper: Paper, x: float, y: float, marks: Marks) -> None:
    if marks.shape == "o":
        paper.circle(x, y, _DISC, marks.colour)
    else:
        paper.symbol(x, y, marks.shape, 2 * _DISC, marks.colour)


def _legend(column: Column, drawn: Drawn) -> None:
    column.say(drawn.legend, 9.5, bold=True)
    column.skip(4)
    counts = drawn.kind.value_counts()
    for each in drawn.entries:
        _entry(column, each.colour, each.label, int(counts.get(each.key, 0)))
    if unknown := int(drawn.kind.isna().sum()):
        _entry(column, palettes.NO_DATA, drawn.unknown, unknown)
    for lines in drawn.lines:
        y = column.y + 6.5
        column.paper.line([column.left, column.left + _KEY], [y, y], lines.colour, 1.8)
        column.say(lines.label, 8.2, indent=_KEY + 8)
        column.skip(4)
    for marks in drawn.marks:
        if len(marks.points):
            paper, y = column.paper, column.y + 6.5
            _sign(paper, column.left + _KEY / 2, y, marks)
            column.say(marks.label, 8.2, indent=_KEY + 8)
            column.skip(4)
    for note in drawn.notes:
        column.skip(6)
        column.say(note, 7.6, colour=palettes.GREY)
    column.skip(8 if drawn.told else 0)
    for sentence in drawn.told:
        column.skip(5)
        column.say(sentence, 8.4)


def _entry(column: Column, colour: str, said: str, count: int) -> None:
    """Write one kind; a long name wraps, clear of the count."""
    paper, top = column.paper, column.y + 1
    paper.rectangle(column.left, top, _KEY, 11, colour, edgecolor="#8a8a8a", linewidth=0.5)
    key = "map.count" if count > 1 else "map.count_few"
    counted = labels.text(key, count=count)
    paper.write(column.right, top, counted, 8.2, align="right")
    room = column.width - _KEY - 16 - paper.width_of(counted, 8.2)
    column.skip(1)
    column.say(said, 8.2, indent=_KEY + 8, room=room)
    column.skip(4)
