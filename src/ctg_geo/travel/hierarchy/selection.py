"""The part of a hierarchy above some targets, and how two threads may share a sweep over it."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from ctg_geo.travel.hierarchy.compiled import kernel
from ctg_geo.travel.hierarchy.metric import Half

__all__ = ["Selection", "Shares", "forebears", "restricted", "shared"]

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Shares = tuple[Ints, tuple[tuple[Ints, Ints], ...]]

_ALONE = 100_000  # seats: a sweep over fewer is over before a thread has started
_PIECES = 32  # a subtree stays whole if it has at most this part of the seats
_SHARES = 12


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Selection:
    """The part of a hierarchy above some targets: all that a sweep to them passes.

    `seat` numbers its positions 0, 1, ... from the top (-1: not a part), and the links
    below are between seats.
    """

    seat: Ints  # by position
    first: Longs  # by seat + 1
    above: Ints  # by link, seat
    time_ms: Ints

    @property
    def links(self) -> tuple[Longs, Ints, Ints]:
        """The three arrays of links, as the kernels take them."""
        return self.first, self.above, self.time_ms

    @property
    def seats(self) -> int:
        """Number of positions in the part."""
        return len(self.first) - 1


def restricted(parent: Ints, fall: Half, targets: Ints) -> Selection:
    """Select the part above target positions, with the links that lead down to them."""
    seat = np.full(len(parent), -1, np.int32)
    _above(parent, targets, seat)
    position = np.flatnonzero(seat >= 0)
    taken = len(position)
    seat[position] = np.arange(taken, dtype=np.int32)
    if taken == len(parent):
        return Selection(seat, fall.first, fall.above, fall.time_ms)
    count = fall.first[position + 1] - fall.first[position]
    first = np.concatenate(([0], np.cumsum(count))).astype(np.int64)
    link = np.arange(first[-1]) + np.repeat(fall.first[position] - first[:-1], count)
    return Selection(seat, first, seat[fall.above[link]], fall.time_ms[link])


def shared(parent: Ints, seat: Ints, seats: int) -> Shares:
    """Part a sweep: a node's links lead to its forebears, so subtrees do not touch each other.

    Returns
    -------
    the seats to be swept first, each above the next; and shares of the rest, ranges of seats
    (firsts, lasts + 1), that may be swept beside each other after that
    """
    if seats < _ALONE:
        whole = np.array([0], np.int32), np.array([seats], np.int32)
        return np.empty(0, np.int32), (whole,)
    up = parent[seat >= 0]
    size = np.ones(seats, np.int32)
    top, begin, end = (np.empty(seats, np.int32) for _ in range(3))
    most = max(1, seats // _PIECES)
    tops, pieces = _cut(np.where(up >= 0, seat[up], -1), size, most, top, begin, end)
    begin, end = begin[:pieces], end[:pieces]
    part = (np.cumsum(end - begin) - 1) * _SHARES // seats
    cuts = [0, *(np.flatnonzero(np.diff(part)) + 1).tolist(), int(pieces)]
    return top[:tops].copy(), tuple(
        (begin[lo:hi].copy(), end[lo:hi].copy()) for lo, hi in pairwise(cuts) if lo < hi
    )


@kernel
def _above(parent: Ints, targets: Ints, seat: Ints) -> None:
    for p in targets:
        q = p
        while q >= 0 and seat[q] < 0:
            seat[q] = 0
            q = parent[q]


@kernel
def _cut(
    up: Ints, size: Ints, most: int, top: Ints, begin: Ints, end: Ints
) -> tuple[np.int64, np.int64]:
    """List the seats above all subtrees of at most `most` seats, and these, in order."""
    for s in range(len(up) - 1, -1, -1):
        if up[s] >= 0:
            size[up[s]] += size[s]
    tops, pieces = np.int64(0), np.int64(0)
    s = 0
    while s < len(up):
        if size[s] > most:
            top[tops] = s
            tops += 1
            s += 1
            continue
        after = s + size[s]
        if pieces and end[pieces - 1] == s and after - begin[pieces - 1] <= most:
            end[pieces - 1] = after
        else:
            begin[pieces] = s
            end[pieces] = after
            pieces += 1
        s = after
    return tops, pieces


@kernel
def forebears(parent: Ints, positions: Ints, seen: Flags, found: Ints) -> np.int64:
    """List the positions and all above them once, in no order; `seen` is left set."""
    count = np.int64(0)
    for p in positions:
        q = p
        while q >= 0 and not seen[q]:
            seen[q] = True
            found[count] = q
            count += 1
            q = parent[q]
    return count
