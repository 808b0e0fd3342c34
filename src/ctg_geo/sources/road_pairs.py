"""Which two arcs are the two directions of one street."""

from collections.abc import Hashable, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import shapely

__all__ = ["NO_ARC", "pairs"]

NO_ARC: Final = -1  # as in `network`

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Sides = dict[Hashable, tuple[list[int], list[int]]]


def pairs(
    tail: Ints,
    head: Ints,
    shapes: npt.NDArray[np.object_],
    streets: Sequence[str],
    *,
    against: Bools,
    seconds: Floats | None,
) -> tuple[Ints, Ints]:
    """Pair opposite arcs that follow the same line.

    Parameters
    ----------
    tail, head : by arc, node numbers
    shapes : by arc, its line from tail to head; None where it is straight
    streets : by arc, the street it belongs to: arcs of one street pair first
    against : by arc, whether it goes against the way its street was drawn
    seconds : by arc, or None; of equal arcs, the n-th fastest pairs with the n-th fastest

    Returns
    -------
    forward, backward : by edge, in the order of their first arc; `NO_ARC` where there is none

    Notes
    -----
    Arcs of one street that follow different lines (the halves of a roundabout) are two
    edges. A loop without a line is an edge of its own: nothing tells its way round.
    """
    line, turned = _lines(tail, head, shapes, against)
    time = np.zeros(len(tail)) if seconds is None else seconds
    order = np.lexsort((np.arange(len(tail)), time))
    partner = np.full(len(tail), NO_ARC, dtype=np.int64)
    for by_street in (True, False):
        sides: Sides = {}
        for at in order:
            if partner[at] == NO_ARC and (tail[at] != head[at] or line[at]):
                ends = (min(tail[at], head[at]), max(tail[at], head[at]))
                key = (*ends, line[at], streets[at] if by_street else "")
                sides.setdefault(key, ([], []))[int(turned[at])].append(int(at))
        for there, back in sides.values():
            for one, other in zip(there, back, strict=False):
                partner[one], partner[other] = other, one
    numbers = np.arange(len(tail))
    first = numbers[(partner == NO_ARC) | (numbers < partner)]
    other = partner[first]
    swap = (other != NO_ARC) & against[first] & ~against[other]
    return np.where(swap, other, first), np.where(swap, first, other)


def _lines(
    tail: Ints, head: Ints, shapes: npt.NDArray[np.object_], against: Bools
) -> tuple[list[bytes], Bools]:
    """Return the line of each arc from its lower node, and whether the arc goes against it.

    A loop is told from the smaller of its line and its line reversed; one that comes back
    the way it went, from `against`.
    """
    drawn = ~shapely.is_missing(shapes)
    turned = tail > head
    ahead = np.full(len(tail), b"", dtype=object)
    back = ahead.copy()
    ahead[drawn] = shapely.to_wkb(shapes[drawn])
    back[drawn] = shapely.to_wkb(shapely.reverse(shapes[drawn]))
    loops = np.flatnonzero((tail == head) & drawn)
    turned[loops] = [against[at] if back[at] == ahead[at] else back[at] < ahead[at] for at in loops]
    return list(np.where(turned, back, ahead)), turned
