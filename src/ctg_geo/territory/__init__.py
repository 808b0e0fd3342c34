"""The territory model: people, supply, groups."""

from ctg_geo.territory.area import area_codes, study_area
from ctg_geo.territory.demand import demand, demand_at_homes
from ctg_geo.territory.groups import by_bounds, by_values, nearer_pole, quantile_bounds
from ctg_geo.territory.homes import Homes, spread_homes
from ctg_geo.territory.improbable import improbable
from ctg_geo.territory.join import Ingredients, join
from ctg_geo.territory.mergers import merged_communes, moved_indicators
from ctg_geo.territory.moved import Kind, moved
from ctg_geo.territory.partial import known_in_part
from ctg_geo.territory.pieces import (
    Pieces,
    cell_pieces,
    street_pieces,
    with_lone_points,
    zone_pieces,
)
from ctg_geo.territory.presence import hours_assumed, hours_status
from ctg_geo.territory.quarters import Quarters, quarters_of
from ctg_geo.territory.supply import capacities_wanting, supply
from ctg_geo.territory.territory import Territory
from ctg_geo.territory.vintages import Moves, Vintage

__all__ = [
    "Homes",
    "Ingredients",
    "Kind",
    "Moves",
    "Pieces",
    "Quarters",
    "Territory",
    "Vintage",
    "area_codes",
    "by_bounds",
    "by_values",
    "capacities_wanting",
    "cell_pieces",
    "demand",
    "demand_at_homes",
    "hours_assumed",
    "hours_status",
    "improbable",
    "join",
    "known_in_part",
    "merged_communes",
    "moved",
    "moved_indicators",
    "nearer_pole",
    "quantile_bounds",
    "quarters_of",
    "spread_homes",
    "street_pieces",
    "study_area",
    "supply",
    "with_lone_points",
    "zone_pieces",
]
