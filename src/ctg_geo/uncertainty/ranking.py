"""Ranks in every draw, and the communes whose order is not settled."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from ctg_geo.uncertainty.throwing import Found

__all__ = ["levels", "ranks", "too_close", "weight"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

_LAST = -1.0  # the gap of a commune whose own is not to be told: after all others


def weight(found: Found, hidden: Bools) -> Floats:
    """Return what communes are ranked by in each draw: their gap; those hidden come last."""
    return np.where(hidden, _LAST, found.gap)


def ranks(found: Found, hidden: Bools) -> Ints:
    """Rank of each commune in each draw, 1 the worst: by gap, then score, then code.

    Parameters
    ----------
    found : draws × communes
    hidden : by commune, whether its gap is not to be told

    Returns
    -------
    draws × communes, as the plain diagnosis ranks them
    """
    order = _order(found, hidden)
    place = np.empty_like(order)
    np.put_along_axis(place, order, np.arange(1, order.shape[1] + 1), axis=1)
    return place


def levels(found: Found, hidden: Bools) -> Ints:
    """How many communes are strictly worse in each draw: equals have the same number."""
    order, gap = _order(found, hidden), weight(found, hidden)
    ordered = [np.take_along_axis(each, order, axis=1) for each in (gap, found.score)]
    step = np.zeros(order.shape, dtype=bool)
    for each in ordered:
        step[:, 1:] |= each[:, 1:] != each[:, :-1]
    level = np.maximum.accumulate(np.where(step, np.arange(order.shape[1]), 0), axis=1)
    found_level = np.empty_like(order)
    np.put_along_axis(found_level, order, level, axis=1)
    return found_level


def too_close(level: Ints, ranked: Bools, *, confidence: float) -> tuple[Ints, Ints]:
    """Group the communes whose order is not settled.

    The order of two communes is settled where one is worse than the other in at least
    `confidence` of the draws, a draw where they are equal counting half for each. Communes
    that a chain of unsettled pairs links are in one group: all orders between groups are
    settled, and no order of rows or codes changes a group.

    Parameters
    ----------
    level : draws × communes, see `levels`
    ranked : by commune, whether it takes part
    confidence : 0.5 < confidence < 1

    Returns
    -------
    by commune: number of its group (the worst is 1; 0 where it is alone or takes no part), and
    with how many others its order is not settled

    Examples
    --------
    The first two swap in half of the draws; the third always comes last.

    >>> level = np.array([[0, 1, 2], [1, 0, 2]])
    >>> too_close(level, np.ones(3, dtype=bool), confidence=0.95)
    (array([1, 1, 0]), array([1, 1, 0]))
    """
    from scipy.sparse import csr_array  # noqa: PLC0415  (heavy)
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415  (heavy)

    count = level.shape[1]
    unsettled = np.zeros((count, count), dtype=bool)
    for one in np.flatnonzero(ranked):
        mine = level[:, [one]]
        worse = ((mine < level).mean(axis=0)) + (mine == level).mean(axis=0) / 2
        unsettled[one] = ranked & (worse < confidence) & (worse > 1 - confidence)
        unsettled[one, one] = False
    unsettled |= unsettled.T
    _, label = connected_components(csr_array(unsettled), directed=False)
    table = pd.DataFrame({"label": label, "level": level.mean(axis=0), "ranked": ranked})
    sized = table[ranked].groupby("label")["level"].agg(["size", "min"])
    several = sized[sized["size"] > 1].sort_values("min", kind="stable")
    number = dict(zip(several.index, range(1, len(several) + 1), strict=True))
    group = np.array([number.get(each, 0) for each in label], dtype=np.int64)
    return np.where(ranked, group, 0), unsettled.sum(axis=1)


def _order(found: Found, hidden: Bools) -> Ints:
    code = np.broadcast_to(np.argsort(np.argsort(found.codes.to_numpy())), found.gap.shape)
    keys = (code, -found.score, -weight(found, hidden))
    return np.asarray(np.lexsort(keys, axis=1), dtype=np.int64)
