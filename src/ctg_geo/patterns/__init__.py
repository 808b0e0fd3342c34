"""The map table: areas that lack alike, clusters that are not chance, kinds of communes."""

from ctg_geo.patterns.alike import alike
from ctg_geo.patterns.basins import Basins, basins
from ctg_geo.patterns.cells import cells_of, neighbours
from ctg_geo.patterns.moran import local_moran
from ctg_geo.patterns.typology import Typology, typology
from ctg_geo.patterns.zones import Zones, zones

__all__ = [
    "Basins",
    "Typology",
    "Zones",
    "alike",
    "basins",
    "cells_of",
    "local_moran",
    "neighbours",
    "typology",
    "zones",
]
