"""Cells to hide in tables too large for a proof: the cheapest way out for each secret in turn."""

import numpy as np
import numpy.typing as npt

from ctg_geo.errors import SecrecyError
from ctg_geo.secrecy.cells import Cells
from ctg_geo.secrecy.exact import MEETS
from ctg_geo.secrecy.needs import Needs
from ctg_geo.secrecy.probe import accepted, quiet_solver, solved

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
    ways = _Ways(cells)
    for at, sign, target in _demands(cells, need):
        moved = ways.out(at, sign, target, np.where(hidden | cells.fixed, 0.0, cost))
        if moved is None:
            raise SecrecyError("known_outside", cells=[cells.names[at]])
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
    """Finds another table that opens a secret by changing the cheapest cells.

    Each question starts from no move at all, so that its answer, and the time it takes, are of
    the cells around the secret and not of what other questions moved elsewhere.
    """

    def __init__(self, cells: Cells) -> None:
        import highspy  # noqa: PLC0415  (heavy)

        self._cells = cells
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

    def show(self, cell: int) -> None:
        """Let a cell move only as far as showing it tells."""
        cells = self._cells
        self._up[cell] = max(cells.told_high[cell] - cells.value[cell], 0.0)
        self._down[cell] = max(cells.value[cell] - cells.told_low[cell], 0.0)
        self._bound(cell)

    def hide(self, cell: int) -> None:
        """Let a cell move again as far as hiding it allows."""
        cells = self._cells
        self._up[cell] = max(cells.high[cell] - cells.value[cell], 0.0)
        self._down[cell] = max(cells.value[cell] - cells.low[cell], 0.0)
        self._bound(cell)

    def _bound(self, cell: int) -> None:
        accepted(self._solver.changeColBounds(int(cell), 0.0, float(self._up[cell])))
        back = len(self._cells) + int(cell)
        accepted(self._solver.changeColBounds(back, 0.0, float(self._down[cell])))

    def out(self, at: int, sign: int, target: float, cost: Floats) -> Mask | None:
        """Return the cells that move in the cheapest table that takes a secret to its target.

        `cost` is by cell; None where no table takes it there.
        """
        cells, count = self._cells, len(self._cells)
        step = sign * (target - cells.value[at])
        if step <= _MOVES:
            return np.zeros(count, dtype=bool)
        room = float((self._up if sign > 0 else self._down)[at])
        if room < step - MEETS * max(1.0, step):
            return None
        # a cell that can move little carries little for its price
        reach = np.minimum(np.r_[self._up, self._down], step)
        price = np.tile(cost, 2) / np.maximum(reach, _MOVES)
        accepted(self._solver.changeColsCost(2 * count, self._every, price))
        way, back = (at, count + at) if sign > 0 else (count + at, at)
        accepted(self._solver.changeColBounds(way, step, max(room, step)))
        accepted(self._solver.changeColBounds(back, 0.0, 0.0))
        accepted(self._solver.setBasis())
        solved(self._solver)
        status = self._solver.getModelStatus()
        if status not in self._ends:
            raise SecrecyError("solver", said=str(status))
        moved = np.array(self._solver.getSolution().col_value)
        self._bound(at)
        if status != self._optimal:
            return None
        return np.asarray(np.abs(moved[:count] - moved[count:]) > _MOVES)


def _room(cells: Cells, hidden: Floats, shown: Floats) -> Floats:
    return np.maximum(np.where(cells.fixed, shown, hidden), 0.0)


def _without_idle(cells: Cells, need: Needs, cost: Floats, hidden: Mask) -> Mask:
    """Show again what no secret leans on, the dearest first; only cells that can move matter."""
    open_ = (cells.told_high > cells.value) | (cells.told_low < cells.value)
    kept = np.flatnonzero(hidden | cells.secret | open_)
    found = hidden.copy()
    found[kept] = _needed(
        cells.only(kept), (need[0][kept], need[1][kept]), cost[kept], hidden[kept]
    )
    return found


def _needed(cells: Cells, need: Needs, cost: Floats, hidden: Mask) -> Mask:
    ways, price = _Ways(cells), np.ones(len(cells))
    for cell in np.flatnonzero(~hidden):
        ways.show(int(cell))
    demands = _demands(cells, need)
    leans = [_leaning(cells, ways.out(*demand, price)) for demand in demands]
    extra = np.flatnonzero(hidden & ~cells.held)
    for candidate in map(int, sorted(extra, key=lambda at: (-cost[at], at))):
        ways.show(candidate)
        anew: dict[int, Mask] = {}
        for number, demand in enumerate(demands):
            if leans[number][candidate]:
                moved = ways.out(*demand, price)
                if moved is None:
                    ways.hide(candidate)
                    break
                anew[number] = moved
        else:
            hidden[candidate] = False
            for number, moved in anew.items():
                leans[number] = moved
    return hidden


def _leaning(cells: Cells, moved: Mask | None) -> Mask:
    """Return the cells that a way out takes; of one that is not found again, all of them."""
    return np.ones(len(cells), dtype=bool) if moved is None else moved
