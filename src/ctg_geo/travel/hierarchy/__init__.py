"""Customizable contraction hierarchy: order once, customise in a moment, sweep many sources.

References
----------
Dibbelt, Strasser, Wagner (2016), Customizable Contraction Hierarchies, JEA 21,
doi:10.1145/2886843. Delling, Goldberg, Nowatzyk, Werneck (2013), PHAST, JPDC 73(7),
doi:10.1016/j.jpdc.2012.02.007; with Delling, Goldberg, Werneck (2011), RPHAST, ATMOS.
"""

from ctg_geo.travel.hierarchy.engine import Engine
from ctg_geo.travel.hierarchy.metric import Metric, customised
from ctg_geo.travel.hierarchy.prepare import engine_of, forget, ready
from ctg_geo.travel.hierarchy.shape import Shape, shaped
from ctg_geo.travel.hierarchy.sweep import NO_ROUTE_MS

__all__ = [
    "NO_ROUTE_MS",
    "Engine",
    "Metric",
    "Shape",
    "customised",
    "engine_of",
    "forget",
    "ready",
    "shaped",
]
