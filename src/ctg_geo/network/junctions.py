"""What is lost where roads meet: lights, stops, crossings, barriers, and the junction itself."""

from typing import Final

import numpy as np
import numpy.typing as npt

from ctg_geo.network.road_network import NO_ARC, NodeKind, RoadNetwork
from ctg_geo.network.surroundings import inside_towns
from ctg_geo.parameters import Penalties, TravelProfile

__all__ = ["junctions", "lost_ms"]

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

_ARMS: Final = 3
_ANY: Final = "default"


def junctions(network: RoadNetwork, side_classes: tuple[str, ...]) -> npt.NDArray[np.bool_]:
    """Tell at which nodes at least three ends of roads meet, ways of a side class apart."""
    main = ~network.edges["road_class"].isin(side_classes).to_numpy()
    ends = np.concatenate([network.edge_from[main], network.edge_to[main]])
    many: npt.NDArray[np.bool_] = np.bincount(ends, minlength=network.nodes) >= _ARMS
    return many


def lost_ms(network: RoadNetwork, profile: TravelProfile) -> Ints:
    """Time lost at the head of every arc, milliseconds, in the period of a profile.

    Surroundings are those of the edge one comes from. Where several things slow people down
    at one node the longest counts: a junction with lights is one stop, not two.
    """
    now = profile.now
    many = junctions(network, profile.side_classes)
    town = inside_towns(network)
    found = np.zeros(network.arcs, dtype=np.int64)
    for arcs, ends in ((network.forward, network.edge_to), (network.backward, network.edge_from)):
        open_ = np.flatnonzero(arcs != NO_ARC)
        node = ends[open_]
        rural = _seconds(network, now.rural, open_, node, many)
        urban = _seconds(network, now.urban, open_, node, many)
        seconds = np.where(town[open_], urban, rural)
        found[arcs[open_]] = np.rint(seconds * 1000).astype(np.int64)
    return found


def _seconds(
    network: RoadNetwork,
    penalties: Penalties,
    edges: Ints,
    node: Ints,
    many: npt.NDArray[np.bool_],
) -> Floats:
    lost = np.zeros(len(edges))
    if penalties.junction:
        usual = penalties.junction.get(_ANY, 0.0)
        road_class = network.edges["road_class"].iloc[edges]
        at_junction = road_class.map(penalties.junction).fillna(usual).to_numpy(np.float64)
        lost = np.where(many[node], at_junction, 0.0)
    if network.node_kinds is None:
        return lost
    by_kind = np.zeros(len(NodeKind))
    for kind, seconds in (
        (NodeKind.SIGNALS, penalties.signals),
        (NodeKind.STOP, penalties.stop),
        (NodeKind.CROSSING, penalties.crossing),
        (NodeKind.MINI_ROUNDABOUT, penalties.mini_roundabout),
        (NodeKind.BARRIER, penalties.barrier),
    ):
        by_kind[kind] = seconds
    return np.maximum(lost, by_kind[network.node_kinds[node]])
