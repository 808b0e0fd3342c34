"""The graphs of the travel benchmark: real roads, and real topologies with times of a stated rule.

The road graphs of the 9th DIMACS challenge come without times. Each street (both ways) gets
a length from a log-normal law (median 120 m, sigma 0.6) and a speed by how many trips pass it:
on the trees of fewest streets from 24 nodes, the busiest 1 % drive 110 km/h, the next 4 % 80,
the next 15 % 50, the others 30; each way then takes 0.95 to 1.05 times as long. Fixed seed.
"""

import gzip
import lzma
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from numba import njit
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order

__all__ = ["RULE", "Graph", "around", "dimacs", "fast_paths", "kept_graph", "luxembourg"]

Ints = npt.NDArray[np.int64]

SEED = 20240607
RULE = (
    "lengths log-normal (median 120 m, sigma 0.6); speeds 110, 80, 50, 30 km/h for the busiest "
    "1 %, next 4 %, next 15 % and the rest of the streets on the trees of fewest streets from "
    f"24 nodes; each way × 0.95 to 1.05; seed {SEED}"
)
_TREES = 24
_SPEEDS_KMH = (110.0, 80.0, 50.0, 30.0)
_SHARES = (0.99, 0.95, 0.80)


@dataclass(frozen=True, slots=True)
class Graph:
    """Directed arcs with times in milliseconds."""

    name: str
    nodes: int
    tail: Ints
    head: Ints
    time_ms: Ints

    def save(self, folder: Path) -> Path:
        """Write the arrays for other processes."""
        path = folder / f"{self.name}.npz"
        ends = {"tail": self.tail, "head": self.head}
        np.savez(path, nodes=self.nodes, time_ms=self.time_ms, **ends)
        return path


def kept_graph(path: Path) -> Graph:
    """Read what `Graph.save` wrote."""
    kept = np.load(path)
    return Graph(path.stem, int(kept["nodes"]), kept["tail"], kept["head"], kept["time_ms"])


def luxembourg(roads: Path) -> Graph:
    """Read the roads of Luxembourg, with real times."""
    kept = np.load(roads / "luxembourg" / "graph.npz")
    first = kept["first_out"].astype(np.int64)
    tail = np.repeat(np.arange(len(first) - 1), np.diff(first))
    times = kept["travel_time_ms"].astype(np.int64)
    return Graph("LUX", len(first) - 1, tail, kept["head"].astype(np.int64), times)


def dimacs(roads: Path, name: str) -> Graph:
    """Read a topology (`p tw nodes edges`, then `u v`), and give it times by the rule."""
    with lzma.open(roads / "dimacs_topology" / f"{name}.gr.xz", "rb") as file:
        text = file.read()
    head, _, body = text.partition(b"\n")
    while not head.startswith(b"p"):
        head, _, body = body.partition(b"\n")
    nodes, edges = (int(word) for word in head.split()[2:4])
    ends = np.array(body.split(), dtype=np.int64).reshape(edges, 2) - 1
    one, two = ends[:, 0].copy(), ends[:, 1].copy()
    rng = np.random.default_rng(SEED)
    length_m = rng.lognormal(np.log(120.0), 0.6, edges)
    rank = np.argsort(np.argsort(_trips(nodes, one, two, rng), kind="stable")) / edges
    speed = np.select([rank >= share for share in _SHARES], _SPEEDS_KMH[:3], _SPEEDS_KMH[3])
    seconds = length_m / speed * 3.6
    ways = np.concatenate([seconds, seconds]) * rng.uniform(0.95, 1.05, 2 * edges)
    times = np.maximum(1, np.rint(ways * 1000)).astype(np.int64)
    return Graph(name, nodes, np.concatenate([one, two]), np.concatenate([two, one]), times)


def fast_paths(roads: Path, name: str) -> Graph:
    """Read a graph of lines `a from to weight`."""
    with gzip.open(roads / "fast_paths" / f"{name}.gr.gz", "rb") as file:
        rows = [line.split()[1:4] for line in file if line.startswith(b"a")]
    table = np.array(rows, dtype=np.int64)
    return Graph(name, int(table[:, :2].max()) + 1, table[:, 0], table[:, 1], table[:, 2])


def around(graph: Graph, share: float, centre: int) -> Ints:
    """Return the nodes nearest to a centre, a share of all of them."""
    links = csr_array(
        (np.ones(len(graph.tail), np.int8), (graph.tail, graph.head)), shape=(graph.nodes,) * 2
    )
    order = breadth_first_order(links, centre, directed=False, return_predecessors=False)
    return np.sort(order[: int(graph.nodes * share)].astype(np.int64))


def _trips(nodes: int, one: Ints, two: Ints, rng: np.random.Generator) -> Ints:
    """Count, for each street, the nodes behind it on some trees of fewest streets."""
    ends = np.concatenate([one, two]), np.concatenate([two, one])
    streets = csr_array((np.ones(2 * len(one), np.int8), ends), shape=(nodes, nodes))
    behind = np.zeros(nodes, np.int64)
    count = np.zeros(len(one), np.int64)
    low = np.minimum(one, two) * nodes + np.maximum(one, two)
    by_key = np.argsort(low, kind="stable")
    for root in rng.integers(0, nodes, _TREES):
        order, before = breadth_first_order(streets, int(root), directed=False)
        behind[:] = 1
        _gathered(order.astype(np.int64), before.astype(np.int64), behind)
        node = order[1:].astype(np.int64)
        up = before[node].astype(np.int64)
        key = np.minimum(node, up) * nodes + np.maximum(node, up)
        street = by_key[np.searchsorted(low[by_key], key)]
        count[street] += behind[node]
    return count


@njit(cache=False)
def _gathered(order: Ints, before: Ints, behind: Ints) -> None:
    for i in range(len(order) - 1, 0, -1):
        behind[before[order[i]]] += behind[order[i]]
