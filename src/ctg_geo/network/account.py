"""What a file of roads gave: read, used, set aside and why; how well it holds together."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ctg_geo.network.build import connected_share
from ctg_geo.network.road_network import RoadNetwork
from ctg_geo.parameters import Mode
from ctg_geo.provenance import Ledger

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ModeAccount", "RoadAccount", "mode_account"]


@dataclass(frozen=True, slots=True)
class ModeAccount:
    """The network of one mode.

    `strong` is the share of its nodes in the largest part where one can go from any node to
    any other.
    """

    nodes: int
    edges: int
    arcs: int
    length_km: float
    strong: float


@dataclass(frozen=True, slots=True)
class RoadAccount:
    """One file: `ledger.read` = `ledger.used` + what is set aside, by reason.

    Schematic roads are read from no file: they have no ledger. `restrictions` is the
    account of turn restrictions, used if honoured; None where files of its kind have none.
    """

    ledger: Ledger | None
    modes: Mapping[Mode, ModeAccount]
    restrictions: Ledger | None = None


def mode_account(network: RoadNetwork) -> ModeAccount:
    """Count what one mode may use."""
    lengths: pd.Series[float] = network.edges["length_m"]
    return ModeAccount(
        network.nodes, len(network.edges), network.arcs, float(lengths.sum()) / 1000,
        connected_share(network),
    )  # fmt: skip
