"""Peers of the travel benchmark: the same job by scipy, pandana, igraph and networkx.

Each returns a call and the factor by which its seconds are multiplied, where it does a part.
"""

import os
import sys
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from travel_graphs import Graph

from ctg_geo.network import fastest

__all__ = ["Peer", "Peers", "versions"]

Ints = npt.NDArray[np.int64]

SCIPY_SOURCES = 10
PANDANA_ORIGINS = 250
IGRAPH_SOURCES = 4
_FAR_S = 1e7


@dataclass(frozen=True, slots=True)
class Peer:
    """A job done by a peer."""

    call: Callable[[], Any]
    factor: float = 1.0
    rounds: int = 99  # at most


@dataclass(slots=True)
class Peers:
    """The peers on one graph, their structures made once each."""

    graph: Graph
    _made: dict[str, Any] = field(default_factory=dict)

    def scipy(self, places: Ints, limit_ms: float = np.inf) -> Peer:
        """Search from some of the places, arcs turned round, and scale."""
        links, some = self.turned, places[:SCIPY_SOURCES]
        factor = len(places) / len(some)
        return Peer(lambda: dijkstra(links, indices=some, limit=limit_ms), factor)

    def scipy_nearest(self, places: Ints, *, identity: bool) -> Peer:
        """Search from all places together; with predecessors it tells which place."""
        links = self.turned
        return Peer(
            lambda: dijkstra(links, indices=places, min_only=True, return_predecessors=identity)
        )

    def pandana_pairs(self, demand: Ints, places: Ints) -> Peer:
        """Ask pairs one by one, of some origins, and scale."""
        some = demand[:PANDANA_ORIGINS]
        one, other = np.repeat(some, len(places)), np.tile(places, len(some))
        net = self.pandana
        return Peer(
            lambda: _quiet(lambda: net.shortest_path_lengths(one, other)),
            len(demand) / len(some),
            rounds=2,
        )

    def pandana_nearest(self, places: Ints) -> Peer:
        """Ask the nearest place of every node, with its number."""
        net = self.pandana
        x, y = _spots(self.graph.nodes)
        net.set_pois("places", _FAR_S, 1, x[places], y[places])
        ask = {"num_pois": 1, "include_poi_ids": True}
        return Peer(lambda: _quiet(lambda: net.nearest_pois(_FAR_S, "places", **ask)), rounds=3)

    def pandana_build(self) -> Peer:
        """Build the network and its contraction hierarchy."""
        return Peer(lambda: _pandana(self.graph), rounds=2)

    def igraph(self, places: Ints) -> Peer:
        """Search from a few places to all nodes, and scale."""
        links, times = self._igraph
        some = places[:IGRAPH_SOURCES].tolist()
        factor = len(places) / len(some)
        return Peer(lambda: links.distances(some, weights=times, mode="in"), factor, rounds=1)

    def networkx(self, places: Ints) -> Peer:
        """Search from one place to all nodes, and scale."""
        import networkx as nx  # noqa: PLC0415  (heavy)

        links = nx.DiGraph()
        rows = zip(self.graph.head, self.graph.tail, self.graph.time_ms, strict=True)
        links.add_weighted_edges_from((int(a), int(b), int(t)) for a, b, t in rows)
        source = int(places[0])
        search = nx.single_source_dijkstra_path_length
        return Peer(lambda: search(links, source), len(places), rounds=1)

    @property
    def turned(self) -> csr_array:
        """The arcs turned round, the fastest of parallel ones."""
        if "scipy" not in self._made:
            graph = self.graph
            self._made["scipy"] = fastest(graph.nodes, graph.head, graph.tail, graph.time_ms)
        return self._made["scipy"]

    @property
    def pandana(self) -> Any:  # noqa: ANN401  (no types)
        """The network of pandana."""
        if "pandana" not in self._made:
            self._made["pandana"] = _pandana(self.graph)
        return self._made["pandana"]

    @property
    def _igraph(self) -> tuple[Any, Any]:
        if "igraph" not in self._made:
            import igraph  # noqa: PLC0415  (heavy)

            graph = self.graph
            ends = np.stack([graph.tail, graph.head], axis=1)
            links = igraph.Graph(n=graph.nodes, edges=ends, directed=True)
            self._made["igraph"] = links, graph.time_ms.tolist()
        return self._made["igraph"]


def versions() -> str:
    """Return the peers' versions."""
    from importlib.metadata import version  # noqa: PLC0415

    names = ("numpy", "numba", "scipy", "pandana", "igraph", "networkx", "pymetis")
    return ", ".join(f"{name} {version(name)}" for name in names)


def _spots(nodes: int) -> tuple[Any, Any]:
    """Give each node a place of its own, so that pandana joins a place to its node."""
    import pandas as pd  # noqa: PLC0415  (heavy)

    number = np.arange(nodes)
    return pd.Series((number % 1000).astype(float)), pd.Series((number // 1000).astype(float))


def _pandana(graph: Graph) -> Any:  # noqa: ANN401  (no types)
    import pandana  # noqa: PLC0415  (heavy)
    import pandas as pd  # noqa: PLC0415  (heavy)

    x, y = _spots(graph.nodes)
    weight = pd.DataFrame({"seconds": graph.time_ms / 1000})
    tail, head = pd.Series(graph.tail), pd.Series(graph.head)
    return _quiet(lambda: pandana.Network(x, y, tail, head, weight, twoway=False))


def _quiet(call: Callable[[], Any]) -> Any:  # noqa: ANN401
    """Call what writes pages to the screen, from C++ too, and warns of each pair."""
    sys.stdout.flush()
    screen = os.dup(1)
    with Path(os.devnull).open("w") as nowhere, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        os.dup2(nowhere.fileno(), 1)
        try:
            return call()
        finally:
            sys.stdout.flush()
            os.dup2(screen, 1)
            os.close(screen)
