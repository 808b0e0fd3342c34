"""The territory model: people, supply, groups."""

from ctg_geo.territory.demand import demand, demand_at_homes
from ctg_geo.territory.groups import nearer_pole
from ctg_geo.territory.homes import Homes, spread_homes
from ctg_geo.territory.join import Ingredients, join, study_area
from ctg_geo.territory.pieces import (
    Pieces,
    cell_pieces,
    street_pieces,
    with_lone_points,
    zone_pieces,
)
from ctg_geo.territory.supply import supply
from ctg_geo.territory.territory import Territory

__all__ = [
    "Homes",
    "Ingredients",
    "Pieces",
    "Territory",
    "cell_pieces",
    "demand",
    "demand_at_homes",
    "join",
    "nearer_pole",
    "spread_homes",
    "street_pieces",
    "study_area",
    "supply",
    "with_lone_points",
    "zone_pieces",
]
