"""What maps of communes share: outlines, neighbours, boundaries, scale, names of groups."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import shapely
from matplotlib.patches import Rectangle

from ctg_geo import labels
from ctg_geo.export import palettes
from ctg_geo.export._paper import Paper
from ctg_geo.export._placing import Box, Room, around
from ctg_geo.export._view import SCALE_ROOM, View, corners, nice

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["ROUGH", "Shapes", "boundaries", "group_names", "neighbours", "scale", "shapes_of"]

ROUGH: Final = 1.0  # points by which an outline may be simplified to place a label


@dataclass(frozen=True, slots=True)
class Shapes:
    """What the map is made of, on the page."""

    communes: pd.Series  # polygons by code_insee
    whole: Any
    groups: dict[str, Any]
    boundary: Any  # between groups; empty without


def shapes_of(outlines: "gpd.GeoSeries", group: pd.Series | None, view: View) -> Shapes:
    """Put the communes of a territory on the page, with the groups they are in, if any."""
    polygons = pd.Series(view.on_page(outlines.to_numpy()), index=outlines.index)
    whole = _closed(polygons)
    groups: dict[str, Any] = {}
    if group is not None:
        names = group.reindex(outlines.index).astype(str)
        groups = {str(name): _closed(polygons[names == name]) for name in sorted(set(names))}
    inner = []
    if len(groups) > 1:
        rim = whole.boundary.buffer(0.8)
        inner = [shapely.difference(each.boundary, rim) for each in groups.values()]
    boundary = shapely.line_merge(shapely.union_all(inner, grid_size=0.01))
    return Shapes(polygons, whole, groups, boundary)


def _closed(polygons: pd.Series) -> Any:  # noqa: ANN401
    """Union without the hairline gaps that imprecise borders leave."""
    return shapely.union_all(polygons.to_numpy()).buffer(0.2).buffer(-0.2)


def neighbours(paper: Paper, every: "gpd.GeoDataFrame", view: View, clip: Rectangle) -> bool:
    """Draw the communes around the territory; tell whether ground beyond them shows."""
    other = view.on_page(every.loc[~every["inside"]].geometry.to_numpy())
    for each in other:
        paper.shape(each, clip, facecolor=palettes.AROUND, edgecolor="#d2cec7", linewidth=0.45,
                    zorder=1.5)  # fmt: skip
    frame = shapely.box(*view.frame)
    drawn = shapely.union_all(view.on_page(every.geometry.to_numpy())).buffer(0.5)
    return bool(shapely.area(shapely.difference(frame, drawn)) > 0.002 * frame.area)


def boundaries(paper: Paper, shapes: Shapes, clip: Rectangle) -> None:
    """Draw the outline of the territory, and the lines between groups."""
    line: dict[str, Any] = {"facecolor": "none", "joinstyle": "round"}
    if not shapes.boundary.is_empty:
        paper.shape(shapes.boundary, clip, edgecolor="white", linewidth=4.4, zorder=3, **line)
        dashes = (0, (4.5, 1.6))
        paper.shape(shapes.boundary, clip, edgecolor=palettes.BOUNDARY, linewidth=2.2,
                    linestyle=dashes, zorder=3.1, **line)  # fmt: skip
    paper.shape(shapes.whole, clip, edgecolor=palettes.INK, linewidth=1.5, zorder=3.2, **line)


def scale(paper: Paper, view: View, shapes: Shapes, room: Room) -> None:
    """Put the north arrow and the scale bar in the emptiest corner."""
    left, top, _, bottom = _emptiest_corner(room, shapes)
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


def _emptiest_corner(room: Room, shapes: Shapes) -> Box:
    free = corners(room.frame)
    hidden = [
        shapely.area(shapely.intersection(shapely.box(*corner), shapes.whole))
        + 200 * _crowd(room, corner)
        for corner in free
    ]
    return free[hidden.index(min(hidden))]


def _crowd(room: Room, box: Box) -> int:
    return sum(
        box[0] < taken[2] and taken[0] < box[2] and box[1] < taken[3] and taken[1] < box[3]
        for taken in room.taken
    )


def group_names(paper: Paper, label: str, shapes: Shapes, room: Room) -> None:
    """Write the name of each group beside it, in the colour of the boundary."""
    if shapes.boundary.is_empty:
        return
    size = 9.5
    rough = {name: shape.simplify(ROUGH) for name, shape in shapes.groups.items()}
    whole = shapes.whole.simplify(ROUGH)
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
