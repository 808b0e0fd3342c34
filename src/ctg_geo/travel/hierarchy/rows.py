"""Dense times become rows of the pairs that exist."""

import numpy as np
import numpy.typing as npt

from ctg_geo.travel.hierarchy.compiled import kernel
from ctg_geo.travel.hierarchy.sweep import NO_ROUTE_MS

__all__ = ["compressed"]

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]


def compressed(times: Ints) -> tuple[Longs, Ints, Ints]:
    """Return the start of each row, and column and milliseconds of each pair with a route.

    Parameters
    ----------
    times : origins × destinations, `NO_ROUTE_MS` where there is no route
    """
    count = _counted(times)
    start = np.concatenate(([0], np.cumsum(count))).astype(np.int64)
    to, time_ms = _listed(times, start)
    return start, to, time_ms


@kernel
def _counted(times: Ints) -> Longs:
    count = np.zeros(times.shape[0], np.int64)
    for i in range(times.shape[0]):
        for j in range(times.shape[1]):
            count[i] += times[i, j] != NO_ROUTE_MS
    return count


@kernel
def _listed(times: Ints, start: Longs) -> tuple[Ints, Ints]:
    to = np.empty(start[-1], np.int32)
    time_ms = np.empty(start[-1], np.int32)
    for i in range(times.shape[0]):
        at = start[i]
        for j in range(times.shape[1]):
            if times[i, j] != NO_ROUTE_MS:
                to[at] = j
                time_ms[at] = times[i, j]
                at += 1
    return to, time_ms
