"""`carte_<theme>.png` of a theme of context: a small map for each indicator of the study."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Final

import pandas as pd
from matplotlib.figure import Figure

from ctg_geo import labels
from ctg_geo.export import palettes
from ctg_geo.export._band import band
from ctg_geo.export._ground import Ground, draw_limits, draw_neighbours, draw_scale, ground_of
from ctg_geo.export._keys import entry, limits, swatch
from ctg_geo.export._paper import Column, Paper
from ctg_geo.export._placing import Box, Room
from ctg_geo.export._png import write_png
from ctg_geo.export._unshown import SIGNS
from ctg_geo.export._view import View, padded
from ctg_geo.export.portrait_style import (
    Classes,
    class_colours,
    drawn_classes,
    known_words,
)
from ctg_geo.export.theme_setting import Setting
from ctg_geo.export.theme_words import ThemeState

__all__ = ["draw_portrait"]

_MARGIN, _GUTTER, _CELL = 26.0, 18.0, 246.0  # points
_LOW, _TALL = 150.0, 330.0  # least and greatest height of a small map
_COLUMNS: Final = 3
_MOST: Final = 8  # small maps on a page: with the reading, three rows
_HATCHES: Final = {sign.status: sign.hatch for sign in SIGNS}
_SMALL = 7.2
_Draw = Callable[[Paper, Setting, Box, Classes, pd.Series], None]


def draw_portrait(state: ThemeState, setting: Setting, path: Path) -> None:
    """Draw the indicators of a theme of context as PNG; the same inputs give the same bytes.

    Parameters
    ----------
    state : a theme whose context has rates or medians to draw
    setting : territory, groups and sources
    path : file to write
    """
    write_png(partial(_compose, state, setting), path)


def _compose(state: ThemeState, setting: Setting) -> Figure:
    """Lay small maps out in rows, each as high as its fullest; the reading comes last."""
    names = state.context.drawn[:_MOST]
    across = min(_COLUMNS, len(names) + 1)
    inner = across * _CELL + (across - 1) * _GUTTER
    cells = [partial(_small, state=state, setting=setting, name=name) for name in names]
    cells.append(partial(_reading, state=state, setting=setting))
    rows = [cells[at : at + across] for at in range(0, len(cells), across)]
    draft = Paper(100, 100)
    heights = []
    for row in rows:
        columns = [Column(draft, 0, _CELL, 0) for _ in row]
        for cell, column in zip(row, columns, strict=True):
            cell(column, _no_map)
        heights.append(max(column.y for column in columns) + _GUTTER)
    head, foot = Column(draft, 0, inner, 0), Column(draft, 0, inner, 0)
    _head(head, state, setting)
    _foot(foot, setting)
    top = _MARGIN + head.y
    paper = Paper(inner + 2 * _MARGIN, top + sum(heights) + foot.y + _MARGIN)
    _head(Column(paper, _MARGIN, inner, _MARGIN), state, setting)
    for row, height in zip(rows, heights, strict=True):
        for at, cell in enumerate(row):
            cell(Column(paper, _MARGIN + at * (_CELL + _GUTTER), _CELL, top), _map)
        top += height
    _foot(Column(paper, _MARGIN, inner, top), setting)
    return paper.figure


def _head(column: Column, state: ThemeState, setting: Setting) -> None:
    context = state.context
    count = min(len(context.drawn), _MOST)
    said = labels.text("themes.portrait_title", theme=state.theme.label, count=count)
    column.head(said, 17, 13.5)
    column.skip(2)
    said = labels.text("themes.portrait_subtitle", study=setting.study)
    column.say(said, 10, colour=palettes.GREY)
    column.skip(6)
    guessed = [context.titles[name] for name in context.drawn if context.guessed(name)]
    if guessed:
        reasons = labels.text("themes.portrait_estimated", names=", ".join(guessed))
        band(column, labels.text("map.estimated", reasons=reasons))
    column.skip(8)


def _foot(column: Column, setting: Setting) -> None:
    said = labels.text("map.sources", sources=" ; ".join(setting.sources))
    column.say(said, _SMALL, colour=palettes.GREY)


def _small(column: Column, draw: _Draw, *, state: ThemeState, setting: Setting, name: str) -> None:
    """Draw one indicator: its title, its map (by `draw`), its classes, who publishes it."""
    context = state.context
    top = column.y
    column.say(context.titles[name], 9, bold=True)
    column.y = max(column.y, top + 3 * 11.7) + 4  # titles of a row end together
    frame = _frame(column, setting)
    found, keys = drawn_classes(context, name)
    draw(column.paper, setting, frame, found, keys)
    column.y = frame[3] + 5
    column.say(known_words(context, name), _SMALL, bold=True)
    column.skip(2)
    _legend(column, found, keys)
    origin = context.origins.get(name, "")
    column.say(labels.text("map.sources", sources=origin), 6.8, colour=palettes.GREY)


def _frame(column: Column, setting: Setting) -> Box:
    territory = setting.territory
    x0, y0, x1, y1 = padded(territory.communes.loc[territory.inside])
    high = min(max(column.width * (y1 - y0) / (x1 - x0), _LOW), _TALL)
    return column.left, column.y, column.right, column.y + high


def _no_map(_: Paper, __: Setting, ___: Box, ____: Classes, _____: pd.Series) -> None:
    """Draw nothing, where the page is only measured."""


def _map(paper: Paper, setting: Setting, frame: Box, found: Classes, keys: pd.Series) -> None:
    territory = setting.territory
    communes = territory.communes.loc[territory.inside]
    view = View.over(communes, frame)
    left, top, right, bottom = frame
    clip = paper.rectangle(left, top, right - left, bottom - top, palettes.BEYOND, zorder=1)
    ground = ground_of(communes, setting.groups, view)
    draw_neighbours(paper, territory, view, clip)
    colours = class_colours(found)
    for code, polygon in ground.communes.items():
        key = keys[str(code)]
        colour = colours.get(key, palettes.NO_DATA)
        paper.shape(polygon, clip, facecolor=colour, edgecolor=palettes.OUTLINE, linewidth=0.5,
                    joinstyle="round", zorder=2)  # fmt: skip
        if key in _HATCHES:
            paper.shape(polygon, clip, facecolor="none", edgecolor=palettes.hatch_colour(colour),
                        hatch=_HATCHES[key], linewidth=0, zorder=2.2)  # fmt: skip
    draw_limits(paper, ground, clip)
    _marks(paper, view, ground, frame)
    paper.rectangle(left, top, right - left, bottom - top, "none", edgecolor=palettes.RULE,
                    linewidth=0.8, zorder=8)  # fmt: skip


def _marks(paper: Paper, view: View, ground: Ground, frame: Box) -> None:
    left, top, right, bottom = frame
    draw_scale(paper, view, ground, Room((left + 3, top + 5, right - 3, bottom - 3)))


def _legend(column: Column, found: Classes, keys: pd.Series) -> None:
    """Write the classes and the signs that the map has, with their numbers of communes."""
    counts = keys.value_counts()
    for key, colour in class_colours(found).items():
        _line(column, found.names[key], int(counts.get(key, 0)), colour)
    for status, hatch in _HATCHES.items():
        if counts.get(status, 0):
            _line(column, found.names[status], int(counts[status]), palettes.NO_DATA, hatch)


def _line(column: Column, said: str, count: int, colour: str, hatch: str = "") -> None:
    def sign(y: float) -> None:
        swatch(column, colour, y)
        if hatch:
            swatch(column, "none", y, edge=palettes.hatch_colour(colour), hatch=hatch)

    entry(column, f"{said} ({labels.number(count)})", sign)


def _reading(column: Column, _: _Draw, *, state: ThemeState, setting: Setting) -> None:
    """Say how to read the maps, and which figures are not drawn."""
    context = state.context
    column.say(labels.text("themes.portrait_reading"), 9, bold=True)
    column.skip(4)
    for key in ("portrait_neutral", "portrait_bounds"):
        column.say(labels.text(f"themes.{key}"), 8)
        column.skip(4)
    if setting.groups is not None:
        limits(column, sorted(str(each) for each in set(setting.groups)), setting.grouping)
    entry(column, labels.text("themes.portrait_around"), partial(swatch, column, palettes.AROUND))
    column.skip(4)
    _unlisted(column, "portrait_more", [context.titles[name] for name in context.drawn[_MOST:]])
    counts = [title for name, title in context.titles.items() if name not in context.drawn]
    _unlisted(column, "portrait_counts", counts)
    if state.theme.note:
        column.say(state.theme.note, 8)
    if state.theme.no_classes:
        column.say(labels.text("themes.portrait_computed", reason=state.theme.no_classes), 8)


def _unlisted(column: Column, key: str, names: Sequence[str]) -> None:
    if names:
        column.say(labels.text(f"themes.{key}", names=", ".join(names)), 8)
        column.skip(4)
