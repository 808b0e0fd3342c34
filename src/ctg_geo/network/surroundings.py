"""Which roads run through built-up areas, where the road file does not say."""

import numpy as np
import numpy.typing as npt
import shapely

from ctg_geo.network.road_network import RoadNetwork

__all__ = ["inside_towns", "with_urban"]

Bools = npt.NDArray[np.bool_]


def inside_towns(network: RoadNetwork) -> Bools:
    """Tell which edges are in a built-up area; none where that is not known."""
    if "urban" not in network.edges.columns:
        return np.zeros(len(network.edges), dtype=bool)
    return network.edges["urban"].to_numpy(dtype=bool)


def with_urban(network: RoadNetwork, areas: npt.NDArray[np.object_]) -> RoadNetwork:
    """Return the roads with `edges.urban` set: true where the middle of an edge is in an area.

    Parameters
    ----------
    network : roads in a metric CRS
    areas : polygons in that CRS: dense communes, urban units, built-up areas
    """
    middle = shapely.line_interpolate_point(network.edge_lines, 0.5, normalized=True)
    inside = np.zeros(len(middle), dtype=bool)
    if len(areas):
        point, _ = shapely.STRtree(areas).query(middle, predicate="intersects")
        inside[point] = True
    return network.with_urban(inside)
