"""A plan of sites, on access or on trips, and the same plan asked for again under other rules."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd

from ctg_geo.access import alone
from ctg_geo.access.decay import from_rule
from ctg_geo.errors import FairSitingError, NoPlanError, SitingError
from ctg_geo.export.sites_told import PLACED
from ctg_geo.siting import (
    Plan,
    SiteRules,
    backup_coverage,
    capacitated_mclp,
    capacitated_p_median,
    lscp,
    mclp,
    p_centre,
    p_median,
    smallest_relaxation,
)
from ctg_geo.siting.classical.relaxation import Model
from ctg_geo.siting.fair import (
    FairPlan,
    Frontier,
    Ground,
    Objective,
    Remark,
    Stage,
    fair_plan,
    frontier,
    ground_of,
    objective_named,
    relaxations,
)
from ctg_geo.siting.why import Question, next_best, price_of
from ctg_geo.study.site_ground import Bench

__all__ = ["Answer", "answered", "cost_frontier", "priced"]

_WHOLE: Final = "whole"
_MODELS: Final[dict[str, Model]] = {
    "lscp": "lscp", "cover": "mclp", "median": "p_median", "center": "p_centre",
    "floor": "p_centre", "backup": "backup_coverage", "median_places": "capacitated_p_median",
    "cover_places": "capacitated_mclp",
}  # fmt: skip
_NOTHING_OPENS: Final = ("no_site", "forced_too_small")
_LEAST_S = 2.0  # of each question asked again
_AGAIN = 0.5  # of the time of the plan, for all of them


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """A plan: what opens, closes and changes size, and how good each stage is.

    `size` has the places of each site opened (NaN where places are not counted), `resized` the
    places that standing ones have in the plan, both as they count. `access` by demand_id is what
    the solver says; None for trips.
    """

    opened: pd.Index
    size: pd.Series
    closed: pd.Index
    resized: pd.Series
    cost: float
    stages: tuple[Stage, ...]
    remarks: tuple[Remark, ...]
    access: pd.Series | None
    fair: FairPlan | None = None
    question: Question | None = None
    plan: Plan | None = None


def answered(bench: Bench) -> Answer:
    """Make the plan that is asked for.

    Raises
    ------
    SitingError
        If rules contradict each other or the objective cannot choose.
    NoPlanError
        If no plan is feasible, with the smallest change that makes one.
    """
    return _on_access(bench) if bench.on_access else _on_trips(bench, bench.rules, first=True)


def _on_access(bench: Bench) -> Answer:
    asked, ground = bench.asked, _ground(bench)
    aims = _objectives(bench)
    question = Question(ground, bench.rules, aims, _WHOLE)
    seconds = asked.time_limit_s
    try:
        made = fair_plan(ground, bench.rules, aims, places=_WHOLE, time_limit_s=seconds)
    except FairSitingError as error:
        if error.reason in _NOTHING_OPENS:
            raise _eased(bench, ground) from error
        raise
    if not made.found:
        if made.plan.status != "infeasible":
            raise SitingError("undecided", seconds=seconds)
        raise _eased(bench, ground)
    moved = made.resized
    return Answer(
        made.opened, made.size.reindex(made.opened), made.closed, made.size.reindex(moved.index),
        made.cost, made.stages, made.remarks, made.access, made, question,
    )  # fmt: skip


def _eased(bench: Bench, ground: Ground) -> NoPlanError:
    """Return the error that no plan is feasible, naming what would make one so."""
    seconds = bench.asked.time_limit_s
    found = relaxations(ground, bench.rules, places=_WHOLE, time_limit_s=seconds)
    eased = tuple((each.rule, each.needed, each.proven) for each in found
                  if each.needed > each.given)  # fmt: skip
    return NoPlanError("no_plan", eased=eased)


def _ground(bench: Bench) -> Ground:
    decay = bench.service.decay
    assert decay is not None, "a service judged on its supply has a decay"
    rule = alone(from_rule(decay), bench.service.measure).rules[""]
    return ground_of(bench.times, bench.demand, decay=rule.decay, counted=bench.counted)


def _objectives(bench: Bench) -> list[Objective]:
    per_100 = bench.service.per_100
    assert per_100 is not None, "plans on access are of services judged on supply"
    share = bench.asked.share
    return [objective_named(name, norm=per_100 / 100, share=share if name == "floor" else 1.0)
            for name in bench.asked.objectives]  # fmt: skip


def _on_trips(bench: Bench, rules: SiteRules, *, first: bool = False) -> Answer:
    """Choose sites on trips; those of the territory alone are counted."""
    asked = bench.asked
    plain = replace(rules, closable=frozenset())
    if asked.objective not in PLACED:
        plain = replace(plain, smallest=0.0, largest=float("inf"))
    people = bench.demand.where(bench.counted, 0.0)
    model = asked.objective
    if model == "cover" and plain.new is None and plain.budget is None:
        model = "lscp"
    seconds = asked.time_limit_s if first else _each_s(asked.time_limit_s, asked.new or 1)
    plan = _planned(model, bench, people, plain, seconds)
    if first and plan.status in ("infeasible", "undecided"):
        if plan.status == "undecided":
            raise SitingError("undecided", seconds=seconds)
        within = bench.within_min if model in ("lscp", "cover", "backup") else None
        eased = smallest_relaxation(
            _MODELS[model], bench.times, people, plain, within_min=within, first=asked.share,
            limit_s=seconds,
        )  # fmt: skip
        known = () if eased.change == "none" else ((eased.change, eased.value, eased.proven),)
        raise NoPlanError("no_plan", eased=known)
    return _of_trips(bench, model, plan)


def _planned(model: str, bench: Bench, people: pd.Series, rules: SiteRules, limit_s: float) -> Plan:
    given, within, beyond = (bench.times, people, rules), bench.within_min, bench.service.max_min
    match model:
        case "lscp":
            plan = lscp(*given, within_min=within, limit_s=limit_s)
        case "cover":
            plan = mclp(*given, within_min=within, limit_s=limit_s)
        case "median":
            plan = p_median(*given, beyond_min=beyond, limit_s=limit_s)
        case "backup":
            first = bench.asked.share
            plan = backup_coverage(*given, within_min=within, first=first, limit_s=limit_s)
        case "median_places":
            plan = capacitated_p_median(*given, beyond_min=beyond, limit_s=limit_s)
        case "cover_places":
            plan = capacitated_mclp(*given, within_min=within, limit_s=limit_s)
        case _:
            plan = p_centre(*given, limit_s=limit_s)
    return plan


def _of_trips(bench: Bench, model: str, plan: Plan) -> Answer:
    name = "fewest" if model == "lscp" else "center" if model == "floor" else model
    each = bench.asked.smallest if bench.service.judged_on_supply else np.nan
    total = float(bench.demand[bench.counted].sum())
    unit = total if model in ("median", "median_places") else 1.0  # told in minutes on average
    stage = Stage(name, plan.sense, plan.value / unit, plan.bound / unit, plan.status)
    size, resized = pd.Series(each, index=plan.sites), pd.Series(dtype=float)
    if plan.size is not None:
        size, resized = plan.size.reindex(plan.sites), plan.size.drop(plan.sites)
    return Answer(
        plan.sites, size, pd.Index([]), resized, _cost(bench, size, resized), (stage,), (), None,
        plan=plan,
    )  # fmt: skip


def _cost(bench: Bench, size: pd.Series, resized: pd.Series) -> float:
    """Return the euros of sites opened, and of places added where they are paid for."""
    opening, place, cost = bench.rules.cost_open, bench.rules.cost_place, 0.0
    if opening is not None:
        cost += float(opening.reindex(size.index).sum())
    if place is not None:
        added = pd.concat([size, resized - bench.standing.reindex(resized.index)])
        cost += float((added * place.reindex(added.index)).sum())
    return cost


def _each_s(seconds: float, questions: int) -> float:
    return max(_LEAST_S, _AGAIN * seconds / max(questions, 1))


def priced(bench: Bench, answer: Answer, sites: Sequence[str], *, without: bool) -> pd.DataFrame:
    """Ask again without each site of the plan, or with each site that somebody prefers.

    Returns
    -------
    DataFrame by site: instead (names of sites opened that the plan does not open), price (how
    much worse the first objective is, in its unit; NaN where no plan is found), status, then
    (the same of the objectives after it: name, price, whether proven)
    """
    if not sites:
        return pd.DataFrame({"instead": [], "price": [], "status": [], "then": []})
    seconds = _each_s(bench.asked.time_limit_s, len(sites))
    if answer.fair is not None and answer.question is not None:
        ask = next_best if without else price_of
        table = ask(answer.question, answer.fair, list(sites), time_limit_s=seconds)
        names = [[each for each in said.split(", ") if each] for said in table["instead"]]
        return pd.DataFrame({"instead": names, "price": table["price"].to_numpy(),
                             "status": table["status"].to_numpy(),
                             "then": table["then"].to_numpy()}, index=table.index)  # fmt: skip
    rows: dict[str, tuple[list[str], float, str, tuple[()]]] = {}
    first = answer.stages[0]
    sign = 1.0 if first.sense == "min" else -1.0
    for site in sites:
        other = _again(bench, site, without=without)
        if other is None:
            rows[site] = ([], np.nan, "infeasible", ())
            continue
        stage = other.stages[0]
        instead = [str(each) for each in other.opened if each not in answer.opened]
        rows[site] = (instead, sign * (stage.value - first.value), stage.status, ())
    columns = ["instead", "price", "status", "then"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns)


def _again(bench: Bench, site: str, *, without: bool) -> Answer | None:
    rules = bench.rules
    if without:
        rules = replace(rules, forced=rules.forced - {site}, forbidden=rules.forbidden | {site})
    else:
        rules = replace(rules, forced=rules.forced | {site})
    try:
        return _on_trips(bench, rules)
    except SitingError:
        return None


def cost_frontier(bench: Bench) -> Frontier:
    """Return the plans that no other betters in both cost and the first objective.

    Raises
    ------
    SitingError
        Without costs, or with a step that is not positive.
    """
    step = bench.asked.step
    if step is None:
        whole = bench.rules.budget
        opening = bench.rules.cost_open
        least = None if opening is None else float(opening[opening > 0].min())
        step = whole / 10 if whole is not None else least
    if step is None:
        raise SitingError("frontier_no_cost")
    return frontier(
        _ground(bench), bench.rules, _objectives(bench)[0], places=_WHOLE, step=step,
        time_limit_s=bench.asked.time_limit_s,
    )  # fmt: skip
