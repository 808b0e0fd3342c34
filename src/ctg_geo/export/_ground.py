"""The ground of every map: neighbours, limits between groups and their names, north and scale."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd
import shapely
from matplotlib.patches import Rectangle

from ctg_geo import labels
from ctg_geo.export import palettes
from ctg_geo.export._paper import Paper
from ctg_geo.export._placing import Box, Room, around
from ctg_geo.export._view import SCALE_ROOM, View, corners, nice
from ctg_geo.territory import Territory

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["ROUGH", "Ground", "draw_limits", "draw_neighbours", "draw_scale", "ground_of",
           "name_groups", "shows_beyond"]  # fmt: skip

ROUGH = 1.0  # points by which an outline may be simplified to place a label


@dataclass(frozen=True, slots=True)
class Ground:
    """The communes of a territory on the page, whole and by group."""

    communes: pd.Series  # polygons by code_insee
    whole: Any
    groups: dict[str, Any]
    boundary: Any  # between groups; empty without


def ground_of(communes: "gpd.GeoDataFrame", groups: pd.Series | None, view: View) -> Ground:
    """Bring communes to the page.

    Parameters
    ----------
    communes : by code_insee, those of the territory
    groups : name of the group of each commune, if they are grouped
    """
    polygons = pd.Series(view.on_page(communes.geometry.to_numpy()), index=communes.index)
    whole = _closed(polygons)
    parts: dict[str, Any] = {}
    if groups is not None:
        names = groups.astype(str)
        parts = {str(name): _closed(polygons[names == name]) for name in sorted(set(names))}
    inner = []
    if len(parts) > 1:
        rim = whole.boundary.buffer(0.8)
        inner = [shapely.difference(each.boundary, rim) for each in parts.values()]
    boundary = shapely.line_merge(shapely.union_all(inner, grid_size=0.01))
    return Ground(polygons, whole, parts, boundary)


def _closed(polygons: pd.Series) -> Any:  # noqa: ANN401
    """Union without the hairline gaps that imprecise borders leave."""
    return shapely.union_all(polygons.to_numpy()).buffer(0.2).buffer(-0.2)


def draw_neighbours(paper: Paper, territory: Territory, view: View, clip: Rectangle) -> None:
    """Draw the communes around the territory."""
    every = territory.communes
    other = view.on_page(every.loc[~every["inside"]].geometry.to_numpy())
    seen = other[shapely.intersects(other, shapely.box(*view.frame))]
    paper.shape(seen, clip, facecolor=palettes.AROUND, edgecolor="#d2cec7", linewidth=0.45,
                zorder=1.5)  # fmt: skip


def shows_beyond(territory: Territory, view: View) -> bool:
    """Tell whether ground beyond the communes of the territory and its buffer shows."""
    frame = shapely.box(*view.frame)
    every = view.on_page(territory.communes.geometry.to_numpy())
    drawn = shapely.union_all(every[shapely.intersects(every, frame)]).buffer(0.5)
    return bool(shapely.area(shapely.difference(frame, drawn)) > 0.002 * frame.area)


def draw_limits(paper: Paper, ground: Ground, clip: Rectangle) -> None:
    """Draw the limits between groups, and that of the territory."""
    line: dict[str, Any] = {"facecolor": "none", "joinstyle": "round"}
    if not ground.boundary.is_empty:
        paper.shape(ground.boundary, clip, edgecolor="white", linewidth=4.4, zorder=3, **line)
        dashes = (0, (4.5, 1.6))
        paper.shape(ground.boundary, clip, edgecolor=palettes.BOUNDARY, linewidth=2.2,
                    linestyle=dashes, zorder=3.1, **line)  # fmt: skip
    paper.shape(ground.whole, clip, edgecolor=palettes.INK, linewidth=1.5, zorder=3.2, **line)


def draw_scale(paper: Paper, view: View, ground: Ground, room: Room) -> None:
    """Put the north arrow and the scale bar in the emptiest corner."""
    left, top, _, bottom = _emptiest_corner(room, ground)
    km = nice((SCALE_ROOM[0] - 10) / view.points_per_m / 1000)
    length = km * 1000 * view.points_per_m
    middle, base = left + SCALE_ROOM[0] / 2, bottom - 5
    start = middle - length / 2
    paper.line([start, start + length], [base, base], palettes.INK, 2.4)
    paper.write(middle, base - 14, labels.text("map.scale", km=km), 8, align="center", halo=2)
    paper.axes.annotate(
        "", xy=(middle, top + 9), xytext=(middle, top + 27), zorder=6,
        arrowprops={"arrowstyle": "-|>", "color": palettes.INK, "linewidth": 1.2,
                    "shrinkA": 0, "shrinkB": 0},
    )  # fmt: skip
    paper.write(middle, top - 3, labels.text("map.north"), 8, bold=True, align="center", halo=2)
    room.take((left, top, left + SCALE_ROOM[0], bottom))


def _emptiest_corner(room: Room, ground: Ground) -> Box:
    free = corners(room.frame)
    hidden = [
        shapely.area(shapely.intersection(shapely.box(*corner), ground.whole))
        + 200 * _crowd(room, corner)
        for corner in free
    ]
    return free[hidden.index(min(hidden))]


def _crowd(room: Room, box: Box) -> int:
    return sum(
        box[0] < taken[2] and taken[0] < box[2] and box[1] < taken[3] and taken[1] < box[3]
        for taken in room.taken
    )


def name_groups(paper: Paper, label: str, ground: Ground, room: Room) -> None:
    """Write the name of each group beside it, in the colour of the boundary."""
    if ground.boundary.is_empty:
        return
    size = 9.5
    rough = {name: shape.simplify(ROUGH) for name, shape in ground.groups.items()}
    whole = ground.whole.simplify(ROUGH)
    for name, home in rough.items():
        said = labels.text("map.group", grouping=label, group=name).upper()
        lines = said.replace(" (", "\n(").split("\n")
        width = max(paper.width_of(line, size, bold=True) for line in lines)
        others = [each for key, each in rough.items() if key != name]
        height = 1.3 * size * len(lines)
        box = around(room, home, others, whole, (width + 4, height + 2))
        if box is None:
            continue
        room.take(box)
        top = box[1] + 1
        for line in lines:
            top = paper.write((box[0] + box[2]) / 2, top, line, size, bold=True, align="center",
                              colour=palettes.BOUNDARY, halo=2.5)  # fmt: skip
