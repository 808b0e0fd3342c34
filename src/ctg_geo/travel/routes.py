"""The fastest way itself: which roads it takes, in which direction, and its line on the map."""

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from ctg_geo.errors import TravelError
from ctg_geo.network import NO_ARC, RoadNetwork
from ctg_geo.parameters import Snapping
from ctg_geo.travel.legs import Legs, across, along, leg_ways, legs_in, legs_out
from ctg_geo.travel.query import snapped
from ctg_geo.travel.snap import Snaps
from ctg_geo.travel.trace import Trace, traced
from ctg_geo.travel.ways import NO_TIME, Routes

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["Routes", "routes"]

logger = logging.getLogger(__name__)

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_FIRST, _LAST = -1, 2**62  # where the partial edges stand among the arcs of a route


def routes(
    network: RoadNetwork,
    origins: "gpd.GeoSeries | pd.Series | npt.NDArray[np.integer] | list[int]",
    destinations: "gpd.GeoSeries | pd.Series | npt.NDArray[np.integer] | list[int]",
    *,
    snapping: Snapping | None = None,
) -> Routes:
    """Fastest way from the first origin to the first destination, the second to the second...

    Parameters
    ----------
    network : roads with a time per arc
    origins, destinations : points (any CRS, snapped to the nearest edge), or node numbers; as
        many of the one as of the other. A code may come back.
    snapping : how points join the road; `Snapping()` by default.

    Returns
    -------
    Routes
        Their times are those of `travel_times`, to the millisecond.

    Raises
    ------
    TravelError
        If the lists differ in length, a point is empty, a layer of points has no CRS, a
        number is not a node, or the network has arcs but no roads (made without places).

    Examples
    --------
    >>> roads = RoadNetwork.from_arcs([0, 1], [1, 2], [60, 90], [4.9, 4.91, 4.92], [45, 45, 45])
    >>> way = routes(roads, [0, 2], [2, 0])
    >>> way.minutes
    array([2.5, nan])
    >>> way.edge
    array([0, 1])
    """
    if network.arcs and not len(network.edges):
        raise TravelError("no_roads")
    rules = snapping or Snapping()
    start = snapped(network, origins, rules, name="origin", repeats=True)
    end = snapped(network, destinations, rules, name="destination", repeats=True)
    if len(start) != len(end):
        raise TravelError("pair_lengths", origins=len(start), destinations=len(end))
    (near, origin), (far, destination) = _distinct(start), _distinct(end)
    first, last = legs_out(network, near), legs_in(network, far)
    trace = traced(network, first, last, origin, destination)
    time_ms = np.where(np.isfinite(trace.time_ms), trace.time_ms, _LAST).astype(np.int64)
    parts = _over_nodes(network, trace, (near, first), (far, last))
    status = np.where(time_ms < _LAST, "road", "none").astype(object)
    parts = _beside(network, (start, end), rules, time_ms, status, parts)
    logger.info("routes, %d pairs: %d searches", len(start), min(first.points, last.points))
    return _in_order(network, (start, end), np.where(status == "none", NO_TIME, time_ms), status,
                     parts)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class _Parts:
    """Parts of edges, in any order: pair, place in its route, edge, from where to where."""

    pair: Ints
    place: Ints
    edge: Ints
    share_from: Floats
    share_to: Floats
    forward: Bools

    def joined(self, *others: "_Parts") -> "_Parts":
        """Return these parts and others."""
        return _Parts(
            *(
                np.concatenate([getattr(each, name) for each in (self, *others)])
                for name in self.__slots__
            )
        )

    def of(self, kept: Bools) -> "_Parts":
        """Return the parts of some pairs."""
        some = kept[self.pair]
        return _Parts(*(getattr(self, name)[some] for name in self.__slots__))


def _distinct(snaps: Snaps) -> tuple[Snaps, Ints]:
    """Return each place on the network once, and the number of that of each point."""
    columns = {
        "node": np.where(snaps.edge < 0, snaps.node, -1),
        "edge": snaps.edge,
        "share": snaps.share,
        "ends_ms": snaps.access_ms + snaps.terminal_ms,
    }
    group = pd.DataFrame(columns).groupby(list(columns), sort=False).ngroup()
    number = group.to_numpy(np.int64)
    _, first = np.unique(number, return_index=True)
    return snaps.at(first.astype(np.int64)), np.asarray(number)


def _over_nodes(
    network: RoadNetwork, trace: Trace, near: tuple[Snaps, Legs], far: tuple[Snaps, Legs]
) -> _Parts:
    """Return the whole edges of the arcs, and the partial ones of the legs."""
    edge, forward = _edges_of_arcs(network)
    within = np.arange(len(trace.arc))
    ahead = forward[trace.arc]
    whole = _Parts(
        trace.pair, within, edge[trace.arc], np.where(ahead, 0.0, 1.0), np.where(ahead, 1.0, 0.0),
        ahead,
    )  # fmt: skip
    ends = []
    for (snaps, legs), leg, place in (
        (near, trace.first_leg, _FIRST),
        (far, trace.last_leg, _LAST),
    ):
        edges, ways = leg_ways(network, snaps)
        pair = np.flatnonzero(leg >= 0)
        pair = pair[edges[leg[pair]] >= 0]
        mine, way = leg[pair], ways[leg[pair]]
        share, node = snaps.share[legs.point[mine]], np.where(way == (place == _FIRST), 1.0, 0.0)
        low, high = (share, node) if place == _FIRST else (node, share)
        ends.append(_Parts(pair, np.full(len(pair), place), edges[mine], low, high, way))
    return whole.joined(*ends)


def _edges_of_arcs(network: RoadNetwork) -> tuple[Ints, Bools]:
    edge = np.full(network.arcs, NO_ARC)
    forward = np.zeros(network.arcs, dtype=bool)
    for arcs, ahead in ((network.backward, False), (network.forward, True)):
        there = np.flatnonzero(arcs != NO_ARC)
        edge[arcs[there]], forward[arcs[there]] = there, ahead
    return edge, forward


def _beside(
    network: RoadNetwork,
    ends: tuple[Snaps, Snaps],
    rules: Snapping,
    time_ms: Ints,
    status: npt.NDArray[np.object_],
    parts: _Parts,
) -> _Parts:
    """Put the ways along one edge, and straight across, where they are faster; fill in both."""
    start, end = ends
    pair = np.flatnonzero((start.edge >= 0) & (start.edge == end.edge))
    direct, number, forward = along(network, start, end, pair, pair)
    better = direct <= time_ms[pair[number]]
    pair, forward = pair[number[better]], forward[better]
    time_ms[pair], status[pair] = direct[better], "road"
    kept = np.ones(len(start), dtype=bool)
    kept[pair] = False
    single = _Parts(
        pair, np.zeros(len(pair), dtype=np.int64), start.edge[pair], start.share[pair],
        end.share[pair], forward,
    )  # fmt: skip
    parts = parts.of(kept).joined(single)
    placed = np.flatnonzero(~np.isnan(start.x) & ~np.isnan(end.x))
    straight, number = across(start, end, placed, placed, access_kmh=rules.access_kmh)
    better = straight < time_ms[placed[number]]
    pair = placed[number[better]]
    time_ms[pair], status[pair] = straight[better], "straight"
    return parts.of(status == "road")


def _in_order(
    network: RoadNetwork,
    ends: tuple[Snaps, Snaps],
    time_ms: Ints,
    status: npt.NDArray[np.object_],
    parts: _Parts,
) -> Routes:
    start, end = ends
    order = np.lexsort((parts.place, parts.pair))
    count = np.bincount(parts.pair, minlength=len(start))
    return Routes(
        network=network,
        origins=start.table.index,
        destinations=end.table.index,
        time_ms=time_ms,
        status=status,
        start=np.concatenate(([0], np.cumsum(count))).astype(np.int64),
        edge=parts.edge[order],
        share_from=parts.share_from[order],
        share_to=parts.share_to[order],
        forward=parts.forward[order],
        origin_snaps=start,
        destination_snaps=end,
    )
