"""What to loosen when no plan is feasible: the smallest change that makes one."""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd

from ctg_geo import labels
from ctg_geo.siting.classical.asked import asked
from ctg_geo.siting.classical.capacity import capacitated_p_median
from ctg_geo.siting.classical.centre import p_centre
from ctg_geo.siting.classical.costs import Given
from ctg_geo.siting.classical.cover import lscp, mclp
from ctg_geo.siting.rules import SiteRules

__all__ = ["Model", "Relaxation", "smallest_relaxation"]

Model = Literal[
    "lscp", "mclp", "backup_coverage", "p_median", "p_centre",
    "capacitated_p_median", "capacitated_mclp",
]  # fmt: skip
Change = Literal["within_min", "new", "first", "places", "unreached", "none"]


@dataclass(frozen=True, slots=True)
class Relaxation:
    """The one thing to loosen, and to what value; `proven` when less would not do.

    `within_min`: minutes of reach. `new`: sites to open. `first`: share of people near a site.
    `places`: people left without a place, so as many places to add. `unreached`: origins that
    no candidate allowed reaches, their number; no rule can mend that, only other candidates or
    longer times. `none`: a plan is feasible as it is.
    """

    change: Change
    value: float
    proven: bool

    def explain(self, lang: labels.Lang = "fr") -> str:
        """Say what to loosen, in words."""
        key = f"siting.relaxation.{self.change}"
        sure = "" if self.proven else labels.text("siting.relaxation.at_most", lang)
        return labels.text(key, lang, value=self.value) + sure


def smallest_relaxation(
    model: Model,
    times: Given,
    demand: pd.Series,
    rules: SiteRules,
    *,
    within_min: float | None = None,
    first: float = 1.0,
    limit_s: float = 60.0,
) -> Relaxation:
    """Return the smallest change that makes a model feasible that was not.

    Parameters
    ----------
    model : the name of its function
    times, demand, rules, within_min, first : as they were given to it
    limit_s : seconds

    Returns
    -------
    for covering everyone, the shortest reach at which the sites allowed do (or the share they
    can cover, where a share is asked); for the trips, the fewest sites that reach everyone; for
    places, how many are lacking.
    """
    it = asked(times, demand, rules)
    allowed = np.concatenate((it.sites.fixed, it.sites.free))
    alone = int((~it.costs.there[:, allowed].any(axis=1)).sum())
    if model in {"mclp", "capacitated_mclp"}:
        return Relaxation("none", 0.0, proven=True)
    if alone and not (model == "backup_coverage" and first < 1):
        return Relaxation("unreached", float(alone), proven=True)
    if model == "lscp" or (model == "backup_coverage" and first >= 1):
        return _reach(times, demand, rules, within_min, limit_s)
    if model == "backup_coverage":
        assert within_min is not None, "backup coverage has a reach"
        plan = mclp(times, demand, rules, within_min=within_min, limit_s=limit_s)
        share = plan.value / float(it.weight.sum())
        return _loosened("first", share, proven=plan.status == "proven", enough=share >= first)
    if model == "capacitated_p_median":
        return _places(times, demand, rules, limit_s)
    return _sites(times, demand, rules, limit_s)


def _loosened(change: Change, value: float, *, proven: bool, enough: bool) -> Relaxation:
    return Relaxation("none", 0.0, proven=True) if enough else Relaxation(change, value, proven)


def _reach(
    times: Given, demand: pd.Series, rules: SiteRules, within: float | None, limit_s: float
) -> Relaxation:
    """Return the shortest reach at which the sites allowed cover everyone."""
    most = len(asked(times, demand, rules).sites.free) if rules.new is None else rules.new
    plan = p_centre(times, demand, replace(rules, new=most), limit_s=limit_s)
    if plan.status == "infeasible":
        return _sites(times, demand, rules, limit_s)
    enough = within is not None and plan.value <= within
    return _loosened("within_min", plan.value, proven=plan.status == "proven", enough=enough)


def _sites(times: Given, demand: pd.Series, rules: SiteRules, limit_s: float) -> Relaxation:
    """Return the fewest sites that reach everyone at all; where money stops it, without it."""
    free = replace(rules, new=None, exactly=False, budget=None)
    it = asked(times, demand, free)
    longest = it.costs.table[it.costs.there].max(initial=0) * it.costs.unit
    plan = lscp(times, demand, free, within_min=float(longest), limit_s=limit_s)
    enough = rules.new is not None and plan.value <= rules.new and rules.budget is None
    return _loosened("new", plan.value, proven=plan.status == "proven", enough=enough)


def _places(times: Given, demand: pd.Series, rules: SiteRules, limit_s: float) -> Relaxation:
    """Return how many people get no place when the most do."""
    it = asked(times, demand, rules)
    near = pd.DataFrame(
        np.where(it.costs.there, 0.0, np.inf), index=it.costs.origins, columns=it.costs.candidates
    )
    people = demand.reindex(it.costs.origins)
    plan = capacitated_p_median(near, people, rules, beyond_min=1.0, limit_s=limit_s)
    return _loosened("places", plan.value, proven=plan.status == "proven", enough=plan.value <= 0)
