"""Dense times become rows of the pairs that exist."""

import numpy as np
import numpy.typing as npt

from ctg_geo.travel.hierarchy.compiled import kernel
from ctg_geo.travel.hierarchy.sweep import NO_ROUTE_MS
from ctg_geo.travel.hierarchy.together import processors, together

__all__ = ["compressed"]

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]

_PARTS = 4  # a thread
_ALONE = 1_000_000  # cells: fewer are listed before a thread has started


def compressed(times: Ints) -> tuple[Longs, Ints, Ints]:
    """Return the start of each row, and column and milliseconds of each pair with a route.

    Parameters
    ----------
    times : origins × destinations, `NO_ROUTE_MS` where there is no route
    """
    rows = len(times)
    workers = processors()
    parts = 1 if times.size < _ALONE else _PARTS * workers
    cuts = [rows * part // parts for part in range(parts + 1)]
    count = np.empty(rows, np.int64)

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
def _listed(times: Ints, lo: int, hi: int, start: Longs, to: Ints, time_ms: Ints) -> None:
    columns = times.shape[1]
    for i in range(lo, hi):
        at, end = start[i], start[i + 1]
        if end - at == columns:
            for j in range(columns):
                to[at + j] = j
                time_ms[at + j] = times[i, j]
            continue
        for j in range(columns):
            if at < end:  # nearly always: written first, counted after, since none can guess
                to[at] = j
                time_ms[at] = times[i, j]
                at += times[i, j] != NO_ROUTE_MS
