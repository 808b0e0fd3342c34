"""Roads of IGN: BD TOPO (TRONCON_DE_ROUTE) and ROUTE 500 (TRONCON_ROUTE)."""

from ctg_geo.sources.ign.bdtopo import read_bdtopo
from ctg_geo.sources.ign.lines import LinesRead
from ctg_geo.sources.ign.route500 import read_route500

__all__ = ["LinesRead", "read_bdtopo", "read_route500"]
