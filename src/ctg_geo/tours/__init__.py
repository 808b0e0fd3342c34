"""The caravan: services that travel, what their tours are worth, and better ones."""

from ctg_geo.tours.arrange import arranged
from ctg_geo.tours.design import Design, Means, Objective, design, same_means
from ctg_geo.tours.evaluate import evaluate, problems_of, worth_of
from ctg_geo.tours.evaluation import Evaluation, Problem
from ctg_geo.tours.ground import Ground, Roads
from ctg_geo.tours.places import stops_as_places

__all__ = [
    "Design",
    "Evaluation",
    "Ground",
    "Means",
    "Objective",
    "Problem",
    "Roads",
    "arranged",
    "design",
    "evaluate",
    "problems_of",
    "same_means",
    "stops_as_places",
    "worth_of",
]
