"""Covering: everyone near a site with the fewest sites, or the most people near with a few."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from ctg_geo.errors import SitingError
from ctg_geo.siting.classical.asked import Asked, asked, no_plan, refuse_nobody
from ctg_geo.siting.classical.costs import Given
from ctg_geo.siting.classical.covering import cover_problem, distinct, fewest
from ctg_geo.siting.classical.exact import solve
from ctg_geo.siting.classical.graded import choice_rows, solve_choice
from ctg_geo.siting.classical.programme import Effort, Programme, ended_by
from ctg_geo.siting.classical.sites import Choice, refuse_sizes
from ctg_geo.siting.given import seconds
from ctg_geo.siting.plan import Plan
from ctg_geo.siting.rules import SiteRules
from ctg_geo.travel.times import TravelTimes

__all__ = ["backup_coverage", "lscp", "mclp", "reach"]

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


def lscp(
    times: Given,
    demand: pd.Series,
    rules: SiteRules,
    *,
    within_min: float,
    limit_s: float = 60.0,
) -> Plan:
    """Open the fewest sites so that everyone is within reach of one (set covering).

    Parameters
    ----------
    times : origins × candidates, minutes (or a table of costs)
    demand : by origin, people; where nobody lives nothing need be near
    rules : number (at most), existing, forced, forbidden, floors by group, budget
    within_min : minutes; a site is near at this time exactly
    limit_s : seconds; see `p_median`

    Returns
    -------
    plan; `value` is the number of sites opened, those forced included. Infeasible where no
    set of sites covers everyone: `smallest_relaxation` gives the shortest time at which one
    does.

    Raises
    ------
    SitingError
        If the rules contradict each other, or `within_min` exceeds the limit of the times.

    References
    ----------
    Toregas, Swain, ReVelle & Bergman (1971), Operations Research 19(6).
    """
    refuse_sizes(rules, "lscp")
    seconds(limit_s)
    it = asked(times, demand, rules)
    near = reach(times, it, within_min)
    needed = ~near[:, it.sites.fixed].any(axis=1)
    found = fewest(near[needed][:, it.sites.free], it.sites.choice, limit_s=limit_s)
    if found.chosen is None:
        none = no_plan("lscp", "min")
        return none if found.ended == "proof" else replace(
            none, status="undecided", ended=found.ended)  # fmt: skip
    more = len(it.sites.opened)
    return it.plan("lscp", "min", found.chosen, float(len(found.chosen) + more),
                   found.bound + more, found.ended)  # fmt: skip


def mclp(
    times: Given,
    demand: pd.Series,
    rules: SiteRules,
    *,
    within_min: float,
    limit_s: float = 60.0,
) -> Plan:
    """Choose the sites that have the most people within reach (maximal covering).

    Origins near the same candidates count as one, which changes nothing to the answer.

    Parameters
    ----------
    times, demand, within_min, limit_s : see `lscp`
    rules : number, exactly, existing, forced, forbidden, floors by group, budget

    Returns
    -------
    plan; `value` is the people covered, those near what stands already included.

    Raises
    ------
    SitingError
        If the rules contradict each other, or `within_min` exceeds the limit of the times.

    References
    ----------
    Church & ReVelle (1974), Papers of the Regional Science Association 32.
    """
    refuse_sizes(rules, "mclp")
    if rules.new is None and rules.budget is None:
        raise SitingError("how_many", model="mclp")
    seconds(limit_s)
    it = asked(times, demand, rules)
    refuse_nobody(it, "mclp")
    near = reach(times, it, within_min)
    already = near[:, it.sites.fixed].any(axis=1)
    ours = near[:, it.sites.free]
    open_to = ~already & ours.any(axis=1)
    problem = cover_problem(ours[open_to], it.weight[open_to], it.sites.choice)
    solved = solve(problem, limit_s=limit_s)
    most = float(it.weight[already].sum() + it.weight[open_to].sum())
    return it.plan("mclp", "max", solved.found.chosen, most - solved.found.value,
                   most - max(solved.bound, 0.0), solved.ended)  # fmt: skip


def backup_coverage(
    times: Given,
    demand: pd.Series,
    rules: SiteRules,
    *,
    within_min: float,
    first: float = 1.0,
    limit_s: float = 60.0,
) -> Plan:
    """Have the most people near two sites at least, once enough are near one.

    A second site is what remains when the first is full, closed or on leave.

    Parameters
    ----------
    times, demand, within_min, limit_s : see `lscp`
    rules : number, exactly, existing, forced, forbidden, floors by group, budget
    first : share (0-1) of the people who must be near one site; 1 is BACOP1

    Returns
    -------
    plan; `value` is the people near two sites or more. Infeasible where the sites allowed
    cannot cover that share.

    Raises
    ------
    SitingError
        If the rules contradict each other, `first` is no share, or `within_min` exceeds the
        limit of the times.

    References
    ----------
    Hogan & ReVelle (1986), Management Science 32(11).
    """
    refuse_sizes(rules, "backup_coverage")
    if rules.new is None and rules.budget is None:
        raise SitingError("how_many", model="backup_coverage")
    if not 0 <= first <= 1:
        raise SitingError("not_share", name="first", value=first)
    seconds(limit_s)
    it = asked(times, demand, rules)
    refuse_nobody(it, "backup_coverage")
    near = reach(times, it, within_min)
    standing = np.minimum(near[:, it.sites.fixed].sum(axis=1), 2)
    twice = _Twice(near[:, it.sites.free], standing, it.weight, it.sites.choice, first)
    return twice.plan(it, limit_s)


def reach(times: Given, it: Asked, within: float) -> Mask:
    """Return which candidates are near each origin where someone lives.

    Raises
    ------
    SitingError
        If `within` is negative, or beyond the limit of the times: what lies there is unknown.
    """
    if not within >= 0:
        raise SitingError("not_positive", name="within_min", value=within)
    if isinstance(times, TravelTimes) and times.limit_min is not None and within > times.limit_min:
        raise SitingError("beyond_limit", asked=within, known=times.limit_min)
    return it.costs.within(within)


class _Twice:
    """The programme of backup coverage: covered once, covered twice, by set of near sites."""

    def __init__(
        self, near: Mask, standing: Ints, weight: Floats, choice: Choice, first: float
    ) -> None:
        known = np.column_stack((near, standing >= 1, standing >= 2))  # noqa: PLR2004
        rows, which = distinct(known)
        self.near, self.standing = rows[:, :-2], rows[:, -2:].sum(axis=1)
        self.weight = np.bincount(which, weight, minlength=len(rows))
        self.choice, self.first = choice, first

    def plan(self, it: Asked, limit_s: float) -> Plan:
        """Solve."""
        sites = self.near.shape[1]
        answer, chosen = solve_choice(
            self._programme(), self.choice, np.arange(sites), Effort(seconds=limit_s)
        )
        none = no_plan("backup_coverage", "max")
        if chosen is None:
            return none if answer.end == "infeasible" else replace(
                none, status="undecided", ended=ended_by(answer.end)
            )  # fmt: skip
        count = self.near[:, chosen].sum(axis=1) + self.standing
        value = float(self.weight[count >= 2].sum())  # noqa: PLR2004
        once = float(self.weight[count >= 1].sum())
        assert once >= self._least_once() * (1 - 1e-9), "the solver left people out"
        proven = answer.end == "optimal"
        return it.plan("backup_coverage", "max", chosen, value,
                       value if proven else max(value, -answer.bound),
                       ended_by(answer.end))  # fmt: skip

    def _least_once(self) -> float:
        return self.first * float(self.weight.sum())

    def _programme(self) -> Programme:
        count, sites = self.near.shape
        once, twice = sites + np.arange(count), sites + count + np.arange(count)
        least = 1.0 if self.first >= 1 else 0.0
        whole = np.ones(sites + 2 * count, dtype=bool)
        whole[once] = False  # but not `twice`: one site would cover by half once and half twice
        programme = Programme(
            np.concatenate((np.zeros(sites + count), -self.weight)),
            np.concatenate((np.zeros(sites), np.full(count, least), np.zeros(count))),
            np.ones(sites + 2 * count),
            whole,
        )
        for at in range(count):
            near = np.flatnonzero(self.near[at])
            columns = np.concatenate((near, [once[at], twice[at]]))
            factors = np.concatenate((np.ones(len(near)), [-1.0, -1.0]))
            programme.row(columns, factors, -float(self.standing[at]), np.inf)
            programme.row([once[at], twice[at]], np.array([1.0, -1.0]), 0.0, np.inf)
        if least < 1 and count:
            programme.row(once, self.weight, self._least_once() * (1 - 1e-12), np.inf)
        choice_rows(programme, self.choice, np.arange(sites))
        return programme
