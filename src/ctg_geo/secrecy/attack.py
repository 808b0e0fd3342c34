"""The outsider: the tightest interval of each hidden figure, from all that is published.

This module judges what the suppressor chose and shares no code with it: it knows only
intervals and sums, and asks another solver interface in another way (many questions stacked
into one programme).
"""

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from ctg_geo.errors import SecrecyError

if TYPE_CHECKING:
    from scipy.sparse import csr_array

__all__ = ["inferred"]

Floats = npt.NDArray[np.float64]

_STACKED = 3_000  # unknowns of one programme
_NONE_FITS = 2  # of the answers of scipy: nothing agrees with what is known
_AGREES = 1e-6  # of the figures of a sum that are all published, how nearly they must make it
_WIDE = 1e4  # a bound this many times the largest figure stands for none


def inferred(
    relations: "csr_array", low: Floats, high: Floats, targets: npt.NDArray[np.int64],
    *, integers: bool = False,
) -> tuple[Floats, Floats]:  # fmt: skip
    """Return the least and most each target can be.

    Parameters
    ----------
    relations : sums × cells, `relations @ x == 0`
    low, high : by cell, what is known of it alone; equal where it is published
    targets : positions of the cells to attack
    integers : the outsider also knows that the figures are whole (small tables only)

    Returns
    -------
    two arrays by target; NaN where what is known is contradictory

    Raises
    ------
    SecrecyError
        If the solver fails: what an outsider may infer is then not known.

    Examples
    --------
    Two hidden figures of 1 to 4 that add up to 8 can only be 4 and 4:

    >>> from scipy.sparse import csr_array
    >>> sums = csr_array([[1.0, 1.0, -1.0]])
    >>> known = np.array([1.0, 1.0, 8.0]), np.array([4.0, 4.0, 8.0])
    >>> inferred(sums, *known, np.array([0]))
    (array([4.]), array([4.]))
    """
    least, most = low[targets].astype(float), high[targets].astype(float)
    open_ = np.flatnonzero(high > low)
    matrix = relations.tocsc()
    right = -(matrix @ np.where(high > low, 0.0, low))
    table = matrix[:, open_].tocsr()
    rows = np.flatnonzero(np.diff(table.indptr))
    size = abs(matrix) @ np.abs(low)
    if (np.abs(np.delete(right, rows)) > _AGREES * np.maximum(1.0, np.delete(size, rows))).any():
        nothing = np.full(len(targets), np.nan)  # published figures deny each other
        return nothing, nothing.copy()
    table, right = table[rows], right[rows]
    place = np.full(len(low), -1)
    place[open_] = np.arange(len(open_))
    asked = [at for at, cell in enumerate(targets) if place[cell] >= 0]
    step = max(1, _STACKED // max(2 * len(open_), 1))
    figures = np.r_[low, high, right]
    wide = _WIDE * (1.0 + np.abs(figures[np.isfinite(figures)]).max(initial=0.0))
    bounds = np.c_[np.maximum(low[open_], -wide), np.minimum(high[open_], wide)]
    for start in range(0, len(asked), step):
        part = asked[start : start + step]
        cells = [int(place[targets[at]]) for at in part]
        found = _stacked(table, right, bounds, cells, integers=integers)
        least[part], most[part] = found
    least[least < -wide / 2], most[most > wide / 2] = -np.inf, np.inf
    return least, most


def _stacked(
    table: "csr_array", right: Floats, bounds: Floats, cells: list[int], *, integers: bool
) -> tuple[Floats, Floats]:
    """Ask for the least and most of each cell, one block of the programme per question."""
    from scipy.optimize import linprog  # noqa: PLC0415  (heavy)
    from scipy.sparse import block_diag  # noqa: PLC0415  (heavy)

    count, blocks = len(bounds), 2 * len(cells)
    aim = np.zeros((blocks, count))
    aim[np.arange(len(cells)), cells] = 1.0
    aim[np.arange(len(cells), blocks), cells] = -1.0
    sums = {} if not len(right) else {
        "A_eq": block_diag([table] * blocks, format="csr"), "b_eq": np.tile(right, blocks),
    }  # fmt: skip
    solve: Any = linprog  # its stubs know no sparse sums among keywords
    found = solve(
        aim.ravel(), **sums, bounds=np.tile(bounds, (blocks, 1)), integrality=int(integers)
    )
    if found.status not in {0, _NONE_FITS}:
        raise SecrecyError("solver", said=str(found.message))
    if found.x is None:
        nothing = np.full(len(cells), np.nan)
        return nothing, nothing
    values = found.x.reshape(blocks, count)
    ends = values[np.arange(blocks), cells * 2]
    return ends[: len(cells)], ends[len(cells) :]
