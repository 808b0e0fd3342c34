"""The almanac: two dates compared, cause by cause, and the years ahead, always told projected."""

from ctg_geo.evolution.ahead import Prospects, capacities, people_ahead
from ctg_geo.evolution.attribution import attributed
from ctg_geo.evolution.cohorts import OLDEST, aged, births_ahead, newcomers, of_ages
from ctg_geo.evolution.comparable import Described, Doubt, doubts, refuse
from ctg_geo.evolution.evolve import CAUSES, PARTS, Evolution, evolve
from ctg_geo.evolution.measure import MEASURES, grouped, measured
from ctg_geo.evolution.moment import Moment, moment
from ctg_geo.evolution.projection import PROJECTED, Projection, project

__all__ = [
    "CAUSES",
    "MEASURES",
    "OLDEST",
    "PARTS",
    "PROJECTED",
    "Described",
    "Doubt",
    "Evolution",
    "Moment",
    "Projection",
    "Prospects",
    "aged",
    "attributed",
    "births_ahead",
    "capacities",
    "doubts",
    "evolve",
    "grouped",
    "measured",
    "moment",
    "newcomers",
    "of_ages",
    "people_ahead",
    "project",
    "refuse",
]
