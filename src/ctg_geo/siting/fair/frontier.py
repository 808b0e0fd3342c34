"""The frontier of cost and equity: every plan that none betters in both."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from ctg_geo.errors import FairSitingError
from ctg_geo.siting.fair.choices import Places, choices_of
from ctg_geo.siting.fair.fair_plan import planned
from ctg_geo.siting.fair.frame import Frame
from ctg_geo.siting.fair.ground import Ground
from ctg_geo.siting.fair.objective import Limit, Objective
from ctg_geo.siting.fair.plan import FairPlan
from ctg_geo.siting.fair.programme import RELATIVE_GAP
from ctg_geo.siting.fair.search import Deadline
from ctg_geo.siting.plan import signed
from ctg_geo.siting.rules import SiteRules

__all__ = ["Frontier", "frontier"]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Frontier:
    """Plans from the cheapest to the dearest, each better than all those before.

    `points` by plan: cost (euros), value and bound of the objective, status, sites opened.
    `complete` tells that the search came down to the cheapest plan that the rules allow.
    """

    objective: str
    step: float  # euros
    points: pd.DataFrame
    plans: tuple[FairPlan, ...]
    complete: bool

    def __repr__(self) -> str:
        return f"<Frontier {self.objective}: {len(self.plans)} plans, step {self.step:g}>"


def frontier(
    ground: Ground,
    rules: SiteRules,
    objective: Objective,
    *,
    places: Places,
    step: float,
    limits: Sequence[Limit] = (),
    time_limit_s: float,
) -> Frontier:
    """Return the plans that no other betters in both cost and an objective.

    Parameters
    ----------
    ground, rules, places, limits : see `fair_plan`; the rules need costs, and their budget
        is the dearest plan looked at
    step : euros by which each plan must be cheaper than the one before
    time_limit_s : seconds in all

    Returns
    -------
    Frontier
        Where all costs are whole multiples of `step`, the set of all values that no plan
        betters is complete; else any plan left out saves less than `step` on one listed.

    Raises
    ------
    FairSitingError
        As `fair_plan`; without costs, or a step that is not positive.

    Notes
    -----
    Exact epsilon-constraint: the best plan, then the best of at least `step` less, until no
    plan is left; a plan that a cheaper one equals is taken off. What costs up to `step` less
    than a plan listed has no better value, for it was within the same budget.

    References
    ----------
    Haimes, Lasdon & Wismer (1971), IEEE Transactions on Systems, Man and Cybernetics 1(3),
    doi:10.1109/TSMC.1971.4308298.
    """
    if not step > 0:
        raise FairSitingError("step", said=step)
    if rules.cost_open is None and rules.cost_place is None:
        raise FairSitingError("no_cost")
    first = Frame(ground, choices_of(ground, rules, places=places))
    for stated in (objective, *(limit.objective for limit in limits)):
        stated.refuse(first)
    deadline = Deadline.after(time_limit_s)
    found: list[FairPlan] = []
    asked, complete = rules, False
    while deadline.left:
        plan = _best(ground, asked, objective, places, limits, deadline)
        if plan is None or plan.plan.status == "infeasible":
            complete = True
            break
        if not plan.found:
            break
        found.append(plan)
        if plan.cost < step:
            complete = True
            break
        asked = replace(rules, budget=plan.cost - step)
    ordered = _undominated(objective, found[::-1])
    return Frontier(objective.name, step, _points(ordered), ordered, complete)


def _best(
    ground: Ground,
    rules: SiteRules,
    objective: Objective,
    places: Places,
    limits: Sequence[Limit],
    deadline: Deadline,
) -> FairPlan | None:
    """Return the best plan under a budget; None where no site fits it."""
    try:
        choices = choices_of(ground, rules, places=places)
    except FairSitingError as error:
        if error.reason == "forced_too_small":
            return None
        raise
    return planned(ground, choices, [objective], limits, deadline)


def _undominated(objective: Objective, plans: Sequence[FairPlan]) -> tuple[FairPlan, ...]:
    """Leave out a plan that a cheaper one equals, or betters where time cut a search short."""
    kept: list[FairPlan] = []
    for plan in plans:
        before = signed(kept[-1].plan.value, objective.sense) if kept else np.inf
        value = signed(plan.plan.value, objective.sense)
        if value < before - 2 * RELATIVE_GAP * max(abs(value), RELATIVE_GAP):
            kept.append(plan)
    return tuple(kept)


def _points(plans: Sequence[FairPlan]) -> pd.DataFrame:
    return pd.DataFrame({
        "cost": [plan.cost for plan in plans],
        "value": [plan.plan.value for plan in plans],
        "bound": [plan.plan.bound for plan in plans],
        "status": [plan.plan.status for plan in plans],
        "opened": [len(plan.opened) for plan in plans],
    })  # fmt: skip
