"""The map itself: communes, boundary of groups, places, names, scale."""

import pandas as pd
import shapely
from matplotlib.patches import Rectangle

from ctg_geo import labels
from ctg_geo.export import palettes
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
from ctg_geo.export._page_words import highlighted
from ctg_geo.export._paper import Paper
from ctg_geo.export._placing import Box, Room
from ctg_geo.export._unshown import signs_of
from ctg_geo.export._view import View, circles
from ctg_geo.export._zones import draw_zones
from ctg_geo.export.publish import Publication

__all__ = ["HATCH", "draw_map"]

HATCH = "/////"


def draw_map(paper: Paper, publication: Publication, frame: Box) -> bool:
    """Draw the map in a frame; tell whether ground beyond the buffer shows."""
    view = View.of(publication, frame)
    left, top, right, bottom = frame
    clip = paper.rectangle(left, top, right - left, bottom - top, palettes.BEYOND, zorder=1)
    table, territory = publication.communes, publication.diagnosis.territory
    grouping = publication.grouping
    ground = ground_of(table, None if grouping is None else table[grouping], view)
    draw_neighbours(paper, territory, view, clip)
    _communes(paper, publication, ground, clip)
    draw_limits(paper, ground, clip)
    room = Room((left + 5, top + 5, right - 5, bottom - 5))
    discs = circles(publication, view)
    for x, y, radius in discs.itertuples(index=False):
        paper.circle(x, y, radius, palettes.PLACE)
        room.take((x - radius, y - radius, x + radius, y + radius))
    draw_scale(paper, view, ground, room)
    draw_zones(paper, publication, view, clip, room, ground.boundary)
    if grouping is not None:
        name_groups(paper, publication.group_labels[grouping], ground, room)
    points = view.on_page(territory.points[ground.communes.index].to_numpy())
    spots = pd.Series(points, index=ground.communes.index)
    rough = pd.Series(shapely.simplify(ground.communes.to_numpy(), ROUGH), spots.index)
    people = table["population"].fillna(table["demand"]).fillna(0.0)
    listed = highlighted(publication)
    name_communes(paper, table["nom"], people, listed, spots, rough, ground.boundary, discs, room)
    paper.rectangle(left, top, right - left, bottom - top, "none", edgecolor=palettes.RULE,
                    linewidth=0.8, zorder=8)  # fmt: skip
    return shows_beyond(territory, view)


def _communes(paper: Paper, publication: Publication, ground: Ground, clip: Rectangle) -> None:
    table = publication.communes
    colours = palettes.class_colours(publication.classes)
    fragile = table["certainty_label"] == labels.text("certainty.fragile")
    signs = signs_of(publication)
    for code, polygon in ground.communes.items():
        colour = colours.get(int(table.at[code, "class"]), palettes.NO_DATA)
        paper.shape(polygon, clip, facecolor=colour, edgecolor=palettes.OUTLINE, linewidth=0.8,
                    joinstyle="round", zorder=2)  # fmt: skip
        if fragile[code]:
            paper.shape(polygon, clip, facecolor="none", edgecolor=palettes.hatch_colour(colour),
                        hatch=HATCH, linewidth=0, zorder=2.1)  # fmt: skip
        for sign, mask in signs.items():
            if mask[str(code)]:
                paper.shape(polygon, clip, facecolor="none",
                            edgecolor=palettes.hatch_colour(colour),
                            hatch=sign.hatch, linewidth=0, zorder=2.2)  # fmt: skip
