"""What a reader of roads hands over: nodes, edges open to some modes, and their account."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ctg_geo.provenance import Ledger
from ctg_geo.quality import Finding

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

__all__ = ["RoadsRead"]


@dataclass(frozen=True, slots=True, eq=False)
class RoadsRead:
    """Roads read: nodes and edges as `network.from_edges` takes them.

    `edges` also has ``speed_kind``: "limit" if `speed_kmh` is what the law allows, "mean" if
    it is what cars do; ``structure`` ("bridge", "tunnel" or ""); and ``road_id``, the
    identifier of the road in its file.
    """

    nodes: "pd.DataFrame"  # x, y (metres), kind
    edges: "gpd.GeoDataFrame"
    findings: list[Finding]
    ledger: Ledger  # of the roads of the file: read = used + set aside, by reason
