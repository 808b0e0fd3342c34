"""One sweep for all sources together: the nearest of them for every target, or the k nearest.

A time and the number of its source share one word of 64 bits, so that the lesser word is the
earlier arrival, and of equal times the lower number.
"""

import numpy as np
import numpy.typing as npt

from ctg_geo.travel.hierarchy.compiled import FAR, kernel
from ctg_geo.travel.hierarchy.sweep import NO_ROUTE_MS

__all__ = ["ID_BITS", "NONE", "arrived", "climbed", "fallen", "joined", "nearest"]

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]

ID_BITS = 24
NONE = FAR << ID_BITS
_ID = (1 << ID_BITS) - 1


@kernel
def climbed(
    climb: tuple[Longs, Ints, Ints],
    seat: Ints,
    source: tuple[Ints, Ints, Ints],
    found: Ints,
    high: Longs,
    best: Longs,
) -> None:
    """Bring the sources (number, position, time) to the seats above them, the rest to none.

    Parameters
    ----------
    found : the positions of the sources and all above them, the deepest last
    high : work space, words by position
    best : words by seat, written
    """
    number, position, time = source
    first, above, times = climb
    for s in range(len(best)):
        best[s] = NONE
    for p in found:
        high[p] = NONE
    for leg in range(len(position)):
        word = (np.int64(time[leg]) << ID_BITS) + number[leg]
        high[position[leg]] = min(high[position[leg]], word)
    for i in range(len(found) - 1, -1, -1):
        p = found[i]
        if seat[p] >= 0:
            best[seat[p]] = high[p]
        for a in range(first[p], first[p + 1]):
            q = above[a]
            high[q] = min(high[q], high[p] + (np.int64(times[a]) << ID_BITS))


@kernel
def fallen(begin: Ints, end: Ints, fall: tuple[Longs, Ints, Ints], best: Longs) -> None:
    """Sweep down over some ranges of seats, in their order."""
    first, above, times = fall
    for piece in range(len(begin)):
        for s in range(begin[piece], end[piece]):
            here = best[s]
            for a in range(first[s], first[s + 1]):
                here = min(here, best[above[a]] + (np.int64(times[a]) << ID_BITS))
            best[s] = here


@kernel
def arrived(
    best: Longs,
    target: tuple[Ints, Ints, Ints, Ints, Ints],
    lone: bool,  # noqa: FBT001
    number: Ints,
    time: Ints,
) -> None:
    """Write the nearest source of points that hang on one or two seats, and its time."""
    order, seat1, added1, seat2, added2 = target
    for i in range(len(seat1)):
        word = best[seat1[i]] + (np.int64(added1[i]) << ID_BITS)
        if not lone:
            word = min(word, best[seat2[i]] + (np.int64(added2[i]) << ID_BITS))
        there = word < NONE
        number[order[i]] = np.int32(word & _ID) if there else np.int32(-1)
        time[order[i]] = np.int32(word >> ID_BITS) if there else np.int32(NO_ROUTE_MS)


@kernel
def nearest(
    climb: tuple[Longs, Ints, Ints],
    fall: tuple[Longs, Ints, Ints],
    seat: Ints,
    source: tuple[Ints, Ints, Ints],
    found: Ints,
    place: Ints,
    high: Longs,
    best: Longs,
    k: int,
) -> None:
    """Write the k nearest sources of every seat into `best`, seats × k, flat.

    Sorted; each source once; `FAR` in the times where there is none.

    Parameters
    ----------
    found : the positions of the sources and all above them, the deepest last
    place : work space, by position
    high, best : words by found position × k and by seat × k, none at first
    """
    number, position, time = source
    up_first, up_above, up_time = climb
    first, above, times = fall
    for i in range(len(found)):
        place[found[i]] = i
    for leg in range(len(position)):
        word = (np.int64(time[leg]) << ID_BITS) + number[leg]
        _put_in(high, place[position[leg]] * k, k, word)
    for i in range(len(found) - 1, -1, -1):
        p = found[i]
        for a in range(up_first[p], up_first[p + 1]):
            there = place[up_above[a]] * k
            _pass_on(high, i * k, np.int64(up_time[a]) << ID_BITS, high, there, k)
        if seat[p] >= 0:
            _pass_on(high, i * k, np.int64(0), best, seat[p] * k, k)
    for s in range(len(first) - 1):
        for a in range(first[s], first[s + 1]):
            _pass_on(best, above[a] * k, np.int64(times[a]) << ID_BITS, best, s * k, k)


@kernel
def joined(best: Longs, target: tuple[Ints, Ints, Ints, Ints, Ints], k: int, found: Longs) -> None:
    """Write the k nearest sources of points that hang on one or two seats, points × k, flat."""
    order, seat1, added1, seat2, added2 = target
    for i in range(len(seat1)):
        _pass_on(best, seat1[i] * k, np.int64(added1[i]) << ID_BITS, found, order[i] * k, k)
        if added2[i] < FAR:
            _pass_on(best, seat2[i] * k, np.int64(added2[i]) << ID_BITS, found, order[i] * k, k)


@kernel
def _pass_on(given: Longs, there: int, added: np.int64, kept: Longs, here: int, k: int) -> None:
    """Put the list given[there:there + k], later by `added`, into kept[here:here + k]."""
    for i in range(k):
        value = given[there + i] + added
        if value >= kept[here + k - 1]:
            return
        _put_in(kept, here, k, value)


@kernel
def _put_in(kept: Longs, here: int, k: int, value: np.int64) -> None:
    """Put a value into a sorted list: each source once, with its least time."""
    source = value & ((1 << ID_BITS) - 1)
    at = k - 1
    for i in range(k):
        if kept[here + i] >> ID_BITS == FAR:
            at = i
            break
        if kept[here + i] & ((1 << ID_BITS) - 1) == source:
            at = i
            break
    if value >= kept[here + at]:
        return
    while at > 0 and kept[here + at - 1] > value:
        kept[here + at] = kept[here + at - 1]
        at -= 1
    kept[here + at] = value
