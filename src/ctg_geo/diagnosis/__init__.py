"""The reading room: one service, one date: times + access + gaps, bundled."""

from ctg_geo.diagnosis.at_homes import commune_minutes
from ctg_geo.diagnosis.classes import CAUSES, MapClass, map_classes, people_class, people_classes
from ctg_geo.diagnosis.comparison import by_group
from ctg_geo.diagnosis.diagnosis import Diagnosis, diagnose

__all__ = [
    "CAUSES",
    "Diagnosis",
    "MapClass",
    "by_group",
    "commune_minutes",
    "diagnose",
    "map_classes",
    "people_class",
    "people_classes",
]
