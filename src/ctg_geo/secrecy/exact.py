"""The fewest cells to hide, proven: cuts of the outsider's programme in a master problem."""

from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt

from ctg_geo.errors import SecrecyError
from ctg_geo.secrecy.cells import Cells
from ctg_geo.secrecy.needs import Needs
from ctg_geo.secrecy.probe import Extreme, Prober, accepted, part_of, quiet_solver, solved

__all__ = ["MEETS", "exact", "short_of"]

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

MEETS = 1e-6
"""By how much an interval may miss its need, for the rounding of the solver."""

_ROUNDS = 100
_NODES = 500
_TIES_UP_TO = 60  # choices, beyond which equal numbers of cells are not told apart
_UNDER_ONE = 0.4  # of a cell: too little for one cell fewer to fit in
_WHOLE = 1e-6


def exact(cells: Cells, need: Needs, cost: Floats) -> Mask | None:
    """Return the cheapest cells to hide so that every secret stays as open as needed.

    Fischetti & Salazar-González: a master problem chooses cells; where the outsider still
    infers too much, the multipliers of the programme are a condition (*capacity constraint*)
    that every good choice meets, and join the master. The master is first solved with cells
    in part hidden, which finds most conditions cheaply, then in whole cells.

    Parameters
    ----------
    cells : completed (no value missing)
    need : see `ctg_geo.secrecy.needs`
    cost : by cell, of hiding it

    Returns
    -------
    mask of hidden cells, secret ones included; None where the search grows too long (counted
    in rounds and nodes, never in seconds: the same table always ends the same way)

    Raises
    ------
    SecrecyError
        If hiding everything would not do: the secret is known outside.

    References
    ----------
    Fischetti M., Salazar J. J. (2001), Solving the cell suppression problem on tabular data
    with linear constraints, Management Science 47(7).
    """
    prober = Prober(cells)
    master = _Master(cells, cost)
    most = cells.value + _largest(cells, need)
    chosen = cells.held.astype(np.float64)
    for whole in (False, True):
        master.whole(whole)
        for _ in range(_ROUNDS):
            answer = master.solved()
            if answer is None:
                return None
            chosen = answer
            prober.hide(chosen, most=None if whole else most)
            found = list(short_of(cells, need, prober.extreme))
            broken = [master.cut(at, sign, need, extreme) for at, sign, _, extreme in found]
            if not any(broken):
                break
        else:
            return None
    return np.asarray(chosen > 0.5)  # noqa: PLR2004


def short_of(
    cells: Cells, need: Needs, extreme: Callable[[int, int], Extreme]
) -> Iterator[tuple[int, int, float, Extreme]]:
    """Yield each secret and side (cell, sign, gap, answer) that is less open than needed."""
    low, high = need
    for at in np.flatnonzero(cells.secret):
        for sign, target in ((1, high[at]), (-1, low[at])):
            answer = extreme(int(at), sign)
            gap = sign * (target - answer.value)
            if gap > MEETS * max(1.0, abs(target)):
                yield int(at), sign, gap, answer


def _largest(cells: Cells, need: Needs) -> float:
    low, high = need
    secret = cells.secret
    gaps = np.r_[high[secret] - cells.value[secret], cells.value[secret] - low[secret]]
    return float(gaps.max(initial=1.0))


class _Master:
    """Which cells to hide, at least cost, under the conditions met so far."""

    def __init__(self, cells: Cells, cost: Floats) -> None:
        import highspy  # noqa: PLC0415  (heavy)

        self._cells = cells
        self._choices = np.flatnonzero(cells.choices)
        self._kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        self._solver = quiet_solver()
        self._optimal = highspy.HighsModelStatus.kOptimal
        accepted(self._solver.setOptionValue("mip_max_nodes", _NODES))
        accepted(self._solver.setOptionValue("mip_rel_gap", 0.0))
        many = len(self._choices) > _TIES_UP_TO
        accepted(self._solver.setOptionValue("mip_abs_gap", _UNDER_ONE if many else 0.0))
        nothing = np.array([], dtype=np.int32)
        for at in self._choices:
            accepted(
                self._solver.addCol(float(cost[at]), 0.0, 1.0, 0, nothing, nothing.astype(float))
            )

    def whole(self, integer: bool) -> None:  # noqa: FBT001
        """Choose whole cells, or allow parts of cells."""
        count = len(self._choices)
        kinds = np.full(count, self._kinds[integer])
        every = np.arange(count, dtype=np.int32)
        if count:
            accepted(self._solver.changeColsIntegrality(count, every, kinds))

    def solved(self) -> Floats | None:
        """Return how far each cell is hidden, 0 to 1, the held ones wholly; None if too long."""
        chosen = self._cells.held.astype(np.float64)
        if len(self._choices):
            solved(self._solver)
            if self._solver.getModelStatus() != self._optimal:
                return None
            part = np.clip(np.array(self._solver.getSolution().col_value), 0.0, 1.0)
            chosen[self._choices] = np.where(
                np.abs(part - part.round()) < _WHOLE, part.round(), part
            )
        self._chosen = chosen
        return chosen

    def cut(self, at: int, sign: int, need: Needs, extreme: Extreme) -> bool:
        """Add the condition that an answer proves; tell whether the choice broke it."""
        cells, proof = self._cells, extreme.proof
        assert proof is not None, "an unbounded cell is never too narrow"
        up, down = np.maximum(proof, 0.0), np.maximum(-proof, 0.0)
        gain = part_of(up, cells.above) + part_of(down, cells.below)
        with np.errstate(invalid="ignore"):
            start = np.where(up > 0, up * cells.told_high, 0.0)
            start -= np.where(down > 0, down * cells.told_low, 0.0)
        target = need[1][at] if sign > 0 else -need[0][at]
        rest = float(target - start.sum() - gain[cells.held].sum())
        if rest <= 0:
            return False
        weight = np.minimum(gain[self._choices], rest) / rest
        if float(weight @ self._chosen[self._choices]) >= 1 - MEETS / 10:
            return False
        used = np.flatnonzero(weight > 1e-9).astype(np.int32)  # noqa: PLR2004
        if not len(used):
            raise SecrecyError("known_outside", cells=[cells.names[at]])
        accepted(self._solver.addRow(1.0, float("inf"), len(used), used, weight[used]))
        return True
