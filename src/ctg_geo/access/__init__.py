"""The gauges: nearest, cumulative, floating catchments, decay."""

from ctg_geo.access import decay
from ctg_geo.access.catchment import Catchment, e2sfca, two_step
from ctg_geo.access.distribution import (
    weighted_mean,
    weighted_mode,
    weighted_quantile,
)
from ctg_geo.access.nearest import cumulative_supply, nearest, population_within

__all__ = [
    "Catchment",
    "cumulative_supply",
    "decay",
    "e2sfca",
    "nearest",
    "population_within",
    "two_step",
    "weighted_mean",
    "weighted_mode",
    "weighted_quantile",
]
