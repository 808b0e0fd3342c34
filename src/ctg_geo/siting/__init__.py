"""Where to put places: exact models of location, each answer with its bound."""

from ctg_geo.siting.classical import (
    Relaxation,
    backup_coverage,
    capacitated_mclp,
    capacitated_p_median,
    how_good,
    lscp,
    mclp,
    p_centre,
    p_median,
    smallest_relaxation,
)
from ctg_geo.siting.plan import Plan, Status
from ctg_geo.siting.rules import SiteRules

__all__ = [
    "Plan",
    "Relaxation",
    "SiteRules",
    "Status",
    "backup_coverage",
    "capacitated_mclp",
    "capacitated_p_median",
    "how_good",
    "lscp",
    "mclp",
    "p_centre",
    "p_median",
    "smallest_relaxation",
]
