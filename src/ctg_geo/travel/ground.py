"""All that times between two lists of points need, as arrays that many processes map.

No road is cut: the hierarchy of the whole network is one file, read by every process of a machine
from the same memory. What is cut are the points. Which of them matter to some others is found by a
search and not by a distance, so that a part of the points gives the times of the whole, exactly.
"""

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import numpy.typing as npt

from ctg_geo.errors import TravelError
from ctg_geo.network import RoadNetwork
from ctg_geo.parameters import Snapping
from ctg_geo.travel.between import Rows, rows_of
from ctg_geo.travel.hierarchy import Engine, Metric, Shape, engine_of
from ctg_geo.travel.hierarchy.metric import Half
from ctg_geo.travel.hierarchy.reach import by_point
from ctg_geo.travel.legs import Legs, Pairs, legs_in, legs_out
from ctg_geo.travel.query import beside, snapped

if TYPE_CHECKING:
    from collections.abc import Iterable

    import geopandas as gpd
    import pandas as pd

__all__ = ["Ground", "ground_of"]

Ints = npt.NDArray[np.integer]
Longs = npt.NDArray[np.int64]

_BLOCK_CELLS = 1 << 26  # of a table of times held at once by one process: 256 MB
_NONE = np.iinfo(np.int64).max
_SHAPE = ("position", "first", "above", "parent", "slot")
_HALF = ("first", "above", "time_ms")


@dataclass(frozen=True, slots=True, eq=False)
class _End:
    """One side of the trips: legs of each point, in the order of the points."""

    start: Ints  # by point + 1, its first leg
    node: Longs  # by leg
    time_ms: Longs

    @classmethod
    def of(cls, legs: Legs) -> Self:
        start, order = by_point(legs)
        return cls(start, legs.node[order], legs.time_ms[order])

    @property
    def points(self) -> int:
        return len(self.start) - 1

    def some(self, points: Ints) -> Legs:
        """Return the legs of some points, numbered anew in the order given."""
        count = self.start[points + 1] - self.start[points]
        first = np.repeat(self.start[points] - np.cumsum(count) + count, count)
        leg = first + np.arange(len(first))
        number = np.repeat(np.arange(len(points)), count)
        return Legs(len(points), number, self.node[leg], self.time_ms[leg])


@dataclass(frozen=True, slots=False, eq=False, repr=False)
class Ground:
    """Origins and destinations on a network, ready for any part of their times.

    Times are those of `travel_times`, to the millisecond. Points go by number.
    """

    metric: Metric
    longest_ms: int
    origins: _End
    destinations: _End
    beside: Pairs  # pairs that need no node of the network

    def __repr__(self) -> str:
        size = f"{self.origins.points} origins × {self.destinations.points} destinations"
        return f"<Ground {size}, {self.metric.shape.nodes} nodes>"

    def origins_near(self, destinations: Ints, limit_ms: float) -> Ints:
        """Return, increasing, the origins from which one of some destinations is within a limit.

        Notes
        -----
        One sweep finds the time of every origin to the nearest of them. If one of them is within
        the limit so is the nearest, and the other way round: none is missing and none too many.
        """
        near = np.zeros(self.origins.points, dtype=bool)
        if len(destinations):
            found = self._of_origins.column(self._all_origins, self.destinations.some(destinations))
            near = found <= limit_ms
        wanted = _marked(destinations, self.destinations.points)[self.beside.destination]
        near[self.beside.origin[wanted & (self.beside.time_ms <= limit_ms)]] = True
        return np.flatnonzero(near)

    def destinations_near(self, origins: Ints, limit_ms: float) -> Ints:
        """Return, increasing, the destinations that one of some origins has within a limit."""
        near = np.zeros(self.destinations.points, dtype=bool)
        if len(origins):
            found = self._of_destinations.row(self.origins.some(origins), self._all_destinations)
            near = found <= limit_ms
        wanted = _marked(origins, self.origins.points)[self.beside.origin]
        near[self.beside.destination[wanted & (self.beside.time_ms <= limit_ms)]] = True
        return np.flatnonzero(near)

    def rows(self, origins: Ints, destinations: Ints, limit_ms: float) -> Rows:
        """Return the pairs within a limit between some origins and some destinations.

        Parameters
        ----------
        origins, destinations : numbers, increasing

        Returns
        -------
        by origin + 1: first pair; by pair: destination (its place in the list), milliseconds
        """
        first, last = self.origins.some(origins), self.destinations.some(destinations)
        return rows_of(
            self._of_pairs, first, last, limit_ms, self._beside(origins, destinations),
            most_cells=_BLOCK_CELLS,
        )  # fmt: skip

    def nearest(self, limit_ms: float) -> tuple[Ints, Ints]:
        """Return the nearest destination of every origin and its milliseconds, both -1 where none.

        Of equal times, the destination of the lower number.
        """
        wide = max(self.destinations.points, 1)
        number, time_ms = self._of_pairs.nearest(self._all_origins, self._all_destinations, 1)
        word = time_ms[:, 0].astype(np.int64) * wide + number[:, 0]
        word[(number[:, 0] < 0) | (time_ms[:, 0] > limit_ms)] = _NONE
        near = self.beside.time_ms <= limit_ms
        also = self.beside.time_ms[near].astype(np.int64) * wide + self.beside.destination[near]
        np.minimum.at(word, self.beside.origin[near], also)
        there = word < _NONE
        return np.where(there, word % wide, -1), np.where(there, word // wide, -1)

    def arrays(self) -> dict[str, Ints]:
        """Return all arrays, by name: what `save` writes, and what names this ground."""
        shape, up, down = self.metric.shape, self.metric.up, self.metric.down
        parts: Iterable[tuple[str, object, tuple[str, ...]]] = (
            ("shape", shape, _SHAPE), ("up", up, _HALF), ("down", down, _HALF),
            ("origins", self.origins, ("start", "node", "time_ms")),
            ("destinations", self.destinations, ("start", "node", "time_ms")),
            ("beside", self.beside, ("origin", "destination", "time_ms")),
        )  # fmt: skip
        return {f"{name}.{each}": getattr(part, each) for name, part, keys in parts
                for each in keys}  # fmt: skip

    def save(self, folder: Path) -> None:
        """Write all arrays into a folder, a file each."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, array in self.arrays().items():
            np.save(folder / f"{name}.npy", np.ascontiguousarray(array))
        told = {"longest_ms": int(self.longest_ms)}
        (folder / "ground.json").write_text(json.dumps(told), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Map what `save` wrote: pages are shared by all processes that do."""

        def part(name: str, keys: tuple[str, ...]) -> list[Any]:
            files = [folder / f"{name}.{each}.npy" for each in keys]
            return [np.asarray(np.load(file, mmap_mode="c")) for file in files]

        told = json.loads((folder / "ground.json").read_text(encoding="utf-8"))
        shape, up, down = Shape(*part("shape", _SHAPE)), part("up", _HALF), part("down", _HALF)
        return cls(
            Metric(shape, Half(*up), Half(*down)), told["longest_ms"],
            _End(*part("origins", ("start", "node", "time_ms"))),
            _End(*part("destinations", ("start", "node", "time_ms"))),
            Pairs(*part("beside", ("origin", "destination", "time_ms"))),
        )  # fmt: skip

    def _beside(self, origins: Ints, destinations: Ints) -> Pairs:
        row = _numbered(origins, self.origins.points)[self.beside.origin]
        to = _numbered(destinations, self.destinations.points)[self.beside.destination]
        mine = (row >= 0) & (to >= 0)
        return Pairs(row[mine], to[mine], self.beside.time_ms[mine])

    @cached_property
    def _all_origins(self) -> Legs:
        return self.origins.some(np.arange(self.origins.points))

    @cached_property
    def _all_destinations(self) -> Legs:
        return self.destinations.some(np.arange(self.destinations.points))

    # An engine remembers the points it was last asked about: each kind of question has its own.

    @cached_property
    def _of_origins(self) -> Engine:
        return Engine(self.metric, self.longest_ms)

    @cached_property
    def _of_destinations(self) -> Engine:
        return Engine(self.metric, self.longest_ms)

    @cached_property
    def _of_pairs(self) -> Engine:
        return Engine(self.metric, self.longest_ms)


def ground_of(
    network: RoadNetwork,
    origins: "gpd.GeoSeries | pd.Series | Ints",
    destinations: "gpd.GeoSeries | pd.Series | Ints",
    *,
    snapping: Snapping | None = None,
) -> "tuple[Ground, pd.DataFrame, pd.DataFrame]":
    """Join points to a network, and bring together what their times need.

    Parameters
    ----------
    network, origins, destinations, snapping : see `travel_times`

    Returns
    -------
    the ground; how origins and how destinations join the road (`Snaps.table`)

    Raises
    ------
    TravelError
        See `travel_times`; or a route may be too long for the hierarchy (12 days).
    """
    rules = snapping or Snapping()
    start = snapped(network, origins, rules, name="origin")
    end = snapped(network, destinations, rules, name="destination")
    first, last, engine = legs_out(network, start), legs_in(network, end), engine_of(network)
    if not engine.fits(first, last):
        raise TravelError("route_too_long", days=engine.longest_ms / 86_400_000)
    found = Ground(
        engine.metric, engine.longest_ms, _End.of(first), _End.of(last),
        beside(network, start, end, rules),
    )  # fmt: skip
    return found, start.table, end.table


def _marked(numbers: Ints, of: int) -> npt.NDArray[np.bool_]:
    marks = np.zeros(of, dtype=bool)
    marks[numbers] = True
    return marks


def _numbered(numbers: Ints, of: int) -> Longs:
    """Return, by number of all, its place in a list; -1 where it is not in it."""
    place = np.full(of, -1, dtype=np.int64)
    place[numbers] = np.arange(len(numbers))
    return place
