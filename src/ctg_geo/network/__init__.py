"""The road model: topology, then the time each arc takes."""

from ctg_geo.network.account import ModeAccount, RoadAccount, mode_account
from ctg_geo.network.build import (
    check_near,
    connected_share,
    from_edges,
    from_lines,
    from_tables,
)
from ctg_geo.network.exchange import from_networkx, to_multigraph
from ctg_geo.network.grades import with_grades
from ctg_geo.network.hand_drawn import HandDrawn, doubtful
from ctg_geo.network.impedance import arc_times, edge_speeds, unlisted_classes, with_profile
from ctg_geo.network.road_network import CLOSED_MS, NO_ARC, NodeKind, RoadNetwork, fastest
from ctg_geo.network.running import running
from ctg_geo.network.schematic import schematic_roads
from ctg_geo.network.slopes import Grades
from ctg_geo.network.streets import street_metres
from ctg_geo.network.surroundings import with_urban
from ctg_geo.network.timetable import Hops, Timetable, ordered
from ctg_geo.network.turns import RoutingGraph, Turns

__all__ = [
    "CLOSED_MS",
    "NO_ARC",
    "Grades",
    "HandDrawn",
    "Hops",
    "ModeAccount",
    "NodeKind",
    "RoadAccount",
    "RoadNetwork",
    "RoutingGraph",
    "Timetable",
    "Turns",
    "arc_times",
    "check_near",
    "connected_share",
    "doubtful",
    "edge_speeds",
    "fastest",
    "from_edges",
    "from_lines",
    "from_networkx",
    "from_tables",
    "mode_account",
    "ordered",
    "running",
    "schematic_roads",
    "street_metres",
    "to_multigraph",
    "unlisted_classes",
    "with_grades",
    "with_profile",
    "with_urban",
]
