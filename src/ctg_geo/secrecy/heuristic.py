"""Cells to hide in tables too large for a proof: the cheapest way out for each secret in turn."""

import numpy as np
import numpy.typing as npt

from ctg_geo.errors import SecrecyError
from ctg_geo.secrecy.cells import Cells
from ctg_geo.secrecy.exact import MEETS
from ctg_geo.secrecy.needs import Needs
from ctg_geo.secrecy.probe import Extreme, Prober, accepted, quiet_solver, solved

__all__ = ["heuristic"]

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

_MOVES = 1e-7  # a cell that moves less stays


def heuristic(cells: Cells, need: Needs, cost: Floats) -> Mask:
    """Return cells to hide so that every secret stays as open as needed; not always the fewest.

    Each secret and side in turn, the most demanding first: the other table that opens it and
    changes the cheapest cells is found by a linear programme (cells already hidden are
    free), and the cells that differ are hidden. Then each hidden cell, the dearest first, is
    shown again if all secrets that leaned on it still have a way out.

    Parameters
    ----------
    cells : completed
    need : see `ctg_geo.secrecy.needs`
    cost : by cell, of hiding it

    Raises
    ------
    SecrecyError
        If hiding everything would not do.

    References
    ----------
    Kelly J. P., Golden B. L., Assad A. A. (1992), Cell suppression: disclosure protection for
    sensitive tabular data, Networks 22(4). Cox L. H. (1980), Suppression methodology and
    statistical disclosure control, JASA 75(370).
    """
    hidden = cells.held.copy()
    ways = _Ways(cells, cost)
    for at, sign, target in _demands(cells, need):
        moved = ways.out(hidden, at, sign, target)
        hidden |= moved & cells.choices
    return _without_idle(cells, need, cost, hidden)


def _demands(cells: Cells, need: Needs) -> list[tuple[int, int, float]]:
    """List secret, side and target, the furthest from its value first."""
    found = [
        (int(at), sign, float(target[at]))
        for at in np.flatnonzero(cells.secret) for sign, target in ((1, need[1]), (-1, need[0]))
    ]  # fmt: skip
    return sorted(found, key=lambda each: (-abs(each[2] - cells.value[each[0]]), each))


class _Ways:
    """Finds another table that opens a secret by changing the cheapest cells."""

    def __init__(self, cells: Cells, cost: Floats) -> None:
        import highspy  # noqa: PLC0415  (heavy)

        self._cells, self._cost = cells, cost
        count = len(cells)
        matrix = cells.relations.tocsr()
        self._up = _room(cells, cells.high - cells.value, cells.told_high - cells.value)
        self._down = _room(cells, cells.value - cells.low, cells.value - cells.told_low)
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = 2 * count, cells.rows
        model.col_cost_ = np.zeros(2 * count)
        model.col_lower_, model.col_upper_ = np.zeros(2 * count), np.r_[self._up, self._down]
        model.row_lower_ = model.row_upper_ = np.zeros(cells.rows)
        from scipy.sparse import hstack  # noqa: PLC0415  (heavy)

        both = hstack([matrix, -matrix]).tocsr()
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_, model.a_matrix_.index_ = both.indptr, both.indices
        model.a_matrix_.value_ = both.data
        self._solver = quiet_solver()
        accepted(self._solver.setOptionValue("presolve", "off"))
        accepted(self._solver.passModel(model))
        self._optimal = highspy.HighsModelStatus.kOptimal
        self._ends = (self._optimal, highspy.HighsModelStatus.kInfeasible)
        self._every = np.arange(2 * count, dtype=np.int32)

    def out(self, hidden: Mask, at: int, sign: int, target: float) -> Mask:
        """Return the cells that move in the cheapest table that takes a secret to its target."""
        cells, count = self._cells, len(self._cells)
        step = sign * (target - cells.value[at])
        if step <= _MOVES:
            return np.zeros(count, dtype=bool)
        # a cell that can move little carries little for its price
        reach = np.minimum(np.r_[self._up, self._down], step)
        each = np.tile(np.where(hidden | cells.fixed, 0.0, self._cost), 2)
        price = each / np.maximum(reach, _MOVES)
        accepted(self._solver.changeColsCost(2 * count, self._every, price))
        way, back = (at, count + at) if sign > 0 else (count + at, at)
        room, behind = float(np.r_[self._up, self._down][way]), float(
            np.r_[self._up, self._down][back])  # fmt: skip
        accepted(self._solver.changeColBounds(way, step, max(room, step)))
        accepted(self._solver.changeColBounds(back, 0.0, 0.0))
        solved(self._solver)
        status = self._solver.getModelStatus()
        if status not in self._ends:
            raise SecrecyError("solver", said=str(status))
        done = status == self._optimal
        moved = np.array(self._solver.getSolution().col_value) if done else np.empty(0)
        accepted(self._solver.changeColBounds(way, 0.0, room))
        accepted(self._solver.changeColBounds(back, 0.0, behind))
        if not done or room < step - MEETS * max(1.0, step):
            raise SecrecyError("known_outside", cells=[cells.names[at]])
        return np.asarray(np.abs(moved[:count] - moved[count:]) > _MOVES)


def _room(cells: Cells, hidden: Floats, shown: Floats) -> Floats:
    return np.maximum(np.where(cells.fixed, shown, hidden), 0.0)


def _without_idle(cells: Cells, need: Needs, cost: Floats, hidden: Mask) -> Mask:
    """Show again what no secret leans on, the dearest first."""
    prober = Prober(cells)
    prober.hide(hidden.astype(np.float64))
    demands = _demands(cells, need)
    leans = [_leaning(cells, prober.extreme(at, sign)) for at, sign, _ in demands]
    extra = np.flatnonzero(hidden & ~cells.held)
    for candidate in sorted(extra, key=lambda at: (-cost[at], at)):
        hidden[candidate] = False
        prober.hide(hidden.astype(np.float64))
        anew: dict[int, Mask] = {}
        for number, (at, sign, target) in enumerate(demands):
            if not leans[number][candidate]:
                continue
            answer = prober.extreme(at, sign)
            if sign * (target - answer.value) > MEETS * max(1.0, abs(target)):
                hidden[candidate] = True
                break
            anew[number] = _leaning(cells, answer)
        else:
            for number, mask in anew.items():
                leans[number] = mask
    return hidden


def _leaning(cells: Cells, answer: Extreme) -> Mask:
    """Tell which cells a way out needs hidden: those it takes beyond what showing them tells."""
    if answer.table is None:  # without bound: any cell may carry it
        return np.ones(len(cells), dtype=bool)
    beyond = (answer.table > cells.told_high + _MOVES) | (answer.table < cells.told_low - _MOVES)
    return np.asarray(beyond)
