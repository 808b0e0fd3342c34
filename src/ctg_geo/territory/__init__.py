"""The territory model: people, supply, groups."""

from ctg_geo.territory.demand import demand
from ctg_geo.territory.groups import nearer_pole
from ctg_geo.territory.join import Ingredients, area_codes, join, study_area
from ctg_geo.territory.mergers import merged_communes
from ctg_geo.territory.moved import Kind, moved
from ctg_geo.territory.supply import supply
from ctg_geo.territory.territory import Territory
from ctg_geo.territory.vintages import Moves, Vintage

__all__ = [
    "Ingredients",
    "Kind",
    "Moves",
    "Territory",
    "Vintage",
    "area_codes",
    "demand",
    "join",
    "merged_communes",
    "moved",
    "nearer_pole",
    "study_area",
    "supply",
]
