"""A linear programme in whole numbers, built block by block and solved by HiGHS."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt
from scipy import sparse

if TYPE_CHECKING:
    from highspy import Highs, HighsStatus

__all__ = ["RELATIVE_GAP", "Answer", "Expression", "Programme"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int32]

RELATIVE_GAP = 1e-6
"""Within this share of the bound an answer is called proven."""

_TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Expression:
    """A linear expression of columns."""

    columns: Ints
    values: Floats
    constant: float = 0.0

    def at(self, point: Floats) -> float:
        """Return the value of the expression at a point."""
        return float(point[self.columns] @ self.values) + self.constant


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """The best point found (None if none) and what no point can better."""

    status: Literal["optimal", "limit", "infeasible"]
    point: Floats | None
    bound: float


class Programme:
    """Columns, rows and an expression to make least.

    Solving it twice the same way gives the same bytes: one thread searches, seeds are fixed.
    """

    def __init__(self) -> None:
        import highspy  # noqa: PLC0415  (heavy)

        self._solver: Highs = highspy.Highs()
        self._kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        self._model = highspy.HighsModelStatus
        self._ok = highspy.HighsStatus.kError
        self._whole: list[int] = []
        options: dict[str, bool | float | int | str] = {
            "output_flag": False, "random_seed": 0, "parallel": "off",
            "mip_rel_gap": RELATIVE_GAP / 2, "mip_abs_gap": RELATIVE_GAP / 2,
            "mip_feasibility_tolerance": _TOLERANCE, "primal_feasibility_tolerance": _TOLERANCE,
            "dual_feasibility_tolerance": _TOLERANCE,
        }  # fmt: skip
        for name, value in options.items():
            self._done(self._solver.setOptionValue(name, value))
        self.size = 0
        self._aim = Expression(np.empty(0, np.int32), np.empty(0))

    def columns(self, low: Floats, high: Floats, *, whole: bool = False) -> Ints:
        """Add columns between bounds, whole or not, and return their numbers."""
        count = len(low)
        numbers = np.arange(self.size, self.size + count, dtype=np.int32)
        if not count:
            return numbers
        start, none = np.zeros(count, np.int32), np.empty(0, np.int32)
        self._done(self._solver.addCols(
            count, np.zeros(count), low, high, 0, start, none, np.empty(0)
        ))  # fmt: skip
        self.size += count
        if whole:
            self._whole += numbers.tolist()
        return numbers

    def rows(self, matrix: sparse.csr_array, columns: Ints, low: Floats, high: Floats) -> None:
        """Add rows `low <= matrix @ point[columns] <= high`."""
        lines = sparse.csr_array(matrix)
        if lines.shape[0]:
            index = columns[lines.indices].astype(np.int32)
            start = lines.indptr[:-1].astype(np.int32)
            self._done(self._solver.addRows(
                lines.shape[0], low, high, lines.nnz, start, index, lines.data
            ))  # fmt: skip

    def row(self, expression: Expression, low: float, high: float) -> None:
        """Add one row `low <= expression <= high`."""
        shift = expression.constant
        self.rows(
            sparse.csr_array(expression.values[None, :]), expression.columns,
            np.array([low - shift]), np.array([high - shift]),
        )  # fmt: skip

    def aim(self, expression: Expression) -> None:
        """Set the expression to make least."""
        cost = np.zeros(self.size)
        np.add.at(cost, expression.columns, expression.values)
        every = np.arange(self.size, dtype=np.int32)
        self._done(self._solver.changeColsCost(self.size, every, cost))
        self._aim = expression

    def start(self, columns: Ints, values: Floats) -> None:
        """Give the search a point to start from, whole or in part."""
        self._done(self._solver.setSolution(len(columns), columns, values))

    def solved(self, seconds: float, *, whole: bool = True) -> Answer:
        """Search for at most some seconds, in whole numbers or as if all could be divided."""
        numbers = np.array(self._whole, dtype=np.int32)
        if len(numbers):
            kinds = np.full(len(numbers), self._kinds[whole])
            self._done(self._solver.changeColsIntegrality(len(numbers), numbers, kinds))
        solver = self._solver
        integer = whole and bool(self._whole)
        spent = 0.0 if integer else solver.getRunTime()  # of linear runs, in all
        self._done(solver.setOptionValue("time_limit", spent + max(seconds, 0.01)))
        self._done(solver.run())
        status, info = solver.getModelStatus(), solver.getInfo()
        if status in {self._model.kInfeasible, self._model.kUnboundedOrInfeasible}:
            return Answer("infeasible", None, np.nan)
        found = info.primal_solution_status == 2  # noqa: PLR2004  (a feasible point)
        point = np.array(solver.getSolution().col_value) if found else None
        if status == self._model.kOptimal:
            told = info.mip_dual_bound if integer else info.objective_function_value
            return Answer("optimal", point, float(told) + self._aim.constant)
        told = info.mip_dual_bound if integer else -np.inf
        return Answer("limit", point, float(told) + self._aim.constant)

    def _done(self, status: "HighsStatus") -> None:
        assert status != self._ok, "the solver refused the programme"
