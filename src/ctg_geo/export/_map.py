"""The map itself: communes, boundary of groups, places, names, scale."""

import pandas as pd
import shapely
from matplotlib.patches import Rectangle

from ctg_geo import labels
from ctg_geo.export import palettes
from ctg_geo.export._ground import (
    ROUGH,
    Shapes,
    boundaries,
    group_names,
    neighbours,
    scale,
    shapes_of,
)
from ctg_geo.export._names import name_communes
from ctg_geo.export._paper import Paper
from ctg_geo.export._placing import Box, Room
from ctg_geo.export._unshown import signs_of
from ctg_geo.export._view import View, circles
from ctg_geo.export.publish import Publication

__all__ = ["HATCH", "draw_map", "hatch_colour"]

HATCH = "/////"


def hatch_colour(colour: str) -> str:
    """Colour of the hatch that shows on a fill without hiding it."""
    return "#ffffffb8" if palettes.is_dark(colour) else "#22262b80"


def draw_map(paper: Paper, publication: Publication, frame: Box) -> bool:
    """Draw the map in a frame; tell whether ground beyond the buffer shows."""
    view = View.of(publication, frame)
    left, top, right, bottom = frame
    clip = paper.rectangle(left, top, right - left, bottom - top, palettes.BEYOND, zorder=1)
    table, grouping = publication.communes, publication.grouping
    shapes = shapes_of(table.geometry, None if grouping is None else table[grouping], view)
    beyond = neighbours(paper, publication.diagnosis.territory.communes, view, clip)
    _communes(paper, publication, shapes, clip)
    boundaries(paper, shapes, clip)
    room = Room((left + 5, top + 5, right - 5, bottom - 5))
    discs = circles(publication, view)
    for x, y, radius in discs.itertuples(index=False):
        paper.circle(x, y, radius, palettes.PLACE)
        room.take((x - radius, y - radius, x + radius, y + radius))
    scale(paper, view, shapes, room)
    if publication.grouping is not None:
        group_names(paper, publication.group_labels[publication.grouping], shapes, room)
    points = view.on_page(publication.diagnosis.territory.points[shapes.communes.index].to_numpy())
    spots = pd.Series(points, index=shapes.communes.index)
    rough = pd.Series(shapely.simplify(shapes.communes.to_numpy(), ROUGH), spots.index)
    name_communes(paper, publication, spots, rough, shapes.boundary, discs, room)
    paper.rectangle(left, top, right - left, bottom - top, "none", edgecolor=palettes.RULE,
                    linewidth=0.8, zorder=8)  # fmt: skip
    return beyond


def _communes(paper: Paper, publication: Publication, shapes: Shapes, clip: Rectangle) -> None:
    table = publication.communes
    colours = palettes.class_colours(publication.classes)
    fragile = table["certainty_label"] == labels.text("certainty.fragile")
    signs = signs_of(publication)
    for code, polygon in shapes.communes.items():
        colour = colours.get(int(table.at[code, "class"]), palettes.NO_DATA)
        paper.shape(polygon, clip, facecolor=colour, edgecolor=palettes.OUTLINE, linewidth=0.8,
                    joinstyle="round", zorder=2)  # fmt: skip
        if fragile[code]:
            paper.shape(polygon, clip, facecolor="none", edgecolor=hatch_colour(colour),
                        hatch=HATCH, linewidth=0, zorder=2.1)  # fmt: skip
        for sign, mask in signs.items():
            if mask[str(code)]:
                paper.shape(polygon, clip, facecolor="none", edgecolor=hatch_colour(colour),
                            hatch=sign.hatch, linewidth=0, zorder=2.2)  # fmt: skip
