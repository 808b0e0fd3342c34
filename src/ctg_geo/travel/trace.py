"""The arcs of the fastest ways between pairs of points: searched, then walked back."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse.csgraph import dijkstra

from ctg_geo import progress
from ctg_geo.network import CLOSED_MS, RoadNetwork, RoutingGraph
from ctg_geo.travel.dijkstra import with_sources
from ctg_geo.travel.legs import Legs

__all__ = ["Trace", "traced"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_CHUNK_CELLS = 4_000_000  # cells of one search kept at once: 48 MB with the ways back
_NONE = -1


@dataclass(frozen=True, slots=True, eq=False)
class Trace:
    """The fastest way over nodes of each pair: its first leg, its arcs in order, its last leg."""

    time_ms: Floats  # by pair, legs included; inf where there is none
    first_leg: Ints  # by pair, number in the legs; -1 where there is no way
    last_leg: Ints
    pair: Ints  # by arc taken, increasing; within a pair in the order of travel
    arc: Ints


@dataclass(frozen=True, slots=True, eq=False)
class _Steps:
    """Links of ways, from the far end of each back to its start."""

    pair: Ints
    step: Ints
    node: Ints
    before: Ints


def traced(network: RoadNetwork, first: Legs, last: Legs, origin: Ints, destination: Ints) -> Trace:
    """Find the fastest way of each pair, over the nodes of the network.

    One search goes out from every point of the side that has fewer. Of equally fast ways
    the search keeps the one it finds first, which the arcs alone settle; of parallel arcs,
    the fastest, then the one of lowest number.

    Parameters
    ----------
    network : roads with times
    first, last : legs from the origins, and to the destinations
    origin, destination : by pair, numbers of points
    """
    reverse = last.points < first.points
    near, far = (last, first) if reverse else (first, last)
    here, there = (destination, origin) if reverse else (origin, destination)
    time_ms = np.full(len(here), np.inf)
    near_leg, far_leg = np.full(len(here), _NONE), np.full(len(here), _NONE)
    graph, nodes = with_sources(network, near, reverse=reverse), network.routing.nodes
    order = np.argsort(here, kind="stable")
    step = max(1, _CHUNK_CELLS // (nodes + near.points))
    found = []
    for at in progress.track(range(0, near.points, step), "routes"):
        sources = np.arange(at, min(at + step, near.points))
        mine = order[slice(*np.searchsorted(here[order], [at, at + step]))]
        reached, before = dijkstra(graph, indices=nodes + sources, return_predecessors=True)
        row = here[mine] - at
        far_leg[mine], time_ms[mine] = _best_leg(far, there[mine], reached, row)
        ways = mine[np.isfinite(time_ms[mine])]
        end, steps = _walked(before, here[ways] - at, far.node[far_leg[ways]], ways, nodes)
        near_leg[ways] = _leg_at(near, here[ways], end)
        found.append(steps)
    far_leg[near_leg == _NONE] = _NONE
    pair, arc = _arcs(network, found, reverse=reverse)
    legs = (far_leg, near_leg) if reverse else (near_leg, far_leg)
    return Trace(time_ms, *legs, pair, arc)


def _legs_of(legs: Legs) -> Ints:
    """Numbers of the legs of each point, points × 2; -1 where it has fewer."""
    order = np.argsort(legs.point, kind="stable")
    start = np.searchsorted(legs.point[order], np.arange(legs.points + 1))
    padded = np.append(order, [_NONE, _NONE])
    seat = start[:-1, None] + np.arange(2)
    return np.where(seat < start[1:, None], padded[seat], _NONE)


def _best_leg(far: Legs, point: Ints, reached: Floats, row: Ints) -> tuple[Ints, Floats]:
    """Leg by which each pair gets there first, and when."""
    legs = _legs_of(far)[point]
    total = reached[row[:, None], far.node[legs]] + far.time_ms[legs]
    total[legs == _NONE] = np.inf
    best = np.argmin(total, axis=1)
    every = np.arange(len(point))
    return legs[every, best], total[every, best]


def _leg_at(near: Legs, point: Ints, node: Ints) -> Ints:
    """Leg of each point that joins this node, the fastest of two."""
    legs = _legs_of(near)[point]
    there = (legs != _NONE) & (near.node[legs] == node[:, None])
    best = np.argmin(np.where(there, near.time_ms[legs], CLOSED_MS), axis=1)
    return np.asarray(legs[np.arange(len(point)), best])


def _walked(
    before: npt.NDArray[np.int32], row: Ints, node: Ints, pair: Ints, nodes: int
) -> tuple[Ints, _Steps]:
    """Walk all ways back at once; a number beyond the nodes is the point it started from."""
    end, active, at = node.copy(), np.arange(len(row)), node
    links: list[tuple[Ints, Ints, Ints, Ints]] = []
    while len(active):
        link = before[row[active], at].astype(np.int64)
        arrived = link >= nodes
        end[active[arrived]] = at[arrived]
        active, at, link = active[~arrived], at[~arrived], link[~arrived]
        links.append((pair[active], np.full(len(active), len(links)), at, link))
        at = link
    none = np.zeros(0, dtype=np.int64)
    parts = zip(*links, strict=True) if links else ((none,),) * 4
    return end, _Steps(*(np.concatenate(part) for part in parts))


def _arcs(network: RoadNetwork, found: list[_Steps], *, reverse: bool) -> tuple[Ints, Ints]:
    """Name the arc of each link, pair by pair in the order of travel; turns are no arcs."""
    none = np.zeros(0, dtype=np.int64)
    pair, step, node, before = (
        np.concatenate([none, *(getattr(each, part) for each in found)])
        for part in ("pair", "step", "node", "before")
    )
    order = np.lexsort((step if reverse else -step, pair))
    tail, head = (node, before) if reverse else (before, node)
    pair, arc = pair[order], _fastest_arc(network.routing, tail[order], head[order])
    roads = arc < network.arcs
    return pair[roads], arc[roads]


def _fastest_arc(graph: RoutingGraph, tail: Ints, head: Ints) -> Ints:
    arcs = np.lexsort((graph.time_ms, graph.head, graph.tail))
    key = graph.tail[arcs] * graph.nodes + graph.head[arcs]
    return np.asarray(arcs[np.searchsorted(key, tail * graph.nodes + head)])
