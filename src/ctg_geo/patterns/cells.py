"""The ground of each place of demand, and which grounds touch."""

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from ctg_geo.errors import DataError, Defect, MissingCrsError

if TYPE_CHECKING:
    import geopandas as gpd
    from scipy.sparse import csr_array

__all__ = ["cells_of", "in_metres", "neighbours"]

Shapes = npt.NDArray[np.object_]


def cells_of(points: "gpd.GeoSeries", outline: shapely.Geometry) -> "gpd.GeoSeries":
    """Give each place the ground of the territory that is nearest to it (Voronoi).

    Parameters
    ----------
    points : by place, in a projected metric CRS (EPSG:2154)
    outline : polygon of the territory, in the CRS of `points`

    Returns
    -------
    GeoSeries by place
        Polygons that cover the outline without overlap. Places at one point share theirs; a
        place too far outside the outline has an empty one.

    Raises
    ------
    MissingCrsError
        If the CRS is not in metres.
    DataError
        If a place has no point.

    Notes
    -----
    Points are taken from west to east, so that the order of rows changes nothing.
    """
    import geopandas as gpd  # noqa: PLC0415  (heavy)

    in_metres(points)
    _placed(points)
    spots = pd.MultiIndex.from_arrays([points.x, points.y])
    apart = spots.unique().sort_values()
    xy = apart.to_frame().to_numpy(np.float64)
    each = _within(_voronoi(shapely.points(xy), outline), outline)
    cells = each[apart.get_indexer(spots)]
    return gpd.GeoSeries(cells, index=points.index, crs=points.crs, name="geometry")


def neighbours(cells: "gpd.GeoSeries", *, least_m: float = 1.0) -> "csr_array":
    """Tell which cells share a border of at least `least_m` metres: a corner is not enough.

    Parameters
    ----------
    cells : by place or commune, polygons in a projected metric CRS

    Returns
    -------
    csr_array of booleans, places × places in the order of `cells`; symmetric, no cell is its
    own neighbour.

    Raises
    ------
    MissingCrsError
        If the CRS is not in metres.

    Notes
    -----
    Cells that overlap or leave a gap share no border: borders must be the same line.
    """
    from scipy.sparse import csr_array  # noqa: PLC0415  (heavy)

    in_metres(cells)
    shapes = cells.to_numpy()
    one, two = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    one, two = one[one < two], two[one < two]
    shared = shapely.intersection(shapely.boundary(shapes[one]), shapely.boundary(shapes[two]))
    long_ = shapely.length(shared) >= least_m
    one, two = one[long_], two[long_]
    pairs = (np.concatenate((one, two)), np.concatenate((two, one)))
    size = (len(shapes), len(shapes))
    return csr_array((np.ones(len(pairs[0]), dtype=bool), pairs), shape=size)


def in_metres(shapes: "gpd.GeoSeries") -> None:
    """Make sure that lengths and areas can be measured.

    Raises
    ------
    MissingCrsError
        If there is no CRS, or it is not projected in metres.
    """
    crs = shapes.crs
    metric = crs is not None and crs.is_projected
    if not metric or any(axis.unit_name != "metre" for axis in crs.axis_info[:2]):
        raise MissingCrsError("graph_metric", crs="?" if crs is None else crs.to_string())


def _placed(points: "gpd.GeoSeries") -> None:
    nowhere = points.index[points.isna() | points.is_empty]
    if len(nowhere):
        raise DataError([
            Defect("points", "measure_point", facts={"index": str(code)}) for code in nowhere
        ])  # fmt: skip


def _within(cells: Shapes, outline: shapely.Geometry) -> Shapes:
    """Cut cells at the outline; those well inside stay as they are."""
    shapely.prepare(outline)
    cut = ~shapely.contains_properly(outline, cells)
    found = cells.copy()
    found[cut] = shapely.intersection(cells[cut], outline)
    return found


def _voronoi(points: Shapes, outline: shapely.Geometry) -> Shapes:
    """Return the cell of each point, unclipped but larger than the outline."""
    if len(points) < 2:  # noqa: PLR2004  (one place has everything)
        return np.array([outline] * len(points), dtype=object)
    everything = shapely.MultiPoint(list(points))
    parts = shapely.get_parts(shapely.voronoi_polygons(everything, extend_to=outline))
    cell, point = shapely.STRtree(points).query(parts, predicate="intersects")
    found = np.full(len(points), shapely.Polygon(), dtype=object)
    found[point] = parts[cell]
    return found
