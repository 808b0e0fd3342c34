"""`carte_<theme>.png`: people of a theme by commune, and the places of its services."""

from functools import partial
from pathlib import Path

import pandas as pd
import shapely
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from ctg_geo.export import palettes
from ctg_geo.export._band import band
from ctg_geo.export._ground import (
    ROUGH,
    Ground,
    draw_limits,
    draw_neighbours,
    draw_scale,
    ground_of,
    name_groups,
    shows_beyond,
)
from ctg_geo.export._names import name_communes
from ctg_geo.export._paper import Column, Paper
from ctg_geo.export._placing import Box, Room
from ctg_geo.export._png import write_png
from ctg_geo.export._symbols import draw_symbols
from ctg_geo.export._theme_page_words import caveat, foot, subtitle, title
from ctg_geo.export._theme_panel import theme_panel
from ctg_geo.export._unshown import people_signs
from ctg_geo.export._view import View, frame_size
from ctg_geo.export.theme_places import Located, located
from ctg_geo.export.theme_setting import Setting
from ctg_geo.export.theme_words import ThemeState

__all__ = ["draw_theme"]

_MARGIN, _GUTTER, _PANEL = 26.0, 20.0, 262.0  # points


def draw_theme(state: ThemeState, setting: Setting, path: Path) -> None:
    """Draw the people and places of a theme as PNG; the same inputs give the same bytes.

    Parameters
    ----------
    state : a theme whose people the study knows
    setting : territory, groups and sources
    path : file to write
    """
    write_png(partial(_compose, state, setting), path)


def _compose(state: ThemeState, setting: Setting) -> Figure:
    """Lay the page out: everything is measured first, then the page is cut to fit."""
    services = located(state.services, setting.territory)
    draft = Paper(100, 100)
    wide, high = frame_size(setting.territory.communes.loc[setting.territory.inside])
    column = Column(draft, 0, _PANEL, 0)
    theme_panel(column, state, setting, services, beyond=True)
    high = max(high, column.y)
    inner = wide + _GUTTER + _PANEL
    head, foot = Column(draft, 0, inner, 0), Column(draft, 0, inner, 0)
    _head(head, state, setting)
    _foot(foot, state, setting)

    top = _MARGIN + head.y
    paper = Paper(inner + 2 * _MARGIN, top + high + foot.y + _MARGIN)
    _head(Column(paper, _MARGIN, inner, _MARGIN), state, setting)
    beyond = _map(paper, state, setting, services, (_MARGIN, top, _MARGIN + wide, top + high))
    beside = Column(paper, _MARGIN + wide + _GUTTER, _PANEL, top)
    theme_panel(beside, state, setting, services, beyond=beyond)
    _foot(Column(paper, _MARGIN, inner, top + high), state, setting)
    return paper.figure


def _head(column: Column, state: ThemeState, setting: Setting) -> None:
    column.head(title(state), 17, 13.5)
    column.skip(2)
    column.say(subtitle(state, setting), 10, colour=palettes.GREY)
    column.skip(6)
    said = caveat(state, setting)
    if said:
        band(column, said)
    column.skip(8)


def _foot(column: Column, state: ThemeState, setting: Setting) -> None:
    column.skip(8)
    for line in foot(state, setting):
        column.say(line, 7.2, colour=palettes.GREY)


def _map(
    paper: Paper, state: ThemeState, setting: Setting, services: tuple[Located, ...], frame: Box
) -> bool:
    """Draw the map in a frame; tell whether ground beyond the buffer shows."""
    territory = setting.territory
    communes = territory.communes.loc[territory.inside]
    view = View.over(communes, frame)
    left, top, right, bottom = frame
    clip = paper.rectangle(left, top, right - left, bottom - top, palettes.BEYOND, zorder=1)
    ground = ground_of(communes, setting.groups, view)
    draw_neighbours(paper, territory, view, clip)
    _communes(paper, state, ground, clip)
    draw_limits(paper, ground, clip)
    room = Room((left + 5, top + 5, right - 5, bottom - 5))
    discs = draw_symbols(paper, view, territory, services, room)
    draw_scale(paper, view, ground, room)
    name_groups(paper, setting.grouping, ground, room)
    points = view.on_page(territory.points[communes.index].to_numpy())
    spots = pd.Series(points, index=communes.index)
    rough = pd.Series(shapely.simplify(ground.communes.to_numpy(), ROUGH), communes.index)
    name_communes(paper, communes["nom"], state.shown().fillna(0.0), [], spots, rough,
                  ground.boundary, discs, room)  # fmt: skip
    paper.rectangle(left, top, right - left, bottom - top, "none", edgecolor=palettes.RULE,
                    linewidth=0.8, zorder=8)  # fmt: skip
    return shows_beyond(territory, view)


def _communes(paper: Paper, state: ThemeState, ground: Ground, clip: Rectangle) -> None:
    assert state.status is not None, "the theme has people"
    colours = palettes.people_colours(list(state.classes()))
    numbers, signs = state.numbers(), people_signs(state.status)
    for code, polygon in ground.communes.items():
        number = numbers[str(code)]
        colour = palettes.NO_DATA if pd.isna(number) else colours[int(number)]
        paper.shape(polygon, clip, facecolor=colour, edgecolor=palettes.OUTLINE, linewidth=0.8,
                    joinstyle="round", zorder=2)  # fmt: skip
        for sign, mask in signs.items():
            if mask[str(code)]:
                paper.shape(polygon, clip, facecolor="none",
                            edgecolor=palettes.hatch_colour(colour),
                            hatch=sign.hatch, linewidth=0, zorder=2.2)  # fmt: skip
