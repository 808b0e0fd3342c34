"""A metric on a shape: the fastest time of every link, for one set of arc times."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ctg_geo.travel.hierarchy.compiled import FAR, kernel
from ctg_geo.travel.hierarchy.shape import Shape

__all__ = ["Half", "Metric", "customised"]

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


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


def customised(shape: Shape, time_ms: npt.ArrayLike) -> Metric:
    """Give a shape the times of its arcs (milliseconds; `FAR` and beyond mean closed)."""
    times = np.minimum(np.asarray(time_ms), FAR).astype(np.int32)
    up, down = (np.full(shape.links, FAR, np.int32) for _ in "ud")
    _lower_triangles(shape.slot, times, shape.first, shape.above, up, down)
    keep_up, keep_down = (np.ones(shape.links, np.bool_) for _ in "ud")
    _upper_triangles(shape.first, shape.above, up, down, keep_up, keep_down)
    return Metric(shape, _kept(shape, up, keep_up), _kept(shape, down, keep_down))


def _kept(shape: Shape, times: Ints, keep: Flags) -> Half:
    keep &= times < FAR
    before = np.concatenate(([0], np.cumsum(keep))).astype(np.int64)
    return Half(before[shape.first], shape.above[keep], times[keep])


@kernel
def _lower_triangles(
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
def _upper_triangles(
    first: Longs, above: Ints, up: Ints, down: Ints, keep_up: Flags, keep_down: Flags
) -> None:
    """Lower each link to the fastest way of all; tell those that were not so before."""
    for p in range(len(first) - 1):
        lo, hi = first[p], first[p + 1]
        for j in range(lo + 1, hi):
            at = first[above[j]]
            for i in range(lo, j):
                while above[at] < above[i]:
                    at += 1
                climb, fall = up[at], down[at]
                if up[j] + climb < up[i]:
                    up[i] = up[j] + climb
                    keep_up[i] = False
                if up[i] + fall < up[j]:
                    up[j] = up[i] + fall
                    keep_up[j] = False
                if down[j] + fall < down[i]:
                    down[i] = down[j] + fall
                    keep_down[i] = False
                if down[i] + climb < down[j]:
                    down[j] = down[i] + climb
                    keep_down[j] = False
