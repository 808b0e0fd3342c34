"""The drawing board: what might be done, made on the study's own models and compared."""

from ctg_geo.scenarios.apply import Applied, apply
from ctg_geo.scenarios.check import check
from ctg_geo.scenarios.compare import AS_IS, Comparison, Outcome, Variant, compare
from ctg_geo.scenarios.costs import cost_of, untold_of
from ctg_geo.scenarios.incremental import Incremental, incremental
from ctg_geo.scenarios.outsiders import Crossing, crossing
from ctg_geo.scenarios.ranking import dominators, ranks
from ctg_geo.scenarios.roads import changed_roads
from ctg_geo.scenarios.times import Columns, arranged

__all__ = [
    "AS_IS",
    "Applied",
    "Columns",
    "Comparison",
    "Crossing",
    "Incremental",
    "Outcome",
    "Variant",
    "apply",
    "arranged",
    "changed_roads",
    "check",
    "compare",
    "cost_of",
    "crossing",
    "dominators",
    "incremental",
    "ranks",
    "untold_of",
]
