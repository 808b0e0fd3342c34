"""The ground beside the roads: who joins which road, as polygons."""

import numpy as np
import numpy.typing as npt
import shapely

from ctg_geo.travel.pieces import cut
from ctg_geo.travel.reach import Parts

__all__ = ["beside_roads", "lines_of", "polygonal"]

Floats = npt.NDArray[np.float64]
Lines = npt.NDArray[np.object_]

_SAMPLES = 8  # along a stretch of road as long as the ground beside it is wide
_LEAST_M = 5.0  # between two samples
_CORNERS = 8  # of a quarter of a circle


def lines_of(edge_lines: Lines, parts: Parts) -> Lines:
    """Return the line of each part."""
    if not len(parts.edge):
        return np.zeros(0, dtype=object)
    path = cut(edge_lines[parts.edge], parts.low, parts.high)
    return np.asarray(shapely.linestrings(path.xy, indices=path.piece))


def beside_roads(mine: Lines, nodes: Lines, others: Lines, width_m: float) -> shapely.Geometry:
    """Return the ground within a width of some roads, less what is nearer to other roads.

    Parameters
    ----------
    mine, others : lines in a metric CRS
    nodes : points where roads of either kind end: the ground nearest to one of them is ours
    width_m : metres

    Returns
    -------
    Polygon or MultiPolygon
        The line between two roads is right to about an eighth of the width, and no better than 5 m.
    """
    ours = np.concatenate([mine, nodes])
    ground = shapely.union_all(shapely.buffer(ours, width_m, quad_segs=_CORNERS))
    if ground.is_empty or not len(others):
        return ground
    shapely.prepare(ground)
    rivals = others[shapely.dwithin(ground, others, width_m)]
    if not len(rivals):
        return ground
    step_m = max(width_m / _SAMPLES, _LEAST_M)
    theirs = _along(rivals, step_m)
    theirs = theirs[shapely.dwithin(ground, theirs, width_m + step_m)]
    apart_m = 3 * width_m + step_m  # beyond, points a width apart tell ground from theirs
    near = mine[_beside(mine, rivals, apart_m)]
    ours = np.concatenate([_along(near, step_m), nodes])
    points = np.concatenate([ours[_beside(ours, theirs, apart_m)], _along(mine, width_m), theirs])
    cells = shapely.get_parts(
        shapely.voronoi_polygons(shapely.multipoints(points), extend_to=shapely.envelope(ground))
    )
    found = np.unique(shapely.STRtree(cells).query(theirs, predicate="intersects")[1])
    return polygonal(shapely.difference(ground, shapely.coverage_union_all(cells[found])))


def _beside(some: Lines, others: Lines, metres: float) -> npt.NDArray[np.int64]:
    """Return the numbers of the shapes that are within some metres of others."""
    _, number = shapely.STRtree(some).query(others, predicate="dwithin", distance=metres)
    return np.unique(number)


def polygonal(geometry: shapely.Geometry) -> shapely.Geometry:
    """Return the polygons of a geometry, and no lines or points."""
    parts = shapely.get_parts(geometry)
    areas = parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]
    return areas[0] if len(areas) == 1 else shapely.multipolygons(areas)


def _along(lines: Lines, step_m: float) -> npt.NDArray[np.object_]:
    """Return points along lines, half a step from both ends: two lines meet halfway."""
    count = np.maximum(np.ceil(shapely.length(lines) / step_m), 1).astype(np.int64)
    line = np.repeat(np.arange(len(lines)), count)
    nth = np.arange(len(line)) - np.repeat(np.cumsum(count) - count, count)
    share = (nth + 0.5) / count[line]
    return np.asarray(shapely.line_interpolate_point(lines[line], share, normalized=True))
