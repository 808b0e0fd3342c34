"""Networks from and to the graphs of networkx and osmnx."""

from typing import Any, Final

import numpy as np

from ctg_geo.errors import TravelError
from ctg_geo.network.arcs import CLOSED_MS, NO_ARC, Ints, milliseconds
from ctg_geo.network.road_network import NodeKind, RoadNetwork
from ctg_geo.sources import GraphRead, read_graph

__all__ = ["from_networkx", "to_multigraph"]

_KINDS: Final = {
    NodeKind.SIGNALS: "traffic_signals",
    NodeKind.STOP: "stop",
    NodeKind.CROSSING: "crossing",
    NodeKind.MINI_ROUNDABOUT: "mini_roundabout",
}


def from_networkx(graph: Any, *, crs: str = "EPSG:2154") -> RoadNetwork:  # noqa: ANN401
    """Make a network of a graph of networkx, such as osmnx makes.

    Parameters
    ----------
    graph : Graph, DiGraph, MultiGraph or MultiDiGraph
        Read, where they are: of nodes x, y (in the `crs` of the graph) and highway; of arcs
        length (metres), highway, maxspeed, speed_kph, name, ref, geometry, osmid, reversed,
        urban, and the time: time_ms, else travel_time (seconds).
    crs : metric CRS of the network

    Returns
    -------
    RoadNetwork
        Nodes and arcs keep the order of the graph; an undirected edge has an arc each way.
        Without x and y on any node it has no places. Where not every arc has a time, all
        are 0 until a profile times them (`with_profile`).

    Raises
    ------
    DataError
        If some nodes only have a place, or a length, speed, time or shape cannot be; all
        such are named.
    MissingCrsError
        If the graph's `crs` is missing, unknown or cannot hold its places.
    TravelError
        If a time is beyond 24 days, or the graph has no node.

    Notes
    -----
    Opposite arcs that follow the same line become the two directions of one edge, those of
    one osmid first. The speed of an edge is its maxspeed (the lowest of a list), else its
    speed_kph; its class the first of a list.

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.DiGraph(crs="EPSG:4326")
    >>> graph.add_node("a", x=4.90, y=45.0)
    >>> graph.add_node("b", x=4.91, y=45.0)
    >>> graph.add_edge("a", "b", travel_time=60)
    >>> graph.add_edge("b", "a", travel_time=75)
    >>> roads = from_networkx(graph)
    >>> roads, len(roads.edges), roads.time_ms.tolist()
    (<RoadNetwork 2 nodes, 2 arcs, EPSG:2154>, 1, [60000, 75000])
    """
    if not graph.number_of_nodes():
        raise TravelError("empty_graph")
    read = read_graph(graph, crs=crs, file="networkx")
    seconds = np.zeros(len(read.tail)) if read.seconds is None else read.seconds
    if read.nodes is None or read.edges is None:
        return RoadNetwork.from_arcs(
            read.tail, read.head, seconds, nodes=graph.number_of_nodes(), crs=crs
        )
    return _placed(graph, read, milliseconds(seconds), crs)


def _placed(graph: Any, read: GraphRead, time_ms: Ints, crs: str) -> RoadNetwork:  # noqa: ANN401
    assert read.nodes is not None, "nodes have no place"
    assert read.edges is not None, "edges have no line"
    edges = read.edges
    columns = ["road_class", "length_m", "speed_kmh", "name"]
    tagged = any("highway" in data or "urban" in data for _, _, data in graph.edges(data=True))
    kinds = any("highway" in data for _, data in graph.nodes(data=True))
    return RoadNetwork(
        x=read.nodes["x"].to_numpy(np.float64),
        y=read.nodes["y"].to_numpy(np.float64),
        tail=read.tail,
        head=read.head,
        time_ms=time_ms,
        edge_from=edges["from_node"].to_numpy(np.int64),
        edge_to=edges["to_node"].to_numpy(np.int64),
        forward=read.forward,
        backward=read.backward,
        edges=edges[[*columns, "urban"] if tagged else columns].reset_index(drop=True),
        edge_lines=edges.geometry.to_numpy(),
        crs=crs,
        schematic=str(graph.graph.get("schematic")) == "True",
        node_kinds=read.nodes["kind"].to_numpy(np.int8) if kinds else None,
    )


def to_multigraph(network: RoadNetwork) -> Any:  # noqa: ANN401  (networkx has no types)
    """Return a `networkx.MultiDiGraph` as osmnx makes them, with every open arc.

    Nodes are numbered and carry x, y (metres in the graph's `crs`) and, where known, the
    highway of signals, stops and crossings. Arcs carry osmid (the number of their edge),
    highway, name, oneway, reversed, length (metres), geometry, urban where known, maxspeed
    where the road states it, time_ms, travel_time (seconds) and speed_kph (length over
    time, where there is a time).

    Notes
    -----
    `from_networkx(to_multigraph(network), crs=network.crs)` has the same times between all
    nodes; closed arcs are left out, and arcs are in another order. Forbidden turns have no
    place in such a graph, and are left out.
    """
    import networkx as nx  # noqa: PLC0415  (heavy)

    graph = nx.MultiDiGraph(crs=network.crs, schematic=network.schematic, simplified=True)
    for node in range(network.nodes):
        graph.add_node(node, **_node(network, node))
    told = network.edges.to_dict("records")
    edge = np.full(network.arcs, NO_ARC, dtype=np.int64)
    for arcs in (network.forward, network.backward):
        edge[arcs[arcs != NO_ARC]] = np.flatnonzero(arcs != NO_ARC)
    for arc in np.flatnonzero(network.time_ms < CLOSED_MS):
        of = int(edge[arc])
        own = {} if of == NO_ARC else _arc(network, int(arc), of, told[of])
        time_ms = int(network.time_ms[arc])
        times = {"time_ms": time_ms, "travel_time": time_ms / 1000}
        if time_ms and own.get("length"):
            times["speed_kph"] = own["length"] / time_ms * 3600
        graph.add_edge(int(network.tail[arc]), int(network.head[arc]), **own, **times)
    return graph


def _node(network: RoadNetwork, node: int) -> dict[str, object]:
    if not np.isfinite(network.x[node]):
        return {}
    found: dict[str, object] = {"x": float(network.x[node]), "y": float(network.y[node])}
    if network.node_kinds is not None:
        kind = NodeKind(int(network.node_kinds[node]))
        found |= {"highway": _KINDS[kind]} if kind in _KINDS else {}
    return found


def _arc(network: RoadNetwork, arc: int, edge: int, told: dict[Any, Any]) -> dict[str, Any]:
    """Return what an arc shares with the other direction of its edge, its own way round."""
    there, back = network.forward[edge], network.backward[edge]
    open_ = network.is_open(np.array([there, back]))
    against = arc == back
    line = network.edge_lines[edge]
    found = {
        "osmid": edge, "highway": str(told["road_class"]), "name": str(told["name"]),
        "oneway": not bool(open_.all()), "reversed": against, "length": float(told["length_m"]),
        "geometry": line.reverse() if against else line,
    }  # fmt: skip
    if told["speed_kmh"] == told["speed_kmh"]:  # not NaN
        found["maxspeed"] = str(told["speed_kmh"])
    if "urban" in told:
        found["urban"] = bool(told["urban"])
    return found
