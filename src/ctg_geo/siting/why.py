"""Why here: whom each site brings to the norm, and what choosing another would cost."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from ctg_geo.access import e2sfca
from ctg_geo.access.aligned import known
from ctg_geo.errors import FairSitingError
from ctg_geo.siting.fair import FairPlan, Ground, Limit, Objective, Places, choices_of
from ctg_geo.siting.fair.fair_plan import planned
from ctg_geo.siting.fair.search import Deadline
from ctg_geo.siting.fair.shortfall import ALMOST
from ctg_geo.siting.plan import signed
from ctg_geo.siting.rules import SiteRules

__all__ = ["Question", "brought", "next_best", "price_of"]


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """What a plan answered, kept so that it can be asked again with one thing changed."""

    ground: Ground
    rules: SiteRules
    objectives: Sequence[Objective]
    places: Places
    limits: Sequence[Limit] = ()

    def answered(self, rules: SiteRules, *, time_limit_s: float) -> FairPlan:
        """Ask again under other rules; the question made sense, so nothing is refused anew."""
        choices = choices_of(self.ground, rules, places=self.places)
        until = Deadline.after(time_limit_s)
        return planned(self.ground, choices, self.objectives, self.limits, until)


def brought(ground: Ground, plan: FairPlan, owner: pd.Series, *, norm: float) -> pd.DataFrame:
    """Count the people whom each site opened brings to the norm, and where they live.

    Parameters
    ----------
    ground, plan : as answered
    owner : by origin, the commune of its people
    norm : supply per person

    Returns
    -------
    DataFrame
        site, owner, people (those at the norm with the plan and below it without this site
        alone), gained (places that people of the owner get from the site). Only where one
        of them is above 0; sites in the order of candidates, owners by people, then name.

    Notes
    -----
    People whom either of two sites alone would bring count for neither: the sum over sites
    is at most the people whom the plan brings.

    Raises
    ------
    UnknownCodeError
        If an origin has no owner.
    """
    known(ground.times.origins, owner.index, table="owner")
    people = ground.demand.to_numpy(np.float64) * ground.counted
    level = plan.access.to_numpy(np.float64)
    there = level >= norm * (1 - ALMOST)
    tables = []
    for site in plan.opened:
        size = plan.size.copy()
        size[site] = 0.0
        without = e2sfca(ground.times, ground.demand, size, decay=ground.decay).access
        less = without.to_numpy(np.float64)
        found = pd.DataFrame({
            "site": site,
            "owner": owner.reindex(ground.times.origins).to_numpy(),
            "people": np.where(there & (less < norm * (1 - ALMOST)), people, 0.0),
            "gained": (level - less) * people,
        })  # fmt: skip
        tables.append(found.groupby(["site", "owner"], as_index=False).sum())
    if not tables:
        return pd.DataFrame({"site": [], "owner": [], "people": [], "gained": []})
    table = pd.concat(tables)
    table = table[(table["people"] > 0) | (table["gained"] > 0)]
    rank = pd.Index(plan.opened).get_indexer(pd.Index(table["site"]))
    table = table.assign(rank=rank, less=-table["people"])
    table = table.sort_values(["rank", "less", "owner"], kind="stable")
    return table.drop(columns=["rank", "less"]).reset_index(drop=True)


def next_best(
    question: Question, plan: FairPlan, sites: Sequence[str], *, time_limit_s: float
) -> pd.DataFrame:
    """Ask again with each site forbidden: what would be chosen instead, and its price.

    Parameters
    ----------
    sites : opened in the plan
    time_limit_s : seconds for each

    Returns
    -------
    DataFrame by site
        instead (sites of the other plan that this one does not open), value and bound (of
        the first objective), price (how much worse, in its unit; a plan that is not proven
        may show less than 0, as does a site that the rules force: what forcing it costs),
        price_at_least (by the bound), cost (euros more), status, then (for each further
        objective: name, how much worse in its unit, whether proven; it may be better, as the
        first is worse).

    Raises
    ------
    FairSitingError
        If the plan does not open a site.
    """
    strange = sorted(set(sites) - set(plan.opened))
    if strange:
        raise FairSitingError(
            "not_opened", names=strange, known=[str(site) for site in plan.opened]
        )
    rules = question.rules
    asked = {
        site: replace(rules, forced=rules.forced - {site}, forbidden=rules.forbidden | {site})
        for site in sites
    }
    return _asked(question, plan, asked, time_limit_s)


def price_of(
    question: Question, plan: FairPlan, sites: Sequence[str], *, time_limit_s: float
) -> pd.DataFrame:
    """Ask again with each site that somebody prefers forced: its price against the best plan.

    Parameters, Returns
        See `next_best`. A site that the plan opens has a price of 0.

    Raises
    ------
    FairSitingError
        If a site is no candidate, or forbidden.
    """
    rules = question.rules
    asked = {site: replace(rules, forced=rules.forced | {site}) for site in sites}
    return _asked(question, plan, asked, time_limit_s)


def _asked(
    question: Question, plan: FairPlan, asked: dict[str, SiteRules], time_limit_s: float
) -> pd.DataFrame:
    sense = plan.plan.sense
    rows = []
    for site, rules in asked.items():
        other = question.answered(rules, time_limit_s=time_limit_s)
        instead = [str(name) for name in other.opened if name not in plan.opened]
        rows.append({
            "site": site, "instead": ", ".join(instead), "value": other.plan.value,
            "bound": other.plan.bound, "price": signed(other.plan.value - plan.plan.value, sense),
            "price_at_least": max(0.0, signed(other.plan.bound - plan.plan.value, sense)),
            "cost": other.cost - plan.cost, "status": other.plan.status,
            "then": _then(plan, other),
        })  # fmt: skip
    return pd.DataFrame(rows).set_index("site")


def _then(plan: FairPlan, other: FairPlan) -> tuple[tuple[str, float, bool], ...]:
    """Return how much worse another plan is on each objective after the first."""
    pairs = list(zip(plan.stages, other.stages, strict=False))[1:]
    return tuple(
        (ours.objective, signed(theirs.value - ours.value, ours.sense),
         ours.status == theirs.status == "proven")
        for ours, theirs in pairs if not np.isnan(theirs.value)
    )  # fmt: skip
