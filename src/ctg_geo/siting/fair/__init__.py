"""Siting on access itself: the measure that the map shows is the measure that decides."""

from ctg_geo.siting.fair.choices import Choices, Places, choices_of
from ctg_geo.siting.fair.fair_plan import fair_plan
from ctg_geo.siting.fair.floor import Floor
from ctg_geo.siting.fair.frontier import Frontier, frontier
from ctg_geo.siting.fair.ground import Ground, ground_of
from ctg_geo.siting.fair.naming import OBJECTIVES, objective_named
from ctg_geo.siting.fair.objective import Amount, Limit, Objective
from ctg_geo.siting.fair.plan import FairPlan, Remark, Stage
from ctg_geo.siting.fair.relaxing import Relaxation, relaxations
from ctg_geo.siting.fair.shortfall import Covered, Severity, Shortfall
from ctg_geo.siting.fair.spread import Gini

__all__ = [
    "OBJECTIVES", "Amount", "Choices", "Covered", "FairPlan", "Floor", "Frontier", "Gini",
    "Ground", "Limit", "Objective", "Places", "Relaxation", "Remark", "Severity", "Shortfall",
    "Stage", "choices_of", "fair_plan", "frontier", "ground_of", "objective_named",
    "relaxations",
]  # fmt: skip
