"""The almanac: two dates compared, cause by cause, and the years ahead, always told projected."""

from ctg_geo.evolution.attribution import attributed
from ctg_geo.evolution.comparable import Described, Doubt, doubts, refuse
from ctg_geo.evolution.evolve import CAUSES, PARTS, Evolution, evolve
from ctg_geo.evolution.measure import MEASURES, grouped, measured
from ctg_geo.evolution.moment import Moment, moment

__all__ = [
    "CAUSES",
    "MEASURES",
    "PARTS",
    "Described",
    "Doubt",
    "Evolution",
    "Moment",
    "attributed",
    "doubts",
    "evolve",
    "grouped",
    "measured",
    "moment",
    "refuse",
]
