"""The gauges: nearest, cumulative, gravity, floating catchments, availability, decay."""

from ctg_geo.access import decay
from ctg_geo.access.catchment import Catchment, bfca, e2sfca, m2sfca, three_step, two_step
from ctg_geo.access.distribution import (
    summed,
    weighted_mean,
    weighted_mode,
    weighted_quantile,
)
from ctg_geo.access.gravity import cumulative_supply, gravity, spatial_availability
from ctg_geo.access.modes import (
    Care,
    ModalCatchment,
    added_access,
    e2sfca_by_mode,
    least_times,
    mixture,
    reach_by_mode,
)
from ctg_geo.access.nearest import k_nearest, nearest, population_within
from ctg_geo.access.outcomes import origin_outcomes, site_outcomes
from ctg_geo.access.rational import Rational, raam
from ctg_geo.access.sharing import Rule, Sharing, alone, rule_of, sharing_of
from ctg_geo.access.side_by_side import side_by_side
from ctg_geo.access.supply import (
    admissible,
    admitting,
    effective_supply,
    share_of_ages,
    share_of_time,
)

__all__ = [
    "Care",
    "Catchment",
    "ModalCatchment",
    "Rational",
    "Rule",
    "Sharing",
    "added_access",
    "admissible",
    "admitting",
    "alone",
    "bfca",
    "cumulative_supply",
    "decay",
    "e2sfca",
    "e2sfca_by_mode",
    "effective_supply",
    "gravity",
    "k_nearest",
    "least_times",
    "m2sfca",
    "mixture",
    "nearest",
    "origin_outcomes",
    "population_within",
    "raam",
    "reach_by_mode",
    "rule_of",
    "share_of_ages",
    "share_of_time",
    "sharing_of",
    "side_by_side",
    "site_outcomes",
    "spatial_availability",
    "summed",
    "three_step",
    "two_step",
    "weighted_mean",
    "weighted_mode",
    "weighted_quantile",
]
