"""Plans made on access itself: exact, proven where time allows, measured again before shown."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from ctg_geo.errors import FairSitingError
from ctg_geo.siting.checked import Claim, remeasured, rules_kept
from ctg_geo.siting.fair.choices import Choices, Places, choices_of
from ctg_geo.siting.fair.floor import Floor, highest
from ctg_geo.siting.fair.frame import Frame, Outcome
from ctg_geo.siting.fair.ground import Ground
from ctg_geo.siting.fair.objective import Limit, Objective
from ctg_geo.siting.fair.plan import FairPlan, Remark, Stage
from ctg_geo.siting.fair.search import Deadline, Found, searched
from ctg_geo.siting.fair.shortfall import Shortfall
from ctg_geo.siting.fair.start import SLACK, started
from ctg_geo.siting.plan import Plan
from ctg_geo.siting.rules import SiteRules

__all__ = ["fair_plan", "planned"]

_START_SHARE = 0.4  # of the time at most, for the plan to start from


def fair_plan(
    ground: Ground,
    rules: SiteRules,
    objectives: Objective | Sequence[Objective],
    *,
    places: Places,
    limits: Sequence[Limit] = (),
    time_limit_s: float,
) -> FairPlan:
    """Choose sites and their places so that access is best in the sense of an objective.

    Parameters
    ----------
    ground : see `ground_of`
    rules : see `SiteRules`; `total` bounds the places of the plan less those of today, so
        that places may move where existing ones are closable or resizable
    objectives : one, or several in their order: each is made best among the plans that are
        best for those before
    places : "whole" (a site opened has at least one) or "divisible"
    limits : figures that the plan must reach or not exceed: a floor for the north, a Gini cap
    time_limit_s : seconds in all

    Returns
    -------
    FairPlan
        `plan` is about the first objective: `proven` where value and bound are within a
        millionth. `stages` tell the same of each, and `proven` of all.

    Raises
    ------
    FairSitingError
        If the rules contradict each other; if an objective is the same for every plan, with
        the mend; if the plan measured again is not what the solver said.

    Notes
    -----
    In E2SFCA the demand around a site does not depend on supply, so access is linear in
    places: all objectives are programmes in whole numbers with a proven bound.
    """
    stated = [objectives] if not isinstance(objectives, Sequence) else list(objectives)
    assert stated, "a plan needs an objective"
    choices = choices_of(ground, rules, places=places)
    if not choices.may.any():
        raise FairSitingError("no_site")
    frame = Frame(ground, choices)
    for objective in [*stated, *(limit.objective for limit in limits)]:
        objective.refuse(frame)
    return planned(ground, choices, stated, limits, Deadline.after(time_limit_s))


def planned(
    ground: Ground,
    choices: Choices,
    objectives: Sequence[Objective],
    limits: Sequence[Limit],
    deadline: Deadline,
) -> FairPlan:
    """Make a plan stage by stage; see `fair_plan`, which refuses before it searches."""
    stages: list[Stage] = []
    kept_limits, best = list(limits), None
    for objective in objectives:
        found = _stage(ground, choices, objective, kept_limits, best, deadline)
        stages.append(
            Stage(objective.name, objective.sense, found.value, found.bound, found.status)
        )
        if found.outcome is None:
            break
        best = found.outcome
        kept_limits.append(Limit(objective, found.value))
    return _told(ground, choices, objectives, tuple(stages), best)


def _stage(
    ground: Ground,
    choices: Choices,
    objective: Objective,
    limits: Sequence[Limit],
    best: Outcome | None,
    deadline: Deadline,
) -> Found:
    start = best
    if start is None:
        until = Deadline.after(deadline.left * _START_SHARE)
        start = started(ground, choices, objective, limits, lambda: until.left <= 0)
    return searched(Frame(ground, choices), objective, limits, start, deadline)


def _told(
    ground: Ground,
    choices: Choices,
    objectives: Sequence[Objective],
    stages: tuple[Stage, ...],
    best: Outcome | None,
) -> FairPlan:
    """Measure the plan again, and put it into tables."""
    first, names, today = stages[0], ground.candidates, choices.rules.existing.astype(float)
    remarks = list(_excluded(ground, choices))
    if best is None:
        plan = Plan(
            first.objective, first.sense, names[:0], None, np.nan, first.bound, first.status,
            ended="proof" if stages[-1].status == "infeasible" else "time",
        )  # fmt: skip
        void = pd.Series(dtype=float)
        return FairPlan(plan, stages, today, names[:0], void, void, np.nan, tuple(remarks))
    size = pd.Series(best.size, index=names, name="places")
    sites = names[best.opened]
    claims = [
        Claim(objective.name, objective.measured(ground, best), objective.norm,
              getattr(objective, "share", 1.0), objective.among)
        for objective in objectives
    ]  # fmt: skip
    access = remeasured(
        ground.times, ground.demand, size, decay=ground.decay,
        counted=pd.Series(ground.counted, index=ground.times.origins), claims=claims,
    )  # fmt: skip
    rules_kept(choices.rules, size, sites, cost=best.cost)
    moved = best.opened & (best.size != choices.today)
    plan = Plan(
        first.objective, first.sense, names[best.opened & ~choices.stands], size[moved],
        claims[0].value, first.bound, first.status,
        ended="proof" if first.status == "proven" else "time",
    )  # fmt: skip
    remarks += _remarks(ground, choices, objectives, stages, best)
    return FairPlan(plan, stages, today, sites, size, access, best.cost, tuple(remarks))


def _excluded(ground: Ground, choices: Choices) -> list[Remark]:
    nobody = ground.candidates[(ground.reached <= 0) & ~choices.stands]
    if not len(nobody):
        return []
    return [Remark("nobody_reaches", {"names": [str(name) for name in nobody]})]


def _remarks(
    ground: Ground,
    choices: Choices,
    objectives: Sequence[Objective],
    stages: Sequence[Stage],
    best: Outcome,
) -> list[Remark]:
    """Tell where a figure leaves plans equal, so that which of them is shown says little."""
    found = []
    for objective, stage in zip(objectives, stages, strict=False):
        if isinstance(objective, Floor):
            found += _of_floor(ground, choices, objective, stage)
        if isinstance(objective, Shortfall):
            found += _of_shortfall(ground, choices, objective, stage, best)
    return found


def _of_floor(ground: Ground, choices: Choices, objective: Floor, stage: Stage) -> list[Remark]:
    """Name those who hold the floor down: it can rise no more, whatever is built elsewhere."""
    people = ground.people_of(objective.among)
    top = highest(Frame(ground, choices))
    if stage.value <= 0:
        return [Remark("floor_zero")]
    holding = (people > 0) & (top <= stage.value * (1 + SLACK))
    if not holding.any():
        return []
    origins = ground.origins_of(holding)
    return [Remark("floor_held", {"origins": origins, "level": 100 * stage.value})]


def _of_shortfall(
    ground: Ground, choices: Choices, objective: Shortfall, stage: Stage, best: Outcome
) -> list[Remark]:
    """Tell where no place is lost above the norm: any other plan that wastes none is as good.

    Not so where places serve those who count more at one candidate than at another.
    """
    people = ground.people_of(objective.among)
    wasted = float(people @ np.maximum(best.access - objective.norm, 0.0))
    serve = np.asarray(ground.slope.T @ people)[choices.may]
    alike = not len(serve) or np.ptp(serve) <= SLACK
    if wasted > SLACK * max(stage.value, 1.0) or not alike:
        return []
    return [Remark("nothing_wasted", {"norm": 100 * objective.norm})]
