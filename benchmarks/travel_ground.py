"""One graph with all that is measured on it, the graphs of a run, and how calls are timed."""

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
from travel_graphs import Graph, dimacs, luxembourg
from travel_peers import Peer, Peers

from ctg_geo.network import RoadNetwork
from ctg_geo.travel.hierarchy import NO_ROUTE_MS, Engine, engine_of
from ctg_geo.travel.legs import Legs

__all__ = ["PLACES", "Bench", "Ground", "at", "same", "timed"]

SEED, PLACES, DEMAND, REPEAT = 20261, 200, 100_000, 3


@dataclass(eq=False)
class Ground:
    """One graph with all that is measured on it."""

    graph: Graph
    rounds: int
    peers: Peers = field(init=False)

    def __post_init__(self) -> None:
        self.peers = Peers(self.graph)
        rng = np.random.default_rng(SEED)
        nodes = self.graph.nodes
        self.places = rng.choice(nodes, PLACES, replace=False)
        self.demand = rng.choice(nodes, min(DEMAND, nodes // 2), replace=False)
        self.every = np.arange(nodes)

    @cached_property
    def network(self) -> RoadNetwork:
        """Return the graph as the engine takes it."""
        one = self.graph
        return RoadNetwork.from_arcs(one.tail, one.head, one.time_ms / 1000, nodes=one.nodes)

    @property
    def engine(self) -> Engine:
        """Answers of the hierarchy."""
        return engine_of(self.network)

    def measured(
        self, ours: Mapping[str, Callable[[], object]], peers: Mapping[str, Peer]
    ) -> dict[str, list[float]]:
        """Time all in turn, round after round; what is short, by the median of three."""
        found: dict[str, list[float]] = {name: [] for name in (*ours, *peers)}
        for call in ours.values():
            call()
        for turn in range(self.rounds):
            for name, call in ours.items():
                times = [timed(call) for _ in range(REPEAT)]
                found[name].append(statistics.median(times))
            for name, peer in peers.items():
                if turn < peer.rounds:
                    found[name].append(timed(peer.call) * peer.factor)
        return found


@dataclass(eq=False)
class Bench:
    """The graphs of a run, read once, and the folder that other processes read them from."""

    roads: Path
    folder: Path
    rounds: int
    _grounds: dict[str, Ground] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Ground:
        if name not in self._grounds:
            graph = luxembourg(self.roads) if name == "LUX" else dimacs(self.roads, name)
            graph.save(self.folder)
            self._grounds[name] = Ground(graph, self.rounds)
        return self._grounds[name]

    def child(self, job: str, path: Path, **settings: str) -> dict[str, object]:
        """Run a job in a process of its own."""
        script = str(Path(__file__).with_name("travel_children.py"))
        ran = subprocess.run(
            [sys.executable, script, job, str(path)],
            check=True, capture_output=True, text=True, env=os.environ | settings,
        )  # fmt: skip
        return json.loads(ran.stdout)

    def kept(self, name: str) -> Path:
        """Return the file of a graph."""
        return self.folder / f"{self[name].graph.name}.npz"


def timed(call: Callable[[], object]) -> float:
    """Return the seconds of a call."""
    start = time.perf_counter()
    result = call()
    lasted = time.perf_counter() - start
    del result
    return lasted


def at(nodes: np.ndarray) -> Legs:
    """Put points on nodes."""
    return Legs(len(nodes), np.arange(len(nodes)), nodes, np.zeros_like(nodes))


def same(ours: np.ndarray, theirs: np.ndarray) -> None:
    """Stop where a time differs, be it by a millisecond."""
    seen = np.where(ours == NO_ROUTE_MS, np.inf, ours.astype(np.float64))
    if not np.array_equal(seen, theirs):
        raise SystemExit("NOT THE SAME TIMES AS SCIPY")
