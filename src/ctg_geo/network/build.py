"""Tables and layers of roads become a network."""

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import KDTree

from ctg_geo.errors import NoRoadError
from ctg_geo.network.road_network import NO_ARC, RoadNetwork
from ctg_geo.parameters import Mode

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = [
    "check_near",
    "connected_share",
    "from_edges",
    "from_lines",
    "from_tables",
]

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

_EDGE_COLUMNS = ["road_class", "length_m", "speed_kmh", "name"]
_MORE_COLUMNS = ("urban", "speed_kind", "structure")


def from_tables(
    junctions: pd.DataFrame,
    segments: pd.DataFrame,
    *,
    crs: str,
    mode: Mode = "car",
    schematic: bool = False,
) -> RoadNetwork:
    """Make a network of junctions (x, y in metres) and segments (see `contracts`).

    Edges are straight; arcs take 0 ms until a profile times them (`with_profile`). People on
    foot go both ways on any of them.

    Parameters
    ----------
    junctions : one row a node
    segments : one row an edge, between two junctions
    crs : projected, in metres
    mode : of travel
    schematic : whether the roads were made up
    """
    start = junctions.index.get_indexer(pd.Index(segments["from_junction"]))
    end = junctions.index.get_indexer(pd.Index(segments["to_junction"]))
    x, y = junctions["x"].to_numpy(np.float64), junctions["y"].to_numpy(np.float64)
    ends = np.stack([np.stack([x[start], y[start]], axis=1), np.stack([x[end], y[end]], axis=1)])
    lines = shapely.linestrings(ends.swapaxes(0, 1))
    edges = _attributes(segments)
    ways = _ways(segments["direction"], mode)
    return _network(x, y, start, end, edges, ways, lines, crs, schematic=schematic)


def from_lines(lines: "gpd.GeoDataFrame", *, snap_m: float, mode: Mode = "car") -> RoadNetwork:
    """Make a network of road lines in a metric CRS: they meet where their ends do.

    Ends nearer than `snap_m` to each other are one node, at the first of them. Lines that
    cross without an end there do not meet (a bridge is not a junction). People on foot go
    both ways on any of them.

    Parameters
    ----------
    lines : one row an edge, lines in a projected metric CRS, with the columns of `contracts`
    snap_m : metres
    mode : of travel, which says who may go where
    """
    shapes = lines.geometry.to_numpy()
    first, last = shapely.get_point(shapes, 0), shapely.get_point(shapes, -1)
    ends = np.concatenate([shapely.get_coordinates(first), shapely.get_coordinates(last)])
    node, representative = _merged(ends, snap_m)
    x, y = ends[representative, 0], ends[representative, 1]
    edges = pd.DataFrame(lines.drop(columns="geometry"))
    edges["length_m"] = shapely.length(shapes)
    start, end = node[: len(shapes)], node[len(shapes) :]
    crs = str(lines.crs)
    ways = _ways(lines["direction"], mode)
    return _network(x, y, start, end, _attributes(edges), ways, shapes, crs, schematic=False)


def from_edges(
    nodes: pd.DataFrame,
    edges: "gpd.GeoDataFrame",
    *,
    crs: str,
    mode: Mode,
    turns: pd.DataFrame | None = None,
) -> RoadNetwork:
    """Make the network that one mode may use, of nodes and of edges open to some modes.

    Parameters
    ----------
    nodes : by node: x, y (metres in `crs`), kind (int8: see `RoadNetwork.node_kinds`)
    edges : from_node, to_node (positions in `nodes`), road_class, length_m (metres),
        speed_kmh (NaN: not stated), name, geometry (LineString in `crs`), and one column per
        mode of both, forward, backward or no; where known urban (bool), speed_kind and
        structure (see `RoadNetwork.edges`)
    mode : edges where it says no, and the nodes that only they join, are left out.
    turns : forbidden turns: in_edge and out_edge (positions in `edges`), in_forward and
        out_forward (bool: driven from its from_node to its to_node), and one column per mode
        that some bind (bool). None: all may be taken

    Notes
    -----
    A turn of which the mode may not drive one of the two ways anyway is left out.
    """
    there = edges[mode].to_numpy() != "no"
    open_ = edges[there]
    used, ends = np.unique(
        np.concatenate([open_["from_node"], open_["to_node"]]), return_inverse=True
    )
    start, end = ends[: len(open_)], ends[len(open_) :]
    kept = nodes.iloc[used]
    network = _network(
        kept["x"].to_numpy(np.float64), kept["y"].to_numpy(np.float64), start, end,
        _attributes(open_), open_[mode], open_.geometry.to_numpy(), crs, schematic=False,
    )  # fmt: skip
    network = replace(network, node_kinds=kept["kind"].to_numpy(np.int8))
    return network if turns is None else _with_turns(network, turns, there, mode)


def _with_turns(
    network: RoadNetwork, turns: pd.DataFrame, there: npt.NDArray[np.bool_], mode: Mode
) -> RoadNetwork:
    """Forbid the turns that bind a mode; `there` tells which edges the network has."""
    if mode not in turns.columns:
        return network
    mine = turns[turns[mode].to_numpy(bool)]
    number = np.where(there, np.cumsum(there) - 1, NO_ARC)
    arcs = []
    for way in ("in", "out"):
        edge, ahead = number[mine[f"{way}_edge"]], mine[f"{way}_forward"].to_numpy(bool)
        arc = np.where(ahead, network.forward[edge], network.backward[edge])
        arcs.append(np.where(edge == NO_ARC, NO_ARC, arc))
    able = (arcs[0] != NO_ARC) & (arcs[1] != NO_ARC)
    return network.with_turns(arcs[0][able], arcs[1][able])


def _attributes(edges: pd.DataFrame) -> pd.DataFrame:
    known = [column for column in _MORE_COLUMNS if column in edges.columns]
    return pd.DataFrame(edges[[*_EDGE_COLUMNS, *known]]).reset_index(drop=True)


def _ways(direction: pd.Series, mode: Mode) -> pd.Series:
    return direction.where(direction == "both", "both") if mode == "foot" else direction


def _merged(ends: Floats, snap_m: float) -> tuple[Ints, Ints]:
    """Count the nodes that ends form, and name the first end of each."""
    pairs = KDTree(ends).query_pairs(snap_m, output_type="ndarray")
    links = coo_array(
        (np.ones(len(pairs), dtype=np.int8), (pairs[:, 0], pairs[:, 1])), shape=(len(ends),) * 2
    )
    _, label = connected_components(links, directed=False)
    _, representative, node = np.unique(label, return_index=True, return_inverse=True)
    return node.astype(np.int64), representative.astype(np.int64)


def _network(
    x: Floats,
    y: Floats,
    start: Ints,
    end: Ints,
    edges: pd.DataFrame,
    direction: pd.Series,
    lines: npt.NDArray[np.object_],
    crs: str,
    *,
    schematic: bool,
) -> RoadNetwork:
    said = direction.to_numpy(dtype=object)
    ahead, back = np.flatnonzero(said != "backward"), np.flatnonzero(said != "forward")
    forward = np.full(len(said), NO_ARC, dtype=np.int64)
    backward = np.full(len(said), NO_ARC, dtype=np.int64)
    forward[ahead] = np.arange(len(ahead))
    backward[back] = len(ahead) + np.arange(len(back))
    return RoadNetwork(
        x=x,
        y=y,
        tail=np.concatenate([start[ahead], end[back]]).astype(np.int64),
        head=np.concatenate([end[ahead], start[back]]).astype(np.int64),
        time_ms=np.zeros(len(ahead) + len(back), dtype=np.int64),
        edge_from=start.astype(np.int64),
        edge_to=end.astype(np.int64),
        forward=forward,
        backward=backward,
        edges=edges,
        edge_lines=lines,
        crs=crs,
        schematic=schematic,
    )


def check_near(
    network: RoadNetwork, points: "gpd.GeoSeries", *, file: str, within_km: float = 10
) -> None:
    """Check that the roads, read from `file`, are where the territory is.

    Parameters
    ----------
    points : by place, points in the CRS of the network
    within_km : kilometres, straight

    Raises
    ------
    NoRoadError
        If no point has a road within `within_km`; names the nearest distance.
    """
    tree = shapely.STRtree(network.edge_lines)
    shapes = points.to_crs(network.crs).to_numpy()
    _, distance = tree.query_nearest(shapes, return_distance=True, all_matches=False)
    nearest_km = float(distance.min()) / 1000 if len(distance) else float("inf")
    if nearest_km > within_km:
        raise NoRoadError("none", file=file, nearest_km=nearest_km, within_km=within_km)


def connected_share(network: RoadNetwork) -> float:
    """Share of the nodes in the largest part where one can go from any node to any other.

    Returns
    -------
    float, 0 to 1
    """
    return float((network.part == 0).mean()) if network.nodes else 0.0
