"""The scales: shortfall from the norm, how unequal, why, what would fix it, how sure it is."""

from ctg_geo.gap.causes import CAUSES_OF_GAP, causes, causes_by
from ctg_geo.gap.composite import composite
from ctg_geo.gap.deprivation import DEPRIVATIONS, beyond, double_deprivation
from ctg_geo.gap.inequality import (
    ByIncome,
    TheilSplit,
    concentration,
    gini,
    palma,
    quantile,
    theil,
    theil_split,
)
from ctg_geo.gap.opening import places_to_open
from ctg_geo.gap.owners import by_income, by_owner, minutes_by_owner
from ctg_geo.gap.remedy import (
    Levelling,
    added_access,
    added_access_at,
    minutes_to_save,
    places_to_add,
    places_to_level,
)
from ctg_geo.gap.robustness import agreement
from ctg_geo.gap.rounding import MET
from ctg_geo.gap.shortfall import concerned, missing_supply, poverty, score, time_score
from ctg_geo.gap.undefined import Measure, Undefined, reason_of, value_of

__all__ = [
    "CAUSES_OF_GAP",
    "DEPRIVATIONS",
    "MET",
    "ByIncome",
    "Levelling",
    "Measure",
    "TheilSplit",
    "Undefined",
    "added_access",
    "added_access_at",
    "agreement",
    "beyond",
    "by_income",
    "by_owner",
    "causes",
    "causes_by",
    "composite",
    "concentration",
    "concerned",
    "double_deprivation",
    "gini",
    "minutes_by_owner",
    "minutes_to_save",
    "missing_supply",
    "palma",
    "places_to_add",
    "places_to_level",
    "places_to_open",
    "poverty",
    "quantile",
    "reason_of",
    "score",
    "theil",
    "theil_split",
    "time_score",
    "value_of",
]
