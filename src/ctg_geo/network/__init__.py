"""The road model: topology, then the time each arc takes."""

from ctg_geo.network.build import (
    check_near,
    connected_share,
    from_edges,
    from_lines,
    from_tables,
)
from ctg_geo.network.grades import with_grades
from ctg_geo.network.impedance import arc_times, edge_speeds, with_profile
from ctg_geo.network.road_network import CLOSED_MS, NO_ARC, Grades, NodeKind, RoadNetwork, fastest
from ctg_geo.network.schematic import schematic_roads
from ctg_geo.network.surroundings import with_urban

__all__ = [
    "CLOSED_MS",
    "NO_ARC",
    "Grades",
    "NodeKind",
    "RoadNetwork",
    "arc_times",
    "check_near",
    "connected_share",
    "edge_speeds",
    "fastest",
    "from_edges",
    "from_lines",
    "from_tables",
    "schematic_roads",
    "with_grades",
    "with_profile",
    "with_urban",
]
