"""Times where turns are forbidden, by networkx, over arcs instead of nodes.

A state is an arc one has just driven; from it one goes on into any arc that starts where it
ends, unless the turn is forbidden. No node is drawn out, and nothing is shared with the engine
but the network itself and where points join it.
"""

from itertools import product

import networkx as nx
import numpy as np

from ctg_geo.network import CLOSED_MS

__all__ = ["by_arcs", "forbidden"]


def forbidden(network):
    """Return the forbidden turns as pairs of arc numbers."""
    if network.turns is None:
        return set()
    return set(zip(network.turns.arc_in.tolist(), network.turns.arc_out.tolist(), strict=True))


def by_arcs(network, start, end):
    """Return milliseconds from each of `start` to each of `end` (snapped); inf for no route."""
    search = _Search(network, start, end)
    search.turns()
    search.starts()
    search.ends()
    search.along_one_arc()
    search.on_the_spot()
    return search.found()


class _Search:
    """The graph of arcs, and the points that begin and end there."""

    def __init__(self, network, start, end):
        self.network, self.start, self.end = network, start, end
        self.times, self.ways = network.time_ms.tolist(), _ways(network)
        self.shut, self.graph = forbidden(network), nx.DiGraph()
        self.graph.add_nodes_from(("from", i) for i in range(len(start)))

    def join(self, one, other, time_ms):
        before = self.graph.get_edge_data(one, other, {"weight": float("inf")})["weight"]
        self.graph.add_edge(one, other, weight=min(before, int(time_ms)))

    def turns(self):
        for into, out in self.ways.values():
            for one, other in product(into, out):
                if (one, other) not in self.shut:
                    self.join(one, other, self.times[other])

    def starts(self):
        for i, node in _at_nodes(self.start):
            for arc in self.ways[node][1]:
                self.join(("from", i), arc, _ends(self.start, i) + self.times[arc])
        for i, arc, share in _on_edges(self.network, self.start):
            left = np.rint((1 - share) * _running(self.network, arc) + _lost(self.network, arc))
            self.join(("from", i), arc, left + _ends(self.start, i))

    def ends(self):
        for j, node in _at_nodes(self.end):
            for arc in self.ways[node][0]:
                self.join(arc, ("to", j), _ends(self.end, j))
        for j, arc, share in _on_edges(self.network, self.end):
            driven = np.rint(share * _running(self.network, arc)) + _ends(self.end, j)
            node = int(self.network.tail[arc])
            for one in self.ways[node][0]:
                if (one, arc) not in self.shut:
                    self.join(one, ("to", j), driven)
            for i, at in _at_nodes(self.start):
                if at == node:
                    self.join(("from", i), ("to", j), _ends(self.start, i) + driven)

    def along_one_arc(self):
        """Join points of one arc, the second further on."""
        every = (_on_edges(self.network, each) for each in (self.start, self.end))
        for (i, one, before), (j, other, after) in product(*every):
            if one == other and before <= after:
                part = np.rint((after - before) * _running(self.network, one))
                both = _ends(self.start, i) + _ends(self.end, j)
                self.join(("from", i), ("to", j), part + both)

    def on_the_spot(self):
        """Join points at one node, and those less than a metre apart."""
        for (i, one), (j, other) in product(_at_nodes(self.start), _at_nodes(self.end)):
            if one == other:
                self.join(("from", i), ("to", j), _ends(self.start, i) + _ends(self.end, j))
        for i, j in product(range(len(self.start)), range(len(self.end))):
            if np.hypot(self.start.x[i] - self.end.x[j], self.start.y[i] - self.end.y[j]) < 1:
                self.join(("from", i), ("to", j), 0)

    def found(self):
        found = np.full((len(self.start), len(self.end)), np.inf)
        for i in range(len(self.start)):
            lengths = nx.single_source_dijkstra_path_length(self.graph, ("from", i))
            for j in range(len(self.end)):
                found[i, j] = lengths.get(("to", j), np.inf)
        return found


def _ways(network):
    """Return the open arcs into each node, and out of it."""
    ways = {node: ([], []) for node in range(network.nodes)}
    for arc in np.flatnonzero(network.time_ms < CLOSED_MS).tolist():
        ways[int(network.head[arc])][0].append(arc)
        ways[int(network.tail[arc])][1].append(arc)
    return ways


def _at_nodes(snaps):
    """Return point and node, of the points at nodes."""
    return [(i, int(snaps.node[i])) for i in np.flatnonzero(snaps.edge < 0)]


def _on_edges(network, snaps):
    """Yield point, arc and position along the arc, for each open way along its edge."""
    for i in np.flatnonzero(snaps.edge >= 0):
        edge, share = snaps.edge[i], float(snaps.share[i])
        for arc, along in ((network.forward[edge], share), (network.backward[edge], 1 - share)):
            if arc >= 0 and network.time_ms[arc] < CLOSED_MS:
                yield i, int(arc), along


def _running(network, arc):
    return network.time_ms[arc] - _lost(network, arc)


def _lost(network, arc):
    return 0 if network.arrival_ms is None else network.arrival_ms[arc]


def _ends(snaps, i):
    return int(snaps.access_ms[i] + snaps.terminal_ms[i])
