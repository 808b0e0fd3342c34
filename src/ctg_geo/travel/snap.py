"""Where points join the road: on the nearest edge, not only at its ends."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from ctg_geo.errors import TravelError
from ctg_geo.network import RoadNetwork
from ctg_geo.parameters import Snapping
from ctg_geo.travel.times import empty_snaps
from ctg_geo.travel.uniform import repeated, repeated_share

__all__ = ["Snaps", "at_nodes", "joinable", "snap"]

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

ON_NODE = -1
_END_M = 0.001  # nearer than this to the end of an edge is at its node
_SPLINTER = 0.01  # of the nodes: a part smaller than this is no place of its own


@dataclass(frozen=True, slots=True, eq=False)
class Snaps:
    """Points on the network: at a node (`edge` = -1) or along an edge.

    `share` is the position along the edge, 0 at its start and 1 at its end; `access_ms`
    the time between the point and the road. `table` tells it to people: `snap_m`,
    `road_class`, `urban` and `status` among node, edge, moved (to the main part of the
    network, off a splinter of it), far (beyond the limit) and apart (on a part of the network
    from which the largest part cannot be reached and come back from).
    """

    node: Ints  # by point; meaningless where edge >= 0
    edge: Ints
    share: Floats
    access_ms: Ints
    terminal_ms: Ints  # spent at the point besides: before one sets out, or on arrival
    x: Floats  # of the point itself, metres; NaN for node numbers
    y: Floats
    table: pd.DataFrame
    placed: bool = True  # False: all are node numbers, without a place or a way to the road

    def __len__(self) -> int:
        """Count the points."""
        return len(self.node)

    def at(self, points: Ints) -> "Snaps":
        """Return some of the points, by number."""
        return Snaps(
            self.node[points],
            self.edge[points],
            self.share[points],
            self.access_ms[points],
            self.terminal_ms[points],
            self.x[points],
            self.y[points],
            self.table.iloc[points],
            self.placed,
        )


def at_nodes(network: RoadNetwork, nodes: npt.NDArray[np.integer], index: pd.Index) -> Snaps:
    """Return points that are nodes of the network.

    Raises
    ------
    TravelError
        If a number is not a node.
    """
    number = np.asarray(nodes, dtype=np.int64)
    if number.min(initial=0) < 0 or number.max(initial=-1) >= network.nodes:
        wrong = np.flatnonzero((number < 0) | (number >= network.nodes))
        raise TravelError("no_node", node=int(number[wrong[0]]), nodes=network.nodes)
    points = len(number)
    none, nothing = repeated(ON_NODE, points), repeated(0, points)
    start, nowhere = repeated_share(0.0, points), repeated_share(np.nan, points)
    table = empty_snaps(index)
    return Snaps(number, none, start, nothing, nothing, nowhere, nowhere, table, placed=False)


def snap(network: RoadNetwork, x: Floats, y: Floats, index: pd.Index, *, rules: Snapping) -> Snaps:
    """Snap points to the nearest open edge; ties go to the edge that comes first.

    Parameters
    ----------
    network : roads in a metric CRS
    x, y : by point, metres in the CRS of the network
    index : by point
    rules : access speed, limit, closed classes

    Raises
    ------
    TravelError
        If the network has no edge that points may join.

    Notes
    -----
    A point whose nearest edge is on a splinter of the network (less than 1 % of the nodes,
    such as a yard whose gate is closed) joins the nearest edge of the main part instead, if
    there is one within `rules.limit_m`; its status is then `moved`. A larger part, such as an
    island, keeps its points.
    """
    usable = joinable(network, rules.closed_classes)
    if not len(usable):
        raise TravelError("nothing_to_snap", closed=list(rules.closed_classes))
    points = shapely.points(x, y)
    nearest, distance = _nearest(points, network.edge_lines[usable])
    edge = usable[nearest]
    edge, distance, moved = _off_splinters(network, points, usable, edge, distance, rules)
    along = shapely.line_locate_point(network.edge_lines[edge], points)
    length = shapely.length(network.edge_lines[edge])
    share = np.divide(along, length, out=np.zeros_like(along), where=length > 0)
    at_start, at_end = along <= _END_M, along >= length - _END_M
    node = np.where(at_start, network.edge_from[edge], network.edge_to[edge])
    access_ms = np.rint(distance / rules.access_kmh * 3600).astype(np.int64)
    status = np.where(at_start | at_end, "node", "edge").astype(object)
    start = np.where(at_start | at_end, node, network.edge_from[edge])
    status[moved] = "moved"
    status[(network.part[node] > 0) | (network.part[start] > 0)] = "apart"
    status[distance > rules.limit_m] = "far"
    urban = network.edges["urban"].to_numpy(bool) if "urban" in network.edges.columns else None
    table = pd.DataFrame(
        {
            "snap_m": distance,
            "road_class": network.edges["road_class"].to_numpy()[edge],
            "urban": False if urban is None else urban[edge],
            "status": status,
        },
        index=index,
    )
    on_edge = np.where(at_start | at_end, ON_NODE, edge)
    return Snaps(node, on_edge, share, access_ms, np.zeros_like(access_ms), x, y, table)


def joinable(network: RoadNetwork, closed_classes: tuple[str, ...]) -> Ints:
    """Return the edges that points may join: open, of no closed class, and no tunnel."""
    closed = network.edges["road_class"].isin(closed_classes)
    if "structure" in network.edges.columns:
        closed = closed | (network.edges["structure"] == "tunnel")
    open_ = network.is_open(network.forward) | network.is_open(network.backward)
    return np.flatnonzero(~closed.to_numpy(bool) & open_)


def _off_splinters(
    network: RoadNetwork,
    points: npt.NDArray[np.object_],
    usable: Ints,
    edge: Ints,
    distance: Floats,
    rules: Snapping,
) -> tuple[Ints, Floats, npt.NDArray[np.bool_]]:
    """Move points off the splinters of the network to its main part, where that is near."""
    part = network.part
    size = np.bincount(part)
    apart = np.maximum(part[network.edge_from[edge]], part[network.edge_to[edge]])
    splinter = (apart > 0) & (size[apart] < _SPLINTER * network.nodes)
    moved = np.zeros(len(points), dtype=bool)
    main = usable[(part[network.edge_from[usable]] == 0) & (part[network.edge_to[usable]] == 0)]
    if not splinter.any() or not len(main):
        return edge, distance, moved
    at = np.flatnonzero(splinter)
    nearest, far = _nearest(points[at], network.edge_lines[main])
    near = far <= rules.limit_m
    moved[at[near]] = True
    edge, distance = edge.copy(), distance.copy()
    edge[at[near]], distance[at[near]] = main[nearest[near]], far[near]
    return edge, distance, moved


def _nearest(
    points: npt.NDArray[np.object_], lines: npt.NDArray[np.object_]
) -> tuple[Ints, Floats]:
    tree = shapely.STRtree(lines)
    (point, line), distance = tree.query_nearest(points, return_distance=True, all_matches=True)
    order = np.lexsort((line, point))
    first = np.searchsorted(point[order], np.arange(len(points)))
    return line[order][first], distance[order][first]
