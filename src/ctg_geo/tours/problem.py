"""A better tour as a programme: vehicles, days they can run, people alike put together."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ctg_geo.tours.order import Runs

__all__ = ["Column", "Crowd", "Problem", "Vehicle", "crowd_of"]

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Vehicle:
    """A vehicle: days a week, minutes of a day and of a week, and every run it can make.

    Minutes of a stop are spent whatever its hours (setting up, packing up). Places are numbered
    from 1, as in `runs`; 0 is the depot.
    """

    key: str
    days: int
    longest_min: float
    week_min: float
    stop_min: float
    minutes: Floats  # places × places, the depot first
    runs: Runs


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

    `bounds` (hours) and `worth` are those of each step of hours within reach. `grid` are the
    hours that a stop may last, in steps of `step`. `keep` and `candidates` are by candidate.
    `often` are the frequencies of a day: 1 each week, 0.5 every other week.
    """

    vehicles: Sequence[Vehicle]
    crowd: Crowd
    steps: Floats  # length in hours of each step of worth
    worth: Floats
    least: float
    most: float
    step: float
    most_visits: int
    keep: Bools
    often: tuple[float, ...]


@dataclass(frozen=True, slots=True, order=True)
class Column:
    """A day that a vehicle may run: stops (from 1) with hours, so often, taking so long."""

    vehicle: int
    stops: tuple[int, ...]
    hours: tuple[float, ...]
    often: float
    minutes: float  # from leaving the depot to coming back
    road: float


def crowd_of(people: Floats, group: Ints, reached: Bools, groups: int) -> Crowd:
    """Put together the people whom the same candidates reach, in the same group.

    People whom no candidate reaches stay, for the mean of their group.
    """
    rows: dict[tuple[int, bytes], int] = {}
    of = np.zeros(len(people), dtype=np.int64)
    packed = np.packbits(reached, axis=1)
    for home in range(len(people)):
        key = (int(group[home]), packed[home].tobytes())
        of[home] = rows.setdefault(key, len(rows))
    first = np.zeros(len(rows), dtype=np.int64)
    first[of[::-1]] = np.arange(len(people))[::-1]
    sums = np.bincount(of, people, len(rows)) if len(people) else np.zeros(0)
    return Crowd(sums, group[first], groups, reached[first])
