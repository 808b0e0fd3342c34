"""How much road meets at each junction: where people live, for want of anything finer."""

from collections.abc import Collection

import numpy as np
import numpy.typing as npt

from ctg_geo.network.road_network import RoadNetwork

__all__ = ["street_metres"]


def street_metres(network: RoadNetwork, classes: Collection[str] | None) -> npt.NDArray[np.float64]:
    """Metres of road at each node: half of each edge that ends there.

    Parameters
    ----------
    network : roads
    classes : of the roads to count; None for all

    Returns
    -------
    by node; the sum is the length of the roads counted
    """
    half = network.edges["length_m"].to_numpy(np.float64) / 2
    if classes is not None:
        half = np.where(network.edges["road_class"].isin(list(classes)).to_numpy(), half, 0.0)
    ends = np.concatenate([network.edge_from, network.edge_to])
    return np.bincount(ends, np.concatenate([half, half]), network.nodes).astype(np.float64)
