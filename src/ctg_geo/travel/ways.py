"""The type of routes: parts of edges in the order of travel, and their lines on the map."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy.sparse import csr_array

from ctg_geo.network import RoadNetwork
from ctg_geo.travel.pieces import cut
from ctg_geo.travel.snap import Snaps
from ctg_geo.travel.times import MS_PER_MIN

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["NO_TIME", "Routes"]

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

NO_TIME: Final = -1  # of a pair without a route


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Routes:
    """The fastest way of each pair, as parts of edges in the order of travel.

    Route i takes the edges `edge[start[i]:start[i + 1]]`, each from `share_from` to
    `share_to` (0 at the start of the edge, 1 at its end): all of it, but for the first and
    the last where the points join it midway. `status` says how the pair travels: "road",
    "straight" (nearer to each other than to the road: no edge) or "none" (no route).
    """

    network: RoadNetwork
    origins: pd.Index  # by pair
    destinations: pd.Index  # by pair
    time_ms: Ints  # by pair; -1 where there is no route
    status: npt.NDArray[np.object_]  # by pair
    start: Ints  # by pair + 1
    edge: Ints  # by part
    share_from: Floats  # by part
    share_to: Floats
    forward: Bools  # by part: from edge_from to edge_to
    origin_snaps: Snaps = field(repr=False)  # by pair
    destination_snaps: Snaps = field(repr=False)

    def __post_init__(self) -> None:
        assert len(self.start) == len(self.origins) + 1, "start does not fit the pairs"
        assert self.start[-1] == len(self.edge), "parts do not fit start"

    def __len__(self) -> int:
        """Count the pairs."""
        return len(self.origins)

    def __repr__(self) -> str:
        none = int((self.time_ms == NO_TIME).sum())
        return f"<Routes {len(self)} pairs, {none} without a route, {len(self.edge)} edges>"

    @property
    def rows(self) -> Ints:
        """Pair number of each part."""
        return np.repeat(np.arange(len(self)), np.diff(self.start))

    @property
    def minutes(self) -> Floats:
        """Minutes of each pair; NaN where there is no route."""
        return np.where(self.time_ms == NO_TIME, np.nan, self.time_ms / MS_PER_MIN)

    @property
    def length_m(self) -> Floats:
        """Metres of each pair, the ways to the road included; NaN where there is no route."""
        metres = np.bincount(self.rows, weights=self._part_m(), minlength=len(self))
        straight = self.status == "straight"
        apart = np.hypot(
            self.destination_snaps.x - self.origin_snaps.x,
            self.destination_snaps.y - self.origin_snaps.y,
        )
        to_road = sum(
            snaps.table["snap_m"].to_numpy(np.float64)
            for snaps in (self.origin_snaps, self.destination_snaps)
        )
        metres = np.where(straight, apart, metres + to_road)
        return np.where(self.time_ms == NO_TIME, np.nan, metres)

    def edge_lengths(self) -> csr_array:
        """Metres driven on each edge, pairs × edges; what lies off the road is not counted.

        The first and last edge count for the part that is driven. The sum of a row over the
        speeds of its edges is what calibrates speeds by class of road.
        """
        shape = len(self), len(self.network.edges)
        metres = csr_array((self._part_m(), (self.rows, self.edge)), shape=shape)
        metres.sum_duplicates()
        return metres

    def to_frame(self) -> "gpd.GeoDataFrame":
        """Return one row per pair: its line from point to point, over the roads.

        Columns origin, destination, status, minutes, length_m; CRS of the network. Without
        a route the figures and the line are missing.
        """
        import geopandas as gpd  # noqa: PLC0415  (heavy)

        table = pd.DataFrame(
            {
                "origin": self.origins.to_numpy(),
                "destination": self.destinations.to_numpy(),
                "status": self.status,
                "minutes": self.minutes,
                "length_m": self.length_m,
            }
        )
        return gpd.GeoDataFrame(table, geometry=self._lines(), crs=self.network.crs)

    def _part_m(self) -> Floats:
        length_m = self.network.edges["length_m"].to_numpy(np.float64)[self.edge]
        return length_m * np.abs(self.share_to - self.share_from)

    def _lines(self) -> npt.NDArray[np.object_]:
        lines = np.full(len(self), None, dtype=object)
        there = np.flatnonzero(self.time_ms != NO_TIME)
        if not len(there):
            return lines
        path = cut(self.network.edge_lines[self.edge], self.share_from, self.share_to)
        ends = [
            (there, _points(self.origin_snaps)[there], 0),
            (there, _joints(self.network, self.origin_snaps)[there], 1),
            (self.rows[path.piece], path.xy, 2),
            (there, _joints(self.network, self.destination_snaps)[there], 3),
            (there, _points(self.destination_snaps)[there], 4),
        ]
        pair = np.concatenate([end[0] for end in ends])
        xy = np.concatenate([end[1] for end in ends])
        rank = np.repeat([end[2] for end in ends], [len(end[0]) for end in ends])
        off_road = (self.status[pair] == "straight") & (rank > 0) & (rank < ends[-1][2])
        kept = ~np.isnan(xy[:, 0]) & ~off_road
        order = np.flatnonzero(kept)[np.lexsort((rank[kept], pair[kept]))]
        xy, pair = _without_repeats(xy[order], pair[order])
        lines[there] = shapely.linestrings(xy, indices=np.searchsorted(there, pair))
        return lines


def _points(snaps: Snaps) -> Floats:
    return np.stack([snaps.x, snaps.y], axis=-1)


def _joints(network: RoadNetwork, snaps: Snaps) -> Floats:
    """Where each point joins the road."""
    xy = np.stack([network.x[snaps.node], network.y[snaps.node]], axis=-1)
    on_edge = snaps.edge >= 0
    lines = network.edge_lines[snaps.edge[on_edge]]
    on_line = shapely.line_interpolate_point(lines, snaps.share[on_edge], normalized=True)
    xy[on_edge] = shapely.get_coordinates(on_line)
    return xy


def _without_repeats(xy: Floats, pair: Ints) -> tuple[Floats, Ints]:
    """Drop corners equal to the one before, but keep two a line."""
    fresh = np.ones(len(pair), dtype=bool)
    fresh[1:] = (pair[1:] != pair[:-1]) | (xy[1:] != xy[:-1]).any(axis=1)
    count = np.bincount(pair[fresh], minlength=int(pair.max(initial=0)) + 1)
    last = np.flatnonzero(np.diff(pair, append=-1))
    fresh[last[count[pair[last]] == 1]] = True
    return xy[fresh], pair[fresh]
