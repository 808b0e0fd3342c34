"""The programme that chooses among days: linear for prices and a bound, in whole days for a plan.

The bound is told in the programme's own unit, maximised: worth of hours within reach (times
people), the mean worth of the group that has least, or minutes driven (minimised).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import numpy.typing as npt
from scipy.sparse import csc_array

from ctg_geo.tours.pricing import Prices
from ctg_geo.tours.problem import Column, Problem

__all__ = ["Answer", "Aim", "solve_parts", "solve_whole"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_INF: Final = float("inf")
_WHOLE: Final = 1e-6
_PENALTY: Final = 1e3  # of a kept place that is not served, times all that can be gained


@dataclass(frozen=True, slots=True)
class Aim:
    """What is sought, and what must be kept of what was found before."""

    what: Literal["worth", "floor", "minutes"]
    least_floor: float | None = None
    least_worth: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """How often each column runs, what it brings, the bound on it, and prices of the linear one."""

    value: float
    bound: float
    optimal: bool
    times: Floats  # by column
    missing: float  # of places to keep that are not served
    prices: Prices | None = None


@dataclass(frozen=True, slots=True, eq=False)
class _Shape:
    """Where rows and columns of the programme stand.

    Columns: hours of each class in each step of worth, the floor, what is missing of places to
    keep, then days. Rows: classes, days of vehicles, hours of crews, visits, groups, worth.
    """

    classes: int
    steps: int
    vehicles: int
    places: int
    groups: int

    @property
    def floor(self) -> int:
        return self.classes * self.steps

    @property
    def fixed(self) -> int:
        return self.floor + 1 + self.places

    @property
    def day(self) -> int:
        return self.classes

    @property
    def crew(self) -> int:
        return self.day + self.vehicles

    @property
    def visit(self) -> int:
        return self.crew + self.vehicles

    @property
    def group(self) -> int:
        return self.visit + self.places

    @property
    def worth(self) -> int:
        return self.group + self.groups

    @property
    def rows(self) -> int:
        return self.worth + 1


def solve_parts(problem: Problem, columns: Sequence[Column], aim: Aim) -> Answer:
    """Solve with days in part, for the prices at which others are looked for."""
    solver = _solved(problem, columns, aim, whole=False, time_limit_s=None, start=None)
    shape, dual = _shape(problem), np.array(solver.getSolution().row_dual)
    per_place = -dual[: shape.classes] @ problem.crowd.reached
    prices = Prices(
        np.asarray(per_place, dtype=np.float64), -dual[shape.visit : shape.group],
        -dual[shape.day : shape.crew], -dual[shape.crew : shape.visit],
    )  # fmt: skip
    return _answer(problem, columns, solver, prices=prices)


def solve_whole(
    problem: Problem,
    columns: Sequence[Column],
    aim: Aim,
    *,
    time_limit_s: float,
    start: Floats | None = None,
) -> Answer:
    """Solve in whole days, from a plan if one is known; the bound is that over these columns."""
    solver = _solved(problem, columns, aim, whole=True, time_limit_s=time_limit_s, start=start)
    return _answer(problem, columns, solver)


def _shape(problem: Problem) -> _Shape:
    classes, places = problem.crowd.reached.shape
    return _Shape(classes, len(problem.steps), len(problem.vehicles), places,
                  problem.crowd.groups)  # fmt: skip


def _solved(problem, columns, aim, *, whole, time_limit_s, start):  # type: ignore[no-untyped-def]
    import highspy  # noqa: PLC0415  (heavy)

    shape = _shape(problem)
    matrix = _matrix(problem, columns, shape)
    count = matrix.shape[1]
    lower, upper = np.zeros(count), np.full(count, _INF)
    upper[: shape.floor] = np.tile(problem.steps, shape.classes)
    often = np.array([each.often for each in columns])
    days = np.array([problem.vehicles[each.vehicle].days for each in columns], dtype=np.float64)
    upper[shape.fixed :] = np.floor(days / often + _WHOLE) if len(columns) else 0.0
    program = highspy.HighsLp()
    program.num_col_, program.num_row_ = count, shape.rows
    program.col_cost_ = _cost(problem, columns, aim, shape)
    program.col_lower_, program.col_upper_ = lower, upper
    program.row_lower_, program.row_upper_ = _bounds(problem, aim, shape)
    program.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    program.a_matrix_.start_ = matrix.indptr
    program.a_matrix_.index_ = matrix.indices
    program.a_matrix_.value_ = matrix.data
    if whole:
        kinds = [highspy.HighsVarType.kContinuous] * shape.fixed
        program.integrality_ = kinds + [highspy.HighsVarType.kInteger] * len(columns)
    solver = highspy.Highs()
    options = {"output_flag": False, "threads": 1, "random_seed": 0, "mip_rel_gap": 0.0,
               "mip_abs_gap": 1e-9, "mip_feasibility_tolerance": 1e-9}  # fmt: skip
    if time_limit_s is not None:
        options["time_limit"] = max(time_limit_s, 0.1)
    for name, value in options.items():
        solver.setOptionValue(name, value)
    solver.passModel(program)
    if start is not None:
        given = highspy.HighsSolution()
        given.col_value = list(_start(problem, columns, shape, start))
        solver.setSolution(given)
    solver.run()
    return solver


def _matrix(problem: Problem, columns: Sequence[Column], shape: _Shape) -> csc_array:
    """Build the matrix, column after column."""
    crowd = problem.crowd
    rows: list[Ints] = []
    values: list[Floats] = []
    for each in range(shape.classes):
        for step in range(shape.steps):
            gain = crowd.people[each] * problem.worth[step]
            rows.append(np.array([each, shape.group + int(crowd.group[each]), shape.worth]))
            values.append(np.array([1.0, -gain, gain]))
    whom = np.bincount(crowd.group, crowd.people, shape.groups)
    counted = np.flatnonzero(whom > 0)
    rows.append(shape.group + counted)
    values.append(whom[counted])
    for place in range(shape.places):
        rows.append(np.array([shape.visit + place]))
        values.append(np.array([1.0]))
    for column in columns:
        at = np.array(column.stops) - 1
        hours = crowd.reached[:, at].astype(np.float64) @ np.array(column.hours) * column.often
        met = np.flatnonzero(hours)
        rows.append(np.concatenate([met, [shape.day + column.vehicle, shape.crew + column.vehicle],
                                    shape.visit + at]))  # fmt: skip
        values.append(
            np.concatenate([-hours[met], [column.often, column.often * column.minutes / 60],
                            np.full(len(at), column.often)])
        )  # fmt: skip
    start = np.concatenate([[0], np.cumsum([len(each) for each in rows])])
    return csc_array(
        (np.concatenate(values), np.concatenate(rows).astype(np.int32), start.astype(np.int32)),
        shape=(shape.rows, len(rows)),
    )


def _cost(problem: Problem, columns: Sequence[Column], aim: Aim, shape: _Shape) -> Floats:
    """Return what each column costs: gains count less than nothing, as the programme minimises."""
    cost = np.zeros(shape.fixed + len(columns))
    gain = np.repeat(problem.crowd.people, shape.steps) * np.tile(problem.worth, shape.classes)
    most = 1.0 + float((gain * np.tile(problem.steps, shape.classes)).sum())
    if aim.what == "worth":
        cost[: shape.floor] = -gain
    elif aim.what == "floor":
        cost[shape.floor] = -1.0
    else:
        cost[shape.fixed :] = [each.often * each.road for each in columns]
    cost[shape.floor + 1 : shape.fixed] = _PENALTY * most
    return cost


def _bounds(problem: Problem, aim: Aim, shape: _Shape) -> tuple[Floats, Floats]:
    low, high = np.full(shape.rows, -_INF), np.zeros(shape.rows)
    vehicles = problem.vehicles
    high[shape.day : shape.crew] = [each.days for each in vehicles]
    high[shape.crew : shape.visit] = [each.week_min / 60 for each in vehicles]
    high[shape.visit : shape.group] = problem.most_visits
    low[shape.visit : shape.group][problem.keep] = min(problem.often)
    whom = np.bincount(problem.crowd.group, problem.crowd.people, shape.groups)
    high[shape.group : shape.worth] = 0.0
    if aim.what != "floor":
        floor = -_INF if aim.least_floor is None else aim.least_floor
        high[shape.group : shape.worth] = np.where(whom > 0, -floor * whom, _INF)
    high[shape.worth] = _INF
    low[shape.worth] = -_INF if aim.least_worth is None else aim.least_worth
    return low, high


def _start(
    problem: Problem, columns: Sequence[Column], shape: _Shape, times: Floats
) -> Floats:
    """Return a whole solution of the programme for days that run so often."""
    value = np.zeros(shape.fixed + len(columns))
    value[shape.fixed :] = times
    hours = hours_of(problem, columns, times)
    bounds = np.concatenate([[0.0], np.cumsum(problem.steps)])
    parts = np.clip(hours[:, None] - bounds[None, :-1], 0.0, problem.steps[None, :])
    value[: shape.floor] = parts.ravel()
    return value


def hours_of(problem: Problem, columns: Sequence[Column], times: Floats) -> Floats:
    """Weekly hours within reach of each class, where days run so often."""
    hours = np.zeros(len(problem.crowd.people))
    for column, often in zip(columns, times, strict=True):
        if often:
            at = np.array(column.stops) - 1
            hours += often * column.often * (problem.crowd.reached[:, at] @ np.array(column.hours))
    return hours


def _answer(problem, columns, solver, *, prices=None):  # type: ignore[no-untyped-def]
    import highspy  # noqa: PLC0415  (heavy)

    shape, info = _shape(problem), solver.getInfo()
    found = np.array(solver.getSolution().col_value)
    optimal = solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
    if not len(found) or info.primal_solution_status != 2:  # noqa: PLR2004  (feasible)
        nothing = np.zeros(len(columns))
        return Answer(-_INF, _INF, False, nothing, _INF, prices)  # noqa: FBT003
    bound = info.objective_function_value if prices is not None else info.mip_dual_bound
    missing = float(found[shape.floor + 1 : shape.fixed].sum())
    return Answer(
        -float(info.objective_function_value), -float(bound), optimal, found[shape.fixed :],
        missing, prices,
    )  # fmt: skip
