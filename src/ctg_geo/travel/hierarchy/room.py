"""Room for results that is used again: fresh memory costs more than what is written to it."""

import sys
from dataclasses import dataclass, field
from threading import Lock

import numpy as np
import numpy.typing as npt

from ctg_geo.travel.hierarchy.compiled import LANES

__all__ = ["Room", "on_a_line"]

Ints = npt.NDArray[np.int32]

_KEPT_BYTES = 1 << 28


@dataclass(slots=True, eq=False, repr=False)
class Room:
    """The memory of the last result, given again once nobody holds that result any more."""

    _kept: list[Ints] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)

    def take(self, size: int) -> Ints:
        """Return room for so many numbers, from the start of a line of the cache."""
        with self._lock:
            fits = self._kept and len(self._kept[0]) >= size + LANES
            if fits and _holders(self._kept) <= _ALONE:
                return on_a_line(self._kept[0], size)
            whole = np.empty(size + LANES, dtype=np.int32)
            self._kept = [whole] if whole.nbytes <= _KEPT_BYTES else []
            return on_a_line(whole, size)


def on_a_line(whole: Ints, size: int) -> Ints:
    """Return the part that starts on a line of the cache; `whole` has room for a line more."""
    skip = (-whole.ctypes.data // 4) % LANES
    return whole[skip : skip + size]


def _holders(kept: list[Ints]) -> int:
    whole = kept[0]
    return sys.getrefcount(whole)


_ALONE = _holders([np.empty(0, np.int32)])  # the list, and what this count itself takes
