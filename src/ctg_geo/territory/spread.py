"""Totals shared out among places inside them, each total kept exactly (dasymetric method)."""

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from ctg_geo.errors import DataError, Defect

__all__ = ["exact_parts", "filled", "shares", "whole_parts"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_SLACK = 1e-9  # of a person: a quota so near a whole number is one


def shares(weights: Sequence[Floats], group: Ints, groups: int) -> tuple[Floats, Ints]:
    """Share (0-1) of each place in its group, by the first weights that the group has.

    Parameters
    ----------
    weights : by place, none negative, the ones to prefer first; the last resort, that all
        places weigh alike, need not be given
    group : by place, the number of its group
    groups : how many groups there are

    Returns
    -------
    by place, its share: those of a group sum to 1; by group, the rank of the weights used
    (``len(weights)`` is all alike)

    Notes
    -----
    Neither the order of the places nor a common factor of the weights of a group matters.

    References
    ----------
    Wright (1936), Geographical Review 26(1); Eicher & Brewer (2001), Cartography and
    Geographic Information Science 28(2), doi:10.1559/152304001782173727; Mennis (2003), The
    Professional Geographer 55(1), doi:10.1111/0033-0124.10042.

    Examples
    --------
    The first group has children in one of its two cells; the second has none, its people
    tell.

    >>> children, people = np.array([4.0, 0, 0, 0]), np.array([9.0, 9, 1, 3])
    >>> shares([children, people], np.array([0, 0, 1, 1]), 2)
    (array([1.  , 0.  , 0.25, 0.75]), array([0, 1]))
    """
    share = np.zeros(len(group))
    used = np.full(groups, len(weights), dtype=np.int64)
    left = np.ones(groups, dtype=np.bool_)
    for rank, weight in enumerate([*weights, np.ones(len(group))]):
        total = np.bincount(group, weight, groups)
        now = left & (total > 0)
        here = now[group]
        share[here] = weight[here] / total[group[here]]
        used[now] = rank
        left &= ~now
    return share, used


def filled(weight: Floats, basis: Floats, group: Ints, groups: int) -> Floats:
    """Replace unknown weights (NaN) by those of a basis, at the rate of what is known around.

    Parameters
    ----------
    weight, basis : by place; the basis is known everywhere
    group : by place; where a group knows nothing, the rate of all groups holds
    """
    known = ~np.isnan(weight)
    if known.all():
        return weight
    top = np.bincount(group[known], weight[known], groups)
    below = np.bincount(group[known], basis[known], groups)
    whole = top.sum() / below.sum() if below.sum() > 0 else 1.0
    rate = np.divide(top, below, out=np.full(groups, whole), where=below > 0)
    return np.where(known, weight, basis * rate[group])


def exact_parts(total: float, share: Floats) -> Floats:
    """Share out a total so that its parts add up to it exactly (`math.fsum`).

    Parameters
    ----------
    total : people, not negative
    share : by place, summing to 1

    Raises
    ------
    DataError
        If the total is negative or no number.
    """
    _check(total)
    parts = total * share
    for _ in range(8):
        if math.fsum(parts) == total:
            break
        off = math.fsum([total, *(-parts)])
        # the largest part that is fine enough to bear so small a change
        able = (np.spacing(parts) <= abs(off)) & (parts + off >= 0)
        at = np.argmax(np.where(able, parts, -1.0)) if able.any() else np.argmax(parts)
        parts[int(at)] += off
    return parts


def whole_parts(total: int, share: Floats) -> Ints:
    """Share out a whole number in whole numbers: the largest remainders take what is left.

    Parameters
    ----------
    total : people, not negative
    share : by place, summing to 1; on equal remainders the first place takes

    Raises
    ------
    DataError
        If the total is negative or no number.

    Notes
    -----
    Each part is its quota ``total × share`` rounded down or up (the quota rule); no other
    whole parts are nearer to the quotas, in the sum of the absolute differences.

    References
    ----------
    Balinski & Young (1982), Fair Representation, Yale University Press (Hamilton's method).

    Examples
    --------
    >>> whole_parts(5, np.array([0.45, 0.3, 0.25]))
    array([2, 2, 1])
    """
    _check(total)
    quota = total * share
    parts = np.floor(quota + _SLACK).astype(np.int64)
    left = int(total) - int(parts.sum())
    order = np.lexsort((np.arange(len(share)), -np.round(quota - parts, 9)))
    parts[order[:left]] += 1
    return parts


def _check(total: float) -> None:
    if not (total >= 0 and math.isfinite(total)):
        raise DataError([Defect("population", "people_negative", value=str(total))])
