"""The last look before anything is written: what the outputs themselves tell an outsider."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ctg_geo.errors import SecrecyError
from ctg_geo.secrecy.attack import inferred
from ctg_geo.secrecy.cells import Cells
from ctg_geo.secrecy.needs import Needs

if TYPE_CHECKING:
    from scipy.sparse import csr_array

__all__ = ["Released", "ReleasedSum", "Verdict", "gate", "verdict"]

Floats = npt.NDArray[np.float64]

_SUMMED = 1e-9  # of a sum, for the order it was added in; a hidden count of 1 is far more
_MEETS = 1e-5  # of the bound: the attacker's solver is exact to less


@dataclass(frozen=True, slots=True)
class ReleasedSum:
    """A sum that the outputs show: over cells by name, of which hidden ones may be left out.

    A mean or a share is a sum as well: ``sum((each - mean) * people) == 0``. `weights` are then
    the factors of the members; without them each counts once.
    """

    members: tuple[str, ...]
    value: float
    weights: tuple[float, ...] = ()

    @property
    def factors(self) -> Mapping[str, float]:
        """The factor of each member."""
        return dict(zip(self.members, self.weights or [1.0] * len(self.members), strict=True))


@dataclass(frozen=True, slots=True)
class Released:
    """What the outputs show, read back from them."""

    shown: Mapping[str, float]
    sums: Sequence[ReleasedSum] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the attacker found: how many secrets were tried, and which stand too open."""

    tried: int
    betrayed: tuple[str, ...]


def verdict(cells: Cells, need: Needs, released: Released) -> Verdict:
    """Attack every secret with all that is released.

    Cells that are not released count as hidden, whatever the plan was. A released sum that
    is the sum of its released members tells nothing more; any other one is taken for the
    sum of all its members, hidden ones included. One of members that are no cells at all
    cannot be judged: no secret passes beside it.

    Parameters
    ----------
    cells : tables as one linear system
    need : by cell, the interval that may not be narrowed; NaN where not secret
    released : figures and sums that readers will see
    """
    secret = np.flatnonzero(cells.secret)
    if not len(secret):
        return Verdict(0, ())
    low, high = cells.known(np.ones(len(cells), dtype=bool))
    if any(_stray(each, cells, released.shown) for each in released.sums):
        return Verdict(len(secret), tuple(cells.names[at] for at in secret))
    at = cells.positions(released.shown)
    values = np.array(list(released.shown.values()), dtype=np.float64)
    free = at[(at >= 0) & ~cells.fixed[at]]
    told = values[(at >= 0) & ~cells.fixed[at]]
    rounded = cells.told_high[free] > cells.told_low[free]
    low[free] = np.where(rounded & ~cells.unknown[free], cells.told_low[free], told)
    high[free] = np.where(rounded & ~cells.unknown[free], cells.told_high[free], told)
    table, low, high = _with_sums(cells, released, low, high)
    least, most = inferred(table, low, high, secret)
    need_low, need_high = need[0][secret], need[1][secret]
    slack = _MEETS * np.maximum(1.0, np.abs(need_high))
    safe = (least <= need_low + slack) & (most >= need_high - slack)  # NaN is not safe
    return Verdict(len(secret), tuple(cells.names[at] for at in secret[~safe]))


def gate(cells: Cells, need: Needs, released: Released) -> Verdict:
    """Let outputs pass if no secret can be inferred more closely than its rule allows.

    Parameters
    ----------
    cells, need, released : see `verdict`

    Raises
    ------
    SecrecyError
        Naming the figures that could be; the message holds no value.
    """
    found = verdict(cells, need, released)
    if found.betrayed:
        raise SecrecyError("betrayed", cells=list(found.betrayed), count=len(found.betrayed))
    return found


def _with_sums(
    cells: Cells, released: Released, low: Floats, high: Floats
) -> "tuple[csr_array, Floats, Floats]":
    """Add to the sums those that the released cells alone do not explain."""
    from scipy.sparse import csr_array, hstack, vstack  # noqa: PLC0415  (heavy)

    told = [each for each in released.sums if not _explained(each, released.shown)]
    if not told:
        return cells.relations, low, high
    more = np.zeros((len(told), len(cells)))
    for row, each in enumerate(told):
        at = cells.positions(each.members)
        factors = np.array(list(each.factors.values()))
        more[row, at[at >= 0]] = factors[at >= 0]
    totals = csr_array(-np.eye(len(told)))
    nothing = csr_array((cells.rows, len(told)))
    table = vstack([hstack([cells.relations, nothing]), hstack([csr_array(more), totals])])
    value = np.array([each.value for each in told])
    return table.tocsr(), np.r_[low, value], np.r_[high, value]


def _stray(each: ReleasedSum, cells: Cells, shown: Mapping[str, float]) -> bool:
    """Tell whether a sum is neither that of what is shown nor one of any cells."""
    return not _explained(each, shown) and bool((cells.positions(each.members) < 0).all())


def _explained(each: ReleasedSum, shown: Mapping[str, float]) -> bool:
    terms = [times * shown[name] for name, times in each.factors.items() if name in shown]
    size = max(1.0, abs(each.value), sum(map(abs, terms)))
    return abs(sum(terms) - each.value) <= _SUMMED * size
