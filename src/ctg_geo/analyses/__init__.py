"""Analyses above a diagnosis: balance of groups, people beyond reach, double deprivation."""

from ctg_geo.analyses.balance import group_balance
from ctg_geo.analyses.beyond import STATES, beyond_reach
from ctg_geo.analyses.deprivation import TYPES, double_deprivation

__all__ = ["STATES", "TYPES", "beyond_reach", "double_deprivation", "group_balance"]
