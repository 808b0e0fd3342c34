"""What roads are made of: nodes, arcs and edges, as arrays."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ctg_geo.network.arcs import CLOSED_MS, NO_ARC, Floats, Ints
from ctg_geo.network.slopes import Grades
from ctg_geo.network.turns import Turns

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["RoadArrays"]


@dataclass(frozen=True, slots=False, eq=False, repr=False)
class RoadArrays:
    """Nodes and arcs with coordinates in a metric CRS, and integer milliseconds per arc.

    An *edge* is a piece of road between two nodes; it has one arc per permitted
    direction. `forward[e]` and `backward[e]` are the arcs of edge e from `edge_from[e]`
    to `edge_to[e]` and back, or `NO_ARC` where that direction is closed.

    Notes
    -----
    `edges` has the columns road_class, length_m, speed_kmh (NaN: not stated) and name, and
    where the source knows them urban (in a built-up area), speed_kind (limit, mean or
    timetable; mean where absent) and structure (bridge, tunnel or empty).
    """

    x: Floats  # by node, metres in `crs`
    y: Floats
    tail: Ints  # by arc, node number
    head: Ints
    time_ms: Ints  # by arc
    edge_from: Ints  # by edge, node number
    edge_to: Ints
    forward: Ints  # by edge, arc number or NO_ARC
    backward: Ints
    edges: "pd.DataFrame"  # by edge, see Notes
    edge_lines: npt.NDArray[np.object_]  # by edge, LineString in `crs`
    crs: str
    schematic: bool = False
    node_kinds: npt.NDArray[np.int8] | None = None  # by node, a NodeKind; None: not known
    arrival_ms: Ints | None = None  # by arc, the part of `time_ms` lost at its head; None: none
    grades: Grades | None = None  # slopes along the edges; None: not known
    turns: Turns | None = None  # that nobody may take; None: all may be taken

    def __post_init__(self) -> None:
        assert len(self.x) == len(self.y), "x and y differ in length"
        assert len(self.tail) == len(self.head) == len(self.time_ms), "arcs differ in length"
        assert len(self.edges) == len(self.edge_from) == len(self.edge_lines), "edges differ"
        assert self.time_ms.min(initial=0) >= 0, "a time is negative"

    def __repr__(self) -> str:
        kind = "schematic " if self.schematic else ""
        return f"<{type(self).__name__} {kind}{self.nodes} nodes, {self.arcs} arcs, {self.crs}>"

    @property
    def nodes(self) -> int:
        """Number of nodes."""
        return len(self.x)

    @property
    def arcs(self) -> int:
        """Number of arcs."""
        return len(self.tail)

    def is_open(self, arcs: Ints) -> npt.NDArray[np.bool_]:
        """Tell which of these arcs (or `NO_ARC`) exist and may be taken."""
        exist: npt.NDArray[np.bool_] = arcs != NO_ARC
        exist[exist] = self.time_ms[arcs[exist]] < CLOSED_MS
        return exist
