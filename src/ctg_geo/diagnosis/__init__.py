"""The reading room: one service, one date: times + access + gaps, bundled."""

from ctg_geo.diagnosis.classes import CAUSES, MapClass, map_classes
from ctg_geo.diagnosis.comparison import by_group, by_people_group
from ctg_geo.diagnosis.diagnosis import Diagnosis, diagnose
from ctg_geo.diagnosis.how_sure import HowSure, how_sure

__all__ = [
    "CAUSES",
    "Diagnosis",
    "HowSure",
    "MapClass",
    "by_group",
    "by_people_group",
    "diagnose",
    "how_sure",
    "map_classes",
]
