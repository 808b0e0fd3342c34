"""How good a plan is, said in words."""

import math

from ctg_geo import labels
from ctg_geo.siting.plan import Plan

__all__ = ["how_good"]


def how_good(plan: Plan, lang: labels.Lang = "fr") -> str:
    """Say whether a plan is the best there is, or how far it may be from it, never less.

    Examples
    --------
    >>> import pandas as pd
    >>> plan = Plan("p_median", "min", pd.Index(["a"]), None, 100.71, 100.0, "best_found")
    >>> how_good(plan, "en")
    'Best found, at most 0.8% from the optimum.'
    """
    if plan.status != "best_found":
        return labels.text(f"siting.status.{plan.status}", lang)
    gap = 100 * plan.gap
    if not gap < 100:  # noqa: PLR2004
        said = labels.text("siting.status.no_bound", lang)
    else:
        decimals = 1 if gap >= 0.1 else 1 - math.floor(math.log10(max(gap, 1e-8)))  # noqa: PLR2004
        above = math.ceil(gap * 10**decimals - 1e-9) / 10**decimals
        share = labels.percent(above / 100, decimals, lang)
        said = labels.text("siting.status.best_found", lang, gap=share)
    if plan.ended == "time":
        said += " " + labels.text("siting.status.stopped", lang)
    return said
