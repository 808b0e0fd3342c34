"""The days worth running at given prices, looked for among every run of every vehicle."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from ctg_geo.tours.problem import Column, Problem, Vehicle

__all__ = ["Prices", "best_columns", "near_columns", "spare_steps"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Prices:
    """What an hour at each stop brings, and what a visit, a day and an hour of a crew cost."""

    hour: Floats  # by candidate
    visit: Floats  # by candidate
    day: Floats  # by vehicle
    crew: Floats  # by vehicle, per hour


def spare_steps(problem: Problem, vehicle: Vehicle, road: Floats, stops: int) -> Ints:
    """Steps of hours that runs leave beyond the least of each stop."""
    spare = vehicle.longest_min - road - stops * (vehicle.stop_min + 60 * problem.least)
    return np.floor(spare / (60 * problem.step) + _ROUNDING).astype(np.int64)


def best_columns(
    problem: Problem, prices: Prices, *, of_each: int = 8
) -> tuple[list[Column], Floats]:
    """Return the weekly days that bring most, and by vehicle the most that one brings.

    For given prices the best hours of a run are found by giving the steps that are left to
    the dearest stops first.
    """
    found: list[Column] = []
    most = np.full(len(problem.vehicles), -np.inf)
    for number, vehicle in enumerate(problem.vehicles):
        for stops, road in vehicle.runs:
            if not len(stops):
                continue
            gain, steps = _priced(problem, prices, number, (stops, road))
            most[number] = max(most[number], float(gain.max()))
            order = np.lexsort((np.arange(len(gain)), -gain))[:of_each]
            found += [_column(problem, number, stops[at], road[at], steps[at]) for at in order
                      if gain[at] > _ROUNDING]  # fmt: skip
    return found, most


def _priced(
    problem: Problem, prices: Prices, number: int, run: tuple[Ints, Floats]
) -> tuple[Floats, Ints]:
    """Gain of each run at its best hours, and its steps beyond the least of each stop."""
    stops, road = run
    vehicle, size = problem.vehicles[number], stops.shape[1]
    per_hour = prices.hour[stops - 1] - prices.crew[number]
    most = round((problem.most - problem.least) / problem.step)
    left = spare_steps(problem, vehicle, road, size)
    order = np.argsort(-per_hour, axis=1, kind="stable")
    steps = np.zeros_like(stops)
    rows = np.arange(len(stops))
    for rank in range(size):
        at = order[:, rank]
        given = np.where(per_hour[rows, at] > 0, np.minimum(left, most), 0)
        steps[rows, at] = given
        left = left - given
    hours = problem.least + problem.step * steps
    fixed = (road + size * vehicle.stop_min) / 60 * prices.crew[number]
    gain = (hours * per_hour).sum(axis=1) - fixed - prices.visit[stops - 1].sum(axis=1)
    return gain - prices.day[number], steps


def _column(problem: Problem, number: int, stops: Ints, road: float, steps: Ints) -> Column:
    hours = tuple(float(problem.least + problem.step * each) for each in steps)
    fixed = len(stops) * problem.vehicles[number].stop_min
    minutes = float(road) + fixed + 60 * sum(hours)
    return Column(number, tuple(int(each) for each in stops), hours, 1.0, minutes, float(road))


def near_columns(
    problem: Problem, prices: Prices, slack: float, *, most: int
) -> tuple[list[Column], float]:
    """Return the days, at any frequency, that bring no less than ``-slack`` at these prices.

    Where they are more than `most`, those that bring most are returned, with the slack within
    which none is missing.
    """
    parts = list(_near(problem, prices, slack))
    gain = np.concatenate([each.gain for each in parts]) if parts else np.zeros(0)
    if len(gain) > most:
        order = np.argsort(-gain, kind="stable")
        slack = float(-gain[order[most]])
        chosen = np.sort(order[:most])
    else:
        chosen = np.arange(len(gain))
    ends = np.cumsum([0, *(len(each.gain) for each in parts)])
    found = []
    for each, start, end in zip(parts, ends, ends[1:], strict=False):
        some = chosen[(chosen >= start) & (chosen < end)] - start
        found += [
            replace(_column(problem, each.vehicle, each.stops[at], each.road[at], each.steps),
                    often=each.often)
            for at in some
        ]  # fmt: skip
    return found, slack


@dataclass(frozen=True, slots=True, eq=False)
class _Near:
    """Runs of one vehicle at the same hours and frequency, and what each brings."""

    vehicle: int
    stops: Ints
    road: Floats
    steps: Ints
    often: float
    gain: Floats


def _near(problem: Problem, prices: Prices, slack: float) -> Iterator[_Near]:
    most = round((problem.most - problem.least) / problem.step)
    for number, vehicle in enumerate(problem.vehicles):
        for stops, road in vehicle.runs:
            size = stops.shape[1]
            left = spare_steps(problem, vehicle, road, size)
            visit = prices.visit[stops - 1].sum(axis=1)
            for given in itertools.product(range(most + 1), repeat=size):
                steps = np.array(given, dtype=np.int64)
                hours = problem.least + problem.step * steps
                minutes = road + size * vehicle.stop_min + 60 * hours.sum()
                gain = prices.hour[stops - 1] @ hours - visit - prices.day[number]
                gain = gain - minutes / 60 * prices.crew[number]
                for often in problem.often:
                    at = (left >= steps.sum()) & (often * gain >= -slack)
                    yield _Near(number, stops[at], road[at], steps, often, often * gain[at])
