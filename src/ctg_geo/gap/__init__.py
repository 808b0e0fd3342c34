"""The scales: shortfall from the norm, and how sure it is."""

from ctg_geo.gap.robustness import agreement
from ctg_geo.gap.shortfall import concerned, missing_supply, poverty, score, time_score

__all__ = ["agreement", "concerned", "missing_supply", "poverty", "score", "time_score"]
