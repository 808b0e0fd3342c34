"""The least by which one rule must give way for a plan to be feasible."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ctg_geo.errors import FairSitingError
from ctg_geo.siting.fair.choices import Places, choices_of
from ctg_geo.siting.fair.fair_plan import planned
from ctg_geo.siting.fair.ground import Ground
from ctg_geo.siting.fair.objective import Amount, Limit, Objective
from ctg_geo.siting.fair.search import Deadline
from ctg_geo.siting.rules import SiteRules

__all__ = ["Relaxation", "relaxations"]


@dataclass(frozen=True, slots=True)
class Relaxation:
    """A rule that, alone, would have to be `needed` and not `given` for a plan to exist.

    `rule` is budget (euros), total (places added) or new (sites), or the name of the
    objective of a limit, in its unit.
    """

    rule: str
    given: float
    needed: float
    proven: bool


def relaxations(
    ground: Ground,
    rules: SiteRules,
    *,
    places: Places,
    limits: Sequence[Limit] = (),
    time_limit_s: float,
) -> tuple[Relaxation, ...]:
    """Return, for each rule that could give way alone, how far it would have to.

    Parameters
    ----------
    See `fair_plan`; time_limit_s is for all.

    Returns
    -------
    tuple of Relaxation
        Empty where no single rule makes a plan feasible.
    """
    deadline = Deadline.after(time_limit_s)
    found = []
    most = max([1.0, *(_by_person(limit) for limit in limits)])
    largest = min(rules.largest, rules.smallest + most * float(ground.demand.sum()))
    without = (
        ("budget", rules.budget, replace(rules, budget=None, largest=largest), Amount("cost")),
        ("total", rules.total, replace(rules, total=None, largest=largest), Amount("places")),
        ("new", rules.new, replace(rules, new=None, exactly=False), Amount("sites")),
    )
    for rule, given, eased, amount in without:
        if given is None:
            continue
        told = _best(ground, eased, amount, places, limits, deadline)
        if told is not None:
            standing = float(rules.existing.sum()) if rule == "total" else 0.0
            found.append(Relaxation(rule, float(given), told[0] - standing, told[1]))
    for limit in limits:
        others = [other for other in limits if other is not limit]
        told = _best(ground, rules, limit.objective, places, others, deadline)
        if told is not None:
            found.append(Relaxation(limit.objective.name, limit.at, *told))
    return tuple(found)


def _by_person(limit: Limit) -> float:
    """Return the supply per person that a limit may ask for."""
    return limit.at if limit.objective.name == "floor" else limit.objective.norm or 0.0


def _best(
    ground: Ground,
    rules: SiteRules,
    objective: Objective,
    places: Places,
    limits: Sequence[Limit],
    deadline: Deadline,
) -> tuple[float, bool] | None:
    try:
        choices = choices_of(ground, rules, places=places)
    except FairSitingError:
        return None
    plan = planned(ground, choices, [objective], limits, deadline).plan
    if math.isnan(plan.value):
        return None
    return plan.value, plan.status == "proven"
