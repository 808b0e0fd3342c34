"""What the travel benchmark measures in a process of its own; prints one line of JSON.

python benchmarks/travel_children.py reload|memory|cold GRAPH, or osm FILE
"""

import json
import resource
import sys
import time
from pathlib import Path

import numpy as np

from ctg_geo import progress
from ctg_geo.network import RoadNetwork
from ctg_geo.travel import travel_times
from ctg_geo.travel.legs import Legs

PLACES = 200


def network_of(path: Path) -> RoadNetwork:
    """Read a graph as a network without places."""
    kept = np.load(path)
    seconds = kept["time_ms"] / 1000
    return RoadNetwork.from_arcs(kept["tail"], kept["head"], seconds, nodes=int(kept["nodes"]))


def reload(path: Path) -> dict[str, object]:
    """Time the first use of a kept hierarchy, once the library is imported."""
    from ctg_geo.travel.hierarchy import engine_of  # noqa: PLC0415

    network = network_of(path)
    start = time.perf_counter()
    engine_of(network)
    return {"seconds": time.perf_counter() - start}


def memory(path: Path) -> dict[str, object]:
    """Time 200 places to all nodes from nothing, and tell the peak of memory."""
    from ctg_geo.travel.hierarchy import engine_of  # noqa: PLC0415

    network = network_of(path)
    places = np.random.default_rng(1).choice(network.nodes, PLACES, replace=False)
    start = time.perf_counter()
    engine_of(network).matrix(_at(np.arange(network.nodes)), _at(places), np.inf)
    seconds = time.perf_counter() - start
    return {"seconds": seconds, "gibibytes": _peak_gib(), "of_files": _kib("RssFile:") / 1024**2}


def cold(path: Path) -> dict[str, object]:
    """Time the first call of all, and tell what it announced."""
    network = network_of(path)
    said: list[str] = []
    nodes = np.random.default_rng(1).permutation(network.nodes)
    start = time.perf_counter()
    with progress.listen(lambda items, _label, _total: iter(items), said.append):
        travel_times(network, nodes[:1000], nodes[-PLACES:], limit_min=30)
    return {"seconds": time.perf_counter() - start, "said": said}


def osm(path: Path) -> dict[str, object]:
    """Time a file of OpenStreetMap to a network with times."""
    from ctg_geo.network import from_edges  # noqa: PLC0415
    from ctg_geo.sources import read_osm  # noqa: PLC0415

    start = time.perf_counter()
    found = read_osm(path, crs="EPSG:32632")
    network = from_edges(found.nodes, found.edges, crs="EPSG:32632", mode="car")
    _ = network.graph
    return {"seconds": time.perf_counter() - start, "nodes": network.nodes, "arcs": network.arcs}


def _peak_gib() -> float:
    """Return the peak of this process (ru_maxrss would count that of its parent too)."""
    own = _kib("VmHWM:")
    return (own or resource.getrusage(resource.RUSAGE_SELF).ru_maxrss) / 1024**2


def _kib(name: str) -> int:
    """Return a figure of this process as Linux tells it; 0 elsewhere."""
    status = Path("/proc/self/status")
    words = status.read_text(encoding="utf-8").split() if status.is_file() else []
    return int(words[words.index(name) + 1]) if name in words else 0


def _at(nodes: np.ndarray) -> Legs:
    return Legs(len(nodes), np.arange(len(nodes)), nodes, np.zeros_like(nodes))


if __name__ == "__main__":
    jobs = {"reload": reload, "memory": memory, "cold": cold, "osm": osm}
    print(json.dumps(jobs[sys.argv[1]](Path(sys.argv[2]))))
