"""The reading room: one service, one date: times + access + gaps, bundled."""

from ctg_geo.diagnosis.classes import CAUSES, MapClass, map_classes
from ctg_geo.diagnosis.comparison import by_group, by_people_group
from ctg_geo.diagnosis.diagnosis import Diagnosis, diagnose

__all__ = [
    "CAUSES",
    "Diagnosis",
    "MapClass",
    "by_group",
    "by_people_group",
    "diagnose",
    "map_classes",
]
