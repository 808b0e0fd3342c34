"""The sharing of supply, compiled; `sharing` has the same in plain numpy, number for number."""

import numpy as np
import numpy.typing as npt

from ctg_geo.travel.hierarchy.compiled import kernel

__all__ = ["share_out"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]


_TO_WHOLE = 6_755_399_441_055_744.0  # 1.5 × 2⁵²: what is added to it is rounded, halves to even


@kernel
def share_out(
    start: Longs,
    to: Ints,
    time_ms: Ints,
    slower: Floats,
    people: Floats,
    supply: Floats,
    table: Floats,
    near: Ints,
    weight: Floats,
    access: Floats,
) -> None:
    """Write the access of each origin.

    `table` ends with a weight of 0, that of all that is farther. `near` and `weight` (by pair, and
    one more) are room to work in: the pairs within reach are set apart there without a branch,
    for few are, and their weights are read after, for it is that reading which takes long.
    Sums run in the order of the pairs, as those of `numpy.bincount`.
    """
    rows, beyond = len(start) - 1, len(table) - 1
    reached = np.zeros(len(supply))
    ends = np.empty(rows, dtype=np.int64)
    kept = 0
    for row in range(rows):
        factor, here, first = slower[row], people[row], kept
        for pair in range(start[row], start[row + 1]):
            millisecond = (time_ms[pair] * factor + _TO_WHOLE) - _TO_WHOLE
            near[kept], weight[kept] = to[pair], millisecond
            kept += millisecond < beyond
        for pair in range(first, kept):
            each = table[np.int64(weight[pair])]
            weight[pair] = each
            reached[near[pair]] += here * each
        ends[row] = kept
    ratio = np.zeros(len(supply))
    for place in range(len(supply)):
        if reached[place] > 0:
            ratio[place] = supply[place] / reached[place]
    kept = 0
    for row in range(rows):
        total = 0.0
        for pair in range(kept, ends[row]):
            total += ratio[near[pair]] * weight[pair]
        kept = ends[row]
        access[row] = total
