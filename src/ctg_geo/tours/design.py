"""A better tour with given means: where to stop, on which days, for how long, and how sure."""

import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from ctg_geo.errors import TourError
from ctg_geo.parameters import Itinerant, Tour, TourDay, TourStop
from ctg_geo.tours.arrange import day_name
from ctg_geo.tours.evaluate import evaluate
from ctg_geo.tours.evaluation import Evaluation
from ctg_geo.tours.ground import Ground, driving_minutes
from ctg_geo.tours.master import Aim
from ctg_geo.tours.order import best_order, day_runs
from ctg_geo.tours.problem import Plan, Problem, Vehicle, crowd_of, hours_of, values_of
from ctg_geo.tours.search import Found, Infeasible, found_best
from ctg_geo.tours.weeks import roads_of

__all__ = ["Design", "Means", "Objective", "design", "same_means"]

Objective = Literal["cover", "floor"]

_CLOSE: Final = 1e-6  # by which two ways of counting the same worth may differ, relatively
_PROVEN: Final = 1e-6

EVERY: Final[dict[float, Literal[1, 2, 4]]] = {1.0: 1, 0.5: 2, 0.25: 4}
"""Weeks from one time to the next, by how often a week a day is."""


@dataclass(frozen=True, slots=True)
class Means:
    """What a vehicle may spend: days a week, and hours a week of each of its crew."""

    days: int
    week_hours: float


@dataclass(frozen=True, slots=True, eq=False)
class Design:
    """Tours chosen, and how good they are.

    `value` is the worth of hours within reach over the people to serve (`cover`), or the mean
    worth per person of the group that has least (`floor`). No plan under the same rules can
    pass `bound`. `told_apart` is false where the floor is 0 for every plan: the objective then
    says nothing, and the tours are the best for `cover`. `hurried` is whether the time given
    ended the search: a faster machine might then find another plan.
    """

    objective: Objective
    tours: dict[str, Tour]
    evaluation: Evaluation
    value: float
    bound: float
    told_apart: bool
    hurried: bool

    @property
    def gap(self) -> float:
        """By how much the best plan could pass this one, as a share of its value."""
        return max(self.bound - self.value, 0.0) / self.value if self.value > 0 else 0.0

    @property
    def proven(self) -> bool:
        """Whether no plan is better."""
        return self.gap <= _PROVEN


def same_means(evaluation: Evaluation, tours: Mapping[str, Tour]) -> dict[str, Means]:
    """Return what tours spend today, for a comparison with the same hours and days.

    Parameters
    ----------
    evaluation : of the tours as they run
    tours : by key
    """
    spent = evaluation.totals.to_dict("index")
    return {
        key: Means(math.ceil(spent[key]["days"] - _CLOSE), float(spent[key]["duty_hours"]))
        for key in tours
    }


def design(
    tours: Mapping[str, Tour],
    ground: Ground,
    rules: Itinerant,
    *,
    candidates: Sequence[str],
    means: Mapping[str, Means],
    objective: Objective,
    reference_hours: float,
    time_limit_s: float,
) -> Design:
    """Choose stops, days and hours for the vehicles of tours.

    Parameters
    ----------
    tours : whose vehicles, depots and crews are used; their stops are not looked at
    candidates : places where a tour may stop, those to keep among them
    means : by tour
    objective : `cover`, the worth of hours within reach, each further hour worth no more than
        the last; `floor`, the mean worth of the group that has least, then `cover`. Of equal
        plans, the one that drives least.
    time_limit_s : after which the best plan known is returned, with its bound
    reference_hours : weekly hours of a place that counts whole

    Returns
    -------
    Design
        Re-run over the roads by `evaluate`, which knows nothing of the search.

    Raises
    ------
    TourError
        If places to keep cannot be served, there is no candidate left, or the plan does not
        come to what the search says: nothing is then returned.
    """
    deadline = time.monotonic() + time_limit_s
    places = _useful(ground, rules, candidates)
    problem = _problem(tours, ground, rules, places, means)
    _check_keep(problem, places, ground)
    try:
        found, floor, bound, hurried = _best(problem, objective, deadline)
    except Infeasible as error:
        keep = [ground.sites.at[each, "nom"] for each in rules.design.keep]
        raise TourError("infeasible", places=keep) from error
    made = _tours(problem, found.plan, tours, places, rules)
    result = evaluate(made, ground, rules, reference_hours=reference_hours)
    apart = objective == "cover" or floor > _CLOSE
    value = found.value if objective == "cover" or not apart else floor
    plan = Design(objective, made, result, value, bound if apart else found.bound, apart,
                  hurried)  # fmt: skip
    _check(plan, found, floor, means)
    return plan


def _useful(ground: Ground, rules: Itinerant, candidates: Sequence[str]) -> list[str]:
    """Keep the candidates that reach somebody to serve, and those to keep; in order of code."""
    asked = [*candidates, *rules.design.keep]
    unknown = sorted(set(asked) - set(ground.sites.index))
    if unknown:
        raise TourError("unknown_places", places=unknown)
    allowed = sorted(set(asked) - set(rules.design.avoid))
    reached = _reached(ground, rules, allowed)
    serve = (ground.to_serve & (ground.people > 0)).to_numpy(bool)
    useful = np.atleast_1d(reached[serve].any(axis=0))
    kept = [place for place, use in zip(allowed, useful, strict=True)
            if use or place in rules.design.keep]  # fmt: skip
    if not kept:
        raise TourError("no_candidate", count=len(asked))
    return kept


def _reached(ground: Ground, rules: Itinerant, places: Sequence[str]) -> np.ndarray:
    """Return homes × places, whether a place is within reach by one mode at least."""
    at = ground.sites.index.get_indexer(list(places))
    reached = np.zeros((len(ground.people), len(ground.sites)), dtype=bool)
    for profile, limit in rules.reach_min.items():
        near = ground.times[profile].within(limit)
        reached[near.rows, near.to] = True
    return reached[:, at]


def _problem(
    tours: Mapping[str, Tour],
    ground: Ground,
    rules: Itinerant,
    places: Sequence[str],
    means: Mapping[str, Means],
) -> Problem:
    asked = rules.design
    vehicles = [_vehicle(key, tour, ground, places, means[key], rules)
                for key, tour in tours.items()]  # fmt: skip
    serve = (ground.to_serve & (ground.people > 0)).to_numpy(bool)
    names, number = np.unique(ground.group[serve].astype(str), return_inverse=True)
    crowd = crowd_of(
        ground.people[serve].to_numpy(np.float64), number.astype(np.int64),
        _reached(ground, rules, places)[serve], len(names),
    )  # fmt: skip
    bounds = np.array([0.0, *(each.up_to_hours for each in rules.worth)])
    levels = 1 + int((asked.most_hours - asked.least_hours) / asked.step_hours + _CLOSE)
    return Problem(
        vehicles, crowd, np.diff(bounds), np.array([each.worth for each in rules.worth]),
        asked.least_hours, asked.step_hours, levels,
        np.isin(places, asked.keep), tuple(sorted({1 / each for each in asked.every_weeks})),
    )  # fmt: skip


def _vehicle(
    key: str, tour: Tour, ground: Ground, places: Sequence[str], means: Means, rules: Itinerant
) -> Vehicle:
    order = [tour.depot, *places]
    minutes = driving_minutes(ground, tour.profile, order).loc[order, order].to_numpy(np.float64)
    stop_min = tour.setting_up_min + tour.packing_up_min
    often = max(rules.design.every_weeks)
    longest = min(60 * tour.longest_day_hours, 60 * means.week_hours * often)
    runs = day_runs(
        minutes, per_stop_min=stop_min + 60 * rules.design.least_hours, longest_min=longest,
        most_stops=rules.design.most_stops_a_day,
    )  # fmt: skip
    return Vehicle(key, means.days, longest, 60 * means.week_hours, stop_min, minutes, runs,
                   roads_of(runs))  # fmt: skip


def _check_keep(problem: Problem, places: Sequence[str], ground: Ground) -> None:
    """Check that each place to keep is within a day of some vehicle."""
    held = {int(stop) for each in problem.vehicles for stop in each.held}
    lost = [places[int(at)] for at in np.flatnonzero(problem.keep) if int(at) + 1 not in held]
    if lost:
        raise TourError("keep_too_far", places=[ground.sites.at[each, "nom"] for each in lost])


def _best(
    problem: Problem, objective: Objective, deadline: float
) -> tuple[Found, float, float, bool]:
    """Return the plan, its floor, the bound of the objective, and whether time ended it."""
    nothing: Plan = ((),) * len(problem.vehicles)
    if objective == "cover":
        found = found_best(problem, nothing, Aim("worth"), deadline=deadline)
        return found, 0.0, found.bound, found.hurried
    half = time.monotonic() + 0.6 * (deadline - time.monotonic())
    first = found_best(problem, nothing, Aim("floor"), deadline=half)
    aim = Aim("worth", least_floor=first.value * (1 - 1e-9))
    found = found_best(problem, first.plan, aim, deadline=deadline)
    floor = float(values_of(problem, hours_of(problem, found.plan)[None, :])[1][0])
    return found, floor, max(first.bound, floor), first.hurried or found.hurried


def _tours(
    problem: Problem,
    plan: Plan,
    tours: Mapping[str, Tour],
    places: Sequence[str],
    rules: Itinerant,
) -> dict[str, Tour]:
    """Write a plan as tours: the days that drive least, stops in the order of the round."""
    made = {}
    for vehicle, visits, (key, tour) in zip(problem.vehicles, plan, tours.items(), strict=True):
        week = vehicle.week(visits)
        assert week is not None, "the search keeps to weeks that hold"
        days = tuple(
            TourDay(
                name=day_name(number), every_weeks=EVERY[often],
                stops=tuple(
                    TourStop(place=places[stop - 1], hours=hours[stop])
                    for hours in [{each.stop: each.hours for each in some}]
                    for stop in best_order(vehicle.minutes, list(hours))
                ),
            )
            for number, (often, some) in enumerate(week.days, start=1)
        )  # fmt: skip
        if days:
            told = {"days": days, "stops": (), "hours_each": None, "source": rules.source}
            made[key] = tour.model_copy(update=told)
    return made


def _check(plan: Design, found: Found, floor: float, means: Mapping[str, Means]) -> None:
    """Check that the plan, run over the roads, comes to what the search says.

    Raises
    ------
    TourError
        Naming what differs.
    """
    told, run = [found.value], [plan.evaluation.worth]
    if plan.objective == "floor" and plan.told_apart:
        told, run = [*told, floor], [*run, plan.evaluation.floor]
    for said, counted in zip(told, run, strict=True):
        if abs(said - counted) > _CLOSE * max(1.0, abs(said)):
            raise TourError("mismatch", said=said, counted=counted)
    if plan.evaluation.problems:
        first = plan.evaluation.problems[0]
        raise TourError("mismatch_day", tour=first.tour, why=first.reason)
    for key in plan.tours:
        spent = plan.evaluation.totals.to_dict("index")[key]
        over = spent["duty_hours"] - means[key].week_hours
        if over > _CLOSE * 100 or spent["days"] > means[key].days + _CLOSE:
            raise TourError("mismatch_means", tour=key, hours=float(spent["duty_hours"]))
