"""How open each secret must stay, and a value for the cells that nobody here knows."""

from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from ctg_geo.errors import SecrecyError
from ctg_geo.secrecy.cells import Cells
from ctg_geo.secrecy.probe import Prober

__all__ = ["Needs", "completed", "needs"]

Needs = tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]
"""The interval that an outsider may not narrow, low and high, by cell; NaN where not secret."""

_NONE_FITS = 2  # of the answers of scipy
_EXACT = 1e-6  # of the larger of 1 and the total: how exactly a sum must hold


def completed(cells: Cells) -> Cells:
    """Return the cells with a possible value where none is known here.

    A masked or rounded cell gets a value that agrees with the sums, as near the middle of
    what is known of it as they allow. It only serves to tell possible tables from impossible
    ones, and is published nowhere.

    Raises
    ------
    SecrecyError
        If no values agree with what is known: a total is not the sum of its parts.
    """
    lost = np.isnan(cells.value)
    if not lost.any():
        _check_sums(cells)
        return cells
    from scipy.optimize import linprog  # noqa: PLC0415  (heavy)
    from scipy.sparse import csr_array, hstack, identity, vstack  # noqa: PLC0415  (heavy)

    open_ = np.where(cells.held, cells.low, cells.told_low)
    top = np.where(cells.held, cells.high, cells.told_high)
    low = np.where(lost, open_, cells.value)
    high = np.where(lost, top, cells.value)
    middle = np.where(np.isfinite(high), (low + high) / 2, low)
    count = len(cells)
    unit = identity(count, format="csr")
    away = vstack([hstack([unit, -unit]), hstack([-unit, -unit])])  # |x - middle| <= t
    nothing = csr_array((cells.rows, count))
    solve: Any = linprog  # its stubs know no sparse sums
    found = solve(
        np.r_[np.zeros(count), np.ones(count)], A_ub=away, b_ub=np.r_[middle, -middle],
        A_eq=hstack([cells.relations, nothing]) if cells.rows else None,
        b_eq=np.zeros(cells.rows) if cells.rows else None,
        bounds=np.c_[np.r_[low, np.zeros(count)], np.r_[high, np.full(count, np.inf)]],
    )  # fmt: skip
    if found.status not in {0, _NONE_FITS}:
        raise SecrecyError("solver", said=str(found.message))
    if found.x is None:
        raise SecrecyError("contradiction", cells=_suspects(cells))
    return replace(cells, value=np.where(lost, found.x[:count], cells.value))


def needs(cells: Cells) -> Needs:
    """Return the interval each secret must keep open.

    The outsider who sees nothing but the rules infers an interval for each secret; `share`
    of it must stay open on each side of the value, but never further than `width`.
    """
    low = np.full(len(cells), np.nan)
    high = np.full(len(cells), np.nan)
    secret = np.flatnonzero(cells.secret)
    if not len(secret):
        return low, high
    prober = Prober(replace(cells, fixed=np.zeros(len(cells), dtype=bool)))
    prober.hide(np.ones(len(cells)))
    for at in map(int, secret):
        value, share, width = cells.value[at], cells.share[at], cells.width[at]
        up = prober.extreme(at, 1).value - value
        down = value - prober.extreme(at, -1).value
        high[at] = value + min(share * up, width)
        low[at] = value - min(share * down, width)
    return low, high


def _check_sums(cells: Cells) -> None:
    off = np.abs(cells.relations @ cells.value)
    size = np.maximum(abs(cells.relations) @ np.abs(cells.value), 1.0)
    wrong = np.flatnonzero(off > _EXACT * size)
    if len(wrong):
        raise SecrecyError("contradiction", cells=_named(cells, wrong))


def _suspects(cells: Cells) -> list[str]:
    """Name the totals that parts, at their least or most, cannot make."""
    low, high = cells.known(cells.held)
    up, down = cells.relations.maximum(0), (-cells.relations).maximum(0)
    top, bottom = np.nan_to_num(high, posinf=1e15), low
    most = up @ top - down @ bottom
    least = up @ bottom - down @ top
    wrong = np.flatnonzero((most < -_EXACT) | (least > _EXACT))
    return _named(cells, wrong if len(wrong) else np.arange(cells.rows))


def _named(cells: Cells, rows: npt.NDArray[np.int64]) -> list[str]:
    """Name the total of each relation: the cell that stands with -1."""
    table = cells.relations[rows].tocoo()
    return sorted({cells.names[at] for at in table.col[table.data == -1]})
