"""The reading room: one service, one date: times + access + gaps, bundled."""

from ctg_geo.diagnosis.at_homes import commune_minutes
from ctg_geo.diagnosis.classes import CAUSES, MapClass, map_classes, people_class, people_classes
from ctg_geo.diagnosis.comparison import by_group, by_people_group, told_in_groups
from ctg_geo.diagnosis.diagnosis import Diagnosis, diagnose
from ctg_geo.diagnosis.gaps import Gaps, gaps_of
from ctg_geo.diagnosis.how_sure import HowSure, how_sure

__all__ = [
    "CAUSES",
    "Diagnosis",
    "Gaps",
    "HowSure",
    "MapClass",
    "by_group",
    "by_people_group",
    "commune_minutes",
    "diagnose",
    "gaps_of",
    "how_sure",
    "map_classes",
    "people_class",
    "people_classes",
    "told_in_groups",
]
