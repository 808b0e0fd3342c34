"""Lines that meet at their ends become nodes and edges."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import KDTree

__all__ = ["SAME_SPOT_M", "Pieces", "pieces"]

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Objects = npt.NDArray[np.object_]

SAME_SPOT_M: Final = 0.1  # ends nearer than this are one node: IGN writes coordinates to 0.1 m
_APART_M: Final = 4.0  # two ends of one node at heights further apart than this are told
_NO_HEIGHT: Final = -900.0  # IGN writes -1000 where the height is not known


@dataclass(frozen=True, slots=True, eq=False)
class Pieces:
    """Lines in one piece each, of the roads they come from, and the nodes they join."""

    road: Ints  # by piece: position of its road
    line: Objects  # by piece, without heights
    length_m: Floats
    tail: Ints  # by piece: node
    head: Ints
    nodes: pd.DataFrame  # x, y (metres), kind
    uneven: int  # nodes whose ends lie at different heights


def pieces(shapes: Objects) -> Pieces:
    """Cut roads of several parts into their parts, and join the ends that lie together.

    Parameters
    ----------
    shapes : LineString or MultiLineString in a metric CRS

    Notes
    -----
    Roads that cross without an end there do not meet: a bridge is no junction. Ends meet
    whatever their height, since the roads of a bridge and of its ramps do. Parts without
    length are left out.
    """
    parts, road = shapely.get_parts(shapes, return_index=True)
    long = shapely.length(parts) > 0
    parts, road = parts[long], road[long].astype(np.int64)
    first, last = shapely.get_point(parts, 0), shapely.get_point(parts, -1)
    ends = np.concatenate([shapely.get_coordinates(first), shapely.get_coordinates(last)])
    height = shapely.get_z(np.concatenate([first, last]))
    node, spots = _joined(ends)
    flat = shapely.force_2d(parts)
    return Pieces(
        road=road,
        line=flat,
        length_m=shapely.length(flat),
        tail=node[: len(parts)],
        head=node[len(parts) :],
        nodes=pd.DataFrame(
            {"x": spots[:, 0], "y": spots[:, 1], "kind": np.zeros(len(spots), dtype=np.int8)}
        ),
        uneven=_uneven(node, height, len(spots)),
    )


def _joined(ends: Floats) -> tuple[Ints, Floats]:
    """Count the nodes that ends form, and place each at its first end from the west."""
    spots, at = np.unique(ends, axis=0, return_inverse=True)
    pairs = KDTree(spots).query_pairs(SAME_SPOT_M, output_type="ndarray")
    links = coo_array(
        (np.ones(len(pairs), dtype=np.int8), (pairs[:, 0], pairs[:, 1])), shape=(len(spots),) * 2
    )
    _, label = connected_components(links, directed=False)
    _, place, node = np.unique(label, return_index=True, return_inverse=True)
    return node[at.reshape(-1)].astype(np.int64), spots[place]


def _uneven(node: Ints, height: Floats, nodes: int) -> int:
    known = np.isfinite(height) & (height > _NO_HEIGHT)
    low, high = np.full(nodes, np.inf), np.full(nodes, -np.inf)
    np.minimum.at(low, node[known], height[known])
    np.maximum.at(high, node[known], height[known])
    return int((high - low > _APART_M).sum())
