"""The road network: nodes, arcs, and the time each arc takes now.

Topology (nodes, edges, arcs) is built once; the metric (`time_ms`, one integer per arc)
is replaced by `with_times` without touching it; queries live in `ctg_geo.travel`.
"""

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from ctg_geo.errors import TravelError
from ctg_geo.network import altered
from ctg_geo.network.arcs import (
    CLOSED_MS,
    NO_ARC,
    Ints,
    check_arcs,
    digraph,
    edge_table,
    fastest,
    milliseconds,
    paired,
    straight_lines,
    whole,
)
from ctg_geo.network.degrees import metres
from ctg_geo.network.node_kind import NodeKind
from ctg_geo.network.road_arrays import RoadArrays
from ctg_geo.network.turns import RoutingGraph, Turns, checked_turns, routing_graph

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["CLOSED_MS", "NO_ARC", "NodeKind", "RoadNetwork", "Turns", "fastest"]


class RoadNetwork(RoadArrays):
    """Roads that one can build, change and ask: see `RoadArrays` for what they are made of."""

    @classmethod
    def from_arcs(
        cls,
        tail: npt.ArrayLike,
        head: npt.ArrayLike,
        seconds: npt.ArrayLike,
        lon: npt.ArrayLike | None = None,
        lat: npt.ArrayLike | None = None,
        *,
        nodes: int | None = None,
        crs: str = "EPSG:2154",
    ) -> "RoadNetwork":
        """Make a network of arrays: directed arcs between numbered nodes.

        Parameters
        ----------
        tail, head : by arc, node numbers from 0
        seconds : by arc, rounded to the millisecond
        lon, lat : by node, degrees (EPSG:4326); None where the nodes have no place: then
            `nodes` counts them, and queries name nodes, since there is no road to join
        crs : metric CRS used for snapping.

        Raises
        ------
        TravelError
            If a node number is out of range, a time is negative, missing or beyond
            24 days, or the arrays differ in length.

        Notes
        -----
        Parallel arcs are all kept; a query takes the fastest. Two opposite arcs between
        the same nodes become the two directions of one edge, so that a point snapped to
        it may leave either way.

        Examples
        --------
        >>> RoadNetwork.from_arcs([0, 1], [1, 0], [60, 75], [4.9, 4.91], [45.0, 45.0])
        <RoadNetwork 2 nodes, 2 arcs, EPSG:2154>
        """
        tails, heads = whole(tail, "tail"), whole(head, "head")
        times = milliseconds(np.asarray(seconds, dtype=np.float64))
        if lon is None or lat is None:
            return cls._placeless(tails, heads, times, nodes or 0, crs)
        x, y = metres(lon, lat, crs)
        check_arcs(tails, heads, times, len(x))
        forward, backward = paired(tails, heads, times)
        start, end = tails[forward], heads[forward]
        length_m = np.hypot(x[end] - x[start], y[end] - y[start])
        hours = np.maximum(times[forward], 1) / 3_600_000
        edges = edge_table(length_m, length_m / 1000 / hours)
        lines = straight_lines(x, y, start, end)
        return cls(x, y, tails, heads, times, start, end, forward, backward, edges, lines, crs)

    @classmethod
    def _placeless(cls, tail: Ints, head: Ints, times: Ints, nodes: int, crs: str) -> "RoadNetwork":
        check_arcs(tail, head, times, nodes)
        nowhere = np.full(nodes, np.nan)
        none = np.zeros(0, dtype=np.int64)
        edges = edge_table(np.zeros(0), np.zeros(0))
        lines = np.zeros(0, dtype=object)
        return cls(nowhere, nowhere, tail, head, times, none, none, none, none, edges, lines, crs)

    def with_times(self, time_ms: npt.ArrayLike) -> "RoadNetwork":
        """Return the same topology with another time per arc (milliseconds, made whole).

        What is lost at the head of an arc stays, as far as its time allows.

        Raises
        ------
        TravelError
            If there is not one time per arc, or one is negative, missing or beyond 24 days.
        """
        times = np.asarray(time_ms, dtype=np.float64)
        if times.shape != self.time_ms.shape:
            raise TravelError("arc_count", given=times.size, arcs=self.arcs)
        time_ms = milliseconds(times / 1000)
        lost = None if self.arrival_ms is None else np.minimum(self.arrival_ms, time_ms)
        return replace(self, time_ms=time_ms, arrival_ms=lost)

    @property
    def speeds_assumed(self) -> bool:
        """Whether some speed is that of a class, or made of a limit: not one observed."""
        edges = self.edges
        limits = "speed_kind" in edges.columns and bool((edges["speed_kind"] == "limit").any())
        return limits or bool(edges["speed_kmh"].isna().any())

    def closing(self, edges: npt.ArrayLike) -> "RoadNetwork":
        """Return the same topology with some edges (numbers) closed both ways.

        Points join another edge, and no route passes. The hierarchy keeps its order.

        Raises
        ------
        TravelError
            If a number is not an edge.
        """
        return altered.closing(self, edges)

    def with_speed(self, edges: npt.ArrayLike, speed_kmh: float) -> "RoadNetwork":
        """Return the same topology with some edges (numbers) at another speed, both ways.

        Raises
        ------
        TravelError
            If a number is not an edge, or the speed is not positive.
        """
        return altered.with_speed(self, edges, speed_kmh)

    def with_road(
        self,
        from_node: int,
        to_node: int,
        seconds: float,
        *,
        one_way: bool = False,
        road_class: str = "unknown",
        name: str = "",
    ) -> "RoadNetwork":
        """Return the network with one more edge, straight between two of its nodes.

        Raises
        ------
        TravelError
            If a number is not a node, or the time is negative, missing or beyond 24 days.
        """
        return altered.with_road(
            self, from_node, to_node, seconds, one_way=one_way, road_class=road_class, name=name
        )

    def with_turns(self, arc_in: npt.ArrayLike, arc_out: npt.ArrayLike) -> "RoadNetwork":
        """Return the same roads, where nobody may turn out of some arcs into others.

        Parameters
        ----------
        arc_in, arc_out : by turn, arc numbers; these replace the forbidden turns known before

        Raises
        ------
        TravelError
            If the lists differ in length, a number is not an arc, or two arcs do not meet.

        Notes
        -----
        Times and routes honour them; `part`, `graph` and the graphs of networkx do not know
        them. Turning round on a road is a turn too, out of one arc of an edge into the other.
        """
        return replace(self, turns=checked_turns(self.tail, self.head, arc_in, arc_out))

    def with_urban(self, inside: npt.NDArray[np.bool_]) -> "RoadNetwork":
        """Return the same roads, told by edge whether they run through a built-up area."""
        return replace(self, edges=self.edges.assign(urban=inside))

    @cached_property
    def graph(self) -> csr_array:
        """The arcs as a matrix of milliseconds: parallel arcs reduced to the fastest.

        Zero milliseconds are stored, and mean on the spot; an absent entry, no arc. Forbidden
        turns are not in it (`routing`).
        """
        if self.turns is None:
            return self.routing.graph
        return fastest(self.nodes, self.tail, self.head, self.time_ms)

    @cached_property
    def routing(self) -> RoutingGraph:
        """The nodes and arcs that searches run on, of which no way takes a forbidden turn."""
        return routing_graph(self.nodes, self.tail, self.head, self.time_ms, self.turns)

    @cached_property
    def part(self) -> Ints:
        """Number of the strongly connected part of each node; 0 is the largest."""
        _, label = connected_components(self.graph, directed=True, connection="strong")
        size = np.bincount(label)
        rank = np.empty(len(size), dtype=np.int64)
        rank[np.lexsort((np.arange(len(size)), -size))] = np.arange(len(size))
        found: Ints = rank[label]
        return found

    def to_frame(self) -> "gpd.GeoDataFrame":
        """Return one row per edge: class, length, speed, minutes each way (NaN where closed)."""
        import geopandas as gpd  # noqa: PLC0415  (heavy)

        table = self.edges.copy()
        for column, arcs in (("forward_min", self.forward), ("backward_min", self.backward)):
            known = self.is_open(arcs)
            minutes = np.full(len(arcs), np.nan)
            minutes[known] = self.time_ms[arcs[known]] / 60_000
            table[column] = minutes
        return gpd.GeoDataFrame(table, geometry=self.edge_lines, crs=self.crs)

    def to_networkx(self) -> Any:  # noqa: ANN401  (networkx has no types)
        """Return a `networkx.DiGraph` with `time_ms` on each arc, the fastest of parallel ones.

        Forbidden turns have no place in it, and are left out.
        """
        return digraph(self.x, self.y, self.tail, self.head, self.time_ms, self.crs)
