"""The territory model: people, supply, groups."""

from ctg_geo.territory.demand import demand
from ctg_geo.territory.groups import nearer_pole
from ctg_geo.territory.join import Ingredients, area_codes, join, study_area
from ctg_geo.territory.supply import supply
from ctg_geo.territory.territory import Territory

__all__ = [
    "Ingredients",
    "Territory",
    "area_codes",
    "demand",
    "join",
    "nearer_pole",
    "study_area",
    "supply",
]
