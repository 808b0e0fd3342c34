"""Loops over pairs, compiled: a weight is looked up as it is used, and no pair is copied.

Weights stand in a table. A time (milliseconds) finds its place by the number of bounds it is
beyond, four at most, or, where it has no bounds, by itself; the last place is for all that is
longer. Indices are unsigned, for a signed one is first asked whether it counts from the end.
"""

import numpy as np
import numpy.typing as npt

from ctg_geo.travel.hierarchy.compiled import kernel

__all__ = ["gathered", "gathered_by_zone", "scattered", "scattered_by_zone"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.integer]
Pairs = tuple[Ints, Ints, Ints]  # start, to, time_ms


@kernel
def _first_from(to: Ints, low: int, high: int, site: int) -> int:
    """Find the first pair of a row whose destination is `site` or comes after it."""
    while low < high:
        middle = (low + high) // 2
        if to[middle] < site:
            low = middle + 1
        else:
            high = middle
    return low


@kernel
def scattered(
    sites: tuple[int, int], pairs: Pairs, table: Floats, amount: Floats, out: Floats
) -> None:
    """Add to `out`, for a range of destinations, the amounts of all origins in order, weighted."""
    start, to, time_ms = pairs
    last = len(table) - 1
    for i in range(len(start) - 1):
        if amount[i] == 0:
            continue
        for k in range(_first_from(to, start[i], start[i + 1], sites[0]), start[i + 1]):
            if to[k] >= sites[1]:
                break
            out[np.uint64(to[k])] += table[np.uint64(min(time_ms[k], last))] * amount[i]


@kernel
def gathered(
    rows: tuple[int, int], pairs: Pairs, table: Floats, amount: Floats, out: Floats
) -> None:
    """Write, for a range of origins, the sum of the amounts of destinations, weighted."""
    start, to, time_ms = pairs
    last = len(table) - 1
    for i in range(rows[0], rows[1]):
        total = 0.0
        for k in range(start[i], start[i + 1]):
            total += table[np.uint64(min(time_ms[k], last))] * amount[np.uint64(to[k])]
        out[i] = total


@kernel
def scattered_by_zone(
    sites: tuple[int, int],
    pairs: Pairs,
    weigh: tuple[tuple[int, int, int, int], Floats],
    amount: Floats,
    out: Floats,
) -> None:
    """Do as `scattered`, with bounds."""
    start, to, time_ms = pairs
    (one, two, three, four), table = weigh
    for i in range(len(start) - 1):
        if amount[i] == 0:
            continue
        for k in range(_first_from(to, start[i], start[i + 1], sites[0]), start[i + 1]):
            if to[k] >= sites[1]:
                break
            t = time_ms[k]
            zone = np.uint64(t > one) + np.uint64(t > two) + np.uint64(t > three)
            out[np.uint64(to[k])] += table[zone + np.uint64(t > four)] * amount[i]


@kernel
def gathered_by_zone(
    rows: tuple[int, int],
    pairs: Pairs,
    weigh: tuple[tuple[int, int, int, int], Floats],
    amount: Floats,
    out: Floats,
) -> None:
    """Do as `gathered`, with bounds."""
    start, to, time_ms = pairs
    (one, two, three, four), table = weigh
    for i in range(rows[0], rows[1]):
        total = 0.0
        for k in range(start[i], start[i + 1]):
            t = time_ms[k]
            zone = np.uint64(t > one) + np.uint64(t > two) + np.uint64(t > three)
            total += table[zone + np.uint64(t > four)] * amount[np.uint64(to[k])]
        out[i] = total
