"""`carte_<theme>.png`: people of a theme by commune, in the classes of the convention."""

from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pandas as pd
import shapely
from matplotlib.figure import Figure

from ctg_geo import labels
from ctg_geo.diagnosis import people_class
from ctg_geo.export import palettes
from ctg_geo.export._paper import Column, Paper
from ctg_geo.export._placing import Room
from ctg_geo.export._view import View, padded
from ctg_geo.export.theme_words import ThemeState
from ctg_geo.territory import Territory

__all__ = ["draw_theme"]

_MARGIN, _PANEL, _HIGH, _KEY = 24.0, 230.0, 560.0, 27.0  # points


def draw_theme(
    state: ThemeState, territory: Territory, path: Path, *, study: str, sources: Sequence[str]
) -> None:
    """Draw the people of a theme as PNG; the same inputs give the same bytes."""
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update({"font.family": "DejaVu Sans"})
        figure = _compose(state, territory, study, sources)
        figure.savefig(path, metadata={"Software": "ctg-geo"})


def _compose(state: ThemeState, territory: Territory, study: str, sources: Sequence[str]) -> Figure:
    x0, y0, x1, y1 = padded(territory.communes.loc[territory.inside])
    wide = max(_HIGH * (x1 - x0) / (y1 - y0), 300.0)
    inner = wide + _MARGIN + _PANEL
    draft = Column(Paper(100, 100), 0, inner, 0)
    _head(draft, state, study)
    top = _MARGIN + draft.y
    draft.y = 0
    _foot(draft, state, sources)
    paper = Paper(inner + 2 * _MARGIN, top + _HIGH + draft.y + _MARGIN)
    _head(Column(paper, _MARGIN, inner, _MARGIN), state, study)
    _map(paper, state, territory, (_MARGIN, top, _MARGIN + wide, top + _HIGH))
    _legend(Column(paper, 2 * _MARGIN + wide, _PANEL, top), state)
    _foot(Column(paper, _MARGIN, inner, top + _HIGH), state, sources)
    return paper.figure


def _head(column: Column, state: ThemeState, study: str) -> None:
    theme = state.theme
    said = labels.text("themes.map_title", theme=theme.label, people=theme.people_label)
    column.head(said, 16, 12)
    key = "themes.map_subtitle" if theme.classes else "themes.no_classes"
    column.say(labels.text(key, study=study, reason=theme.no_classes), 9.5, colour=palettes.GREY)
    if state.estimated:
        column.skip(3)
        said = labels.text("themes.map_estimated", method=state.method)
        column.say(said, 9, bold=True, colour=palettes.BOUNDARY)
    column.skip(8)


def _foot(column: Column, state: ThemeState, sources: Sequence[str]) -> None:
    column.skip(8)
    column.say(state.theme.source + ".", 7.2, colour=palettes.GREY)
    column.say(labels.text("map.sources", sources=" ; ".join(sources)), 7.2, colour=palettes.GREY)


def _map(
    paper: Paper, state: ThemeState, territory: Territory, frame: tuple[float, float, float, float]
) -> None:
    communes = territory.communes.loc[territory.inside]
    view = View.over(communes, frame)
    left, top, right, bottom = frame
    clip = paper.rectangle(left, top, right - left, bottom - top, palettes.BEYOND, zorder=1)
    around = territory.communes[~territory.communes["inside"]]
    for each in view.on_page(around.geometry.to_numpy()):
        paper.shape(each, clip, facecolor=palettes.AROUND, edgecolor="#d2cec7", linewidth=0.45,
                    zorder=1.5)  # fmt: skip
    colours = palettes.people_colours(list(state.classes()))
    shown = state.shown()
    number = people_class(shown, state.theme) if state.theme.classes else shown * float("nan")
    polygons = view.on_page(communes.geometry.to_numpy())
    for polygon, each in zip(polygons, number.reindex(communes.index), strict=True):
        colour = palettes.NO_DATA if pd.isna(each) else ""
        paper.shape(polygon, clip, facecolor=colour or colours[int(each)], linewidth=0.8,
                    edgecolor=palettes.OUTLINE, joinstyle="round", zorder=2)  # fmt: skip
    whole = shapely.union_all(polygons).buffer(0.2)
    paper.shape(whole, clip, facecolor="none", edgecolor=palettes.INK, linewidth=1.5, zorder=3)
    room = Room((left + 2, top + 2, right - 2, bottom - 2))
    people = shown.fillna(0).sort_values(ascending=False, kind="stable").index[:8]
    points = dict(zip(communes.index, view.on_page(territory.points[communes.index].to_numpy()),
                      strict=True))  # fmt: skip
    for code in people:
        name, x, y = communes.at[code, "nom"], points[code].x, points[code].y - 5
        half = paper.width_of(name, 7.5, bold=True) / 2
        box = (x - half, y, x + half, y + 10)
        if room.free(np.array([box]))[0]:
            room.take(box)
            paper.write(x, y, name, 7.5, bold=True, align="center", halo=2)


def _legend(column: Column, state: ThemeState) -> None:
    said = state.theme.people_label
    column.say(said[:1].upper() + said[1:], 9.5, bold=True)
    column.skip(4)
    shown = state.shown()
    names = state.classes()
    colours = palettes.people_colours(list(names))
    counts = people_class(shown, state.theme).value_counts()
    for number, name in names.items():
        _entry(column, colours[number], name, int(counts.get(number, 0)))
    unknown = int(shown.isna().sum())
    if unknown or not names:
        key = "map.unknown" if names else "themes.class_none"
        _entry(column, palettes.NO_DATA, labels.text(key), unknown if names else len(shown))
    if names:
        column.say(labels.text("themes.map_bounds"), 6.8, colour=palettes.GREY)
    if state.theme.note:
        column.skip(6)
        column.say(state.theme.note, 7.2, colour=palettes.GREY)


def _entry(column: Column, colour: str, said: str, count: int) -> None:
    paper = column.paper
    paper.rectangle(column.left, column.y + 1, _KEY, 11, colour, edgecolor="#8a8a8a",
                    linewidth=0.5)  # fmt: skip
    paper.write(column.left + _KEY + 8, column.y + 1, said, 8.2)
    key = "map.count" if count > 1 else "map.count_few"
    paper.write(column.right, column.y + 1, labels.text(key, count=count), 8.2, align="right")
    column.skip(15)
