"""The linear programme of an outsider, as the suppressor asks it again and again."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ctg_geo.errors import SecrecyError
from ctg_geo.secrecy.cells import Cells

if TYPE_CHECKING:
    from highspy import Highs, HighsLp, HighsStatus

__all__ = ["Extreme", "Prober", "accepted", "part_of", "quiet_solver", "solved"]

Floats = npt.NDArray[np.float64]

_NOTHING = 1e-9  # multipliers below are rounding of the solver


@dataclass(frozen=True, slots=True)
class Extreme:
    """How far a cell may go, a table that goes there, and the multipliers that prove it.

    `table` and `proof` are None where nothing bounds the cell.
    """

    value: float
    table: Floats | None
    proof: Floats | None  # by cell: > 0 weighs its upper bound, < 0 its lower one


class Prober:
    """All tables that agree with what is shown; asks how far a cell may go among them.

    The programme is built once; hiding or showing cells only moves bounds, so that each
    question starts from the answer to the last one.
    """

    def __init__(self, cells: Cells) -> None:
        import highspy  # noqa: PLC0415  (heavy)

        self._cells = cells
        self._unbounded = highspy.HighsModelStatus.kUnbounded
        self._optimal = highspy.HighsModelStatus.kOptimal
        self._solver = quiet_solver()
        accepted(self._solver.setOptionValue("presolve", "off"))
        accepted(self._solver.passModel(_model(cells)))
        self._every = np.arange(len(cells), dtype=np.int32)
        self._asked = -1

    def hide(self, hidden: Floats, *, most: Floats | None = None) -> None:
        """Set which cells are hidden: 1 wholly, 0 not, between in part.

        `most` replaces the highest value of hidden cells, where part of infinity is asked.
        """
        cells = self._cells
        free = np.where(cells.fixed, 0.0, hidden)
        above = cells.above
        if most is not None:
            room = np.where(np.isinf(cells.told_high), 0.0, most - cells.told_high)
            above = np.minimum(above, np.maximum(room, 0.0))
        spread, fall = part_of(free, above), part_of(free, cells.below)
        low = cells.told_low - fall
        high = np.maximum(cells.told_high + spread, low)
        accepted(self._solver.changeColsBounds(len(cells), self._every, low, high))

    def extreme(self, cell: int, sign: int) -> Extreme:
        """Return how high (`sign` = 1) or low (-1) a cell may be, with the proof."""
        if self._asked >= 0:
            accepted(self._solver.changeColCost(self._asked, 0.0))
        accepted(self._solver.changeColCost(int(cell), -float(sign)))
        self._asked = int(cell)
        solved(self._solver)
        status = self._solver.getModelStatus()
        if status == self._unbounded:
            return Extreme(sign * float("inf"), None, None)
        if status != self._optimal:
            raise SecrecyError("solver", said=str(status))
        answer = self._solver.getSolution()
        table = np.array(answer.col_value)
        proof = -np.array(answer.col_dual)
        proof[np.abs(proof) < _NOTHING] = 0.0
        return Extreme(float(table[cell]), table, proof)


def quiet_solver() -> "Highs":
    """Return a HiGHS solver that says nothing and always does the same."""
    import highspy  # noqa: PLC0415  (heavy)

    solver = highspy.Highs()
    for name, value in {"output_flag": False, "threads": 1, "random_seed": 0}.items():
        accepted(solver.setOptionValue(name, value))
    return solver


def accepted(status: "HighsStatus") -> None:
    """Let an answer of the solver pass only if it took what it was given.

    Raises
    ------
    SecrecyError
        If it did not: whatever it would say then is of another table.
    """
    import highspy  # noqa: PLC0415  (heavy)

    if status != highspy.HighsStatus.kOk:
        raise SecrecyError("solver", said=str(status))


def solved(solver: "Highs") -> None:
    """Run the solver; a warning (a limit met) is for its model status to tell.

    Raises
    ------
    SecrecyError
        If it fails.
    """
    import highspy  # noqa: PLC0415  (heavy)

    status = solver.run()
    if status == highspy.HighsStatus.kError:
        raise SecrecyError("solver", said=str(status))


def part_of(free: Floats, room: Floats) -> Floats:
    """Return a part of a room that may be infinite; no part of it is 0."""
    return free * np.where(free > 0, room, 0.0)


def _model(cells: Cells) -> "HighsLp":
    import highspy  # noqa: PLC0415  (heavy)

    matrix = cells.relations.tocsr()
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(cells), cells.rows
    model.col_cost_ = np.zeros(len(cells))
    model.col_lower_, model.col_upper_ = cells.told_low, cells.told_high
    model.row_lower_ = model.row_upper_ = np.zeros(cells.rows)
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = matrix.indptr
    model.a_matrix_.index_ = matrix.indices
    model.a_matrix_.value_ = matrix.data
    return model
