"""Roads of IGN, the French mapping agency: BD TOPO and ROUTE 500.

Each product is a table of columns and a rule for one row; the rest is shared: `features`
(layer, area, CRS), `words` (columns and values), `edges` (lines that meet), `report`. The
rules are told in ``docs/roads.md``.
"""

from ctg_geo.sources.ign.bdtopo import bdtopo_rule, read_bdtopo
from ctg_geo.sources.ign.route500 import read_route500, route500_rule
from ctg_geo.sources.ign.words import RoadRule

__all__ = ["RoadRule", "bdtopo_rule", "read_bdtopo", "read_route500", "route500_rule"]
