"""Analyses above a diagnosis: balance of groups, people beyond reach, double deprivation."""

from ctg_geo.analyses.balance import Balance, group_balance
from ctg_geo.analyses.beyond import STATES, beyond_reach, stop_scenarios
from ctg_geo.analyses.deprivation import ranked_deprivation, steady_deprivation

__all__ = [
    "STATES",
    "Balance",
    "beyond_reach",
    "group_balance",
    "ranked_deprivation",
    "steady_deprivation",
    "stop_scenarios",
]
