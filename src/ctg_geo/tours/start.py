"""A first plan by greed: the day that brings most, again and again, as long as means last."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from ctg_geo.tours.pricing import Prices, best_columns
from ctg_geo.tours.problem import Column, Problem, Vehicle

__all__ = ["greedy_plan"]

Floats = npt.NDArray[np.float64]


def greedy_plan(problem: Problem) -> list[Column]:
    """Return days that keep every rule, but for places to keep where greed misses them."""
    crowd, places = problem.crowd, problem.crowd.reached.shape[1]
    bounds = np.cumsum(problem.steps)
    hours, visits = np.zeros(len(crowd.people)), np.zeros(places)
    days = np.array([each.days for each in problem.vehicles], dtype=np.float64)
    weeks = np.array([each.week_min for each in problem.vehicles])
    most = 1.0 + float(crowd.people.sum())
    plan: list[Column] = []
    while True:
        step = np.searchsorted(bounds, hours, side="right")
        now = np.append(problem.worth, 0.0)[step]
        gain = (crowd.people * now) @ crowd.reached
        gain = gain + np.where(problem.keep & (visits == 0), most, 0.0)
        full = np.where(visits >= problem.most_visits, 1e6 * most, 0.0)
        left = [_left(each, days[at], weeks[at], 60 * problem.least)
                for at, each in enumerate(problem.vehicles)]  # fmt: skip
        rest = replace(problem, vehicles=left)
        nothing = np.zeros(len(left))
        found, _ = best_columns(rest, Prices(gain, full, nothing, nothing), of_each=1)
        if not found:
            return plan
        best = max(found, key=lambda each: (_brings(each, gain, full), -each.road, each.stops))
        at = np.array(best.stops) - 1
        plan.append(best)
        hours = hours + crowd.reached[:, at] @ np.array(best.hours)
        visits[at] += 1
        days[best.vehicle] -= 1
        weeks[best.vehicle] -= best.minutes


def _brings(column: Column, gain: Floats, full: Floats) -> float:
    at = np.array(column.stops) - 1
    return round(float((np.array(column.hours) * gain[at] - full[at]).sum()), 9)


def _left(vehicle: Vehicle, days: float, week_min: float, least_min: float) -> Vehicle:
    """Return the vehicle with the runs that what is left of its week allows."""
    longest = min(vehicle.longest_min, week_min) if days >= 1 else 0.0
    runs = []
    for stops, road in vehicle.runs:
        fits = road + stops.shape[1] * (vehicle.stop_min + least_min) <= longest
        runs.append((stops[fits], road[fits]))
    return replace(vehicle, longest_min=longest, runs=runs)
