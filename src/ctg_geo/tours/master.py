"""Which stops, by which vehicle, for how long: a programme that knows the road by cuts only."""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array

from ctg_geo.tours.problem import Plan, Problem, hours_of
from ctg_geo.tours.weeks import Visit

if TYPE_CHECKING:
    import highspy

__all__ = ["Aim", "Answer", "Master"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_INF: Final = float("inf")
_HALF: Final = 0.5


@dataclass(frozen=True, slots=True)
class Aim:
    """What is sought: worth in all, or that of the group that has least; and a floor to keep."""

    what: Literal["worth", "floor"]
    least_floor: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """What the programme says: a bound on every plan, and visits (in part, when linear)."""

    bound: float
    visited: Floats  # vehicles × frequencies × places, 0-1
    road: Floats  # by vehicle, minutes a week that it reckons with
    plan: Plan | None  # in whole visits, if one was found
    nodes: int = 0


class Master:
    """The programme. Choices are `u[v, f, s, j]`: vehicle, frequency, place, level of hours.

    Level 0 is a visit of the least hours, each further level one more step; a level needs the
    one before. The road of a vehicle is a variable under the cuts that `add` takes, so the
    value is a bound on every plan.
    """

    def __init__(self, problem: Problem, aim: Aim) -> None:
        import highspy  # noqa: PLC0415  (heavy)

        self._problem = problem
        classes, places = problem.crowd.reached.shape
        self._shape = (len(problem.vehicles), len(problem.often), places, problem.levels)
        self._hours: int = classes * len(problem.steps)  # columns of hours in steps of worth
        self._floor: int = math.prod(self._shape) + self._hours
        self._road: int = self._floor + 1
        self._columns: int = self._road + len(problem.vehicles)
        self._solver = highspy.Highs()
        for name, value in {
            "output_flag": False, "threads": 1, "random_seed": 0, "mip_rel_gap": 0.0,
            "mip_abs_gap": 1e-7, "mip_feasibility_tolerance": 1e-9,
        }.items():  # fmt: skip
            self._solver.setOptionValue(name, value)
        self._solver.passModel(_programme(self, problem, aim))
        self._optimal = highspy.HighsModelStatus.kOptimal
        self._infeasible = highspy.HighsModelStatus.kInfeasible
        self._kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        self._solution = highspy.HighsSolution

    @property
    def columns(self) -> int:
        """How many columns there are."""
        return self._columns

    @property
    def road(self) -> int:
        """The column of the road of the first vehicle."""
        return self._road

    @property
    def floor(self) -> int:
        """The column of the floor."""
        return self._floor

    def choice(self, vehicle: int, often: int, place: int, level: int) -> int:
        """Return the column of a choice."""
        return int(np.ravel_multi_index((vehicle, often, place, level), self._shape))

    def level(self, each: Visit) -> int:
        """Return the level of hours of a visit."""
        return round((each.hours - self._problem.least) / self._problem.step)

    def add(self, columns: list[int], values: list[float], *, least: float) -> None:
        """Add a condition: the sum of columns times values is no less than `least`."""
        at = np.array(columns, dtype=np.int32)
        self._solver.addRow(least, _INF, len(at), at, np.array(values, dtype=np.float64))

    def linear(self) -> Answer | None:
        """Solve with visits in part; None where no plan keeps the rules."""
        return self._solved(whole=False)

    def whole(self, *, nodes: int, seconds: float, start: Plan | None) -> Answer | None:
        """Solve in whole visits, from a plan; None where no plan keeps the rules."""
        self._solver.setOptionValue("mip_max_nodes", nodes)
        self._solver.setOptionValue("time_limit", max(seconds, 0.1))
        return self._solved(whole=True, start=start)

    def _solved(self, *, whole: bool, start: Plan | None = None) -> Answer | None:
        count = math.prod(self._shape)
        kinds = np.full(count, self._kinds[whole])
        self._solver.changeColsIntegrality(count, np.arange(count, dtype=np.int32), kinds)
        if start is not None:
            given = self._solution()
            given.col_value = list(self._start(start))
            self._solver.setSolution(given)
        self._solver.run()
        status, info = self._solver.getModelStatus(), self._solver.getInfo()
        if status == self._infeasible:
            return None
        told = info.mip_dual_bound if whole else info.objective_function_value
        if not whole:
            assert status == self._optimal, "a linear programme within bounds has an optimum"
        found = np.array(self._solver.getSolution().col_value)
        there = info.primal_solution_status == 2 and len(found) > 0  # noqa: PLR2004  (feasible)
        bound = -float(told) if np.isfinite(told) else _INF
        if not there:
            nothing = np.zeros(self._shape[:3])
            return Answer(bound, nothing, np.zeros(self._shape[0]), None)
        choices = found[:count].reshape(self._shape)
        plan = self._plan(choices) if whole else None
        return Answer(bound, choices[:, :, :, 0], found[self._road :], plan,
                      max(int(info.mip_node_count), 0))  # fmt: skip

    def _plan(self, choices: Floats) -> Plan:
        problem = self._problem
        levels = (choices > _HALF).sum(axis=3)
        return tuple(
            tuple(
                Visit(int(place) + 1, problem.often[often],
                      problem.least + problem.step * int(levels[vehicle, often, place] - 1))
                for often, place in np.argwhere(levels[vehicle] > 0)
            )
            for vehicle in range(self._shape[0])
        )  # fmt: skip

    def _start(self, plan: Plan) -> Floats:
        """Return a solution of the programme for a plan, with its own road."""
        problem = self._problem
        value = np.zeros(self._columns)
        for vehicle, visits in enumerate(plan):
            for each in visits:
                often = problem.often.index(each.often)
                for level in range(self.level(each) + 1):
                    value[self.choice(vehicle, often, each.stop - 1, level)] = 1.0
            week = problem.vehicles[vehicle].week(visits)
            value[self._road + vehicle] = 0.0 if week is None else week.road
        hours = hours_of(problem, plan)
        begin = np.cumsum(problem.steps) - problem.steps
        parts = np.clip(hours[:, None] - begin[None, :], 0.0, problem.steps)
        value[self._floor - self._hours : self._floor] = parts.ravel()
        return value


class _Rows:
    """Rows of a programme, one after the other."""

    def __init__(self) -> None:
        self.at: list[Ints] = []
        self.columns: list[Ints] = []
        self.values: list[Floats] = []
        self.low: list[float] = []
        self.high: list[float] = []

    def add(self, columns: Ints, values: Floats, low: float, high: float) -> None:
        self.at.append(np.full(len(columns), len(self.low)))
        self.columns.append(columns)
        self.values.append(values)
        self.low.append(low)
        self.high.append(high)


def _programme(master: Master, problem: Problem, aim: Aim) -> "highspy.HighsLp":
    """Return the programme: what to choose, what people then get, and the road of each vehicle."""
    shape = (len(problem.vehicles), len(problem.often), len(problem.keep), problem.levels)
    choices = np.arange(math.prod(shape)).reshape(shape)
    often = np.array(problem.often)[None, :, None, None]
    added = np.array([problem.least, *[problem.step] * (problem.levels - 1)])
    hours = np.broadcast_to(often * added, shape)
    rows = _Rows()
    _hours_met(rows, problem, choices, hours)
    _choices_once(rows, problem, choices)
    _weeks_hold(rows, master, problem, choices, hours)
    gain = (problem.crowd.people[:, None] * problem.worth[None, :]).ravel()
    _floors(rows, master, problem, aim, gain)
    cost = np.zeros(master.columns)
    if aim.what == "worth":
        cost[choices.size : master.floor] = -gain
    else:
        cost[master.floor] = -1.0
    return _assembled(rows, cost, _upper(master, problem, choices))


def _hours_met(rows: _Rows, problem: Problem, choices: Ints, hours: Floats) -> None:
    """Say that people have no more hours than the stops chosen within their reach give."""
    crowd, steps, first = problem.crowd, len(problem.steps), choices.size
    for each in range(len(crowd.people)):
        met = choices[:, :, crowd.reached[each]].ravel()
        own = first + each * steps + np.arange(steps)
        rows.add(np.r_[own, met], np.r_[np.ones(steps), -hours.ravel()[met]], -_INF, 0.0)


def _choices_once(rows: _Rows, problem: Problem, choices: Ints) -> None:
    """Say that a place is served once at the most, those kept once; and no level skips one."""
    for place in range(choices.shape[2]):
        met = choices[:, :, place, 0].ravel()
        rows.add(met, np.ones(len(met)), float(problem.keep[place]), 1.0)
    if problem.levels > 1:
        for more, before in zip(choices[..., 1:].ravel(), choices[..., :-1].ravel(), strict=True):
            rows.add(np.array([more, before]), np.array([1.0, -1.0]), -_INF, 0.0)


def _weeks_hold(
    rows: _Rows, master: Master, problem: Problem, choices: Ints, hours: Floats
) -> None:
    """Say that the week of each vehicle holds its hours, its stops and its road."""
    often = np.array(problem.often)[:, None, None]
    for number, vehicle in enumerate(problem.vehicles):
        met = choices[number].ravel()
        spent = 60 * hours[number] + often * np.r_[vehicle.stop_min, [0.0] * (choices.shape[3] - 1)]
        most = min(vehicle.week_min, vehicle.days * vehicle.longest_min)
        rows.add(np.r_[met, master.road + number], np.r_[spent.ravel(), 1.0], -_INF, most)
        held = max((stops.shape[1] for stops, _ in vehicle.runs if len(stops)), default=0)
        visits = choices[number, :, :, 0]
        counted = np.broadcast_to(often[:, :, 0], visits.shape)
        rows.add(visits.ravel(), counted.ravel(), -_INF, float(vehicle.days * held))


def _floors(rows: _Rows, master: Master, problem: Problem, aim: Aim, gain: Floats) -> None:
    """Say that each group has on average its floor: the one sought, or the least asked."""
    crowd, steps = problem.crowd, len(problem.steps)
    first = master.floor - len(gain)
    whom = np.bincount(crowd.group, crowd.people, crowd.groups)
    for group in np.flatnonzero(whom > 0):
        own = np.flatnonzero(np.repeat(crowd.group == group, steps))
        least = 0.0 if aim.least_floor is None else aim.least_floor
        part = -whom[group] if aim.what == "floor" else 0.0
        rows.add(np.r_[first + own, master.floor], np.r_[gain[own], part],
                 0.0 if aim.what == "floor" else least * whom[group], _INF)  # fmt: skip


def _upper(master: Master, problem: Problem, choices: Ints) -> Floats:
    """Return the upper bound of each column; a stop that a vehicle cannot make is none."""
    first = choices.size
    upper = np.full(master.columns, _INF)
    upper[:first] = 1.0
    for number, vehicle in enumerate(problem.vehicles):
        lost = ~np.isin(np.arange(choices.shape[2]) + 1, vehicle.held)
        upper[choices[number][:, lost].ravel()] = 0.0
    upper[first : master.floor] = np.tile(problem.steps, len(problem.crowd.people))
    return upper


def _assembled(rows: _Rows, cost: Floats, upper: Floats) -> "highspy.HighsLp":
    import highspy  # noqa: PLC0415  (heavy)

    matrix = coo_array(
        (np.concatenate(rows.values), (np.concatenate(rows.at), np.concatenate(rows.columns))),
        shape=(len(rows.low), len(cost)),
    ).tocsr()
    made = highspy.HighsLp()
    made.num_col_, made.num_row_ = len(cost), len(rows.low)
    made.col_cost_, made.col_lower_, made.col_upper_ = cost, np.zeros(len(cost)), upper
    made.row_lower_, made.row_upper_ = np.array(rows.low), np.array(rows.high)
    made.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    made.a_matrix_.start_ = matrix.indptr
    made.a_matrix_.index_ = matrix.indices
    made.a_matrix_.value_ = matrix.data
    return made
