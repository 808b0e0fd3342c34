"""Dense times become rows of the pairs that exist."""

import numpy as np
import numpy.typing as npt

from ctg_geo.travel.hierarchy.compiled import kernel
from ctg_geo.travel.hierarchy.room import Room
from ctg_geo.travel.hierarchy.sweep import NO_ROUTE_MS
from ctg_geo.travel.hierarchy.together import processors, together

__all__ = ["compressed"]

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]

_PARTS = 4  # a thread
_ALONE = 1_000_000  # cells: fewer are listed before a thread has started

_columns, _times = Room(), Room()


def compressed(times: Ints, *, gaps: bool) -> tuple[Longs, Ints, Ints]:
    """Return the start of each row, and column and milliseconds of each pair with a route.

    Parameters
    ----------
    times : origins × destinations, `NO_ROUTE_MS` where there is no route
    gaps : whether some pair is likely to have none
    """
    rows = len(times)
    parts = 1 if times.size < _ALONE else _PARTS * processors()
    cuts = [rows * part // parts for part in range(parts + 1)]
    found = None if gaps else _complete(times, cuts)
    return _with_gaps(times, cuts) if found is None else found


def _complete(times: Ints, cuts: list[int]) -> tuple[Longs, Ints, Ints] | None:
    """List the pairs in one pass if all are there; None at the first that is not."""
    rows, columns = times.shape
    to, time_ms = _columns.take(times.size), _times.take(times.size)
    whole = [False] * (len(cuts) - 1)

    def listed(part: int, _: int) -> None:
        whole[part] = _all_listed(times, cuts[part], cuts[part + 1], to, time_ms)

    together(listed, len(whole), processors())
    return (np.arange(rows + 1, dtype=np.int64) * columns, to, time_ms) if all(whole) else None


def _with_gaps(times: Ints, cuts: list[int]) -> tuple[Longs, Ints, Ints]:
    """Count the pairs of each row, then list them."""
    parts, workers = len(cuts) - 1, processors()
    count = np.empty(len(times), np.int64)

    def counted(part: int, _: int) -> None:
        some = slice(cuts[part], cuts[part + 1])
        count[some] = (times[some] != NO_ROUTE_MS).view(np.int8).sum(axis=1, dtype=np.int32)

    together(counted, parts, workers)
    start = np.concatenate(([0], np.cumsum(count))).astype(np.int64)
    to, time_ms = np.empty(start[-1], np.int32), np.empty(start[-1], np.int32)
    together(
        lambda part, _: _listed(times, cuts[part], cuts[part + 1], start, to, time_ms),
        parts, workers,
    )  # fmt: skip
    return start, to, time_ms


@kernel
def _all_listed(times: Ints, lo: int, hi: int, to: Ints, time_ms: Ints) -> bool:
    """List the pairs of some rows as if all were there; tell of the first that is not, and stop."""
    columns = times.shape[1]
    for i in range(lo, hi):
        at, most = i * columns, np.int32(0)
        for j in range(columns):
            to[at + j] = j
            time_ms[at + j] = times[i, j]
            most = max(most, times[i, j])
        if most == NO_ROUTE_MS:
            return False
    return True


@kernel
def _listed(times: Ints, lo: int, hi: int, start: Longs, to: Ints, time_ms: Ints) -> None:
    """List the pairs of some rows that there are."""
    columns = times.shape[1]
    for i in range(lo, hi):
        at, end = start[i], start[i + 1]
        for j in range(columns):
            if at < end:  # nearly always: written first, counted after, since none can guess
                to[at] = j
                time_ms[at] = times[i, j]
                at += times[i, j] != NO_ROUTE_MS
