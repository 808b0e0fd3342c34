"""Siting on access itself: the measure that the map shows is the measure that decides."""

from ctg_geo.siting.fair.choices import Choices, Places, choices_of
from ctg_geo.siting.fair.fair_plan import fair_plan
from ctg_geo.siting.fair.floor import Floor
from ctg_geo.siting.fair.ground import Ground, ground_of
from ctg_geo.siting.fair.objective import Amount, Limit, Objective
from ctg_geo.siting.fair.plan import FairPlan, Remark, Stage
from ctg_geo.siting.fair.shortfall import Covered, Severity, Shortfall
from ctg_geo.siting.fair.spread import Gini

__all__ = [
    "Amount", "Choices", "Covered", "FairPlan", "Floor", "Gini", "Ground", "Limit", "Objective",
    "Places", "Remark", "Severity", "Shortfall", "Stage", "choices_of", "fair_plan", "ground_of",
]  # fmt: skip
