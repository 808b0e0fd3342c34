"""A better tour as a programme: vehicles, the runs of their days, people alike put together."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ctg_geo.tours.order import Runs
from ctg_geo.tours.weeks import Roads, Visit, Week, best_week

__all__ = ["Crowd", "Plan", "Problem", "Vehicle", "crowd_of", "hours_of", "values_of"]

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_ROUNDING = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class Vehicle:
    """A vehicle: days a week, minutes of a day and of a week, and every run it can make.

    `stop_min` are spent at a stop whatever its hours (setting up, packing up). Places are
    numbered from 1, as in `runs`; 0 is the depot.
    """

    key: str
    days: int
    longest_min: float
    week_min: float
    stop_min: float
    minutes: Floats  # places × places, the depot first
    runs: Runs
    roads: Roads  # of the same runs

    @property
    def held(self) -> Ints:
        """The stops that some run holds."""
        every = [stops.ravel() for stops, _ in self.runs]
        return np.unique(np.concatenate([*every, np.zeros(0, dtype=np.int64)]))

    def week(self, visits: Sequence[Visit]) -> Week | None:
        """Return the best week of some visits, or None where none keeps days and hours."""
        there = sum(each.often * (self.stop_min + 60 * each.hours) for each in visits)
        if there > self.week_min:
            return None
        made = self.days_of(visits)
        if made is None or made.road + there > self.week_min + _ROUNDING:
            return None
        return made

    def days_of(self, visits: Sequence[Visit]) -> Week | None:
        """Return the best days of some visits, whatever they make of the week's hours."""
        return best_week(
            self.roads, visits, days=self.days, stop_min=self.stop_min,
            longest_min=self.longest_min,
        )  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Crowd:
    """People to serve, those alike put together: whom the same candidates reach, in one group."""

    people: Floats  # by class
    group: Ints  # by class
    groups: int
    reached: Bools  # classes × candidates


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """What is to be chosen, and under which rules.

    `steps` are the hours of each step of worth, `worth` what an hour in it is worth. A stop
    lasts `least` hours and up to `levels` - 1 more steps of `step` hours. `keep` is by
    candidate. `often` are the frequencies of a day: 1 each week, 0.5 every other week. A place
    is visited by one vehicle at one frequency.
    """

    vehicles: Sequence[Vehicle]
    crowd: Crowd
    steps: Floats
    worth: Floats
    least: float
    step: float
    levels: int
    keep: Bools
    often: tuple[float, ...]


Plan = tuple[tuple[Visit, ...], ...]
"""The visits of each vehicle."""


def crowd_of(people: Floats, group: Ints, reached: Bools, groups: int) -> Crowd:
    """Put together the people whom the same candidates reach, in the same group.

    People whom no candidate reaches stay, for the mean of their group.
    """
    rows: dict[tuple[int, bytes], int] = {}
    of = np.zeros(len(people), dtype=np.int64)
    first: list[int] = []
    packed = np.packbits(reached, axis=1)
    for home in range(len(people)):
        key = (int(group[home]), packed[home].tobytes())
        if key not in rows:
            rows[key] = len(first)
            first.append(home)
        of[home] = rows[key]
    sums = np.bincount(of, people, len(first)).astype(np.float64)
    return Crowd(sums, group[first], groups, reached[first])


def hours_of(problem: Problem, plan: Plan) -> Floats:
    """Weekly hours within reach of each class."""
    hours = np.zeros(len(problem.crowd.people))
    for visits in plan:
        for each in visits:
            hours += problem.crowd.reached[:, each.stop - 1] * (each.often * each.hours)
    return hours


def values_of(problem: Problem, hours: Floats) -> tuple[Floats, Floats]:
    """Return the worth of weekly hours, and the mean worth of the group that has least.

    Parameters
    ----------
    hours : plans × classes, within reach
    """
    crowd = problem.crowd
    start = np.cumsum(problem.steps) - problem.steps
    worth = sum(
        each * np.clip(hours - begin, 0.0, length)
        for each, begin, length in zip(problem.worth, start, problem.steps, strict=True)
    ) * crowd.people  # fmt: skip
    whom = np.bincount(crowd.group, crowd.people, crowd.groups)
    means = [
        worth[:, crowd.group == group].sum(axis=1) / whom[group]
        for group in np.flatnonzero(whom > 0)
    ]
    least = np.minimum.reduce(means) if means else np.full(len(hours), np.inf)
    return np.asarray(worth.sum(axis=1)), np.asarray(least)
