"""A programme in whole and real numbers, handed to HiGHS and read back."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from highspy import Highs, HighsLp

__all__ = ["Answer", "Effort", "End", "Ended", "Programme", "ended_by"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int32]
End = Literal["optimal", "infeasible", "nodes", "time"]
Ended = Literal["proof", "work", "time"]

_SEED = 0
_TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True)
class Effort:
    """When to stop short of a proof: counted in nodes, and in seconds as a last resort."""

    nodes: int = 100_000
    seconds: float = float("inf")


def ended_by(end: End) -> Ended:
    """Say what ended a search: a proof either way, the clock, or the work allowed."""
    if end in {"optimal", "infeasible"}:
        return "proof"
    return "time" if end == "time" else "work"


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """What the solver found: None where nothing; `bound` is what nothing can better."""

    end: End
    values: Floats | None
    bound: float


@dataclass(slots=True, eq=False)
class Programme:
    """Minimise `cost`·x, `low` <= x <= `high`, `whole` where x must be, under rows."""

    cost: Floats
    low: Floats
    high: Floats
    whole: npt.NDArray[np.bool_]
    rows: list[tuple[Ints, Floats, Ints, Floats, Floats]] = field(default_factory=list)

    def add(
        self,
        start: npt.NDArray[np.integer],
        columns: npt.NDArray[np.integer],
        factors: npt.NDArray[np.generic] | float,
        low: npt.NDArray[np.generic] | float,
        high: npt.NDArray[np.generic] | float,
    ) -> None:
        """Add rows `low <= factors·x <= high`; row r has columns[start[r]:start[r + 1]]."""
        count = len(start) - 1
        self.rows.append((
            np.asarray(start, dtype=np.int32),
            np.broadcast_to(np.asarray(factors, dtype=np.float64), len(columns)),
            np.asarray(columns, dtype=np.int32),
            np.broadcast_to(np.asarray(low, dtype=np.float64), count),
            np.broadcast_to(np.asarray(high, dtype=np.float64), count),
        ))  # fmt: skip

    def row(
        self,
        columns: npt.NDArray[np.integer] | Sequence[int],
        factors: npt.NDArray[np.generic] | float,
        low: float,
        high: float,
    ) -> None:
        """Add one row."""
        self.add(np.array([0, len(columns)]), np.asarray(columns), factors, low, high)

    def solve(self, effort: Effort, *, start: Floats | None = None, gap: float = 0.0) -> Answer:
        """Solve, from a first answer where one is given; stop within `gap` of the bound."""
        import highspy  # noqa: PLC0415

        scale = 2.0 ** -np.floor(np.log2(max(1.0, float(np.abs(self.cost).max(initial=0.0)) / 1e4)))
        solver = self._solver(effort, gap * scale)
        solver.passModel(self._model(scale))
        if start is not None:
            first = highspy.HighsSolution()
            first.col_value = start.tolist()
            solver.setSolution(first)
        solver.run()
        status = solver.getModelStatus()
        if status == highspy.HighsModelStatus.kModelEmpty:
            return self._empty()
        found = solver.getInfo()
        ends: dict[object, End] = {
            highspy.HighsModelStatus.kOptimal: "optimal",
            highspy.HighsModelStatus.kInfeasible: "infeasible",
            highspy.HighsModelStatus.kTimeLimit: "time",
        }
        end = ends.get(status, "nodes")
        there = (
            end != "infeasible"
            and found.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
        )
        values = np.array(solver.getSolution().col_value) if there else None
        mixed = bool(self.whole.any())
        bound = found.mip_dual_bound if mixed else found.objective_function_value
        if not mixed and end != "optimal":  # a linear search cut short promises nothing
            bound = -np.inf
        if end == "infeasible":
            bound = np.inf
        return Answer(end, values, float(bound) / scale)

    def _empty(self) -> Answer:
        """Answer where nothing is left to decide: all rows are of zero."""
        if all((row[3] <= 0).all() and (row[4] >= 0).all() for row in self.rows):
            return Answer("optimal", np.zeros(0), 0.0)
        return Answer("infeasible", None, np.inf)

    def _solver(self, effort: Effort, gap: float) -> "Highs":
        import highspy  # noqa: PLC0415

        solver = highspy.Highs()
        solver.setOptionValue("output_flag", False)  # noqa: FBT003
        options: dict[str, int | float] = {
            "threads": 1, "random_seed": _SEED, "mip_max_nodes": effort.nodes,
            "mip_rel_gap": _TOLERANCE, "mip_abs_gap": max(gap, _TOLERANCE),
        }  # fmt: skip
        for name, value in options.items():
            solver.setOptionValue(name, value)
        if np.isfinite(effort.seconds):
            solver.setOptionValue("time_limit", max(0.1, effort.seconds))
        return solver

    def _model(self, scale: float) -> "HighsLp":
        import highspy  # noqa: PLC0415

        model = highspy.HighsLp()
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        model.num_col_ = len(self.cost)
        model.col_cost_ = self.cost * scale
        model.col_lower_, model.col_upper_ = self.low, self.high
        if self.whole.any():
            model.integrality_ = [kinds[int(each)] for each in self.whole]
        starts: list[Ints] = [np.zeros(1, dtype=np.int32)]
        at = 0
        for start, *_ in self.rows:
            starts.append(start[1:] + at)
            at += int(start[-1])
        model.num_row_ = sum(len(each) for each in starts) - 1
        model.row_lower_ = np.concatenate([np.zeros(0), *(row[3] for row in self.rows)])
        model.row_upper_ = np.concatenate([np.zeros(0), *(row[4] for row in self.rows)])
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_ = np.concatenate(starts)
        columns = [np.zeros(0, dtype=np.int32), *(row[2] for row in self.rows)]
        model.a_matrix_.index_ = np.concatenate(columns)
        model.a_matrix_.value_ = np.concatenate([np.zeros(0), *(row[1] for row in self.rows)])
        return model
