"""Sites with places: p-median and maximal covering where a full site turns people away."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from ctg_geo.errors import SitingError
from ctg_geo.siting.classical.asked import (
    Asked,
    asked,
    no_plan,
    positive,
    refuse_nobody,
)
from ctg_geo.siting.classical.costs import Given
from ctg_geo.siting.classical.cover import reach
from ctg_geo.siting.classical.flows import solve_sending
from ctg_geo.siting.classical.programme import Effort, ended_by
from ctg_geo.siting.classical.sending import Sending, Sent
from ctg_geo.siting.classical.sizes import Sizes, sizes
from ctg_geo.siting.given import seconds
from ctg_geo.siting.plan import Plan, Sense
from ctg_geo.siting.rules import SiteRules

__all__ = ["capacitated_mclp", "capacitated_p_median"]

Floats = npt.NDArray[np.float64]

_ROUNDING = 1e-6  # of a place


def capacitated_p_median(
    times: Given,
    demand: pd.Series,
    rules: SiteRules,
    *,
    beyond_min: float | None = None,
    limit_s: float = 60.0,
) -> Plan:
    """Choose sites and places so that people travel least, nobody beyond the places of a site.

    The people of one origin may go to several sites, as families do. Sizes are the fewest whole
    places that the plan needs, and `rules.smallest` at least.

    Parameters
    ----------
    times : origins × candidates, minutes (or a table of costs)
    demand : by origin, people who need a place each
    rules : all; `existing` holds the places that stand, `largest` bounds each site opened
    beyond_min : minutes counted for someone who gets no place; None: everyone must get one
    limit_s : seconds; see `p_median`

    Returns
    -------
    plan; `value` in people × minutes, `size` by site opened or grown, `flows` who goes where.
    Infeasible where places are too few or too far: see `smallest_relaxation`.

    Raises
    ------
    SitingError
        If the rules contradict each other.

    References
    ----------
    Geoffrion & Graves (1974), Management Science 20(5); Beasley (1988), EJOR 33(3).
    """
    _how_many(rules, "capacitated_p_median")
    if beyond_min is not None:
        positive(beyond_min, "beyond_min")
    seconds(limit_s)
    it = asked(times, demand, rules)
    refuse_nobody(it, "capacitated_p_median")
    made = sizes(it, rules)
    unit = it.costs.unit
    table = it.costs.table[:, made.at].astype(np.float64) * unit
    cost = np.where(it.costs.there[:, made.at], table, np.inf)
    beyond = np.inf
    if beyond_min is not None:
        cost, beyond = np.where(cost < beyond_min, cost, np.inf), beyond_min
    ask = Sending(cost, it.weight, made, it.sites.choice, beyond)
    return _plan(it, ask, "capacitated_p_median", "min", limit_s)


def capacitated_mclp(
    times: Given,
    demand: pd.Series,
    rules: SiteRules,
    *,
    within_min: float,
    limit_s: float = 60.0,
) -> Plan:
    """Choose sites and places so that the most people get a place within reach.

    Parameters
    ----------
    times, demand, rules, limit_s : see `capacitated_p_median`
    within_min : minutes; a site is near at this time exactly

    Returns
    -------
    plan; `value` is the people with a place near them.

    Raises
    ------
    SitingError
        If the rules contradict each other, or `within_min` exceeds the limit of the times.

    References
    ----------
    Current & Storbeck (1988), Environment and Planning B 15(2).
    """
    _how_many(rules, "capacitated_mclp")
    seconds(limit_s)
    it = asked(times, demand, rules)
    refuse_nobody(it, "capacitated_mclp")
    near = reach(times, it, within_min)
    made = sizes(it, rules)
    cost = np.where(near[:, made.at], 0.0, np.inf)
    ask = Sending(cost, it.weight, made, it.sites.choice, 1.0)
    plan = _plan(it, ask, "capacitated_mclp", "max", limit_s)
    people = float(it.weight.sum())
    return replace(plan, value=people - plan.value, bound=people - max(plan.bound, 0.0))


def _how_many(rules: SiteRules, model: str) -> None:
    if rules.new is None and rules.budget is None and rules.total is None:
        raise SitingError("how_many", model=model)


def _plan(it: Asked, ask: Sending, model: str, sense: Sense, limit_s: float) -> Plan:
    found, bound, end = solve_sending(ask, Effort(seconds=limit_s))
    ended = ended_by(end)
    if found is None:
        none = no_plan(model, sense)
        return none if ended == "proof" else replace(none, status="undecided", ended=ended)
    return Plan(
        model=model,
        sense=sense,
        sites=it.names(it.opened(found.chosen)),
        size=_size(it, ask.sizes, found),
        value=found.value,
        bound=found.value if ended == "proof" else min(bound, found.value),
        status="proven" if ended == "proof" else "best_found",
        flows=_flows(it, ask.sizes, found),
        ended=ended,
    )


def _size(it: Asked, made: Sizes, found: Sent) -> pd.Series:
    """Return the places of each site opened or grown: those it fills, or the fewest allowed."""
    load = np.bincount(found.seat, found.people, minlength=len(made.at))
    size = np.maximum(np.minimum(np.ceil(load - _ROUNDING), made.most), made.held)
    opened = np.isin(made.at, it.opened(found.chosen))
    size[opened] = np.maximum(size[opened], made.smallest)
    told = np.flatnonzero(opened | (size > made.held))
    told = told[np.argsort(made.at[told])]
    return pd.Series(size[told], index=it.costs.candidates[made.at[told]], name="places")


def _flows(it: Asked, made: Sizes, found: Sent) -> pd.Series:
    order = np.lexsort((made.at[found.seat], found.origin))
    index = pd.MultiIndex.from_arrays(
        [it.costs.origins[found.origin[order]], it.costs.candidates[made.at[found.seat[order]]]],
        names=["origin", "site"],
    )
    return pd.Series(found.people[order], index=index, name="people")
