"""What to loosen when no plan is feasible: the smallest change that makes one."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd

from ctg_geo import labels
from ctg_geo.siting.classical.asked import asked
from ctg_geo.siting.classical.capacity import capacitated_p_median
from ctg_geo.siting.classical.centre import p_centre
from ctg_geo.siting.classical.costs import Costs, Given
from ctg_geo.siting.classical.cover import lscp, mclp
from ctg_geo.siting.plan import Plan
from ctg_geo.siting.rules import SiteRules

__all__ = ["Change", "Model", "Relaxation", "smallest_relaxation"]

Model = Literal[
    "lscp", "mclp", "backup_coverage", "p_median", "p_centre",
    "capacitated_p_median", "capacitated_mclp",
]  # fmt: skip
Change = Literal[
    "within_min", "new", "budget", "sites_and_budget", "first", "places", "unreached", "none",
]  # fmt: skip
_EURO = 1.0  # a budget is told to the euro


@dataclass(frozen=True, slots=True)
class Relaxation:
    """The one thing to loosen, and to what value; `proven` when less would not do.

    `within_min`: minutes of reach. `new`: sites to open. `budget`: euros, to within one.
    `sites_and_budget`: sites to open, neither their number nor the money being enough alone.
    `first`: share of people near a site.
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
    can cover, where a share is asked); for the trips, the fewest sites that reach everyone, or
    the least budget where money is what lacks; for places, how many are lacking.
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
    it = asked(times, demand, rules)
    most = len(it.sites.opened) + len(it.sites.free) if rules.new is None else rules.new
    plan = p_centre(times, demand, replace(rules, new=most), limit_s=limit_s)
    if plan.status == "infeasible":
        return _sites(times, demand, rules, limit_s)
    enough = within is not None and plan.value <= within
    return _loosened("within_min", plan.value, proven=plan.status == "proven", enough=enough)


def _sites(times: Given, demand: pd.Series, rules: SiteRules, limit_s: float) -> Relaxation:
    """Return the fewest sites that reach everyone at all, or the budget where money is short."""

    def covered(new: int | None, budget: float | None) -> Plan:
        """Reach everyone with the fewest sites, under another number or other money."""
        free = replace(rules, exactly=False, new=new, budget=budget)
        it = asked(times, demand, free)
        longest = it.costs.table[it.costs.there].max(initial=0) * it.costs.unit
        return lscp(times, demand, free, within_min=float(longest), limit_s=limit_s)

    plan = covered(None, rules.budget)
    if rules.budget is not None:
        rich = covered(rules.new, None)
        if rich.status == "undecided":
            return Relaxation("budget", np.nan, proven=False)
        if rich.status != "infeasible":
            return _money(rules, rich, lambda budget: covered(rules.new, budget))
        if plan.status == "infeasible":
            fewest = covered(None, None)
            proven = fewest.status == "proven"
            return Relaxation("sites_and_budget", fewest.value, proven=proven)
    enough = rules.new is not None and plan.value <= rules.new and rules.budget is None
    return _loosened("new", plan.value, proven=plan.status == "proven", enough=enough)


def _money(rules: SiteRules, plan: Plan, covered: Callable[[float], Plan]) -> Relaxation:
    """Return the least budget that reaches everyone, by halves, to the euro."""
    assert rules.budget is not None, "money is asked about where there is a budget"
    assert rules.cost_open is not None, "a budget counts the costs of sites"
    enough, short = float(rules.cost_open.reindex(plan.sites).sum()), rules.budget
    today = covered(short)
    if today.status in {"proven", "best_found"}:
        return Relaxation("none", 0.0, proven=True)
    proven = today.status == "infeasible"
    while enough - short > _EURO:
        tried = covered((enough + short) / 2)
        if tried.status in {"proven", "best_found"}:
            enough = float(rules.cost_open.reindex(tried.sites).sum())
        else:
            short = (enough + short) / 2
            proven = proven and tried.status == "infeasible"
    return Relaxation("budget", enough, proven=proven)


def _places(times: Given, demand: pd.Series, rules: SiteRules, limit_s: float) -> Relaxation:
    """Return how many people get no place when the most do."""
    costs = Costs.of(times)
    near = pd.DataFrame(
        np.where(costs.there, 0.0, np.inf), index=costs.origins, columns=costs.candidates
    )
    plan = capacitated_p_median(near, demand, rules, beyond_min=1.0, limit_s=limit_s)
    return _loosened("places", plan.value, proven=plan.status == "proven", enough=plan.value <= 0)
