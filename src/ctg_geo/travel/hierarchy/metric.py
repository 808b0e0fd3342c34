"""A metric on a shape: the fastest time of every link, for one set of arc times."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ctg_geo.travel.hierarchy.compiled import FAR, kernel
from ctg_geo.travel.hierarchy.shape import Shape

__all__ = [
    "Half",
    "Metric",
    "State",
    "all_times",
    "customised",
    "lower_triangles",
    "metric_of",
    "upper_triangles",
]

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Half:
    """Links of one direction that some fastest way needs, by position."""

    first: Longs
    above: Ints
    time_ms: Ints

    @property
    def parts(self) -> tuple[Longs, Ints, Ints]:
        """The three arrays, as the kernels take them."""
        return self.first, self.above, self.time_ms


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Metric:
    """A shape with times: `up` leads from a node to those above it, `down` back to it."""

    shape: Shape
    up: Half
    down: Half


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class State:
    """What a metric is made of, kept or not: the times of all links, at both stages.

    A link is needed where no way over a node above is faster than the ways below: where
    `low` and `best` are equal, and there is a way.
    """

    time_ms: Ints  # by arc, `FAR` where closed
    low_up: Ints  # by link, the fastest way over nodes below it
    low_down: Ints
    best_up: Ints  # by link, the fastest way of all
    best_down: Ints


def customised(shape: Shape, time_ms: npt.ArrayLike) -> Metric:
    """Give a shape the times of its arcs (milliseconds; `FAR` and beyond mean closed)."""
    return metric_of(shape, all_times(shape, time_ms))


def all_times(shape: Shape, time_ms: npt.ArrayLike) -> State:
    """Return the times of all links, at both stages, for the times of the arcs."""
    times = np.minimum(np.asarray(time_ms), FAR).astype(np.int32)
    up, down = (np.full(shape.links, FAR, np.int32) for _ in "ud")
    lower_triangles(shape.slot, times, shape.first, shape.above, up, down)
    low = up.copy(), down.copy()
    upper_triangles(0, shape.nodes, shape.first, shape.above, up, down)
    return State(times, *low, up, down)


def metric_of(shape: Shape, state: State) -> Metric:
    """Return the links that some fastest way needs."""
    up = _kept(shape, state.low_up, state.best_up)
    return Metric(shape, up, _kept(shape, state.low_down, state.best_down))


def _kept(shape: Shape, low: Ints, best: Ints) -> Half:
    keep = (low == best) & (best < FAR)
    before = np.zeros(len(keep) + 1, np.int64)
    np.cumsum(keep, out=before[1:])
    return Half(before[shape.first], shape.above[keep], best[keep])


@kernel
def lower_triangles(
    slot: Ints, times: Ints, first: Longs, above: Ints, up: Ints, down: Ints
) -> None:
    """Make the time of each link that of the fastest way over nodes below it."""
    for a in range(len(slot)):
        s = slot[a]
        if s >= 0 and s & 1:
            down[s >> 1] = min(down[s >> 1], times[a])
        elif s >= 0:
            up[s >> 1] = min(up[s >> 1], times[a])
    for p in range(len(first) - 2, -1, -1):
        lo, hi = first[p], first[p + 1]
        for j in range(lo + 1, hi):
            q = above[j]
            to_q, from_q = up[j], down[j]
            if to_q == FAR and from_q == FAR:
                continue
            at = first[q]
            for i in range(lo, j):
                while above[at] < above[i]:
                    at += 1
                up[at] = min(up[at], from_q + up[i])
                down[at] = min(down[at], down[i] + to_q)


@kernel
def upper_triangles(begin: int, end: int, first: Longs, above: Ints, up: Ints, down: Ints) -> None:
    """Lower each link to the fastest way of all, for the positions from `begin` to `end`."""
    for p in range(begin, end):
        lo, hi = first[p], first[p + 1]
        for j in range(lo + 1, hi):
            at = first[above[j]]
            for i in range(lo, j):
                while above[at] < above[i]:
                    at += 1
                climb, fall = up[at], down[at]
                up[i] = min(up[i], up[j] + climb)
                up[j] = min(up[j], up[i] + fall)
                down[i] = min(down[i], down[j] + fall)
                down[j] = min(down[j], down[i] + climb)
