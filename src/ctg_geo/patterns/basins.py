"""Hollows of a surface over places that touch: each with the places that slope down to it.

Areas below a norm often form one chain across a territory. What an official looks for are the
hollows of access in it. A place belongs to the hollow that the steepest way down leads to, and a
hollow that is hardly deeper than the pass to a deeper one is no hollow of its own; nor is one of
few people.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from scipy.sparse import csr_array

__all__ = ["Basins", "basins"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_ROUNDED = 9  # decimals of a depth: less is the order that sums were added in


@dataclass(frozen=True, slots=True, eq=False)
class Basins:
    """Which hollow each place belongs to, and how firmly hollows stand apart.

    `bottom` by place: the place that is the bottom of its hollow. By bottom, `prominence` is how
    much deeper it is than the pass to the hollow it would join, `joins` the bottom of that one;
    the deepest of each piece joins none (-1), and its prominence is its depth.
    """

    bottom: Ints
    prominence: dict[int, float]
    joins: dict[int, int]


def basins(
    depth: Floats,
    touching: "csr_array",
    *,
    prominence: float,
    weight: Floats | None = None,
    least: float = 0.0,
) -> Basins:
    """Cut places into hollows by how deep they are (ToMATo).

    Parameters
    ----------
    depth : by place, not negative; places in the order of their names
    touching : places × places, symmetric: which are neighbours
    prominence : a hollow less deep than this below the pass to a deeper one is part of that one
    weight, least : by place, its people; a hollow of fewer people than `least` is then part of the
        one it meets over the deepest pass, the smallest hollow first

    Notes
    -----
    There is one hollow for each piece of the graph, and one for each finite interval at least
    `prominence` long of the persistence diagram of depth over it. That diagram is stable: a
    change of every depth by less than ε moves no length by more than 2 ε. Of equal depths the
    first place goes first, so that names decide, never the order of rows. With a prominence
    beyond every depth there is one a piece.

    References
    ----------
    Chazal, Guibas, Oudot & Skraba (2013), Persistence-based clustering in Riemannian manifolds,
    Journal of the ACM 60(6), doi:10.1145/2535927.

    Examples
    --------
    Five places in a row; the pass between the bottoms 0.9 and 0.6 is 0.2 deep:

    >>> from scipy.sparse import csr_array
    >>> row = csr_array(np.eye(5, k=1) + np.eye(5, k=-1))
    >>> found = basins(np.array([0.5, 0.9, 0.2, 0.6, 0.1]), row, prominence=0.3)
    >>> found.bottom.tolist(), found.prominence[3].__round__(3), found.joins
    ([1, 1, 1, 3, 3], 0.4, {1: -1, 3: 1})
    >>> basins(np.array([0.5, 0.9, 0.2, 0.6, 0.1]), row, prominence=0.5).bottom.tolist()
    [1, 1, 1, 1, 1]
    """
    deep = np.round(depth, _ROUNDED)
    order = np.lexsort((np.arange(len(deep)), -deep))
    place = np.empty(len(deep), dtype=np.int64)
    place[order] = np.arange(len(deep))
    near = touching.tocsr()
    parent = np.arange(len(deep))
    for here in order:
        around = near.indices[near.indptr[here] : near.indptr[here + 1]]
        deeper = sorted((int(each) for each in around if place[each] < place[here]),
                        key=lambda each: place[each])  # fmt: skip
        if not deeper:
            continue
        parent[here] = _root(parent, deeper[0])
        for other in deeper[1:]:
            first, second = sorted((_root(parent, int(here)), _root(parent, other)),
                                   key=lambda each: place[each])  # fmt: skip
            if first != second and round(deep[second] - deep[here], _ROUNDED) < prominence:
                parent[second] = first
    bottom = np.array([_root(parent, at) for at in range(len(deep))], dtype=np.int64)
    one, two, level = _borders(deep, near)
    if weight is not None and least > 0:
        bottom = _without_slight(bottom, weight, least, place, (one, two, level))
    return Basins(bottom, *_passes(deep, place, bottom, (one, two, level)))


def _root(parent: Ints, at: int) -> int:
    """Follow parents to a bottom, and shorten the way for the next."""
    root = at
    while parent[root] != root:
        root = int(parent[root])
    while parent[at] != root:
        parent[at], at = root, int(parent[at])
    return root


def _borders(deep: Floats, near: "csr_array") -> tuple[Ints, Ints, Floats]:
    """Return the pairs of neighbours, each once, and the depth of the pass between them."""
    pairs = near.tocoo()
    one, two = (np.asarray(each, dtype=np.int64) for each in pairs.coords)
    one, two = one[one < two], two[one < two]
    return one, two, np.minimum(deep[one], deep[two])


def _without_slight(
    bottom: Ints, weight: Floats, least: float, place: Ints, borders: tuple[Ints, Ints, Floats]
) -> Ints:
    """Join hollows of few people to the one beyond their deepest pass, the smallest first."""
    one, two, level = borders
    found = bottom.copy()
    while True:
        people = np.bincount(found, weight, len(found))
        ends = found[one] != found[two]
        small = [each for each in {*found[one[ends]].tolist(), *found[two[ends]].tolist()}
                 if people[each] < least]  # fmt: skip
        if not small:
            return found
        slight = min(small, key=lambda each: (people[each], place[each]))
        out = ends & ((found[one] == slight) | (found[two] == slight))
        beyond = np.where(found[one[out]] == slight, found[two[out]], found[one[out]])
        other = int(beyond[np.lexsort((place[beyond], -level[out]))[0]])
        deeper, joined = sorted((slight, other), key=lambda each: place[each])
        found[found == joined] = deeper


def _passes(
    deep: Floats, place: Ints, bottom: Ints, borders: tuple[Ints, Ints, Floats]
) -> tuple[dict[int, float], dict[int, int]]:
    """Join hollows over the deepest passes first, and note how each was joined to a deeper one."""
    one, two, level = borders
    over = bottom[one] != bottom[two]
    one, two, level = one[over], two[over], level[over]
    parent = np.arange(len(deep))
    bottoms = sorted({int(each) for each in bottom}, key=lambda each: place[each])
    prominence = {each: float(deep[each]) for each in bottoms}
    joins = dict.fromkeys(bottoms, -1)
    for at in np.lexsort((two, one, -level)):
        first, second = sorted(
            (_root(parent, int(bottom[one[at]])), _root(parent, int(bottom[two[at]]))),
            key=lambda each: place[each],
        )
        if first != second:
            parent[second] = first
            prominence[second] = float(deep[second] - level[at])
            joins[second] = first
    return prominence, joins
