"""p-median: the sites that people travel least to."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from ctg_geo.errors import SitingError
from ctg_geo.siting.classical.asked import Asked, asked, no_plan, positive, refuse_nobody
from ctg_geo.siting.classical.costs import ABSENT, Given
from ctg_geo.siting.classical.covering import fewest
from ctg_geo.siting.classical.exact import Solved, solve
from ctg_geo.siting.classical.problem import Problem
from ctg_geo.siting.classical.search import polished
from ctg_geo.siting.classical.sites import refuse_sizes
from ctg_geo.siting.given import seconds
from ctg_geo.siting.plan import Plan
from ctg_geo.siting.rules import SiteRules

__all__ = ["p_median"]

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


def p_median(
    times: Given,
    demand: pd.Series,
    rules: SiteRules,
    *,
    beyond_min: float | None = None,
    limit_s: float = 60.0,
) -> Plan:
    """Choose the sites that make the sum of demand × time to the nearest site least.

    Existing sites stay open, those that may close too: keeping one costs nothing here.

    Parameters
    ----------
    times : origins × candidates, minutes (or a table of costs)
    demand : by origin, people
        An origin without demand is neither counted nor constrained.
    rules : number, exactly, existing, forced, forbidden, floors by group, budget for opening
    beyond_min : minutes counted where no site is reached, at most; None: all must reach one
    limit_s : seconds after which nothing more is tried; the search ends by itself after a
        fixed amount of work, so that a machine that is fast enough changes nothing

    Returns
    -------
    plan; `value` in people × minutes. Infeasible where `rules.new` sites cannot reach
    everyone: see `smallest_relaxation`.

    Raises
    ------
    SitingError
        If the rules contradict each other or speak of places (see `SiteRules`), or nobody is
        there to choose for.

    References
    ----------
    Hakimi (1964), Operations Research 12(3); ReVelle & Swain (1970), Geographical Analysis 2(1).

    Examples
    --------
    >>> times = pd.DataFrame([[0.0, 9.0], [4.0, 0.0]], index=["a", "b"], columns=["x", "y"])
    >>> plan = p_median(times, pd.Series({"a": 10, "b": 30}), SiteRules(new=1))
    >>> list(plan.sites), plan.value, plan.status
    (['y'], 90.0, 'proven')
    """
    refuse_sizes(rules, "p_median")
    if rules.new is None and rules.budget is None:
        raise SitingError("how_many", model="p_median")
    if beyond_min is not None:
        positive(beyond_min, "beyond_min")
    seconds(limit_s)
    it = asked(times, demand, rules)
    refuse_nobody(it, "p_median")
    base = _already(it, beyond_min)
    if np.isfinite(base).all():
        solved = solve(Problem.of(it.costs.table[:, it.sites.free], it.weight, base,
                                  it.sites.choice), limit_s=limit_s)  # fmt: skip
        return _plan(it, solved)
    return _all_reached(it, base, limit_s)


def _plan(it: Asked, solved: Solved) -> Plan:
    unit = it.costs.unit
    return it.plan("p_median", "min", solved.found.chosen, solved.found.value * unit,
                   solved.bound * unit, solved.ended)  # fmt: skip


def _already(it: Asked, beyond: float | None) -> Floats:
    """Return what each origin pays with what stands or is forced; infinite: no site reached."""
    fixed = it.sites.fixed
    best = np.full(len(it.weight), np.inf if beyond is None else _rounded(beyond, it))
    if len(fixed):
        there = it.costs.there[:, fixed]
        reached = np.where(there, it.costs.table[:, fixed].astype(np.float64), np.inf)
        best = np.minimum(best, reached.min(axis=1))
    return best


def _rounded(beyond: float, it: Asked) -> float:
    value = beyond / it.costs.unit
    return float(np.rint(value)) if it.costs.unit < 1 else value


def _all_reached(it: Asked, base: Floats, limit_s: float) -> Plan:
    """Solve where everyone must reach a site: a cover first, then swaps that keep it."""
    free = it.sites.free
    there = it.costs.there[:, free]
    alone = np.isinf(base)
    cover = fewest(there[alone], it.sites.choice, limit_s=limit_s)
    if cover.chosen is None:
        none = no_plan("p_median", "min")
        return none if cover.ended == "proof" else _undecided(none, cover.ended)
    problem = _penal(it, base, alone)
    start = polished(problem, cover.chosen)
    solved = solve(problem, limit_s=limit_s, also=start)
    return _plan(it, solved)


def _penal(it: Asked, base: Floats, alone: npt.NDArray[np.bool_]) -> Problem:
    """Return the problem where reaching nobody costs more than all trips together."""
    free = it.sites.free
    there, table = it.costs.there[:, free], it.costs.table[:, free]
    dearest = np.where(there, table.astype(np.float64), 0.0).max(axis=1, initial=0.0)
    ceiling = np.where(alone, dearest + 1.0, base)
    if not there[alone].all():
        far = np.ceil((it.weight * ceiling).sum() / it.weight.min())
        table = np.where(there, table.astype(np.float64), far)
        ceiling = np.where(alone, far, base)
        if table.max(initial=0.0) < ABSENT and it.costs.table.dtype == np.int32:
            table = table.astype(np.int32)
    return Problem.of(table, it.weight, ceiling, it.sites.choice)


def _undecided(plan: Plan, ended: str) -> Plan:
    return Plan(plan.model, plan.sense, plan.sites, None, plan.value, plan.bound, "undecided",
                ended="time" if ended == "time" else "work")  # fmt: skip
